// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the vGPU shows, for its viewer: as a region with the picture, which any viewer can take, or as
 * dma-bufs of the guest's own memory, for those with OpenGL.
 *
 * QEMU asks for dma-bufs first, and gives up for want of OpenGL if there are any: so the kinds are
 * both there for whoever uses them, but when somebody asks whether there are dma-bufs, the owner of
 * the vGPU must have said so (its attribute `display`).
 */
#include <linux/uaccess.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#include "../../display/export.h"
#include "internal.h"

#define KINDS (VFIO_GFX_PLANE_TYPE_DMABUF | VFIO_GFX_PLANE_TYPE_REGION)

static int probe(const struct gvt_vfio *device, u32 kind)
{
	if (kind == VFIO_GFX_PLANE_TYPE_REGION)
		return 0;
	return kind == VFIO_GFX_PLANE_TYPE_DMABUF && device->prefers_dmabuf ? 0 : -EINVAL;
}

static int fill_picture(struct gvt_vfio *device, struct vfio_device_gfx_plane_info *info)
{
	u32 width, height;
	int err = vgpu_screen_refresh(device->vgpu, &width, &height);

	if (err)
		return err;
	info->drm_format = DRM_FORMAT_XRGB8888;
	info->drm_format_mod = DRM_FORMAT_MOD_LINEAR;
	info->width = width;
	info->height = height;
	info->stride = width * 4;
	info->size = PAGE_ALIGN(width * height * 4);
	return 0;
}

/* All planes are in the picture, and QEMU does not say which it means. But not to be drawn twice: the cursor. */
static int query_region(struct gvt_vfio *device, struct vfio_device_gfx_plane_info *info)
{
	if (info->drm_plane_type == DRM_PLANE_TYPE_CURSOR)
		return -EINVAL;
	info->region_index = GVT_REGION_SCREEN;
	return fill_picture(device, info);
}

static int export_plane(struct gvt_vfio *device, const struct gvt_export *export, bool cursor,
			struct vfio_device_gfx_plane_info *info)
{
	int err = gvt_vfio_export(device, export, false, &info->dmabuf_id);

	if (err)
		return err;
	info->drm_format = export->format;
	info->drm_format_mod = export->modifier;
	info->width = export->width;
	info->height = export->height;
	info->stride = export->stride;
	info->size = export->pages * PAGE_SIZE;
	info->x_pos = export->x;
	info->y_pos = export->y;
	if (cursor)
		vgpu_export_hot_spot(device->vgpu, &info->x_hot, &info->y_hot);
	return 0;
}

static int export_picture(struct gvt_vfio *device, struct vfio_device_gfx_plane_info *info)
{
	struct gvt_export export = {};
	int err = fill_picture(device, info);

	if (err)
		return err;
	export.format = info->drm_format;
	export.width = info->width;
	export.height = info->height;
	export.stride = info->stride;
	export.pages = info->size / PAGE_SIZE;
	return gvt_vfio_export(device, &export, true, &info->dmabuf_id);
}

static int query_dmabuf(struct gvt_vfio *device, struct vfio_device_gfx_plane_info *info)
{
	bool cursor = info->drm_plane_type == DRM_PLANE_TYPE_CURSOR;
	struct vgpu *vgpu = device->vgpu;
	enum gvt_export_result result;
	struct gvt_export export;
	int err = -ENODATA;

	if (!cursor && info->drm_plane_type != DRM_PLANE_TYPE_PRIMARY)
		return -EINVAL;
	mutex_lock(&vgpu->lock);
	result = vgpu_export_look(vgpu, cursor, &export);
	if (result == GVT_EXPORT_PLANE)
		err = export_plane(device, &export, cursor, info);
	mutex_unlock(&vgpu->lock);
	/* Where a part of the plane is not mapped, the picture has black. */
	if (result == GVT_EXPORT_PICTURE || (err == -EFAULT && !cursor))
		err = export_picture(device, info);
	return err == -EFAULT ? -ENODATA : err;
}

long gvt_vfio_query_plane(struct gvt_vfio *device, unsigned long arg)
{
	const unsigned long size = offsetofend(struct vfio_device_gfx_plane_info, dmabuf_id);
	struct vfio_device_gfx_plane_info asked, info;
	u32 kind;
	int err;

	if (copy_from_user(&asked, (void __user *)arg, size))
		return -EFAULT;
	kind = asked.flags & KINDS;
	if (asked.argsz < size || asked.flags & ~(KINDS | VFIO_GFX_PLANE_TYPE_PROBE))
		return -EINVAL;
	if (asked.flags & VFIO_GFX_PLANE_TYPE_PROBE)
		return probe(device, kind);
	info = (struct vfio_device_gfx_plane_info){
		.argsz = asked.argsz,
		.flags = asked.flags,
		.drm_plane_type = asked.drm_plane_type,
		.x_hot = ~0u,
		.y_hot = ~0u,
	};
	if (kind == VFIO_GFX_PLANE_TYPE_REGION)
		err = query_region(device, &info);
	else if (kind == VFIO_GFX_PLANE_TYPE_DMABUF)
		err = query_dmabuf(device, &info);
	else
		err = -EINVAL;
	/* A plane that is off is no error: its format is 0. */
	if (err && err != -ENODATA)
		return err;
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

long gvt_vfio_get_dmabuf(struct gvt_vfio *device, unsigned long arg)
{
	u32 id;

	if (get_user(id, (u32 __user *)arg))
		return -EFAULT;
	return gvt_vfio_export_fd(device, id);
}
