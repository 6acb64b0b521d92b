// SPDX-License-Identifier: GPL-2.0-or-later
/* What the library finds on a host: GPUs, reasons, types, active vGPUs and who uses them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "test-gvtmgr-root.h"

static int setup(void **state)
{
	*state = root_new_ready();
	return 0;
}

static int setup_empty(void **state)
{
	*state = root_new();
	return 0;
}

static int teardown(void **state)
{
	root_free(*state);
	return 0;
}

static void finds_a_ready_gpu(void **state)
{
	struct root *root = *state;
	struct gvt_gpu *gpu = gvt_gpu_get_first(root->ctx);

	assert_non_null(gpu);
	assert_null(gvt_gpu_get_next(gpu));
	assert_string_equal(gvt_gpu_get_name(gpu), GPU);
	assert_int_equal(gvt_gpu_get_device_id(gpu), 0x1912);
	assert_string_equal(gvt_gpu_get_platform(gpu), "Skylake");
	assert_int_equal(gvt_gpu_get_generation(gpu), 9);
	assert_string_equal(gvt_gpu_get_driver(gpu), "i915");
	assert_int_equal(gvt_gpu_get_aperture(gpu), 512ull << 20);
	assert_int_equal(gvt_gpu_get_state(gpu), GVT_GPU_READY);
	assert_null(gvt_gpu_get_reason(gpu));
	assert_ptr_equal(gvt_gpu_find(root->ctx, "00:02.0"), gpu);
	assert_null(gvt_gpu_find(root->ctx, "00:02.1"));
}

static void an_empty_host_has_nothing(void **state)
{
	struct root *root = *state;

	assert_null(gvt_gpu_get_first(root->ctx));
	assert_null(gvt_vgpu_get_first(root->ctx));
}

static void other_devices_are_no_gpus(void **state)
{
	struct root *root = *state;

	root_write(root, "0x10de\n", "/sys/bus/pci/devices/0000:01:00.0/vendor");
	root_write(root, "0x030000\n", "/sys/bus/pci/devices/0000:01:00.0/class");
	root_write(root, "0x8086\n", "/sys/bus/pci/devices/0000:00:1f.3/vendor");
	root_write(root, "0x040300\n", "/sys/bus/pci/devices/0000:00:1f.3/class");
	assert_null(gvt_gpu_get_first(root->ctx));
}

/* Some kernels, and some fake trees, show a parent of vGPUs only there. */
static void a_parent_without_pci_folder_counts(void **state)
{
	struct root *root = *state;
	struct gvt_gpu *gpu;

	root_write(root, "2\n",
		   "/sys/class/mdev_bus/" GPU
		   "/mdev_supported_types/i915-GVTg_V5_4/available_instances");
	root_folder(root, "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1");
	gpu = gvt_gpu_get_first(root->ctx);
	assert_non_null(gpu);
	assert_null(gvt_gpu_get_next(gpu));
	assert_int_equal(gvt_gpu_get_state(gpu), GVT_GPU_READY);
	assert_int_equal(gvt_type_get_available(gvt_type_get_first(gpu)), 2);
}

/* --- why not ---------------------------------------------------------------------------------- */

static void expect_state(struct root *root, enum gvt_gpu_state state, const char *reason,
			 const char *advice)
{
	struct gvt_gpu *gpu;

	assert_int_equal(gvt_scan(root->ctx), 0);
	gpu = gvt_gpu_get_first(root->ctx);
	assert_non_null(gpu);
	assert_int_equal(gvt_gpu_get_state(gpu), state);
	assert_non_null(strstr(gvt_gpu_get_reason(gpu), reason));
	assert_non_null(strstr(gvt_gpu_get_advice(gpu), advice));
}

static void says_what_is_missing_in_order(void **state)
{
	struct root *root = *state;

	root_add_gpu(root);
	root_remove(root, "/sys/bus/pci/devices/" GPU "/driver");
	root_remove(root, "/sys/module/i915");
	expect_state(root, GVT_GPU_NO_DRIVER, "not loaded", "modprobe i915");
	root_folder(root, "/sys/module/i915");
	expect_state(root, GVT_GPU_NO_DRIVER, "not bound", "dmesg");
	root_link(root, "../../drivers/vfio-pci", "/sys/bus/pci/devices/" GPU "/driver");
	expect_state(root, GVT_GPU_OTHER_DRIVER, "vfio-pci", "i915");
	root_add_gpu(root);
	root_folder(root, "/sys/module/i915/parameters");
	expect_state(root, GVT_GPU_NOT_BUILT, "built without", "CONFIG_DRM_I915_GVT");
	root_write(root, "N\n", "/sys/module/i915/parameters/enable_gvt");
	expect_state(root, GVT_GPU_NOT_ENABLED, "enable_gvt", "/etc/modprobe.d");
	root_write(root, "Y\n", "/sys/module/i915/parameters/enable_gvt");
	root_write(root, "3\n", "/sys/module/i915/parameters/enable_guc");
	expect_state(root, GVT_GPU_GUC, "enable_guc", "enable_guc=0");
	root_write(root, "-1\n", "/sys/module/i915/parameters/enable_guc");
	expect_state(root, GVT_GPU_NO_MODULE, "kvmgt nor gvt", "modprobe kvmgt");
	root_folder(root, "/sys/module/gvt");
	expect_state(root, GVT_GPU_NO_TYPES, "no vGPU type", "dmesg");
}

static void names_sr_iov_to_new_gpus(void **state)
{
	struct root *root = *state;

	root_add_gpu(root);
	root_write(root, "0x46a6\n", "/sys/bus/pci/devices/" GPU "/device");
	expect_state(root, GVT_GPU_UNSUPPORTED, "Alder Lake is Gen12", "SR-IOV");
	root_write(root, "0x0412\n", "/sys/bus/pci/devices/" GPU "/device");
	expect_state(root, GVT_GPU_UNSUPPORTED, "Haswell (Gen7)", "Broadwell");
	root_write(root, "0x3184\n", "/sys/bus/pci/devices/" GPU "/device");
	expect_state(root, GVT_GPU_UNSUPPORTED, "Gemini Lake", "Broadwell");
}

static void knows_the_generations_of_gvt_g(void **state)
{
	static const struct {
		const char *id, *name;
	} devices[] = {
		{ "0x1616", "Broadwell" },  { "0x5916", "Kaby Lake" }, { "0x3e92", "Coffee Lake" },
		{ "0x9bc5", "Comet Lake" }, { "0x5a85", "Broxton" },   { "0x193b", "Skylake" },
	};
	struct root *root = *state;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		root_write(root, devices[i].id, "/sys/bus/pci/devices/" GPU "/device");
		assert_int_equal(gvt_scan(root->ctx), 0);
		assert_string_equal(gvt_gpu_get_platform(gvt_gpu_get_first(root->ctx)),
				    devices[i].name);
	}
	root_write(root, "0xfff1\n", "/sys/bus/pci/devices/" GPU "/device");
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_null(gvt_gpu_get_platform(gvt_gpu_get_first(root->ctx)));
	/* What offers types is ready, whatever the table knows. */
	assert_int_equal(gvt_gpu_get_state(gvt_gpu_get_first(root->ctx)), GVT_GPU_READY);
}

/* --- types ------------------------------------------------------------------------------------ */

static void reads_types(void **state)
{
	struct root *root = *state;
	struct gvt_gpu *gpu = gvt_gpu_get_first(root->ctx);
	struct gvt_type *type;
	unsigned int count = 0;

	gvt_type_foreach(gpu, type)
		count++;
	assert_int_equal(count, 4);
	type = gvt_type_find(gpu, "V5_4");
	assert_non_null(type);
	assert_ptr_equal(gvt_type_find(gpu, "i915-GVTg_V5_4"), type);
	assert_null(gvt_type_find(gpu, "V5_3"));
	assert_null(gvt_type_find(gpu, ""));
	assert_string_equal(gvt_type_get_name(type), "i915-GVTg_V5_4");
	assert_string_equal(gvt_type_get_short_name(type), "V5_4");
	assert_int_equal(gvt_type_get_available(type), 3);
	assert_int_equal(gvt_type_get_aperture(type), 128 << 20);
	assert_int_equal(gvt_type_get_hidden(type), 512 << 20);
	assert_int_equal(gvt_type_get_fences(type), 4);
	assert_int_equal(gvt_type_get_weight(type), 4);
	assert_string_equal(gvt_type_get_resolution(type), "1920x1200");
}

#define TYPE_FOLDER "/sys/bus/pci/devices/" GPU "/mdev_supported_types/i915-GVTg_V5_4"

static struct gvt_type *scan_type(struct root *root)
{
	assert_int_equal(gvt_scan(root->ctx), 0);
	return gvt_type_find(gvt_gpu_get_first(root->ctx), "V5_4");
}

static void missing_files_leave_numbers_unknown(void **state)
{
	struct root *root = *state;
	struct gvt_type *type;

	root_remove(root, TYPE_FOLDER "/description");
	root_remove(root, TYPE_FOLDER "/available_instances");
	type = scan_type(root);
	assert_non_null(type);
	assert_int_equal(gvt_type_get_available(type), 0);
	assert_int_equal(gvt_type_get_aperture(type), 0);
	assert_null(gvt_type_get_resolution(type));
}

static void hostile_descriptions_do_no_harm(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n\n",
		":",
		"low_gm_size",
		"low_gm_size:",
		"low_gm_size: -1MB\n",
		"low_gm_size: 99999999999999999999999MB",
		"low_gm_size: 128\n",
		"low_gm_size: MB",
		"fence: 4 4\nweight: 0x10\n",
		"resolution: 1920\n",
		"resolution: 1x1x1",
		"resolution: 99999999999x1",
		"resolution: %n%n%n",
		"low_gm_size:128MBs",
	};
	struct root *root = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct gvt_type *type;

		root_write(root, texts[i], TYPE_FOLDER "/description");
		type = scan_type(root);
		assert_non_null(type);
		assert_int_equal(gvt_type_get_aperture(type), 0);
		assert_int_equal(gvt_type_get_fences(type), 0);
		assert_int_equal(gvt_type_get_weight(type), 0);
		assert_null(gvt_type_get_resolution(type));
	}
}

static void huge_and_binary_attributes_are_not_believed(void **state)
{
	struct root *root = *state;
	char *huge = malloc(1 << 20);
	struct gvt_type *type;

	memset(huge, '7', 1 << 20);
	root_write_bytes(root, huge, 1 << 20, TYPE_FOLDER "/available_instances");
	root_write_bytes(root, huge, 1 << 20, TYPE_FOLDER "/description");
	type = scan_type(root);
	assert_int_equal(gvt_type_get_available(type), 0);
	root_write_bytes(root, "3\0junk", 6, TYPE_FOLDER "/available_instances");
	root_write_bytes(root, "\xff\xfe\0fence: 4", 11, TYPE_FOLDER "/description");
	type = scan_type(root);
	assert_int_equal(gvt_type_get_available(type), 0);
	root_write(root, "4294967296\n", TYPE_FOLDER "/available_instances");
	assert_int_equal(gvt_type_get_available(scan_type(root)), 0);
	root_write(root, "-1\n", TYPE_FOLDER "/available_instances");
	assert_int_equal(gvt_type_get_available(scan_type(root)), 0);
	root_write_bytes(root, huge, 1 << 20, "/sys/bus/pci/devices/" GPU "/resource");
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_gpu_get_aperture(gvt_gpu_get_first(root->ctx)), 0);
	free(huge);
}

static void a_pipe_in_place_of_an_attribute_does_not_stop_us(void **state)
{
	struct root *root = *state;
	char path[256];

	snprintf(path, sizeof(path), "%s" TYPE_FOLDER "/available_instances", root->path);
	remove(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(gvt_type_get_available(scan_type(root)), 0);
}

/* --- vGPUs ------------------------------------------------------------------------------------ */

static void joins_active_and_defined(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;

	root_add_mdev(root, UUID_A, "V5_4");
	root_add_mdev(root, UUID_B, "V5_8");
	root_add_definition(root, UUID_B, "V5_8", "<name>bee</name>");
	root_add_definition(root, UUID_C, "V5_2",
			    "<domain>win10</domain><autostart>no</autostart>");
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_string_equal(gvt_vgpu_get_uuid(vgpu), UUID_A);
	assert_true(gvt_vgpu_is_active(vgpu));
	assert_false(gvt_vgpu_is_defined(vgpu));
	assert_false(gvt_vgpu_is_autostart(vgpu));
	assert_string_equal(gvt_vgpu_get_gpu_name(vgpu), GPU);
	vgpu = gvt_vgpu_get_next(vgpu);
	assert_string_equal(gvt_vgpu_get_name(vgpu), "bee");
	assert_true(gvt_vgpu_is_active(vgpu) && gvt_vgpu_is_defined(vgpu));
	assert_true(gvt_vgpu_is_autostart(vgpu));
	vgpu = gvt_vgpu_get_next(vgpu);
	assert_false(gvt_vgpu_is_active(vgpu));
	assert_string_equal(gvt_vgpu_get_type_name(vgpu), "i915-GVTg_V5_2");
	assert_string_equal(gvt_vgpu_get_domain(vgpu), "win10");
	assert_false(gvt_vgpu_is_autostart(vgpu));
	assert_null(gvt_vgpu_get_next(vgpu));
	assert_int_equal(gvt_gpu_get_active(gvt_gpu_get_first(root->ctx)), 2);
}

static void other_drivers_mdevs_are_not_ours(void **state)
{
	struct root *root = *state;

	root_link(root, "../../../virtual/mtty/mdev_supported_types/mtty-2",
		  "/sys/bus/mdev/devices/" UUID_A "/mdev_type");
	root_folder(root, "/sys/virtual/mtty/mdev_supported_types/mtty-2");
	root_folder(root, "/sys/bus/mdev/devices/not-a-uuid");
	root_folder(root, "/sys/bus/mdev/devices/" UUID_B);
	assert_null(gvt_vgpu_get_first(root->ctx));
}

static void expect_found(struct root *root, const char *what, const char *uuid)
{
	struct gvt_vgpu *vgpu;

	assert_int_equal(gvt_vgpu_find(root->ctx, what, &vgpu), 0);
	assert_string_equal(gvt_vgpu_get_uuid(vgpu), uuid);
}

static void finds_a_vgpu_as_people_name_it(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;

	root_add_definition(root, UUID_A, "V5_4", "<name>bbbb</name>");
	root_add_definition(root, UUID_B, "V5_4", "<domain>win10</domain>");
	root_add_mdev(root, "bbbbcccc-0000-4000-8000-000000000003", "V5_4");
	expect_found(root, UUID_A, UUID_A);
	expect_found(root, "AAAAAAAA-0000-4000-8000-000000000001", UUID_A);
	expect_found(root, "aaaa", UUID_A);
	expect_found(root, "bbbb", UUID_A);
	expect_found(root, "win10", UUID_B);
	expect_found(root, "bbbbb", UUID_B);
	assert_int_equal(gvt_vgpu_find(root->ctx, "aaa", &vgpu), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "aaa");
	assert_int_equal(gvt_vgpu_find(root->ctx, "", &vgpu), -ENOENT);
	root_remove(root, "/etc/gvt/vgpus/" UUID_A ".xml");
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_vgpu_find(root->ctx, "bbbb", &vgpu), -ENOTUNIQ);
	root_assert_error(root, GVT_ERROR_MISUSE, "several");
}

static void sees_who_has_it_open(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu;
	char *who;

	root_add_mdev(root, UUID_A, "V5_4");
	root_link(root, "../../../../kernel/iommu_groups/13",
		  "/sys/devices/pci0000:00/" GPU "/" UUID_A "/iommu_group");
	root_link(root, "/dev/vfio/131", "/proc/7/fd/3");
	root_link(root, "/dev/vfio/vfio", "/proc/7/fd/4");
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_int_equal(gvt_vgpu_get_user(vgpu, &who), 0);
	assert_null(who);
	root_add_user(root, UUID_A, 812, "win10");
	assert_int_equal(gvt_vgpu_get_user(vgpu, &who), 1);
	assert_string_equal(who, "qemu-system-x86 (pid 812, VM win10)");
	free(who);
	assert_int_equal(gvt_vgpu_get_user(vgpu, NULL), 1);
}

static void sees_who_has_its_own_file_open(void **state)
{
	struct root *root = *state;
	char *who;

	root_add_mdev(root, UUID_A, "V5_4");
	root_folder(root, "/sys/devices/pci0000:00/" GPU "/" UUID_A "/vfio-dev/vfio3");
	root_link(root, "/dev/vfio/devices/vfio3", "/proc/9/fd/5");
	assert_int_equal(gvt_vgpu_get_user(gvt_vgpu_get_first(root->ctx), &who), 1);
	assert_string_equal(who, "a process (pid 9)");
	free(who);
}

/* --- lifetimes -------------------------------------------------------------------------------- */

static void a_reference_outlives_scan_and_context(void **state)
{
	struct root *root = *state;
	struct gvt_gpu *gpu = gvt_gpu_ref(gvt_gpu_get_first(root->ctx));
	struct gvt_type *type = gvt_type_ref(gvt_type_get_first(gpu));
	struct gvt_ctx *ctx = root->ctx;

	assert_int_equal(gvt_scan(ctx), 0);
	assert_ptr_not_equal(gvt_gpu_get_first(ctx), gpu);
	root->ctx = gvt_unref(ctx);
	assert_string_equal(gvt_gpu_get_name(gpu), GPU);
	gvt_gpu_unref(gpu);
	assert_string_equal(gvt_type_get_short_name(type), "V5_1");
	gvt_type_unref(type);
}

static void a_root_must_be_a_folder(void **state)
{
	struct root *root = *state;

	assert_int_equal(gvt_set_root(root->ctx, "/nonexistent"), -ENOENT);
	assert_int_equal(gvt_set_root(root->ctx, "/dev/null"), -ENOTDIR);
	assert_string_equal(gvt_get_root(root->ctx), root->path);
	assert_int_equal(gvt_set_root(root->ctx, "//"), 0);
	assert_string_equal(gvt_get_root(root->ctx), "/");
}

#define READY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, setup_empty, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READY(finds_a_ready_gpu),
		EMPTY(an_empty_host_has_nothing),
		EMPTY(other_devices_are_no_gpus),
		EMPTY(a_parent_without_pci_folder_counts),
		EMPTY(says_what_is_missing_in_order),
		EMPTY(names_sr_iov_to_new_gpus),
		READY(knows_the_generations_of_gvt_g),
		READY(reads_types),
		READY(missing_files_leave_numbers_unknown),
		READY(hostile_descriptions_do_no_harm),
		READY(huge_and_binary_attributes_are_not_believed),
		READY(a_pipe_in_place_of_an_attribute_does_not_stop_us),
		READY(joins_active_and_defined),
		READY(other_drivers_mdevs_are_not_ours),
		READY(finds_a_vgpu_as_people_name_it),
		READY(sees_who_has_it_open),
		READY(sees_who_has_its_own_file_open),
		READY(a_reference_outlives_scan_and_context),
		READY(a_root_must_be_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
