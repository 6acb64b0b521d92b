// SPDX-License-Identifier: GPL-2.0-or-later
/* gpus, types, list, show: what there is. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "table.h"

#define MIB(bytes) ((unsigned long long)((bytes) >> 20))

static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static void add_mib(struct table *table, uint64_t bytes)
{
	if (bytes)
		table_addf(table, "%llu", MIB(bytes));
	else
		table_add(table, NULL);
}

static void add_number(struct table *table, unsigned int number)
{
	if (number)
		table_addf(table, "%u", number);
	else
		table_add(table, NULL);
}

static enum status gpus_json(const struct cli *cli)
{
	struct json_object *array = json_object_new_array();
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(cli->ctx, gpu)
		if (!append_json(&array, gvt_gpu_to_json(gpu)))
			break;
	return print_json_member(cli, "gpus", array);
}

static void explain(const struct cli *cli, struct gvt_gpu *gpu)
{
	if (gvt_gpu_get_state(gpu) != GVT_GPU_READY)
		tell(cli, "%s: %s\n     %s", gvt_gpu_get_name(gpu), gvt_gpu_get_reason(gpu),
		     gvt_gpu_get_advice(gpu));
}

static void add_device(struct table *table, struct gvt_gpu *gpu)
{
	if (gvt_gpu_get_device_id(gpu))
		table_addf(table, "8086:%04x", gvt_gpu_get_device_id(gpu));
	else
		table_add(table, NULL);
}

static enum status gpus_table(const struct cli *cli)
{
	static const char *const headings[] = { "GPU",	    "DEVICE", "PLATFORM", "GEN", "DRIVER",
						"APERTURE", "VGPUS",  "STATE",	  NULL };
	struct gvt_gpu *gpu;
	struct table *table;
	enum status status = table_new(cli, headings, &table);

	if (status)
		return status;
	gvt_gpu_foreach(cli->ctx, gpu) {
		table_add(table, gvt_gpu_get_name(gpu));
		add_device(table, gpu);
		table_add(table, gvt_gpu_get_platform(gpu));
		add_number(table, gvt_gpu_get_generation(gpu));
		table_add(table, gvt_gpu_get_driver(gpu));
		add_mib(table, gvt_gpu_get_aperture(gpu));
		table_addf(table, "%u", gvt_gpu_get_active(gpu));
		table_add(table, gvt_gpu_get_state_name(gpu));
	}
	status = table_print(cli, table);
	fflush(stdout);
	gvt_gpu_foreach(cli->ctx, gpu)
		explain(cli, gpu);
	return status;
}

enum status cmd_gpus(struct cli *cli, char **arguments)
{
	if (!gvt_gpu_get_first(cli->ctx)) {
		if (is_given(cli, OPT_JSON))
			gpus_json(cli);
		return no_gpu(cli);
	}
	return is_given(cli, OPT_JSON) ? gpus_json(cli) : gpus_table(cli);
}

/* The GPUs that types are asked of: one, or all. */
static bool is_meant(const struct gvt_gpu *only, const struct gvt_gpu *gpu)
{
	return !only || only == gpu;
}

static enum status types_json(const struct cli *cli, const struct gvt_gpu *only)
{
	struct json_object *array = json_object_new_array();
	struct gvt_type *type;
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(cli->ctx, gpu) {
		if (!is_meant(only, gpu))
			continue;
		gvt_type_foreach(gpu, type)
			if (!append_json(&array, gvt_type_to_json(type)))
				return print_json_member(cli, "types", NULL);
	}
	return print_json_member(cli, "types", array);
}

static void add_type(struct table *table, struct gvt_type *type)
{
	table_add(table, gvt_type_get_short_name(type));
	table_add(table, gvt_gpu_get_name(gvt_type_get_gpu(type)));
	table_addf(table, "%u", gvt_type_get_available(type));
	add_mib(table, gvt_type_get_aperture(type));
	add_mib(table, gvt_type_get_hidden(type));
	add_number(table, gvt_type_get_fences(type));
	table_add(table, gvt_type_get_resolution(type));
	add_number(table, gvt_type_get_weight(type));
}

static enum status types_table(const struct cli *cli, const struct gvt_gpu *only)
{
	static const char *const headings[] = { "TYPE",	      "GPU",	"AVAILABLE",
						"APERTURE",   "HIDDEN", "FENCES",
						"RESOLUTION", "WEIGHT", NULL };
	struct gvt_type *type;
	struct gvt_gpu *gpu;
	struct table *table;
	enum status status = table_new(cli, headings, &table);

	if (status)
		return status;
	gvt_gpu_foreach(cli->ctx, gpu)
		if (is_meant(only, gpu))
			gvt_type_foreach(gpu, type)
				add_type(table, type);
	return table_print(cli, table);
}

/* Tells why none of the GPUs asked for offers a type. */
static enum status no_types(const struct cli *cli, const struct gvt_gpu *only)
{
	struct gvt_gpu *gpu;

	if (is_given(cli, OPT_JSON))
		types_json(cli, only);
	if (!gvt_gpu_get_first(cli->ctx))
		return no_gpu(cli);
	gvt_gpu_foreach(cli->ctx, gpu)
		if (is_meant(only, gpu))
			fprintf(stderr, "gvt: GPU %s offers no vGPUs: %s\n     %s\n",
				gvt_gpu_get_name(gpu), gvt_gpu_get_reason(gpu),
				gvt_gpu_get_advice(gpu));
	return STATUS_UNSUPPORTED;
}

enum status cmd_types(struct cli *cli, char **arguments)
{
	struct gvt_gpu *only, *gpu;
	bool ready = false;
	enum status status = find_gpu(cli, &only);

	if (status)
		return status;
	gvt_gpu_foreach(cli->ctx, gpu)
		if (is_meant(only, gpu) && gvt_gpu_get_state(gpu) == GVT_GPU_READY)
			ready = true;
	if (!ready)
		return no_types(cli, only);
	return is_given(cli, OPT_JSON) ? types_json(cli, only) : types_table(cli, only);
}

static enum status list_json(const struct cli *cli)
{
	struct json_object *array = json_object_new_array();
	struct gvt_vgpu *vgpu;

	gvt_vgpu_foreach(cli->ctx, vgpu)
		if (!append_json(&array, gvt_vgpu_to_json(vgpu)))
			break;
	return print_json_member(cli, "vgpus", array);
}

enum status cmd_list(struct cli *cli, char **arguments)
{
	static const char *const headings[] = { "UUID", "NAME",	      "TYPE",	   "GPU", "VM",
						"ON",	"PERSISTENT", "AUTOSTART", NULL };
	struct gvt_vgpu *vgpu;
	struct table *table;
	enum status status;

	if (is_given(cli, OPT_JSON))
		return list_json(cli);
	status = table_new(cli, headings, &table);
	if (status)
		return status;
	gvt_vgpu_foreach(cli->ctx, vgpu) {
		table_add(table, gvt_vgpu_get_uuid(vgpu));
		table_add(table, gvt_vgpu_get_name(vgpu));
		table_add(table, gvt_vgpu_get_short_type_name(vgpu));
		table_add(table, gvt_vgpu_get_gpu_name(vgpu));
		table_add(table, gvt_vgpu_get_domain(vgpu));
		table_add(table, yes_no(gvt_vgpu_is_active(vgpu)));
		table_add(table, yes_no(gvt_vgpu_is_defined(vgpu)));
		table_add(table, yes_no(gvt_vgpu_is_autostart(vgpu)));
	}
	return table_print(cli, table);
}

static void line(const char *what, const char *text)
{
	printf("%-12s %s\n", what, text && text[0] ? text : "-");
}

static void show_settings(struct gvt_vgpu *vgpu)
{
	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		const char *text = gvt_vgpu_get_setting(vgpu, i);
		bool memory = i == GVT_SETTING_APERTURE || i == GVT_SETTING_HIDDEN;
		char title[16];

		snprintf(title, sizeof(title), "%s:", gvt_setting_get_name(i));
		title[0] = (char)toupper((unsigned char)title[0]);
		printf("%-12s %s%s%s\n", title, text ? text : "-", text && memory ? " MiB" : "",
		       text && i == GVT_SETTING_CAP ? " %" : "");
	}
}

enum status cmd_show(struct cli *cli, char **arguments)
{
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, arguments[0], &vgpu);
	char *user = NULL;

	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		return print_json_member(cli, "vgpu", gvt_vgpu_to_json(vgpu));
	if (gvt_vgpu_get_user(vgpu, &user) < 0)
		return report(cli);
	line("UUID:", gvt_vgpu_get_uuid(vgpu));
	line("Name:", gvt_vgpu_get_name(vgpu));
	line("Type:", gvt_vgpu_get_type_name(vgpu));
	line("GPU:", gvt_vgpu_get_gpu_name(vgpu));
	line("VM:", gvt_vgpu_get_domain(vgpu));
	line("On:", yes_no(gvt_vgpu_is_active(vgpu)));
	line("In use by:", user);
	line("Persistent:", yes_no(gvt_vgpu_is_defined(vgpu)));
	line("Autostart:", yes_no(gvt_vgpu_is_autostart(vgpu)));
	show_settings(vgpu);
	free(user);
	return STATUS_DONE;
}
