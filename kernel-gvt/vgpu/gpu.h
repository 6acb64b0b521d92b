/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gpu.h - one physical GPU and how it is shared: what is free, who holds what
 *
 * Knows the host through host.h alone. Everything here is serialised by gvt_gpu.lock; it is taken
 * before a vGPU's own lock.
 */
#ifndef GVT_GPU_H
#define GVT_GPU_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "../host/host.h"
#include "mmio.h"
#include "scheduler.h"
#include "space.h"
#include "types.h"

/* What the host keeps for itself. */
#define GVT_HOST_APERTURE_MB 128u
#define GVT_HOST_HIDDEN_MB   384u
#define GVT_HOST_FENCES	     4u

struct vgpu;

struct gvt_gpu_options {
	bool trap_ggtt; /* guests' entries are trapped one by one */
	bool run_work; /* guests' engines run what is submitted; else it is taken, and nothing answers */
	bool watch_tables; /* writes to guests' page tables are told, where somebody can */
};

struct gvt_gpu {
	struct gvt_host *host;
	const struct gvt_host_info *info;
	struct mutex lock;
	struct gvt_space aperture, hidden;
	unsigned int fences_free;
	struct list_head vgpus; /* by the time they were made */
	unsigned int last_id;
	struct gvt_mmio mmio; /* what registers its vGPUs have */
	struct gvt_scheduler schedulers[GVT_ENGINES];
	struct gvt_gpu_options options;
};

/* How much of each resource there is for vGPUs. */
struct gvt_room {
	u64 aperture, aperture_free, aperture_largest; /* bytes */
	u64 hidden, hidden_free, hidden_largest;
	unsigned int fences, fences_free;
};

/*
 * Returns 0, -EOPNOTSUPP (a generation that no vGPU can be made for) or -ENOMEM. The host stays
 * the caller's, and must stay until gvt_gpu_destroy(), before which all vGPUs must be gone.
 */
int gvt_gpu_create(struct gvt_host *host, const struct gvt_gpu_options *options, struct gvt_gpu **out);
void gvt_gpu_destroy(struct gvt_gpu *gpu);

/* The GPU has lost what its vGPUs had written to it, and is awake: write it again. */
void gvt_gpu_restore(struct gvt_gpu *gpu);

/* Can vGPUs of this type be made on such a GPU at all, when it is empty? */
bool gvt_gpu_has_type(const struct gvt_gpu *gpu, const struct gvt_type *type);
/* How many more of it can be made now. */
unsigned int gvt_gpu_available(struct gvt_gpu *gpu, const struct gvt_type *type);
void gvt_gpu_room(struct gvt_gpu *gpu, struct gvt_room *room);

/*
 * Take what the vGPU's sizes say, with gpu->lock held. Returns 0, or -ENOSPC, when nothing was
 * taken and `why` says what is short.
 */
int gvt_gpu_allot(struct gvt_gpu *gpu, struct vgpu *vgpu, char *why, size_t why_size);
void gvt_gpu_take_back(struct gvt_gpu *gpu, struct vgpu *vgpu);

#endif
