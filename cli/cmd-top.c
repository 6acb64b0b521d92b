// SPDX-License-Identifier: GPL-2.0-or-later
/* top, metrics, monitor: what vGPUs do. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"
#include "table.h"

#define DELAY_DEFAULT 1
#define CTRL_C 3
#define PAGES_PER_MIB 256

static const char *const engines[] = { "render", "copy", "video", "enhance" };

/* --- top -------------------------------------------------------------------------------------- */

struct interval {
	struct gvt_sample *before, *after;
};

/* Percent of an engine's time. */
static double busy(const struct interval *interval, const char *uuid, const char *engine)
{
	char name[32];

	snprintf(name, sizeof(name), "gpu_ns_%s", engine);
	return gvt_sample_rate(interval->before, interval->after, uuid, name) / 1e7;
}

static double traps(const struct interval *interval, const char *uuid)
{
	return gvt_sample_rate(interval->before, interval->after, uuid, "register_reads") +
	       gvt_sample_rate(interval->before, interval->after, uuid, "register_writes");
}

static bool is_counted(const struct interval *interval, const char *uuid)
{
	uint64_t value;

	return !gvt_sample_get(interval->after, uuid, "workloads", &value);
}

static void add_row(struct table *table, const struct interval *interval, struct gvt_vgpu *vgpu)
{
	const char *uuid = gvt_vgpu_get_uuid(vgpu), *name = gvt_vgpu_get_name(vgpu);
	bool counted = is_counted(interval, uuid);
	uint64_t pages;

	table_add(table, name ? name : uuid);
	table_add(table, gvt_vgpu_get_domain(vgpu));
	table_add(table, gvt_vgpu_get_short_type_name(vgpu));
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		if (counted)
			table_addf(table, "%.1f", busy(interval, uuid, engines[i]));
		else
			table_add(table, NULL);
	gvt_sample_get(interval->after, uuid, "pages_pinned", &pages);
	if (counted) {
		table_addf(table, "%.0f",
			   gvt_sample_rate(interval->before, interval->after, uuid, "workloads"));
		table_addf(table, "%.0f", traps(interval, uuid));
		table_addf(table, "%llu", (unsigned long long)pages / PAGES_PER_MIB);
	} else {
		table_add(table, NULL);
		table_add(table, NULL);
		table_add(table, NULL);
	}
	table_add(table, gvt_vgpu_get_setting(vgpu, GVT_SETTING_WEIGHT));
	table_add(table, gvt_vgpu_get_setting(vgpu, GVT_SETTING_CAP));
	table_add(table, gvt_vgpu_get_setting(vgpu, GVT_SETTING_RESOLUTION));
}

static enum status print_table(const struct cli *cli, const struct interval *interval)
{
	static const char *const headings[] = { "VGPU",	   "VM",     "TYPE",   "RENDER%", "COPY%",
						"VIDEO%",  "ENH%",   "WORK/S", "TRAPS/S", "MEMORY",
						"WEIGHT",  "CAP",    "RESOLUTION", NULL };
	struct gvt_vgpu *vgpu;
	struct table *table;
	enum status status = table_new(cli, headings, &table);

	if (status)
		return status;
	gvt_vgpu_foreach(cli->ctx, vgpu)
		if (gvt_vgpu_is_active(vgpu))
			add_row(table, interval, vgpu);
	return table_print(cli, table);
}

/* null for what is not counted. */
static bool add_number(struct json_object *object, const char *key, bool counted, double number)
{
	struct json_object *value = counted ? json_object_new_double(number) : NULL;

	return (value || !counted) && !json_object_object_add(object, key, value);
}

static struct json_object *row_to_json(const struct interval *interval, struct gvt_vgpu *vgpu)
{
	const char *uuid = gvt_vgpu_get_uuid(vgpu);
	struct json_object *object = gvt_vgpu_to_json(vgpu), *percent = json_object_new_object();
	bool ok = object && percent, counted = is_counted(interval, uuid);
	uint64_t pages;

	gvt_sample_get(interval->after, uuid, "pages_pinned", &pages);
	for (size_t i = 0; ok && i < sizeof(engines) / sizeof(engines[0]); i++)
		ok = add_number(percent, engines[i], counted, busy(interval, uuid, engines[i]));
	if (ok && !json_object_object_add(object, "busy_percent", percent)) {
		percent = NULL;
		ok = add_number(object, "workloads_per_second", counted,
				gvt_sample_rate(interval->before, interval->after, uuid, "workloads")) &&
		     add_number(object, "traps_per_second", counted, traps(interval, uuid)) &&
		     !json_object_object_add(object, "pinned_memory",
					     counted ? json_object_new_uint64(pages * 4096) : NULL);
	}
	json_object_put(percent);
	if (ok)
		return object;
	json_object_put(object);
	return NULL;
}

static enum status print_rows(const struct cli *cli, const struct interval *interval)
{
	struct json_object *array = json_object_new_array();
	struct gvt_vgpu *vgpu;

	gvt_vgpu_foreach(cli->ctx, vgpu)
		if (gvt_vgpu_is_active(vgpu) && !append_json(&array, row_to_json(interval, vgpu)))
			break;
	return print_json_member(cli, "top", array);
}

/* Waits, or until somebody presses a key. Returns false when that is 'q' or Ctrl-C, or there is nobody. */
static bool wait_for(unsigned int seconds, bool keys)
{
	struct pollfd fd = { .fd = keys ? STDIN_FILENO : -1, .events = POLLIN };
	char key;

	if (poll(&fd, 1, (int)seconds * 1000) <= 0)
		return true;
	return read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q' && key != CTRL_C;
}

static enum status show_interval(const struct cli *cli, const struct interval *interval, bool screen)
{
	if (is_given(cli, OPT_JSON))
		return print_rows(cli, interval);
	if (screen)
		fputs("\033[H\033[2J", stdout);
	return print_table(cli, interval);
}

/* What is shown is what happens between two looks. */
static enum status watch(struct cli *cli, unsigned int delay, bool screen)
{
	struct interval interval = { .before = NULL };
	enum status status = STATUS_DONE;
	bool once = is_given(cli, OPT_ONCE);

	if (gvt_sample_take(cli->ctx, &interval.before))
		return report(cli);
	while (!status && wait_for(delay, screen && !once)) {
		if (gvt_sample_take(cli->ctx, &interval.after)) {
			status = report(cli);
			break;
		}
		status = show_interval(cli, &interval, screen && !once);
		fflush(stdout);
		gvt_sample_free(interval.before);
		interval.before = interval.after;
		if (once || ferror(stdout))
			break;
	}
	gvt_sample_free(interval.before);
	return status;
}

enum status cmd_top(struct cli *cli, char **arguments)
{
	unsigned int delay = is_given(cli, OPT_DELAY) ? cli->delay : DELAY_DEFAULT;
	bool screen = isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && !is_given(cli, OPT_JSON);
	struct termios before, raw;
	enum status status;

	if (!screen || tcgetattr(STDIN_FILENO, &before))
		return watch(cli, delay, false);
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	status = watch(cli, delay, true);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return status;
}

/* --- metrics ---------------------------------------------------------------------------------- */

/* The collector must not see half a file: another one, renamed. */
static enum status write_whole(const char *path, const char *text)
{
	char temporary[512];
	FILE *file;
	int err;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary)) {
		fprintf(stderr, "gvt: %s is too long\n", path);
		return STATUS_MISUSE;
	}
	file = fopen(temporary, "we");
	err = file && fputs(text, file) >= 0 ? 0 : errno;
	if (file && fclose(file) && !err)
		err = errno;
	if (!err && rename(temporary, path))
		err = errno;
	if (!err)
		return STATUS_DONE;
	unlink(temporary);
	fprintf(stderr, "gvt: cannot write %s: %s\n", path, strerror(err));
	return err == EACCES || err == EPERM ? STATUS_NOT_PERMITTED : STATUS_FAILED;
}

enum status cmd_metrics(struct cli *cli, char **arguments)
{
	enum status status = STATUS_DONE;
	char *text;

	if (gvt_metrics(cli->ctx, &text))
		return report(cli);
	if (cli->output && strcmp(cli->output, "-"))
		status = write_whole(cli->output, text);
	else
		fputs(text, stdout);
	free(text);
	return status;
}

/* --- monitor ---------------------------------------------------------------------------------- */

static enum status print_event(const struct cli *cli, const struct gvt_event *event)
{
	static const char *const names[] = { "started",	  "stopped",   "defined",
					     "undefined", "gpu-ready", "gpu-gone" };
	bool gpu = event->kind >= GVT_EVENT_GPU_READY;
	struct json_object *object;

	if (!is_given(cli, OPT_JSON)) {
		printf("%s %s\n", names[event->kind], event->name);
		return STATUS_DONE;
	}
	object = gvt_json_new();
	if (object) {
		json_object_object_add(object, "event", json_object_new_string(names[event->kind]));
		json_object_object_add(object, gpu ? "gpu" : "uuid", json_object_new_string(event->name));
		puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	}
	json_object_put(object);
	return object ? STATUS_DONE : STATUS_FAILED;
}

enum status cmd_monitor(struct cli *cli, char **arguments)
{
	enum status status = STATUS_DONE;
	struct gvt_monitor *monitor;
	struct gvt_event event;
	struct pollfd fd;

	if (gvt_monitor_new(cli->ctx, &monitor))
		return report(cli);
	fd = (struct pollfd){ .fd = gvt_monitor_get_fd(monitor), .events = POLLIN };
	while (!status && !ferror(stdout)) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			break;
		while (!status && gvt_monitor_receive(monitor, &event))
			status = print_event(cli, &event);
		fflush(stdout);
	}
	gvt_monitor_unref(monitor);
	return status;
}
