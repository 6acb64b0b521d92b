/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch.h - rows of a plane's pixels, out of tiled and turned memory
 *
 * Memory is read in bands: one row where it is linear, one row of tiles where it is tiled; a whole
 * tile at a time. What is not mapped is black. Knows no place on the screen.
 */
#ifndef GPUSIM_DISPLAY_FETCH_H
#define GPUSIM_DISPLAY_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "plane.h"

struct fetch {
	const struct plane *plane;
	const struct address_space *space;
	struct surface tile; /* one tile alone: its layout */
	uint32_t tile_width, tile_height; /* bytes, rows */
	uint32_t column_pixels, row_pixels; /* of a tile, or of all where linear */
	uint32_t stride; /* pixels in a row of the band */
	uint32_t skip; /* before the first that is shown */
	uint64_t band; /* that `pixels` holds */
	bool valid;
	uint32_t *pixels;
};

/* Plane and space must outlive it. 0 or -ENOMEM. */
int fetch_open(struct fetch *fetch, const struct plane *plane, const struct address_space *space);
void fetch_close(struct fetch *fetch);

/* The plane's width of pixels of its row `y`, below its height; valid until the next call. */
const uint32_t *fetch_row(struct fetch *fetch, uint32_t y);

#endif
