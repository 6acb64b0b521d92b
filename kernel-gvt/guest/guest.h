/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.h - the seam to the hypervisor: all that the device model may ask of it for one vGPU
 *
 * One folder below guest/ implements it (guest/vfio/; the unit tests have a guest of their own).
 * Addresses are guest-physical; a gfn is one of 4 KiB pages.
 */
#ifndef GVT_GUEST_H
#define GVT_GUEST_H

#include <linux/types.h>

/* A page of the guest's memory that is pinned. */
struct gvt_guest_page {
	u64 bus_address; /* where the GPU reaches it */
	void *memory; /* where we do; the guest may write it at any time */
};

struct gvt_guest_ops {
	/*
	 * Keep the guest's page in memory, for the GPU and for us, until unpin.
	 * Returns 0, or a negative errno where the guest has no such memory. May sleep.
	 */
	int (*pin)(void *guest, u64 gfn, struct gvt_guest_page *page);
	void (*unpin)(void *guest, u64 gfn, const struct gvt_guest_page *page);

	/* Raise the vGPU's one MSI. Called with interrupts off: must not sleep. */
	void (*interrupt)(void *guest);

	/*
	 * From now on each write of the guest to that page calls vgpu_written() before the guest's CPU goes
	 * on behind it, until unwatch.
	 * Returns 0 or a negative errno. May sleep. NULL where nobody can tell.
	 */
	int (*watch)(void *guest, u64 gfn);
	void (*unwatch)(void *guest, u64 gfn);

	/*
	 * From now on the guest's next access to that page of its GGTT table calls
	 * vgpu_ggtt_touched() first. In one with vgpu_ggtt_untouched(): no write is lost between
	 * them. May sleep; where it can't be done, it leaves everything as it is.
	 */
	void (*protect)(void *guest, unsigned int page);
};

#endif
