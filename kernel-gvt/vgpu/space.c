// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>

#include "space.h"

struct gap {
	struct list_head *before; /* a new range goes in behind this one */
	u64 start, end;
};

void gvt_space_init(struct gvt_space *space, u64 start, u64 end)
{
	space->start = start;
	space->end = end > start ? end : start;
	INIT_LIST_HEAD(&space->ranges);
}

static u64 end_before(const struct gvt_space *space, const struct list_head *node)
{
	const struct gvt_range *range;

	if (node == &space->ranges)
		return space->start;
	range = list_entry(node, struct gvt_range, node);
	return range->start + range->size;
}

static u64 start_behind(const struct gvt_space *space, const struct list_head *node)
{
	return node->next == &space->ranges ? space->end :
					      list_entry(node->next, struct gvt_range, node)->start;
}

/* The gap behind this node, which is a range or the head of the list. */
static struct gap gap_behind(const struct gvt_space *space, struct list_head *node)
{
	return (struct gap){ node, end_before(space, node), start_behind(space, node) };
}

/* Walks the gaps: node is the space's own head first, then each range. */
#define for_each_gap(space, gap, at)                                                    \
	for ((at) = (struct list_head *)&(space)->ranges, (gap) = gap_behind(space, at); (at); \
	     (at) = (at)->next == &(space)->ranges ? NULL : (at)->next,                 \
	    (gap) = (at) ? gap_behind(space, at) : (gap))

/* The smallest gap that has room and is larger than what was tried before, in address order among equals. */
static bool next_gap(const struct gvt_space *space, u64 size, const struct gap *tried, struct gap *best)
{
	struct list_head *at;
	struct gap gap;
	bool found = false;

	for_each_gap(space, gap, at) {
		u64 length = gap.end - gap.start;

		if (length < size)
			continue;
		if (tried && (length < tried->end - tried->start ||
			      (length == tried->end - tried->start && gap.start <= tried->start)))
			continue;
		if (found && length >= best->end - best->start)
			continue;
		*best = gap;
		found = true;
	}
	return found;
}

int gvt_space_take(struct gvt_space *space, struct gvt_range *range, u64 size,
		   bool (*claim)(void *opaque, u64 start, u64 size), void *opaque)
{
	struct gap gap, tried;
	bool again = false;

	while (next_gap(space, size, again ? &tried : NULL, &gap)) {
		/* At one end of the gap, so that what is left of it stays in one piece. */
		u64 places[] = { gap.start, gap.end - size };

		for (unsigned int i = 0; i < 2; i++) {
			if ((i && places[1] == places[0]) || !claim(opaque, places[i], size))
				continue;
			range->start = places[i];
			range->size = size;
			list_add(&range->node, gap.before);
			return 0;
		}
		tried = gap;
		again = true;
	}
	return -ENOSPC;
}

void gvt_space_give(struct gvt_range *range)
{
	list_del(&range->node);
	range->size = 0;
}

u64 gvt_space_free(const struct gvt_space *space)
{
	struct list_head *at;
	struct gap gap;
	u64 free = 0;

	for_each_gap(space, gap, at)
		free += gap.end - gap.start;
	return free;
}

u64 gvt_space_largest(const struct gvt_space *space)
{
	struct list_head *at;
	struct gap gap;
	u64 largest = 0;

	for_each_gap(space, gap, at)
		if (gap.end - gap.start > largest)
			largest = gap.end - gap.start;
	return largest;
}

unsigned int gvt_space_fits(const struct gvt_space *space, u64 size)
{
	struct list_head *at;
	struct gap gap;
	u64 count = 0;

	if (!size)
		return UINT_MAX;
	for_each_gap(space, gap, at)
		count += div64_u64(gap.end - gap.start, size);
	return count > UINT_MAX ? UINT_MAX : count;
}
