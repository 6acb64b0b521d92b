// SPDX-License-Identifier: GPL-2.0-or-later
#include "clock.h"
#include "gpusim/gpu/device.h"
#include "regs-display.h"

/* HDMI sends 10 and 12 bits a channel with a clock that is faster than the pixels. */
static uint64_t without_depth(uint64_t clock, uint32_t ddi)
{
	switch (DDI_FUNC_DEPTH(ddi)) {
	case 1:
		return clock * 4 / 5;
	case 3:
		return clock * 2 / 3;
	default:
		return clock;
	}
}

static uint64_t dp_pixels(const struct gpu *gpu, unsigned int transcoder, uint64_t rate)
{
	const uint32_t *regs = &gpu->regs[TRANSCODER(transcoder) / 4];
	uint32_t m = regs[TRANS_LINK_M / 4] & 0xffffff, n = regs[TRANS_LINK_N / 4] & 0xffffff;

	return n ? rate * m / n : 0;
}

uint64_t clock_pixels(const struct gpu *gpu, unsigned int transcoder, uint64_t symbols)
{
	uint32_t ddi = gpu->regs[(TRANSCODER(transcoder) + TRANS_DDI_FUNC_CTL) / 4];

	if (DDI_FUNC_MODE(ddi) >= DDI_FUNC_MODE_DP_SST)
		return dp_pixels(gpu, transcoder, symbols);
	return without_depth(symbols, ddi);
}
