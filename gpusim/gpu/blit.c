// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "blit.h"
#include "surface-view.h"

#define ROP_COPY_SOURCE 0xcc

/*
 * What is worked on at once: a run of pixels of one row, shorter in blocks of rows. Both are
 * multiples of any pattern's row.
 */
#define RUN_BYTES   GPU_PAGE_SIZE
#define BLOCK_BYTES 2048
#define BLOCK_ROWS  32

typedef uint64_t run_buffer[RUN_BYTES / 8] __attribute__((aligned(RASTER_VECTOR)));

/* How much is done before others get at the memory, and a reset is looked for. */
#define TURN_BYTES (1u << 20)
#define RUN_COST   256 /* of a run beside its bytes */

/* The largest source that is put aside because its overlap with the destination has no order. */
#define ASIDE_BYTES (64u << 20)

#define NO_ROW -1

struct work {
	const struct blit *blit;
	struct gpu_memory *memory;
	struct gtt_fault *fault;
	struct surface_view destination, source;
	struct surface mono; /* the memory of a mono source */
	uint8_t *aside; /* a copy of the source's rectangle, */
	bool is_aside; /* to be read in place of it */

	size_t row_bytes, run_bytes; /* of a row, and of the longest run */
	int32_t rows;
	bool upwards, leftwards;
	bool reads_source, reads_destination, uses_pattern, masked;
	bool copy; /* nothing but */
	bool direct; /* between linear surfaces */
	bool fill; /* the result depends on the pattern alone */
	int pattern_row, fill_row; /* rows of the pattern that the buffers were made for */
	int64_t turn; /* bytes left of it */

	run_buffer source_run; /* and result */
	run_buffer destination_run, pattern_run, mask_run;
};

/* A run: `length` bytes of a row of the rectangle, from byte `x` of it on. */
struct run {
	int32_t row;
	size_t x, length;
};

typedef bool run_fn(struct work *work, const struct run *run);

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t words_of(size_t bytes)
{
	return (bytes + 7) / 8;
}

static int32_t destination_x(const struct work *work, const struct run *run)
{
	return work->blit->rectangle.x1 * (int32_t)work->blit->pixel_bytes + (int32_t)run->x;
}

static int32_t destination_y(const struct work *work, const struct run *run)
{
	return work->blit->rectangle.y1 + run->row;
}

static int32_t source_x(const struct work *work, const struct run *run)
{
	return work->blit->source_x * (int32_t)work->blit->pixel_bytes + (int32_t)run->x;
}

static int32_t source_y(const struct work *work, const struct run *run)
{
	return work->blit->source_y + run->row;
}

static int pattern_row(const struct work *work, const struct run *run)
{
	if (work->blit->pattern.uniform)
		return 0;
	return (destination_y(work, run) + work->blit->pattern.y) & (PATTERN_SIZE - 1);
}

/* Pixel of the pattern's row at the left of every run, as runs are whole rows of it apart. */
static unsigned int pattern_column(const struct work *work)
{
	return (work->blit->rectangle.x1 + work->blit->pattern.x) & (PATTERN_SIZE - 1);
}

static void load_pattern(struct work *work, const struct run *run, void *data)
{
	const struct blit *blit = work->blit;
	size_t period = PATTERN_SIZE * blit->pixel_bytes;
	size_t left = pattern_column(work) * blit->pixel_bytes;
	const uint8_t *row = blit->pattern.pixels + pattern_row(work, run) * period;

	memcpy(data, row + left, period - left);
	memcpy((uint8_t *)data + period - left, row, left);
	raster_repeat(data, period, work->run_bytes);
}

/* The bytes of mono source bits that the run needs; *first is the bit of its first pixel. */
static bool load_bits(struct work *work, const struct run *run, uint8_t *bits, size_t *first)
{
	const struct blit_mono *mono = &work->blit->mono;
	size_t count = run->length / work->blit->pixel_bytes;
	uint64_t at = mono->first + (uint64_t)(destination_y(work, run) - mono->y) * mono->stride +
		      (uint32_t)(work->blit->rectangle.x1 - mono->x) +
		      run->x / work->blit->pixel_bytes;
	size_t bytes = (at % 8 + count + 7) / 8;

	*first = at % 8;
	if (!mono->bits)
		return surface_load(&work->source, (int32_t)(at / 8), 0, bits, bytes, work->fault);
	memcpy(bits, mono->bits + at / 8, bytes);
	return true;
}

static void mask_with(struct work *work, const uint64_t *mask, size_t length)
{
	for (size_t i = 0; i < words_of(length); i++)
		work->mask_run[i] &= mask[i];
}

static bool load_mono(struct work *work, const struct run *run)
{
	const struct blit_mono *mono = &work->blit->mono;
	unsigned int pixel_bytes = work->blit->pixel_bytes;
	size_t first, count = run->length / pixel_bytes;
	uint8_t bits[RUN_BYTES / 8 + 1];
	run_buffer mask;

	if (!load_bits(work, run, bits, &first))
		return false;
	raster_expand(bits, first, count, mono->foreground, mono->background, pixel_bytes,
		      work->source_run);
	if (mono->transparent) {
		raster_expand(bits, first, count, UINT32_MAX, 0, pixel_bytes, mask);
		mask_with(work, mask, run->length);
	}
	return true;
}

static bool load_source(struct work *work, const struct run *run)
{
	if (work->blit->source_kind == BLIT_MONO_SOURCE)
		return load_mono(work, run);
	if (work->is_aside) {
		memcpy(work->source_run, work->aside + (size_t)run->row * work->row_bytes + run->x,
		       run->length);
		return true;
	}
	return surface_load(&work->source, source_x(work, run), source_y(work, run),
			    work->source_run, run->length, work->fault);
}

static void mask_with_pattern(struct work *work, const struct run *run)
{
	uint8_t bits[2];
	run_buffer mask;

	/* Two copies side by side, to begin anywhere in the first. */
	bits[0] = bits[1] = work->blit->pattern.bits[pattern_row(work, run)];
	raster_expand(bits, pattern_column(work), PATTERN_SIZE, UINT32_MAX, 0,
		      work->blit->pixel_bytes, mask);
	raster_repeat(mask, PATTERN_SIZE * work->blit->pixel_bytes, work->run_bytes);
	mask_with(work, mask, run->length);
}

static void mask_with_key(struct work *work, const struct run *run)
{
	const struct blit *blit = work->blit;
	const uint64_t *pixels = blit->key_kind == BLIT_KEY_SOURCE  ? work->source_run :
				 blit->key_kind == BLIT_KEY_PATTERN ? work->pattern_run :
								      work->destination_run;

	raster_key_mask(&blit->key, blit->key_kind != BLIT_KEY_DESTINATION, pixels,
			run->length / blit->pixel_bytes, blit->pixel_bytes, work->mask_run);
}

/* What the operation does not look at stays in the buffers as it is. */
static bool load_operands(struct work *work, const struct run *run)
{
	const struct blit *blit = work->blit;

	if (work->masked) {
		memcpy(work->mask_run, &blit->write_mask, sizeof(blit->write_mask));
		raster_repeat(work->mask_run, sizeof(blit->write_mask), work->run_bytes);
	}
	if (!work->reads_source)
		memset(work->source_run, 0, run->length); /* the last result is there */
	else if (!load_source(work, run))
		return false;
	if (work->uses_pattern && work->pattern_row != pattern_row(work, run)) {
		load_pattern(work, run, work->pattern_run);
		work->pattern_row = pattern_row(work, run);
	}
	if (work->reads_destination &&
	    !surface_load(&work->destination, destination_x(work, run), destination_y(work, run),
			  work->destination_run, run->length, work->fault))
		return false;
	if (work->masked && blit->pattern.transparent)
		mask_with_pattern(work, run);
	if (work->masked && blit->key_kind != BLIT_NO_KEY)
		mask_with_key(work, run);
	return true;
}

static bool compute(struct work *work, const struct run *run)
{
	size_t words = words_of(run->length);

	if (!load_operands(work, run))
		return false;
	if (work->blit->rop != ROP_COPY_SOURCE)
		raster_combine(work->blit->rop, work->pattern_run, work->source_run,
			       work->destination_run, words);
	if (work->masked)
		raster_select(work->mask_run, work->source_run, work->destination_run, words);
	return true;
}

/* Rows that show the same row of the pattern have the same result. */
static void compute_fill(struct work *work, const struct run *run)
{
	const struct run whole = { .row = run->row, .length = work->run_bytes };

	if (work->fill_row == pattern_row(work, run))
		return;
	compute(work, &whole);
	work->fill_row = pattern_row(work, run);
}

static bool do_run(struct work *work, const struct run *run)
{
	int32_t x = destination_x(work, run), y = destination_y(work, run);

	if (work->direct)
		return surface_copy_linear(&work->destination, x, y, &work->source,
					   source_x(work, run), source_y(work, run), run->length,
					   work->fault);
	if (work->fill)
		compute_fill(work, run);
	else if (!compute(work, run))
		return false;
	return surface_store(&work->destination, x, y, work->source_run, run->length, work->fault);
}

/* A whole page of tiles, the run being its first row. */
static bool do_page(struct work *work, const struct run *run)
{
	int32_t x = destination_x(work, run), y = destination_y(work, run);

	if (work->copy)
		return surface_copy_page(&work->destination, x, y, &work->source,
					 source_x(work, run), source_y(work, run), work->fault);
	compute_fill(work, run);
	return surface_store_page(&work->destination, x, y, work->source_run, work->fault);
}

static bool put_aside(struct work *work, const struct run *run)
{
	return surface_load(&work->source, source_x(work, run), source_y(work, run),
			    work->aside + (size_t)run->row * work->row_bytes + run->x, run->length,
			    work->fault);
}

/* Let others at the memory; false when the blit is to stop. */
static bool take_turn(struct work *work)
{
	memory_release(work->memory);
	memory_hold(work->memory);
	surface_view_forget(&work->destination);
	if (work->blit->source_kind != BLIT_NO_SOURCE)
		surface_view_forget(&work->source);
	work->turn = TURN_BYTES;
	return !__atomic_load_n(work->blit->stop, __ATOMIC_ACQUIRE);
}

static enum blit_result do_turn(struct work *work, run_fn *fn, const struct run *run)
{
	work->turn -= run->length + RUN_COST;
	if (work->turn <= 0 && !take_turn(work))
		return BLIT_STOPPED;
	return fn(work, run) ? BLIT_DONE : BLIT_FAULT;
}

/* Row by row, in the order that was found. */
static enum blit_result run_rows(struct work *work, run_fn *fn)
{
	size_t runs = (work->row_bytes + RUN_BYTES - 1) / RUN_BYTES;
	enum blit_result result = BLIT_DONE;

	for (int32_t i = 0; i < work->rows && result == BLIT_DONE; i++) {
		struct run run = { .row = work->upwards ? work->rows - 1 - i : i };

		for (size_t k = 0; k < runs && result == BLIT_DONE; k++) {
			run.x = (work->leftwards ? runs - 1 - k : k) * RUN_BYTES;
			run.length = smaller(work->row_bytes - run.x, RUN_BYTES);
			result = do_turn(work, fn, &run);
		}
	}
	return result;
}

static enum blit_result run_band(struct work *work, run_fn *fn, int32_t top, int32_t end)
{
	enum blit_result result = BLIT_DONE;
	struct run run = { 0 };

	for (; run.x < work->row_bytes && result == BLIT_DONE; run.x += BLOCK_BYTES) {
		run.length = smaller(work->row_bytes - run.x, BLOCK_BYTES);
		for (run.row = top; run.row < end && result == BLIT_DONE; run.row++)
			result = do_turn(work, fn, &run);
	}
	return result;
}

/* Where the order is free, tiles are worked off while they are in the host's caches. */
static enum blit_result run_blocks(struct work *work, run_fn *fn)
{
	enum blit_result result = BLIT_DONE;

	for (int32_t top = 0; top < work->rows && result == BLIT_DONE; top += BLOCK_ROWS)
		result = run_band(work, fn, top,
				  work->rows - top < BLOCK_ROWS ? work->rows : top + BLOCK_ROWS);
	return result;
}

/* Rows of pages from `top` on; at the left and right there may be parts of pages. */
static enum blit_result run_page_band(struct work *work, int32_t top)
{
	size_t strip = work->destination.strip;
	enum blit_result result = BLIT_DONE;
	struct run run = { 0 };

	for (; run.x < work->row_bytes && result == BLIT_DONE; run.x += run.length) {
		size_t offset = (size_t)destination_x(work, &run) % strip;

		run.row = top;
		run.length = smaller(work->row_bytes - run.x, strip - offset);
		if (run.length == strip) {
			result = do_turn(work, do_page, &run);
			continue;
		}
		for (; run.row < top + work->destination.strips && result == BLIT_DONE; run.row++)
			result = do_turn(work, do_run, &run);
	}
	return result;
}

/* Where the bytes of a page keep their order, pages are worked off as a whole. */
static enum blit_result run_pages(struct work *work)
{
	int32_t strips = work->destination.strips, end;
	enum blit_result result = BLIT_DONE;

	for (int32_t top = 0; top < work->rows && result == BLIT_DONE; top = end) {
		end = top + strips - (work->blit->rectangle.y1 + top) % strips;
		if (end > work->rows)
			end = work->rows;
		result = end - top == strips ? run_page_band(work, top) :
					       run_band(work, do_run, top, end);
	}
	return result;
}

static bool are_apart(const struct work *work)
{
	const struct blit *blit = work->blit;
	int32_t bytes = (int32_t)blit->pixel_bytes;
	int64_t from, from_end, to, to_end;

	surface_extent(&blit->source, blit->source_x * bytes, blit->source_y, work->row_bytes,
		       work->rows, &from, &from_end);
	surface_extent(&blit->destination, blit->rectangle.x1 * bytes, blit->rectangle.y1,
		       work->row_bytes, work->rows, &to, &to_end);
	return from_end <= to || to_end <= from;
}

/*
 * Go through the rectangle such that nothing is written before it is read. False where source and
 * destination are not laid out alike, so that there is no such way.
 */
static bool find_order(struct work *work)
{
	const struct blit *blit = work->blit;
	const struct surface *from = &blit->source, *to = &blit->destination;
	int32_t bytes = (int32_t)blit->pixel_bytes;
	int64_t distance;

	if (from->tiling != to->tiling || from->pitch != to->pitch)
		return false;
	if (to->tiling == TILING_LINEAR) {
		/* All bytes move by the same distance: begin at the end that they move to. */
		distance = (int64_t)(to->base - from->base) +
			   surface_offset(to, blit->rectangle.x1 * bytes, blit->rectangle.y1) -
			   surface_offset(from, blit->source_x * bytes, blit->source_y);
		work->leftwards = distance > 0;
		work->upwards = (distance > 0) == (to->pitch > 0);
		return true;
	}
	work->upwards = blit->rectangle.y1 > blit->source_y;
	work->leftwards =
		blit->rectangle.y1 == blit->source_y && blit->rectangle.x1 > blit->source_x;
	return to->base == from->base;
}

static enum blit_result run_aside(struct work *work)
{
	enum blit_result result;

	work->aside = malloc(work->row_bytes * (size_t)work->rows);
	if (!work->aside)
		return BLIT_NO_MEMORY;
	result = run_blocks(work, put_aside);
	if (result == BLIT_DONE) {
		work->is_aside = true;
		result = run_blocks(work, do_run);
	}
	free(work->aside);
	return result;
}

/* Pages of both surfaces begin at the same pixels, and look alike inside. */
static bool are_in_phase(const struct work *work)
{
	const struct blit *blit = work->blit;
	const struct run first = { 0 };
	int32_t x = source_x(work, &first) - destination_x(work, &first);
	int32_t y = source_y(work, &first) - destination_y(work, &first);

	return blit->source.tiling == blit->destination.tiling &&
	       !(x % (int32_t)work->destination.strip) && !(y % work->destination.strips);
}

static enum blit_result run_freely(struct work *work, bool from_color)
{
	const struct blit *blit = work->blit;
	bool linear = blit->destination.tiling == TILING_LINEAR;

	work->copy = from_color && blit->rop == ROP_COPY_SOURCE && !work->masked;
	if (!linear &&
	    ((work->fill && blit->pattern.uniform) || (work->copy && are_in_phase(work))))
		return run_pages(work);
	if (!linear || (from_color && blit->source.tiling != TILING_LINEAR))
		return run_blocks(work, do_run);
	work->direct = work->copy;
	return run_rows(work, do_run);
}

static enum blit_result run_in_order(struct work *work)
{
	bool from_color = work->reads_source && work->blit->source_kind == BLIT_COLOR_SOURCE;

	if (!from_color || are_apart(work))
		return run_freely(work, from_color);
	if (find_order(work) || work->row_bytes * (size_t)work->rows > ASIDE_BYTES)
		return run_rows(work, do_run);
	return run_aside(work);
}

/* What the operation looks at. */
static void plan(struct work *work)
{
	const struct blit *blit = work->blit;
	bool mono = blit->source_kind == BLIT_MONO_SOURCE;

	work->masked = blit->write_mask != UINT32_MAX || blit->pattern.transparent ||
		       (mono && blit->mono.transparent) || blit->key_kind != BLIT_NO_KEY;
	work->reads_source = blit->source_kind != BLIT_NO_SOURCE &&
			     (rop_uses_source(blit->rop) || blit->key_kind == BLIT_KEY_SOURCE ||
			      (mono && blit->mono.transparent));
	work->reads_destination = rop_uses_destination(blit->rop) || work->masked;
	work->uses_pattern = rop_uses_pattern(blit->rop) || blit->key_kind == BLIT_KEY_PATTERN;
	work->fill = !work->reads_source && !work->reads_destination;
}

static size_t longest_run(const struct work *work)
{
	const struct blit *blit = work->blit;

	/* Whole pages may be filled from it. */
	if (work->fill && blit->pattern.uniform && blit->destination.tiling != TILING_LINEAR)
		return RUN_BYTES;
	return smaller(work->row_bytes, RUN_BYTES);
}

static void clear_runs(struct work *work)
{
	/* The vectors that the run ends in are whole. */
	size_t length = (work->run_bytes + RASTER_VECTOR - 1) / RASTER_VECTOR * RASTER_VECTOR;

	memset(work->source_run, 0, length);
	memset(work->destination_run, 0, length);
	memset(work->pattern_run, 0, length);
}

static void open_surfaces(struct work *work)
{
	const struct blit *blit = work->blit;

	surface_view_init(&work->destination, &blit->destination, true);
	work->mono = (struct surface){
		.space = blit->destination.space,
		.base = blit->mono.address,
	};
	if (blit->source_kind != BLIT_NO_SOURCE)
		surface_view_init(
			&work->source,
			blit->source_kind == BLIT_MONO_SOURCE ? &work->mono : &blit->source, false);
}

enum blit_result blit_run(const struct blit *blit, struct gtt_fault *fault)
{
	struct work work;
	enum blit_result result;

	if (!blit->write_mask)
		return BLIT_DONE;
	work.blit = blit;
	work.memory = blit->destination.space->memory;
	work.fault = fault;
	work.rows = blit->rectangle.y2 - blit->rectangle.y1;
	work.row_bytes = (size_t)(blit->rectangle.x2 - blit->rectangle.x1) * blit->pixel_bytes;
	work.upwards = work.leftwards = work.copy = work.direct = work.is_aside = false;
	work.pattern_row = work.fill_row = NO_ROW;
	work.turn = TURN_BYTES;
	plan(&work);
	work.run_bytes = longest_run(&work);
	clear_runs(&work);
	open_surfaces(&work);
	memory_hold(work.memory);
	result = run_in_order(&work);
	memory_release(work.memory);
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

void blit_pattern_solid(struct blit_pattern *pattern, uint32_t color, unsigned int pixel_bytes)
{
	memcpy(pattern->pixels, &color, pixel_bytes);
	raster_repeat(pattern->pixels, pixel_bytes, PATTERN_SIZE * PATTERN_SIZE * pixel_bytes);
	pattern->uniform = true;
}

void blit_pattern_mono(struct blit_pattern *pattern, uint64_t bits, uint32_t foreground,
		       uint32_t background, unsigned int pixel_bytes)
{
	for (unsigned int row = 0; row < PATTERN_SIZE; row++)
		pattern->bits[row] = bits >> (8 * row);
	raster_expand(pattern->bits, 0, PATTERN_SIZE * PATTERN_SIZE, foreground, background,
		      pixel_bytes, pattern->pixels);
}
