// SPDX-License-Identifier: LGPL-2.1-or-later
/* The doctor's checks of the machine: processor, KVM, kernel, VFIO, security modules, limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"
#include "files.h"

#define TEXT_MAX 262144

/* A file's text, to be freed; NULL when it can't be had. */
static char *read_whole(struct gvt_ctx *ctx, const char *path)
{
	char *text = malloc(TEXT_MAX);

	if (text && !gvt_read_attr(ctx, text, TEXT_MAX, "%s", path))
		return text;
	free(text);
	return NULL;
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || strchr(" \t\n", at[-1])) && (!at[len] || strchr(" \t\n", at[len])))
			return true;
	return false;
}

static void check_processor(struct gvt_doctor *doctor)
{
	char *text = read_whole(doctor->ctx, "/proc/cpuinfo");

	if (!text) {
		gvt_doctor_tell(doctor, GVT_FINDING_NOTE, "", "/proc/cpuinfo can't be read");
		return;
	}
	if (!has_word(text, "vmx") && !has_word(text, "svm"))
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"switch it on in the firmware setup: Intel Virtualization Technology "
				"(VT-x, VMX)",
				"the processor offers no hardware virtualization, which KVM needs");
	free(text);
}

static void check_kvm(struct gvt_doctor *doctor)
{
	bool intel = gvt_exists(doctor->ctx, "/sys/module/kvm_intel");
	bool amd = gvt_exists(doctor->ctx, "/sys/module/kvm_amd");

	if (!intel && !amd)
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"load it: modprobe kvm_intel; if that fails, 'dmesg | grep kvm' says why",
				"KVM is not loaded");
	else if (!gvt_exists(doctor->ctx, "/dev/kvm"))
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"outside of a container, udev makes it: udevadm trigger /sys/devices/virtual/"
				"misc/kvm",
				"KVM is loaded, but there is no /dev/kvm");
}

/* --- kernel ----------------------------------------------------------------------------------- */

static void check_kernel(struct gvt_doctor *doctor)
{
	static const struct {
		const char *option, *meaning;
	} needed[] = { { "CONFIG_DRM_I915_GVT", "i915 without GVT-g" },
		       { "CONFIG_VFIO_MDEV", "no mediated devices" },
		       { "CONFIG_KVM", "no KVM" } };
	char release[128], path[192], line[64], *text;
	unsigned int major = 0, minor = 0;

	if (gvt_read_attr(doctor->ctx, release, sizeof(release), "/proc/sys/kernel/osrelease"))
		return;
	if (sscanf(release, "%u.%u", &major, &minor) == 2 &&
	    (major < 4 || (major == 4 && minor < 16) || (major == 5 && minor == 12)))
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING, "use a longterm kernel, as Debian's 6.1",
				"Linux %u.%u is known for trouble with GVT-g", major, minor);
	snprintf(path, sizeof(path), "/boot/config-%s", release);
	text = read_whole(doctor->ctx, path);
	for (size_t i = 0; text && i < sizeof(needed) / sizeof(needed[0]); i++) {
		snprintf(line, sizeof(line), "%s=y", needed[i].option);
		if (has_word(text, line))
			continue;
		snprintf(line, sizeof(line), "%s=m", needed[i].option);
		if (!has_word(text, line))
			gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
					"use a kernel that has it, as Debian's",
					"kernel %s was built without %s: %s", release, needed[i].option,
					needed[i].meaning);
	}
	free(text);
}

static void check_iommu(struct gvt_doctor *doctor)
{
	struct gvt_names names;

	if (gvt_list_folder(doctor->ctx, &names, "/sys/class/iommu"))
		return;
	if (names.count)
		gvt_doctor_tell(doctor, GVT_FINDING_OK, "", "on; vGPUs work with it and without");
	else
		gvt_doctor_tell(doctor, GVT_FINDING_OK, "",
				"off; vGPUs need none (a whole GPU passed through would)");
	gvt_names_free(&names);
}

static void check_vfio(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;
	char *path = gvt_path(ctx, "/dev/vfio/vfio");
	struct stat st;

	if (!gvt_exists(ctx, "/sys/module/mdev"))
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
				"kvmgt and gvt load it; if they are loaded, it is built in",
				"the module mdev is not loaded");
	if (!path || stat(path, &st))
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING, "load it: modprobe vfio_iommu_type1",
				"there is no /dev/vfio/vfio");
	else if ((st.st_mode & 0666) != 0666)
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
				"udev's default is mode 0666, with which access is checked at the group: "
				"chmod 0666 /dev/vfio/vfio, and look for a udev rule that changes it",
				"/dev/vfio/vfio has mode %04o: QEMU without root can't open it",
				(unsigned int)(st.st_mode & 07777));
	free(path);
}

/* --- security --------------------------------------------------------------------------------- */

static void check_security(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;
	char text[32];

	if (!gvt_read_attr(ctx, text, sizeof(text), "/sys/fs/selinux/enforce") && text[0] == '1')
		gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
				"if QEMU is denied /dev/vfio: setsebool -P domain_can_mmap_files 1; "
				"'ausearch -m avc -ts recent' shows denials",
				"SELinux enforces");
	if (!gvt_read_attr(ctx, text, sizeof(text), "/sys/module/apparmor/parameters/enabled") &&
	    text[0] == 'Y')
		gvt_doctor_tell(doctor, GVT_FINDING_OK, "",
				"AppArmor is on: libvirt allows vGPUs by itself, and ROM files in "
				"/usr/share/{qemu,vgabios,OVMF}");
}

/* libvirt raises the limit for its domains; QEMU by hand, and qemu:///session, have the user's. */
static void check_memlock(struct gvt_doctor *doctor)
{
	struct rlimit limit;

	if (!getuid() || getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= (1ull << 30))
		return;
	gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
			"for QEMU without qemu:///system, raise memlock to the guest's memory and 1 GiB "
			"more in /etc/security/limits.d",
			"this user may lock %llu KiB of memory: a guest with a vGPU locks all of its own",
			(unsigned long long)limit.rlim_cur >> 10);
}

const struct gvt_check gvt_host_checks[] = {
	{ "processor", check_processor }, { "KVM", check_kvm },		{ "kernel", check_kernel },
	{ "IOMMU", check_iommu },	  { "VFIO", check_vfio },	{ "security", check_security },
	{ "memlock", check_memlock },	  { NULL, NULL },
};
