// SPDX-License-Identifier: GPL-2.0-or-later
#include "surface.h"

struct tile_shape {
	int32_t width; /* bytes */
	int32_t height;
	int32_t span; /* bytes of a row that lie side by side in memory */
};

static const struct tile_shape shapes[] = {
	[TILING_X] = { 512, 8, 512 },
	[TILING_Y] = { 128, 32, 16 },
};

#define TILE_BYTES 4096

int64_t surface_offset(const struct surface *surface, int32_t x, int32_t y)
{
	const struct tile_shape *shape = &shapes[surface->tiling];
	int64_t tile;

	if (surface->tiling == TILING_LINEAR)
		return (int64_t)y * surface->pitch + x;
	tile = (int64_t)(y / shape->height) * (surface->pitch / shape->width) + x / shape->width;
	/* Spans of one row are a whole column of the tile apart. */
	return tile * TILE_BYTES +
	       (int64_t)(x % shape->width / shape->span) * shape->span * shape->height +
	       (int64_t)(y % shape->height) * shape->span + x % shape->span;
}

size_t surface_contiguous(const struct surface *surface, int32_t x, size_t length)
{
	size_t room;

	if (surface->tiling == TILING_LINEAR)
		return length;
	room = shapes[surface->tiling].span - x % shapes[surface->tiling].span;
	return length < room ? length : room;
}

bool surface_read(const struct surface *surface, int32_t x, int32_t y, void *data, size_t length,
		  struct gtt_fault *fault)
{
	uint8_t *to = data;

	while (length) {
		size_t piece = surface_contiguous(surface, x, length);

		if (!gtt_read(surface->space, surface->base + surface_offset(surface, x, y), to,
			      piece, fault))
			return false;
		x += piece;
		to += piece;
		length -= piece;
	}
	return true;
}

bool surface_write(const struct surface *surface, int32_t x, int32_t y, const void *data,
		   size_t length, struct gtt_fault *fault)
{
	const uint8_t *from = data;

	while (length) {
		size_t piece = surface_contiguous(surface, x, length);

		if (!gtt_write(surface->space, surface->base + surface_offset(surface, x, y), from,
			       piece, fault))
			return false;
		x += piece;
		from += piece;
		length -= piece;
	}
	return true;
}
