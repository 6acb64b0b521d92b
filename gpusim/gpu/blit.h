/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blit.h - raster operations on rectangles: what the blitter does once a command is decoded
 *
 * Knows surfaces, not commands.
 */
#ifndef GPUSIM_BLIT_H
#define GPUSIM_BLIT_H

#include "surface.h"

struct blit_rectangle {
	int32_t x1, y1, x2, y2; /* pixels; right and bottom edge excluded */
};

struct blit {
	struct surface destination;
	struct blit_rectangle rectangle; /* in the destination, clipped */
	unsigned int pixel_bytes; /* 1, 2 or 4, and 8 or 16 for plain copies */
	uint8_t rop; /* of pattern, source and destination: 0xf0, 0xcc, 0xaa */
	uint32_t write_mask; /* bits of a pixel that may change */
	bool has_source;
	struct surface source;
	int32_t source_x, source_y; /* pixel that goes to the rectangle's upper left */
	uint32_t color; /* the pattern, where it is one colour */
	const bool *stop; /* give up when this becomes true */
};

enum blit_result {
	BLIT_DONE,
	BLIT_FAULT,
	BLIT_STOPPED,
	BLIT_NO_MEMORY
};

enum blit_result blit_run(const struct blit *blit, struct gtt_fault *fault);

/* The part of *rectangle inside *clip; false when nothing is left. */
bool blit_clip(struct blit_rectangle *rectangle, const struct blit_rectangle *clip);

#endif
