// SPDX-License-Identifier: GPL-2.0-only
/*
 * gvt.ko: virtual GPUs on the distribution's i915. Ties the two seams together: host/i915 finds
 * GPUs, guest/vfio offers vGPUs of each.
 */
#include <linux/module.h>

#include "guest/vfio/mdev.h"
#include "host/i915/device.h"
#include "vgpu/gpu.h"

static bool trap_ggtt;
module_param(trap_ggtt, bool, 0444);
MODULE_PARM_DESC(trap_ggtt, "Trap each entry that a guest writes to its GGTT (default: no, they are checked together)");

static bool run_work = true;
module_param(run_work, bool, 0444);
MODULE_PARM_DESC(run_work, "Run what guests submit to their engines (default: yes)");

static bool watch_tables;
module_param(watch_tables, bool, 0444);
MODULE_PARM_DESC(watch_tables, "Have KVM tell of writes to guests' page tables (default: no, they are compared)");

static void *found(struct gvt_host *host, struct device *device)
{
	const struct gvt_gpu_options options = {
		.trap_ggtt = trap_ggtt,
		.run_work = run_work,
		.watch_tables = watch_tables,
	};

	return gvt_mdev_parent_create(host, device, &options);
}

static void resumed(void *opaque)
{
	gvt_mdev_parent_resumed(opaque);
}

static void gone(void *opaque)
{
	gvt_mdev_parent_destroy(opaque);
}

static const struct gvt_i915_ops i915_ops = {
	.found = found,
	.resumed = resumed,
	.gone = gone,
};

static int __init gvt_init(void)
{
	int err = gvt_mdev_register();

	if (err)
		return err;
	err = gvt_i915_register(&i915_ops);
	if (err)
		gvt_mdev_unregister();
	return err;
}

static void __exit gvt_exit(void)
{
	gvt_mdev_unregister();
	gvt_i915_unregister();
}

module_init(gvt_init);
module_exit(gvt_exit);

MODULE_DESCRIPTION("Virtual GPUs on Intel graphics of generation 8 and 9");
MODULE_AUTHOR("The gvt developers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(I915_GVT);
