// SPDX-License-Identifier: GPL-2.0-only
/*
 * The display's registers that store what was written, because drivers read all of it back. Those
 * that do something are display/'s.
 */
#include <linux/kernel.h>

#include "mmio.h"
#include "vgpu.h"

/* Pipes B and C, and compression of what pipe A shows, are fused off. */
#define FUSES_ONE_PIPE (BIT(21) | BIT(27) | BIT(28))

static const struct gvt_reg regs[] = {
	{ .offset = 0x51000, .generations = GEN9, .kind = REG_READ_ONLY, .initial = FUSES_ONE_PIPE },
	/* The raw clock's frequency, in MHz. */
	{ .offset = 0xc6204, .initial = 24 },

	{ .offset = 0x64834 }, { .offset = 0x64838, .kind = REG_CLEARED },

	{ .offset = 0x41000, .count = 0x1000 / 4, .fill = true }, /* VGA plane */
	{ .offset = 0x42000, .count = 0x1000 / 4, .fill = true }, /* clock gating, chicken bits */
	{ .offset = 0x43000, .count = 0x1000 / 4, .fill = true }, /* compression */
	{ .offset = 0x44000, .count = 0x200 / 4, .fill = true },
	{ .offset = 0x45000, .count = 0x400 / 4, .fill = true }, /* watermarks */
	{ .offset = 0x46000, .count = 0x1000 / 4, .fill = true },
	{ .offset = 0x48000, .count = 0x1000 / 4, .fill = true }, /* backlight */
	{ .offset = 0x49000, .count = 0x2000 / 4, .fill = true }, /* colour conversion, palettes */
	{ .offset = 0x4f000, .count = 0x1000 / 4, .fill = true }, /* scratch registers */
	{ .offset = 0x60000, .count = 0x10000 / 4, .fill = true }, /* transcoders, ports, scalers */
	{ .offset = 0x70000, .count = 0x8000 / 4, .fill = true }, /* pipes and planes */
	{ .offset = 0x80000, .count = 0x3000 / 4, .fill = true }, /* the program of the DMC */
	{ .offset = 0x8f000, .count = 0x100 / 4, .fill = true },
	{ .offset = 0xc2000, .count = 0x100 / 4, .fill = true }, /* PCH */
	{ .offset = 0xc4020, .count = 0x40 / 4, .fill = true }, /* hot-plug */
	{ .offset = 0xc5000, .count = 0x1000 / 4, .fill = true }, /* GPIO, GMBUS */
	{ .offset = 0xc6000, .count = 0x1000 / 4, .fill = true }, /* PCH PLLs, clocks */
	{ .offset = 0xc7200, .count = 0x100 / 4, .fill = true }, /* panel power */
	{ .offset = 0xc8200, .count = 0x100 / 4, .fill = true }, /* backlight */
	{ .offset = 0xe0000, .count = 0x6000 / 4, .fill = true }, /* PCH transcoders, audio */
	{ .offset = 0xf0000, .count = 0x3000 / 4, .fill = true }, /* FDI */
};

GVT_REG_TABLE(gvt_regs_display, regs);
