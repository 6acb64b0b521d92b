// SPDX-License-Identifier: GPL-2.0-or-later
/* create, destroy: vGPUs come and go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What the options say, as a definition. The library's setters tell what is wrong with a value. */
static enum status fill(const struct cli *cli, struct gvt_definition *def)
{
	gvt_definition_set_autostart(def, !is_given(cli, OPT_NO_AUTOSTART));
	if (gvt_definition_set_type(def, cli->type) ||
	    (cli->gpu && gvt_definition_set_gpu(def, cli->gpu)) ||
	    (cli->name && gvt_definition_set_name(def, cli->name)) ||
	    (cli->resolution && gvt_definition_set_resolution(def, cli->resolution)) ||
	    (cli->uuid && gvt_definition_set_uuid(def, cli->uuid)) ||
	    (cli->vm && gvt_definition_set_domain(def, cli->vm, NULL)))
		return report(cli);
	return STATUS_DONE;
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
static enum status hand_over(const struct cli *cli, struct gvt_definition *def)
{
	enum status status = print_created(cli, def);
	struct gvt_vgpu *vgpu;

	if (!status && !fflush(stdout) && !ferror(stdout))
		return STATUS_DONE;
	if (gvt_vgpu_find(cli->ctx, gvt_definition_get_uuid(def), &vgpu) || gvt_destroy(vgpu, 0))
		report(cli);
	return STATUS_FAILED;
}

static void tell_next_step(const struct cli *cli, struct gvt_definition *def, unsigned int flags)
{
	if (gvt_definition_get_domain(def))
		tell(cli, "Start the domain with: virsh start %s", gvt_definition_get_domain(def));
	else if (!(flags & GVT_TRANSIENT))
		tell(cli, "Give it to a domain with: gvt attach %s DOMAIN",
		     gvt_definition_get_uuid(def));
}

enum status cmd_create(struct cli *cli, char **arguments)
{
	unsigned int flags = change_flags(cli);
	struct gvt_definition *def;
	enum status status;

	if (!cli->type)
		return misuse(cli, "--type TYPE is missing; 'gvt types' lists the types");
	if (is_given(cli, OPT_TRANSIENT))
		flags |= GVT_TRANSIENT;
	if (gvt_definition_new(cli->ctx, &def))
		return report(cli);
	status = fill(cli, def);
	if (!status && gvt_create(cli->ctx, def, flags))
		status = report(cli);
	if (!status && !(flags & GVT_DRY_RUN)) {
		status = hand_over(cli, def);
		if (!status)
			tell_next_step(cli, def, flags);
	}
	gvt_definition_unref(def);
	return status;
}

enum status cmd_destroy(struct cli *cli, char **arguments)
{
	unsigned int flags = change_flags(cli);
	struct json_object *object = NULL;
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, arguments[0], &vgpu);

	if (status)
		return status;
	/* What it was: afterwards there is nothing to describe. */
	if (is_given(cli, OPT_JSON))
		object = gvt_vgpu_to_json(vgpu);
	if (is_given(cli, OPT_NO_DETACH))
		flags |= GVT_NO_DETACH;
	if (gvt_destroy(vgpu, flags)) {
		json_object_put(object);
		return report(cli);
	}
	return is_given(cli, OPT_JSON) ? print_json_member(cli, "destroyed", object) : STATUS_DONE;
}
