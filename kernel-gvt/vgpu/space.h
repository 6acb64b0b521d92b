/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * space.h - one resource that is cut into ranges: the aperture, or hidden graphics memory
 *
 * Ranges are put where they leave the largest pieces whole. Knows nothing of who holds a range,
 * nor of locks: the caller has one around each space.
 */
#ifndef GVT_SPACE_H
#define GVT_SPACE_H

#include <linux/list.h>
#include <linux/types.h>

/* [start, start + size) of a space; bytes. */
struct gvt_range {
	struct list_head node; /* by address */
	u64 start, size;
};

struct gvt_space {
	u64 start, end;
	struct list_head ranges;
};

void gvt_space_init(struct gvt_space *space, u64 start, u64 end);

/*
 * Find room for `size` bytes and put the range there. `claim` is asked for each place, the best
 * first, until it agrees: somebody else may have a say, too.
 * Returns 0, or -ENOSPC and leaves everything as it was.
 */
int gvt_space_take(struct gvt_space *space, struct gvt_range *range, u64 size,
		   bool (*claim)(void *opaque, u64 start, u64 size), void *opaque);
/* Give it back. */
void gvt_space_give(struct gvt_range *range);

u64 gvt_space_free(const struct gvt_space *space);
u64 gvt_space_largest(const struct gvt_space *space);
/* How many more of this size fit, if only such are taken. */
unsigned int gvt_space_fits(const struct gvt_space *space, u64 size);

#endif
