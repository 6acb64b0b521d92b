// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>

#include "cli.h"

bool is_given(const struct cli *cli, unsigned int option)
{
	return cli->given & option;
}

enum status misuse(const struct cli *cli, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "gvt%s%s: ", cli->verb ? " " : "", cli->verb ? cli->verb->name : "");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nSee 'gvt %s%s--help'.\n", cli->verb ? cli->verb->name : "",
		cli->verb ? " " : "");
	return STATUS_MISUSE;
}

static enum status status_of(enum gvt_error_kind kind)
{
	switch (kind) {
	case GVT_ERROR_MISUSE:
		return STATUS_MISUSE;
	case GVT_ERROR_NOT_FOUND:
		return STATUS_NOT_FOUND;
	case GVT_ERROR_NO_CAPACITY:
		return STATUS_NO_CAPACITY;
	case GVT_ERROR_IN_USE:
		return STATUS_IN_USE;
	case GVT_ERROR_UNSUPPORTED:
		return STATUS_UNSUPPORTED;
	case GVT_ERROR_NOT_PERMITTED:
		return STATUS_NOT_PERMITTED;
	default:
		return STATUS_FAILED;
	}
}

enum status status_of_error(const struct cli *cli)
{
	return status_of(gvt_get_error_kind(cli->ctx));
}

enum status report(const struct cli *cli)
{
	const char *error = gvt_get_error(cli->ctx), *hint = gvt_get_hint(cli->ctx);

	fprintf(stderr, "gvt: %s\n", error[0] ? error : "failed for a reason that is not known");
	if (hint[0])
		fprintf(stderr, "     %s\n", hint);
	return status_of_error(cli);
}

void tell(const struct cli *cli, const char *format, ...)
{
	va_list args;

	if (is_given(cli, OPT_QUIET))
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

enum status print_json(const struct cli *cli, struct json_object *object)
{
	const char *text = NULL;

	if (object)
		text = json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
					JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		puts(text);
	else
		fputs("gvt: out of memory\n", stderr);
	json_object_put(object);
	return text ? STATUS_DONE : STATUS_FAILED;
}

bool append_json(struct json_object **array, struct json_object *element)
{
	if (*array && element && !json_object_array_add(*array, element))
		return true;
	json_object_put(element);
	json_object_put(*array);
	*array = NULL;
	return false;
}

enum status print_json_member(const struct cli *cli, const char *key, struct json_object *member)
{
	struct json_object *outer = member ? gvt_json_new() : NULL;

	if (!outer || json_object_object_add(outer, key, member)) {
		json_object_put(member);
		json_object_put(outer);
		outer = NULL;
	}
	return print_json(cli, outer);
}

unsigned int change_flags(const struct cli *cli)
{
	return is_given(cli, OPT_DRY_RUN) ? GVT_DRY_RUN : 0;
}

enum status find_vgpu(const struct cli *cli, const char *what, struct gvt_vgpu **vgpu)
{
	return gvt_vgpu_find(cli->ctx, what, vgpu) ? report(cli) : STATUS_DONE;
}

enum status find_to_change(const struct cli *cli, const char *what, struct gvt_vgpu **vgpu, char uuid[37])
{
	enum status status = find_vgpu(cli, what, vgpu);

	if (!status)
		snprintf(uuid, 37, "%s", gvt_vgpu_get_uuid(*vgpu));
	return status;
}

enum status find_gpu(const struct cli *cli, struct gvt_gpu **gpu)
{
	*gpu = NULL;
	if (!cli->gpu)
		return STATUS_DONE;
	*gpu = gvt_gpu_find(cli->ctx, cli->gpu);
	if (*gpu)
		return STATUS_DONE;
	fprintf(stderr, "gvt: there is no Intel GPU at %s\n     'gvt gpus' lists them.\n",
		cli->gpu);
	return STATUS_NOT_FOUND;
}

enum status print_changed(const struct cli *cli, const char *uuid)
{
	struct gvt_vgpu *vgpu;
	enum status status;

	if (!is_given(cli, OPT_JSON))
		return STATUS_DONE;
	status = find_vgpu(cli, uuid, &vgpu);
	return status ? status : print_json_member(cli, "vgpu", gvt_vgpu_to_json(vgpu));
}

enum status no_gpu(const struct cli *cli)
{
	fputs("gvt: this host has no Intel GPU: no PCI device of vendor 8086 and class 03xx\n"
	      "     check that the firmware does not switch the integrated GPU off; gvt-gpusim(1) "
	      "simulates one for tests\n",
	      stderr);
	return STATUS_UNSUPPORTED;
}

/* The GPU of --gpu, or the first that offers vGPUs, or the first. */
enum status choose_gpu(const struct cli *cli, struct gvt_gpu **out)
{
	enum status status = find_gpu(cli, out);
	struct gvt_gpu *gpu;

	if (status || *out)
		return status;
	*out = gvt_gpu_get_first(cli->ctx);
	gvt_gpu_foreach(cli->ctx, gpu) {
		if (gvt_gpu_get_state(gpu) != GVT_GPU_READY)
			continue;
		*out = gpu;
		break;
	}
	return *out ? STATUS_DONE : no_gpu(cli);
}

bool add_json_text(struct json_object *object, const char *key, const char *text)
{
	struct json_object *value = text[0] ? json_object_new_string(text) : NULL;

	return (value || !text[0]) && !json_object_object_add(object, key, value);
}
