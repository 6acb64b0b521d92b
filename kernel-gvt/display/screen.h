/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h - the picture that a vGPU's monitor shows, as people see it: all planes and the cursor
 *
 * It is kept from look to look, in pages that others may map: a look reads the guest's memory, and
 * copies what differs. Rows are XRGB8888, one behind the other, from the top.
 *
 * Lock: its own, taken before the vGPU's, which is held for some rows at a time. Pages are found
 * with no lock.
 */
#ifndef GVT_SCREEN_H
#define GVT_SCREEN_H

#include <linux/mutex.h>
#include <linux/types.h>

/* The largest picture: 4096x2304. */
#define GVT_SCREEN_BYTES (4096u * 2304u * 4u)
#define GVT_SCREEN_PAGES (GVT_SCREEN_BYTES / 4096u)

struct vgpu;
struct screen_scratch;

struct vgpu_screen {
	struct mutex lock;
	u32 width, height; /* of the last picture; 0: there is none */
	void **pages; /* GVT_SCREEN_PAGES of them; NULL: not needed yet */
	struct screen_scratch *scratch; /* what a look works with; NULL between guests */
	u64 copied; /* bytes that differed, so far */
};

/* Returns 0 or -ENOMEM. */
int vgpu_screen_init(struct vgpu *vgpu);
void vgpu_screen_fini(struct vgpu *vgpu);
/* Nobody sees what it was. With no lock held. */
void vgpu_screen_clear(struct vgpu *vgpu);

/*
 * Look again, with no lock held: width and height are those of the picture. Returns 0, -ENODATA
 * (nothing is shown: no guest, or its display is off), or -ENOMEM. May take milliseconds.
 */
int vgpu_screen_refresh(struct vgpu *vgpu, u32 *width, u32 *height);

/* Those of the last look. */
void vgpu_screen_size(struct vgpu *vgpu, u32 *width, u32 *height);
/*
 * Bytes of the picture from `offset` on, as it was at the last look. Returns how many there were, at
 * most `bytes`.
 */
size_t vgpu_screen_read(struct vgpu *vgpu, u64 offset, void *to, size_t bytes);

/* The memory of page n, for whoever maps it; takes no lock. NULL without memory. */
void *vgpu_screen_page(struct vgpu *vgpu, unsigned int n);

#endif
