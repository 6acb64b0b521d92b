/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blit.h - raster operations on rectangles: what the blitter does once a command is decoded
 *
 * Knows surfaces and the operands of blits, not commands.
 */
#ifndef GPUSIM_BLIT_H
#define GPUSIM_BLIT_H

#include "raster.h"
#include "surface.h"

struct blit_rectangle {
	int32_t x1, y1, x2, y2; /* pixels; right and bottom edge excluded */
};

#define PATTERN_SIZE	     8 /* pixels, both ways */
#define PATTERN_PIXELS_BYTES (PATTERN_SIZE * PATTERN_SIZE * 4) /* of the widest pixels */

/* Tiles the destination from its pixel 0, 0 on; all 0: black, as where there is no pattern. */
struct blit_pattern {
	uint8_t pixels[PATTERN_PIXELS_BYTES]; /* row by row, in the size of the blit's pixels */
	bool uniform; /* one colour */
	uint8_t x, y; /* the pixel of the pattern at the destination's 0, 0: the "seeds" */
	bool transparent; /* pixels whose bit in `bits` is 0 are not written */
	uint8_t bits[PATTERN_SIZE]; /* of a row; the uppermost is the left one */
};

enum blit_source {
	BLIT_NO_SOURCE,
	BLIT_COLOR_SOURCE,
	BLIT_MONO_SOURCE,
};

/* A source of one bit a pixel. */
struct blit_mono {
	const uint8_t *bits; /* NULL: they are in memory, at */
	uint64_t address;
	uint64_t first; /* bit of the pixel x, y; the uppermost of a byte comes first */
	uint64_t stride; /* bits from row to row */
	int32_t x, y; /* in the destination */
	uint32_t foreground, background;
	bool transparent; /* pixels whose bit is 0 are not written */
};

enum blit_key {
	BLIT_NO_KEY,
	BLIT_KEY_SOURCE, /* pixels of the source in the range are not written, */
	BLIT_KEY_PATTERN, /* or of the pattern; */
	BLIT_KEY_DESTINATION, /* or only what replaces pixels in the range is */
};

struct blit {
	struct surface destination;
	struct blit_rectangle rectangle; /* in the destination, clipped, not empty */
	unsigned int pixel_bytes; /* 1, 2 or 4, and 8 or 16 for plain copies */
	uint8_t rop; /* of pattern, source and destination: 0xf0, 0xcc, 0xaa */
	uint32_t write_mask; /* bits of a pixel that may change, repeated to fill 32 bits */
	enum blit_source source_kind;
	struct surface source;
	int32_t source_x, source_y; /* pixel that goes to the rectangle's upper left */
	struct blit_mono mono;
	struct blit_pattern pattern;
	enum blit_key key_kind;
	struct raster_key key;
	const bool *stop; /* give up when this becomes true */
};

enum blit_result {
	BLIT_DONE,
	BLIT_FAULT,
	BLIT_STOPPED,
	BLIT_NO_MEMORY
};

/*
 * The destination is written as if the whole source had been read before, but where different
 * layouts overlap in more than 64 MiB.
 */
enum blit_result blit_run(const struct blit *blit, struct gtt_fault *fault);

/* The part of *rectangle inside *clip; false when nothing is left. */
bool blit_clip(struct blit_rectangle *rectangle, const struct blit_rectangle *clip);

/* Patterns from what commands hold. */
void blit_pattern_solid(struct blit_pattern *pattern, uint32_t color, unsigned int pixel_bytes);
/* `bits` holds the rows from its lowest byte on. */
void blit_pattern_mono(struct blit_pattern *pattern, uint64_t bits, uint32_t foreground,
		       uint32_t background, unsigned int pixel_bytes);

#endif
