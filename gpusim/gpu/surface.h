/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * surface.h - rows of bytes of a surface in graphics memory, whatever its tiling
 *
 * Knows layouts (PRM Vol. 5 "Memory Views": tiling), not pixels. Coordinates are bytes and rows.
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
};

struct surface {
	const struct address_space *space;
	uint64_t base;
	int32_t pitch; /* bytes from row to row; negative only when linear */
	enum tiling tiling;
};

/* Offset from the base of a byte. x and y must not be negative where tiled. */
int64_t surface_offset(const struct surface *surface, int32_t x, int32_t y);

/* How many of the `length` bytes from byte x of a row on lie side by side in memory: 1 at least. */
size_t surface_contiguous(const struct surface *surface, int32_t x, size_t length);

/* Copy `length` bytes of row y from byte x on. False at a fault, which is told in *fault. */
bool surface_read(const struct surface *surface, int32_t x, int32_t y, void *data, size_t length,
		  struct gtt_fault *fault);
bool surface_write(const struct surface *surface, int32_t x, int32_t y, const void *data,
		   size_t length, struct gtt_fault *fault);

#endif
