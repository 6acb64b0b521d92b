// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli.h"

static enum status help_of_verb(const struct cli *cli, const char *name)
{
	const struct verb *verb = verb_find(name);

	if (!verb)
		return misuse(cli, "there is no verb '%s'", name);
	printf("Usage: gvt %s%s%s [OPTION]...\n\n%c%s.\n%s%s\nOptions:\n", verb->name,
	       verb->arguments[0] ? " " : "", verb->arguments, verb->summary[0] - 'a' + 'A',
	       verb->summary + 1, verb->details[0] ? "\n" : "", verb->details);
	options_print_help(verb->options | OPT_COMMON);
	return STATUS_DONE;
}

enum status cmd_help(struct cli *cli, char **arguments)
{
	const struct verb *verb;

	if (arguments && arguments[0])
		return help_of_verb(cli, arguments[0]);
	puts("Usage: gvt VERB [OPTION]... [ARGUMENT]...\n"
	     "Share an Intel GPU among virtual machines.\n\n"
	     "Verbs:");
	for (unsigned int i = 0; (verb = verb_at(i)); i++)
		printf("  %-10s %s\n", verb->name, verb->summary);
	puts("\nOptions of all verbs:");
	options_print_help(OPT_COMMON | OPT_VERSION);
	puts("\nTo begin: gvt doctor, gvt types, gvt create --type V5_4 --vm DOMAIN.\n"
	     "Exit status: 0 done, 1 failed, 2 wrong use, 3 not found, 4 no room, 5 in use,\n"
	     "6 this host can't, 7 not permitted. 'gvt help VERB' and gvt(1) tell more.");
	return STATUS_DONE;
}
