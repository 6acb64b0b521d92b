// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's planes as dma-bufs. An export is the pages that a plane has had at some time, each of them
 * held: they stay memory for as long as somebody has the dma-buf, whatever becomes of the vGPU, its
 * guest, or the plane. It has the same id for as long as the plane has the same pages.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "../../display/export.h"
#include "internal.h"

/* As many as a guest flips between, and cursors. */
#define EXPORTS_MOST 8u

struct gvt_vfio_export {
	struct list_head node; /* of device->exports; it has one reference */
	struct kref ref;
	u32 id;
	struct gvt_export shape; /* without its place */
	struct page *pages[];
};

static void free_export(struct kref *ref)
{
	struct gvt_vfio_export *export = container_of(ref, struct gvt_vfio_export, ref);

	for (u32 i = 0; i < export->shape.pages; i++)
		put_page(export->pages[i]);
	kvfree(export);
}

static void put_export(struct gvt_vfio_export *export)
{
	kref_put(&export->ref, free_export);
}

/* With the vGPU's lock held, but for the picture, whose pages stay until the guest goes. */
static void *memory_of(struct vgpu *vgpu, const struct gvt_export *shape, bool picture, u32 page)
{
	if (picture)
		return vgpu_screen_page(vgpu, page);
	return vgpu_ggtt_memory(vgpu, shape->address + (u64)page * PAGE_SIZE);
}

static struct gvt_vfio_export *new_export(struct vgpu *vgpu, const struct gvt_export *shape, bool picture)
{
	struct gvt_vfio_export *export;

	if (shape->pages > 2 * GVT_SCREEN_PAGES)
		return ERR_PTR(-EFAULT);
	export = kvzalloc(struct_size(export, pages, shape->pages), GFP_KERNEL);
	if (!export)
		return ERR_PTR(-ENOMEM);
	kref_init(&export->ref);
	export->shape = *shape;
	export->shape.x = export->shape.y = 0;
	export->shape.pages = 0;
	for (u32 i = 0; i < shape->pages; i++) {
		void *memory = memory_of(vgpu, shape, picture, i);

		if (!memory) {
			put_export(export);
			return ERR_PTR(-EFAULT);
		}
		export->pages[i] = virt_to_page(memory);
		get_page(export->pages[i]);
		export->shape.pages++;
	}
	return export;
}

static bool is_same(const struct gvt_vfio_export *a, const struct gvt_vfio_export *b)
{
	return !memcmp(&a->shape, &b->shape, sizeof(a->shape)) &&
	       !memcmp(a->pages, b->pages, a->shape.pages * sizeof(a->pages[0]));
}

static void drop_oldest(struct gvt_vfio *device)
{
	struct gvt_vfio_export *export, *next;
	unsigned int count = 0;

	list_for_each_entry_safe(export, next, &device->exports, node) {
		if (++count <= EXPORTS_MOST)
			continue;
		list_del(&export->node);
		put_export(export);
	}
}

/* The one that it is, among those that are known; the fresh one joins them otherwise. */
static u32 enlist(struct gvt_vfio *device, struct gvt_vfio_export *fresh)
{
	struct gvt_vfio_export *export;

	list_for_each_entry(export, &device->exports, node) {
		if (!is_same(export, fresh))
			continue;
		put_export(fresh);
		list_move(&export->node, &device->exports);
		return export->id;
	}
	fresh->id = ++device->last_export;
	list_add(&fresh->node, &device->exports);
	drop_oldest(device);
	return fresh->id;
}

int gvt_vfio_export(struct gvt_vfio *device, const struct gvt_export *shape, bool picture, u32 *id)
{
	struct gvt_vfio_export *fresh = new_export(device->vgpu, shape, picture);

	if (IS_ERR(fresh))
		return PTR_ERR(fresh);
	mutex_lock(&device->exports_lock);
	*id = enlist(device, fresh);
	mutex_unlock(&device->exports_lock);
	return 0;
}

void gvt_vfio_exports_forget(struct gvt_vfio *device)
{
	struct gvt_vfio_export *export, *next;

	mutex_lock(&device->exports_lock);
	list_for_each_entry_safe(export, next, &device->exports, node) {
		list_del(&export->node);
		put_export(export);
	}
	mutex_unlock(&device->exports_lock);
}

static struct sg_table *map(struct dma_buf_attachment *attachment, enum dma_data_direction direction)
{
	const struct gvt_vfio_export *export = attachment->dmabuf->priv;
	struct sg_table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	int err;

	if (!table)
		return ERR_PTR(-ENOMEM);
	err = sg_alloc_table_from_pages(table, (struct page **)export->pages, export->shape.pages, 0,
					attachment->dmabuf->size, GFP_KERNEL);
	if (err)
		goto free;
	err = dma_map_sgtable(attachment->dev, table, direction, 0);
	if (err)
		goto free_entries;
	return table;

free_entries:
	sg_free_table(table);
free:
	kfree(table);
	return ERR_PTR(err);
}

static void unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
		  enum dma_data_direction direction)
{
	dma_unmap_sgtable(attachment->dev, table, direction, 0);
	sg_free_table(table);
	kfree(table);
}

static void release(struct dma_buf *dmabuf)
{
	put_export(dmabuf->priv);
}

/* They are somebody's own memory: the mapping leaves no trace on them. Its file holds the export. */
static vm_fault_t fault(struct vm_fault *fault)
{
	const struct gvt_vfio_export *export = fault->vma->vm_private_data;

	if (fault->pgoff >= export->shape.pages)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(fault->vma, fault->address, page_to_pfn(export->pages[fault->pgoff]));
}

static const struct vm_operations_struct map_ops = { .fault = fault };

static int map_into_process(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vma->vm_flags |= VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_private_data = dmabuf->priv;
	vma->vm_ops = &map_ops;
	return 0;
}

static const struct dma_buf_ops dmabuf_ops = {
	.map_dma_buf = map,
	.unmap_dma_buf = unmap,
	.release = release,
	.mmap = map_into_process,
};

static int export_fd(struct gvt_vfio_export *export)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;
	int fd;

	info.ops = &dmabuf_ops;
	info.size = export->shape.pages * PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = export;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		put_export(export);
		return PTR_ERR(dmabuf);
	}
	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}

int gvt_vfio_export_fd(struct gvt_vfio *device, u32 id)
{
	struct gvt_vfio_export *export, *found = NULL;

	mutex_lock(&device->exports_lock);
	list_for_each_entry(export, &device->exports, node) {
		if (export->id != id)
			continue;
		found = export;
		kref_get(&found->ref);
	}
	mutex_unlock(&device->exports_lock);
	return found ? export_fd(found) : -EINVAL;
}

MODULE_IMPORT_NS(DMA_BUF);
