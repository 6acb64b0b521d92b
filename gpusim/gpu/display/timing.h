/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timing.h - a transcoder's timing registers as sizes and times
 *
 * Whatever is in the registers, what comes out is a mode that can be scanned: at least one pixel,
 * blanking within the total, 1 to 1000 frames a second. Knows no pipe and no plane.
 */
#ifndef GPUSIM_DISPLAY_TIMING_H
#define GPUSIM_DISPLAY_TIMING_H

#include <stdint.h>

struct gpu;

struct timing {
	uint32_t width, height; /* of the picture */
	uint32_t htotal, vtotal; /* with blanking */
	uint32_t vblank_start; /* line at which the vertical blank begins */
	uint64_t frame_ns;
};

/* The timing of transcoder 0 to 2, with gpu->lock held. */
struct timing timing_read(const struct gpu *gpu, unsigned int transcoder);

#endif
