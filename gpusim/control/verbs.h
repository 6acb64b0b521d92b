/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verbs.h - the commands of the control socket
 *
 * A new verb is a row of the table in verbs.c and its handler, in a file of its subject.
 */
#ifndef GPUSIM_CONTROL_VERBS_H
#define GPUSIM_CONTROL_VERBS_H

#include "answer.h"
#include "control.h"

/* One command as its handler gets it. */
struct control_call {
	const struct control_config *config;
	unsigned int count; /* of the words behind the verb */
	char **words;
	struct answer *answer;
};

struct control_verb {
	const char *name;
	const char *arguments; /* for people; "" for none */
	const char *help; /* one line */
	unsigned int least, most; /* arguments */
	/* Says all that it has to say with answer_line() and answer_error(). May take its time:
	 * only other commands wait. */
	void (*run)(const struct control_call *call);
};

#define CONTROL_MAX_WORDS 32

/* Run one line, which is changed meanwhile, and fill *answer from its beginning to its end. */
void control_execute(const struct control_config *config, char *line, struct answer *answer);

/* verbs-display.c */
void control_monitors(const struct control_call *call);
void control_plug(const struct control_call *call);
void control_screenshot(const struct control_call *call);
void control_unplug(const struct control_call *call);

/* verbs-fault.c */
void control_fault(const struct control_call *call);

/* verbs-gpu.c */
void control_reset(const struct control_call *call);
void control_status(const struct control_call *call);

#endif
