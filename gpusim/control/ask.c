// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "gpusim/complain.h"
#include "gpusim/socket.h"

#define ERROR_PREFIX "error: "

struct line {
	size_t length;
	char text[CONTROL_MAX_LINE];
};

static bool add(struct line *line, char c)
{
	if (line->length == sizeof(line->text))
		return false;
	line->text[line->length++] = c;
	return true;
}

static bool add_word(struct line *line, const char *word)
{
	bool quote = !*word || strpbrk(word, " \t\"\\"), good = true;

	if (quote)
		good = add(line, '"');
	for (; good && *word; word++) {
		if (*word == '"' || *word == '\\')
			good = add(line, '\\');
		good = good && add(line, *word);
	}
	return good && (!quote || add(line, '"'));
}

static bool make_line(struct line *line, char **words)
{
	bool good = true;

	line->length = 0;
	for (size_t i = 0; words[i] && good; i++) {
		if (strchr(words[i], '\n')) {
			complain("a command is one line: take the newline out of its word %zu",
				 i + 1);
			return false;
		}
		good = (!i || add(line, ' ')) && add_word(line, words[i]);
	}
	if (good && add(line, '\n'))
		return true;
	complain("the command is longer than %u bytes: shorten it", CONTROL_MAX_LINE - 1);
	return false;
}

static int send_line(int fd, const struct line *line)
{
	size_t sent = 0;

	while (sent < line->length) {
		ssize_t n = send(fd, line->text + sent, line->length - sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			sent += (size_t)n;
	}
	return 0;
}

/* Print up to the last line, which becomes the exit status. A long line comes in several pieces. */
static int print_answer(FILE *file)
{
	char piece[CONTROL_MAX_LINE];
	bool at_start = true;

	while (fgets(piece, sizeof(piece), file)) {
		bool whole = strchr(piece, '\n');

		if (at_start && !strcmp(piece, "ok\n"))
			return EXIT_SUCCESS;
		if (at_start && !strncmp(piece, ERROR_PREFIX, strlen(ERROR_PREFIX))) {
			piece[strcspn(piece, "\n")] = '\0';
			complain("%s", piece + strlen(ERROR_PREFIX));
			return EXIT_FAILURE;
		}
		fputs(piece, stdout);
		at_start = whole;
	}
	complain("the answer broke off: the " PROGRAM " that was asked has ended");
	return EXIT_FAILURE;
}

static int explain_connect(const char *path, int error)
{
	if (error == -ECONNREFUSED || error == -ENOENT)
		complain("nobody listens at %s: start " PROGRAM " with --control %s", path, path);
	else
		complain("can't connect to %s: %s", path, strerror(-error));
	return EXIT_FAILURE;
}

int control_ask(const char *path, char **words)
{
	struct line line;
	FILE *file;
	int fd, ret;

	if (!make_line(&line, words))
		return EXIT_MISUSE;
	fd = socket_connect(path);
	if (fd < 0)
		return explain_connect(path, fd);
	/* One that turns its clients away has said why before it hung up. */
	ret = send_line(fd, &line);
	file = ret && ret != -EPIPE ? NULL : fdopen(fd, "r");
	if (!file) {
		complain("can't speak to %s: %s", path, strerror(ret ? -ret : errno));
		close(fd);
		return EXIT_FAILURE;
	}
	ret = print_answer(file);
	fclose(file);
	return ret;
}
