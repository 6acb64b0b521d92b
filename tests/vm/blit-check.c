// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blit-check - fills and copies through the copy engine, and every byte of what comes out
 *
 * Runs in a VM on whatever GPU i915 drives there. Each blit's destination, what lies outside of the
 * rectangle included, is compared with what it was before and what the manual says of the blit (PRM
 * Vol. 2a "Blitter Instructions", Vol. 5 "Memory Views": tilings), computed here pixel by pixel.
 */
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gem.h"

#define PITCH  1024u /* bytes; whole tiles of every kind */
#define HEIGHT 256u
#define SIZE   (PITCH * HEIGHT)

#define BATCH_END      (0x0au << 23)
#define LRI	       (0x22u << 23 | 1)
#define FLUSH_DW       (0x26u << 23 | 3)
#define COLOR_BLT      (2u << 29 | 0x50u << 22 | 5)
#define COPY_BLT       (2u << 29 | 0x53u << 22 | 8)
#define FAST_COPY_BLT  (2u << 29 | 0x42u << 22 | 8)
#define SETUP_CLIP_BLT (2u << 29 | 0x03u << 22 | 1)
#define CLIP	       (1u << 30)
#define WRITE_RGB      (1u << 20)
#define WRITE_ALPHA    (1u << 21)
#define SOURCE_TILED   (1u << 15)
#define DEST_TILED     (1u << 11)
#define SOURCE_YF      (1u << 31)
#define DEST_YF	       (1u << 30)
#define BCS_SWCTRL     0x22200u
#define SOURCE_Y       (1u << 0)
#define DEST_Y	       (1u << 1)

enum layout {
	LINEAR,
	X,
	Y,
	YF,
	YS,
	LAYOUTS
};

static const char *const layout_names[] = { "linear", "X", "Y", "Yf", "Ys" };

/* Which coordinate gives each bit of the address within a tile, the highest first. */
static const char *picture(enum layout layout, unsigned int pixel_bytes)
{
	static const char *const yf[] = { "xyxyyyyyxxxx", "xyxyxyyyxxxx", "xyxyxxyyxxxx" };
	static const char *const ys[] = { "xyxyxyxyyyyyxxxx", "xyxyxyxyxyyyxxxx",
					  "xyxyxyxyxxyyxxxx" };
	unsigned int square = pixel_bytes == 1 ? 0 : pixel_bytes <= 4 ? 1 : 2;

	switch (layout) {
	case X:
		return "yyyxxxxxxxxx";
	case Y:
		return "xxxyyyyyxxxx";
	case YF:
		return yf[square];
	case YS:
		return ys[square];
	default:
		return "";
	}
}

/* Offset in a buffer of the byte at column x (in bytes) of row y. */
static size_t place(enum layout layout, unsigned int pixel_bytes, uint32_t x, uint32_t y)
{
	const char *bits = picture(layout, pixel_bytes);
	unsigned int width = 0, height = 0, count = (unsigned int)strlen(bits);
	size_t inside = 0;

	if (layout == LINEAR)
		return (size_t)y * PITCH + x;
	for (unsigned int bit = 0; bit < count; bit++) {
		bool is_x = bits[count - 1 - bit] == 'x';

		inside |= (size_t)(is_x ? x >> width & 1 : y >> height & 1) << bit;
		width += is_x;
		height += !is_x;
	}
	return (((size_t)(y >> height) * (PITCH >> width) + (x >> width)) << count) + inside;
}

struct surface {
	struct gem_buffer buffer;
	enum layout layout;
};

/* A blit as the reference takes it; coordinates in pixels. */
struct blit {
	unsigned int pixel_bytes;
	uint8_t rop; /* bit 4 pattern + 2 source + destination is the result's */
	uint32_t color;
	uint32_t mask; /* bits of a pixel that change */
	int x, y, width, height;
	int source_x, source_y;
	int clip[4]; /* left, top, right, bottom; right and bottom are outside */
};

static uint64_t random_state = 1;

static unsigned int dice(unsigned int sides)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned int)(random_state >> 33) % sides;
}

static void scribble(const struct gem_buffer *buffer)
{
	for (size_t i = 0; i < buffer->size; i++)
		buffer->map[i] = (uint8_t)dice(256);
}

static uint8_t raster(uint8_t rop, uint8_t pattern, uint8_t source, uint8_t destination)
{
	uint8_t result = 0;

	for (unsigned int bit = 0; bit < 8; bit++) {
		unsigned int index = (pattern >> bit & 1u) << 2 | (source >> bit & 1u) << 1 |
				     (destination >> bit & 1u);

		result |= (uint8_t)((rop >> index & 1u) << bit);
	}
	return result;
}

/* Is this pixel inside of the clip rectangle? */
static bool is_drawn(const struct blit *blit, int x, int y)
{
	return x >= blit->clip[0] && y >= blit->clip[1] && x < blit->clip[2] && y < blit->clip[3];
}

/* What `before` becomes; *source is at the same time what it was before. NULL: a fill. */
static void reference(const struct blit *blit, enum layout to, enum layout from,
		      const uint8_t *source, const uint8_t *before, uint8_t *after)
{
	unsigned int bytes = blit->pixel_bytes;

	memcpy(after, before, SIZE);
	for (int row = 0; row < blit->height; row++) {
		for (unsigned int i = 0; i < blit->width * bytes; i++) {
			unsigned int shift = 8 * (i % bytes % 4);
			size_t at = place(to, bytes, blit->x * bytes + i, blit->y + row);
			uint8_t mask = (uint8_t)(blit->mask >> shift), value = 0;

			if (!is_drawn(blit, blit->x + (int)(i / bytes), blit->y + row))
				continue;
			if (source)
				value = source[place(from, bytes, blit->source_x * bytes + i,
						     blit->source_y + row)];
			value = raster(blit->rop, (uint8_t)(blit->color >> shift), value,
				       before[at]);
			after[at] = (uint8_t)((value & mask) | (before[at] & ~mask));
		}
	}
}

struct batch {
	uint32_t dwords[64];
	size_t count;
};

static void put(struct batch *batch, const uint32_t *dwords, size_t count)
{
	memcpy(&batch->dwords[batch->count], dwords, 4 * count);
	batch->count += count;
}

#define PUT(batch, ...)                               \
	put(batch, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Which of the two tilings "tiled" means is a register's matter; drivers flush around a change. */
static void put_tiling(struct batch *batch, uint32_t bits)
{
	PUT(batch, FLUSH_DW, 0, 0, 0, 0, LRI, BCS_SWCTRL, (SOURCE_Y | DEST_Y) << 16 | bits);
}

static uint32_t corner(int x, int y)
{
	return (uint32_t)y << 16 | (uint16_t)x;
}

static uint32_t depth_code(unsigned int pixel_bytes)
{
	return pixel_bytes == 1 ? 0 : pixel_bytes == 2 ? 1u << 24 : 3u << 24;
}

static uint32_t pitch_of(const struct surface *surface)
{
	return surface->layout == LINEAR ? PITCH : PITCH / 4;
}

static uint32_t channels(const struct blit *blit)
{
	if (blit->pixel_bytes < 4)
		return WRITE_RGB | WRITE_ALPHA;
	return (blit->mask & 0xff ? WRITE_RGB : 0) | (blit->mask >> 24 ? WRITE_ALPHA : 0);
}

/* Dwords 0 to 5 of fills and copies. */
static void put_head(struct batch *batch, uint32_t header, const struct blit *blit,
		     const struct surface *to)
{
	PUT(batch, SETUP_CLIP_BLT, corner(blit->clip[0], blit->clip[1]),
	    corner(blit->clip[2], blit->clip[3]));
	PUT(batch, header | channels(blit) | (to->layout == LINEAR ? 0 : DEST_TILED),
	    CLIP | depth_code(blit->pixel_bytes) | (uint32_t)blit->rop << 16 | pitch_of(to),
	    corner(blit->x, blit->y), corner(blit->x + blit->width, blit->y + blit->height),
	    (uint32_t)to->buffer.address, (uint32_t)(to->buffer.address >> 32));
}

static void put_source(struct batch *batch, const struct blit *blit, const struct surface *from)
{
	PUT(batch, corner(blit->source_x, blit->source_y), pitch_of(from),
	    (uint32_t)from->buffer.address, (uint32_t)(from->buffer.address >> 32));
}

static void put_fill(struct batch *batch, const struct blit *blit, const struct surface *to)
{
	put_tiling(batch, to->layout == Y ? DEST_Y : 0);
	put_head(batch, COLOR_BLT, blit, to);
	PUT(batch, blit->color);
}

static void put_copy(struct batch *batch, const struct blit *blit, const struct surface *to,
		     const struct surface *from)
{
	put_tiling(batch, (to->layout == Y ? DEST_Y : 0) | (from->layout == Y ? SOURCE_Y : 0));
	put_head(batch, COPY_BLT | (from->layout == LINEAR ? 0 : SOURCE_TILED), blit, to);
	put_source(batch, blit, from);
}

static void put_fast_copy(struct batch *batch, const struct blit *blit, const struct surface *to,
			  const struct surface *from)
{
	/* By the enumeration: Yf is coded as Y and told apart by a bit of its own. */
	static const uint32_t tilings[LAYOUTS] = { 0, 1, 2, 2, 3 };
	/* 8 to 128 bits. */
	static const uint8_t depths[] = { [1] = 0, [2] = 1, [4] = 3, [8] = 4, [16] = 5 };

	PUT(batch, FAST_COPY_BLT | tilings[from->layout] << 20 | tilings[to->layout] << 13,
	    (from->layout == YF ? SOURCE_YF : 0) | (to->layout == YF ? DEST_YF : 0) |
		    (uint32_t)depths[blit->pixel_bytes] << 24 | pitch_of(to),
	    corner(blit->x, blit->y), corner(blit->x + blit->width, blit->y + blit->height),
	    (uint32_t)to->buffer.address, (uint32_t)(to->buffer.address >> 32));
	put_source(batch, blit, from);
}

/* Run it, and compare; does not return where a byte is wrong. */
static void check(const char *group, struct batch *batch, const struct blit *blit,
		  const struct surface *to, const struct surface *from)
{
	static uint8_t before[SIZE], after[SIZE], source[SIZE];
	struct gem_buffer buffers[2] = { to->buffer };
	unsigned int count = 1;

	if (from && from->buffer.handle != to->buffer.handle)
		buffers[count++] = from->buffer;
	memcpy(before, to->buffer.map, SIZE);
	if (from)
		memcpy(source, from->buffer.map, SIZE);
	if (from)
		reference(blit, to->layout, from->layout, source, before, after);
	else
		reference(blit, to->layout, LINEAR, NULL, before, after);
	PUT(batch, FLUSH_DW, 0, 0, 0, 0, BATCH_END);
	gem_run_blits(batch->dwords, batch->count, buffers, count);
	if (count > 1 && memcmp(from->buffer.map, source, SIZE))
		errx(1, "%s: the source changed", group);
	for (size_t i = 0; i < SIZE; i++) {
		if (to->buffer.map[i] != after[i])
			errx(1,
			     "%s: %s to %s, %u bytes a pixel, rop %02x, %dx%d at %d,%d from %d,%d: "
			     "byte %zx is %02x, expected %02x",
			     group, from ? layout_names[from->layout] : "colour",
			     layout_names[to->layout], blit->pixel_bytes, blit->rop, blit->width,
			     blit->height, blit->x, blit->y, blit->source_x, blit->source_y, i,
			     to->buffer.map[i], after[i]);
	}
}

/* A rectangle somewhere, with odd edges, and a source of its size. */
static struct blit random_blit(unsigned int pixel_bytes)
{
	int columns = (int)(PITCH / pixel_bytes);
	struct blit blit = { .pixel_bytes = pixel_bytes, .mask = ~0u, .rop = 0xcc };

	blit.width = 1 + (int)dice((unsigned int)columns / 2);
	blit.height = 1 + (int)dice(HEIGHT / 2);
	blit.x = (int)dice((unsigned int)(columns - blit.width + 1));
	blit.y = (int)dice((unsigned int)((int)HEIGHT - blit.height + 1));
	blit.source_x = (int)dice((unsigned int)(columns - blit.width + 1));
	blit.source_y = (int)dice((unsigned int)((int)HEIGHT - blit.height + 1));
	blit.clip[2] = columns;
	blit.clip[3] = HEIGHT;
	return blit;
}

/* Now and then cut off an edge, or leave channels alone. */
static void vary(struct blit *blit)
{
	static const uint32_t masks[] = { 0x00ffffff, 0xff000000, 0xffffffff };

	if (!dice(3)) {
		blit->clip[0] = blit->x + (int)dice((unsigned int)blit->width);
		blit->clip[1] = blit->y + (int)dice((unsigned int)blit->height);
		blit->clip[2] = blit->clip[0] + 1 + (int)dice((unsigned int)blit->width);
		blit->clip[3] = blit->clip[1] + 1 + (int)dice((unsigned int)blit->height);
	}
	if (blit->pixel_bytes == 4)
		blit->mask = masks[dice(3)];
}

static void say(const char *group, unsigned int count)
{
	printf("%s: %u blits, every byte is right\n", group, count);
	fflush(stdout);
}

static void check_fills(struct surface *surface)
{
	static const uint8_t rops[] = {
		0x00, 0x05, 0x0f, 0x50, 0x55, 0x5a, 0xa0, 0xf0, 0xfa, 0xff
	};
	unsigned int count = 0;

	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		for (unsigned int bytes = 1; bytes <= 4; bytes *= 2) {
			for (size_t i = 0; i < sizeof(rops); i++, count++) {
				struct blit blit = random_blit(bytes);
				struct batch batch = { .count = 0 };

				surface->layout = layout;
				blit.rop = rops[i];
				blit.color = dice(~0u);
				vary(&blit);
				put_fill(&batch, &blit, surface);
				check("fills", &batch, &blit, surface, NULL);
			}
		}
	}
	say("fills", count);
}

static void check_copies(struct surface *to, struct surface *from)
{
	static const uint8_t rops[] = { 0xcc, 0x33, 0x66, 0x88, 0xee, 0x22 };
	unsigned int count = 0;

	for (unsigned int pair = 0; pair < 9; pair++) {
		to->layout = pair / 3;
		from->layout = pair % 3;
		for (unsigned int bytes = 1; bytes <= 4; bytes *= 2) {
			for (size_t i = 0; i < sizeof(rops); i++, count++) {
				struct blit blit = random_blit(bytes);
				struct batch batch = { .count = 0 };

				blit.rop = rops[i];
				vary(&blit);
				put_copy(&batch, &blit, to, from);
				check("copies", &batch, &blit, to, from);
			}
		}
	}
	say("copies", count);
}

/* Source and destination in one surface, a little apart in every direction. */
static void check_overlaps(struct surface *surface)
{
	unsigned int count = 0;

	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		for (int direction = 0; direction < 9; direction++, count++) {
			struct blit blit = random_blit(4);
			struct batch batch = { .count = 0 };

			surface->layout = layout;
			blit.x = 40;
			blit.y = 30;
			blit.source_x = blit.x + (direction % 3 - 1) * 7;
			blit.source_y = blit.y + (direction / 3 - 1) * 5;
			put_copy(&batch, &blit, surface, surface);
			check("overlapping copies", &batch, &blit, surface, surface);
		}
	}
	say("overlapping copies", count);
}

static void check_fast_copies(struct surface *to, struct surface *from)
{
	unsigned int count = 0;

	for (unsigned int pair = 0; pair < LAYOUTS * LAYOUTS; pair++) {
		to->layout = pair / LAYOUTS;
		from->layout = pair % LAYOUTS;
		for (unsigned int bytes = 1; bytes <= 16; bytes *= 2, count++) {
			struct blit blit = random_blit(bytes);
			struct batch batch = { .count = 0 };

			put_fast_copy(&batch, &blit, to, from);
			check("fast copies", &batch, &blit, to, from);
		}
	}
	say("fast copies", count);
}

#define FENCED_ROWS 64u

/*
 * The processor writes rows through a fence, and the tiles are where the blitter sees them; the
 * blitter's tiles are read as rows. A few rows and bytes: each access may be a trap.
 */
static void check_fence(enum layout layout, const struct surface *plain)
{
	struct surface fenced = { gem_create(SIZE), layout };
	struct blit blit = random_blit(4);
	struct batch batch = { .count = 0 };
	uint8_t *window;

	gem_set_tiling(&fenced.buffer, layout, PITCH);
	window = gem_map_aperture(&fenced.buffer);
	for (uint32_t y = 0; y < FENCED_ROWS; y++)
		for (uint32_t x = y % 64 * 4; x < PITCH; x += 256)
			memcpy(&window[y * PITCH + x], &(uint32_t){ y << 16 | x }, 4);
	gem_unmap(&fenced.buffer, window);
	put_copy(&batch, &blit, plain, &fenced);
	check("fences", &batch, &blit, plain, &fenced);
	for (uint32_t y = 0; y < FENCED_ROWS; y++)
		for (uint32_t x = y % 64 * 4; x < PITCH; x += 256)
			if (memcmp(&fenced.buffer.map[place(layout, 4, x, y)],
				   &(uint32_t){ y << 16 | x }, 4))
				errx(1,
				     "fences: what was written at %u,%u is not in its place of %s",
				     x, y, layout_names[layout]);
	scribble(&fenced.buffer);
	window = gem_map_aperture(&fenced.buffer);
	for (uint32_t y = 0; y < FENCED_ROWS; y++)
		for (uint32_t x = y % 64 * 4; x < PITCH; x += 256)
			if (memcmp(&window[y * PITCH + x],
				   &fenced.buffer.map[place(layout, 4, x, y)], 4))
				errx(1, "fences: what is read at %u,%u is not what is in %s", x, y,
				     layout_names[layout]);
	gem_unmap(&fenced.buffer, window);
}

/* Broadwell's blitter (16xxh) has no fast copy, and no Yf and Ys. */
static bool has_fast_copy(void)
{
	return gem_device_id() >> 8 != 0x16;
}

static int usage(FILE *out, int status)
{
	fputs("Usage: blit-check [--seed N] [CARD]\n"
	      "Fill and copy through the copy engine of i915's GPU, and check every byte.\n"
	      "CARD is /dev/dri/card0 if it is not given; the same seed makes the same blits.\n"
	      "Exit status: 0 all is right, 1 something is not, 2 wrong use.\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "seed", required_argument, NULL, 's' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct surface to = { 0 }, from = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "s:h", options, NULL)) != -1) {
		if (option != 's')
			return option == 'h' ? usage(stdout, 0) : usage(stderr, 2);
		random_state = strtoull(optarg, NULL, 0) | 1;
	}
	if (argc - optind > 1)
		return usage(stderr, 2);
	gem_open(optind < argc ? argv[optind] : "/dev/dri/card0");
	to.buffer = gem_create(SIZE);
	from.buffer = gem_create(SIZE);
	scribble(&to.buffer);
	scribble(&from.buffer);
	check_fills(&to);
	check_copies(&to, &from);
	check_overlaps(&to);
	if (has_fast_copy())
		check_fast_copies(&to, &from);
	to.layout = LINEAR;
	check_fence(X, &to);
	check_fence(Y, &to);
	puts("fences: X and Y tiles are rows in the aperture, both ways");
	return 0;
}
