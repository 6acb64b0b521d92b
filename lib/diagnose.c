// SPDX-License-Identifier: LGPL-2.1-or-later
/* Why a GPU offers no vGPUs: the questions in the order in which the pieces have to be there. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "snapshot.h"
#include "files.h"

#define I915_PARAMETERS "/sys/module/i915/parameters"

static const char *const state_names[] = {
	[GVT_GPU_READY] = "ready",
	[GVT_GPU_UNSUPPORTED] = "unsupported",
	[GVT_GPU_NO_DRIVER] = "no-driver",
	[GVT_GPU_OTHER_DRIVER] = "other-driver",
	[GVT_GPU_NOT_BUILT] = "not-built",
	[GVT_GPU_NOT_ENABLED] = "not-enabled",
	[GVT_GPU_GUC] = "guc",
	[GVT_GPU_NO_MODULE] = "no-module",
	[GVT_GPU_NO_TYPES] = "no-types",
};

const char *gvt_gpu_get_state_name(struct gvt_gpu *gpu)
{
	return state_names[gpu->state];
}

static int found(struct gvt_gpu *gpu, enum gvt_gpu_state state, const char *advice,
		 const char *reason, ...) __attribute__((format(printf, 4, 5)));

static int found(struct gvt_gpu *gpu, enum gvt_gpu_state state, const char *advice,
		 const char *reason, ...)
{
	va_list args;
	int len;

	va_start(args, reason);
	len = vasprintf(&gpu->reason, reason, args);
	va_end(args);
	if (len < 0)
		gpu->reason = NULL;
	gpu->advice = strdup(advice);
	gpu->state = state;
	return gpu->reason && gpu->advice ? 1 : -ENOMEM;
}

/* Each check returns 0 when it found nothing wrong, 1 when it did, -ENOMEM. */

static int check_platform(struct gvt_gpu *gpu)
{
	const struct gvt_platform *platform = gpu->platform;

	if (!platform || platform->gvtg)
		return 0;
	if (platform->generation >= 12)
		return found(gpu, GVT_GPU_UNSUPPORTED,
			     "use SR-IOV instead: a kernel whose i915 or xe driver offers virtual "
			     "functions for this GPU (sriov_numvfs)",
			     "%s is Gen%u, and GVT-g ends with Comet Lake (Gen9.5)", platform->name,
			     platform->generation);
	return found(gpu, GVT_GPU_UNSUPPORTED,
		     "use a machine with a GPU from Broadwell to Comet Lake, or pass this one "
		     "through to one VM as a whole",
		     "%s (Gen%u) has no GVT-g, which works on Broadwell, Skylake, Apollo Lake, "
		     "Kaby Lake, Coffee Lake and Comet Lake",
		     platform->name, platform->generation);
}

static int check_driver(struct gvt_gpu *gpu)
{
	struct gvt_ctx *ctx = gpu->snapshot->ctx;

	if (!gpu->driver) {
		if (!gvt_exists(ctx, "/sys/module/i915"))
			return found(gpu, GVT_GPU_NO_DRIVER, "load it: modprobe i915 enable_gvt=1",
				     "the i915 driver is not loaded");
		return found(gpu, GVT_GPU_NO_DRIVER,
			     "look for the reason in the kernel's log: dmesg | grep i915",
			     "i915 is loaded but not bound to this GPU");
	}
	if (strcmp(gpu->driver, "i915"))
		return found(gpu, GVT_GPU_OTHER_DRIVER,
			     "bind the GPU to i915: take it from the other driver's options "
			     "(vfio-pci.ids=, driver_override) and reboot",
			     "it is bound to the driver %s instead of i915", gpu->driver);
	return 0;
}

/* The parameters are readable by root only: for others there is nothing to say here. */
static int check_parameters(struct gvt_gpu *gpu)
{
	struct gvt_ctx *ctx = gpu->snapshot->ctx;
	char text[32];
	int err;

	if (!gvt_exists(ctx, I915_PARAMETERS))
		return 0;
	err = gvt_read_attr(ctx, text, sizeof(text), I915_PARAMETERS "/enable_gvt");
	if (err == -ENOENT)
		return found(gpu, GVT_GPU_NOT_BUILT,
			     "use a kernel with CONFIG_DRM_I915_GVT_KVMGT, as Debian's is",
			     "this kernel's i915 was built without GVT-g");
	if (!err && (!strcmp(text, "N") || !strcmp(text, "0")))
		return found(gpu, GVT_GPU_NOT_ENABLED,
			     "gvt doctor --fix (or write 'options i915 enable_gvt=1' to "
			     "/etc/modprobe.d/gvt.conf), then update-initramfs -u, and reboot",
			     "i915's parameter enable_gvt is not set, and it can't be set while "
			     "i915 is loaded");
	/* Bit 0 is GuC submission, bit 1 loads HuC; -1, the default, is off before Gen12. */
	err = gvt_read_attr(ctx, text, sizeof(text), I915_PARAMETERS "/enable_guc");
	if (!err && (!strcmp(text, "1") || !strcmp(text, "3")))
		return found(gpu, GVT_GPU_GUC,
			     "gvt doctor --fix (or write 'options i915 enable_guc=0' to "
			     "/etc/modprobe.d/gvt.conf), then update-initramfs -u, and reboot",
			     "i915's parameter enable_guc is %s: GuC submission excludes GVT-g",
			     text);
	return 0;
}

static int check_module(struct gvt_gpu *gpu)
{
	struct gvt_ctx *ctx = gpu->snapshot->ctx;

	if (gvt_exists(ctx, "/sys/module/kvmgt") || gvt_exists(ctx, "/sys/module/gvt"))
		return 0;
	return found(gpu, GVT_GPU_NO_MODULE,
		     "load one: modprobe gvt, or modprobe kvmgt; for every boot: gvt doctor --fix",
		     "neither the kernel module kvmgt nor gvt is loaded");
}

static int report_no_types(struct gvt_gpu *gpu)
{
	return found(gpu, GVT_GPU_NO_TYPES,
		     "look for the reason in the kernel's log: dmesg | grep -i gvt; check that the "
		     "firmware gives the GPU an aperture of 256 MiB or more",
		     "the module is loaded, but offers no vGPU type on this GPU");
}

int gvt_gpu_diagnose(struct gvt_gpu *gpu)
{
	static int (*const checks[])(struct gvt_gpu *) = {
		check_platform, check_driver, check_parameters, check_module, report_no_types,
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(checks) / sizeof(checks[0]); i++)
		err = checks[i](gpu);
	return err < 0 ? err : 0;
}
