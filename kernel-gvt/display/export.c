// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>

#include <drm/drm_fourcc.h>

#include "../vgpu/gpu.h"
#include "../vgpu/mmio.h"
#include "../vgpu/pvinfo.h"
#include "../vgpu/vgpu.h"
#include "export.h"
#include "surface.h"

#define PAGE_BYTES 4096u

static bool fills(const struct gvt_plane *plane, const struct gvt_view *view)
{
	return !plane->x && !plane->y && !plane->left && !plane->top && plane->width == view->width &&
	       plane->height == view->height && plane->shown_width == plane->width &&
	       plane->shown_height == plane->height;
}

/* Its memory, told of by format and modifier, is all that there is to see of it. */
static bool is_whole(const struct gvt_plane *plane, const struct gvt_view *view)
{
	return fills(plane, view) && !plane->turned && !plane->reversed && plane->opacity == 255 &&
	       plane->key == GVT_KEY_NONE && !plane->gamma && plane->format->group == 1 &&
	       plane->format->fourcc != DRM_FORMAT_C8 && plane->format->fourcc != DRM_FORMAT_XYUV8888;
}

static void describe(const struct gvt_plane *plane, u32 format, struct gvt_export *export)
{
	*export = (struct gvt_export){
		.format = format,
		.modifier = gvt_plane_modifier(plane),
		.width = plane->width,
		.height = plane->height,
		.stride = plane->pitch,
		.x = plane->left,
		.y = plane->top,
		.address = plane->base,
		.pages = (gvt_surface_bytes(plane) + PAGE_BYTES - 1) / PAGE_BYTES,
	};
}

static enum gvt_export_result look_at_primary(struct vgpu *vgpu, const struct gvt_view *view,
					      struct gvt_export *export)
{
	unsigned int generation = vgpu->gpu->info->generation;
	struct gvt_plane plane, other, window;

	for (unsigned int n = 1; n < GVT_PLANES; n++)
		if (gvt_plane_decode(view, generation, n, &other))
			return GVT_EXPORT_PICTURE;
	if (!gvt_plane_decode(view, generation, 0, &plane) || !is_whole(&plane, view) ||
	    gvt_plane_pipe_window(view, &window))
		return GVT_EXPORT_PICTURE;
	describe(&plane, plane.format->fourcc, export);
	return GVT_EXPORT_PLANE;
}

enum gvt_export_result vgpu_export_look(struct vgpu *vgpu, bool cursor, struct gvt_export *export)
{
	struct gvt_plane plane;
	struct gvt_view view;
	enum gvt_export_result primary;

	if (!vgpu->open || !vgpu_display_view(vgpu, &view))
		return GVT_EXPORT_NOTHING;
	primary = look_at_primary(vgpu, &view, export);
	if (!cursor)
		return primary;
	/* In the picture it has its place already. */
	if (primary != GVT_EXPORT_PLANE ||
	    !gvt_plane_decode(&view, vgpu->gpu->info->generation, GVT_PLANES, &plane) || plane.reversed)
		return GVT_EXPORT_NOTHING;
	describe(&plane, plane.format->fourcc_alpha, export);
	return GVT_EXPORT_PLANE;
}

void vgpu_export_hot_spot(struct vgpu *vgpu, u32 *x, u32 *y)
{
	*x = vgpu_reg(vgpu, PVINFO_CURSOR_X_HOT);
	*y = vgpu_reg(vgpu, PVINFO_CURSOR_Y_HOT);
}
