// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The doctor: a host on which all is well, one thing after the other that is not, and what it mends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test-gvtmgr-root.h"

#define OPTIONS "/etc/modprobe.d/gvt.conf"
#define MODULES "/etc/modules-load.d/gvt.conf"

struct findings {
	char text[16384]; /* "level subject: text -> advice" lines */
	unsigned int count[4];
};

static void take(void *data, const struct gvt_finding *finding)
{
	static const char *const levels[] = { "ok", "note", "warning", "error" };
	struct findings *findings = data;
	size_t len = strlen(findings->text);

	findings->count[finding->level]++;
	snprintf(findings->text + len, sizeof(findings->text) - len, "%s %s: %s -> %s\n",
		 levels[finding->level], finding->subject, finding->text, finding->advice);
}

/* All that a machine needs; libvirt is the test driver's. */
static int set_up(void **state)
{
	struct root *root = root_new_ready();

	assert_int_equal(gvt_set_libvirt_uri(root->ctx, "test:///default"), 0);
	root_write(root, "flags\t\t: fpu vmx sse\n", "/proc/cpuinfo");
	root_write(root, "6.1.0-56-amd64\n", "/proc/sys/kernel/osrelease");
	root_write(root, "BOOT_IMAGE=/vmlinuz root=/dev/sda1\n", "/proc/cmdline");
	root_write(root, "CONFIG_KVM=m\nCONFIG_VFIO_MDEV=m\nCONFIG_DRM_I915_GVT=y\n",
		   "/boot/config-6.1.0-56-amd64");
	root_folder(root, "/sys/module/kvm_intel");
	root_folder(root, "/sys/module/mdev");
	root_write(root, "", "/dev/kvm");
	root_link(root, "/dev/null", "/dev/vfio/vfio"); /* whose mode is 0666 */
	root_write(root, "options i915 enable_gvt=1 enable_guc=0\n", OPTIONS);
	root_write(root, "kvmgt\n", MODULES);
	*state = root;
	return 0;
}

static int tear_down(void **state)
{
	root_free(*state);
	return 0;
}

static int examine(struct root *root, unsigned int flags, struct findings *findings)
{
	memset(findings, 0, sizeof(*findings));
	return gvt_doctor(root->ctx, NULL, 0, flags, take, findings);
}

/* Exactly one thing is wrong, and these are parts of what is said about it. */
static void expect(struct root *root, enum gvt_finding_level level, const char *text,
		   const char *advice)
{
	struct findings findings;
	int err = examine(root, 0, &findings);

	if (!strstr(findings.text, text) || !strstr(findings.text, advice))
		fail_msg("'%s' or '%s' is not in:\n%s", text, advice, findings.text);
	for (int i = GVT_FINDING_WARNING; i <= GVT_FINDING_ERROR; i++)
		if (findings.count[i] != (i == (int)level))
			fail_msg("%u findings of level %d:\n%s", findings.count[i], i, findings.text);
	assert_int_equal(err, level == GVT_FINDING_ERROR ? -ENOTRECOVERABLE : 0);
}

static void a_host_that_is_well(void **state)
{
	struct root *root = *state;
	struct findings findings;

	assert_int_equal(examine(root, 0, &findings), 0);
	if (findings.count[GVT_FINDING_WARNING] || findings.count[GVT_FINDING_ERROR])
		fail_msg("%s", findings.text);
	assert_non_null(strstr(findings.text, "ok GPU: " GPU " (Skylake) is ready"));
	assert_non_null(strstr(findings.text, "ok libvirt: libvirt "));
}

static void what_the_machine_lacks(void **state)
{
	struct root *root = *state;

	root_write(root, "flags\t\t: fpu nvmx\n", "/proc/cpuinfo");
	expect(root, GVT_FINDING_ERROR, "no hardware virtualization", "VT-x");
	root_write(root, "flags\t\t: vmx\n", "/proc/cpuinfo");
	root_remove(root, "/dev/kvm");
	expect(root, GVT_FINDING_ERROR, "no /dev/kvm", "container");
	root_remove(root, "/sys/module/kvm_intel");
	expect(root, GVT_FINDING_ERROR, "KVM is not loaded", "modprobe kvm_intel");
}

static void what_the_kernel_lacks(void **state)
{
	struct root *root = *state;

	root_write(root, "CONFIG_KVM=m\nCONFIG_VFIO_MDEV=m\n# CONFIG_DRM_I915_GVT is not set\n",
		   "/boot/config-6.1.0-56-amd64");
	expect(root, GVT_FINDING_ERROR, "without CONFIG_DRM_I915_GVT", "Debian's");
	root_write(root, "5.12.3\n", "/proc/sys/kernel/osrelease");
	expect(root, GVT_FINDING_WARNING, "Linux 5.12", "longterm");
}

static void options_that_are_missing_or_wrong(void **state)
{
	struct root *root = *state;

	root_write(root, "options i915 enable_fbc=0\n# options i915 enable_gvt=1\n", OPTIONS);
	expect(root, GVT_FINDING_WARNING, "nothing sets i915's enable_gvt=1", "--fix");
	root_write(root, "quiet i915.enable_gvt=1\n", "/proc/cmdline");
	expect(root, GVT_FINDING_OK, "ok i915 options", "");
	root_write(root, "options\ti915  enable_gvt=1\tenable_guc=3\n", OPTIONS);
	expect(root, GVT_FINDING_ERROR, "enable_guc=3", "update-initramfs");
	root_write(root, "options i915 enable_gvt=1\n", OPTIONS);
	root_write(root, "N\n", "/sys/module/i915/parameters/enable_gvt");
	root_write(root, "", "/boot/initrd.img-6.1.0-56-amd64");
	root_remove(root, "/sys/devices/pci0000:00/" GPU "/mdev_supported_types");
	{
		struct findings findings;

		assert_int_equal(examine(root, 0, &findings), -ENOTRECOVERABLE);
		assert_non_null(strstr(findings.text, "error initramfs"));
		assert_non_null(strstr(findings.text, "error GPU: " GPU ": i915's parameter"));
	}
}

static void modules_that_do_not_load(void **state)
{
	struct root *root = *state;

	root_write(root, "", MODULES);
	expect(root, GVT_FINDING_WARNING, "nothing loads kvmgt at boot", "--fix");
	root_write(root, "gvt\n", MODULES);
	root_write(root, "blacklist kvmgt\n", "/etc/modprobe.d/x.conf");
	expect(root, GVT_FINDING_WARNING, "kvmgt is blacklisted", "modprobe.d");
	root_write(root, "", "/etc/modprobe.d/x.conf");
	root_write(root, "", "/lib/modules/6.1.0-56-amd64/updates/dkms/gvt.ko");
	expect(root, GVT_FINDING_OK, "gvt.ko, which can do more", "rmmod kvmgt");
}

static void an_aperture_that_is_too_small(void **state)
{
	static const char *const wanted[] = { "V5_8", "i915-GVTg_V4_1", "X" };
	struct root *root = *state;
	struct findings findings;

	memset(&findings, 0, sizeof(findings));
	assert_int_equal(gvt_doctor(root->ctx, wanted, 3, 0, take, &findings), -ENOTRECOVERABLE);
	assert_int_equal(findings.count[GVT_FINDING_ERROR], 2);
	assert_non_null(strstr(findings.text, "no GPU offers i915-GVTg_V4_1: it needs an aperture of 512"));
	assert_non_null(strstr(findings.text, "Graphics Aperture Size"));
	assert_non_null(strstr(findings.text, "no GPU offers the type X"));
}

static void definitions_that_do_not_work(void **state)
{
	struct root *root = *state;

	root_write(root, "<vgpu>\n<type>", "/etc/gvt/vgpus/" UUID_A ".xml");
	expect(root, GVT_FINDING_ERROR, UUID_A ".xml is not a vGPU definition: line 2", "gvt-vgpu(5)");
	root_remove(root, "/etc/gvt/vgpus/" UUID_A ".xml");
	root_add_definition(root, UUID_A, "V5_2", "");
	root_add_definition(root, UUID_B, "V5_2", "");
	expect(root, GVT_FINDING_WARNING, "not all vGPUs that start at boot fit", "gvt autostart");
	root_add_definition(root, UUID_B, "V5_2", "<autostart>no</autostart>");
	expect(root, GVT_FINDING_OK, "ok room", "");
	root_add_definition(root, UUID_A, "V5_9", "");
	expect(root, GVT_FINDING_ERROR, "can't be started: GPU " GPU " offers no vGPU type", "gvt types");
	root_write(root, "<vgpu><uuid>" UUID_A "</uuid><type>i915-GVTg_V5_8</type><gpu>0000:01:00.0</gpu></vgpu>",
		   "/etc/gvt/vgpus/" UUID_A ".xml");
	expect(root, GVT_FINDING_WARNING, "0000:01:00.0, which is not there", "gvt edit");
}

static void others_that_define_vgpus(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_8", "");
	root_write(root, "{\"mdev_type\":\"i915-GVTg_V5_4\",\"start\":\"auto\",\"attrs\":[]}",
		   "/etc/mdevctl.d/" GPU "/" UUID_A);
	expect(root, GVT_FINDING_ERROR, "is V5_8 here and V5_4 in mdevctl", "mdevctl undefine");
	root_write(root, "{\"mdev_type\":\"i915-GVTg_V5_8\",\"start\":\"auto\"}",
		   "/etc/mdevctl.d/" GPU "/" UUID_A);
	expect(root, GVT_FINDING_OK, "here and in mdevctl, alike", "one owner");
	root_add_mdev(root, UUID_C, "V5_8");
	expect(root, GVT_FINDING_OK, UUID_C " (V5_8) is on, has no definition", "gvt define");
	root_folder(root, "/run/systemd/system");
	expect(root, GVT_FINDING_WARNING, "does not start them at boot", "systemctl enable");
}

static void what_is_missing_at_boot_is_written(void **state)
{
	struct root *root = *state;
	struct findings findings;
	char *text;

	root_remove(root, OPTIONS);
	root_remove(root, MODULES);
	assert_int_equal(examine(root, GVT_FIX | GVT_DRY_RUN, &findings), 0);
	assert_int_equal(findings.count[GVT_FINDING_WARNING], 2);
	assert_false(root_has(root, OPTIONS) || root_has(root, MODULES));
	assert_non_null(strstr(root->log, "would write"));
	assert_non_null(strstr(root->log, "options i915 enable_gvt=1 enable_guc=0"));
	assert_int_equal(examine(root, GVT_FIX, &findings), 0);
	text = root_read(root, OPTIONS);
	assert_non_null(strstr(text, "\noptions i915 enable_gvt=1 enable_guc=0\n"));
	free(text);
	text = root_read(root, MODULES);
	assert_non_null(strstr(text, "\nkvmgt\n"));
	free(text);
	assert_non_null(strstr(root->log, "update-initramfs -u"));
	assert_int_equal(examine(root, 0, &findings), 0);
	assert_int_equal(findings.count[GVT_FINDING_WARNING], 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_host_that_is_well),
		TEST(what_the_machine_lacks),
		TEST(what_the_kernel_lacks),
		TEST(options_that_are_missing_or_wrong),
		TEST(modules_that_do_not_load),
		TEST(an_aperture_that_is_too_small),
		TEST(definitions_that_do_not_work),
		TEST(others_that_define_vgpus),
		TEST(what_is_missing_at_boot_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
