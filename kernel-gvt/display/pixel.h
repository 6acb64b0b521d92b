/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pixel.h - formats of pixels, and how each becomes 8-bit ARGB
 *
 * Knows bytes and colours; no plane, no memory. Formats are named by <drm/drm_fourcc.h>, which
 * gives the components from the highest bit down.
 */
#ifndef GVT_PIXEL_H
#define GVT_PIXEL_H

#include <linux/types.h>

struct gvt_colours {
	bool bt709; /* YUV by BT.709, else BT.601 */
	bool full_range; /* YUV from 0 to 255 */
	const u32 *palette; /* 256 colours, for DRM_FORMAT_C8 */
};

struct gvt_pixel_format {
	u32 fourcc;
	u32 fourcc_alpha; /* the same with alpha; 0: it has none */
	u8 bytes; /* of a pixel */
	u8 group; /* pixels that share components: decoding begins at a multiple */
	/* `count`: a multiple of the group. What a format with X has there becomes alpha. */
	void (*decode)(const struct gvt_colours *colours, const void *from, u32 count, u32 *to);
};

/* NULL: a format that no plane has. */
const struct gvt_pixel_format *gvt_pixel_format(u32 fourcc);

#endif
