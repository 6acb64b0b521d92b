// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utmp.h>

#define READ_END 0
#define WRITE_END 1

struct request {
	struct wire_exec head;
	const char *directory;
	char **argv;
	char **environment;	/* NAME=VALUE, NULL at the end */
	char *strings;
};

/* What the child holds between fork and exec. */
struct child_ends {
	int stdio[3];
	int terminal;
	int report;		/* closed by exec, else the errno goes there */
};

static void request_free(struct request *r)
{
	free(r->argv);
	free(r->environment);
	free(r->strings);
}

static size_t count_strings(const char *strings, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += strings[i] == '\0';
	return count;
}

static int request_parse(struct request *r, const uint8_t *payload, size_t length)
{
	size_t count, environment_count;
	char *string;

	memset(r, 0, sizeof(*r));
	if (length <= sizeof(r->head) || payload[length - 1] != '\0')
		return -EPROTO;
	memcpy(&r->head, payload, sizeof(r->head));
	length -= sizeof(r->head);
	r->strings = malloc(length);
	if (!r->strings)
		return -ENOMEM;
	memcpy(r->strings, payload + sizeof(r->head), length);

	count = count_strings(r->strings, length);
	if (r->head.argc == 0 || count < 1 + (size_t)r->head.argc)
		return -EPROTO;
	environment_count = count - 1 - r->head.argc;
	r->argv = calloc(r->head.argc + 1, sizeof(char *));
	r->environment = calloc(environment_count + 1, sizeof(char *));
	if (!r->argv || !r->environment)
		return -ENOMEM;

	string = r->strings;
	r->directory = string;
	for (size_t i = 0; i < r->head.argc; i++) {
		string += strlen(string) + 1;
		r->argv[i] = string;
	}
	for (size_t i = 0; i < environment_count; i++) {
		string += strlen(string) + 1;
		r->environment[i] = string;
	}
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_child_ends(struct child_ends *ends)
{
	for (int i = 0; i < 3; i++)
		close_end(&ends->stdio[i]);
	close_end(&ends->terminal);
	close_end(&ends->report);
}

static int open_pipe(int *agents_end, int agents_side, int *childs_end)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*agents_end = fds[agents_side];
	*childs_end = fds[!agents_side];
	return fcntl(*agents_end, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int open_pipes(struct command *c, struct child_ends *ends)
{
	int err;

	err = open_pipe(&c->in, WRITE_END, &ends->stdio[STDIN_FILENO]);
	if (!err)
		err = open_pipe(&c->out, READ_END, &ends->stdio[STDOUT_FILENO]);
	if (!err)
		err = open_pipe(&c->err, READ_END, &ends->stdio[STDERR_FILENO]);
	return err;
}

static int open_terminal(struct command *c, struct child_ends *ends,
			 const struct wire_winsize *size)
{
	struct winsize winsize = { .ws_row = size->rows, .ws_col = size->columns };

	if (openpty(&c->out, &ends->terminal, NULL, NULL, &winsize) < 0)
		return -errno;
	c->in = fcntl(c->out, F_DUPFD_CLOEXEC, 0);
	if (c->in < 0 || fcntl(c->out, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(c->out, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static _Noreturn void become_command(const struct request *r, struct child_ends *ends)
{
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (ends->terminal >= 0) {
		if (login_tty(ends->terminal) < 0)
			goto failed;
	} else {
		setsid();
		for (int i = 0; i < 3; i++)
			if (dup2(ends->stdio[i], i) < 0)
				goto failed;
	}
	if (r->directory[0] && chdir(r->directory) < 0)
		goto failed;
	for (char **pair = r->environment; *pair; pair++)
		putenv(*pair);
	execvp(r->argv[0], r->argv);
failed:
	err = errno;
	if (write(ends->report, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

static int fork_command(struct command *c, const struct request *r, struct child_ends *ends)
{
	int report, err = 0;
	pid_t pid;

	if (open_pipe(&report, READ_END, &ends->report) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		err = -errno;
	} else if (pid == 0) {
		become_command(r, ends);
	} else {
		close_child_ends(ends);
		fcntl(report, F_SETFL, 0);
		if (read(report, &err, sizeof(err)) == sizeof(err))
			err = -err;
		else
			c->pid = pid;
	}
	close(report);
	return err;
}

int command_start(struct command *c, const uint8_t *payload, size_t length)
{
	struct child_ends ends = { .stdio = { -1, -1, -1 }, .terminal = -1, .report = -1 };
	struct request request;
	int err;

	c->pid = 0;
	c->in = c->out = c->err = -1;
	c->input_length = 0;
	c->input_ended = false;
	err = request_parse(&request, payload, length);
	if (!err) {
		c->pty = request.head.pty;
		if (c->pty)
			err = open_terminal(c, &ends, &request.head.size);
		else
			err = open_pipes(c, &ends);
	}
	if (!err)
		err = fork_command(c, &request, &ends);
	close_child_ends(&ends);
	request_free(&request);
	if (err)
		command_forget(c);
	return err;
}

bool command_add_input(struct command *c, const uint8_t *data, size_t length)
{
	if (length > sizeof(c->input) - c->input_length)
		return false;
	memcpy(c->input + c->input_length, data, length);
	c->input_length += length;
	if (length == 0)
		c->input_ended = true;
	return true;
}

size_t command_feed(struct command *c)
{
	ssize_t done = 0;

	if (c->in < 0) {
		/* It has closed its input: what still comes is thrown away, the client must not wait. */
		done = c->input_length;
	} else if (c->input_length) {
		done = write(c->in, c->input, c->input_length);
		if (done < 0 && errno != EAGAIN && errno != EINTR) {
			close_end(&c->in);
			done = c->input_length;
		}
		if (done < 0)
			done = 0;
	}
	c->input_length -= done;
	memmove(c->input, c->input + done, c->input_length);
	/* A terminal's end of input is a character that the client's user types. */
	if (c->input_ended && c->input_length == 0 && !c->pty)
		close_end(&c->in);
	return done;
}

void command_signal(struct command *c, int signal)
{
	if (c->pid > 0)
		kill(-c->pid, signal);
}

void command_set_size(struct command *c, const struct wire_winsize *size)
{
	struct winsize winsize = { .ws_row = size->rows, .ws_col = size->columns };

	if (c->pty && c->out >= 0)
		ioctl(c->out, TIOCSWINSZ, &winsize);
}

void command_forget(struct command *c)
{
	close_end(&c->in);
	close_end(&c->out);
	close_end(&c->err);
	c->pid = 0;
}
