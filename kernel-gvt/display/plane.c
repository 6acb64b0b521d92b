// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a block of registers to what is shown (Skylake PRM, vol. 12, "Plane", "Cursor", "Scaler";
 * Broadwell PRM, vol. 11, the same; i915_reg.h). Gen9 has universal planes, Gen8 a primary one, as
 * large as the pipe's source, and a sprite above it that is neither scaled nor blended.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include <drm/drm_fourcc.h>

#include "display.h"
#include "plane.h"

/* Of all blocks of planes. */
#define PLANE_CTL    0x00u
#define PLANE_STRIDE 0x08u
#define PLANE_POS    0x0cu
#define PLANE_SIZE   0x10u
#define PLANE_KEYVAL 0x14u
#define PLANE_KEYMSK 0x18u
#define PLANE_SURF   0x1cu
#define PLANE_KEYMAX 0x20u
#define PLANE_OFFSET 0x24u

#define CTL_ENABLE    BIT(31)
#define CTL_GAMMA     BIT(30)
#define CTL_RGBX      BIT(20) /* red comes first in memory */
#define CTL_BT709     BIT(18)
#define CTL_YUV(ctl)  ((ctl) >> 16 & 3)

#define GEN9_FULL_RANGE	   BIT(28)
#define GEN9_FORMAT(ctl)   ((ctl) >> 24 & 0xf)
#define GEN9_KEY(ctl)	   ((ctl) >> 21 & 3)
#define GEN9_TILING(ctl)   ((ctl) >> 10 & 7)
#define GEN9_ALPHA(ctl)	   ((ctl) >> 4 & 3)
#define GEN9_ROTATION(ctl) ((ctl) & 3) /* clockwise, in quarters */
#define GEN9_OPACITY_ON	   BIT(31) /* of PLANE_KEYMSK; the opacity is in PLANE_KEYMAX */

#define GEN8_TILED_X	     BIT(10)
#define GEN8_REVERSED	     BIT(15)
#define PRIMARY_FORMAT(ctl)  ((ctl) >> 26 & 0xf)
#define SPRITE_FULL_RANGE    BIT(28)
#define SPRITE_FORMAT(ctl)   ((ctl) >> 25 & 7)
#define SPRITE_SOURCE_KEY    BIT(22)
#define SPRITE_DESTINATION_KEY BIT(2)

#define CURSOR_CTL	0x00u
#define CURSOR_BASE	0x04u
#define CURSOR_POSITION 0x08u
#define CURSOR_HEIGHT	0x20u
#define CURSOR_GAMMA	BIT(26)
#define CURSOR_REVERSED BIT(15)
#define CURSOR_MODE(ctl) ((ctl) & 0x27)
#define CURSOR_HEIGHT_ON BIT(31)

#define SCALER_POSITION 0x10u
#define SCALER_SIZE	0x14u
#define SCALER_CTL	0x20u
#define SCALER_ENABLE	BIT(31)
#define SCALER_OF(ctl)	((ctl) >> 25 & 7) /* 0: the pipe; else a plane, from 1 */

struct format_code {
	u8 code;
	bool rgbx;
	u32 fourcc;
};

static const struct format_code gen9_formats[] = {
	{ 2, false, DRM_FORMAT_XRGB2101010 },
	{ 2, true, DRM_FORMAT_XBGR2101010 },
	{ 4, false, DRM_FORMAT_XRGB8888 },
	{ 4, true, DRM_FORMAT_XBGR8888 },
	{ 6, false, DRM_FORMAT_XRGB16161616F },
	{ 6, true, DRM_FORMAT_XBGR16161616F },
	{ 8, false, DRM_FORMAT_XYUV8888 },
	{ 12, false, DRM_FORMAT_C8 },
	{ 14, false, DRM_FORMAT_RGB565 },
};

static const struct format_code primary_formats[] = {
	{ 2, false, DRM_FORMAT_C8 },
	{ 5, false, DRM_FORMAT_RGB565 },
	{ 6, false, DRM_FORMAT_XRGB8888 },
	{ 8, false, DRM_FORMAT_XBGR2101010 },
	{ 10, false, DRM_FORMAT_XRGB2101010 },
	{ 12, false, DRM_FORMAT_XBGR16161616F },
	{ 14, false, DRM_FORMAT_XBGR8888 },
};

static const struct format_code sprite_formats[] = {
	{ 1, false, DRM_FORMAT_XRGB2101010 },
	{ 1, true, DRM_FORMAT_XBGR2101010 },
	{ 2, false, DRM_FORMAT_XRGB8888 },
	{ 2, true, DRM_FORMAT_XBGR8888 },
	{ 3, false, DRM_FORMAT_XRGB16161616F },
	{ 3, true, DRM_FORMAT_XBGR16161616F },
	{ 4, false, DRM_FORMAT_XYUV8888 },
};

/* By the two bits of their order; the format's own code is 0 for all. */
static const u32 yuv_formats[4] = { DRM_FORMAT_YUYV, DRM_FORMAT_UYVY, DRM_FORMAT_YVYU, DRM_FORMAT_VYUY };

static const struct gvt_pixel_format *find_format(const struct format_code *codes, unsigned int count,
						  u32 code, bool rgbx)
{
	for (unsigned int i = 0; i < count; i++)
		if (codes[i].code == code && codes[i].rgbx == rgbx)
			return gvt_pixel_format(codes[i].fourcc);
	return NULL;
}

static u32 reg(const u32 *regs, u32 offset)
{
	return regs[offset / 4];
}

/* What has the same place in all generations. */
static void decode_place(const u32 *regs, struct gvt_plane *plane)
{
	u32 size = reg(regs, PLANE_SIZE), position = reg(regs, PLANE_POS), offset = reg(regs, PLANE_OFFSET);

	plane->base = reg(regs, PLANE_SURF) & 0xfffff000;
	plane->x = offset & 0x1fff;
	plane->y = offset >> 16 & 0x1fff;
	plane->width = (size & 0x1fff) + 1;
	plane->height = (size >> 16 & 0x1fff) + 1;
	plane->left = (s16)position;
	plane->top = (s16)(position >> 16);
	plane->opacity = 0xff;
	plane->gamma = reg(regs, PLANE_CTL) & CTL_GAMMA;
	plane->colours.bt709 = reg(regs, PLANE_CTL) & CTL_BT709;
	plane->key_low = reg(regs, PLANE_KEYVAL) & 0xffffff;
	plane->key_high = reg(regs, PLANE_KEYMAX) & 0xffffff;
	plane->key_mask = reg(regs, PLANE_KEYMSK) & 0xffffff;
}

/* A source key has one bit for each channel: 26 to 24, red first. */
static void decode_key(const u32 *regs, bool source, bool destination, struct gvt_plane *plane)
{
	u32 mask = reg(regs, PLANE_KEYMSK);

	if (source) {
		plane->key = GVT_KEY_SOURCE;
		plane->key_mask = (mask & BIT(26) ? 0xff0000 : 0) | (mask & BIT(25) ? 0xff00 : 0) |
				  (mask & BIT(24) ? 0xff : 0);
	} else if (destination) {
		plane->key = GVT_KEY_DESTINATION;
	}
}

/* Gen9 gives strides in tiles, or in 64 bytes; those of Yf grow with the pixels. */
static bool decode_tiling(u32 ctl, u32 stride, struct gvt_plane *plane)
{
	static const struct {
		bool known;
		enum gvt_tiling tiling;
		u16 unit; /* bytes */
	} tilings[8] = {
		[0] = { true, GVT_LINEAR, 64 },
		[1] = { true, GVT_TILED_X, 512 },
		[4] = { true, GVT_TILED_Y, 128 },
		[5] = { true, GVT_TILED_YF, 128 },
	};
	u32 unit = tilings[GEN9_TILING(ctl)].unit;

	plane->tiling = tilings[GEN9_TILING(ctl)].tiling;
	plane->turned = GEN9_ROTATION(ctl) & 1;
	plane->reversed = GEN9_ROTATION(ctl) & 2;
	if (plane->tiling == GVT_TILED_YF && plane->format->bytes == 1)
		unit = 64;
	else if (plane->tiling == GVT_TILED_YF && plane->format->bytes == 8)
		unit = 256;
	plane->pitch = (stride & 0x3ff) * (plane->turned ? 1 : unit);
	/* Only tiles of the Y family are turned, and only pixels that stand alone. */
	return tilings[GEN9_TILING(ctl)].known &&
	       (!plane->turned || (plane->tiling >= GVT_TILED_Y && plane->format->group == 1));
}

static bool decode_gen9(const u32 *regs, struct gvt_plane *plane)
{
	static const enum gvt_alpha alphas[4] = { [2] = GVT_ALPHA_PREMULTIPLIED, [3] = GVT_ALPHA_COVERAGE };
	u32 ctl = reg(regs, PLANE_CTL);

	if (!(ctl & CTL_ENABLE))
		return false;
	if (GEN9_FORMAT(ctl) == 0)
		plane->format = gvt_pixel_format(yuv_formats[CTL_YUV(ctl)]);
	else
		plane->format = find_format(gen9_formats, ARRAY_SIZE(gen9_formats), GEN9_FORMAT(ctl),
					    ctl & CTL_RGBX);
	if (!plane->format)
		return false;
	decode_place(regs, plane);
	plane->colours.full_range = ctl & GEN9_FULL_RANGE;
	plane->alpha = alphas[GEN9_ALPHA(ctl)];
	if (reg(regs, PLANE_KEYMSK) & GEN9_OPACITY_ON)
		plane->opacity = reg(regs, PLANE_KEYMAX) >> 24;
	decode_key(regs, GEN9_KEY(ctl) == 1, GEN9_KEY(ctl) == 2, plane);
	return decode_tiling(ctl, reg(regs, PLANE_STRIDE), plane);
}

static void decode_gen8_surface(const u32 *regs, struct gvt_plane *plane)
{
	u32 ctl = reg(regs, PLANE_CTL);

	plane->tiling = ctl & GEN8_TILED_X ? GVT_TILED_X : GVT_LINEAR;
	plane->reversed = ctl & GEN8_REVERSED;
	plane->pitch = reg(regs, PLANE_STRIDE) & 0xffc0;
}

static bool decode_primary(const struct gvt_view *view, struct gvt_plane *plane)
{
	const u32 *regs = view->blocks[GVT_BLOCK_PLANE];
	u32 ctl = reg(regs, PLANE_CTL);

	plane->format = find_format(primary_formats, ARRAY_SIZE(primary_formats), PRIMARY_FORMAT(ctl), false);
	if (!(ctl & CTL_ENABLE) || !plane->format)
		return false;
	decode_place(regs, plane);
	decode_gen8_surface(regs, plane);
	plane->left = plane->top = 0;
	plane->width = view->source_width;
	plane->height = view->source_height;
	return true;
}

static bool decode_sprite(const u32 *regs, struct gvt_plane *plane)
{
	u32 ctl = reg(regs, PLANE_CTL);

	if (SPRITE_FORMAT(ctl) == 0)
		plane->format = gvt_pixel_format(yuv_formats[CTL_YUV(ctl)]);
	else
		plane->format = find_format(sprite_formats, ARRAY_SIZE(sprite_formats), SPRITE_FORMAT(ctl),
					    ctl & CTL_RGBX);
	if (!(ctl & CTL_ENABLE) || !plane->format)
		return false;
	decode_place(regs, plane);
	decode_gen8_surface(regs, plane);
	plane->colours.full_range = ctl & SPRITE_FULL_RANGE;
	decode_key(regs, ctl & SPRITE_SOURCE_KEY, ctl & SPRITE_DESTINATION_KEY, plane);
	return true;
}

/* A sign, and how far. */
static s32 cursor_coordinate(u32 value)
{
	s32 distance = value & 0x7fff;

	return value & BIT(15) ? -distance : distance;
}

/* Cursors of two colours, which no driver uses any more, show nothing. */
static u32 cursor_size(u32 ctl)
{
	switch (CURSOR_MODE(ctl)) {
	case 0x27:
		return 64;
	case 0x22:
		return 128;
	case 0x23:
		return 256;
	default:
		return 0;
	}
}

static bool decode_cursor(const u32 *regs, struct gvt_plane *plane)
{
	u32 ctl = reg(regs, CURSOR_CTL), height = reg(regs, CURSOR_HEIGHT);

	plane->width = plane->height = cursor_size(ctl);
	if (!plane->width)
		return false;
	if (height & CURSOR_HEIGHT_ON)
		plane->height = min(plane->height, (height & 0xff) + 1);
	plane->format = gvt_pixel_format(DRM_FORMAT_XRGB8888);
	plane->base = reg(regs, CURSOR_BASE) & 0xfffff000;
	plane->pitch = 4 * plane->width;
	plane->left = cursor_coordinate(reg(regs, CURSOR_POSITION));
	plane->top = cursor_coordinate(reg(regs, CURSOR_POSITION) >> 16);
	plane->reversed = ctl & CURSOR_REVERSED;
	plane->alpha = GVT_ALPHA_PREMULTIPLIED;
	plane->opacity = 0xff;
	plane->gamma = ctl & CURSOR_GAMMA;
	return true;
}

static bool find_window(const struct gvt_view *view, u32 what, struct gvt_plane *plane)
{
	for (unsigned int n = GVT_BLOCK_SCALER; n < GVT_BLOCKS; n++) {
		const u32 *regs = view->blocks[n];
		u32 ctl = reg(regs, SCALER_CTL), position = reg(regs, SCALER_POSITION);
		u32 size = reg(regs, SCALER_SIZE);

		if (!(ctl & SCALER_ENABLE) || SCALER_OF(ctl) != what)
			continue;
		plane->left = position >> 16 & 0x1fff;
		plane->top = position & 0x1fff;
		plane->shown_width = size >> 16 & 0x1fff;
		plane->shown_height = size & 0x1fff;
		return true;
	}
	return false;
}

bool gvt_plane_pipe_window(const struct gvt_view *view, struct gvt_plane *window)
{
	return find_window(view, 0, window);
}

static bool decode(const struct gvt_view *view, unsigned int generation, unsigned int n,
		   struct gvt_plane *plane)
{
	if (n == GVT_PLANES)
		return decode_cursor(view->blocks[GVT_BLOCK_CURSOR], plane);
	if (generation != 8)
		return decode_gen9(view->blocks[GVT_BLOCK_PLANE + n], plane);
	return n == 0 ? decode_primary(view, plane) :
	       n == 1 ? decode_sprite(view->blocks[GVT_BLOCK_PLANE + 1], plane) : false;
}

bool gvt_plane_decode(const struct gvt_view *view, unsigned int generation, unsigned int n,
		      struct gvt_plane *plane)
{
	*plane = (struct gvt_plane){};
	if (!decode(view, generation, n, plane))
		return false;
	plane->x = round_down(plane->x, (u32)plane->format->group);
	plane->shown_width = plane->width;
	plane->shown_height = plane->height;
	if (generation != 8 && n < GVT_PLANES)
		find_window(view, n + 1, plane);
	return plane->width <= GVT_PLANE_MOST && plane->height <= GVT_PLANE_MOST && plane->shown_width &&
	       plane->shown_height;
}

u64 gvt_plane_modifier(const struct gvt_plane *plane)
{
	static const u64 modifiers[] = {
		[GVT_LINEAR] = DRM_FORMAT_MOD_LINEAR,
		[GVT_TILED_X] = I915_FORMAT_MOD_X_TILED,
		[GVT_TILED_Y] = I915_FORMAT_MOD_Y_TILED,
		[GVT_TILED_YF] = I915_FORMAT_MOD_Yf_TILED,
	};

	return modifiers[plane->tiling];
}
