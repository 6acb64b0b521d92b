// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs about monitors and what they show. */
#include <errno.h>
#include <string.h>

#include "kernel-gvt/display/edid.h"
#include "gpusim/monitor.h"
#include "gpusim/screenshot.h"
#include "verbs.h"

/* NULL: the answer says that there is no such connector, and which there are. */
static const char *find_connector(const struct control_call *call)
{
	const char *name = call->words[0];
	const char *known = monitor_connector(name, strlen(name));

	if (!known)
		answer_error(call->answer,
			     "there is no connector \"%.64s\"; \"monitors\" lists them", name);
	return known;
}

void control_monitors(const struct control_call *call)
{
	struct gpu *gpu = call->config->gpu;
	const char *name;
	uint8_t edid[EDID_BLOCK];

	for (unsigned int i = 0; (name = gpu_connector_name(i)); i++) {
		size_t size = gpu_monitor_edid(gpu, name, edid, sizeof(edid));

		/* The first detailed timing is the preferred one. */
		if (size)
			answer_line(call->answer, "%-7s %ux%u", name,
				    (unsigned int)(edid[56] | (edid[58] & 0xf0) << 4),
				    (unsigned int)(edid[59] | (edid[61] & 0xf0) << 4));
		else
			answer_line(call->answer, "%-7s none", name);
	}
}

void control_plug(const struct control_call *call)
{
	const char *connector = find_connector(call);
	char fault[MONITOR_FAULT_SIZE];

	if (connector && monitor_plug(call->config->gpu, connector, call->words[1], fault))
		answer_error(call->answer, "%s", fault);
}

void control_unplug(const struct control_call *call)
{
	const char *connector = find_connector(call);

	if (connector && gpu_monitor_unplug(call->config->gpu, connector))
		answer_error(call->answer, "nothing is plugged in at %s", connector);
}

void control_screenshot(const struct control_call *call)
{
	const char *pipe = call->words[0], *path = call->words[1];
	int ret;

	if (strlen(pipe) != 1 || *pipe < 'A' || *pipe >= 'A' + GPU_PIPES) {
		answer_error(call->answer, "there is no pipe \"%.64s\": it is A, B or C", pipe);
		return;
	}
	ret = screenshot_write(call->config->gpu, (unsigned int)(*pipe - 'A'), path);
	if (ret == -ENODATA)
		answer_error(call->answer, "pipe %s is off: no driver has set a mode on it", pipe);
	else if (ret)
		answer_error(call->answer, "can't write %.256s: %s", path, strerror(-ret));
}
