// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EDID region: by it a viewer says how large the monitor should be (struct vfio_region_gfx_edid).
 *
 * What is written is a wish. The monitor's EDID is the display's own, for a port and rates that the
 * vGPU has; of the written one counts the resolution that it prefers, up to the vGPU's own. The link
 * is the monitor's cable.
 */
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "internal.h"

#define BLOB_OFFSET 256u

/*
 * The size that QEMU writes where nobody has told it one (xres, yres): it is nobody's wish, and the
 * vGPU's own resolution holds.
 */
#define NOBODYS_WIDTH  1280u
#define NOBODYS_HEIGHT 800u

void gvt_vfio_edid_reset(struct gvt_vfio *device)
{
	struct gvt_vfio_edid *edid = &device->edid;

	mutex_lock(&edid->lock);
	edid->size = 0;
	edid->link_state = VFIO_DEVICE_GFX_LINK_STATE_UP;
	mutex_unlock(&edid->lock);
}

static void fill_head(const struct gvt_vfio *device, struct vfio_region_gfx_edid *head)
{
	*head = (struct vfio_region_gfx_edid){
		.edid_offset = BLOB_OFFSET,
		.edid_max_size = GVT_EDID_BLOB,
		.edid_size = device->edid.size,
		.max_xres = device->vgpu->sizes.width,
		.max_yres = device->vgpu->sizes.height,
		.link_state = device->edid.link_state,
	};
}

/* The part of [offset, offset + *count) in [start, start + size), as *skip and *count bytes of it. */
static bool overlaps(u64 offset, size_t *count, u64 start, u64 size, size_t *skip)
{
	u64 first = max(offset, start), end = min(offset + *count, start + size);

	if (first >= end)
		return false;
	*skip = first - offset;
	*count = end - first;
	return true;
}

void gvt_vfio_edid_read(struct gvt_vfio *device, u64 offset, void *data, size_t count)
{
	struct gvt_vfio_edid *edid = &device->edid;
	struct vfio_region_gfx_edid head;
	size_t part = count, skip;

	memset(data, 0, count);
	mutex_lock(&edid->lock);
	fill_head(device, &head);
	if (overlaps(offset, &part, 0, sizeof(head), &skip))
		memcpy(data + skip, (u8 *)&head + offset + skip, part);
	part = count;
	if (overlaps(offset, &part, BLOB_OFFSET, edid->size, &skip))
		memcpy(data + skip, edid->blob + (offset + skip - BLOB_OFFSET), part);
	mutex_unlock(&edid->lock);
}

static void wish(struct gvt_vfio *device)
{
	const struct gvt_vfio_edid *edid = &device->edid;
	struct edid_mode mode = {};

	if (!edid->size || edid_fault(edid->blob, edid->size) || !edid_preferred(edid->blob, &mode) ||
	    (mode.width == NOBODYS_WIDTH && mode.height == NOBODYS_HEIGHT))
		mode.width = mode.height = 0;
	vgpu_monitor_wish(device->vgpu, mode.width, mode.height);
}

static int set_link(struct gvt_vfio *device, u32 state)
{
	struct vgpu *vgpu = device->vgpu;

	if (state != VFIO_DEVICE_GFX_LINK_STATE_UP && state != VFIO_DEVICE_GFX_LINK_STATE_DOWN)
		return -EINVAL;
	device->edid.link_state = state;
	mutex_lock(&vgpu->lock);
	if (state == VFIO_DEVICE_GFX_LINK_STATE_UP)
		wish(device);
	vgpu_monitor_plug(vgpu, state == VFIO_DEVICE_GFX_LINK_STATE_UP);
	mutex_unlock(&vgpu->lock);
	return 0;
}

static int set_size(struct gvt_vfio *device, u32 size)
{
	if (size > GVT_EDID_BLOB)
		return -EINVAL;
	device->edid.size = size;
	return 0;
}

static int write_field(struct gvt_vfio *device, u64 offset, u32 value)
{
	switch (offset) {
	case offsetof(struct vfio_region_gfx_edid, edid_size):
		return set_size(device, value);
	case offsetof(struct vfio_region_gfx_edid, link_state):
		return set_link(device, value);
	default:
		return -EPERM;
	}
}

int gvt_vfio_edid_write(struct gvt_vfio *device, u64 offset, const void *data, size_t count)
{
	struct gvt_vfio_edid *edid = &device->edid;
	int err = -EINVAL;

	mutex_lock(&edid->lock);
	if (offset >= BLOB_OFFSET && offset + count <= BLOB_OFFSET + GVT_EDID_BLOB) {
		memcpy(edid->blob + (offset - BLOB_OFFSET), data, count);
		err = 0;
	} else if (count == sizeof(u32)) {
		err = write_field(device, offset, *(const u32 *)data);
	}
	mutex_unlock(&edid->lock);
	return err;
}
