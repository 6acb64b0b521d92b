/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is around every change of one vGPU: the lock, a fresh look at the host, the vGPU in it; and
 * afterwards another look, which shows the change.
 */
#ifndef GVT_CHANGE_H
#define GVT_CHANGE_H

#include "domain.h"
#include "steps.h"
#include "value.h"

struct gvt_change {
	struct gvt_ctx *ctx;
	struct gvt_vgpu *vgpu; /* of the look that was taken under the lock; referenced */
	bool dry_run; /* then the lock is not taken */
	int lock;
};

/*
 * Begins a change of the vGPU, which is looked for anew by its UUID: the look ends @vgpu. 0 or a
 * negative errno; gvt_change_end() has to follow in both cases.
 */
int gvt_change_begin(struct gvt_change *change, struct gvt_vgpu *vgpu, unsigned int flags);
/*
 * The steps of a change that may end in its midst: a journal is around them. @domain: whose
 * configuration they change; NULL: none. 0, or the error of the step that failed.
 */
int gvt_change_run(struct gvt_change *change, struct gvt_domain *domain,
		   const struct gvt_step *steps, size_t count, void *data);
/* Ends it. Returns @err, or what the last look met. */
int gvt_change_end(struct gvt_change *change, int err);

#endif
