// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Broadwell's planes: the primary one, as large as the pipe's source, and a sprite above it (PRM
 * Vol. 12 "Display": Planes; i915: i9xx_plane.c, intel_sprite.c). Neither scales, nor is blended.
 */
#include "clock.h"
#include "display.h"
#include "plane.h"

/* Of both blocks. */
#define PLANE_CTL    0x00
#define PLANE_STRIDE 0x08 /* bytes */
#define PLANE_SURF   0x1c
#define PLANE_OFFSET 0x24

/* Of the sprite's. */
#define SPRITE_POS    0x0c
#define SPRITE_SIZE   0x10
#define SPRITE_KEYVAL 0x14
#define SPRITE_KEYMSK 0x18
#define SPRITE_KEYMAX 0x20

#define CTL_ENABLE     (1u << 31)
#define CTL_GAMMA      (1u << 30)
#define CTL_TURNED_180 (1u << 15)
#define CTL_TILED_X    (1u << 10)

#define PRIMARY_FORMAT(ctl) ((ctl) >> 26 & 0xf)

#define SPRITE_FULL_RANGE      (1u << 28)
#define SPRITE_FORMAT(ctl)     ((ctl) >> 25 & 7)
#define SPRITE_SOURCE_KEY      (1u << 22)
#define SPRITE_ORDER_RGBX      (1u << 20)
#define SPRITE_BT709	       (1u << 18)
#define SPRITE_YUV_ORDER(ctl)  ((ctl) >> 16 & 3)
#define SPRITE_DESTINATION_KEY (1u << 2)
#define SPRITE_FORMAT_YUV422   0

struct format {
	uint8_t value;
	bool bgr; /* SPRITE_ORDER_RGBX */
	enum pixel_format format;
};

static const struct format primary_formats[] = {
	{ 2, false, PIXEL_INDEXED },	  { 5, false, PIXEL_RGB565 },
	{ 6, false, PIXEL_XRGB8888 },	  { 8, false, PIXEL_XBGR2101010 },
	{ 10, false, PIXEL_XRGB2101010 }, { 12, false, PIXEL_XBGR16161616F },
	{ 14, false, PIXEL_XBGR8888 },
};

static const struct format sprite_formats[] = {
	{ 1, false, PIXEL_XRGB2101010 },   { 1, true, PIXEL_XBGR2101010 },
	{ 2, false, PIXEL_XRGB8888 },	   { 2, true, PIXEL_XBGR8888 },
	{ 3, false, PIXEL_XRGB16161616F }, { 3, true, PIXEL_XBGR16161616F },
	{ 4, false, PIXEL_XYUV8888 },
};

static const enum pixel_format yuv_formats[] = { PIXEL_YUYV, PIXEL_UYVY, PIXEL_YVYU, PIXEL_VYUY };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool find_format(const struct format *formats, unsigned int count, unsigned int value,
			bool bgr, enum pixel_format *format)
{
	for (unsigned int i = 0; i < count; i++) {
		if (formats[i].value == value && formats[i].bgr == bgr) {
			*format = formats[i].format;
			return true;
		}
	}
	return false;
}

/* What primary and sprite have in common. */
static struct plane common(const uint32_t *regs)
{
	uint32_t ctl = regs[PLANE_CTL / 4], offset = regs[PLANE_OFFSET / 4];

	return (struct plane){
		.base = regs[PLANE_SURF / 4] & 0xfffff000,
		.tiling = ctl & CTL_TILED_X ? TILING_X : TILING_LINEAR,
		.pitch = regs[PLANE_STRIDE / 4] & 0xffc0,
		.x = offset & 0x1fff,
		.y = offset >> 16 & 0x1fff,
		.reversed = ctl & CTL_TURNED_180,
		.opacity = 0xff,
		.gamma = ctl & CTL_GAMMA,
	};
}

static bool decode_primary(const struct pipe_view *view, struct plane *plane)
{
	const uint32_t *regs = view->blocks[BLOCK_PLANE];
	uint32_t ctl = regs[PLANE_CTL / 4];

	*plane = common(regs);
	plane->width = view->source_width;
	plane->height = view->source_height;
	return ctl & CTL_ENABLE && find_format(primary_formats, COUNT(primary_formats),
					       PRIMARY_FORMAT(ctl), false, &plane->pixel.format);
}

static bool sprite_format(uint32_t ctl, enum pixel_format *format)
{
	if (SPRITE_FORMAT(ctl) == SPRITE_FORMAT_YUV422) {
		*format = yuv_formats[SPRITE_YUV_ORDER(ctl)];
		return true;
	}
	return find_format(sprite_formats, COUNT(sprite_formats), SPRITE_FORMAT(ctl),
			   ctl & SPRITE_ORDER_RGBX, format);
}

static void decode_key(const uint32_t *regs, struct plane *plane)
{
	uint32_t ctl = regs[PLANE_CTL / 4], mask = regs[SPRITE_KEYMSK / 4];

	plane->key_low = regs[SPRITE_KEYVAL / 4] & 0xffffff;
	plane->key_high = regs[SPRITE_KEYMAX / 4] & 0xffffff;
	plane->key_mask = mask & 0xffffff;
	if (ctl & SPRITE_DESTINATION_KEY) {
		plane->key = KEY_DESTINATION;
	} else if (ctl & SPRITE_SOURCE_KEY) {
		plane->key = KEY_SOURCE;
		plane->key_mask = plane_key_channels(mask);
	}
}

static bool decode_sprite(const struct pipe_view *view, struct plane *plane)
{
	const uint32_t *regs = view->blocks[BLOCK_PLANE + 1];
	uint32_t ctl = regs[PLANE_CTL / 4], size = regs[SPRITE_SIZE / 4];
	uint32_t position = regs[SPRITE_POS / 4];

	*plane = common(regs);
	plane->width = (size & 0x1fff) + 1;
	plane->height = (size >> 16 & 0x1fff) + 1;
	plane->left = (int16_t)position;
	plane->top = (int16_t)(position >> 16);
	plane->pixel.bt709 = ctl & SPRITE_BT709;
	plane->pixel.full_range = ctl & SPRITE_FULL_RANGE;
	decode_key(regs, plane);
	return ctl & CTL_ENABLE && sprite_format(ctl, &plane->pixel.format);
}

static bool decode(const struct pipe_view *view, unsigned int n, struct plane *plane)
{
	bool shown = n == 0 ? decode_primary(view, plane) : n == 1 && decode_sprite(view, plane);

	if (!shown)
		return false;
	plane->shown_width = plane->width;
	plane->shown_height = plane->height;
	return true;
}

const struct display_model display_gen8 = {
	.flip_done = { 1u << 4, 1u << 5 },
	.scalers = { 0x68060 },
	.pixel_clock = clock_gen8,
	.plane = decode,
};
