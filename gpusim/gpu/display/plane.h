/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plane.h - what a plane or cursor shows, whatever its generation's registers look like
 *
 * plane-*.c and cursor.c fill it in from a block of registers; fetch.c reads it, scanout.c places
 * it. All numbers are bounded by the width of their register fields: 16 bits, strides 12.
 */
#ifndef GPUSIM_DISPLAY_PLANE_H
#define GPUSIM_DISPLAY_PLANE_H

#include <stdbool.h>
#include <stdint.h>

#include "gpusim/gpu/surface.h"
#include "pixel.h"

#define PLANE_MAX 8192 /* pixels in a row, and rows */

enum plane_alpha {
	ALPHA_NONE, /* every pixel is opaque */
	ALPHA_PREMULTIPLIED,
	ALPHA_COVERAGE,
};

enum plane_key {
	KEY_NONE,
	KEY_SOURCE, /* pixels of the plane between key_low and key_high are not there */
	KEY_DESTINATION, /* the plane is there only where key_low lies below it */
};

struct plane {
	struct pixel_rules pixel; /* its palette is filled in by scanout.c */
	uint64_t base; /* graphics address in the GGTT */
	enum tiling tiling;
	uint32_t pitch; /* bytes from row to row; of a turned plane, tiles from row to row of tiles
			 */
	uint32_t x, y, width, height; /* pixels that are shown, in the surface */
	int32_t left, top; /* where they are shown; scaled to: */
	uint32_t shown_width, shown_height;

	/*
	 * Turned: tiles are arranged for a picture that is turned clockwise by 90°, and each holds
	 * its part of the picture as it was before. Reversed: shown from the last pixel of the last
	 * row to the first.
	 */
	bool turned;
	bool reversed;

	enum plane_alpha alpha;
	uint8_t opacity; /* of the plane as a whole */
	enum plane_key key;
	uint32_t key_low, key_high, key_mask; /* RGB; the mask selects what is compared */
	bool gamma; /* goes through the pipe's gamma */
};

/* Source keying: bits 26 to 24 of a key's mask register enable one channel each. */
static inline uint32_t plane_key_channels(uint32_t mask)
{
	return (mask >> 26 & 1) * 0xff0000 | (mask >> 25 & 1) * 0xff00 | (mask >> 24 & 1) * 0xff;
}

/* What the cursor shows; false: nothing. */
bool cursor_decode(const uint32_t *regs, struct plane *plane);

#endif
