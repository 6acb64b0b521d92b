/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workload.h - what a guest has added to a context's ring, on its way to the hardware
 *
 * From submission to end: queued until the scheduler picks its vGPU; then commands are copied, checked
 * as a copy, and the copy is handed to the host, in parts that end where the guest asks for an
 * interrupt: as much as it waits for itself is what engines are shared by. In the end of each the
 * guest gets that interrupt. The caller holds the vGPU's lock.
 */
#ifndef GVT_WORKLOAD_H
#define GVT_WORKLOAD_H

#include <linux/types.h>

#include "../host/host.h"

struct vgpu;
struct vgpu_context;

/* The ring up to `tail` shall run. Returns 0 or -ENOMEM. */
int vgpu_workload_queue(struct vgpu *vgpu, struct vgpu_context *context, u32 tail);
/* Hand the next part of the engine's oldest to the host. Returns whether it has something to run now. */
bool vgpu_workload_run(struct vgpu *vgpu, enum gvt_engine engine);
/* Has it more? */
bool vgpu_workload_waits(const struct vgpu *vgpu, enum gvt_engine engine);
/* What was held, because something else comes first, has its turn. */
void vgpu_workload_release(struct vgpu *vgpu, enum gvt_engine engine);
/* So many of the parts that the host got of the context have ended. */
void vgpu_workloads_ended(struct vgpu *vgpu, struct vgpu_context *context, u64 ended);
/* Those that nobody has begun are forgotten. */
void vgpu_workloads_drop(struct vgpu *vgpu, enum gvt_engine engine);
/* Free what a context that is to be freed has left. */
void vgpu_workloads_free(struct vgpu_context *context);

#endif
