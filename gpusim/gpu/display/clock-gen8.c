// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Broadwell's display PLLs: LCPLL and SPLL have the DisplayPort rates, the two WRPLLs any (PRM Vol.
 * 12 "Display": Clocks; i915: intel_dpll_mgr.c).
 */
#include "clock.h"
#include "gpusim/gpu/device.h"
#include "regs-display.h"

#define PORT_CLK_SEL(port) (0x46100 + (port)*4)
#define SPLL_CTL	   0x46020
#define WRPLL_CTL(n)	   (0x46040 + (n)*0x20)

#define PLL_ENABLE	       (1u << 31)
#define SPLL_RATE(value)       ((value) >> 26 & 3)
#define WRPLL_REFERENCE(value) ((value) >> 28 & 3)

enum clock_source {
	SOURCE_LCPLL_2700,
	SOURCE_LCPLL_1350,
	SOURCE_LCPLL_810,
	SOURCE_SPLL,
	SOURCE_WRPLL1,
	SOURCE_WRPLL2,
};

/* Symbols per second: twice the frequency in the name, for both edges count. */
static const uint32_t lcpll_rates[] = { 540000000, 270000000, 162000000 };
static const uint32_t spll_rates[] = { 162000000, 270000000, 540000000, 0 };

/* By WRPLL_REFERENCE(): none on Broadwell, PCH, muxed, LCPLL. */
static const uint64_t wrpll_references[] = { 0, 135000000, 135000000, 2700000000 };

static uint64_t wrpll_clock(uint32_t value)
{
	uint64_t reference = value & 0xff, post = value >> 8 & 0x3f, feedback = value >> 16 & 0xff;

	if (!(value & PLL_ENABLE) || !reference || !post)
		return 0;
	/* Five times the symbols per second. */
	return wrpll_references[WRPLL_REFERENCE(value)] * feedback / (reference * post * 5);
}

/* Symbols per second that the port is clocked with. */
static uint64_t port_clock(const struct gpu *gpu, unsigned int port)
{
	unsigned int source = gpu->regs[PORT_CLK_SEL(port) / 4] >> 29;
	uint32_t spll = gpu->regs[SPLL_CTL / 4];

	switch (source) {
	case SOURCE_LCPLL_2700:
	case SOURCE_LCPLL_1350:
	case SOURCE_LCPLL_810:
		return lcpll_rates[source];
	case SOURCE_SPLL:
		return spll & PLL_ENABLE ? spll_rates[SPLL_RATE(spll)] : 0;
	case SOURCE_WRPLL1:
	case SOURCE_WRPLL2:
		return wrpll_clock(gpu->regs[WRPLL_CTL(source - SOURCE_WRPLL1) / 4]);
	default:
		return 0;
	}
}

uint64_t clock_gen8(const struct gpu *gpu, unsigned int transcoder)
{
	uint32_t ddi = gpu->regs[(TRANSCODER(transcoder) + TRANS_DDI_FUNC_CTL) / 4];

	if (!(ddi & DDI_FUNC_ENABLE) || DDI_FUNC_PORT(ddi) > 4)
		return 0;
	return clock_pixels(gpu, transcoder, port_clock(gpu, DDI_FUNC_PORT(ddi)));
}
