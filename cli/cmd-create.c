// SPDX-License-Identifier: GPL-2.0-or-later
/* create, define, start, and their reverse: vGPUs come and go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define DEFINITION_MAX 65536

/* What the options say, as a definition. The library's setters tell what is wrong with a value. */
static enum status fill(const struct cli *cli, struct gvt_definition *def)
{
	gvt_definition_set_autostart(def, !is_given(cli, OPT_NO_AUTOSTART));
	if (gvt_definition_set_type(def, cli->type) ||
	    (cli->gpu && gvt_definition_set_gpu(def, cli->gpu)) ||
	    (cli->name && gvt_definition_set_name(def, cli->name)) ||
	    (cli->uuid && gvt_definition_set_uuid(def, cli->uuid)) ||
	    (cli->vm && gvt_definition_set_domain(def, cli->vm, NULL)))
		return report(cli);
	return take_settings(cli, def);
}

static enum status print_created(const struct cli *cli, struct gvt_definition *def)
{
	struct gvt_vgpu *vgpu;

	if (is_given(cli, OPT_JSON)) {
		if (gvt_vgpu_find(cli->ctx, gvt_definition_get_uuid(def), &vgpu))
			return report(cli);
		return print_json_member(cli, "vgpu", gvt_vgpu_to_json(vgpu));
	}
	puts(gvt_definition_get_uuid(def));
	return STATUS_DONE;
}

/* A vGPU whose UUID the caller could not be told is not left behind. */
static enum status hand_over(const struct cli *cli, struct gvt_definition *def, unsigned int flags)
{
	/* One that was on before has been given a definition alone. */
	unsigned int undo = flags & GVT_NO_START ? GVT_NO_STOP : 0;
	enum status status = print_created(cli, def);
	struct gvt_vgpu *vgpu;

	if (!status && !fflush(stdout) && !ferror(stdout))
		return STATUS_DONE;
	if (gvt_vgpu_find(cli->ctx, gvt_definition_get_uuid(def), &vgpu) || gvt_destroy(vgpu, undo))
		report(cli);
	return STATUS_FAILED;
}

static void tell_next_step(const struct cli *cli, struct gvt_definition *def, unsigned int flags)
{
	if (flags & GVT_NO_START)
		tell(cli, "Start it with: gvt start %s", gvt_definition_get_uuid(def));
	else if (gvt_definition_get_domain(def))
		tell(cli, "Start the domain with: virsh start %s", gvt_definition_get_domain(def));
	else if (!(flags & GVT_TRANSIENT))
		tell(cli, "Give it to a domain with: gvt attach %s DOMAIN",
		     gvt_definition_get_uuid(def));
}

static enum status create(struct cli *cli, struct gvt_definition *def, unsigned int flags)
{
	enum status status = STATUS_DONE;

	if (gvt_create(cli->ctx, def, flags))
		return report(cli);
	if (flags & GVT_DRY_RUN)
		return STATUS_DONE;
	status = hand_over(cli, def, flags);
	if (!status)
		tell_next_step(cli, def, flags);
	return status;
}

static enum status create_by_options(struct cli *cli, unsigned int flags)
{
	struct gvt_definition *def;
	enum status status;

	if (!cli->type)
		return misuse(cli, "--type TYPE is missing; 'gvt types' lists the types");
	if (gvt_definition_new(cli->ctx, &def))
		return report(cli);
	status = fill(cli, def);
	if (!status)
		status = create(cli, def, flags);
	gvt_definition_unref(def);
	return status;
}

enum status cmd_create(struct cli *cli, char **arguments)
{
	unsigned int flags = change_flags(cli);

	if (is_given(cli, OPT_TRANSIENT)) {
		if (cli->given & (OPT_NAME | OPT_NO_AUTOSTART))
			return misuse(cli, "a transient vGPU has no definition: no --name, no --no-autostart");
		flags |= GVT_TRANSIENT;
	}
	return create_by_options(cli, flags);
}

enum status cmd_define(struct cli *cli, char **arguments)
{
	unsigned int flags = change_flags(cli) | GVT_NO_START;
	struct gvt_definition *def;
	enum status status;
	size_t length;
	char *text;

	if (!arguments[0])
		return create_by_options(cli, flags);
	if (cli->given & (OPT_TYPE | OPT_VM | OPT_GPU | OPT_NAME | OPT_UUID | OPT_SETTINGS |
			  OPT_HOSTDEV | OPT_NO_AUTOSTART))
		return misuse(cli, "takes a file, or options, but not both");
	status = read_text(cli, arguments[0], DEFINITION_MAX, &text, &length);
	if (status)
		return status;
	if (gvt_definition_from_xml(cli->ctx, text, length, &def)) {
		status = report(cli);
	} else {
		status = create(cli, def, flags);
		gvt_definition_unref(def);
	}
	free(text);
	return status;
}

/* destroy, undefine: what it was is what can be described afterwards. */
static enum status end(struct cli *cli, const char *what, const char *key, unsigned int flags)
{
	struct json_object *object = NULL;
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, what, &vgpu);

	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		object = gvt_vgpu_to_json(vgpu);
	if (is_given(cli, OPT_NO_DETACH))
		flags |= GVT_NO_DETACH;
	if (gvt_destroy(vgpu, flags)) {
		json_object_put(object);
		return report(cli);
	}
	return is_given(cli, OPT_JSON) ? print_json_member(cli, key, object) : STATUS_DONE;
}

enum status cmd_destroy(struct cli *cli, char **arguments)
{
	return end(cli, arguments[0], "destroyed", change_flags(cli));
}

enum status cmd_undefine(struct cli *cli, char **arguments)
{
	return end(cli, arguments[0], "undefined", change_flags(cli) | GVT_NO_STOP);
}

static enum status change(struct cli *cli, const char *what,
			  int (*run)(struct gvt_vgpu *vgpu, unsigned int flags))
{
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status = find_to_change(cli, what, &vgpu, uuid);
	struct json_object *object = NULL;

	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		object = gvt_vgpu_to_json(vgpu);
	if (run(vgpu, change_flags(cli))) {
		json_object_put(object);
		return report(cli);
	}
	/* A transient one is gone when it was stopped. */
	if (!gvt_vgpu_find(cli->ctx, uuid, &vgpu)) {
		json_object_put(object);
		return print_changed(cli, uuid);
	}
	return is_given(cli, OPT_JSON) ? print_json_member(cli, "vgpu", object) : STATUS_DONE;
}

enum status cmd_start(struct cli *cli, char **arguments)
{
	return change(cli, arguments[0], gvt_start);
}

enum status cmd_stop(struct cli *cli, char **arguments)
{
	return change(cli, arguments[0], gvt_stop);
}
