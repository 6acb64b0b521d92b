/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ppgtt.h - a guest's per-process page tables, and the shadows that hardware walks
 *
 * Guests write their tables as memory, and say nothing. So before work runs, each table that it can
 * reach is compared with what was seen of it before, and entries that have changed are checked and
 * shadowed: each is read once, and what was checked is used. Where the hypervisor can tell of writes
 * (written.h), a table that stays the same is watched, and not compared until it was written; one that
 * is written often is not watched any more. Guest pages are pinned as long as a
 * shadow leads to them. A table that several tables name has one shadow for each level it is used at.
 *
 * Skylake PRM, vol. 5, "Per-Process GTT"; three levels (legacy 32-bit contexts) or four. The caller
 * holds the vGPU's lock.
 */
#ifndef GVT_PPGTT_H
#define GVT_PPGTT_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/xarray.h>

#define PPGTT_ENTRIES 512u

/* What a table is: by what its entries mean. */
enum ppgtt_level {
	PPGTT_PT_64K, /* each sixteenth entry maps 64 KiB */
	PPGTT_PT,
	PPGTT_PD,
	PPGTT_PDP,
	PPGTT_PML4,
	PPGTT_LEVELS,
};

struct vgpu;
struct vgpu_ppgtt;

/* All tables of a vGPU. */
struct vgpu_ppgtts {
	struct xarray tables[PPGTT_LEVELS]; /* by the guest page of each */
	unsigned int count; /* of them */
	u64 mapped; /* entries of them that lead to pages */
	u64 round; /* of comparisons: a table is compared once in each */
	struct list_head dead; /* tables that nothing names any more, until hardware has forgotten them */
	u64 *leaving; /* pages that nothing maps any more, likewise */
	unsigned int leaving_count;
};

/* Returns 0 or -ENOMEM. */
int vgpu_ppgtts_init(struct vgpu *vgpu);
/* With no vgpu_ppgtt left. */
void vgpu_ppgtts_fini(struct vgpu *vgpu);

/*
 * The shadow of the address space with these roots: one page map for four levels, four page
 * directories for three. Returns 0, -EINVAL (levels), -EFAULT (a root is not the guest's memory),
 * -ENOSPC (too many tables) or -ENOMEM.
 */
int vgpu_ppgtt_get(struct vgpu *vgpu, unsigned int levels, const u64 *roots, struct vgpu_ppgtt **out);
void vgpu_ppgtt_put(struct vgpu *vgpu, struct vgpu_ppgtt *ppgtt);

/* From here on hardware sees what the guest's tables say now. Errors as above: some of it may be missing then. */
int vgpu_ppgtt_update(struct vgpu *vgpu, struct vgpu_ppgtt *ppgtt);

/*
 * The guest's memory that hardware reaches at an address, from there to the end of its page of 4 KiB;
 * NULL where nothing is. Valid until the next call of a function that changes shadows.
 */
const void *vgpu_ppgtt_memory(struct vgpu *vgpu, const struct vgpu_ppgtt *ppgtt, u64 address);

/* What the hardware's page directory pointer n gets: a bus address. */
u64 vgpu_ppgtt_root(const struct vgpu_ppgtt *ppgtt, unsigned int n);
unsigned int vgpu_ppgtt_levels(const struct vgpu_ppgtt *ppgtt);

/* Guest memory of [first, first + count) goes away: no shadow leads there when this returns. */
void vgpu_ppgtts_forget(struct vgpu *vgpu, u64 first, u64 count);

#endif
