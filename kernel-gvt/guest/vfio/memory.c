// SPDX-License-Identifier: GPL-2.0-only
/* The guest's memory as the GPU reaches it: pinned by VFIO, mapped for DMA. */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/mm.h>

#include "internal.h"

static struct device *dma_device(struct gvt_vfio *device)
{
	return device->parent->mdev.dev;
}

int gvt_vfio_pin(void *guest, u64 gfn, struct gvt_guest_page *out)
{
	struct gvt_vfio *device = guest;
	struct page *page;
	dma_addr_t address;
	int count;

	count = vfio_pin_pages(&device->vdev, gfn << PAGE_SHIFT, 1, IOMMU_READ | IOMMU_WRITE, &page);
	if (count != 1)
		return count < 0 ? count : -EFAULT;
	/* A device's own memory, which QEMU maps for DMA as well, is not the guest's. */
	if (!page_is_ram(page_to_pfn(page)))
		goto unpin;
	address = dma_map_page(dma_device(device), page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dma_device(device), address))
		goto unpin;
	out->bus_address = address;
	out->memory = page_address(page);
	return 0;

unpin:
	vfio_unpin_pages(&device->vdev, gfn << PAGE_SHIFT, 1);
	return -EFAULT;
}

void gvt_vfio_unpin(void *guest, u64 gfn, const struct gvt_guest_page *page)
{
	struct gvt_vfio *device = guest;

	dma_unmap_page(dma_device(device), page->bus_address, PAGE_SIZE, DMA_BIDIRECTIONAL);
	vfio_unpin_pages(&device->vdev, gfn << PAGE_SHIFT, 1);
}

void gvt_vfio_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);
	u64 first = iova >> PAGE_SHIFT;

	/* Its dma-bufs keep the memory that they have, but nobody gets more of it. */
	gvt_vfio_exports_forget(device);
	if (length)
		vgpu_forget_memory(device->vgpu, first, ((iova + length - 1) >> PAGE_SHIFT) - first + 1);
}
