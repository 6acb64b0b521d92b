// SPDX-License-Identifier: GPL-2.0-only
/* The regions of a vGPU's VFIO device: what they are, and trapped accesses to them. */
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pci_ids.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../vgpu/config.h"
#include "../../vgpu/opregion.h"
#include "internal.h"

#define REGION_INDEX(position)	((u64)(position) >> GVT_REGION_SHIFT)
#define REGION_OFFSET(position) ((u64)(position) & ((1ull << GVT_REGION_SHIFT) - 1))

/* As much as one copy holds; a guest's own accesses have at most 8 bytes. */
#define CHUNK 256u

static u64 region_size(const struct gvt_vfio *device, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
	case VFIO_PCI_BAR2_REGION_INDEX:
		return vgpu_bar_size(device->vgpu, index);
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return GVT_CONFIG_SIZE;
	case GVT_REGION_OPREGION:
		return GVT_OPREGION_SIZE;
	case GVT_REGION_SCREEN:
		return GVT_SCREEN_BYTES;
	case GVT_REGION_EDID:
		return GVT_EDID_REGION_SIZE;
	default:
		return 0;
	}
}

static u32 region_flags(unsigned int index, u64 size)
{
	if (!size)
		return 0;
	if (index == GVT_REGION_SCREEN)
		return VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_MMAP;
	return index == GVT_REGION_OPREGION ? VFIO_REGION_INFO_FLAG_READ :
					      VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
}

/* What of a region is memory: the table of GGTT entries, and the vGPU's part of the aperture. */
static int add_sparse(const struct gvt_vfio *device, unsigned int index, struct vfio_info_cap *caps)
{
	struct {
		struct vfio_region_info_cap_sparse_mmap head;
		struct vfio_region_sparse_mmap_area area;
	} sparse = {
		.head.header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP,
		.head.header.version = 1,
		.head.nr_areas = 1,
	};
	const struct vgpu *vgpu = device->vgpu;

	if (index == VFIO_PCI_BAR2_REGION_INDEX) {
		sparse.area.offset = vgpu->aperture.start;
		sparse.area.size = vgpu->aperture.size;
	} else if (index == VFIO_PCI_BAR0_REGION_INDEX && !vgpu->gpu->options.trap_ggtt) {
		sparse.area.offset = GVT_GGTT_OFFSET;
		sparse.area.size = GVT_GGTT_SIZE;
	} else {
		return 0;
	}
	return vfio_info_add_capability(caps, &sparse.head.header, sizeof(sparse));
}

static int add_type(unsigned int index, struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_type type = {
		.header.id = VFIO_REGION_INFO_CAP_TYPE,
		.header.version = 1,
	};

	if (index == GVT_REGION_OPREGION) {
		type.type = VFIO_REGION_TYPE_PCI_VENDOR_TYPE | PCI_VENDOR_ID_INTEL;
		type.subtype = VFIO_REGION_SUBTYPE_INTEL_IGD_OPREGION;
	} else if (index == GVT_REGION_EDID) {
		type.type = VFIO_REGION_TYPE_GFX;
		type.subtype = VFIO_REGION_SUBTYPE_GFX_EDID;
	} else {
		return 0;
	}
	return vfio_info_add_capability(caps, &type.header, sizeof(type));
}

/* Capabilities go behind the structure, if the caller has left room for them; else he asks again. */
static int put_capabilities(struct vfio_region_info *info, struct vfio_info_cap *caps, unsigned long arg)
{
	if (!caps->size)
		return 0;
	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	if (info->argsz < sizeof(*info) + caps->size) {
		info->argsz = sizeof(*info) + caps->size;
		info->cap_offset = 0;
		return 0;
	}
	vfio_info_cap_shift(caps, sizeof(*info));
	info->cap_offset = sizeof(*info);
	return copy_to_user((void __user *)arg + sizeof(*info), caps->buf, caps->size) ? -EFAULT : 0;
}

long gvt_vfio_region_info(struct gvt_vfio *device, unsigned long arg)
{
	const unsigned long size = offsetofend(struct vfio_region_info, offset);
	struct vfio_info_cap caps = {};
	struct vfio_region_info info;
	int err;

	if (copy_from_user(&info, (void __user *)arg, size))
		return -EFAULT;
	if (info.argsz < size || info.index >= GVT_REGIONS)
		return -EINVAL;
	info.size = region_size(device, info.index);
	info.flags = region_flags(info.index, info.size);
	info.offset = (u64)info.index << GVT_REGION_SHIFT;
	info.cap_offset = 0;
	err = add_sparse(device, info.index, &caps);
	if (!err && caps.size)
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
	if (!err)
		err = add_type(info.index, &caps);
	if (!err)
		err = put_capabilities(&info, &caps, arg);
	kfree(caps.buf);
	if (err)
		return err;
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

static int read_opregion(u64 offset, void *data, size_t count)
{
	u8 *opregion = kmalloc(GVT_OPREGION_SIZE, GFP_KERNEL);

	if (!opregion)
		return -ENOMEM;
	gvt_opregion_fill(opregion);
	memcpy(data, opregion + offset, count);
	kfree(opregion);
	return 0;
}

static int region_read(struct gvt_vfio *device, unsigned int index, u64 offset, void *data, size_t count)
{
	struct vgpu *vgpu = device->vgpu;

	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return vgpu_bar0_read(vgpu, offset, data, count);
	case VFIO_PCI_BAR2_REGION_INDEX:
		return vgpu_aperture_read(vgpu, offset, data, count);
	case VFIO_PCI_CONFIG_REGION_INDEX:
		mutex_lock(&vgpu->lock);
		vgpu_config_read(vgpu, offset, data, count);
		mutex_unlock(&vgpu->lock);
		return 0;
	case GVT_REGION_SCREEN:
		/* Behind the picture, and with none, all is black. */
		memset(data, 0, count);
		vgpu_screen_read(vgpu, offset, data, count);
		return 0;
	case GVT_REGION_EDID:
		gvt_vfio_edid_read(device, offset, data, count);
		return 0;
	default:
		return read_opregion(offset, data, count);
	}
}

static int region_write(struct gvt_vfio *device, unsigned int index, u64 offset, const void *data, size_t count)
{
	struct vgpu *vgpu = device->vgpu;

	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return vgpu_bar0_write(vgpu, offset, data, count);
	case VFIO_PCI_BAR2_REGION_INDEX:
		return vgpu_aperture_write(vgpu, offset, data, count);
	case VFIO_PCI_CONFIG_REGION_INDEX:
		mutex_lock(&vgpu->lock);
		vgpu_config_write(vgpu, offset, data, count);
		mutex_unlock(&vgpu->lock);
		return 0;
	case GVT_REGION_EDID:
		return gvt_vfio_edid_write(device, offset, data, count);
	default:
		return -EPERM;
	}
}

/* How much of [position, position + count) is inside its region and fits into one copy. */
static size_t next_chunk(const struct gvt_vfio *device, loff_t position, size_t count)
{
	u64 offset = REGION_OFFSET(position), size = 0;

	if (position >= 0 && REGION_INDEX(position) < GVT_REGIONS)
		size = region_size(device, REGION_INDEX(position));
	return offset < size ? min3((u64)count, size - offset, (u64)CHUNK) : 0;
}

ssize_t gvt_vfio_read(struct vfio_device *vdev, char __user *buffer, size_t count, loff_t *position)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);
	size_t done = 0, part;
	u8 chunk[CHUNK];
	int err = count ? -EINVAL : 0;

	while ((part = next_chunk(device, *position, count - done))) {
		err = region_read(device, REGION_INDEX(*position), REGION_OFFSET(*position), chunk, part);
		if (!err && copy_to_user(buffer + done, chunk, part))
			err = -EFAULT;
		if (err)
			break;
		done += part;
		*position += part;
		if (fatal_signal_pending(current))
			break;
	}
	return done ?: err;
}

ssize_t gvt_vfio_write(struct vfio_device *vdev, const char __user *buffer, size_t count, loff_t *position)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);
	size_t done = 0, part;
	u8 chunk[CHUNK];
	int err = count ? -EINVAL : 0;

	while ((part = next_chunk(device, *position, count - done))) {
		err = copy_from_user(chunk, buffer + done, part) ? -EFAULT : 0;
		if (!err)
			err = region_write(device, REGION_INDEX(*position), REGION_OFFSET(*position), chunk,
					   part);
		if (err)
			break;
		done += part;
		*position += part;
		if (fatal_signal_pending(current))
			break;
	}
	return done ?: err;
}
