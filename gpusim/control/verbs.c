// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "verbs.h"

static void help(const struct control_call *call);

static const struct control_verb verbs[] = {
	{ "fault", "[SPEC|help|back|none]", "plan a fault, or list those that are planned", 0, 1,
	  control_fault },
	{ "help", "", "list the commands", 0, 0, help },
	{ "monitors", "", "list the connectors, and what is plugged in there", 0, 0,
	  control_monitors },
	{ "plug", "CONNECTOR WxH[@HZ]|FILE", "plug in a monitor with that mode, or that EDID", 2, 2,
	  control_plug },
	{ "reset", "", "power-on state, as after a reset of the PCI device", 0, 0, control_reset },
	{ "screenshot", "PIPE FILE", "write what pipe A, B or C shows as PNG", 2, 2,
	  control_screenshot },
	{ "status", "", "the device, its client, and what each engine does", 0, 0, control_status },
	{ "unplug", "CONNECTOR", "take a monitor away", 1, 1, control_unplug },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

static void help(const struct control_call *call)
{
	char usage[128];

	for (size_t i = 0; i < VERB_COUNT; i++) {
		snprintf(usage, sizeof(usage), "%s %s", verbs[i].name, verbs[i].arguments);
		answer_line(call->answer, "%-28s %s", usage, verbs[i].help);
	}
}

static const struct control_verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	}
	return NULL;
}

/*
 * Cut the next word out of *line, where it is unquoted in place. NULL at the line's end; *good is
 * false where a quote is not closed.
 */
static char *next_word(char **line, bool *good)
{
	char *from = *line + strspn(*line, " \t"), *word = from, *to = from;
	bool quoted = false;

	*good = true;
	if (!*from)
		return NULL;
	for (; *from && (quoted || !strchr(" \t", *from)); from++) {
		if (*from == '"') {
			quoted = !quoted;
			continue;
		}
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*good = !quoted;
	*line = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

/* The words of a line; false: the answer says what is wrong with it. */
static bool split(char *line, char **words, unsigned int *count, struct answer *answer)
{
	bool good;
	char *word;

	*count = 0;
	while ((word = next_word(&line, &good))) {
		if (!good) {
			answer_error(answer, "a quote is not closed: add one, or put \\ before it");
			return false;
		}
		if (*count == CONTROL_MAX_WORDS) {
			answer_error(answer, "more than %u words: no command has so many",
				     CONTROL_MAX_WORDS);
			return false;
		}
		words[(*count)++] = word;
	}
	return true;
}

static void dispatch(const struct control_call *call, const char *name)
{
	const struct control_verb *verb = find_verb(name);

	if (!verb)
		answer_error(call->answer, "there is no command \"%.64s\"; \"help\" lists them",
			     name);
	else if (call->count < verb->least || call->count > verb->most)
		answer_error(call->answer, "this is not how %s is used: %s%s%s", name, name,
			     verb->arguments[0] ? " " : ", alone", verb->arguments);
	else
		verb->run(call);
}

void control_execute(const struct control_config *config, char *line, struct answer *answer)
{
	char *words[CONTROL_MAX_WORDS];
	unsigned int count;

	answer_begin(answer);
	if (split(line, words, &count, answer)) {
		struct control_call call = { config, count - 1, words + 1, answer };

		if (count)
			dispatch(&call, words[0]);
		else
			answer_error(answer, "an empty line is no command; \"help\" lists them");
	}
	answer_end(answer);
}
