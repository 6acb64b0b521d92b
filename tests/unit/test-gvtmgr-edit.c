// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A defined vGPU is started, stopped, and changed: at once, for its next start, or not at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test-gvtmgr-root.h"

#define MORE "<name>desk</name><mine>kept</mine>"

static int set_up(void **state)
{
	struct root *root = root_new_ready();

	root->gvt = true;
	root_add_definition(root, UUID_A, "V5_4", MORE);
	*state = root;
	return 0;
}

static int tear_down(void **state)
{
	root_free(*state);
	return 0;
}

static struct gvt_vgpu *find(struct root *root)
{
	struct gvt_vgpu *vgpu;

	assert_int_equal(gvt_vgpu_find(root->ctx, UUID_A, &vgpu), 0);
	return vgpu;
}

static void start(struct root *root)
{
	assert_int_equal(gvt_start(find(root), 0), 0);
	assert_true(gvt_vgpu_is_active(find(root)));
}

static int set(struct root *root, enum gvt_setting setting, const char *text, unsigned int flags)
{
	const struct gvt_value value = { setting, text };

	return gvt_set(find(root), &value, 1, flags);
}

static void assert_attribute(struct root *root, const char *name, const char *text)
{
	char *found = root_read(root, "/sys/bus/mdev/devices/" UUID_A "/gvt/%s", name);

	found[strcspn(found, "\n")] = '\0';
	assert_string_equal(found, text);
	free(found);
}

static void assert_defined(struct root *root, enum gvt_setting setting, const char *text)
{
	const char *found = gvt_definition_get_setting(gvt_vgpu_get_definition(find(root)), setting);

	if (text)
		assert_string_equal(found, text);
	else
		assert_null(found);
}

/* --- start, stop ------------------------------------------------------------------------------ */

static void it_starts_with_its_settings_and_stops(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_4", "<aperture>96</aperture><cap>50</cap>");
	assert_int_equal(gvt_scan(root->ctx), 0);
	start(root);
	assert_attribute(root, "aperture_mb", "96");
	assert_attribute(root, "cap", "50");
	assert_attribute(root, "hidden_mb", "512");
	assert_int_equal(gvt_start(find(root), 0), -EALREADY);
	root_assert_error(root, GVT_ERROR_FAILED, "is on already");
	assert_int_equal(gvt_stop(find(root), 0), 0);
	assert_false(gvt_vgpu_is_active(find(root)));
	assert_true(gvt_vgpu_is_defined(find(root)));
	assert_int_equal(gvt_stop(find(root), 0), -EALREADY);
}

static void one_in_use_is_not_stopped(void **state)
{
	struct root *root = *state;

	start(root);
	root_add_user(root, UUID_A, 812, "win10");
	assert_int_equal(gvt_stop(find(root), 0), -EBUSY);
	root_assert_error(root, GVT_ERROR_IN_USE, "win10");
	assert_true(gvt_vgpu_is_active(find(root)));
}

static void a_start_that_fails_leaves_nothing(void **state)
{
	struct root *root = *state;

	root_add_definition(root, UUID_A, "V5_4", "<aperture>96</aperture><weight>9</weight>");
	assert_int_equal(gvt_scan(root->ctx), 0);
	root->set_answer = -ENOSPC;
	root->set_answer_to = "aperture_mb";
	assert_int_equal(gvt_start(find(root), 0), -ENOSPC);
	root_assert_error(root, GVT_ERROR_NO_CAPACITY, "the aperture of vGPU");
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 0);
	root->gvt = false;
	root->set_answer = 0;
	assert_int_equal(gvt_start(find(root), 0), -ENOENT);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "kvmgt");
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 0);
}

static void a_dry_run_changes_nothing(void **state)
{
	struct root *root = *state;

	assert_int_equal(gvt_start(find(root), GVT_DRY_RUN), 0);
	assert_false(gvt_vgpu_is_active(find(root)));
	start(root);
	assert_int_equal(gvt_stop(find(root), GVT_DRY_RUN), 0);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", GVT_DRY_RUN), 0);
	assert_int_equal(gvt_rename(find(root), "other", GVT_DRY_RUN), 0);
	assert_true(gvt_vgpu_is_active(find(root)));
	assert_string_equal(gvt_vgpu_get_name(find(root)), "desk");
	assert_attribute(root, "weight", "4");
	assert_non_null(strstr(root->log, "would set the weight"));
}

/* --- settings --------------------------------------------------------------------------------- */

static void what_can_change_now_does_and_the_rest_waits(void **state)
{
	struct root *root = *state;
	const struct gvt_value values[] = { { GVT_SETTING_WEIGHT, "9" },
					    { GVT_SETTING_CAP, "50" },
					    { GVT_SETTING_APERTURE, "96M" } };

	start(root);
	assert_int_equal(gvt_set(find(root), values, 3, 0), 0);
	assert_attribute(root, "weight", "9");
	assert_attribute(root, "cap", "50");
	assert_attribute(root, "aperture_mb", "128");
	assert_defined(root, GVT_SETTING_WEIGHT, "9");
	assert_defined(root, GVT_SETTING_APERTURE, "96");
	assert_non_null(strstr(root->log, "the aperture of vGPU " UUID_A " changes when it is"));
	assert_string_equal(gvt_vgpu_get_setting(find(root), GVT_SETTING_APERTURE), "128");
	assert_int_equal(gvt_stop(find(root), 0), 0);
	assert_string_equal(gvt_vgpu_get_setting(find(root), GVT_SETTING_APERTURE), "96");
	start(root);
	assert_attribute(root, "aperture_mb", "96");
}

static void only_now_or_only_later(void **state)
{
	struct root *root = *state;

	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", GVT_LIVE), -ENOTSUP);
	root_assert_error(root, GVT_ERROR_FAILED, "is off");
	start(root);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", GVT_LIVE), 0);
	assert_defined(root, GVT_SETTING_WEIGHT, NULL);
	assert_attribute(root, "weight", "9");
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "10", GVT_CONFIG), 0);
	assert_defined(root, GVT_SETTING_WEIGHT, "10");
	assert_attribute(root, "weight", "9");
	assert_int_equal(set(root, GVT_SETTING_HIDDEN, "1G", GVT_LIVE), 0);
	assert_attribute(root, "hidden_mb", "1024");
}

static void a_setting_is_taken_away(void **state)
{
	struct root *root = *state;

	start(root);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", 0), 0);
	assert_int_equal(set(root, GVT_SETTING_CAP, "9", 0), 0);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, NULL, 0), 0);
	assert_int_equal(set(root, GVT_SETTING_CAP, NULL, 0), 0);
	assert_attribute(root, "weight", "4");
	assert_attribute(root, "cap", "100");
	assert_defined(root, GVT_SETTING_WEIGHT, NULL);
}

static void all_settings_or_none(void **state)
{
	struct root *root = *state;
	const struct gvt_value values[] = { { GVT_SETTING_WEIGHT, "9" },
					    { GVT_SETTING_CAP, "50" },
					    { GVT_SETTING_RESOLUTION, "1024x768" } };

	start(root);
	root->set_answer = -EINVAL;
	root->set_answer_to = "cap";
	assert_int_equal(gvt_set(find(root), values, 3, 0), -EINVAL);
	root_assert_error(root, GVT_ERROR_FAILED, "the cap of vGPU");
	assert_attribute(root, "weight", "4");
	assert_attribute(root, "resolution", "1920x1200");
	assert_defined(root, GVT_SETTING_WEIGHT, NULL);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "65", 0), -EINVAL);
	assert_int_equal(gvt_get_error_kind(root->ctx), GVT_ERROR_MISUSE);
}

static void kvmgt_has_nothing_to_set(void **state)
{
	struct root *root = *state;

	root->gvt = false;
	start(root);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", 0), -ENOTSUP);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "kvmgt");
	assert_defined(root, GVT_SETTING_WEIGHT, NULL);
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", GVT_CONFIG), 0);
	assert_defined(root, GVT_SETTING_WEIGHT, "9");
}

static void one_without_definition_is_changed_now(void **state)
{
	struct root *root = *state;

	start(root);
	assert_int_equal(gvt_destroy(find(root), GVT_NO_STOP), 0);
	assert_false(gvt_vgpu_is_defined(find(root)));
	assert_true(gvt_vgpu_is_active(find(root)));
	assert_int_equal(set(root, GVT_SETTING_FENCES, "8", 0), 0);
	assert_attribute(root, "fences", "8");
	assert_int_equal(set(root, GVT_SETTING_WEIGHT, "9", GVT_CONFIG), -ENOTSUP);
	assert_int_equal(gvt_rename(find(root), "x", 0), -ENOTSUP);
	root_assert_error(root, GVT_ERROR_FAILED, "has no definition");
	assert_int_equal(gvt_destroy(find(root), GVT_NO_STOP), -ENOTSUP);
	assert_int_equal(gvt_stop(find(root), 0), 0);
	assert_null(gvt_vgpu_get_first(root->ctx));
}

/* --- names and whole definitions -------------------------------------------------------------- */

static void it_is_renamed_and_keeps_the_rest(void **state)
{
	struct root *root = *state;
	char *text;

	root_add_definition(root, UUID_B, "V5_8", "<name>taken</name>");
	assert_int_equal(gvt_scan(root->ctx), 0);
	assert_int_equal(gvt_rename(find(root), "taken", 0), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, UUID_B);
	assert_int_equal(gvt_rename(find(root), "desk", 0), 0);
	assert_int_equal(gvt_rename(find(root), "a b", 0), -EINVAL);
	assert_int_equal(gvt_rename(find(root), "office", 0), 0);
	assert_string_equal(gvt_vgpu_get_name(find(root)), "office");
	assert_int_equal(gvt_rename(find(root), NULL, 0), 0);
	assert_null(gvt_vgpu_get_name(find(root)));
	assert_int_equal(gvt_set_autostart(find(root), false, 0), 0);
	assert_false(gvt_vgpu_is_autostart(find(root)));
	text = root_read(root, "/etc/gvt/vgpus/" UUID_A ".xml");
	assert_non_null(strstr(text, "<mine>kept</mine>"));
	free(text);
}

static int redefine(struct root *root, const char *elements)
{
	struct gvt_definition *def;
	char xml[512];
	int err;

	snprintf(xml, sizeof(xml), "<vgpu>%s</vgpu>", elements);
	err = gvt_definition_from_xml(root->ctx, xml, strlen(xml), &def);
	if (!err)
		err = gvt_redefine(find(root), def, 0);
	gvt_definition_unref(def);
	return err;
}

static void it_is_redefined_but_stays_itself(void **state)
{
	struct root *root = *state;

	assert_int_equal(redefine(root, "<uuid>" UUID_B "</uuid><type>V5_4</type>"), -EINVAL);
	root_assert_error(root, GVT_ERROR_MISUSE, "UUID");
	assert_int_equal(redefine(root, "<uuid>" UUID_A "</uuid><type>V5_4</type><domain>x</domain>"),
			 -EINVAL);
	root_assert_error(root, GVT_ERROR_MISUSE, "domain");
	assert_int_equal(redefine(root, "<uuid>" UUID_A "</uuid><type>V5_8</type><new/>"), 0);
	assert_string_equal(gvt_vgpu_get_type_name(find(root)), "i915-GVTg_V5_8");
	assert_null(gvt_vgpu_get_name(find(root)));
	root->fail_step = "apply";
	assert_int_equal(gvt_rename(find(root), "office", 0), -EIO);
	assert_null(gvt_vgpu_get_name(find(root)));
}

static void one_is_defined_without_being_started(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def;

	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_definition_set_type(def, "V5_2"), 0);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_B), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_NO_START), 0);
	assert_int_equal(root_count(root, "/sys/bus/mdev/devices"), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_NO_START), -EEXIST);
	/* A type that needs a larger aperture than there is now may be defined. */
	assert_int_equal(gvt_definition_set_uuid(def, UUID_C), 0);
	assert_int_equal(gvt_definition_set_type(def, "V5_9"), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_NO_START), 0);
	assert_string_equal(gvt_definition_get_type(def), "i915-GVTg_V5_9");
	assert_non_null(strstr(root->log, "V5_9"));
	gvt_definition_unref(def);
}

static void what_others_started_gets_a_definition(void **state)
{
	struct root *root = *state;
	struct gvt_definition *def;

	root_add_mdev(root, UUID_B, "V5_8");
	assert_int_equal(gvt_definition_new(root->ctx, &def), 0);
	assert_int_equal(gvt_definition_set_uuid(def, UUID_B), 0);
	assert_int_equal(gvt_definition_set_type(def, "V5_4"), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_NO_START), -EEXIST);
	root_assert_error(root, GVT_ERROR_FAILED, "V5_8");
	assert_int_equal(gvt_definition_set_type(def, "V5_8"), 0);
	assert_int_equal(gvt_create(root->ctx, def, GVT_NO_START), 0);
	assert_string_equal(gvt_definition_get_gpu(def), GPU);
	gvt_definition_unref(def);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_starts_with_its_settings_and_stops),
		TEST(one_in_use_is_not_stopped),
		TEST(a_start_that_fails_leaves_nothing),
		TEST(a_dry_run_changes_nothing),
		TEST(what_can_change_now_does_and_the_rest_waits),
		TEST(only_now_or_only_later),
		TEST(a_setting_is_taken_away),
		TEST(all_settings_or_none),
		TEST(kvmgt_has_nothing_to_set),
		TEST(one_without_definition_is_changed_now),
		TEST(it_is_renamed_and_keeps_the_rest),
		TEST(it_is_redefined_but_stays_itself),
		TEST(one_is_defined_without_being_started),
		TEST(what_others_started_gets_a_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
