/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ggtt.h - a vGPU's global GTT: the guest's table, and its shadow in the hardware's
 *
 * The table is memory that the guest writes with no trap. Of its part, which lies in two areas, the
 * aperture's entries and hidden memory's, hardware sees nothing before it is checked: when the guest
 * says that it is done (GFX_FLSH_CNTL, and whatever names a graphics address), each page of the
 * table that was written since is compared with what was seen before, and entries that changed are
 * checked, their pages pinned, and shadowed. An entry is read once: what is checked is used.
 *
 * To know which pages were written, a page of the table is either cold, when the guest's next
 * access calls vgpu_ggtt_touched(), or warm, and compared at each flush. It cools when it has stayed
 * the same for some flushes.
 *
 * The rest of the table is nobody's: all its pages are one that nobody looks at.
 */
#ifndef GVT_GGTT_H
#define GVT_GGTT_H

#include <linux/types.h>

/* Of BAR0. */
#define GVT_GGTT_OFFSET 0x800000u
#define GVT_GGTT_SIZE	0x800000u
#define GVT_GGTT_PAGES	(GVT_GGTT_SIZE / 4096u)

#define GGTT_ENTRIES_PER_PAGE 512u

enum {
	GGTT_AREA_APERTURE,
	GGTT_AREA_HIDDEN,
	GGTT_AREAS,
};

struct vgpu;

struct ggtt_area {
	u32 first, count; /* entries; multiples of GGTT_ENTRIES_PER_PAGE */
	u64 *table; /* what the guest has written; the guest may write while we read */
	u64 *seen; /* what of it was looked at last */
	unsigned long *mapped; /* entries whose page is pinned, and in the hardware's table */
	unsigned long *warm; /* pages that must be compared */
	u8 *quiet; /* flushes for which a warm page has not changed */
};

struct vgpu_ggtt {
	struct ggtt_area areas[GGTT_AREAS];
	void *nowhere; /* the page of what is nobody's */
	u64 *shadow; /* of one page, while it is being checked */
	u64 *leaving; /* gfns that this page has named until now */
};

/* Tables for the vGPU's ranges, all entries 0. Returns 0 or -ENOMEM. */
int vgpu_ggtt_init(struct vgpu *vgpu);
void vgpu_ggtt_fini(struct vgpu *vgpu);

/* The guest has written all that it means for now. */
void vgpu_ggtt_flush(struct vgpu *vgpu);
/* No entry is mapped, and all of the table is 0. */
void vgpu_ggtt_clear(struct vgpu *vgpu);
/* The hardware's table has lost what we wrote there: write it again. */
void vgpu_ggtt_restore(struct vgpu *vgpu);
/* No entry maps a page of [first, first + count); entries that did are looked at again later. */
void vgpu_ggtt_forget(struct vgpu *vgpu, u64 first, u64 count);

/*
 * The guest's memory at a graphics address, up to the end of its page; NULL where nothing is mapped.
 * Valid until the next call of a function above.
 */
void *vgpu_ggtt_memory(struct vgpu *vgpu, u64 address);
/* Copy bytes of it, none of which is read twice. Returns 0 or -EFAULT: some of them are not mapped. */
int vgpu_ggtt_copy(struct vgpu *vgpu, u64 address, void *to, u32 bytes);

/* Trapped accesses to the table, by offset from its start; inside GVT_GGTT_SIZE. */
void vgpu_ggtt_read(struct vgpu *vgpu, u32 offset, void *data, size_t length);
void vgpu_ggtt_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length);

/* The memory behind that page of the table: what a guest's access to it reaches. */
void *vgpu_ggtt_page(struct vgpu *vgpu, unsigned int page);
/* For guest.h's protect; no lock is needed. Pages that are nobody's are ignored. */
void vgpu_ggtt_touched(struct vgpu *vgpu, unsigned int page);
void vgpu_ggtt_untouched(struct vgpu *vgpu, unsigned int page);

#endif
