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

/* What was last written to the region of the EDID (edid.c). */
#define GVT_EDID_BLOB 512u

struct gvt_vfio_edid {
	struct mutex lock;
	u32 size, link_state;
	u8 blob[GVT_EDID_BLOB];
};

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

	/* What was offered as dma-bufs, the latest first (dmabuf.c). */
	struct mutex exports_lock;
	struct list_head exports;
	u32 last_export;
	bool prefers_dmabuf; /* to whoever asks which kind of display there is (gfx.c) */

	struct gvt_vfio_edid edid;

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
/* screenshot.c */
extern struct bin_attribute gvt_screen_attribute;

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

/* gfx.c: what is shown, as a region or as dma-bufs */
long gvt_vfio_query_plane(struct gvt_vfio *device, unsigned long arg);
long gvt_vfio_get_dmabuf(struct gvt_vfio *device, unsigned long arg);

/* dmabuf.c */
struct gvt_export;
/* Its id, the same as before while it shows the same memory; the vGPU's lock is held. Or a negative errno. */
int gvt_vfio_export(struct gvt_vfio *device, const struct gvt_export *export, bool picture, u32 *id);
/* A file descriptor, or a negative errno. */
int gvt_vfio_export_fd(struct gvt_vfio *device, u32 id);
/* No id is known any more. Whoever has a dma-buf keeps its memory. */
void gvt_vfio_exports_forget(struct gvt_vfio *device);

/* edid.c: the region by which the guest's monitor is chosen */
#define GVT_EDID_REGION_SIZE 4096u

void gvt_vfio_edid_reset(struct gvt_vfio *device);
void gvt_vfio_edid_read(struct gvt_vfio *device, u64 offset, void *data, size_t count);
int gvt_vfio_edid_write(struct gvt_vfio *device, u64 offset, const void *data, size_t count);

/* region.c: a region is 2^40 bytes of the device's file */
#define GVT_REGION_SHIFT 40
#define GVT_REGION_OPREGION VFIO_PCI_NUM_REGIONS
#define GVT_REGION_SCREEN   (VFIO_PCI_NUM_REGIONS + 1)
#define GVT_REGION_EDID	    (VFIO_PCI_NUM_REGIONS + 2)
#define GVT_REGIONS	    (VFIO_PCI_NUM_REGIONS + 3)

long gvt_vfio_region_info(struct gvt_vfio *device, unsigned long arg);
ssize_t gvt_vfio_read(struct vfio_device *vdev, char __user *buffer, size_t count, loff_t *position);
ssize_t gvt_vfio_write(struct vfio_device *vdev, const char __user *buffer, size_t count, loff_t *position);

#endif
