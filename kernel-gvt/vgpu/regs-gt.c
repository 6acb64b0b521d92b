// SPDX-License-Identifier: GPL-2.0-only
/* The GT: resets, forcewake, fuses, caches, workarounds, clocks (Skylake and Broadwell PRM, vol. 2c). */
#include <linux/kernel.h>

#include "engine.h"
#include "mmio.h"
#include "vgpu.h"

#define GDRST	     0x941cu
#define TLB_CONTROL  0x4260u
#define FLUSH_CONTROL 0x101008u
#define RP_STATE_CAP 0x145998u
#define GUC_STATUS   0xc000u

#define GDRST_ALL BIT(0)
static const u32 reset_bits[GVT_ENGINES] = {
	[GVT_RCS] = BIT(1),
	[GVT_VCS0] = BIT(2),
	[GVT_BCS] = BIT(3),
	[GVT_VECS] = BIT(4),
};

/* It is over when the write is: the bits read 0. In a vGPU that has failed it never is: its driver gives up. */
static void write_gdrst(struct vgpu *vgpu, u32 offset, u32 value)
{
	if (vgpu->failed) {
		vgpu_set_reg(vgpu, offset, value);
		return;
	}
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		if (value & (GDRST_ALL | reset_bits[engine])) {
			vgpu->stats.resets++;
			vgpu_engine_reset(vgpu, engine);
		}
}

/* What is asked for is there at once; see the table for who answers whom. */
static void write_forcewake(struct vgpu *vgpu, u32 offset, u32 value)
{
	static const struct {
		u32 request, answer;
	} pairs[] = { { 0xa278, 0xd84 }, { 0xa270, 0xd88 }, { 0xa188, 0x130044 } };

	vgpu_set_reg(vgpu, offset, value);
	for (unsigned int i = 0; i < ARRAY_SIZE(pairs); i++)
		if (pairs[i].request == offset)
			vgpu_set_reg(vgpu, pairs[i].answer, value);
}

/* A guest's TLBs are invalidated with its entries. */
static void write_tlb_control(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value & ~BIT(0));
}

static void write_flush_control(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, 0);
	vgpu_ggtt_flush(vgpu);
}

/*
 * The GPU's clock is the host's business. One frequency, its highest, for all three: then a driver
 * has nothing to choose from, and leaves it alone.
 */
static u32 read_frequencies(struct vgpu *vgpu, u32 offset)
{
	return (vgpu_reg(vgpu, offset) & 0xff) * 0x010101;
}

static const struct gvt_reg regs[] = {
	{ .offset = GDRST, .write = write_gdrst },
	{ .offset = 0xa188, .kind = REG_MASKED, .write = write_forcewake },
	{ .offset = 0xa270, .generations = GEN9, .kind = REG_MASKED, .write = write_forcewake },
	{ .offset = 0xa278, .generations = GEN9, .kind = REG_MASKED, .write = write_forcewake },
	{ .offset = 0xd84, .generations = GEN9, .count = 2, .kind = REG_READ_ONLY },
	{ .offset = 0x130044, .kind = REG_READ_ONLY },
	{ .offset = TLB_CONTROL, .count = 5, .write = write_tlb_control },
	{ .offset = FLUSH_CONTROL, .write = write_flush_control },

	/* Fuses, and what else the hardware says of itself. */
	{ .offset = 0x9120, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0x9134, .count = 3, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0xa26c, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0x44074, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0x120010, .kind = REG_READ_ONLY },
	{ .offset = 0x140000, .count = 0x3000 / 4, .kind = REG_READ_ONLY, .fill = true },
	{ .offset = 0x145000, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0x14500c, .count = 2, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = 0x145d10, .count = 2, .generations = GEN8, .kind = REG_READ_ONLY, .from_host = true },
	{ .offset = RP_STATE_CAP, .kind = REG_READ_ONLY, .from_host = true, .read = read_frequencies },
	{ .offset = 0xa01c, .kind = REG_READ_ONLY, .from_host = true },

	/* No microcontroller: it is in reset, and has no memory of its own. */
	{ .offset = GUC_STATUS, .kind = REG_READ_ONLY, .initial = BIT(0) },
	{ .offset = 0xc050, .kind = REG_READ_ONLY },
	{ .offset = 0xc340, .kind = REG_READ_ONLY },

	/* Nobody was caught at a register that is not there. */
	{ .offset = 0x42300, .kind = REG_CLEARED },

	/* Chicken bits that are masked. */
	{ .offset = 0x7000, .count = 8, .kind = REG_MASKED },
	{ .offset = 0x7300, .kind = REG_MASKED },
	{ .offset = 0x7304, .kind = REG_MASKED },
	{ .offset = 0xe100, .kind = REG_MASKED },
	{ .offset = 0xe180, .count = 8, .kind = REG_MASKED },
	{ .offset = 0xe4f0, .count = 2, .kind = REG_MASKED },

	/* Stored, and read back by who checks its workarounds. */
	{ .offset = 0x4000, .count = 0x1000 / 4, .fill = true }, /* arbiter, faults, PAT, ECO */
	{ .offset = 0x7000, .count = 0x1000 / 4, .fill = true }, /* 3D */
	{ .offset = 0x8000, .count = 0x600 / 4, .fill = true },
	{ .offset = 0x9000, .count = 0x1000 / 4, .fill = true }, /* clock gating, steering */
	{ .offset = 0xa000, .count = 0x1000 / 4, .fill = true }, /* frequencies, render standby */
	{ .offset = 0xb000, .count = 0x1000 / 4, .fill = true }, /* L3, its memory object control */
	{ .offset = 0xc800, .count = 0x500 / 4, .fill = true }, /* memory object control of each engine */
	{ .offset = 0xe000, .count = 0x1000 / 4, .fill = true }, /* shader cores */
	{ .offset = 0x24000, .count = 0x800 / 4, .fill = true },
};

GVT_REG_TABLE(gvt_regs_gt, regs);
