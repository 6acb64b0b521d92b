// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Skylake's display PLLs: from a transcoder to the port it drives, to the PLL that clocks the port,
 * to pixels per second (PRM Vol. 12 "Display": Clocks; i915: intel_dpll_mgr.c).
 */
#include "clock.h"
#include "gpusim/gpu/device.h"
#include "regs-display.h"

#define DPLL_CTRL1     0x6c058
#define DPLL_CTRL2     0x6c05c
#define DPLL_CFGCR1(n) (0x6c040 + ((n)-1) * 8) /* PLL 1 to 3 */
#define DPLL_CFGCR2(n) (0x6c044 + ((n)-1) * 8)

#define CTRL1_FIELD(value, pll) ((value) >> (6 * (pll)) & 0x3f)
#define CTRL1_HDMI		(1u << 5)
#define CTRL1_LINK_RATE(field)	((field) >> 1 & 7)
#define CTRL2_PLL(value, port)	((value) >> (3 * (port) + 1) & 3)
#define CTRL2_CLOCK_OFF(port)	(1u << ((port) + 15))

#define REFERENCE_HZ 24000000ull

/* Divisors by field value; 0: reserved. */
static const uint8_t p_divisors[] = { 1, 2, 3, 0, 7, 7, 0, 0 };
static const uint8_t k_divisors[] = { 5, 2, 3, 1 };

/* Symbols per second by link rate field; there are ten bits in each. */
static const uint32_t link_rates[] = { 540000000, 270000000, 162000000, 324000000,
				       216000000, 432000000, 0,		0 };

static uint64_t hdmi_clock(const struct gpu *gpu, unsigned int pll)
{
	uint32_t dco = gpu->regs[DPLL_CFGCR1(pll) / 4], dividers = gpu->regs[DPLL_CFGCR2(pll) / 4];
	uint64_t p = p_divisors[dividers >> 2 & 7], k = k_divisors[dividers >> 5 & 3], q = 1;
	uint64_t vco = REFERENCE_HZ * (dco & 0x1ff) + REFERENCE_HZ * (dco >> 9 & 0x7fff) / 0x8000;

	if (dividers & 1u << 7)
		q = dividers >> 8 & 0xff;
	return p && q ? vco / (p * q * k * 5) : 0;
}

uint64_t clock_gen9(const struct gpu *gpu, unsigned int transcoder)
{
	uint32_t ddi = gpu->regs[(TRANSCODER(transcoder) + TRANS_DDI_FUNC_CTL) / 4];
	uint32_t ctrl2 = gpu->regs[DPLL_CTRL2 / 4];
	unsigned int port = DDI_FUNC_PORT(ddi), pll;
	uint32_t field;

	if (!(ddi & DDI_FUNC_ENABLE) || port > 4 || ctrl2 & CTRL2_CLOCK_OFF(port))
		return 0;
	pll = CTRL2_PLL(ctrl2, port);
	field = CTRL1_FIELD(gpu->regs[DPLL_CTRL1 / 4], pll);
	if (DDI_FUNC_MODE(ddi) >= DDI_FUNC_MODE_DP_SST)
		return clock_pixels(gpu, transcoder, link_rates[CTRL1_LINK_RATE(field)]);
	/* PLL 0 belongs to the core clock and has no HDMI mode. */
	if (!(field & CTRL1_HDMI) || !pll)
		return 0;
	return clock_pixels(gpu, transcoder, hdmi_clock(gpu, pll));
}
