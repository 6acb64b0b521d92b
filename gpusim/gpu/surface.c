// SPDX-License-Identifier: GPL-2.0-or-later
#include "surface.h"

/* Bit pictures of the manual, from bit 11 or 15 down; adjacent bytes are adjacent up to bit 3. */
static const struct tile_layout layout_x = { 0x1ff, 0xe00 }; /* yyyx xxxx xxxx */
static const struct tile_layout layout_y = { 0xe0f, 0x1f0 }; /* xxxy yyyy xxxx */

/* By the logarithm of the pixel's bytes. */
static const struct tile_layout layout_yf[] = {
	{ 0xa0f, 0x5f0 }, /* xyxy yyyy xxxx */
	{ 0xa8f, 0x570 }, /* xyxy xyyy xxxx */
	{ 0xa8f, 0x570 }, { 0xacf, 0x530 }, /* xyxy xxyy xxxx */
	{ 0xacf, 0x530 },
};
static const struct tile_layout layout_ys[] = {
	{ 0xaa0f, 0x55f0 }, /* the same below xyxy */
	{ 0xaa8f, 0x5570 }, { 0xaa8f, 0x5570 }, { 0xaacf, 0x5530 }, { 0xaacf, 0x5530 },
};

const struct tile_layout *surface_layout(const struct surface *surface)
{
	switch (surface->tiling) {
	case TILING_X:
		return &layout_x;
	case TILING_Y:
		return &layout_y;
	case TILING_YF:
		return &layout_yf[__builtin_ctz(surface->pixel_bytes)];
	case TILING_YS:
		return &layout_ys[__builtin_ctz(surface->pixel_bytes)];
	default:
		return NULL;
	}
}

uint32_t tile_spread(uint32_t value, uint32_t mask)
{
	uint32_t result = 0;

	/* Bits that are together in the mask stay together. */
	while (mask) {
		unsigned int shift = __builtin_ctz(mask);
		uint32_t group = mask & ~(mask + (1u << shift));

		result |= value << shift & group;
		value >>= __builtin_ctz(~(group >> shift));
		mask &= ~group;
	}
	return result;
}

static int32_t extent_of(uint32_t mask)
{
	return 1 << __builtin_popcount(mask);
}

static int64_t tile_bytes(const struct tile_layout *layout)
{
	return (layout->x | layout->y) + 1;
}

/* Offset of the tile that x, y is in. */
static int64_t tile_offset(const struct surface *surface, const struct tile_layout *layout,
			   int32_t x, int32_t y)
{
	int32_t width = extent_of(layout->x);
	int64_t index = (int64_t)(y / extent_of(layout->y)) * (surface->pitch / width) + x / width;

	return index * tile_bytes(layout);
}

bool surface_is_whole(const struct surface *surface)
{
	const struct tile_layout *layout = surface_layout(surface);

	return !layout || (surface->pitch > 0 && !(surface->pitch % extent_of(layout->x)) &&
			   !(surface->base % tile_bytes(layout)));
}

int64_t surface_offset(const struct surface *surface, int32_t x, int32_t y)
{
	const struct tile_layout *layout = surface_layout(surface);

	if (!layout)
		return (int64_t)y * surface->pitch + x;
	return tile_offset(surface, layout, x, y) +
	       (tile_spread(x % extent_of(layout->x), layout->x) |
		tile_spread(y % extent_of(layout->y), layout->y));
}

size_t surface_contiguous(const struct surface *surface, int32_t x, size_t length)
{
	const struct tile_layout *layout = surface_layout(surface);
	size_t span, room;

	if (!layout)
		return length;
	span = layout->y & -layout->y;
	room = span - x % span;
	return length < room ? length : room;
}

void surface_extent(const struct surface *surface, int32_t x, int32_t y, size_t length,
		    int32_t height, int64_t *first, int64_t *end)
{
	const struct tile_layout *layout = surface_layout(surface);
	int64_t top, bottom;

	if (layout) {
		top = tile_offset(surface, layout, x, y);
		bottom = tile_offset(surface, layout, x + (int32_t)length - 1, y + height - 1) +
			 tile_bytes(layout);
	} else {
		top = (int64_t)y * surface->pitch;
		bottom = (int64_t)(y + height - 1) * surface->pitch;
		if (top > bottom) {
			int64_t swap = top;

			top = bottom;
			bottom = swap;
		}
		top += x;
		bottom += x + (int64_t)length;
	}
	*first = (int64_t)surface->base + top;
	*end = (int64_t)surface->base + bottom;
}
