/* SPDX-License-Identifier: GPL-2.0-only */
/* internal.h - what the files of this folder share: one physical GPU that i915 drives */
#ifndef GVT_HOST_I915_INTERNAL_H
#define GVT_HOST_I915_INTERNAL_H

#include <linux/ratelimit.h>

#include "i915_drv.h"
#include "gt/intel_gt.h"

#include "../host.h"

/* An engine whose contexts are watched, from its first one on. */
struct gvt_host_engine {
	struct intel_engine_cs *streamer; /* NULL: not yet */
	struct notifier_block switched;
	struct xarray contexts; /* ours, by i915's */
};

struct gvt_host {
	struct drm_i915_private *i915;
	struct i915_ggtt *ggtt;
	struct gvt_host_info info;
	u64 scratch_entry;
	struct i915_fence_reg *fences[32]; /* those that are ours, by number */
	struct ratelimit_state log_limit;
	struct mutex engines_lock; /* their first use */
	struct gvt_host_engine engines[GVT_ENGINES];
	struct workqueue_struct *events;
	void *opaque; /* of device.h's ops */
};

/* context.c */
int gvt_i915_contexts_init(struct gvt_host *host);
void gvt_i915_contexts_fini(struct gvt_host *host);

#endif
