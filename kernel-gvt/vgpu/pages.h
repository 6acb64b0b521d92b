/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages.h - the guest's pages that the GPU may reach now: pinned once each, counted
 *
 * Knows the hypervisor through guest.h alone. The caller holds the vGPU's lock.
 */
#ifndef GVT_PAGES_H
#define GVT_PAGES_H

#include <linux/types.h>
#include <linux/xarray.h>

struct gvt_guest_page;
struct vgpu;

struct vgpu_pages {
	struct xarray by_gfn;
	u64 pinned;
};

void vgpu_pages_init(struct vgpu_pages *pages);

/*
 * The bus address of the guest's page, pinned until vgpu_page_put(). Returns 0 or a negative errno:
 * the guest has no such memory, or -ENOMEM.
 */
int vgpu_page_get(struct vgpu *vgpu, u64 gfn, u64 *bus_address);
void vgpu_page_put(struct vgpu *vgpu, u64 gfn);
/* Of a page that is pinned; NULL if it is not. Valid as long as somebody has it by vgpu_page_get(). */
const struct gvt_guest_page *vgpu_page_find(struct vgpu *vgpu, u64 gfn);
/* Is any page of [first, first + count) pinned? */
bool vgpu_pages_any(struct vgpu *vgpu, u64 first, u64 count);

#endif
