/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * surface-view.h - rows of bytes to and from a surface in bulk
 *
 * A view remembers where in the host's memory the surface's pages are, as a GPU does in its TLBs.
 * So it holds good only while the memory is held (memory_hold()): whoever releases the memory and
 * goes on later calls surface_view_forget() in between.
 */
#ifndef GPUSIM_SURFACE_VIEW_H
#define GPUSIM_SURFACE_VIEW_H

#include "surface.h"

#define SURFACE_VIEW_PAGES 256 /* a row of Y tiles of 8192 pixels of 32 bits */

/* Bytes that lie side by side in every tiling, and how many times those are in a row of a page. */
#define SURFACE_SPAN  16u
#define SURFACE_SPANS 32

struct surface_view {
	const struct surface *surface;
	bool write;
	/* Of tiles: see surface_view_init(). */
	struct tile_layout layout;
	unsigned int width_shift, height_shift, size_shift;
	size_t strip; /* bytes of a row that lie in one page, */
	int32_t strips; /* how many rows do, */
	uint16_t spans[SURFACE_SPANS]; /* and where there its spans are */
	struct {
		uint64_t number; /* address / page size */
		uint8_t *host;
	} pages[SURFACE_VIEW_PAGES];
};

/* A view for reading or, if `write`, writing. A tiled surface must be whole. */
void surface_view_init(struct surface_view *view, const struct surface *surface, bool write);
void surface_view_forget(struct surface_view *view);

/*
 * Copy `length` bytes of row y from byte x on. False at a fault, which is told in *fault; what came
 * before it was copied.
 */
bool surface_load(struct surface_view *view, int32_t x, int32_t y, void *data, size_t length,
		  struct gtt_fault *fault);
bool surface_store(struct surface_view *view, int32_t x, int32_t y, const void *data, size_t length,
		   struct gtt_fault *fault);

/*
 * The same with the whole page that begins at x, y of a tiled surface, in the order of its bytes in
 * memory: `strip` bytes of `strips` rows.
 */
bool surface_store_page(struct surface_view *view, int32_t x, int32_t y, const void *page,
			struct gtt_fault *fault);
bool surface_copy_page(struct surface_view *to, int32_t to_x, int32_t to_y,
		       struct surface_view *from, int32_t from_x, int32_t from_y,
		       struct gtt_fault *fault);

/* Between two linear surfaces, where what is written is not read any more. */
bool surface_copy_linear(struct surface_view *to, int32_t to_x, int32_t to_y,
			 struct surface_view *from, int32_t from_x, int32_t from_y, size_t length,
			 struct gtt_fault *fault);

#endif
