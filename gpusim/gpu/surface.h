/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * surface.h - where the bytes of a surface lie in graphics memory, whatever its tiling
 *
 * Knows layouts (PRM Vol. 5 "Memory Views": tiling), neither pixels nor memory. Coordinates are
 * bytes and rows.
 */
#ifndef GPUSIM_SURFACE_H
#define GPUSIM_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gtt.h"

enum tiling {
	TILING_LINEAR,
	TILING_X, /* 4 KiB tiles of 512 bytes by 8 rows */
	TILING_Y, /* 4 KiB tiles of 128 bytes by 32 rows, in columns of 16 bytes */
	TILING_YF, /* 4 KiB tiles whose shape depends on the pixels' size (Gen9) */
	TILING_YS, /* the same of 64 KiB */
};

struct surface {
	const struct address_space *space;
	uint64_t base;
	int32_t pitch; /* bytes from row to row; negative only when linear */
	enum tiling tiling;
	unsigned int pixel_bytes; /* for TILING_YF and _YS: 1, 2, 4, 8 or 16 */
};

/*
 * Tiled surfaces: the bits of an offset into a tile that the lowest bits of the byte column, and of
 * the row, go to, in their order. Both together count the tile's bytes.
 */
struct tile_layout {
	uint32_t x, y;
};

/* NULL: linear. */
const struct tile_layout *surface_layout(const struct surface *surface);

/* What the lowest bits of `value` make when they are spread over the bits of `mask`. */
uint32_t tile_spread(uint32_t value, uint32_t mask);

/* Base and pitch are whole tiles, and there is one tile at least; always true when linear. */
bool surface_is_whole(const struct surface *surface);

/* Offset from the base of a byte. x and y must not be negative where tiled. */
int64_t surface_offset(const struct surface *surface, int32_t x, int32_t y);

/* How many of the `length` bytes from byte x of a row on lie side by side in memory: 1 at least. */
size_t surface_contiguous(const struct surface *surface, int32_t x, size_t length);

/*
 * Graphics addresses from *first up to *end (excluded) that hold the `height` rows of `length`
 * bytes from x, y on, and maybe others.
 */
void surface_extent(const struct surface *surface, int32_t x, int32_t y, size_t length,
		    int32_t height, int64_t *first, int64_t *end);

#endif
