// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "gpu.h"
#include "scheduler.h"
#include "vgpu.h"
#include "workload.h"

/* One runs, the next is there when it ends. */
#define IN_FLIGHT_MAX 2u

/* The weights of the classic types are 2 to 16. */
#define WEIGHT_UNIT 16u

static struct gvt_scheduler *scheduler_of(struct vgpu *vgpu, enum gvt_engine engine)
{
	return &vgpu->gpu->schedulers[engine];
}

/* Takes the next share off the list; with the lock held. */
static struct vgpu_share *pick(struct gvt_scheduler *scheduler)
{
	struct vgpu_share *share, *least = NULL;

	if (scheduler->in_flight >= IN_FLIGHT_MAX)
		return NULL;
	list_for_each_entry(share, &scheduler->waiting, node)
		if (!least || share->had < least->had)
			least = share;
	if (!least)
		return NULL;
	list_del_init(&least->node);
	scheduler->now = max(scheduler->now, least->had);
	return least;
}

static void begun(struct gvt_scheduler *scheduler, struct vgpu_share *share)
{
	spin_lock(&scheduler->lock);
	scheduler->in_flight++;
	if (!share->in_flight++)
		share->began = ktime_get_ns();
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

	for (;;) {
		spin_lock(&scheduler->lock);
		share = pick(scheduler);
		spin_unlock(&scheduler->lock);
		if (!share)
			return;
		serve(scheduler, share);
	}
}

void gvt_scheduler_init(struct gvt_scheduler *scheduler)
{
	spin_lock_init(&scheduler->lock);
	INIT_LIST_HEAD(&scheduler->waiting);
	INIT_WORK(&scheduler->dispatch, dispatch);
}

void gvt_scheduler_fini(struct gvt_scheduler *scheduler)
{
	cancel_work_sync(&scheduler->dispatch);
}

void vgpu_share_init(struct vgpu_share *share, struct vgpu *vgpu, enum gvt_engine engine)
{
	share->vgpu = vgpu;
	share->engine = engine;
	INIT_LIST_HEAD(&share->node);
}

static void queue_dispatch(struct gvt_scheduler *scheduler)
{
	queue_work(system_highpri_wq, &scheduler->dispatch);
}

/* Who comes back begins where those are that are served now: time that was not asked for is gone. */
void gvt_scheduler_wake(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];

	spin_lock(&scheduler->lock);
	if (list_empty(&share->node)) {
		if (!share->in_flight)
			share->had = max(share->had, scheduler->now);
		list_add_tail(&share->node, &scheduler->waiting);
	}
	spin_unlock(&scheduler->lock);
	queue_dispatch(scheduler);
}

void gvt_scheduler_sleep(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);

	spin_lock(&scheduler->lock);
	list_del_init(&vgpu->shares[engine].node);
	spin_unlock(&scheduler->lock);
}

void gvt_scheduler_ended(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct gvt_scheduler *scheduler = scheduler_of(vgpu, engine);
	struct vgpu_share *share = &vgpu->shares[engine];
	u64 now = ktime_get_ns(), time;

	spin_lock(&scheduler->lock);
	/* The engine was somebody else's until the workload before it had ended. */
	time = now - max(share->began, scheduler->last_end);
	share->time += time;
	share->had += time * WEIGHT_UNIT / vgpu->sizes.weight;
	share->began = now;
	scheduler->last_end = now;
	scheduler->in_flight--;
	share->in_flight--;
	spin_unlock(&scheduler->lock);
	queue_dispatch(scheduler);
}

void gvt_scheduler_settle(struct vgpu *vgpu)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		flush_work(&scheduler_of(vgpu, engine)->dispatch);
}
