// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch.h"

#define TILE_BYTES 4096u

/* Length bytes; pages that are not there are zero. */
static void read_linear(const struct fetch *fetch, uint64_t address, uint8_t *to, size_t length)
{
	while (length) {
		size_t room = GPU_PAGE_SIZE - (address & GPU_PAGE_MASK);
		size_t piece = length < room ? length : room;

		if (!gtt_read(fetch->space, address, to, piece, NULL))
			memset(to, 0, piece);
		address += piece;
		to += piece;
		length -= piece;
	}
}

/* A tile, row by row. */
static void read_tile(const struct fetch *fetch, uint64_t index, uint8_t *to)
{
	const struct surface *tile = &fetch->tile;
	uint8_t raw[TILE_BYTES];

	read_linear(fetch, fetch->plane->base + index * TILE_BYTES, raw, sizeof(raw));
	for (uint32_t y = 0; y < fetch->tile_height; y++) {
		for (uint32_t x = 0; x < fetch->tile_width;) {
			size_t piece = surface_contiguous(tile, (int32_t)x, fetch->tile_width - x);

			memcpy(to, raw + surface_offset(tile, (int32_t)x, (int32_t)y), piece);
			to += piece;
			x += piece;
		}
	}
}

static void place_straight(struct fetch *fetch, const uint8_t *tile, uint32_t left)
{
	for (uint32_t y = 0; y < fetch->tile_height; y++)
		pixel_decode(&fetch->plane->pixel, tile + y * fetch->tile_width,
			     fetch->column_pixels, fetch->pixels + y * fetch->stride + left);
}

/* The lowest row of the tile becomes the leftmost column. */
static void place_turned(struct fetch *fetch, const uint8_t *tile, uint32_t left)
{
	uint32_t row[TILE_BYTES / 8];

	for (uint32_t y = 0; y < fetch->tile_height; y++) {
		uint32_t *column = fetch->pixels + left + (fetch->tile_height - 1 - y);

		pixel_decode(&fetch->plane->pixel, tile + y * fetch->tile_width, fetch->row_pixels,
			     row);
		for (uint32_t x = 0; x < fetch->row_pixels; x++)
			column[x * fetch->stride] = row[x];
	}
}

static void load_tiles(struct fetch *fetch, uint64_t band)
{
	const struct plane *plane = fetch->plane;
	uint32_t first = plane->x / fetch->column_pixels;
	uint32_t in_row = plane->turned ? plane->pitch : plane->pitch / fetch->tile_width;
	uint8_t tile[TILE_BYTES];

	for (uint32_t left = 0; left < fetch->stride; left += fetch->column_pixels) {
		read_tile(fetch, band * in_row + first + left / fetch->column_pixels, tile);
		if (plane->turned)
			place_turned(fetch, tile, left);
		else
			place_straight(fetch, tile, left);
	}
}

static void load_linear(struct fetch *fetch, uint64_t band)
{
	const struct plane *plane = fetch->plane;
	unsigned int bytes = pixel_bytes(plane->pixel.format);
	uint64_t address =
		plane->base + band * plane->pitch + (uint64_t)(plane->x - fetch->skip) * bytes;
	/* As long as the pixels, at most 8 bytes each, of which they take 4. */
	uint8_t raw[512 * 8];

	for (uint32_t x = 0; x < fetch->stride; x += 512) {
		uint32_t count = fetch->stride - x < 512 ? fetch->stride - x : 512;

		read_linear(fetch, address + (uint64_t)x * bytes, raw, (size_t)count * bytes);
		pixel_decode(&plane->pixel, raw, count, fetch->pixels + x);
	}
}

static uint32_t round_up(uint32_t value, uint32_t unit)
{
	return (value + unit - 1) / unit * unit;
}

static void find_shape(struct fetch *fetch)
{
	const struct plane *plane = fetch->plane;
	uint32_t bytes = pixel_bytes(plane->pixel.format);
	const struct tile_layout *layout;

	fetch->tile = (struct surface){ .tiling = plane->tiling, .pixel_bytes = bytes };
	layout = surface_layout(&fetch->tile);
	if (layout) {
		fetch->tile_width = 1u << __builtin_popcount(layout->x);
		fetch->tile_height = 1u << __builtin_popcount(layout->y);
		fetch->tile.pitch = (int32_t)fetch->tile_width;
	}
	if (plane->tiling == TILING_LINEAR) {
		fetch->column_pixels = pixel_group(plane->pixel.format);
		fetch->row_pixels = 1;
	} else if (plane->turned) {
		fetch->column_pixels = fetch->tile_height;
		fetch->row_pixels = fetch->tile_width / bytes;
	} else {
		fetch->column_pixels = fetch->tile_width / bytes;
		fetch->row_pixels = fetch->tile_height;
	}
	fetch->skip = plane->x % fetch->column_pixels;
	fetch->stride = round_up(fetch->skip + plane->width, fetch->column_pixels);
}

int fetch_open(struct fetch *fetch, const struct plane *plane, const struct address_space *space)
{
	*fetch = (struct fetch){ .plane = plane, .space = space };
	find_shape(fetch);
	fetch->pixels = calloc((size_t)fetch->stride * fetch->row_pixels, sizeof(*fetch->pixels));
	return fetch->pixels ? 0 : -ENOMEM;
}

void fetch_close(struct fetch *fetch)
{
	free(fetch->pixels);
}

const uint32_t *fetch_row(struct fetch *fetch, uint32_t y)
{
	uint64_t row = (uint64_t)fetch->plane->y + y, band = row / fetch->row_pixels;

	if (!fetch->valid || fetch->band != band) {
		if (fetch->plane->tiling == TILING_LINEAR)
			load_linear(fetch, band);
		else
			load_tiles(fetch, band);
		fetch->band = band;
		fetch->valid = true;
	}
	return fetch->pixels + (row % fetch->row_pixels) * fetch->stride + fetch->skip;
}
