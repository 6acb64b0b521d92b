// SPDX-License-Identifier: GPL-2.0-or-later
/* restore: what gvt-restore.service runs at boot. */
#include <stdio.h>

#include "cli.h"

struct restoring {
	const struct cli *cli;
	struct json_object *results; /* with --json */
	bool failures_told;
};

static const char *const outcome_names[] = {
	[GVT_RESTORE_STARTED] = "started",
	[GVT_RESTORE_ALREADY] = "already on",
	[GVT_RESTORE_FAILED] = "failed",
};

/* Without memory the list is dropped, and print_json_member() says so. */
static void add_result(struct restoring *restoring, struct gvt_definition *def, const char *outcome,
		       const char *error)
{
	struct json_object *result = json_object_new_object();

	if (result && add_json_text(result, "uuid", gvt_definition_get_uuid(def)) &&
	    add_json_text(result, "outcome", outcome) && add_json_text(result, "error", error) &&
	    !json_object_array_add(restoring->results, result))
		return;
	json_object_put(result);
	json_object_put(restoring->results);
	restoring->results = NULL;
}

static void told(void *data, struct gvt_definition *def, enum gvt_restore_outcome outcome,
		 const char *error, const char *hint)
{
	struct restoring *restoring = data;

	if (restoring->results)
		add_result(restoring, def, outcome_names[outcome], error);
	if (outcome == GVT_RESTORE_FAILED) {
		restoring->failures_told = true;
		fprintf(stderr, "gvt: %s: %s%s%s\n", gvt_definition_get_uuid(def), error,
			hint[0] ? "\n     " : "", hint);
	} else {
		tell(restoring->cli, "%s: %s", gvt_definition_get_uuid(def),
		     outcome_names[outcome]);
	}
}

enum status cmd_restore(struct cli *cli, char **arguments)
{
	struct restoring restoring = { .cli = cli };
	enum status status = STATUS_DONE, printed;

	if (is_given(cli, OPT_JSON)) {
		restoring.results = json_object_new_array();
		if (!restoring.results)
			return print_json(cli, NULL);
	}
	if (gvt_restore(cli->ctx, cli->gpu, 1000 * cli->wait_seconds, change_flags(cli), told,
			&restoring))
		status = restoring.failures_told ? status_of_error(cli) : report(cli);
	if (!is_given(cli, OPT_JSON))
		return status;
	printed = print_json_member(cli, "restored", restoring.results);
	return status ? status : printed;
}
