// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "surface-view.h"

#define NO_PAGE UINT64_MAX

/* Bytes that lie side by side in every tiling. */
#define SPAN 16u

void surface_view_init(struct surface_view *view, const struct surface *surface, bool write)
{
	const struct tile_layout *layout = surface_layout(surface);

	view->surface = surface;
	view->write = write;
	if (layout) {
		view->layout = *layout;
		view->width_shift = __builtin_popcount(layout->x);
		view->height_shift = __builtin_popcount(layout->y);
		view->size_shift = view->width_shift + view->height_shift;
		view->strip = (size_t)1 << __builtin_popcount(layout->x & GPU_PAGE_MASK);
	}
	surface_view_forget(view);
}

void surface_view_forget(struct surface_view *view)
{
	for (unsigned int i = 0; i < SURFACE_VIEW_PAGES; i++)
		view->pages[i].number = NO_PAGE;
}

/* Host address of what is at `address`; the rest of its page follows. */
static uint8_t *find(struct surface_view *view, uint64_t address, struct gtt_fault *fault)
{
	uint64_t number = address >> GPU_PAGE_SHIFT;
	unsigned int slot = number % SURFACE_VIEW_PAGES;
	size_t offset = address & GPU_PAGE_MASK, length;

	if (view->pages[slot].number != number) {
		uint8_t *host = gtt_at(view->surface->space, address, view->write, &length, fault);

		if (!host)
			return NULL;
		view->pages[slot].number = number;
		view->pages[slot].host = host - offset;
	}
	return view->pages[slot].host + offset;
}

static size_t room_in_page(uint64_t address)
{
	return GPU_PAGE_SIZE - (address & GPU_PAGE_MASK);
}

static uint64_t linear_address(const struct surface_view *view, int32_t x, int32_t y)
{
	return view->surface->base + (int64_t)y * view->surface->pitch + x;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool load_linear(struct surface_view *view, uint64_t address, uint8_t *to, size_t length,
			struct gtt_fault *fault)
{
	while (length) {
		size_t piece = smaller(length, room_in_page(address));
		const uint8_t *from = find(view, address, fault);

		if (!from)
			return false;
		memcpy(to, from, piece);
		address += piece;
		to += piece;
		length -= piece;
	}
	return true;
}

static bool store_linear(struct surface_view *view, uint64_t address, const uint8_t *from,
			 size_t length, struct gtt_fault *fault)
{
	while (length) {
		size_t piece = smaller(length, room_in_page(address));
		uint8_t *to = find(view, address, fault);

		if (!to)
			return false;
		memcpy(to, from, piece);
		address += piece;
		from += piece;
		length -= piece;
	}
	return true;
}

/* The place of a byte in a tiled surface, on its way along a row. */
struct place {
	uint64_t tile; /* its address */
	uint32_t column, row; /* what x and y add to the offset into it */
	size_t room; /* bytes up to where the row leaves the page */
};

/* A part of a row that lies in one page: where each of its spans is. */
struct strip {
	uint8_t *page;
	uint32_t column, row; /* the same of the page */
	uint32_t mask; /* bits of the column */
	size_t length;
};

/* The column of the next span: counts in the bits of the mask alone. */
static uint32_t next_column(uint32_t column, uint32_t mask)
{
	return ((column | ~mask | (SPAN - 1)) + 1) & mask;
}

static void gather(const struct strip *strip, uint8_t *to)
{
	uint32_t column = strip->column;
	size_t left = strip->length, piece = smaller(left, -column % SPAN);
	uint8_t *row = strip->page + strip->row;

	if (piece) {
		memcpy(to, row + column, piece);
		column = next_column(column, strip->mask);
	}
	for (left -= piece, to += piece; left >= SPAN; left -= SPAN, to += SPAN) {
		memcpy(to, row + column, SPAN);
		column = next_column(column, strip->mask);
	}
	memcpy(to, row + column, left);
}

static void scatter(const struct strip *strip, const uint8_t *from)
{
	uint32_t column = strip->column;
	size_t left = strip->length, piece = smaller(left, -column % SPAN);
	uint8_t *row = strip->page + strip->row;

	if (piece) {
		memcpy(row + column, from, piece);
		column = next_column(column, strip->mask);
	}
	for (left -= piece, from += piece; left >= SPAN; left -= SPAN, from += SPAN) {
		memcpy(row + column, from, SPAN);
		column = next_column(column, strip->mask);
	}
	memcpy(row + column, from, left);
}

static struct place find_place(const struct surface_view *view, uint32_t x, uint32_t y)
{
	const struct tile_layout *layout = &view->layout;
	uint64_t tile = (uint64_t)(y >> view->height_shift) *
				((uint32_t)view->surface->pitch >> view->width_shift) +
			(x >> view->width_shift);

	return (struct place){
		.tile = view->surface->base + (tile << view->size_shift),
		.column = tile_spread(x & ((1u << view->width_shift) - 1), layout->x),
		.row = tile_spread(y & ((1u << view->height_shift) - 1), layout->y),
		.room = view->strip - (x & (view->strip - 1)),
	};
}

/* To the next page of the row, which may be in the next tile. */
static void leave_page(const struct surface_view *view, struct place *place)
{
	uint32_t mask = view->layout.x;

	place->column = ((place->column | ~mask | GPU_PAGE_MASK) + 1) & mask;
	if (!place->column)
		place->tile += 1ull << view->size_shift;
	place->room = view->strip;
}

/* What is left of `length` bytes in the place's page; the place moves behind it. */
static bool next_strip(struct surface_view *view, struct place *place, size_t length,
		       struct strip *strip, struct gtt_fault *fault)
{
	uint32_t page = (place->column | place->row) & ~GPU_PAGE_MASK;

	strip->page = find(view, place->tile + page, fault);
	strip->column = place->column & GPU_PAGE_MASK;
	strip->row = place->row & GPU_PAGE_MASK;
	strip->mask = view->layout.x & GPU_PAGE_MASK;
	strip->length = smaller(length, place->room);
	leave_page(view, place);
	return strip->page;
}

bool surface_load(struct surface_view *view, int32_t x, int32_t y, void *data, size_t length,
		  struct gtt_fault *fault)
{
	uint8_t *to = data;
	struct place place;
	struct strip strip;

	if (view->surface->tiling == TILING_LINEAR)
		return load_linear(view, linear_address(view, x, y), to, length, fault);
	place = find_place(view, x, y);
	for (; length; to += strip.length, length -= strip.length) {
		if (!next_strip(view, &place, length, &strip, fault))
			return false;
		if (view->surface->tiling == TILING_X)
			memcpy(to, strip.page + (strip.column | strip.row), strip.length);
		else
			gather(&strip, to);
	}
	return true;
}

bool surface_store(struct surface_view *view, int32_t x, int32_t y, const void *data, size_t length,
		   struct gtt_fault *fault)
{
	const uint8_t *from = data;
	struct place place;
	struct strip strip;

	if (view->surface->tiling == TILING_LINEAR)
		return store_linear(view, linear_address(view, x, y), from, length, fault);
	place = find_place(view, x, y);
	for (; length; from += strip.length, length -= strip.length) {
		if (!next_strip(view, &place, length, &strip, fault))
			return false;
		if (view->surface->tiling == TILING_X)
			memcpy(strip.page + (strip.column | strip.row), from, strip.length);
		else
			scatter(&strip, from);
	}
	return true;
}

bool surface_copy_linear(struct surface_view *to, int32_t to_x, int32_t to_y,
			 struct surface_view *from, int32_t from_x, int32_t from_y, size_t length,
			 struct gtt_fault *fault)
{
	uint64_t target = linear_address(to, to_x, to_y);
	uint64_t source = linear_address(from, from_x, from_y);

	while (length) {
		size_t piece = smaller(length, smaller(room_in_page(target), room_in_page(source)));
		const uint8_t *host = find(from, source, fault);
		uint8_t *room = host ? find(to, target, fault) : NULL;

		if (!room)
			return false;
		/* Two graphics pages may be one of memory. */
		memmove(room, host, piece);
		target += piece;
		source += piece;
		length -= piece;
	}
	return true;
}
