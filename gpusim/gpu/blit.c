// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "blit.h"

#define ROP_COPY_SOURCE 0xcc

/* A row is worked on as a whole, so that source and destination may overlap in it. */
struct rows {
	uint8_t *source;
	uint8_t *destination;
	size_t length;
};

static uint8_t combine(uint8_t rop, uint8_t pattern, uint8_t source, uint8_t destination)
{
	uint8_t result = 0;

	/* Bit n of the operation is its result where pattern, source, destination are n's bits. */
	for (unsigned int n = 0; n < 8; n++) {
		if (rop >> n & 1)
			result |= (n & 4 ? pattern : ~pattern) & (n & 2 ? source : ~source) &
				  (n & 1 ? destination : ~destination);
	}
	return result;
}

/* Operations whose bits with and without the destination agree do not look at it. */
static bool needs_destination(const struct blit *blit)
{
	uint32_t all = blit->pixel_bytes >= 4 ? ~0u : (1u << (8 * blit->pixel_bytes)) - 1;

	return (blit->rop >> 1 & 0x55) != (blit->rop & 0x55) || (blit->write_mask & all) != all;
}

static uint8_t byte_of(uint32_t value, size_t index, unsigned int pixel_bytes)
{
	return value >> (8 * (index % (pixel_bytes < 4 ? pixel_bytes : 4)));
}

/* Leaves in rows->source what is to be written. */
static void combine_row(const struct blit *blit, const struct rows *rows)
{
	if (blit->rop == ROP_COPY_SOURCE && !needs_destination(blit))
		return;
	for (size_t i = 0; i < rows->length; i++) {
		uint8_t mask = byte_of(blit->write_mask, i, blit->pixel_bytes);
		uint8_t result = combine(blit->rop, byte_of(blit->color, i, blit->pixel_bytes),
					 rows->source[i], rows->destination[i]);

		rows->source[i] = (result & mask) | (rows->destination[i] & ~mask);
	}
}

static bool blit_row(const struct blit *blit, const struct rows *rows, int32_t row,
		     struct gtt_fault *fault)
{
	int32_t x = blit->rectangle.x1 * (int32_t)blit->pixel_bytes;
	int32_t y = blit->rectangle.y1 + row;

	if (blit->has_source &&
	    !surface_read(&blit->source, blit->source_x * (int32_t)blit->pixel_bytes,
			  blit->source_y + row, rows->source, rows->length, fault))
		return false;
	if (needs_destination(blit) &&
	    !surface_read(&blit->destination, x, y, rows->destination, rows->length, fault))
		return false;
	combine_row(blit, rows);
	return surface_write(&blit->destination, x, y, rows->source, rows->length, fault);
}

/* Where the source is above in the same memory, rows go from the bottom up. */
static bool goes_upwards(const struct blit *blit)
{
	return blit->has_source && blit->source.base == blit->destination.base &&
	       blit->source_y < blit->rectangle.y1;
}

static enum blit_result run_rows(const struct blit *blit, const struct rows *rows,
				 struct gtt_fault *fault)
{
	int32_t height = blit->rectangle.y2 - blit->rectangle.y1;
	bool upwards = goes_upwards(blit);

	for (int32_t i = 0; i < height; i++) {
		if (__atomic_load_n(blit->stop, __ATOMIC_ACQUIRE))
			return BLIT_STOPPED;
		if (!blit_row(blit, rows, upwards ? height - 1 - i : i, fault))
			return BLIT_FAULT;
	}
	return BLIT_DONE;
}

enum blit_result blit_run(const struct blit *blit, struct gtt_fault *fault)
{
	struct rows rows = {
		.length = (size_t)(blit->rectangle.x2 - blit->rectangle.x1) * blit->pixel_bytes,
	};
	enum blit_result result = BLIT_NO_MEMORY;

	rows.source = calloc(2, rows.length);
	if (rows.source) {
		rows.destination = rows.source + rows.length;
		result = run_rows(blit, &rows, fault);
	}
	free(rows.source);
	return result;
}

bool blit_clip(struct blit_rectangle *rectangle, const struct blit_rectangle *clip)
{
	if (rectangle->x1 < clip->x1)
		rectangle->x1 = clip->x1;
	if (rectangle->y1 < clip->y1)
		rectangle->y1 = clip->y1;
	if (rectangle->x2 > clip->x2)
		rectangle->x2 = clip->x2;
	if (rectangle->y2 > clip->y2)
		rectangle->y2 = clip->y2;
	return rectangle->x1 < rectangle->x2 && rectangle->y1 < rectangle->y2;
}
