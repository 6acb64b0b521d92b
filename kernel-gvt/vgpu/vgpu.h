/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vgpu.h - one vGPU: what a guest sees of it, and what it holds of the GPU
 *
 * Its state is plain data. Knows the GPU through host.h, the hypervisor through guest.h, and
 * nothing of other vGPUs.
 *
 * Life: vgpu_create() takes its part of the GPU; vgpu_open() and vgpu_close() are the guest's
 * coming and going; vgpu_destroy() gives all back. Only an open vGPU has a guest.
 */
#ifndef GVT_VGPU_H
#define GVT_VGPU_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../display/display.h"
#include "../display/screen.h"
#include "../guest/guest.h"
#include "../host/host.h"
#include "execlist.h"
#include "ggtt.h"
#include "pages.h"
#include "ppgtt.h"
#include "scheduler.h"
#include "space.h"
#include "types.h"
#include "written.h"

#define VGPU_NAME_SIZE 40

struct gvt_gpu;

/* What has happened since the vGPU was made. */
struct vgpu_stats {
	u64 register_reads, register_writes; /* trapped */
	u64 ggtt_writes; /* entries written by a trap */
	u64 ggtt_checked; /* entries that had changed, and were checked */
	u64 ggtt_dropped; /* of those: not the guest's memory */
	u64 ggtt_flushes;
	u64 unknown_reads, unknown_writes; /* registers that no table knows */
	u64 outside; /* accesses to what is not the vGPU's: aperture, entries, fences */
	u64 interrupts; /* raised */
	u64 ppgtt_checked, ppgtt_dropped; /* entries, as those of the GGTT */
	u64 ppgtt_compared; /* tables */
	u64 scanned_bytes; /* of commands */
	u64 workloads; /* handed to the hardware */
	u64 rejected; /* that were not, so that the engine stood still */
	u64 hangs; /* those that the host has ended */
	u64 resets; /* of an engine, by the guest */
};

struct vgpu {
	struct gvt_gpu *gpu;
	struct list_head node; /* of gpu->vgpus */
	unsigned int id; /* from 1, never used twice */
	char name[VGPU_NAME_SIZE]; /* for people; a UUID */

	/* Its part of the GPU; gpu->lock. */
	struct gvt_sizes sizes;
	struct gvt_range aperture, hidden;
	struct gvt_host_range *aperture_held, *hidden_held;
	unsigned int fence_count; /* how many of these it has */
	u8 fence_ids[GVT_FENCES_MAX]; /* the hardware's number of its fence n */

	/* What the guest sees; lock. */
	struct mutex lock;
	bool open;
	const struct gvt_guest_ops *guest_ops;
	void *guest;
	u8 config[GVT_CONFIG_SIZE];
	u32 *regs; /* GVT_MMIO_SIZE bytes */
	struct vgpu_ggtt ggtt;
	struct vgpu_pages pages;
	struct vgpu_ppgtts ppgtts;
	struct vgpu_written written;
	struct vgpu_display display;
	struct vgpu_screen screen;
	struct vgpu_execlist execlists[GVT_ENGINES];
	unsigned int offences; /* engines that stood still */
	u64 offences_since; /* ns */
	bool failed; /* there were too many: no engine runs anything, ever */
	bool stopping; /* all work is being stopped: nothing is submitted */
	wait_queue_head_t contexts_gone;
	spinlock_t irq_lock; /* the interrupt registers among regs */
	struct vgpu_stats stats;

	struct vgpu_share shares[GVT_ENGINES]; /* the scheduler's locks */
};

/*
 * Make a vGPU of these sizes on the GPU. `name` is copied.
 * Returns 0, -EINVAL (sizes that no vGPU can have), -ENOSPC (not free) or -ENOMEM; the host's log
 * says what is short.
 */
int vgpu_create(struct gvt_gpu *gpu, const struct gvt_sizes *sizes, const char *name, struct vgpu **out);
void vgpu_destroy(struct vgpu *vgpu);

/*
 * Other sizes, all of them or none: while it is open, of weight and resolution alone, and a guest
 * hears of a resolution. As vgpu_create(), or -EBUSY.
 */
int vgpu_resize(struct vgpu *vgpu, const struct gvt_sizes *sizes);

/* No more than so many percent of each engine's time, 1 to 100; from now on. Returns 0 or -EINVAL. */
int vgpu_set_cap(struct vgpu *vgpu, u32 percent);

/*
 * A guest comes: power-on state. Returns 0, -EBUSY (there is one already) or -EIO (it has failed).
 * `guest` is handed to the ops.
 */
int vgpu_open(struct vgpu *vgpu, const struct gvt_guest_ops *ops, void *guest);
/* It has gone: nothing of it is mapped or pinned afterwards. */
void vgpu_close(struct vgpu *vgpu);
/* As PCI reset does: power-on state, all entries gone. */
void vgpu_reset(struct vgpu *vgpu);

/* The GPU has lost its state, as over a suspend of the host: put back what it needs for this vGPU. */
void vgpu_restore(struct vgpu *vgpu);

/*
 * BAR0: registers and GGTT entries. Any length and place inside it; the guest's own accesses have
 * 1 to 8 bytes. Returns 0 or -EINVAL (outside the BAR).
 */
int vgpu_bar0_read(struct vgpu *vgpu, u64 offset, void *data, size_t length);
int vgpu_bar0_write(struct vgpu *vgpu, u64 offset, const void *data, size_t length);
/*
 * BAR2, by address in the whole aperture. Outside its part a vGPU reads ones, and writes nothing.
 * Returns 0 or -EINVAL (outside the BAR).
 */
int vgpu_aperture_read(struct vgpu *vgpu, u64 offset, void *data, size_t length);
int vgpu_aperture_write(struct vgpu *vgpu, u64 offset, const void *data, size_t length);

/* The guest's memory from gfn `first` on for `count` pages goes away: nothing of it stays pinned. */
void vgpu_forget_memory(struct vgpu *vgpu, u64 first, u64 count);

/* Is this graphics address the vGPU's? */
bool vgpu_owns(const struct vgpu *vgpu, u64 address);

#endif
