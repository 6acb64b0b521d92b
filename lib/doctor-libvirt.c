// SPDX-License-Identifier: LGPL-2.1-or-later
/* The doctor's checks of libvirt, QEMU and the hook. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor.h"
#include "domain.h"
#include "files.h"
#include "libvirt-load.h"

#define VERSION(major, minor, release) ((major) * 1000000ul + (minor) * 1000ul + (release))

static void tell_version(struct gvt_doctor *doctor, const char *what, unsigned long version,
			 unsigned long least, unsigned long wanted, const char *lacks)
{
	unsigned int major = version / 1000000, minor = version / 1000 % 1000, release = version % 1000;

	if (version < least)
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR, "update it",
				"%s %u.%u.%u is too old for vGPUs", what, major, minor, release);
	else if (version < wanted)
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING, "update it, if that is needed",
				"%s %u.%u.%u %s", what, major, minor, release, lacks);
	else
		gvt_doctor_tell(doctor, GVT_FINDING_OK, "", "%s %u.%u.%u", what, major, minor, release);
}

static void check_versions(struct gvt_doctor *doctor)
{
	virConnectPtr libvirt = gvt_libvirt(doctor->ctx);
	const char *hypervisor;
	unsigned long version;

	if (!libvirt) {
		bool refused = gvt_get_error_kind(doctor->ctx) == GVT_ERROR_NOT_PERMITTED;

		gvt_doctor_tell(doctor, refused ? GVT_FINDING_NOTE : GVT_FINDING_WARNING,
				gvt_get_hint(doctor->ctx), "%s", gvt_get_error(doctor->ctx));
		return;
	}
	if (!gvt_vir.ConnectGetLibVersion(libvirt, &version))
		tell_version(doctor, "libvirt", version, VERSION(3, 2, 0), VERSION(5, 10, 0),
			     "has no ramfb for vGPUs");
	hypervisor = gvt_vir.ConnectGetType(libvirt);
	if (hypervisor && !strcmp(hypervisor, "QEMU") && !gvt_vir.ConnectGetVersion(libvirt, &version) &&
	    version)
		tell_version(doctor, "QEMU", version, VERSION(2, 10, 0), VERSION(2, 12, 0),
			     "can't show a vGPU's screen");
}

static bool newer_than(struct gvt_ctx *ctx, const char *file, const char *other)
{
	char *a = gvt_path(ctx, "%s", file), *b = gvt_path(ctx, "%s", other);
	struct stat first, second;
	bool newer = a && b && !stat(a, &first) && !stat(b, &second) &&
		     first.st_ctime > second.st_ctime;

	free(a);
	free(b);
	return newer;
}

static void check_hook(struct gvt_doctor *doctor)
{
	static const char hook[] = "/etc/libvirt/hooks/qemu.d/gvt";
	static const char *const pids[] = { "/run/libvirtd.pid", "/run/virtqemud.pid" };
	struct gvt_ctx *ctx = doctor->ctx;

	if (!gvt_exists(ctx, "/etc/libvirt"))
		return;
	if (!gvt_exists(ctx, "%s", hook)) {
		gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
				"install gvt with its hook, and restart libvirtd once",
				"there is no %s: a vGPU that is off is not started with its domain", hook);
		return;
	}
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++)
		if (gvt_exists(ctx, "%s", pids[i]) && newer_than(ctx, hook, pids[i]))
			gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
					"systemctl restart libvirtd (or virtqemud); running domains stay",
					"libvirt runs since before the hook was installed, and may not know it");
}

const struct gvt_check gvt_libvirt_checks[] = {
	{ "libvirt", check_versions },
	{ "hook", check_hook },
	{ NULL, NULL },
};
