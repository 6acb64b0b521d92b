// SPDX-License-Identifier: GPL-2.0-only
/* A vGPU as a VFIO device: its life, and what is asked of it by ioctl. */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

static const struct gvt_guest_ops guest_ops = {
	.pin = gvt_vfio_pin,
	.unpin = gvt_vfio_unpin,
	.interrupt = gvt_vfio_interrupt,
	.watch = gvt_vfio_watch,
	.unwatch = gvt_vfio_unwatch,
	.protect = gvt_vfio_protect,
};

static int init(struct vfio_device *vdev)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);
	struct mdev_device *mdev = to_mdev_device(vdev->dev);
	struct gvt_vfio_type *type = container_of(mdev->type, struct gvt_vfio_type, mdev);

	device->parent = to_parent(mdev->type->parent);
	spin_lock_init(&device->trigger_lock);
	mutex_init(&device->maps_lock);
	INIT_LIST_HEAD(&device->maps);
	mutex_init(&device->exports_lock);
	INIT_LIST_HEAD(&device->exports);
	mutex_init(&device->edid.lock);
	return vgpu_create(device->parent->gpu, &type->type->sizes, dev_name(vdev->dev), &device->vgpu);
}

static void release(struct vfio_device *vdev)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);

	vgpu_destroy(device->vgpu);
	mutex_destroy(&device->maps_lock);
	mutex_destroy(&device->exports_lock);
	mutex_destroy(&device->edid.lock);
	vfio_free_device(vdev);
}

static int open_device(struct vfio_device *vdev)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);

	int err = vgpu_open(device->vgpu, &guest_ops, device);

	if (err)
		return err;
	gvt_vfio_edid_reset(device);
	gvt_vfio_watch_open(device);
	return 0;
}

static void close_device(struct vfio_device *vdev)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);

	gvt_vfio_exports_forget(device);
	vgpu_close(device->vgpu);
	gvt_vfio_watch_close(device);
	gvt_vfio_irq_release(device);
}

static long get_info(unsigned long arg)
{
	struct vfio_device_info info;
	const unsigned long size = offsetofend(struct vfio_device_info, num_irqs);

	if (copy_from_user(&info, (void __user *)arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = GVT_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

static long get_irq_info(unsigned long arg)
{
	struct vfio_irq_info info;
	const unsigned long size = offsetofend(struct vfio_irq_info, count);
	int err;

	if (copy_from_user(&info, (void __user *)arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;
	err = gvt_vfio_irq_info(info.index, &info);
	if (err)
		return err;
	return copy_to_user((void __user *)arg, &info, size) ? -EFAULT : 0;
}

static long control(struct vfio_device *vdev, unsigned int command, unsigned long arg)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);

	switch (command) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return gvt_vfio_region_info(device, arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		return gvt_vfio_set_irqs(device, arg);
	case VFIO_DEVICE_RESET:
		vgpu_reset(device->vgpu);
		return 0;
	case VFIO_DEVICE_QUERY_GFX_PLANE:
		return gvt_vfio_query_plane(device, arg);
	case VFIO_DEVICE_GET_GFX_DMABUF:
		return gvt_vfio_get_dmabuf(device, arg);
	default:
		return -ENOTTY;
	}
}

const struct vfio_device_ops gvt_vfio_ops = {
	.name = "gvt",
	.init = init,
	.release = release,
	.open_device = open_device,
	.close_device = close_device,
	.read = gvt_vfio_read,
	.write = gvt_vfio_write,
	.ioctl = control,
	.mmap = gvt_vfio_mmap,
	.dma_unmap = gvt_vfio_dma_unmap,
};
