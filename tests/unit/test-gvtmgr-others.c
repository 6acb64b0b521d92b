// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vGPUs of other programs: mdevctl's and libvirt's definitions in both directions, and what engines
 * that run fleets of hosts are told.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mdevctl.h"
#include "lib/nodedev.h"
#include "test-gvtmgr-root.h"

#define FILE_OF(uuid) "/etc/mdevctl.d/" GPU "/" uuid

static int set_up(void **state)
{
	*state = root_new_ready();
	return 0;
}

static int tear_down(void **state)
{
	root_free(*state);
	return 0;
}

struct results {
	char text[2048];
};

static void take(void *data, struct gvt_definition *def, enum gvt_import_outcome outcome,
		 const char *error, const char *hint)
{
	static const char *const names[] = { "imported", "already", "failed" };
	struct results *results = data;
	size_t len = strlen(results->text);

	snprintf(results->text + len, sizeof(results->text) - len, "%c %s %s\n",
		 gvt_definition_get_uuid(def)[0], names[outcome], error);
}

static int import(struct root *root, const char *uuid, unsigned int flags, struct results *results)
{
	memset(results, 0, sizeof(*results));
	return gvt_import(root->ctx, GVT_IMPORT_MDEVCTL, uuid, flags, take, results);
}

static void mdevctls_become_ours(void **state)
{
	struct root *root = *state;
	struct results results;
	struct gvt_vgpu *vgpu;

	root_write(root,
		   "{\"mdev_type\":\"i915-GVTg_V5_8\",\"start\":\"manual\",\"attrs\":["
		   "{\"gvt/aperture_mb\":\"96\"},{\"gvt/weight\":\"7\"},{\"other\":\"x\"},"
		   "{\"gvt/cap\":\"1000\"}]}",
		   FILE_OF(UUID_A));
	root_write(root, "{\"mdev_type\":\"i915-GVTg_V5_4\",\"start\":\"auto\",\"attrs\":[]}",
		   FILE_OF(UUID_B));
	root_write(root, "{\"mdev_type\":\"nvidia-63\",\"start\":\"auto\"}", FILE_OF(UUID_C));
	root_add_definition(root, UUID_B, "V5_4", "");
	assert_int_equal(import(root, NULL, GVT_DRY_RUN, &results), 0);
	assert_false(root_has(root, "/etc/gvt/vgpus/" UUID_A ".xml"));
	assert_int_equal(import(root, NULL, 0, &results), 0);
	assert_string_equal(results.text, "a imported \nb already \n");
	assert_int_equal(gvt_vgpu_find(root->ctx, UUID_A, &vgpu), 0);
	assert_false(gvt_vgpu_is_active(vgpu));
	assert_false(gvt_vgpu_is_autostart(vgpu));
	assert_string_equal(gvt_vgpu_get_gpu_name(vgpu), GPU);
	assert_string_equal(gvt_vgpu_get_setting(vgpu, GVT_SETTING_APERTURE), "96");
	assert_string_equal(gvt_vgpu_get_setting(vgpu, GVT_SETTING_WEIGHT), "7");
	assert_null(gvt_vgpu_get_setting(vgpu, GVT_SETTING_CAP));
	assert_int_equal(import(root, UUID_C, 0, &results), -ENOENT);
	root_assert_error(root, GVT_ERROR_NOT_FOUND, "mdevctl has no vGPU");
}

static void one_that_is_on_as_another_type_is_not_taken(void **state)
{
	struct root *root = *state;
	struct results results;

	root_write(root, "{\"mdev_type\":\"i915-GVTg_V5_4\",\"start\":\"auto\"}", FILE_OF(UUID_A));
	root_write(root, "{\"mdev_type\":\"i915-GVTg_V5_8\",\"start\":\"auto\"}", FILE_OF(UUID_B));
	root_add_mdev(root, UUID_A, "V5_8");
	assert_int_equal(import(root, NULL, 0, &results), -EEXIST);
	assert_non_null(strstr(results.text, "a failed vGPU " UUID_A " is on, and of another type"));
	assert_non_null(strstr(results.text, "b imported"));
}

static void broken_files_are_left_out(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{}", "{\"mdev_type\":1}",
					     "{\"mdev_type\":\"i915-GVTg_../x\"}",
					     "{\"mdev_type\":\"i915-GVTg_V5_8\",\"attrs\":{\"a\":1}}x" };
	struct root *root = *state;
	struct results results;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		root_write(root, texts[i], FILE_OF(UUID_A));
		assert_int_equal(import(root, NULL, GVT_DRY_RUN, &results), 0);
		if (i + 1 < sizeof(texts) / sizeof(texts[0]))
			assert_string_equal(results.text, "");
	}
	root_write(root, "", "/etc/mdevctl.d/" GPU "/not-a-uuid");
	root_write(root, "", "/etc/mdevctl.d/../evil");
}

static void what_is_exported_is_imported_alike(void **state)
{
	struct root *root = *state;
	struct gvt_definition *back;
	struct gvt_vgpu *vgpu;
	char *text;

	root_add_definition(root, UUID_A, "V5_8", "<aperture>96</aperture><cap>50</cap>");
	assert_int_equal(gvt_scan(root->ctx), 0);
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_int_equal(gvt_export(vgpu, GVT_EXPORT_LIBVIRT, &text), 0);
	assert_non_null(strstr(text, "<parent>pci_0000_00_02_0</parent>"));
	assert_int_equal(gvt_nodedev_read(root->ctx, text, &back), 0);
	free(text);
	assert_string_equal(gvt_definition_get_uuid(back), UUID_A);
	assert_string_equal(gvt_definition_get_gpu(back), GPU);
	assert_string_equal(gvt_definition_get_setting(back, GVT_SETTING_APERTURE), "96");
	assert_string_equal(gvt_definition_get_setting(back, GVT_SETTING_CAP), "50");
	gvt_definition_unref(back);
	assert_int_equal(gvt_export(vgpu, GVT_EXPORT_MDEVCTL, &text), 0);
	root_write(root, text, FILE_OF(UUID_A));
	free(text);
	assert_int_equal(gvt_export(vgpu, GVT_EXPORT_NOVA, &text), -EINVAL);
	assert_int_equal(gvt_destroy(vgpu, 0), 0);
	assert_int_equal(gvt_import(root->ctx, GVT_IMPORT_MDEVCTL, UUID_A, 0, NULL, NULL), 0);
	vgpu = gvt_vgpu_get_first(root->ctx);
	assert_true(gvt_vgpu_is_autostart(vgpu));
	assert_string_equal(gvt_vgpu_get_setting(vgpu, GVT_SETTING_APERTURE), "96");
}

static void node_devices_that_are_none(void **state)
{
	static const struct {
		const char *xml;
		int err;
	} cases[] = {
		{ "", -EBADMSG },
		{ "<device/>", -EBADMSG },
		{ "<device><capability type='mdev'><type id='nvidia-63'/></capability></device>", 1 },
		{ "<device><parent>css_0_0_0072</parent><capability type='mdev'><type id='i915-GVTg_V5_4'/>"
		  "<uuid>" UUID_A "</uuid></capability></device>", -EBADMSG },
		{ "<device><parent>pci_0000_00_02_0</parent><capability type='mdev'>"
		  "<type id='i915-GVTg_V5_4'/><uuid>../x</uuid></capability></device>", -EBADMSG },
	};
	struct root *root = *state;
	struct gvt_definition *def;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(gvt_nodedev_read(root->ctx, cases[i].xml, &def), cases[i].err);
		assert_null(def);
	}
}

static void fleets_are_told_this_hosts_types(void **state)
{
	struct root *root = *state;
	struct gvt_type *type;
	char *text;

	root_write(root, "worker-3.example.org\n", "/proc/sys/kernel/hostname");
	root_write(root, "0x1043\n", "/sys/devices/pci0000:00/" GPU "/subsystem_vendor");
	root_write(root, "0x86ca\n", "/sys/devices/pci0000:00/" GPU "/subsystem_device");
	root_link(root, "../../../kernel/iommu_groups/1", "/sys/devices/pci0000:00/" GPU "/iommu_group");
	root_write(root, "GVTg_V5_4\n",
		   "/sys/devices/pci0000:00/" GPU "/mdev_supported_types/i915-GVTg_V5_4/name");
	type = gvt_type_find(gvt_gpu_get_first(root->ctx), "V5_4");
	assert_int_equal(gvt_export_fleet(type, GVT_EXPORT_KUBEVIRT, &text), 0);
	assert_non_null(strstr(text, "      - i915-GVTg_V5_4\n"));
	assert_non_null(strstr(text, "- mdevNameSelector: \"GVTg_V5_4\"\n        resourceName: intel.com/V5_4\n"));
	free(text);
	assert_int_equal(gvt_export_fleet(type, GVT_EXPORT_NOVA, &text), 0);
	assert_non_null(strstr(text, "[devices]\nenabled_mdev_types = i915-GVTg_V5_4\n"));
	assert_non_null(strstr(text, "[mdev_i915-GVTg_V5_4]\ndevice_addresses = " GPU "\n"));
	assert_non_null(strstr(text, "\nmax_instances = 3\n"));
	free(text);
	/* Nova takes no number below 1. */
	root_write(root, "0\n", "/sys/devices/pci0000:00/" GPU "/mdev_supported_types/i915-GVTg_V5_4/available_instances");
	assert_int_equal(gvt_scan(root->ctx), 0);
	type = gvt_type_find(gvt_gpu_get_first(root->ctx), "V5_4");
	assert_int_equal(gvt_export_fleet(type, GVT_EXPORT_NOVA, &text), 0);
	assert_null(strstr(text, "\nmax_instances"));
	free(text);
	assert_int_equal(gvt_export_fleet(type, GVT_EXPORT_PROXMOX, &text), 0);
	assert_non_null(strstr(text, "\tmap id=8086:1912,iommugroup=1,node=worker-3,path=" GPU
				     ",subsystem-id=1043:86ca\n\tmdev 1\n"));
	free(text);
	assert_int_equal(gvt_export_fleet(type, GVT_EXPORT_XML, &text), -EINVAL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mdevctls_become_ours),
		TEST(one_that_is_on_as_another_type_is_not_taken),
		TEST(broken_files_are_left_out),
		TEST(what_is_exported_is_imported_alike),
		TEST(node_devices_that_are_none),
		TEST(fleets_are_told_this_hosts_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
