/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.h - what a verb has to say: lines, and how it ended
 *
 * Bounded: what does not fit makes the answer an error, not a cut one that looks whole.
 */
#ifndef GPUSIM_CONTROL_ANSWER_H
#define GPUSIM_CONTROL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#define ANSWER_MAX_TEXT	 (64u << 10)
#define ANSWER_MAX_ERROR 512u

struct answer {
	size_t length; /* of text; no NUL behind it */
	bool overflow;
	char error[ANSWER_MAX_ERROR]; /* "" where the verb succeeded */
	char text[ANSWER_MAX_TEXT];
};

void answer_begin(struct answer *answer);

/* Add a line; the newline is added here. It must not look like the last one (control.h). */
void answer_line(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The verb failed: what is wrong and what to do, in one line without newline. */
void answer_error(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Add the last line. */
void answer_end(struct answer *answer);

#endif
