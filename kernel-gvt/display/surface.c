// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../vgpu/vgpu.h"
#include "surface.h"

#define TILE_BYTES 4096u

/*
 * Which bits of an offset in a tile count bytes of a row, and which rows (Skylake PRM, vol. 5,
 * "Tiled Resource"): from bit 11 down to 0, and by the bytes of a pixel for Yf.
 */
struct tile_bits {
	u16 column, row;
};

static const struct tile_bits bits_x = { 0x1ff, 0xe00 }; /* rrrc cccc cccc */
static const struct tile_bits bits_y = { 0xe0f, 0x1f0 }; /* cccr rrrr cccc */
static const struct tile_bits bits_yf_1 = { 0xa0f, 0x5f0 }; /* crcr rrrr cccc */
static const struct tile_bits bits_yf_2_4 = { 0xa8f, 0x570 }; /* crcr crrr cccc */
static const struct tile_bits bits_yf_8 = { 0xacf, 0x530 }; /* crcr ccrr cccc */

static const struct tile_bits *bits_of(const struct gvt_plane *plane)
{
	switch (plane->tiling) {
	case GVT_TILED_X:
		return &bits_x;
	case GVT_TILED_Y:
		return &bits_y;
	case GVT_TILED_YF:
		return plane->format->bytes == 1 ? &bits_yf_1 :
		       plane->format->bytes == 8 ? &bits_yf_8 : &bits_yf_2_4;
	default:
		return NULL;
	}
}

/* The bits of a number, the lowest first, where the mask has ones. */
static u32 spread(u32 number, u32 mask)
{
	u32 result = 0;

	for (u32 bit = 1; bit < TILE_BYTES; bit <<= 1) {
		if (!(mask & bit))
			continue;
		if (number & 1)
			result |= bit;
		number >>= 1;
	}
	return result;
}

static u32 count_bits(u32 mask)
{
	u32 count = 0;

	for (; mask; mask &= mask - 1)
		count++;
	return count;
}

static u32 tile_height(const struct tile_bits *bits)
{
	return bits ? 1u << count_bits(bits->row) : 1;
}

void gvt_surface_init(struct gvt_surface *surface, const struct gvt_plane *plane)
{
	const struct tile_bits *bits = bits_of(plane);

	surface->plane = plane;
	surface->valid = false;
	surface->tile_width = bits ? 1u << count_bits(bits->column) : TILE_BYTES;
	surface->tile_height = tile_height(bits);
	surface->run = bits == &bits_x || !bits ? surface->tile_width : SURFACE_UNIT;
	if (!bits)
		return;
	for (u32 i = 0; i < surface->tile_width / SURFACE_UNIT; i++)
		surface->columns[i] = spread(i * SURFACE_UNIT, bits->column);
	for (u32 i = 0; i < surface->tile_height; i++)
		surface->rows[i] = spread(i, bits->row);
}

void gvt_surface_forget(struct gvt_surface *surface)
{
	surface->valid = false;
}

/* How many tiles, or pages, the pixels lie in that `bytes` from `start` on are. */
static u32 count_pages(u32 start, u32 bytes, u32 size)
{
	return min((start % size + bytes + size - 1) / size, SURFACE_PAGES);
}

static void find_pages(struct vgpu *vgpu, struct gvt_surface *surface, u32 band, u64 address, u32 count)
{
	if (surface->valid && surface->band == band)
		return;
	for (u32 i = 0; i < count; i++)
		surface->pages[i] = vgpu_ggtt_memory(vgpu, address + (u64)i * TILE_BYTES);
	surface->band = band;
	surface->valid = true;
}

static void decode(const struct gvt_plane *plane, const void *page, u32 offset, u32 bytes, u32 *pixels)
{
	u32 count = bytes / plane->format->bytes;

	if (page)
		plane->format->decode(&plane->colours, page + offset, count, pixels);
	else
		memset(pixels, 0, count * sizeof(*pixels));
}

static u32 row_bytes(const struct gvt_plane *plane)
{
	return round_up(plane->width, (u32)plane->format->group) * plane->format->bytes;
}

static void linear_row(struct vgpu *vgpu, struct gvt_surface *surface, u32 y, u32 *pixels)
{
	const struct gvt_plane *plane = surface->plane;
	u64 address = plane->base + (u64)y * plane->pitch + plane->x * plane->format->bytes;
	u32 left = row_bytes(plane), at = address % TILE_BYTES;

	find_pages(vgpu, surface, y, address - at, count_pages(at, left, TILE_BYTES));
	for (u32 i = 0; left; i++) {
		u32 part = min(left, TILE_BYTES - at);

		decode(plane, surface->pages[i], at, part, pixels);
		pixels += part / plane->format->bytes;
		left -= part;
		at = 0;
	}
}

/* A row's bytes from `at` on, which are in the tiles of pages; X tiles have them together. */
static void decode_runs(const struct gvt_surface *surface, u32 row, u32 at, u32 left, u32 *pixels)
{
	const struct gvt_plane *plane = surface->plane;

	while (left) {
		u32 part = min(left, surface->run - at % surface->run);

		decode(plane, surface->pages[at / surface->run], row + at % surface->run, part, pixels);
		pixels += part / plane->format->bytes;
		at += part;
		left -= part;
	}
}

/* The others have 16 bytes together, which are collected first. */
static void decode_units(struct gvt_surface *surface, u32 row, u32 at, u32 left, u32 *pixels)
{
	u32 skip = at % SURFACE_UNIT, end = at + left, width = surface->tile_width;
	u8 *to = surface->raw;

	for (at -= skip; at < end; at += SURFACE_UNIT, to += SURFACE_UNIT) {
		const void *page = surface->pages[at / width];

		if (page)
			memcpy(to, page + row + surface->columns[at % width / SURFACE_UNIT], SURFACE_UNIT);
		else
			memset(to, 0, SURFACE_UNIT);
	}
	decode(surface->plane, surface->raw, skip, left, pixels);
}

static void tiled_row(struct vgpu *vgpu, struct gvt_surface *surface, u32 y, u32 *pixels)
{
	const struct gvt_plane *plane = surface->plane;
	u32 start = plane->x * plane->format->bytes, bytes = row_bytes(plane), width = surface->tile_width;
	u32 band = y / surface->tile_height, row = surface->rows[y % surface->tile_height];
	u64 first = (u64)band * (plane->pitch / width) + start / width;

	find_pages(vgpu, surface, band, plane->base + first * TILE_BYTES, count_pages(start, bytes, width));
	if (surface->run == width)
		decode_runs(surface, row, start % width, bytes, pixels);
	else
		decode_units(surface, row, start % width, bytes, pixels);
}

/* Down a row of the picture go the columns of tiles, each from its lowest row up. */
static void turned_row(struct vgpu *vgpu, struct gvt_surface *surface, u32 y, u32 *pixels)
{
	const struct gvt_plane *plane = surface->plane;
	u32 bytes = plane->format->bytes, high = surface->tile_height, across = surface->tile_width / bytes;
	u32 band = y / across, column = y % across * bytes;
	u64 first = (u64)band * plane->pitch + plane->x / high;
	u32 offset = surface->columns[column / SURFACE_UNIT] + column % SURFACE_UNIT;

	find_pages(vgpu, surface, band, plane->base + first * TILE_BYTES,
		   count_pages(plane->x, plane->width, high));
	for (u32 i = 0; i < plane->width; i++) {
		u32 at = plane->x % high + i;

		decode(plane, surface->pages[at / high], offset + surface->rows[high - 1 - at % high], bytes,
		       pixels + i);
	}
}

void gvt_surface_row(struct vgpu *vgpu, struct gvt_surface *surface, u32 y, u32 *pixels)
{
	const struct gvt_plane *plane = surface->plane;

	if (plane->turned)
		turned_row(vgpu, surface, plane->y + y, pixels);
	else if (plane->tiling == GVT_LINEAR)
		linear_row(vgpu, surface, plane->y + y, pixels);
	else
		tiled_row(vgpu, surface, plane->y + y, pixels);
}

u64 gvt_surface_bytes(const struct gvt_plane *plane)
{
	return (u64)round_up(plane->y + plane->height, tile_height(bits_of(plane))) * plane->pitch;
}
