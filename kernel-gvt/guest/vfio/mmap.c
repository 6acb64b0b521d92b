// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a vGPU is mapped straight into its guest: its part of the aperture, and its GGTT table.
 * And the picture of its screen, which its viewer maps.
 *
 * Of the table each page is mapped when it is touched, which makes it warm, and unmapped when it
 * is to be cold (ggtt.h). maps_lock makes each of these one step; it is taken inside mmap_lock.
 */
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"

struct ggtt_map {
	struct list_head node; /* of device->maps */
	struct gvt_vfio *device;
	struct vm_area_struct *vma;
	struct mm_struct *mm;
};

static void map_open(struct vm_area_struct *vma);
static void map_close(struct vm_area_struct *vma);
static vm_fault_t map_fault(struct vm_fault *fault);

static const struct vm_operations_struct map_ops = {
	.open = map_open,
	.close = map_close,
	.fault = map_fault,
};

static int add_map(struct gvt_vfio *device, struct vm_area_struct *vma)
{
	struct ggtt_map *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return -ENOMEM;
	map->device = device;
	map->vma = vma;
	map->mm = vma->vm_mm;
	vma->vm_private_data = map;
	mutex_lock(&device->maps_lock);
	list_add(&map->node, &device->maps);
	mutex_unlock(&device->maps_lock);
	return 0;
}

/* A vma was split or copied: the new one is a map of its own. Without memory for that it stays unmapped. */
static void map_open(struct vm_area_struct *vma)
{
	struct ggtt_map *map = vma->vm_private_data;

	vma->vm_private_data = NULL;
	if (map)
		add_map(map->device, vma);
}

static void map_close(struct vm_area_struct *vma)
{
	struct ggtt_map *map = vma->vm_private_data;

	if (!map)
		return;
	mutex_lock(&map->device->maps_lock);
	list_del(&map->node);
	mutex_unlock(&map->device->maps_lock);
	kfree(map);
}

/* The page of the table that is at an address. */
static unsigned int page_at(const struct ggtt_map *map, unsigned long address)
{
	u64 offset = ((u64)map->vma->vm_pgoff << PAGE_SHIFT) + (address - map->vma->vm_start);

	return ((offset & ((1ull << GVT_REGION_SHIFT) - 1)) - GVT_GGTT_OFFSET) >> PAGE_SHIFT;
}

static vm_fault_t map_fault(struct vm_fault *fault)
{
	struct ggtt_map *map = fault->vma->vm_private_data;
	struct gvt_vfio *device;
	vm_fault_t result;
	unsigned int page;

	if (!map)
		return VM_FAULT_SIGBUS;
	device = map->device;
	page = page_at(map, fault->address);
	mutex_lock(&device->maps_lock);
	vgpu_ggtt_touched(device->vgpu, page);
	result = vmf_insert_pfn(fault->vma, fault->address,
				vmalloc_to_pfn(vgpu_ggtt_page(device->vgpu, page)));
	mutex_unlock(&device->maps_lock);
	return result;
}

static void unmap_page(struct ggtt_map *map, unsigned int page)
{
	unsigned int first = page_at(map, map->vma->vm_start);
	unsigned long address = map->vma->vm_start + (unsigned long)(page - first) * PAGE_SIZE;

	if (page >= first && address < map->vma->vm_end)
		zap_vma_ptes(map->vma, address, PAGE_SIZE);
}

/*
 * The address spaces of all maps, each of which must be locked before maps_lock. One guest has one;
 * whoever shares the file with others pays for it: such a table stays warm.
 */
static struct mm_struct *only_mm(struct gvt_vfio *device)
{
	struct mm_struct *mm = NULL;
	struct ggtt_map *map;

	mutex_lock(&device->maps_lock);
	list_for_each_entry(map, &device->maps, node) {
		if (mm && mm != map->mm) {
			mm = NULL;
			break;
		}
		mm = map->mm;
	}
	if (mm && !mmget_not_zero(mm))
		mm = NULL;
	mutex_unlock(&device->maps_lock);
	return mm;
}

static bool all_maps_in(const struct gvt_vfio *device, const struct mm_struct *mm)
{
	const struct ggtt_map *map;

	list_for_each_entry(map, &device->maps, node)
		if (map->mm != mm)
			return false;
	return true;
}

void gvt_vfio_protect(void *guest, unsigned int page)
{
	struct gvt_vfio *device = guest;
	struct mm_struct *mm = only_mm(device);
	struct ggtt_map *map;

	/* Nobody has it mapped, or several have. */
	if (!mm) {
		mutex_lock(&device->maps_lock);
		if (list_empty(&device->maps))
			vgpu_ggtt_untouched(device->vgpu, page);
		mutex_unlock(&device->maps_lock);
		return;
	}
	mmap_read_lock(mm);
	mutex_lock(&device->maps_lock);
	if (all_maps_in(device, mm)) {
		vgpu_ggtt_untouched(device->vgpu, page);
		list_for_each_entry(map, &device->maps, node)
			unmap_page(map, page);
	}
	mutex_unlock(&device->maps_lock);
	mmap_read_unlock(mm);
	mmput(mm);
}

/* Is [offset, offset + size) inside [start, start + length)? */
static bool is_within(u64 offset, u64 size, u64 start, u64 length)
{
	return offset >= start && offset - start <= length && size <= length - (offset - start);
}

static int map_aperture(struct gvt_vfio *device, struct vm_area_struct *vma, u64 offset, u64 size)
{
	const struct vgpu *vgpu = device->vgpu;

	if (!is_within(offset, size, vgpu->aperture.start, vgpu->aperture.size))
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start,
			       (vgpu->gpu->info->aperture_address + offset) >> PAGE_SHIFT, size,
			       vma->vm_page_prot);
}

static int map_table(struct gvt_vfio *device, struct vm_area_struct *vma, u64 offset, u64 size)
{
	if (device->vgpu->gpu->options.trap_ggtt || !is_within(offset, size, GVT_GGTT_OFFSET, GVT_GGTT_SIZE))
		return -EINVAL;
	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY;
	vma->vm_ops = &map_ops;
	return add_map(device, vma);
}

/* The page of a picture that is looked at lives as long as its mapping. */
static vm_fault_t screen_fault(struct vm_fault *fault)
{
	struct gvt_vfio *device = fault->vma->vm_private_data;
	u64 first = fault->vma->vm_pgoff & ((1ull << (GVT_REGION_SHIFT - PAGE_SHIFT)) - 1);
	void *memory = vgpu_screen_page(device->vgpu, fault->pgoff - fault->vma->vm_pgoff + first);

	if (!memory)
		return VM_FAULT_OOM;
	fault->page = virt_to_page(memory);
	get_page(fault->page);
	return 0;
}

static const struct vm_operations_struct screen_ops = { .fault = screen_fault };

/* To be looked at: nothing is drawn there. */
static int map_screen(struct gvt_vfio *device, struct vm_area_struct *vma, u64 offset, u64 size)
{
	if (!is_within(offset, size, 0, GVT_SCREEN_BYTES))
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vma->vm_flags &= ~VM_MAYWRITE;
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_private_data = device;
	vma->vm_ops = &screen_ops;
	return 0;
}

int gvt_vfio_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct gvt_vfio *device = to_gvt_vfio(vdev);
	u64 position = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 offset = position & ((1ull << GVT_REGION_SHIFT) - 1), size = vma->vm_end - vma->vm_start;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	switch (position >> GVT_REGION_SHIFT) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return map_table(device, vma, offset, size);
	case VFIO_PCI_BAR2_REGION_INDEX:
		return map_aperture(device, vma, offset, size);
	case GVT_REGION_SCREEN:
		return map_screen(device, vma, offset, size);
	default:
		return -EINVAL;
	}
}
