// SPDX-License-Identifier: GPL-2.0-or-later
/* xml, attach, detach: vGPUs and libvirt's domains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Of a vGPU without definition, what the options say; of others, that and what is defined. */
static enum status hostdev_xml(const struct cli *cli, struct gvt_vgpu *vgpu, char **xml)
{
	struct gvt_definition *def = gvt_definition_ref(gvt_vgpu_get_definition(vgpu));
	enum status status = STATUS_DONE;

	*xml = NULL;
	if (!def && (gvt_definition_new(cli->ctx, &def) ||
		     gvt_definition_set_uuid(def, gvt_vgpu_get_uuid(vgpu))))
		status = report(cli);
	if (!status)
		status = take_settings(cli, def);
	if (!status && gvt_definition_to_hostdev_xml(def, xml)) {
		fputs("gvt: out of memory\n", stderr);
		status = STATUS_FAILED;
	}
	gvt_definition_unref(def);
	return status;
}

enum status cmd_xml(struct cli *cli, char **arguments)
{
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, arguments[0], &vgpu);
	char *xml;

	if (!status)
		status = hostdev_xml(cli, vgpu, &xml);
	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		status = print_json_member(cli, "xml", json_object_new_string(xml));
	else
		fputs(xml, stdout);
	free(xml);
	return status;
}

static unsigned int binding_flags(const struct cli *cli)
{
	return change_flags(cli) | (is_given(cli, OPT_LIVE) ? GVT_LIVE : 0);
}

static int attach(struct cli *cli, struct gvt_vgpu *vgpu, const char *domain)
{
	struct gvt_hostdev_value values[GVT_HOSTDEV_COUNT];
	size_t count = 0;

	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		if (cli->hostdev[i])
			values[count++] = (struct gvt_hostdev_value){ i, hostdev_text(cli, i) };
	return gvt_attach(vgpu, domain, values, count, binding_flags(cli));
}

static enum status change(struct cli *cli, const char *what, const char *domain)
{
	struct gvt_vgpu *vgpu;
	char uuid[37];
	enum status status = find_to_change(cli, what, &vgpu, uuid);
	int ret;

	if (status)
		return status;
	ret = domain ? attach(cli, vgpu, domain) : gvt_detach(vgpu, binding_flags(cli));
	return ret ? report(cli) : print_changed(cli, uuid);
}

enum status cmd_attach(struct cli *cli, char **arguments)
{
	return change(cli, arguments[0], arguments[1]);
}

enum status cmd_detach(struct cli *cli, char **arguments)
{
	return change(cli, arguments[0], NULL);
}
