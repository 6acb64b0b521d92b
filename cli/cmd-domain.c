// SPDX-License-Identifier: GPL-2.0-or-later
/* xml, attach, detach: vGPUs and libvirt's domains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum status cmd_xml(struct cli *cli, char **arguments)
{
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, arguments[0], &vgpu);
	char *xml;

	if (status)
		return status;
	if (gvt_hostdev_xml(gvt_vgpu_get_uuid(vgpu), &xml)) {
		fputs("gvt: out of memory\n", stderr);
		return STATUS_FAILED;
	}
	if (is_given(cli, OPT_JSON))
		status = print_json_member(cli, "xml", json_object_new_string(xml));
	else
		fputs(xml, stdout);
	free(xml);
	return status;
}

static enum status change(struct cli *cli, const char *what, const char *domain)
{
	char uuid[37] = "";
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, what, &vgpu);
	int ret;

	if (status)
		return status;
	strncat(uuid, gvt_vgpu_get_uuid(vgpu), sizeof(uuid) - 1);
	ret = domain ? gvt_attach(vgpu, domain, change_flags(cli)) :
		       gvt_detach(vgpu, change_flags(cli));
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
