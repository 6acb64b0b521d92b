/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scheduler.h - which vGPU's work an engine gets next
 *
 * Each engine is shared by itself. The vGPU that has had the least of the engine's time by its weight
 * is next; who has no work is passed over, and saves nothing up. Only so much is handed to the host
 * as keeps the engine busy, for what the host has can't be taken back.
 */
#ifndef GVT_SCHEDULER_H
#define GVT_SCHEDULER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../host/host.h"

struct vgpu;

/* Of one engine of the GPU. */
struct gvt_scheduler {
	spinlock_t lock;
	struct list_head waiting; /* vGPUs that have work, by vgpu_share.node */
	unsigned int in_flight; /* workloads that the host has */
	u64 last_end; /* ns; when one ended last */
	u64 now; /* the share that is served now has had so much */
	struct work_struct dispatch;
};

/* A vGPU's share of one engine. */
struct vgpu_share {
	struct vgpu *vgpu;
	enum gvt_engine engine;
	struct list_head node;
	u64 had; /* ns of the engine, by weight */
	u64 time; /* ns of the engine */
	u64 began; /* ns; when what runs was handed over */
	unsigned int in_flight;
};

void gvt_scheduler_init(struct gvt_scheduler *scheduler);
/* With no vGPU left. */
void gvt_scheduler_fini(struct gvt_scheduler *scheduler);
void vgpu_share_init(struct vgpu_share *share, struct vgpu *vgpu, enum gvt_engine engine);

/* The vGPU has work for that engine, or no more. */
void gvt_scheduler_wake(struct vgpu *vgpu, enum gvt_engine engine);
void gvt_scheduler_sleep(struct vgpu *vgpu, enum gvt_engine engine);
/* One of its workloads has ended. */
void gvt_scheduler_ended(struct vgpu *vgpu, enum gvt_engine engine);
/* Nobody is at work for this vGPU any more, once it sleeps; without its lock. */
void gvt_scheduler_settle(struct vgpu *vgpu);

#endif
