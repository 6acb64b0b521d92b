// SPDX-License-Identifier: GPL-2.0-or-later
/* Universal planes of Gen9 (PRM Vol. 12 "Display": Planes; i915: skl_universal_plane.c). */
#include "clock.h"
#include "display.h"
#include "plane.h"

#define PLANE_CTL    0x00
#define PLANE_STRIDE 0x08
#define PLANE_POS    0x0c
#define PLANE_SIZE   0x10
#define PLANE_KEYVAL 0x14
#define PLANE_KEYMSK 0x18
#define PLANE_SURF   0x1c
#define PLANE_KEYMAX 0x20
#define PLANE_OFFSET 0x24

#define CTL_ENABLE	   (1u << 31)
#define CTL_GAMMA	   (1u << 30)
#define CTL_FULL_RANGE	   (1u << 28)
#define CTL_FORMAT(ctl)	   ((ctl) >> 24 & 0xf)
#define CTL_KEY(ctl)	   ((ctl) >> 21 & 3)
#define CTL_ORDER_RGBX	   (1u << 20)
#define CTL_BT709	   (1u << 18)
#define CTL_YUV_ORDER(ctl) ((ctl) >> 16 & 3)
#define CTL_TILING(ctl)	   ((ctl) >> 10 & 7)
#define CTL_ALPHA(ctl)	   ((ctl) >> 4 & 3)
#define CTL_ROTATION(ctl)  ((ctl)&3) /* clockwise, in quarters */

#define KEYMSK_OPACITY (1u << 31)

static const struct {
	uint8_t value;
	bool bgr; /* CTL_ORDER_RGBX */
	enum pixel_format format;
} formats[] = {
	{ 2, false, PIXEL_XRGB2101010 },   { 2, true, PIXEL_XBGR2101010 },
	{ 4, false, PIXEL_XRGB8888 },	   { 4, true, PIXEL_XBGR8888 },
	{ 6, false, PIXEL_XRGB16161616F }, { 6, true, PIXEL_XBGR16161616F },
	{ 8, false, PIXEL_XYUV8888 },	   { 12, false, PIXEL_INDEXED },
	{ 14, false, PIXEL_RGB565 },
};

static const enum pixel_format yuv_formats[] = { PIXEL_YUYV, PIXEL_UYVY, PIXEL_YVYU, PIXEL_VYUY };

static const struct {
	uint8_t value;
	enum tiling tiling;
	uint16_t stride; /* bytes in one unit of PLANE_STRIDE */
} tilings[] = {
	{ 0, TILING_LINEAR, 64 },
	{ 1, TILING_X, 512 },
	{ 4, TILING_Y, 128 },
	{ 5, TILING_YF, 128 },
};

static bool decode_format(uint32_t ctl, enum pixel_format *format)
{
	if (CTL_FORMAT(ctl) == 0) {
		*format = yuv_formats[CTL_YUV_ORDER(ctl)];
		return true;
	}
	for (unsigned int i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i].value == CTL_FORMAT(ctl) &&
		    formats[i].bgr == !!(ctl & CTL_ORDER_RGBX)) {
			*format = formats[i].format;
			return true;
		}
	}
	return false;
}

/* One tile in bytes, or 64 of them: that of Yf grows with the pixels. */
static uint32_t stride_unit(unsigned int i, enum pixel_format format)
{
	if (tilings[i].tiling != TILING_YF)
		return tilings[i].stride;
	return pixel_bytes(format) == 1 ? 64 : pixel_bytes(format) == 8 ? 256 : 128;
}

static bool decode_tiling(uint32_t ctl, uint32_t stride, struct plane *plane)
{
	bool turned = CTL_ROTATION(ctl) & 1;

	for (unsigned int i = 0; i < sizeof(tilings) / sizeof(tilings[0]); i++) {
		if (tilings[i].value != CTL_TILING(ctl))
			continue;
		/* The hardware turns only tiles of the Y family. */
		if (turned && tilings[i].value < 4)
			return false;
		plane->tiling = tilings[i].tiling;
		plane->pitch =
			(stride & 0xfff) * (turned ? 1 : stride_unit(i, plane->pixel.format));
		plane->turned = turned;
		plane->reversed = CTL_ROTATION(ctl) >= 2;
		return true;
	}
	return false;
}

static void decode_blending(const uint32_t *regs, struct plane *plane)
{
	static const enum plane_alpha alphas[] = { ALPHA_NONE, ALPHA_NONE, ALPHA_PREMULTIPLIED,
						   ALPHA_COVERAGE };
	static const enum plane_key keys[] = { KEY_NONE, KEY_SOURCE, KEY_DESTINATION, KEY_NONE };
	uint32_t mask = regs[PLANE_KEYMSK / 4];

	plane->alpha = alphas[CTL_ALPHA(regs[PLANE_CTL / 4])];
	plane->opacity = mask & KEYMSK_OPACITY ? regs[PLANE_KEYMAX / 4] >> 24 : 0xff;
	plane->key = keys[CTL_KEY(regs[PLANE_CTL / 4])];
	plane->key_low = regs[PLANE_KEYVAL / 4] & 0xffffff;
	plane->key_high = regs[PLANE_KEYMAX / 4] & 0xffffff;
	plane->key_mask = mask & 0xffffff;
	if (plane->key == KEY_SOURCE)
		plane->key_mask = plane_key_channels(mask);
}

static bool decode(const struct pipe_view *view, unsigned int n, struct plane *plane)
{
	const uint32_t *regs = view->blocks[BLOCK_PLANE + n];
	uint32_t ctl = regs[PLANE_CTL / 4], size = regs[PLANE_SIZE / 4];
	uint32_t position = regs[PLANE_POS / 4], offset = regs[PLANE_OFFSET / 4];

	*plane = (struct plane){
		.base = regs[PLANE_SURF / 4] & 0xfffff000,
		.x = offset & 0xffff,
		.y = offset >> 16,
		.width = (size & 0x1fff) + 1,
		.height = (size >> 16 & 0x1fff) + 1,
		.left = (int16_t)position,
		.top = (int16_t)(position >> 16),
		.pixel.bt709 = ctl & CTL_BT709,
		.pixel.full_range = ctl & CTL_FULL_RANGE,
		.gamma = ctl & CTL_GAMMA,
	};
	plane->shown_width = plane->width;
	plane->shown_height = plane->height;
	decode_blending(regs, plane);
	return ctl & CTL_ENABLE && decode_format(ctl, &plane->pixel.format) &&
	       decode_tiling(ctl, regs[PLANE_STRIDE / 4], plane);
}

const struct display_model display_gen9 = {
	.flip_done = { 1u << 3, 1u << 4, 1u << 5 },
	.scalers = { 0x68160, 0x68260 },
	.pixel_clock = clock_gen9,
	.plane = decode,
};
