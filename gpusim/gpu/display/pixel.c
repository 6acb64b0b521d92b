// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "pixel.h"

static const struct {
	uint8_t bytes, group;
} formats[PIXEL_FORMATS] = {
	[PIXEL_INDEXED] = { 1, 1 },	  [PIXEL_RGB565] = { 2, 1 },
	[PIXEL_XRGB8888] = { 4, 1 },	  [PIXEL_XBGR8888] = { 4, 1 },
	[PIXEL_XRGB2101010] = { 4, 1 },	  [PIXEL_XBGR2101010] = { 4, 1 },
	[PIXEL_XRGB16161616F] = { 8, 1 }, [PIXEL_XBGR16161616F] = { 8, 1 },
	[PIXEL_YUYV] = { 2, 2 },	  [PIXEL_UYVY] = { 2, 2 },
	[PIXEL_YVYU] = { 2, 2 },	  [PIXEL_VYUY] = { 2, 2 },
	[PIXEL_XYUV8888] = { 4, 1 },
};

unsigned int pixel_bytes(enum pixel_format format)
{
	return formats[format].bytes;
}

unsigned int pixel_group(enum pixel_format format)
{
	return formats[format].group;
}

static uint32_t argb(uint32_t a, uint32_t r, uint32_t g, uint32_t b)
{
	return a << 24 | r << 16 | g << 8 | b;
}

static uint32_t swap_red_blue(uint32_t color)
{
	return (color & 0xff00ff00) | (color & 0xff) << 16 | (color >> 16 & 0xff);
}

/* The high bits fill up the low ones, so that full stays full. */
static uint32_t from_rgb565(uint16_t value)
{
	uint32_t r = value >> 11, g = value >> 5 & 0x3f, b = value & 0x1f;

	return argb(0xff, r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2);
}

static uint32_t from_2101010(uint32_t value)
{
	return argb((value >> 30) * 0x55, value >> 22 & 0xff, value >> 12 & 0xff,
		    value >> 2 & 0xff);
}

/* A half-precision float from 0 to 1 as 0 to 255; what is beyond is clamped. */
static uint32_t from_half(uint16_t half)
{
	uint32_t exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;

	if (half & 0x8000 || exponent < 6)
		return 0;
	if (exponent >= 15)
		return 255;
	/* (1 + mantissa / 1024) * 2^(exponent - 15) * 255, rounded. */
	return (((1024 + mantissa) * 255 >> (15 - exponent)) + 512) >> 10;
}

static uint32_t from_16161616f(const uint16_t *components)
{
	return argb(from_half(components[3]), from_half(components[2]), from_half(components[1]),
		    from_half(components[0]));
}

static uint32_t clamp(int32_t value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

/* Coefficients in 1/1024: of luma, V in red, U and V in green, U in blue. */
static const struct yuv_matrix {
	int32_t luma, red_v, green_u, green_v, blue_u;
	int32_t black;
} matrices[2][2] = {
	/* [bt709][full_range] */
	{ { 1192, 1634, -401, -833, 2066, 16 }, { 1024, 1436, -352, -731, 1815, 0 } },
	{ { 1192, 1836, -218, -546, 2163, 16 }, { 1024, 1613, -192, -479, 1900, 0 } },
};

static uint32_t from_yuv(const struct pixel_rules *rules, int32_t y, int32_t u, int32_t v)
{
	const struct yuv_matrix *matrix = &matrices[rules->bt709][rules->full_range];
	int32_t luma = (y - matrix->black) * matrix->luma + 512;

	u -= 128;
	v -= 128;
	return argb(0xff, clamp((luma + matrix->red_v * v) >> 10),
		    clamp((luma + matrix->green_u * u + matrix->green_v * v) >> 10),
		    clamp((luma + matrix->blue_u * u) >> 10));
}

/* Where Y0, U, Y1 and V are among the four bytes of two pixels. */
static const uint8_t yuv_order[PIXEL_FORMATS][4] = {
	[PIXEL_YUYV] = { 0, 1, 2, 3 },
	[PIXEL_UYVY] = { 1, 0, 3, 2 },
	[PIXEL_YVYU] = { 0, 3, 2, 1 },
	[PIXEL_VYUY] = { 1, 2, 3, 0 },
};

static void decode_yuv422(const struct pixel_rules *rules, const uint8_t *from, unsigned int count,
			  uint32_t *to)
{
	const uint8_t *order = yuv_order[rules->format];

	for (unsigned int i = 0; i < count; i += 2, from += 4) {
		to[i] = from_yuv(rules, from[order[0]], from[order[1]], from[order[3]]);
		to[i + 1] = from_yuv(rules, from[order[2]], from[order[1]], from[order[3]]);
	}
}

static uint32_t decode_one(const struct pixel_rules *rules, const uint8_t *from)
{
	uint16_t half[4];
	uint32_t value = 0;

	if (rules->format == PIXEL_INDEXED)
		return rules->palette[*from] | 0xff000000;
	if (formats[rules->format].bytes == sizeof(half)) {
		memcpy(half, from, sizeof(half));
		return from_16161616f(half);
	}
	memcpy(&value, from, formats[rules->format].bytes);
	switch (rules->format) {
	case PIXEL_RGB565:
		return from_rgb565((uint16_t)value);
	case PIXEL_XRGB2101010:
	case PIXEL_XBGR2101010:
		return from_2101010(value);
	case PIXEL_XYUV8888:
		return from_yuv(rules, value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
	default:
		return value;
	}
}

void pixel_decode(const struct pixel_rules *rules, const uint8_t *from, unsigned int count,
		  uint32_t *to)
{
	unsigned int bytes = formats[rules->format].bytes;

	if (formats[rules->format].group == 2) {
		decode_yuv422(rules, from, count, to);
		return;
	}
	if (rules->format == PIXEL_XRGB8888) {
		memcpy(to, from, (size_t)count * bytes);
		return;
	}
	for (unsigned int i = 0; i < count; i++)
		to[i] = decode_one(rules, from + (size_t)i * bytes);
	if (rules->format == PIXEL_XBGR8888 || rules->format == PIXEL_XBGR2101010 ||
	    rules->format == PIXEL_XBGR16161616F)
		for (unsigned int i = 0; i < count; i++)
			to[i] = swap_red_blue(to[i]);
}
