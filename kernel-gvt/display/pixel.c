// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <drm/drm_fourcc.h>

#include "pixel.h"

#define OPAQUE 0xff000000u

static u32 pack(u32 red, u32 green, u32 blue)
{
	return OPAQUE | red << 16 | green << 8 | blue;
}

static u32 swap_ends(u32 colour)
{
	return (colour & 0xff00ff00) | (colour & 0xff) << 16 | (colour >> 16 & 0xff);
}

static void decode_c8(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const u8 *index = from;

	while (count--)
		*to++ = colours->palette[*index++] | OPAQUE;
}

/* High bits are repeated below, so that what is full stays full. */
static void decode_rgb565(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const u16 *pixel = from;

	for (; count--; pixel++) {
		u32 red = *pixel >> 11, green = *pixel >> 5 & 0x3f, blue = *pixel & 0x1f;

		*to++ = pack(red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2);
	}
}

static void decode_xrgb8888(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	memcpy(to, from, count * sizeof(*to));
}

static void decode_xbgr8888(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const u32 *pixel = from;

	while (count--)
		*to++ = swap_ends(*pixel++);
}

/* Two bits of alpha become eight. */
static u32 from_10_bits(u32 pixel)
{
	u32 colour = pack(pixel >> 22 & 0xff, pixel >> 12 & 0xff, pixel >> 2 & 0xff);

	return (colour & ~OPAQUE) | (pixel >> 30) * 0x55u << 24;
}

static void decode_xrgb2101010(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const u32 *pixel = from;

	while (count--)
		*to++ = from_10_bits(*pixel++);
}

static void decode_xbgr2101010(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const u32 *pixel = from;

	while (count--)
		*to++ = swap_ends(from_10_bits(*pixel++));
}

/* IEEE half precision, 0 to 1: more is full, less is nothing. */
static u32 from_half(u16 half)
{
	u32 exponent = half >> 10 & 0x1f, mantissa = 0x400 | (half & 0x3ff), shift;

	if (half >> 15 || exponent < 6)
		return 0;
	if (exponent >= 15)
		return 255;
	/* The value is mantissa * 2^(exponent - 25). */
	shift = 25 - exponent;
	return (mantissa * 255 + (1u << (shift - 1))) >> shift;
}

static u32 from_halves(const u16 *halves)
{
	return (pack(from_half(halves[2]), from_half(halves[1]), from_half(halves[0])) & ~OPAQUE) |
	       from_half(halves[3]) << 24;
}

static void decode_xrgb16f(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	for (const u16 *halves = from; count--; halves += 4)
		*to++ = from_halves(halves);
}

static void decode_xbgr16f(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	for (const u16 *halves = from; count--; halves += 4)
		*to++ = swap_ends(from_halves(halves));
}

/* Weights in 1/4096: of luma, of Cr in red, of Cb and Cr in green, of Cb in blue; and luma's black. */
struct weights {
	s32 luma, red_cr, green_cb, green_cr, blue_cb, black;
};

static const struct weights bt601_limited = { 4769, 6537, -1605, -3330, 8263, 16 };
static const struct weights bt601_full = { 4096, 5743, -1410, -2925, 7258, 0 };
static const struct weights bt709_limited = { 4769, 7343, -873, -2183, 8652, 16 };
static const struct weights bt709_full = { 4096, 6450, -767, -1917, 7601, 0 };

static const struct weights *weights_of(const struct gvt_colours *colours)
{
	if (colours->bt709)
		return colours->full_range ? &bt709_full : &bt709_limited;
	return colours->full_range ? &bt601_full : &bt601_limited;
}

static u32 to_byte(s32 value)
{
	return clamp((value + 2048) / 4096, 0, 255);
}

static u32 from_yuv(const struct weights *w, u8 y, u8 cb, u8 cr)
{
	s32 luma = (y - w->black) * w->luma, u = cb - 128, v = cr - 128;

	return pack(to_byte(luma + w->red_cr * v), to_byte(luma + w->green_cb * u + w->green_cr * v),
		    to_byte(luma + w->blue_cb * u));
}

/* Two pixels in four bytes: where the first luma is, Cb, the second luma, Cr. */
static void decode_422(const struct gvt_colours *colours, const u8 *from, u32 count, u32 *to, u32 order)
{
	const struct weights *w = weights_of(colours);
	u32 y0 = order >> 24, cb = order >> 16 & 0xff, y1 = order >> 8 & 0xff, cr = order & 0xff;

	for (; count >= 2; count -= 2, from += 4) {
		*to++ = from_yuv(w, from[y0], from[cb], from[cr]);
		*to++ = from_yuv(w, from[y1], from[cb], from[cr]);
	}
}

static void decode_yuyv(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	decode_422(colours, from, count, to, 0x00010203);
}

static void decode_yvyu(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	decode_422(colours, from, count, to, 0x00030201);
}

static void decode_uyvy(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	decode_422(colours, from, count, to, 0x01000302);
}

static void decode_vyuy(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	decode_422(colours, from, count, to, 0x01020300);
}

static void decode_xyuv8888(const struct gvt_colours *colours, const void *from, u32 count, u32 *to)
{
	const struct weights *w = weights_of(colours);

	for (const u8 *pixel = from; count--; pixel += 4)
		*to++ = from_yuv(w, pixel[2], pixel[1], pixel[0]);
}

static const struct gvt_pixel_format formats[] = {
	{ DRM_FORMAT_C8, 0, 1, 1, decode_c8 },
	{ DRM_FORMAT_RGB565, 0, 2, 1, decode_rgb565 },
	{ DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, 4, 1, decode_xrgb8888 },
	{ DRM_FORMAT_XBGR8888, DRM_FORMAT_ABGR8888, 4, 1, decode_xbgr8888 },
	{ DRM_FORMAT_XRGB2101010, DRM_FORMAT_ARGB2101010, 4, 1, decode_xrgb2101010 },
	{ DRM_FORMAT_XBGR2101010, DRM_FORMAT_ABGR2101010, 4, 1, decode_xbgr2101010 },
	{ DRM_FORMAT_XRGB16161616F, DRM_FORMAT_ARGB16161616F, 8, 1, decode_xrgb16f },
	{ DRM_FORMAT_XBGR16161616F, DRM_FORMAT_ABGR16161616F, 8, 1, decode_xbgr16f },
	{ DRM_FORMAT_YUYV, 0, 2, 2, decode_yuyv },
	{ DRM_FORMAT_YVYU, 0, 2, 2, decode_yvyu },
	{ DRM_FORMAT_UYVY, 0, 2, 2, decode_uyvy },
	{ DRM_FORMAT_VYUY, 0, 2, 2, decode_vyuy },
	{ DRM_FORMAT_XYUV8888, 0, 4, 1, decode_xyuv8888 },
};

const struct gvt_pixel_format *gvt_pixel_format(u32 fourcc)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(formats); i++)
		if (formats[i].fourcc == fourcc)
			return &formats[i];
	return NULL;
}
