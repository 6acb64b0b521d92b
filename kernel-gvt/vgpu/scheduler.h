/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scheduler.h - which vGPU's work an engine gets next
 *
 * Each engine is shared by itself. What counts is time that a vGPU's contexts were on the engine, as
 * the host tells, by the vGPU's weight. One that is ahead of another that has work must wait until
 * that has caught up; who has no work is passed over, and saves nothing up. What runs can't be taken
 * back, but the host lets contexts of several vGPUs alternate: so a vGPU whose work takes long, or
 * hangs, keeps nobody off the engine, and pays for what it took.
 *
 * A cap is a bound of its own: so many percent of each tenth of a second, and whoever took more, for
 * nobody can take it back, waits until that is paid.
 */
#ifndef GVT_SCHEDULER_H
#define GVT_SCHEDULER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../host/host.h"

/* A cap of so many percent is none. */
#define GVT_CAP_MAX 100u

struct vgpu;

/* Of one engine of the GPU. */
struct gvt_scheduler {
	spinlock_t lock;
	struct list_head active; /* shares that have work, waiting or in flight */
	u64 now; /* by weight, of the share that was served last */
	struct work_struct dispatch;
	struct delayed_work later; /* somebody waits for nothing but time */
};

/* A vGPU's share of one engine. */
struct vgpu_share {
	struct vgpu *vgpu;
	enum gvt_engine engine;
	struct list_head node;
	u32 weight, cap;
	bool waiting; /* it has work that nobody has begun */
	unsigned int in_flight; /* workloads that the host has */
	u64 had; /* ns of the engine, by weight */
	u64 time; /* ns of the engine, since the vGPU was made */
	u64 told; /* the most of that which anybody was told */
	u64 charged; /* when what is in flight was charged last, or got there */
	s64 credit; /* ns that a capped share may still take, at the time `refilled` */
	u64 refilled;
	u64 capped; /* when the cap was set */
	u64 untold; /* ns that were taken from the credit, of work that ended, and may be on the engine yet */
};

void gvt_scheduler_init(struct gvt_scheduler *scheduler);
/* With no vGPU left. */
void gvt_scheduler_fini(struct gvt_scheduler *scheduler);
void vgpu_share_init(struct vgpu_share *share, struct vgpu *vgpu, enum gvt_engine engine);

/* From now on; on all engines. */
void gvt_scheduler_set(struct vgpu *vgpu, u32 weight, u32 cap);

/* The vGPU has work for that engine, or no more. */
void gvt_scheduler_wake(struct vgpu *vgpu, enum gvt_engine engine);
void gvt_scheduler_sleep(struct vgpu *vgpu, enum gvt_engine engine);
/* One of its contexts has left the engine after so many ns. */
void gvt_scheduler_ran(struct vgpu *vgpu, enum gvt_engine engine, u64 ns);
/* One of its workloads has ended. */
void gvt_scheduler_ended(struct vgpu *vgpu, enum gvt_engine engine);
/* Nobody is at work for this vGPU any more, once it sleeps; without its lock. */
void gvt_scheduler_settle(struct vgpu *vgpu);
/* ns that the engine has been the vGPU's. */
u64 gvt_scheduler_time(struct vgpu *vgpu, enum gvt_engine engine);

#endif
