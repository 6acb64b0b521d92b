// SPDX-License-Identifier: LGPL-2.1-or-later
/* Plans: wishes tried on a GPU as it is and as if it were empty. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "snapshot.h"

#define PERMUTED_MAX 7 /* 5,040 orders; more wishes than that are only tried largest first */
#define SEARCHED_MAX 100000 /* of many different wishes, not all that could be better is tried */

/* --- the object ------------------------------------------------------------------------------- */

static int not_known(struct gvt_gpu *gpu)
{
	gvt_error(gpu->snapshot->ctx, GVT_ERROR_UNSUPPORTED, -ENODATA,
		  "the driver of GPU %s does not say what its vGPUs have", gpu->name);
	gvt_hint(gpu->snapshot->ctx, "'gvt types' shows what the kernel says would fit now");
	return -ENODATA;
}

static int not_ready(struct gvt_gpu *gpu)
{
	gvt_error(gpu->snapshot->ctx, GVT_ERROR_UNSUPPORTED, -ENODEV, "GPU %s offers no vGPUs: %s",
		  gpu->name, gpu->reason);
	gvt_hint(gpu->snapshot->ctx, "%s", gpu->advice);
	return -ENODEV;
}

int gvt_plan_new(struct gvt_gpu *gpu, struct gvt_plan **out)
{
	struct gvt_plan_side *now, *empty;
	struct gvt_plan *plan;

	*out = NULL;
	if (gpu->state != GVT_GPU_READY)
		return not_ready(gpu);
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return gvt_no_memory(gpu->snapshot->ctx);
	plan->refs = 1;
	plan->gpu = gvt_gpu_ref(gpu);
	now = &plan->side[GVT_PLAN_NOW];
	empty = &plan->side[GVT_PLAN_EMPTY];
	if (gvt_partition_read(gpu, &empty->start) || gvt_partition_read(gpu, &now->start) ||
	    gvt_partition_read_active(gpu, &now->start, now->uuids)) {
		gvt_plan_unref(plan);
		return not_known(gpu);
	}
	*out = plan;
	return 0;
}

struct gvt_plan *gvt_plan_ref(struct gvt_plan *plan)
{
	if (plan)
		plan->refs++;
	return plan;
}

struct gvt_plan *gvt_plan_unref(struct gvt_plan *plan)
{
	if (!plan || --plan->refs)
		return NULL;
	gvt_gpu_unref(plan->gpu);
	free(plan);
	return NULL;
}

/* --- wishes ----------------------------------------------------------------------------------- */

static struct gvt_type *smallest_type(struct gvt_gpu *gpu)
{
	struct gvt_type *smallest = gpu->types;

	for (struct gvt_type *type = gpu->types; type; type = type->next)
		if (gvt_type_get_aperture(type) < gvt_type_get_aperture(smallest))
			smallest = type;
	return smallest;
}

static int no_such_type(struct gvt_plan *plan, const char *name)
{
	struct gvt_ctx *ctx = plan->gpu->snapshot->ctx;

	gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "GPU %s offers no vGPU type '%s'",
		  plan->gpu->name, name);
	gvt_hint(ctx, "'gvt types' lists those it offers; larger ones appear with a larger aperture");
	return -ENOENT;
}

static int take_size(struct gvt_plan *plan, struct gvt_wish *wish, const struct gvt_value *value)
{
	struct gvt_ctx *ctx = plan->gpu->snapshot->ctx;
	char plain[GVT_SETTING_MAX];
	uint32_t *part;

	if ((unsigned int)value->setting >= GVT_SETTING_COUNT)
		return gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL, "there is no setting %d", value->setting);
	if (value->text && gvt_setting_plain(value->setting, value->text, plain))
		return gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL, "%s '%.80s' is not %s",
				 gvt_setting_get_name(value->setting), value->text,
				 gvt_setting_get_form(value->setting));
	if (!value->text)
		return 0;
	if (value->setting == GVT_SETTING_APERTURE)
		part = &wish->wanted.aperture;
	else if (value->setting == GVT_SETTING_HIDDEN)
		part = &wish->wanted.hidden;
	else if (value->setting == GVT_SETTING_FENCES)
		part = &wish->wanted.fences;
	else
		return 0;
	if (!plan->side[GVT_PLAN_EMPTY].start.exact) {
		gvt_error(ctx, GVT_ERROR_UNSUPPORTED, -ENOTSUP,
			  "kvmgt's vGPUs have what their types say, and nothing else");
		gvt_hint(ctx, "load gvt.ko in its place, see gvt-module(5), or plan with types alone");
		return -ENOTSUP;
	}
	*part = (uint32_t)strtoul(plain, NULL, 10);
	wish->own_sizes = true;
	return 0;
}

int gvt_plan_add(struct gvt_plan *plan, const char *type_name, const struct gvt_value *values,
		 size_t count)
{
	struct gvt_ctx *ctx = plan->gpu->snapshot->ctx;
	struct gvt_wish wish = { .type = type_name ? gvt_type_find(plan->gpu, type_name) :
						     smallest_type(plan->gpu) };
	int err = 0;

	gvt_clear_error(ctx);
	if (plan->count == GVT_WISHES_MAX)
		return gvt_error(ctx, GVT_ERROR_MISUSE, -E2BIG, "a plan takes %d vGPUs at most",
				 GVT_WISHES_MAX);
	if (!wish.type)
		return no_such_type(plan, type_name);
	wish.wanted = gvt_part_of_type(wish.type);
	if (!wish.wanted.aperture || !wish.wanted.hidden)
		return not_known(plan->gpu);
	for (size_t i = 0; !err && i < count; i++)
		err = take_size(plan, &wish, &values[i]);
	if (err)
		return err;
	plan->wishes[plan->count++] = wish;
	plan->solved = false;
	return 0;
}

/* --- tries ------------------------------------------------------------------------------------ */

static enum gvt_fit take_wish(struct gvt_partition *partition, const struct gvt_wish *wish,
			      unsigned int index, char *why, size_t size)
{
	struct gvt_part type = gvt_part_of_type(wish->type);

	return gvt_partition_take(partition, &type, &wish->wanted,
				  (int)(partition->holders + index), why, size);
}

static void try_given_order(struct gvt_plan *plan, struct gvt_plan_side *side)
{
	side->partition = side->start;
	side->fit = GVT_FIT_YES;
	side->why[0] = '\0';
	side->sure = 0;
	for (side->placed = 0; side->placed < plan->count; side->placed++) {
		enum gvt_fit fit = take_wish(&side->partition, &plan->wishes[side->placed],
					     side->placed, side->why, sizeof(side->why));

		if (fit != GVT_FIT_YES)
			side->fit = fit;
		if (fit == GVT_FIT_NO)
			return;
		if (side->fit == GVT_FIT_YES)
			side->sure++;
	}
}

static bool fits_in_order(struct gvt_plan *plan, const struct gvt_partition *start,
			  const unsigned int *order)
{
	struct gvt_partition partition = *start;

	for (unsigned int i = 0; i < plan->count; i++)
		if (take_wish(&partition, &plan->wishes[order[i]], order[i], NULL, 0) == GVT_FIT_NO)
			return false;
	return true;
}

static uint32_t weight_of(const struct gvt_wish *wish)
{
	return wish->wanted.aperture * 8 + wish->wanted.hidden;
}

/* Insertion keeps the given order among equals. */
static void sort_largest_first(struct gvt_plan *plan)
{
	for (unsigned int i = 0; i < plan->count; i++) {
		unsigned int at = i;

		while (at && weight_of(&plan->wishes[plan->order[at - 1]]) <
				     weight_of(&plan->wishes[i])) {
			plan->order[at] = plan->order[at - 1];
			at--;
		}
		plan->order[at] = i;
	}
}

/* Tries every order of what stands at @from and behind; leaves the first that fits in @order. */
static bool permute(struct gvt_plan *plan, const struct gvt_partition *start, unsigned int *order,
		    unsigned int from)
{
	if (from == plan->count)
		return fits_in_order(plan, start, order);
	for (unsigned int i = from; i < plan->count; i++) {
		unsigned int swapped = order[from];

		order[from] = order[i];
		order[i] = swapped;
		if (permute(plan, start, order, from + 1))
			return true;
		order[i] = order[from];
		order[from] = swapped;
	}
	return false;
}

static void find_order(struct gvt_plan *plan, const struct gvt_partition *start)
{
	sort_largest_first(plan);
	plan->order_fits = fits_in_order(plan, start, plan->order);
	if (!plan->order_fits && plan->count <= PERMUTED_MAX)
		plan->order_fits = permute(plan, start, plan->order, 0);
}

/* --- the nearest plan ------------------------------------------------------------------------- */

struct search {
	struct gvt_plan *plan;
	struct gvt_type *types[16]; /* from large to small */
	unsigned int type_count;
	unsigned int choice[GVT_WISHES_MAX], best[GVT_WISHES_MAX];
	unsigned int best_cost;
	unsigned int tries;
};

/* Choices for a wish: as it is, its type alone, each smaller type, and behind these: nothing. */
static unsigned int rank_of(const struct search *search, const struct gvt_type *type)
{
	for (unsigned int i = 0; i < search->type_count; i++)
		if (search->types[i] == type)
			return i;
	return 0;
}

static void list_types(struct search *search)
{
	for (struct gvt_type *type = search->plan->gpu->types; type && search->type_count < 16;
	     type = type->next) {
		unsigned int at = search->type_count++;

		while (at &&
		       gvt_type_get_aperture(search->types[at - 1]) < gvt_type_get_aperture(type)) {
			search->types[at] = search->types[at - 1];
			at--;
		}
		search->types[at] = type;
	}
}

static bool take_choice(const struct search *search, struct gvt_partition *partition,
			unsigned int index, unsigned int choice)
{
	struct gvt_wish wish = search->plan->wishes[index];
	unsigned int rank = rank_of(search, wish.type) + choice - 1;

	if (choice) {
		if (rank >= search->type_count)
			return true;
		wish.type = search->types[rank];
		wish.wanted = gvt_part_of_type(wish.type);
	}
	return take_wish(partition, &wish, index, NULL, 0) != GVT_FIT_NO;
}

/* To leave one out costs more than to make any one smaller. */
static unsigned int cost_of(const struct search *search, unsigned int index, unsigned int choice)
{
	unsigned int rank = rank_of(search, search->plan->wishes[index].type);

	return rank + choice > search->type_count ? 100 : choice;
}

static bool are_alike(const struct gvt_wish *a, const struct gvt_wish *b)
{
	return a->type == b->type && a->own_sizes == b->own_sizes &&
	       a->wanted.aperture == b->wanted.aperture && a->wanted.hidden == b->wanted.hidden &&
	       a->wanted.fences == b->wanted.fences;
}

/* Of wishes that are alike, whoever is later gets no more than the one before. */
static unsigned int first_choice(const struct search *search, unsigned int step)
{
	const struct gvt_plan *plan = search->plan;

	if (!step ||
	    !are_alike(&plan->wishes[plan->order[step]], &plan->wishes[plan->order[step - 1]]))
		return 0;
	return search->choice[plan->order[step - 1]];
}

/* What is found first fits, with the largest served best. */
static void search_nearest(struct search *search, const struct gvt_partition *partition,
			   unsigned int step, unsigned int cost)
{
	struct gvt_plan *plan = search->plan;
	unsigned int index, choices;

	if (cost >= search->best_cost ||
	    (search->best_cost != UINT32_MAX && search->tries > SEARCHED_MAX))
		return;
	if (step == plan->count) {
		search->best_cost = cost;
		memcpy(search->best, search->choice, sizeof(search->best));
		return;
	}
	index = plan->order[step];
	choices = search->type_count - rank_of(search, plan->wishes[index].type) + 2;
	for (unsigned int choice = first_choice(search, step); choice < choices; choice++) {
		struct gvt_partition next = *partition;

		search->tries++;
		/* Its type alone is the wish itself, where it has no sizes of its own. */
		if (choice == 1 && !plan->wishes[index].own_sizes)
			continue;
		if (!take_choice(search, &next, index, choice))
			continue;
		search->choice[index] = choice;
		search_nearest(search, &next, step + 1, cost + cost_of(search, index, choice));
	}
}

static void find_nearest(struct gvt_plan *plan, const struct gvt_partition *start)
{
	struct search search = { .plan = plan, .best_cost = UINT32_MAX };

	list_types(&search);
	memset(plan->nearest, 0, sizeof(plan->nearest));
	sort_largest_first(plan);
	search_nearest(&search, start, 0, 0);
	for (unsigned int i = 0; i < plan->count; i++) {
		unsigned int choice = search.best[i];
		unsigned int rank = rank_of(&search, plan->wishes[i].type) + (choice ? choice - 1 : 0);

		plan->nearest[i] = rank < search.type_count ? search.types[rank] : NULL;
		plan->nearest_own_sizes[i] = !choice && plan->wishes[i].own_sizes;
	}
}

void gvt_plan_solve(struct gvt_plan *plan)
{
	struct gvt_plan_side *now = &plan->side[GVT_PLAN_NOW];

	if (plan->solved)
		return;
	try_given_order(plan, now);
	try_given_order(plan, &plan->side[GVT_PLAN_EMPTY]);
	find_order(plan, &now->start);
	if (now->fit == GVT_FIT_NO && !plan->order_fits) {
		find_nearest(plan, &now->start);
	} else {
		for (unsigned int i = 0; i < plan->count; i++) {
			plan->nearest[i] = plan->wishes[i].type;
			plan->nearest_own_sizes[i] = plan->wishes[i].own_sizes;
		}
	}
	plan->solved = true;
}

/* --- answers ---------------------------------------------------------------------------------- */

unsigned int gvt_plan_get_count(struct gvt_plan *plan)
{
	return plan->count;
}

const char *gvt_plan_get_wish(struct gvt_plan *plan, unsigned int index, char *text, size_t size)
{
	const struct gvt_wish *wish = &plan->wishes[index < plan->count ? index : 0];
	struct gvt_part type;
	size_t len;

	if (index >= plan->count)
		return NULL;
	type = gvt_part_of_type(wish->type);
	len = snprintf(text, size, "%s", gvt_short_type_name(wish->type->name));
	if (wish->wanted.aperture != type.aperture && len < size)
		len += snprintf(text + len, size - len, ", aperture %u MiB", wish->wanted.aperture);
	if (wish->wanted.hidden != type.hidden && len < size)
		len += snprintf(text + len, size - len, ", hidden %u MiB", wish->wanted.hidden);
	if (wish->wanted.fences != type.fences && len < size)
		snprintf(text + len, size - len, ", %u fences", wish->wanted.fences);
	return text;
}

static struct gvt_plan_side *side_of(struct gvt_plan *plan, enum gvt_plan_view view)
{
	gvt_plan_solve(plan);
	return &plan->side[view == GVT_PLAN_EMPTY];
}

enum gvt_plan_answer gvt_plan_get_answer(struct gvt_plan *plan, enum gvt_plan_view view)
{
	switch (side_of(plan, view)->fit) {
	case GVT_FIT_YES:
		return GVT_PLAN_FITS;
	case GVT_FIT_NO:
		return GVT_PLAN_DOES_NOT_FIT;
	default:
		return GVT_PLAN_UNCERTAIN;
	}
}

const char *gvt_plan_get_reason(struct gvt_plan *plan, enum gvt_plan_view view)
{
	return side_of(plan, view)->why;
}

unsigned int gvt_plan_get_placed(struct gvt_plan *plan, enum gvt_plan_view view)
{
	return side_of(plan, view)->placed;
}

unsigned int gvt_plan_get_sure(struct gvt_plan *plan, enum gvt_plan_view view)
{
	return side_of(plan, view)->sure;
}

unsigned int gvt_plan_get_order(struct gvt_plan *plan, unsigned int index)
{
	gvt_plan_solve(plan);
	return index < plan->count ? plan->order[index] : index;
}

bool gvt_plan_order_helps(struct gvt_plan *plan)
{
	gvt_plan_solve(plan);
	return plan->order_fits && plan->side[GVT_PLAN_NOW].fit == GVT_FIT_NO;
}

struct gvt_type *gvt_plan_get_nearest(struct gvt_plan *plan, unsigned int index, bool *own_sizes)
{
	gvt_plan_solve(plan);
	if (own_sizes)
		*own_sizes = index < plan->count && plan->nearest_own_sizes[index];
	return index < plan->count ? plan->nearest[index] : NULL;
}
