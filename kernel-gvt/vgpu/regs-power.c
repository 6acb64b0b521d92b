// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power wells, PLLs and clocks of the display (Skylake PRM, vol. 12): a vGPU has them all, at once,
 * whatever the host's do.
 */
#include <linux/kernel.h>

#include "mmio.h"
#include "vgpu.h"

#define POWER_WELLS   0x45400u /* BIOS, driver, KVMR, debug */
#define POWER_WELL_DRIVER 0x45404u
#define LCPLL1	      0x46010u
#define LCPLL2	      0x46014u
#define DPLL_CTRL1    0x6c058u
#define DPLL_CTRL2    0x6c05cu
#define DPLL_STATUS   0x6c060u
#define CDCLK_CONTROL 0x46000u
#define SCRATCH_CDCLK 0x4f060u
#define BUFFER	      0x45008u
#define LCPLL_GEN8    0x130040u

#define PLL_ENABLE  BIT(31)
#define PLL_LOCKED  BIT(30)
#define DPLL0_OVERRIDE_2700 0x1u
#define DPLL_CTRL2_CLOCKS_OFF 0x000f8000u /* of ports A to E */
/* 337.5 MHz: its select, and ten times the MHz less one in binary with a half. */
#define CDCLK_337500 0x080002a1u

/* The state bit of each well follows its request. */
static void write_wells(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 requests = value & 0xaaaaaaaa;

	vgpu_set_reg(vgpu, offset, requests | requests >> 1);
}

static void write_pll(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, (value & ~PLL_LOCKED) | (value & PLL_ENABLE ? PLL_LOCKED : 0));
}

/* PLLs 0 to 3: each is locked when it is on. */
static u32 read_pll_status(struct vgpu *vgpu, u32 offset)
{
	static const u32 controls[] = { LCPLL1, LCPLL2, 0x46040, 0x46060 };
	u32 status = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(controls); i++)
		if (vgpu_reg(vgpu, controls[i]) & PLL_ENABLE)
			status |= BIT(8 * i);
	return status;
}

static const struct gvt_reg regs[] = {
	{ .offset = POWER_WELLS, .count = 4, .write = write_wells },
	{ .offset = POWER_WELLS + 0x10, .count = 4 },
	{ .offset = 0x42000, .generations = GEN9, .kind = REG_READ_ONLY, .initial = 0x8e000000 },
	{ .offset = 0x42014, .generations = GEN8, .kind = REG_READ_ONLY },
	{ .offset = 0x45504, .count = 8 }, /* display C states */
	{ .offset = 0x46408, .count = 16, .fill = true },
	{ .offset = BUFFER, .write = write_pll },
	{ .offset = 0x44fe8, .write = write_pll },

	/* On, and at a clock: as firmware leaves them, so that a driver has nothing to start. */
	{ .offset = LCPLL1, .generations = GEN9, .initial = PLL_ENABLE | PLL_LOCKED, .write = write_pll },
	{ .offset = LCPLL2, .generations = GEN9, .write = write_pll },
	{ .offset = 0x46040, .write = write_pll },
	{ .offset = 0x46060, .write = write_pll },
	{ .offset = DPLL_CTRL1, .generations = GEN9, .initial = DPLL0_OVERRIDE_2700 },
	{ .offset = DPLL_CTRL2, .generations = GEN9, .initial = DPLL_CTRL2_CLOCKS_OFF },
	{ .offset = 0x6c040, .count = 6, .generations = GEN9 },
	{ .offset = DPLL_STATUS, .generations = GEN9, .kind = REG_READ_ONLY, .read = read_pll_status },
	{ .offset = CDCLK_CONTROL, .generations = GEN9, .initial = CDCLK_337500 },
	{ .offset = SCRATCH_CDCLK, .initial = 0x1 },
	{ .offset = LCPLL_GEN8, .generations = GEN8, .initial = PLL_LOCKED, .kind = REG_PLAIN },
	{ .offset = 0x46020, .count = 8 }, /* SPLL and PLL selects */
	{ .offset = 0x46100, .count = 0x100 / 4, .fill = true },
};

GVT_REG_TABLE(gvt_regs_power, regs);
