// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"

#define ERROR_PREFIX "error: "
/* Room that lines leave for the last one. */
#define LAST_LINE (sizeof(ERROR_PREFIX) + ANSWER_MAX_ERROR)

void answer_begin(struct answer *answer)
{
	answer->length = 0;
	answer->overflow = false;
	answer->error[0] = '\0';
}

void answer_line(struct answer *answer, const char *format, ...)
{
	size_t room = ANSWER_MAX_TEXT - LAST_LINE - answer->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(answer->text + answer->length, room, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length + 1 >= room) {
		answer->overflow = true;
		return;
	}
	answer->length += (size_t)length;
	answer->text[answer->length++] = '\n';
}

/* Words of a client may be in it, and a line is a line. */
static void flatten(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ')
			*text = '?';
	}
}

void answer_error(struct answer *answer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(answer->error, sizeof(answer->error), format, arguments);
	va_end(arguments);
	flatten(answer->error);
}

void answer_end(struct answer *answer)
{
	if (answer->overflow && !answer->error[0])
		answer_error(answer, "the answer is longer than %u bytes: ask for less",
			     ANSWER_MAX_TEXT);
	answer->length += (size_t)snprintf(answer->text + answer->length, LAST_LINE, "%s%s\n",
					   answer->error[0] ? ERROR_PREFIX : "ok", answer->error);
}
