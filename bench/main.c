// SPDX-License-Identifier: GPL-2.0-or-later
/* What the simulated GPU is worth on this machine, beside what the machine itself is worth. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "blitter", bench_blitter },	    { "commands", bench_commands },
	{ "memory", bench_memory },	    { "server", bench_server },
	{ "submission", bench_submission },
};

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static int help(FILE *out, int status)
{
	fputs("Usage: gpusim-bench [--json] [GROUP...]\n"
	      "Measure the simulated GPU; groups:",
	      out);
	for (size_t i = 0; i < GROUP_COUNT; i++)
		fprintf(out, " %s", groups[i].name);
	fputs("\n", out);
	return status;
}

static bool is_group(const char *name)
{
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		if (!strcmp(groups[i].name, name))
			return true;
	}
	return false;
}

static bool is_wanted(const char *name, char **wanted)
{
	if (!*wanted)
		return true;
	for (; *wanted; wanted++) {
		if (!strcmp(*wanted, name))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	char **wanted = argv + 1;
	int json = *wanted && !strcmp(*wanted, "--json");

	wanted += json;
	if (*wanted && !strcmp(*wanted, "--help"))
		return help(stdout, EXIT_SUCCESS);
	for (char **name = wanted; *name; name++) {
		if (!is_group(*name))
			return help(stderr, 2);
	}
	bench_begin(stdout, json);
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		if (is_wanted(groups[i].name, wanted))
			groups[i].run();
	}
	bench_end();
	return EXIT_SUCCESS;
}
