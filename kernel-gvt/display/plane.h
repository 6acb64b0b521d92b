/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plane.h - what a plane or the cursor shows, whatever its generation's registers look like
 *
 * plane.c fills it in from what a guest has armed; surface.h reads its pixels, screen.c places them.
 * All numbers are bounded here: a guest can write anything.
 */
#ifndef GVT_PLANE_H
#define GVT_PLANE_H

#include <linux/types.h>

#include "pixel.h"

struct gvt_view;

/* Pixels in a row, and rows, of what a plane shows: what the hardware can fetch. */
#define GVT_PLANE_MOST 4096u

enum gvt_tiling {
	GVT_LINEAR,
	GVT_TILED_X,
	GVT_TILED_Y,
	GVT_TILED_YF,
};

enum gvt_alpha {
	GVT_ALPHA_NONE, /* every pixel is opaque */
	GVT_ALPHA_PREMULTIPLIED,
	GVT_ALPHA_COVERAGE,
};

enum gvt_key {
	GVT_KEY_NONE,
	GVT_KEY_SOURCE, /* pixels of the plane from key_low to key_high are not there */
	GVT_KEY_DESTINATION, /* the plane is there only where key_low lies below it */
};

struct gvt_plane {
	const struct gvt_pixel_format *format;
	struct gvt_colours colours; /* the palette is screen.c's to fill in */
	u64 base; /* graphics address */
	enum gvt_tiling tiling;
	u32 pitch; /* bytes from row to row; tiles from row to row of tiles, where turned */
	u32 x, y, width, height; /* pixels that are shown, in the surface */
	s32 left, top; /* where they are shown; scaled to: */
	u32 shown_width, shown_height;

	/*
	 * Turned: tiles lie as in a picture that is turned clockwise by 90°, and each holds its part of
	 * the picture as it was before. Reversed: the last pixel of the last row comes first.
	 */
	bool turned, reversed;

	enum gvt_alpha alpha;
	u8 opacity; /* of the plane as a whole */
	enum gvt_key key;
	u32 key_low, key_high, key_mask; /* RGB; the mask selects what is compared */
	bool gamma; /* goes through the pipe's palette */
};

/* What plane n of the pipe shows; GVT_PLANES: the cursor. False: nothing. */
bool gvt_plane_decode(const struct gvt_view *view, unsigned int generation, unsigned int n,
		      struct gvt_plane *plane);
/* The window of the pipe's own scaler in the picture; false: it has none. */
bool gvt_plane_pipe_window(const struct gvt_view *view, struct gvt_plane *window);

/* By <drm/drm_fourcc.h>. */
u64 gvt_plane_modifier(const struct gvt_plane *plane);

#endif
