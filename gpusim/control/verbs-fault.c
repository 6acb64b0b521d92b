// SPDX-License-Identifier: GPL-2.0-or-later
/* Faults on demand: plan them, list them, end them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "gpusim/fault-spec.h"
#include "verbs.h"

static void list_planned(const struct control_call *call)
{
	struct gpu_fault_state state;
	char text[128];

	for (unsigned int i = 0; gpu_fault_get(call->config->gpu, i, &state); i++) {
		fault_spec_format(&state.fault, text, sizeof(text));
		answer_line(call->answer, "%-28s %" PRIu64 " events, struck %" PRIu64, text,
			    state.seen, state.struck);
	}
}

static void list_kinds(const struct control_call *call)
{
	for (unsigned int i = 0; fault_spec_usage(i); i++)
		answer_line(call->answer, "%-28s %s", fault_spec_usage(i), fault_spec_help(i));
	answer_line(call->answer, "%-28s %s", "back", "a device that is gone comes back");
	answer_line(call->answer, "%-28s %s", "none", "forget what is planned");
}

static void plan(const struct control_call *call, const char *spec)
{
	char why[ANSWER_MAX_ERROR];
	struct gpu_fault fault;
	int ret;

	if (fault_spec_parse(spec, &fault, why, sizeof(why))) {
		answer_error(call->answer, "%s; \"fault help\" explains them", why);
		return;
	}
	ret = gpu_fault_inject(call->config->gpu, &fault);
	if (ret == -ENOSPC)
		answer_error(call->answer, "%u faults are planned: \"fault none\" forgets them",
			     GPU_MAX_FAULTS);
	else if (ret)
		answer_error(call->answer, "can't plan it: %s", strerror(-ret));
}

void control_fault(const struct control_call *call)
{
	if (!call->count)
		list_planned(call);
	else if (!strcmp(call->words[0], "help"))
		list_kinds(call);
	else if (!strcmp(call->words[0], "back"))
		gpu_fault_end_gone(call->config->gpu);
	else if (!strcmp(call->words[0], "none"))
		gpu_fault_forget(call->config->gpu);
	else
		plan(call, call->words[0]);
}
