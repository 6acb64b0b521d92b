/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * execlist.h - an engine's submission port as a guest sees it: ELSP, the two elements that run, the
 * list that waits, and context status
 *
 * Skylake PRM, vol. 7, "Execlists". A list is taken when its fourth dword is written. While one runs,
 * another that begins with the running context is a lite restore, and taken at once; any other waits
 * until the one before has ended, for guests are not told that they could preempt.
 */
#ifndef GVT_EXECLIST_H
#define GVT_EXECLIST_H

#include <linux/list.h>
#include <linux/types.h>

#include "../host/host.h"

#define EXECLIST_ELEMENTS 2u

struct vgpu;
struct vgpu_context;

/* A context in the port: it is over when this many of its workloads are. */
struct vgpu_element {
	struct vgpu_context *context; /* NULL: none */
	u32 id; /* the guest's, for status */
	u64 until;
};

struct vgpu_execlist {
	u32 written[4]; /* of a list that is not complete yet */
	unsigned int written_count;
	struct vgpu_element running[EXECLIST_ELEMENTS], waiting[EXECLIST_ELEMENTS];
	unsigned int status_slot; /* of the context status buffer, written last */
	bool broken; /* nothing runs here until the guest resets the engine */
	struct list_head contexts, ending; /* those that may be submitted again, and those that were stopped */
	unsigned int context_count;
	struct list_head workloads; /* that no one has ended with, the oldest first */
	bool held; /* the oldest was refused, but something comes first */
};

void vgpu_execlists_init(struct vgpu *vgpu);
/* All that runs or waits is stopped; the guest gets no status of it. */
void vgpu_execlist_reset(struct vgpu *vgpu, enum gvt_engine engine);
/* The same of all engines, and their idle contexts go, too. */
void vgpu_execlists_stop(struct vgpu *vgpu);
/* Nothing is left, not even of contexts that were stopped. */
bool vgpu_execlists_empty(const struct vgpu *vgpu);
/* Is the context an element of a list that runs or waits? */
bool vgpu_execlist_has(const struct vgpu_execlist *execlist, const struct vgpu_context *context);

/*
 * Work that can't be taken: hardware would hang on it, so the engine stands still until the guest
 * notices, and resets it. The log says why.
 */
void vgpu_execlist_break(struct vgpu *vgpu, enum gvt_engine engine, const char *why, int err);

/* The guest writes CONTEXT_STATUS_PTR, as after a reset. */
void vgpu_execlist_set_pointer(struct vgpu *vgpu, enum gvt_engine engine, u32 value);
/* A dword of ELSP. */
void vgpu_execlist_write(struct vgpu *vgpu, enum gvt_engine engine, u32 value);

/* For host.h: the owner is a vGPU. Takes its lock. */
void vgpu_execlist_event(void *owner, struct gvt_host_context *context, const struct gvt_host_event *event);

#endif
