// SPDX-License-Identifier: GPL-2.0-or-later
/* What both programs do with their arguments. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static int help(FILE *out, int status, const char *usage, const struct bench_group *groups)
{
	fputs(usage, out);
	for (; groups->name; groups++)
		fprintf(out, " %s", groups->name);
	fputs("\n", out);
	return status;
}

static bool is_group(const struct bench_group *groups, const char *name)
{
	for (; groups->name; groups++)
		if (!strcmp(groups->name, name))
			return true;
	return false;
}

static bool is_wanted(const char *name, char **wanted)
{
	if (!*wanted)
		return true;
	for (; *wanted; wanted++)
		if (!strcmp(*wanted, name))
			return true;
	return false;
}

int bench_main(char **argv, const char *usage, const struct bench_group *groups)
{
	char **wanted = argv + 1;
	int json = *wanted && !strcmp(*wanted, "--json");

	wanted += json;
	if (*wanted && !strcmp(*wanted, "--help"))
		return help(stdout, EXIT_SUCCESS, usage, groups);
	for (char **name = wanted; *name; name++)
		if (!is_group(groups, *name))
			return help(stderr, 2, usage, groups);
	bench_begin(stdout, json);
	for (; groups->name; groups++)
		if (is_wanted(groups->name, wanted))
			groups->run();
	bench_end();
	return EXIT_SUCCESS;
}
