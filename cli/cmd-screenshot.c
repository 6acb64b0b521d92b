// SPDX-License-Identifier: GPL-2.0-or-later
/* screenshot: a picture of what a vGPU shows. */
#include "cli.h"

static enum status print_picture(const struct cli *cli, const char *file, unsigned int width, unsigned int height)
{
	struct json_object *picture = json_object_new_object();

	if (picture) {
		json_object_object_add(picture, "file", json_object_new_string(file));
		json_object_object_add(picture, "width", json_object_new_int64(width));
		json_object_object_add(picture, "height", json_object_new_int64(height));
	}
	return print_json_member(cli, "screenshot", picture);
}

enum status cmd_screenshot(struct cli *cli, char **arguments)
{
	unsigned int width, height;
	struct gvt_vgpu *vgpu;
	enum status status = find_vgpu(cli, arguments[0], &vgpu);

	if (status)
		return status;
	if (gvt_vgpu_screenshot(vgpu, arguments[1], &width, &height))
		return report(cli);
	if (is_given(cli, OPT_JSON))
		return print_picture(cli, arguments[1], width, height);
	tell(cli, "wrote %s: %ux%u", arguments[1], width, height);
	return STATUS_DONE;
}
