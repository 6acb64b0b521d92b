// SPDX-License-Identifier: LGPL-2.1-or-later
/* The doctor's checks of GPUs: generation, i915's options, modules, aperture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "doctor.h"
#include "files.h"
#include "snapshot.h"

#define MIB_SHIFT 20

static const char firmware_advice[] =
	"in the firmware setup the setting is called 'Aperture Size', 'Graphics Aperture Size' or 'GTT/IGD "
	"Aperture', often below 'System Agent' or 'Graphics Configuration'; 1024 MiB may need 'Above 4G "
	"Decoding'; where it is missing, 256 MiB is what there is";

static void check_gpus(struct gvt_doctor *doctor)
{
	struct gvt_gpu *gpu;

	if (!gvt_gpu_get_first(doctor->ctx)) {
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"check that the firmware does not switch the integrated GPU off (with a "
				"graphics card: 'Internal Graphics' on)",
				"this host has no Intel GPU");
		return;
	}
	gvt_gpu_foreach(doctor->ctx, gpu) {
		if (gpu->state == GVT_GPU_READY)
			gvt_doctor_tell(doctor, GVT_FINDING_OK, "", "%s (%s) is ready", gpu->name,
					gvt_gpu_get_platform(gpu) ? gvt_gpu_get_platform(gpu) : "?");
		else
			gvt_doctor_tell(doctor, GVT_FINDING_ERROR, gpu->advice, "%s: %s", gpu->name,
					gpu->reason);
	}
}

/* --- options ---------------------------------------------------------------------------------- */

static bool on_command_line(struct gvt_ctx *ctx, const char *word)
{
	char text[GVT_ATTR_MAX], *save, *token;

	if (gvt_read_attr(ctx, text, sizeof(text), "/proc/cmdline"))
		return false;
	for (token = strtok_r(text, " \n", &save); token; token = strtok_r(NULL, " \n", &save))
		if (!strcmp(token, word))
			return true;
	return false;
}

static bool has_gpu_of_gvtg(struct gvt_ctx *ctx)
{
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		if (gpu->state != GVT_GPU_UNSUPPORTED)
			return true;
	return false;
}

static void check_options(struct gvt_doctor *doctor)
{
	static const char fix[] = "gvt doctor --fix writes 'options i915 enable_gvt=1 enable_guc=0' to "
				  "/etc/modprobe.d/gvt.conf; then update-initramfs -u, and reboot";
	struct gvt_ctx *ctx = doctor->ctx;
	bool enabled = gvt_doctor_conf_has(ctx, "options", "i915", "enable_gvt=1") ||
		       gvt_doctor_conf_has(ctx, "options", "i915", "enable_gvt=Y") ||
		       on_command_line(ctx, "i915.enable_gvt=1");

	if (!has_gpu_of_gvtg(ctx))
		return;
	if (!enabled) {
		doctor->fix_options = true;
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING, fix,
				"nothing sets i915's enable_gvt=1 at boot");
	}
	for (int guc = 1; guc <= 3; guc += 2) {
		char word[32], line[40];

		snprintf(word, sizeof(word), "enable_guc=%d", guc);
		snprintf(line, sizeof(line), "i915.%s", word);
		if (!gvt_doctor_conf_has(ctx, "options", "i915", word) && !on_command_line(ctx, line))
			continue;
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"take it out of /etc/modprobe.d or the kernel's command line; "
				"update-initramfs -u, and reboot",
				"i915 is told %s: GuC submission excludes GVT-g", word);
	}
}

/* i915 in an initramfs takes the options from the copies of modprobe's files that are in there. */
static void check_initramfs(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;
	char release[128], text[8];

	if (!gvt_doctor_conf_has(ctx, "options", "i915", "enable_gvt=1") ||
	    gvt_read_attr(ctx, release, sizeof(release), "/proc/sys/kernel/osrelease") ||
	    !gvt_exists(ctx, "/boot/initrd.img-%s", release) ||
	    gvt_read_attr(ctx, text, sizeof(text), "/sys/module/i915/parameters/enable_gvt"))
		return;
	if (text[0] == 'N' || text[0] == '0')
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"update-initramfs -u (dracut: dracut -f), then reboot",
				"/etc/modprobe.d sets enable_gvt=1, but i915 was loaded without: the "
				"initramfs is older, or there was no reboot yet");
}

/* --- modules ---------------------------------------------------------------------------------- */

static bool has_module_file(struct gvt_ctx *ctx, const char *module)
{
	char release[128];

	if (gvt_read_attr(ctx, release, sizeof(release), "/proc/sys/kernel/osrelease"))
		return false;
	return gvt_exists(ctx, "/lib/modules/%s/updates/%s.ko", release, module) ||
	       gvt_exists(ctx, "/lib/modules/%s/updates/dkms/%s.ko", release, module);
}

static void check_modules(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;

	doctor->module = has_module_file(ctx, "gvt") ? "gvt" : "kvmgt";
	if (!has_gpu_of_gvtg(ctx))
		return;
	if (gvt_doctor_conf_has(ctx, "blacklist", "i915", NULL))
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR, "take the line 'blacklist i915' out of "
							   "/etc/modprobe.d, update-initramfs -u, reboot",
				"i915 is blacklisted");
	if (gvt_doctor_conf_has(ctx, "blacklist", doctor->module, NULL) ||
	    gvt_doctor_conf_has(ctx, "install", doctor->module, "/bin/false"))
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
				"take that line out of /etc/modprobe.d, unless the module is loaded by hand",
				"%s is blacklisted", doctor->module);
	if (gvt_exists(ctx, "/sys/module/kvmgt") && has_module_file(ctx, "gvt"))
		gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
				"stop the vGPUs, rmmod kvmgt, modprobe gvt; only one of the two can be loaded",
				"kvmgt is loaded, and gvt.ko, which can do more, is installed");
	if (!gvt_doctor_loads_at_boot(ctx, "gvt") && !gvt_doctor_loads_at_boot(ctx, "kvmgt")) {
		doctor->fix_module = true;
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
				"gvt doctor --fix writes its name to /etc/modules-load.d/gvt.conf",
				"nothing loads %s at boot", doctor->module);
	}
}

/* --- aperture --------------------------------------------------------------------------------- */

/* The classic types by what comes behind their last underscore; aperture in MiB. */
static unsigned int aperture_of(const char *type)
{
	const char *share = strrchr(type, '_');

	switch (share ? share[1] : '\0') {
	case '1':
		return 512;
	case '2':
		return 256;
	case '4':
		return 128;
	case '8':
		return 64;
	default:
		return 0;
	}
}

static void check_type(struct gvt_doctor *doctor, const char *name)
{
	unsigned int needed = aperture_of(name);

	if (gvt_find_type(doctor->ctx, NULL, name))
		return;
	if (needed)
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR, firmware_advice,
				"no GPU offers %s: it needs an aperture of %u MiB beside the host's 128", name,
				needed);
	else
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR, "'gvt types' lists those that there are",
				"no GPU offers the type %s", name);
}

static void check_aperture(struct gvt_doctor *doctor)
{
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(doctor->ctx, gpu) {
		unsigned int mib = (unsigned int)(gpu->aperture >> MIB_SHIFT);

		if (gpu->state == GVT_GPU_UNSUPPORTED || !mib)
			continue;
		if (mib <= 256)
			gvt_doctor_tell(doctor, mib < 256 ? GVT_FINDING_ERROR : GVT_FINDING_NOTE,
					firmware_advice,
					"%s has an aperture of %u MiB: room for %s", gpu->name, mib,
					mib < 256 ? "no vGPU" : "one V5_4 or two V5_8");
		else
			gvt_doctor_tell(doctor, GVT_FINDING_OK, "", "%s has %u MiB", gpu->name, mib);
	}
	for (size_t i = 0; i < doctor->type_count; i++)
		check_type(doctor, doctor->types[i]);
}

const struct gvt_check gvt_gpu_checks[] = {
	{ "GPU", check_gpus },		   { "i915 options", check_options },
	{ "initramfs", check_initramfs },  { "modules", check_modules },
	{ "aperture", check_aperture },	   { NULL, NULL },
};
