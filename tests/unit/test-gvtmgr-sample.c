// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters, rates and metrics of vGPUs, and the monitor's events of definitions.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test-gvtmgr-root.h"

#define STATISTICS "/sys/bus/mdev/devices/" UUID_A "/gvt/statistics"

static int set_up(void **state)
{
	struct root *root = root_new_ready();

	root_add_mdev(root, UUID_A, "V5_4");
	root_add_definition(root, UUID_A, "V5_4", "<name>desk</name><domain>a\"b\\c</domain>");
	*state = root;
	return 0;
}

static int tear_down(void **state)
{
	root_free(*state);
	return 0;
}

static void take(void *data, const char *name, uint64_t value)
{
	char *text = data;

	sprintf(text + strlen(text), "%s=%llu ", name, (unsigned long long)value);
}

static void counters_are_read(void **state)
{
	struct root *root = *state;
	struct gvt_vgpu *vgpu = gvt_vgpu_get_first(root->ctx);
	char text[512] = "";

	assert_int_equal(gvt_vgpu_statistics(vgpu, take, text), -ENOENT);
	root_assert_error(root, GVT_ERROR_UNSUPPORTED, "kvmgt");
	root_write(root, "workloads 12\nnonsense\ngpu_ns_render 18446744073709551615\n x\n", STATISTICS);
	assert_int_equal(gvt_vgpu_statistics(vgpu, take, text), 0);
	assert_string_equal(text, "workloads=12 gpu_ns_render=18446744073709551615 ");
}

static void rates_are_by_the_second(void **state)
{
	struct root *root = *state;
	struct gvt_sample *before, *after;
	uint64_t value;
	double rate;

	root_write(root, "workloads 100\nhangs 7\n", STATISTICS);
	assert_int_equal(gvt_sample_take(root->ctx, &before), 0);
	root_write(root, "workloads 200\nhangs 3\n", STATISTICS);
	do {
		assert_int_equal(gvt_sample_take(root->ctx, &after), 0);
		rate = gvt_sample_rate(before, after, UUID_A, "workloads");
		if (rate <= 0)
			gvt_sample_free(after);
	} while (rate <= 0);
	assert_int_equal(gvt_sample_get(after, UUID_A, "workloads", &value), 0);
	assert_int_equal(value, 200);
	/* Made anew: it counts from 0 again. */
	assert_true(gvt_sample_rate(before, after, UUID_A, "hangs") == 0);
	assert_true(gvt_sample_rate(before, after, UUID_B, "workloads") == 0);
	assert_true(gvt_sample_rate(before, after, UUID_A, "nothing") == 0);
	assert_int_equal(gvt_sample_get(after, UUID_A, "nothing", &value), -ENODATA);
	gvt_sample_free(before);
	gvt_sample_free(after);
}

/* Every sample's family has a type before, and no family stands twice: what OpenMetrics asks for. */
static void assert_families(const char *text)
{
	char family[64] = "", seen[4096] = "", *copy = strdup(text), *save, *line;

	for (line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char mark[80];

		if (sscanf(line, "# TYPE %63s", family) == 1) {
			snprintf(mark, sizeof(mark), "|%s|", family);
			if (strstr(seen, mark))
				fail_msg("%s stands twice", family);
			strcat(seen, mark);
		} else if (line[0] != '#' && strncmp(line, family, strlen(family))) {
			fail_msg("'%s' is in the family %s", line, family);
		}
	}
	free(copy);
}

static void metrics_are_openmetrics(void **state)
{
	struct root *root = *state;
	char *text;

	root_write(root,
		   "workloads 12\nrejected 1\ngpu_ns_copy 1500000000\npages_pinned 3\nregister_reads 5\n",
		   STATISTICS);
	assert_int_equal(gvt_metrics(root->ctx, &text), 0);
	assert_families(text);
	assert_non_null(strstr(text, "\ngvt_vgpu_engine_seconds_total{uuid=\"" UUID_A
				     "\",engine=\"copy\"} 1.5\n"));
	assert_non_null(strstr(text, "\ngvt_vgpu_workloads_total{uuid=\"" UUID_A
				     "\",outcome=\"rejected\"} 1\n"));
	assert_non_null(strstr(text, "\ngvt_vgpu_pinned_bytes{uuid=\"" UUID_A "\"} 12288\n"));
	assert_non_null(strstr(text, "name=\"desk\",vm=\"a\\\"b\\\\c\",type=\"V5_4\",gpu=\"" GPU "\"} 1\n"));
	assert_non_null(strstr(text, "\ngvt_type_available{gpu=\"" GPU "\",type=\"V5_8\"} 6\n"));
	assert_string_equal(text + strlen(text) - strlen("# EOF\n"), "# EOF\n");
	free(text);
}

static void expect_event(struct gvt_monitor *monitor, enum gvt_event_kind kind)
{
	struct pollfd fd = { .fd = gvt_monitor_get_fd(monitor), .events = POLLIN };
	struct gvt_event event;

	while (!gvt_monitor_receive(monitor, &event))
		assert_int_equal(poll(&fd, 1, 10000), 1);
	assert_int_equal(event.kind, kind);
	assert_string_equal(event.name, UUID_A);
}

static void definitions_come_and_go(void **state)
{
	struct root *root = *state;
	struct gvt_monitor *monitor;
	struct gvt_event event;

	assert_int_equal(gvt_monitor_new(root->ctx, &monitor), 0);
	assert_int_equal(gvt_monitor_receive(monitor, &event), 0);
	assert_int_equal(gvt_rename(gvt_vgpu_get_first(root->ctx), "other", 0), 0);
	expect_event(monitor, GVT_EVENT_DEFINED);
	root_write(root, "", "/etc/gvt/vgpus/.new-123");
	root_write(root, "", "/etc/gvt/vgpus/README");
	root_remove(root, "/etc/gvt/vgpus/" UUID_A ".xml");
	expect_event(monitor, GVT_EVENT_UNDEFINED);
	assert_int_equal(gvt_monitor_receive(monitor, &event), 0);
	assert_null(gvt_monitor_unref(monitor));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counters_are_read),
		TEST(rates_are_by_the_second),
		TEST(metrics_are_openmetrics),
		TEST(definitions_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
