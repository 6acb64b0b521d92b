// SPDX-License-Identifier: GPL-2.0-or-later
/* doctor: what keeps vGPUs from working, and what to do about it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char *const level_names[] = { "ok", "note", "warning", "error" };

struct diagnosis {
	const struct cli *cli;
	struct json_object *findings; /* with --json */
	unsigned int count[4]; /* by level */
};

static void add_finding(struct diagnosis *diagnosis, const struct gvt_finding *finding)
{
	struct json_object *object = json_object_new_object();

	if (object && add_json_text(object, "subject", finding->subject) &&
	    add_json_text(object, "level", level_names[finding->level]) && add_json_text(object, "text", finding->text) &&
	    add_json_text(object, "advice", finding->advice) &&
	    !json_object_array_add(diagnosis->findings, object))
		return;
	json_object_put(object);
	json_object_put(diagnosis->findings);
	diagnosis->findings = NULL;
}

static void told(void *data, const struct gvt_finding *finding)
{
	static const char *const colours[] = { "32", "36", "33", "31" };
	struct diagnosis *diagnosis = data;
	bool colour = isatty(STDOUT_FILENO);
	char level[32];

	diagnosis->count[finding->level]++;
	if (is_given(diagnosis->cli, OPT_JSON)) {
		if (diagnosis->findings)
			add_finding(diagnosis, finding);
		return;
	}
	if (finding->level == GVT_FINDING_OK && is_given(diagnosis->cli, OPT_QUIET))
		return;
	if (colour)
		snprintf(level, sizeof(level), "\033[%sm%-8s\033[0m", colours[finding->level],
			 level_names[finding->level]);
	else
		snprintf(level, sizeof(level), "%-8s", level_names[finding->level]);
	printf("%s %-14s %s\n", level, finding->subject, finding->text);
	if (finding->advice[0])
		printf("%-23s -> %s\n", "", finding->advice);
}

enum status cmd_doctor(struct cli *cli, char **arguments)
{
	unsigned int flags = change_flags(cli) | (is_given(cli, OPT_FIX) ? GVT_FIX : 0);
	struct diagnosis diagnosis = { .cli = cli };
	enum status status = STATUS_DONE, printed;
	size_t count = 0;
	int ret;

	if (is_given(cli, OPT_DRY_RUN) && !is_given(cli, OPT_FIX))
		return misuse(cli, "changes nothing without --fix; --dry-run shows what --fix would write");
	while (arguments[count])
		count++;
	if (is_given(cli, OPT_JSON))
		diagnosis.findings = json_object_new_array();
	ret = gvt_doctor(cli->ctx, (const char *const *)arguments, count, flags, told, &diagnosis);
	if (ret == -ENOTRECOVERABLE)
		status = STATUS_FAILED;
	else if (ret)
		status = report(cli);
	if (is_given(cli, OPT_JSON)) {
		printed = print_json_member(cli, "findings", diagnosis.findings);
		return status ? status : printed;
	}
	tell(cli, "%u errors, %u warnings, %u notes", diagnosis.count[GVT_FINDING_ERROR],
	     diagnosis.count[GVT_FINDING_WARNING], diagnosis.count[GVT_FINDING_NOTE]);
	return status;
}
