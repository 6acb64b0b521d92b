/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * written.h - pages of the guest's memory whose writes the hypervisor tells us of
 *
 * For who compares pages, and need not if nobody has written there. Knows the hypervisor through guest.h
 * alone; where that can't tell, nothing is ever watched. The caller holds the vGPU's lock, if not said.
 */
#ifndef GVT_WRITTEN_H
#define GVT_WRITTEN_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct vgpu;

struct vgpu_written {
	spinlock_t lock; /* of the counts */
	struct xarray pages; /* by gfn */
};

void vgpu_written_init(struct vgpu_written *written);

/*
 * From now on writes to the page are counted: a look at it behind this call misses none. Returns 0,
 * -EOPNOTSUPP (nobody can tell), -EEXIST (it is watched already), or what the hypervisor says.
 */
int vgpu_written_watch(struct vgpu *vgpu, u64 gfn);
void vgpu_written_unwatch(struct vgpu *vgpu, u64 gfn);
/* Writes since it was watched, or since the last call: a look at the page behind it sees them. */
unsigned int vgpu_written_take(struct vgpu *vgpu, u64 gfn);

/* For guest.h's watch: the page is being written, and who did it has not gone on. Does not sleep. */
void vgpu_written(struct vgpu *vgpu, u64 gfn);
/* Writes to pages of [first, first + pages) are not told any more: they count as written many times. */
void vgpu_written_lost(struct vgpu *vgpu, u64 first, u64 pages);

#endif
