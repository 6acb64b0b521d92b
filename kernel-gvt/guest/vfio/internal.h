/* SPDX-License-Identifier: GPL-2.0-only */
/* internal.h - what the files of this folder share: a parent, and a vGPU as VFIO sees it */
#ifndef GVT_VFIO_INTERNAL_H
#define GVT_VFIO_INTERNAL_H

#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>

#include <asm/kvm_page_track.h>

#include "../../vgpu/gpu.h"
#include "../../vgpu/vgpu.h"

struct gvt_vfio_type {
	struct mdev_type mdev;
	const struct gvt_type *type;
	char name[16];
};

struct gvt_vfio_parent {
	struct list_head node; /* of all parents */
	struct mdev_parent mdev;
	struct gvt_gpu *gpu;
	struct gvt_vfio_type types[GVT_TYPE_COUNT];
	struct mdev_type *type_list[GVT_TYPE_COUNT];
	unsigned int type_count;
};

struct eventfd_ctx;

struct gvt_vfio {
	struct vfio_device vdev; /* must be the first */
	struct gvt_vfio_parent *parent;
	struct vgpu *vgpu;

	/* The eventfd of the MSI. */
	spinlock_t trigger_lock;
	struct eventfd_ctx *trigger;

	/* Whose writes are told (watch.c); NULL: nobody's. */
	struct kvm *kvm;
	struct kvm_page_track_notifier_node watch;

	/* Where the GGTT table is mapped (mmap.c). */
	struct mutex maps_lock;
	struct list_head maps;
};

static inline struct gvt_vfio *to_gvt_vfio(struct vfio_device *vdev)
{
	return container_of(vdev, struct gvt_vfio, vdev);
}

static inline struct gvt_vfio_parent *to_parent(struct mdev_parent *parent)
{
	return container_of(parent, struct gvt_vfio_parent, mdev);
}

/* mdev.c: the parent that a GPU's device is */
struct gvt_vfio_parent *gvt_mdev_parent_of(const struct device *device);

/* device.c */
extern const struct vfio_device_ops gvt_vfio_ops;

/* attributes.c: of a vGPU, and of its parent */
extern const struct attribute_group *gvt_vgpu_groups[];
extern const struct attribute_group *gvt_parent_groups[];

/* irq.c */
int gvt_vfio_irq_info(unsigned int index, struct vfio_irq_info *info);
long gvt_vfio_set_irqs(struct gvt_vfio *device, unsigned long arg);
void gvt_vfio_irq_release(struct gvt_vfio *device);
void gvt_vfio_interrupt(void *guest);

/* memory.c */
int gvt_vfio_pin(void *guest, u64 gfn, struct gvt_guest_page *page);
void gvt_vfio_unpin(void *guest, u64 gfn, const struct gvt_guest_page *page);
void gvt_vfio_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

/* mmap.c */
int gvt_vfio_mmap(struct vfio_device *vdev, struct vm_area_struct *vma);
void gvt_vfio_protect(void *guest, unsigned int page);

/* watch.c: with the guest, but for its last page that was watched */
void gvt_vfio_watch_open(struct gvt_vfio *device);
void gvt_vfio_watch_close(struct gvt_vfio *device);
int gvt_vfio_watch(void *guest, u64 gfn);
void gvt_vfio_unwatch(void *guest, u64 gfn);

/* region.c: a region is 2^40 bytes of the device's file */
#define GVT_REGION_SHIFT 40
#define GVT_REGION_OPREGION VFIO_PCI_NUM_REGIONS
#define GVT_REGIONS	    (VFIO_PCI_NUM_REGIONS + 1)

long gvt_vfio_region_info(struct gvt_vfio *device, unsigned long arg);
ssize_t gvt_vfio_read(struct vfio_device *vdev, char __user *buffer, size_t count, loff_t *position);
ssize_t gvt_vfio_write(struct vfio_device *vdev, const char __user *buffer, size_t count, loff_t *position);

#endif
