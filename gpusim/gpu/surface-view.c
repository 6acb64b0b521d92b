// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "surface-view.h"

#define NO_PAGE UINT64_MAX

static void init_tiles(struct surface_view *view, const struct tile_layout *layout)
{
	uint32_t mask = layout->x & GPU_PAGE_MASK;

	view->layout = *layout;
	view->width_shift = __builtin_popcount(layout->x);
	view->height_shift = __builtin_popcount(layout->y);
	view->size_shift = view->width_shift + view->height_shift;
	view->strip = (size_t)1 << __builtin_popcount(mask);
	view->strips = (int32_t)(GPU_PAGE_SIZE / view->strip);
	for (uint32_t x = 0; x < view->strip; x += SURFACE_SPAN)
		view->spans[x / SURFACE_SPAN] = tile_spread(x, mask);
}

void surface_view_init(struct surface_view *view, const struct surface *surface, bool write)
{
	const struct tile_layout *layout = surface_layout(surface);

	view->surface = surface;
	view->write = write;
	if (layout)
		init_tiles(view, layout);
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

/* A byte of a tiled surface, on its way along a row. */
struct place {
	uint64_t tile; /* its address */
	uint32_t page; /* what x adds to that of the page, */
	uint32_t row; /* and y to that of the byte */
	size_t x; /* in the page */
};

static struct place find_place(const struct surface_view *view, uint32_t x, uint32_t y)
{
	const struct tile_layout *layout = &view->layout;
	uint64_t tile = (uint64_t)(y >> view->height_shift) *
				((uint32_t)view->surface->pitch >> view->width_shift) +
			(x >> view->width_shift);
	uint32_t pages = (x & ((1u << view->width_shift) - 1)) / view->strip;

	return (struct place){
		.tile = view->surface->base + (tile << view->size_shift),
		.page = tile_spread(pages, layout->x & ~GPU_PAGE_MASK),
		.row = tile_spread(y & ((1u << view->height_shift) - 1), layout->y),
		.x = x & (view->strip - 1),
	};
}

/* Host address of the row's beginning in the page. */
static uint8_t *find_row(struct surface_view *view, const struct place *place,
			 struct gtt_fault *fault)
{
	return find(view, place->tile + (place->page | place->row), fault);
}

/* To the next page of the row, which may be in the next tile. */
static void leave_page(const struct surface_view *view, struct place *place)
{
	uint32_t mask = view->layout.x & ~GPU_PAGE_MASK;

	/* Counts in the bits of the mask alone. */
	place->page = ((place->page | ~mask) + 1) & mask;
	if (!place->page)
		place->tile += 1ull << view->size_shift;
	place->x = 0;
}

static void gather(const uint16_t *spans, const uint8_t *row, size_t x, uint8_t *to, size_t length)
{
	const uint16_t *span = &spans[x / SURFACE_SPAN];
	size_t offset = x % SURFACE_SPAN;

	if (offset) {
		size_t piece = smaller(length, SURFACE_SPAN - offset);

		memcpy(to, row + *span++ + offset, piece);
		to += piece;
		length -= piece;
	}
	for (; length >= SURFACE_SPAN; length -= SURFACE_SPAN, to += SURFACE_SPAN)
		memcpy(to, row + *span++, SURFACE_SPAN);
	if (length)
		memcpy(to, row + *span, length);
}

static void scatter(const uint16_t *spans, uint8_t *row, size_t x, const uint8_t *from,
		    size_t length)
{
	const uint16_t *span = &spans[x / SURFACE_SPAN];
	size_t offset = x % SURFACE_SPAN;

	if (offset) {
		size_t piece = smaller(length, SURFACE_SPAN - offset);

		memcpy(row + *span++ + offset, from, piece);
		from += piece;
		length -= piece;
	}
	for (; length >= SURFACE_SPAN; length -= SURFACE_SPAN, from += SURFACE_SPAN)
		memcpy(row + *span++, from, SURFACE_SPAN);
	if (length)
		memcpy(row + *span, from, length);
}

bool surface_load(struct surface_view *view, int32_t x, int32_t y, void *data, size_t length,
		  struct gtt_fault *fault)
{
	uint8_t *to = data;
	struct place place;

	if (view->surface->tiling == TILING_LINEAR)
		return load_linear(view, linear_address(view, x, y), to, length, fault);
	place = find_place(view, x, y);
	while (length) {
		size_t piece = smaller(length, view->strip - place.x);
		uint8_t *row = find_row(view, &place, fault);

		if (!row)
			return false;
		if (view->surface->tiling == TILING_X)
			memcpy(to, row + place.x, piece);
		else
			gather(view->spans, row, place.x, to, piece);
		leave_page(view, &place);
		to += piece;
		length -= piece;
	}
	return true;
}

bool surface_store(struct surface_view *view, int32_t x, int32_t y, const void *data, size_t length,
		   struct gtt_fault *fault)
{
	const uint8_t *from = data;
	struct place place;

	if (view->surface->tiling == TILING_LINEAR)
		return store_linear(view, linear_address(view, x, y), from, length, fault);
	place = find_place(view, x, y);
	while (length) {
		size_t piece = smaller(length, view->strip - place.x);
		uint8_t *row = find_row(view, &place, fault);

		if (!row)
			return false;
		if (view->surface->tiling == TILING_X)
			memcpy(row + place.x, from, piece);
		else
			scatter(view->spans, row, place.x, from, piece);
		leave_page(view, &place);
		from += piece;
		length -= piece;
	}
	return true;
}

static uint8_t *find_page(struct surface_view *view, int32_t x, int32_t y, struct gtt_fault *fault)
{
	struct place place = find_place(view, x, y);

	return find_row(view, &place, fault);
}

bool surface_store_page(struct surface_view *view, int32_t x, int32_t y, const void *page,
			struct gtt_fault *fault)
{
	uint8_t *to = find_page(view, x, y, fault);

	if (to)
		memcpy(to, page, GPU_PAGE_SIZE);
	return to;
}

bool surface_copy_page(struct surface_view *to, int32_t to_x, int32_t to_y,
		       struct surface_view *from, int32_t from_x, int32_t from_y,
		       struct gtt_fault *fault)
{
	const uint8_t *page = find_page(from, from_x, from_y, fault);
	uint8_t *room = page ? find_page(to, to_x, to_y, fault) : NULL;

	if (room)
		memmove(room, page, GPU_PAGE_SIZE);
	return room;
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
