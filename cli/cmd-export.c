// SPDX-License-Identifier: GPL-2.0-or-later
/* export, import: vGPUs and other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* --- export ----------------------------------------------------------------------------------- */

static const struct format {
	const char *name;
	enum gvt_export_format format;
	bool fleet; /* of a type, not of a vGPU */
} formats[] = {
	{ "xml", GVT_EXPORT_XML, false },	    { "mdevctl", GVT_EXPORT_MDEVCTL, false },
	{ "libvirt", GVT_EXPORT_LIBVIRT, false },   { "kubevirt", GVT_EXPORT_KUBEVIRT, true },
	{ "nova", GVT_EXPORT_NOVA, true },	    { "proxmox", GVT_EXPORT_PROXMOX, true },
};

static enum status print_text(const struct cli *cli, char *text)
{
	enum status status = STATUS_DONE;

	if (is_given(cli, OPT_JSON))
		status = print_json_member(cli, "text", json_object_new_string(text));
	else
		fputs(text, stdout);
	free(text);
	return status;
}

static enum status export_vgpu(struct cli *cli, const struct format *format, const char *what)
{
	struct gvt_vgpu *vgpu;
	enum status status;
	char *text;

	if (!what)
		return misuse(cli, "what is missing is the vGPU");
	status = find_vgpu(cli, what, &vgpu);
	if (status)
		return status;
	return gvt_export(vgpu, format->format, &text) ? report(cli) : print_text(cli, text);
}

/* The type of --type; without it, the largest of which the GPU takes more than one. */
static struct gvt_type *choose_type(const struct cli *cli, struct gvt_gpu *gpu)
{
	struct gvt_type *type, *best = NULL;

	if (cli->type)
		return gvt_type_find(gpu, cli->type);
	gvt_type_foreach(gpu, type)
		if (!best || (gvt_type_get_available(type) > 1 &&
			      (gvt_type_get_available(best) < 2 ||
			       gvt_type_get_aperture(type) > gvt_type_get_aperture(best))))
			best = type;
	return best;
}

static enum status export_fleet(struct cli *cli, const struct format *format, const char *extra)
{
	struct gvt_type *type;
	struct gvt_gpu *gpu;
	enum status status = choose_gpu(cli, &gpu);
	char *text;

	if (status)
		return status;
	if (extra)
		return misuse(cli, "%s takes no vGPU: it makes them itself", format->name);
	if (gvt_gpu_get_state(gpu) != GVT_GPU_READY) {
		fprintf(stderr, "gvt: GPU %s offers no vGPUs: %s\n     %s\n", gvt_gpu_get_name(gpu),
			gvt_gpu_get_reason(gpu), gvt_gpu_get_advice(gpu));
		return STATUS_UNSUPPORTED;
	}
	type = choose_type(cli, gpu);
	if (!type) {
		fprintf(stderr, "gvt: GPU %s offers no vGPU type '%s'\n     'gvt types' lists them\n",
			gvt_gpu_get_name(gpu), cli->type ? cli->type : "");
		return STATUS_NOT_FOUND;
	}
	return gvt_export_fleet(type, format->format, &text) ? report(cli) : print_text(cli, text);
}

enum status cmd_export(struct cli *cli, char **arguments)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, arguments[0]))
			return (formats[i].fleet ? export_fleet : export_vgpu)(cli, &formats[i],
									       arguments[1]);
	return misuse(cli, "there is no format '%s'; choose from xml, mdevctl, libvirt, kubevirt, nova, "
			   "proxmox",
		      arguments[0]);
}

/* --- import ----------------------------------------------------------------------------------- */

struct importing {
	const struct cli *cli;
	struct json_object *results; /* with --json */
	const char *owner;
	unsigned int count, imported;
	bool failures_told;
};

static void add_result(struct importing *importing, const char *uuid, const char *outcome,
		       const char *error)
{
	struct json_object *result = json_object_new_object();

	if (result && add_json_text(result, "uuid", uuid) && add_json_text(result, "outcome", outcome) &&
	    add_json_text(result, "error", error) && !json_object_array_add(importing->results, result))
		return;
	json_object_put(result);
	json_object_put(importing->results);
	importing->results = NULL;
}

static void told(void *data, struct gvt_definition *def, enum gvt_import_outcome outcome,
		 const char *error, const char *hint)
{
	static const char *const names[] = { "imported", "already defined", "failed" };
	const char *uuid = gvt_definition_get_uuid(def);
	struct importing *importing = data;

	importing->count++;
	importing->imported += outcome == GVT_IMPORTED;
	if (importing->results)
		add_result(importing, uuid, names[outcome], error);
	if (outcome != GVT_IMPORT_FAILED) {
		tell(importing->cli, "%s: %s", uuid, names[outcome]);
		return;
	}
	importing->failures_told = true;
	fprintf(stderr, "gvt: %s: %s%s%s\n", uuid, error, hint[0] ? "\n     " : "", hint);
}

static void tell_rest(const struct importing *importing)
{
	if (!importing->count)
		tell(importing->cli, "%s has no vGPU of a GVT-g type", importing->owner);
	else if (importing->imported && !is_given(importing->cli, OPT_DRY_RUN))
		tell(importing->cli,
		     "%s keeps its definitions, too: a device should have one owner. Take them out "
		     "there: mdevctl undefine -u UUID",
		     importing->owner);
}

enum status cmd_import(struct cli *cli, char **arguments)
{
	struct importing importing = { .cli = cli, .owner = arguments[0] };
	enum status status = STATUS_DONE, printed;
	enum gvt_import_source source;

	if (!strcmp(arguments[0], "mdevctl"))
		source = GVT_IMPORT_MDEVCTL;
	else if (!strcmp(arguments[0], "libvirt"))
		source = GVT_IMPORT_LIBVIRT;
	else
		return misuse(cli, "imports from mdevctl or libvirt, not from '%s'; 'gvt define' takes a file",
			      arguments[0]);
	if (is_given(cli, OPT_JSON)) {
		importing.results = json_object_new_array();
		if (!importing.results)
			return print_json(cli, NULL);
	}
	if (gvt_import(cli->ctx, source, arguments[1], change_flags(cli), told, &importing))
		status = importing.failures_told ? status_of_error(cli) : report(cli);
	if (!status)
		tell_rest(&importing);
	if (!is_given(cli, OPT_JSON))
		return status;
	printed = print_json_member(cli, "imported", importing.results);
	return status ? status : printed;
}
