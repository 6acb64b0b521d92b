// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Restoring after a boot: the order, what is active already, what fails, and GPUs that come late.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test-gvtmgr-root.h"

struct results {
	char text[2048]; /* one line for each: the first character of its UUID, outcome, error */
	unsigned int count;
};

static void take_result(void *data, struct gvt_definition *def, enum gvt_restore_outcome outcome,
			const char *error, const char *hint)
{
	static const char *const names[] = { "started", "already", "failed" };
	struct results *results = data;
	size_t len = strlen(results->text);

	assert_int_equal(outcome == GVT_RESTORE_FAILED, error[0] != '\0');
	snprintf(results->text + len, sizeof(results->text) - len, "%c %s %s\n",
		 gvt_definition_get_uuid(def)[0], names[outcome], error);
	results->count++;
}

static int setup(void **state)
{
	*state = root_new_ready();
	return 0;
}

static int teardown(void **state)
{
	root_free(*state);
	return 0;
}

static int restore(struct root *root, unsigned int wait, unsigned int flags,
		   struct results *results)
{
	memset(results, 0, sizeof(*results));
	return gvt_restore(root->ctx, NULL, wait, flags, take_result, results);
}

static void starts_the_largest_first(void **state)
{
	struct root *root = *state;
	struct results results;

	root_add_definition(root, UUID_A, "V5_8", "");
	root_add_definition(root, UUID_B, "V5_2", "");
	root_add_definition(root, UUID_C, "V5_4", "<autostart>yes</autostart>");
	root_add_definition(root, "dddddddd-0000-4000-8000-000000000004", "V5_4",
			    "<autostart>no</autostart>");
	assert_int_equal(restore(root, 0, GVT_DRY_RUN, &results), 0);
	assert_int_equal(root->created_count, 0);
	assert_int_equal(restore(root, 0, 0, &results), 0);
	assert_int_equal(root->created_count, 3);
	assert_string_equal(root->created[0], UUID_B);
	assert_string_equal(root->created[1], UUID_C);
	assert_string_equal(root->created[2], UUID_A);
	assert_string_equal(results.text, "b started \nc started \na started \n");
}

static void a_second_time_changes_nothing(void **state)
{
	struct root *root = *state;
	struct results results;

	root_add_definition(root, UUID_A, "V5_8", "");
	assert_int_equal(restore(root, 0, 0, &results), 0);
	assert_int_equal(restore(root, 0, 0, &results), 0);
	assert_string_equal(results.text, "a already \n");
	assert_int_equal(root->created_count, 1);
}

static void one_that_fails_does_not_keep_others_from_starting(void **state)
{
	struct root *root = *state;
	struct results results;

	root_add_definition(root, UUID_A, "V5_1", ""); /* no room */
	root_add_definition(root, UUID_B, "V5_4", "");
	root_add_mdev(root, UUID_C, "V5_8");
	root_add_definition(root, UUID_C, "V5_4", ""); /* active with another type */
	assert_int_equal(restore(root, 0, 0, &results), -ENOSPC);
	assert_int_equal(results.count, 3);
	assert_non_null(strstr(results.text, "a failed GPU " GPU " has no room"));
	assert_non_null(strstr(results.text, "b started"));
	assert_non_null(strstr(results.text, "c failed vGPU " UUID_C " is active with type V5_8"));
	root_assert_error(root, GVT_ERROR_NO_CAPACITY, "no room");
}

static void short_type_names_are_the_same_type(void **state)
{
	struct root *root = *state;
	struct results results;

	root_add_mdev(root, UUID_A, "V5_8");
	root_write(root, "<vgpu><uuid>" UUID_A "</uuid><type>V5_8</type></vgpu>",
		   "/etc/gvt/vgpus/" UUID_A ".xml");
	assert_int_equal(restore(root, 0, 0, &results), 0);
	assert_string_equal(results.text, "a already \n");
}

static void only_those_of_one_gpu(void **state)
{
	struct root *root = *state;
	struct results results = { .count = 0 };

	root_add_definition(root, UUID_A, "V5_8", "");
	assert_int_equal(gvt_restore(root->ctx, "0000:03:00.0", 0, 0, take_result, &results), 0);
	assert_int_equal(results.count, 0);
	assert_int_equal(gvt_restore(root->ctx, "00:02.0", 0, 0, take_result, &results), 0);
	assert_int_equal(results.count, 1);
	assert_int_equal(gvt_restore(root->ctx, "../x", 0, 0, take_result, &results), -EINVAL);
	assert_int_equal(gvt_restore(root->ctx, NULL, 0, 0, NULL, NULL), 0);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)1000 + now.tv_nsec / 1000000;
}

/* A GPU that never comes costs the time that was allowed, and not more. */
static void waits_no_longer_than_told(void **state)
{
	struct root *root = *state;
	struct results results;
	int64_t start = now_ms();

	root_add_definition(root, UUID_A, "V5_8", "");
	root_remove(root, "/sys/bus/pci");
	root_remove(root, "/sys/class");
	assert_int_equal(restore(root, 300, 0, &results), -ENODEV);
	assert_in_range(now_ms() - start, 300, 5000);
	assert_non_null(strstr(results.text, "a failed this host has no Intel GPU"));
	assert_int_equal(results.count, 1);
}

/* A wrong parameter stays wrong until the next boot: that is no reason to wait. */
static void does_not_wait_for_what_cannot_come(void **state)
{
	struct root *root = *state;
	struct results results;
	int64_t start = now_ms();

	root_add_definition(root, UUID_A, "V5_8", "");
	root_remove(root, "/sys/bus/pci/devices/" GPU "/mdev_supported_types");
	root_write(root, "N\n", "/sys/module/i915/parameters/enable_gvt");
	assert_int_equal(restore(root, 60000, 0, &results), -ENODEV);
	assert_in_range(now_ms() - start, 0, 30000);
	assert_non_null(strstr(results.text, "enable_gvt"));
}

/* The GPU becomes ready when the library has looked once and says that it is going to wait. */
static void come_late(void *data, int priority, const char *message)
{
	if (strstr(message, "waiting for the GPUs of 1 vGPUs"))
		root_add_type(data, "V5_8", 1, 64, 384);
}

static void a_late_gpu_is_waited_for(void **state)
{
	struct root *root = *state;
	struct results results;

	root_remove(root, "/sys/bus/pci/devices/" GPU "/mdev_supported_types");
	root_add_definition(root, UUID_A, "V5_8", "");
	gvt_set_log_fn(root->ctx, come_late, root);
	gvt_set_log_priority(root->ctx, LOG_INFO);
	assert_int_equal(restore(root, 60000, 0, &results), 0);
	assert_string_equal(results.text, "a started \n");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(starts_the_largest_first),
		TEST(a_second_time_changes_nothing),
		TEST(one_that_fails_does_not_keep_others_from_starting),
		TEST(short_type_names_are_the_same_type),
		TEST(only_those_of_one_gpu),
		TEST(waits_no_longer_than_told),
		TEST(does_not_wait_for_what_cannot_come),
		TEST(a_late_gpu_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
