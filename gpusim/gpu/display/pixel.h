/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pixel.h - formats of pixels, to 8-bit ARGB
 *
 * Knows bytes and colours; no surface, no plane. Names give the components from the highest bit
 * down, as the manuals and <drm/drm_fourcc.h> do; more than 8 bits are cut off.
 */
#ifndef GPUSIM_DISPLAY_PIXEL_H
#define GPUSIM_DISPLAY_PIXEL_H

#include <stdbool.h>
#include <stdint.h>

enum pixel_format {
	PIXEL_INDEXED,
	PIXEL_RGB565,
	PIXEL_XRGB8888,
	PIXEL_XBGR8888,
	PIXEL_XRGB2101010,
	PIXEL_XBGR2101010,
	PIXEL_XRGB16161616F,
	PIXEL_XBGR16161616F,
	PIXEL_YUYV,
	PIXEL_UYVY,
	PIXEL_YVYU,
	PIXEL_VYUY,
	PIXEL_XYUV8888,
	PIXEL_FORMATS
};

struct pixel_rules {
	enum pixel_format format;
	bool bt709; /* YUV by BT.709, not BT.601 */
	bool full_range; /* YUV with components from 0 to 255 */
	const uint32_t *palette; /* 256 colours, for PIXEL_INDEXED */
};

/* Bytes per pixel. */
unsigned int pixel_bytes(enum pixel_format format);

/* Pixels that share components, so that decoding must begin at a multiple: 1 or 2. */
unsigned int pixel_group(enum pixel_format format);

/* Decode `count` pixels, a multiple of pixel_group(). Formats with X have what is there as alpha.
 */
void pixel_decode(const struct pixel_rules *rules, const uint8_t *from, unsigned int count,
		  uint32_t *to);

#endif
