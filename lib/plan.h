/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan from inside: the wishes, and the two partitions that they are tried on. */
#ifndef GVT_PLAN_H
#define GVT_PLAN_H

#include "partition.h"

#define GVT_WISHES_MAX 32

struct gvt_wish {
	struct gvt_type *type; /* of the plan's GPU */
	struct gvt_part wanted;
	bool own_sizes;
};

struct gvt_plan_side {
	struct gvt_partition start; /* before the wishes, as the look at the host has it */
	struct gvt_partition partition; /* after the wishes, as far as they fit */
	enum gvt_fit fit;
	unsigned int placed; /* wishes that fit, in the given order */
	unsigned int sure; /* the first of these, about which there is no doubt */
	char why[160]; /* the first one does not */
	const char *uuids[GVT_RANGES_MAX]; /* of what is active; wishes are holders behind them */
};

struct gvt_plan {
	unsigned int refs;
	struct gvt_gpu *gpu; /* referenced */
	struct gvt_wish wishes[GVT_WISHES_MAX];
	unsigned int count;
	bool solved;
	struct gvt_plan_side side[2]; /* by enum gvt_plan_view */
	unsigned int order[GVT_WISHES_MAX]; /* the proposed one; as given when none fits */
	bool order_fits;
	struct gvt_type *nearest[GVT_WISHES_MAX]; /* NULL: left out */
	bool nearest_own_sizes[GVT_WISHES_MAX];
};

/* Works it out, if wishes came since the last time. */
void gvt_plan_solve(struct gvt_plan *plan);
/* How a holder of a side is called: "win10 (V5_4)", "wish 2 (V5_8)"; in @text. */
const char *gvt_plan_title(struct gvt_plan *plan, enum gvt_plan_view view, int holder, char *text,
			   size_t size);

#endif
