// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "gpu.h"
#include "scheduler.h"
#include "vgpu.h"
#include "workload.h"

/* One runs, the next is there when it ends. */
#define IN_FLIGHT_MAX 2u

/* What a share has had counts as on an engine of this weight; those of the classic types are 2 to 16. */
#define WEIGHT_UNIT 16u

/* So far ahead a share may be: what is given out in one piece is that much, or more. */
#define AHEAD_MAX_NS (2 * 1000 * 1000ull)

/* A capped share may save up what it may take in this time, and is looked at again after that one. */
#define CAP_PERIOD_NS (100 * 1000 * 1000ull)
#define LATER_MS      2u

static struct gvt_scheduler *scheduler_of(struct vgpu *vgpu, enum gvt_engine engine)
{
	return &vgpu->gpu->schedulers[engine];
}

static u64 by_weight(const struct vgpu_share *share, u64 ns)
{
	return div_u64(ns * WEIGHT_UNIT, share->weight);
}

/* What runs is charged when it leaves the engine: until then, as if it had run since it got there. */
static u64 had_by(const struct vgpu_share *share, u64 now)
{
	return share->had + (share->in_flight ? by_weight(share, now - share->charged) : 0);
}

static void refill(struct vgpu_share *share, u64 now)
{
	u64 elapsed = min(now - share->refilled, CAP_PERIOD_NS);

	share->credit = min_t(s64, share->credit + div_u64(elapsed * share->cap, 100),
			      div_u64(CAP_PERIOD_NS * share->cap, 100));
	share->refilled = now;
}

/* What is in flight takes credit by the clock, until it is told what it took indeed. */
static u64 untold_in_flight(const struct vgpu_share *share, u64 now)
{
	return share->in_flight ? now - max(share->charged, share->capped) : 0;
}

static bool is_capped(struct vgpu_share *share, u64 now)
{
	if (share->cap >= GVT_CAP_MAX)
		return false;
	refill(share, now);
	return share->credit <= (s64)untold_in_flight(share, now);
}

/* The one that has had least of those that may compete: who has reached its cap does not. */
static u64 least_had(struct gvt_scheduler *scheduler, u64 now)
{
	struct vgpu_share *share;
	u64 least = U64_MAX;

	list_for_each_entry(share, &scheduler->active, node)
		if (!is_capped(share, now))
			least = min(least, had_by(share, now));
	return least;
}

/* Takes the next share's turn; NULL: nobody's, and `later` says whether time alone changes that. */
static struct vgpu_share *pick(struct gvt_scheduler *scheduler, bool *later)
{
	struct vgpu_share *share, *next = NULL;
	u64 now = ktime_get_ns(), least = least_had(scheduler, now);

	*later = false;
	list_for_each_entry(share, &scheduler->active, node) {
		if (!share->waiting || share->in_flight >= IN_FLIGHT_MAX)
			continue;
		if (is_capped(share, now) || share->had > least + AHEAD_MAX_NS)
			*later = true;
		else if (!next || share->had < next->had)
			next = share;
	}
	if (!next)
		return NULL;
	next->waiting = false;
	scheduler->now = max(scheduler->now, next->had);
	return next;
}

static void set_active(struct gvt_scheduler *scheduler, struct vgpu_share *share)
{
	bool active = share->waiting || share->in_flight;

	if (active && list_empty(&share->node))
		list_add_tail(&share->node, &scheduler->active);
	else if (!active)
		list_del_init(&share->node);
}

static void begun(struct gvt_scheduler *scheduler, struct vgpu_share *share)
{
	spin_lock(&scheduler->lock);
	if (!share->in_flight++)
		share->charged = ktime_get_ns();
	set_active(scheduler, share);
	spin_unlock(&scheduler->lock);
}

/* What is handed over may end, and be counted, before it is counted here: both happen under the vGPU's lock. */
static void serve(struct gvt_scheduler *scheduler, struct vgpu_share *share)
{
	struct vgpu *vgpu = share->vgpu;

	mutex_lock(&vgpu->lock);
	if (vgpu_workload_run(vgpu, share->engine))
		begun(scheduler, share);
	if (vgpu_workload_waits(vgpu, share->engine))
		gvt_scheduler_wake(vgpu, share->engine);
	mutex_unlock(&vgpu->lock);
}

static void dispatch(struct work_struct *work)
{
	struct gvt_scheduler *scheduler = container_of(work, struct gvt_scheduler, dispatch);
	struct vgpu_share *share;
	bool later;

	for (;;) {
		spin_lock(&scheduler->lock);
		share = pick(scheduler, &later);
		if (share)
			set_active(scheduler, share);
		spin_unlock(&scheduler->lock);
		if (!share)
			break;
		serve(scheduler, share);
	}
	if (later)
		queue_delayed_work(system_highpri_wq, &scheduler->later, msecs_to_jiffies(LATER_MS));
}

static void queue_dispatch(struct gvt_scheduler *scheduler)
{
	queue_work(system_highpri_wq, &scheduler->dispatch);
}

static void dispatch_later(struct work_struct *work)
{
	queue_dispatch(container_of(to_delayed_work(work), struct gvt_scheduler, later));
}

void gvt_scheduler_init(struct gvt_scheduler *scheduler)
{
	spin_lock_init(&scheduler->lock);
	INIT_LIST_HEAD(&scheduler->active);
	INIT_WORK(&scheduler->dispatch, dispatch);
	INIT_DELAYED_WORK(&scheduler->later, dispatch_later);
}

void gvt_scheduler_fini(struct gvt_scheduler *scheduler)
{
	cancel_delayed_work_sync(&scheduler->later);
	cancel_work_sync(&scheduler->dispatch);
}

void vgpu_share_init(struct vgpu_share *share, struct vgpu *vgpu, enum gvt_engine engine)
{
	share->vgpu = vgpu;
	share->engine = engine;
	share->weight = vgpu->sizes.weight;
	share->cap = GVT_CAP_MAX;
	INIT_LIST_HEAD(&share->node);
}

void gvt_scheduler_set(struct vgpu *vgpu, u32 weight, u32 cap)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++) {
		struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
		struct vgpu_share *share = &vgpu->shares[engine];

		spin_lock(&scheduler->lock);
		if (share->cap != cap) {
			share->credit = share->untold = 0;
			share->refilled = share->capped = ktime_get_ns();
		}
		share->weight = weight;
		share->cap = cap;
		spin_unlock(&scheduler->lock);
		queue_dispatch(scheduler);
	}
}

/* Who comes back begins where those are that are served now: time that was not asked for is gone. */
void gvt_scheduler_wake(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];

	spin_lock(&scheduler->lock);
	if (list_empty(&share->node))
		share->had = max(share->had, scheduler->now);
	share->waiting = true;
	set_active(scheduler, share);
	spin_unlock(&scheduler->lock);
	queue_dispatch(scheduler);
}

void gvt_scheduler_sleep(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];

	spin_lock(&scheduler->lock);
	share->waiting = false;
	set_active(scheduler, share);
	spin_unlock(&scheduler->lock);
}

void gvt_scheduler_ran(struct vgpu *vgpu, enum gvt_engine engine, u64 ns)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];
	u64 now = ktime_get_ns();

	spin_lock(&scheduler->lock);
	share->time += ns;
	share->had += by_weight(share, ns);
	/* A cap is no debt: what was before it does not count. */
	share->credit += (s64)share->untold - (s64)min(ns, now - share->capped);
	share->untold = 0;
	share->charged = now;
	spin_unlock(&scheduler->lock);
	queue_dispatch(scheduler);
}

void gvt_scheduler_ended(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];

	spin_lock(&scheduler->lock);
	if (share->in_flight == 1) {
		u64 untold = untold_in_flight(share, ktime_get_ns());

		share->untold += untold;
		share->credit -= untold;
	}
	share->in_flight--;
	set_active(scheduler, share);
	spin_unlock(&scheduler->lock);
	queue_dispatch(scheduler);
}

void gvt_scheduler_settle(struct vgpu *vgpu)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		flush_work(&scheduler_of(vgpu, engine)->dispatch);
}

/* With nobody else's contexts to alternate with, what is in flight runs. */
static bool is_alone(const struct gvt_scheduler *scheduler, const struct vgpu_share *share)
{
	const struct vgpu_share *other;

	list_for_each_entry(other, &scheduler->active, node)
		if (other != share && other->in_flight)
			return false;
	return share->in_flight;
}

/*
 * A context that stays on the engine is charged when it leaves it, which may be after seconds; who looks
 * sees what it has had until now. If that was too much, for the host ran something between, it stays
 * so until it is true: a counter does not go back.
 */
u64 gvt_scheduler_time(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];
	u64 time;

	spin_lock(&scheduler->lock);
	time = share->time;
	if (is_alone(scheduler, share))
		time += ktime_get_ns() - share->charged;
	share->told = max(share->told, time);
	time = share->told;
	spin_unlock(&scheduler->lock);
	return time;
}
