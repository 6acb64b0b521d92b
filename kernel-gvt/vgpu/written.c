// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "vgpu.h"
#include "written.h"

struct watched_page {
	unsigned int writes;
	bool lost; /* the hypervisor has forgotten it by itself */
};

void vgpu_written_init(struct vgpu_written *written)
{
	spin_lock_init(&written->lock);
	xa_init(&written->pages);
}

/* Who counts has it only with the lock. */
static struct watched_page *take_off(struct vgpu_written *written, u64 gfn)
{
	struct watched_page *page;

	spin_lock(&written->lock);
	page = xa_erase(&written->pages, gfn);
	spin_unlock(&written->lock);
	return page;
}

int vgpu_written_watch(struct vgpu *vgpu, u64 gfn)
{
	struct vgpu_written *written = &vgpu->written;
	struct watched_page *page;
	int err;

	if (!vgpu->guest_ops->watch)
		return -EOPNOTSUPP;
	if (xa_load(&written->pages, gfn))
		return -EEXIST;
	page = kzalloc(sizeof(*page), GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	err = xa_err(xa_store(&written->pages, gfn, page, GFP_KERNEL));
	if (err) {
		kfree(page);
		return err;
	}
	err = vgpu->guest_ops->watch(vgpu->guest, gfn);
	if (err)
		kfree(take_off(written, gfn));
	return err;
}

void vgpu_written_unwatch(struct vgpu *vgpu, u64 gfn)
{
	struct watched_page *page = take_off(&vgpu->written, gfn);

	if (!page->lost)
		vgpu->guest_ops->unwatch(vgpu->guest, gfn);
	kfree(page);
}

unsigned int vgpu_written_take(struct vgpu *vgpu, u64 gfn)
{
	struct watched_page *page;
	unsigned int writes = 0;

	spin_lock(&vgpu->written.lock);
	page = xa_load(&vgpu->written.pages, gfn);
	if (page) {
		writes = page->writes;
		page->writes = 0;
	}
	spin_unlock(&vgpu->written.lock);
	return writes;
}

void vgpu_written(struct vgpu *vgpu, u64 gfn)
{
	struct watched_page *page;

	spin_lock(&vgpu->written.lock);
	page = xa_load(&vgpu->written.pages, gfn);
	if (page && page->writes < UINT_MAX)
		page->writes++;
	spin_unlock(&vgpu->written.lock);
}

void vgpu_written_lost(struct vgpu *vgpu, u64 first, u64 pages)
{
	struct watched_page *page;
	unsigned long gfn;

	spin_lock(&vgpu->written.lock);
	xa_for_each(&vgpu->written.pages, gfn, page) {
		if (gfn - first >= pages)
			continue;
		page->writes = UINT_MAX;
		page->lost = true;
	}
	spin_unlock(&vgpu->written.lock);
}
