// SPDX-License-Identifier: GPL-2.0-or-later
#include "gpusim/gpu/device.h"
#include "regs-display.h"
#include "timing.h"

#define SECOND_NS	  1000000000ull
#define FRAME_NS_SHORTEST (SECOND_NS / 1000)
#define FRAME_NS_LONGEST  SECOND_NS
#define RATE_UNCLOCKED	  60

/* Each register holds two counts, less one: of the visible part below, of the total above. */
static uint32_t low_count(uint32_t value)
{
	return (value & 0x1fff) + 1;
}

static uint32_t high_count(uint32_t value)
{
	return (value >> 16 & 0x1fff) + 1;
}

static uint64_t frame_ns(const struct timing *timing, uint64_t pixel_clock)
{
	uint64_t pixels = (uint64_t)timing->htotal * timing->vtotal;
	uint64_t ns;

	if (!pixel_clock)
		return SECOND_NS / RATE_UNCLOCKED;
	/* At most 2^26 pixels: no overflow. */
	ns = pixels * SECOND_NS / pixel_clock;
	if (ns < FRAME_NS_SHORTEST)
		return FRAME_NS_SHORTEST;
	return ns > FRAME_NS_LONGEST ? FRAME_NS_LONGEST : ns;
}

struct timing timing_read(const struct gpu *gpu, unsigned int transcoder)
{
	const uint32_t *regs = &gpu->regs[TRANSCODER(transcoder) / 4];
	uint32_t horizontal = regs[TRANS_HTOTAL / 4], vertical = regs[TRANS_VTOTAL / 4];
	struct timing timing = {
		.width = low_count(horizontal),
		.htotal = high_count(horizontal),
		.height = low_count(vertical),
		.vtotal = high_count(vertical),
		.vblank_start = low_count(regs[TRANS_VBLANK / 4]),
	};

	if (timing.htotal < timing.width)
		timing.htotal = timing.width;
	if (timing.vtotal < timing.height)
		timing.vtotal = timing.height;
	if (timing.vblank_start >= timing.vtotal)
		timing.vblank_start = timing.vtotal - 1;
	timing.frame_ns = frame_ns(&timing, gpu->display.model->pixel_clock(gpu, transcoder));
	return timing;
}
