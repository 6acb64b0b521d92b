// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/slab.h>

#include "pages.h"
#include "vgpu.h"

struct pinned_page {
	struct gvt_guest_page guest;
	u64 users;
};

void vgpu_pages_init(struct vgpu_pages *pages)
{
	xa_init(&pages->by_gfn);
	pages->pinned = 0;
}

static struct pinned_page *pin_page(struct vgpu *vgpu, u64 gfn)
{
	struct pinned_page *page = kzalloc(sizeof(*page), GFP_KERNEL);
	int err;

	if (!page)
		return ERR_PTR(-ENOMEM);
	err = vgpu->guest_ops->pin(vgpu->guest, gfn, &page->guest);
	if (err)
		goto free;
	err = xa_err(xa_store(&vgpu->pages.by_gfn, gfn, page, GFP_KERNEL));
	if (err)
		goto unpin;
	vgpu->pages.pinned++;
	return page;

unpin:
	vgpu->guest_ops->unpin(vgpu->guest, gfn, &page->guest);
free:
	kfree(page);
	return ERR_PTR(err);
}

int vgpu_page_get(struct vgpu *vgpu, u64 gfn, u64 *bus_address)
{
	struct pinned_page *page = xa_load(&vgpu->pages.by_gfn, gfn);

	if (!page)
		page = pin_page(vgpu, gfn);
	if (IS_ERR(page))
		return PTR_ERR(page);
	page->users++;
	*bus_address = page->guest.bus_address;
	return 0;
}

void vgpu_page_put(struct vgpu *vgpu, u64 gfn)
{
	struct pinned_page *page = xa_load(&vgpu->pages.by_gfn, gfn);

	if (!page || --page->users)
		return;
	xa_erase(&vgpu->pages.by_gfn, gfn);
	vgpu->guest_ops->unpin(vgpu->guest, gfn, &page->guest);
	vgpu->pages.pinned--;
	kfree(page);
}

const struct gvt_guest_page *vgpu_page_find(struct vgpu *vgpu, u64 gfn)
{
	const struct pinned_page *page = xa_load(&vgpu->pages.by_gfn, gfn);

	return page ? &page->guest : NULL;
}

bool vgpu_pages_any(struct vgpu *vgpu, u64 first, u64 count)
{
	unsigned long at = first;

	return count && xa_find(&vgpu->pages.by_gfn, &at, first + count - 1, XA_PRESENT);
}
