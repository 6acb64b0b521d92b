/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.h - a guest's logical ring context, and its shadow that runs on the hardware
 *
 * The guest's image is in its memory, at a graphics address (LRCA). The shadow is a context of the
 * host (host.h), with an image and a ring of its own: of the guest's image what a guest may say is
 * copied, field by field, and nothing else; and what the hardware saved is copied back. It stays
 * for as long as the guest uses that address for a context.
 *
 * The caller holds the vGPU's lock.
 */
#ifndef GVT_CONTEXT_H
#define GVT_CONTEXT_H

#include <linux/list.h>
#include <linux/types.h>

#include "../host/host.h"

#define CONTEXT_REGISTERS 1024u /* dwords of the image's second page */

struct vgpu;
struct vgpu_ppgtt;

struct vgpu_context {
	struct list_head node; /* of its engine's contexts, the last used first; or of those that end */
	enum gvt_engine engine;
	u32 lrca;
	struct gvt_host_context *host;
	struct vgpu_ppgtt *ppgtt;
	u32 ring_start, ring_size; /* the guest's */
	u32 tail; /* what the guest has submitted ends here */
	u64 wanted, done; /* workloads: of the guest, over */
	u64 submitted, ended; /* parts of them: handed to the host, over */
	struct list_head running; /* those that the host has */
	u64 ran_ns; /* that were charged */
	bool saved; /* nothing of it runs, and the shadow's image is complete */
	bool stopped; /* it ends as soon as the host lets it */
	u32 registers[CONTEXT_REGISTERS]; /* the guest's image as we know it */
};

/*
 * The shadow of the context that a guest submits by a descriptor (Skylake PRM, vol. 7, "Context
 * Descriptor"). Returns an ERR_PTR(): -EINVAL (no such context can be), -EFAULT (its image or ring is
 * not in the vGPU's memory), -ENOSPC (too many), or what the host says.
 */
struct vgpu_context *vgpu_context_get(struct vgpu *vgpu, enum gvt_engine engine, u64 descriptor);

/* What the guest's image says of its ring now: the tail, in bytes; -EFAULT or -EINVAL. */
int vgpu_context_read_tail(struct vgpu *vgpu, struct vgpu_context *context, u32 *tail);

/*
 * Bytes that the copy of what the ring holds may have: what its batches hold comes on top, where they
 * become part of the copy (parser.h).
 */
u32 vgpu_context_copy_size(const struct vgpu *vgpu, const struct vgpu_context *context);

/* It has ended at its tail, and is saved: the guest's image says so. */
void vgpu_context_write_back(struct vgpu *vgpu, struct vgpu_context *context);

/* Nothing of it shall run any more. It is freed when that is so, or at once. */
void vgpu_context_stop(struct vgpu *vgpu, struct vgpu_context *context);
/* A context that was stopped, and has ended. */
void vgpu_context_free(struct vgpu *vgpu, struct vgpu_context *context);

#endif
