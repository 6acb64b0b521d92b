/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * device.h - GPUs come and go: what main.c needs of the distribution's i915
 *
 * Knows nothing of vGPUs.
 */
#ifndef GVT_HOST_I915_DEVICE_H
#define GVT_HOST_I915_DEVICE_H

struct device;
struct gvt_host;

struct gvt_i915_ops {
	/*
	 * A GPU that can be shared is there. Returns what `gone` and `resumed` get for it, or an
	 * ERR_PTR() and has it no more. May sleep.
	 */
	void *(*found)(struct gvt_host *host, struct device *device);
	/* The machine has slept, and the GPU has lost what was written to it. It is awake. */
	void (*resumed)(void *opaque);
	/* It goes away: nothing may use the host afterwards. */
	void (*gone)(void *opaque);
};

/*
 * Begin to be told of GPUs; those that are there are told of before this returns.
 * Returns 0, -EBUSY (another module shares the GPU already), or -ENODEV when there is no GPU that
 * could be shared, and the kernel's log says why.
 */
int gvt_i915_register(const struct gvt_i915_ops *ops);
/* All are gone when this returns. */
void gvt_i915_unregister(void);

#endif
