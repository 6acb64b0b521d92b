// SPDX-License-Identifier: GPL-2.0-only
/*
 * The display: registers that store what was written, because drivers read all of it back, and
 * ports with nothing plugged in.
 */
#include <linux/kernel.h>

#include "mmio.h"
#include "vgpu.h"

#define PIPES	      3u
#define PIPECONF(n)   (0x70008u + 0x1000 * (n))
#define FRAME_COUNT(n) (0x70040u + 0x1000 * (n))
#define DDI_BUF_CTL(n) (0x64000u + 0x100 * (n))
#define AUX_CTL(n)    (0x64010u + 0x100 * (n))
#define GMBUS	      0xc5100u
#define GMBUS1	      (GMBUS + 0x4)
#define GMBUS2	      (GMBUS + 0x8)

#define PIPECONF_ENABLE BIT(31)
#define PIPECONF_STATE	BIT(30)
#define DDI_BUF_ENABLE	BIT(31)
#define DDI_BUF_IDLE	BIT(7)
#define AUX_BUSY	BIT(31)
#define AUX_DONE	BIT(30)
#define AUX_TIME_OUT	BIT(28)
#define AUX_RECEIVE_ERROR BIT(25)
#define AUX_STATUS	(AUX_DONE | AUX_TIME_OUT | AUX_RECEIVE_ERROR)
#define GMBUS_SOFT_CLEAR BIT(31)
#define GMBUS_READY	BIT(30) /* that software gives: a cycle begins */
#define GMBUS_NAK	BIT(10)
#define GMBUS_HW_READY	BIT(11)

/* Pipes B and C, and compression of what pipe A shows, are fused off. */
#define FUSES_ONE_PIPE (BIT(21) | BIT(27) | BIT(28))

/*
 * A port that is asked while nothing is there lets the driver know, at once. The bits that say how
 * it went are cleared by ones, which drivers write as they ask.
 */
static void write_aux(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 status = vgpu_reg(vgpu, offset) & AUX_STATUS & ~value;

	if (value & AUX_BUSY)
		status |= AUX_DONE | AUX_TIME_OUT;
	vgpu_set_reg(vgpu, offset, (value & ~(AUX_BUSY | AUX_STATUS)) | status);
}

static void write_gmbus_command(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 status = vgpu_reg(vgpu, GMBUS2);

	vgpu_set_reg(vgpu, offset, value);
	if (value & GMBUS_SOFT_CLEAR)
		status &= ~(GMBUS_NAK | GMBUS_HW_READY);
	else if (value & GMBUS_READY)
		status |= GMBUS_NAK | GMBUS_HW_READY;
	vgpu_set_reg(vgpu, GMBUS2, status);
}

static void write_pipeconf(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset,
		     (value & ~PIPECONF_STATE) | (value & PIPECONF_ENABLE ? PIPECONF_STATE : 0));
}

static void write_ddi(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, (value & ~DDI_BUF_IDLE) | (value & DDI_BUF_ENABLE ? 0 : DDI_BUF_IDLE));
}

#define DDI(n)                                                                        \
	{ .offset = DDI_BUF_CTL(n), .initial = DDI_BUF_IDLE, .write = write_ddi },    \
	{ .offset = AUX_CTL(n), .write = write_aux }

static const struct gvt_reg regs[] = {
	{ .offset = 0x51000, .generations = GEN9, .kind = REG_READ_ONLY, .initial = FUSES_ONE_PIPE },
	{ .offset = 0xc2014, .generations = GEN8, .kind = REG_READ_ONLY },
	/* The raw clock's frequency, in MHz. */
	{ .offset = 0xc6204, .initial = 24 },

	{ .offset = PIPECONF(0), .write = write_pipeconf },
	{ .offset = PIPECONF(1), .write = write_pipeconf },
	{ .offset = PIPECONF(2), .write = write_pipeconf },
	DDI(0), DDI(1), DDI(2), DDI(3), DDI(4),
	{ .offset = GMBUS1, .write = write_gmbus_command },
	{ .offset = GMBUS2, .kind = REG_READ_ONLY },
	{ .offset = 0x64834 }, { .offset = 0x64838, .kind = REG_CLEARED },

	/* Stored. */
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
