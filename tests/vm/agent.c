// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vm-agent: runs in a VM and does what vmsh asks for, one command at a time. May be the VM's process 1.
 *
 * usage: vm-agent --port NAME | --listen SOCKET
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "port.h"
#include "wire.h"

/* How long a command may tidy up after its client has gone, in milliseconds. */
#define GRACE_MS 2000

/*
 * How long a virtio-serial port must stay disconnected until its client is taken for gone. That it is disconnected, and
 * connected again, comes by another queue than data: the next client's first frames may be here before. A VM that wakes
 * from a suspend sees the port disconnected, too, until the host has told it again and the kernel has listened: not
 * before it has drawn its console, which takes most of a minute through a simulated aperture. The next client ends the
 * command of the last one anyway.
 */
#define GONE_MS 120000

/* The most that can wait in a pipe when its writer has ended (fs.pipe-max-size). */
#define PIPE_MAX 1048576

struct agent {
	int listener;		/* -1 with a virtio-serial port */
	int stream;		/* the port, or the client's connection; -1: no client */
	int stream_events;	/* an epoll of its own: see add_stream() */
	int signals;
	struct wire *wire;
	uint32_t session;
	char boot_id[64];
	struct command command;
	int64_t kill_at;	/* when the command that is being ended is killed; 0: none is */
	int64_t gone_at;	/* when the client of a disconnected port is gone; 0: it is connected */
	bool dropped_client;	/* taken for gone, and not told so */
};

static _Noreturn void give_up(const char *what, int err)
{
	fprintf(stderr, "vm-agent: %s: %s\n", what, strerror(-err));
	exit(EXIT_FAILURE);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void read_boot_id(struct agent *a)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file)
		give_up("boot_id", -errno);
	if (!fgets(a->boot_id, sizeof(a->boot_id), file))
		give_up("boot_id", -EIO);
	fclose(file);
	a->boot_id[strcspn(a->boot_id, "\n")] = '\0';
}

static void say(struct agent *a, enum wire_type type, uint32_t session, const void *payload,
		size_t length)
{
	int err = wire_send(a->wire, type, session, payload, length);

	/* A client that has gone shows as end of stream; here only a broken port matters. */
	if (err && a->listener < 0)
		give_up("port", err);
}

static void end_command_gently(struct agent *a)
{
	if (a->command.pid == 0 || a->kill_at)
		return;
	command_signal(&a->command, SIGHUP);
	command_signal(&a->command, SIGCONT);
	a->kill_at = now_ms() + GRACE_MS;
}

static void end_command_now(struct agent *a)
{
	command_signal(&a->command, SIGKILL);
	command_forget(&a->command);
	a->kill_at = 0;
}

static void report_end(struct agent *a, enum wire_end end, uint32_t value)
{
	struct wire_exit report = { .end = end, .value = value };

	if (a->session != WIRE_SESSION_NONE)
		say(a, WIRE_EXIT, a->session, &report, sizeof(report));
}

/* Returns how much was passed on; 0 when nothing is left for now or for ever. */
static size_t pass_output(struct agent *a, int *fd, enum wire_type type)
{
	uint8_t chunk[16384];
	ssize_t got;

	if (*fd < 0)
		return 0;
	got = read(*fd, chunk, sizeof(chunk));
	if (got > 0) {
		if (a->session != WIRE_SESSION_NONE)
			say(a, type, a->session, chunk, got);
		return got;
	}
	/* A terminal says EIO when its last user has gone. */
	if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(*fd);
		*fd = -1;
	}
	return 0;
}

static void drain_output(struct agent *a, int *fd, enum wire_type type)
{
	size_t got, total = 0;

	/* Bounded: a daemon that the command leaves behind may write for ever. */
	do {
		got = pass_output(a, fd, type);
		total += got;
	} while (got && total <= PIPE_MAX);
}

static void command_ended(struct agent *a, int status)
{
	drain_output(a, &a->command.out, WIRE_STDOUT);
	drain_output(a, &a->command.err, WIRE_STDERR);
	if (WIFSIGNALED(status))
		report_end(a, WIRE_END_KILLED, WTERMSIG(status));
	else
		report_end(a, WIRE_END_EXITED, WEXITSTATUS(status));
	command_forget(&a->command);
	a->kill_at = 0;
}

static void reap_children(struct agent *a)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(a->signals, &info, sizeof(info)) == sizeof(info))
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == a->command.pid)
			command_ended(a, status);
}

static void feed_command(struct agent *a)
{
	uint32_t room = command_feed(&a->command);

	if (room)
		say(a, WIRE_STDIN_ROOM, a->session, &room, sizeof(room));
}

static void start_session(struct agent *a, uint32_t session)
{
	if (session != a->session) {
		end_command_now(a);
		wire_drop_queue(a->wire);
		a->session = session;
	}
	say(a, WIRE_HELLO, session, a->boot_id, strlen(a->boot_id));
}

static void start_command(struct agent *a, const struct wire_frame *frame)
{
	int err = -EBUSY;

	if (a->command.pid == 0)
		err = command_start(&a->command, frame->payload, frame->length);
	if (err)
		report_end(a, WIRE_END_NOT_STARTED, -err);
}

static void handle_frame(const struct wire_frame *frame, void *data)
{
	struct wire_winsize size;
	struct agent *a = data;
	uint32_t signal;

	/* Whoever is heard of is not gone, even if the port has not been told yet that he is there. */
	if (a->gone_at)
		a->gone_at = now_ms() + GONE_MS;
	if (frame->type == WIRE_HELLO && frame->session != WIRE_SESSION_NONE)
		start_session(a, frame->session);
	if (frame->session != a->session)
		return;
	if (frame->type == WIRE_EXEC) {
		start_command(a, frame);
		return;
	}
	if (a->command.pid == 0)
		return;
	if (frame->type == WIRE_STDIN) {
		if (command_add_input(&a->command, frame->payload, frame->length))
			feed_command(a);
		else
			end_command_now(a);
	} else if (frame->type == WIRE_SIGNAL && frame->length == sizeof(signal)) {
		memcpy(&signal, frame->payload, sizeof(signal));
		command_signal(&a->command, signal);
	} else if (frame->type == WIRE_WINSIZE && frame->length == sizeof(size)) {
		memcpy(&size, frame->payload, sizeof(size));
		command_set_size(&a->command, &size);
	}
}

static void client_gone(struct agent *a)
{
	end_command_gently(a);
	wire_drop_queue(a->wire);
	a->dropped_client = a->listener < 0 && a->session != WIRE_SESSION_NONE;
	a->session = WIRE_SESSION_NONE;
	if (a->listener >= 0) {
		wire_free(a->wire);
		a->wire = NULL;
		close(a->stream);
		a->stream = -1;
	}
}

/*
 * Edge-triggered, and so behind an epoll of its own: while nobody is connected outside, a virtio-serial port says
 * POLLHUP at any time, and a level-triggered wait would spin.
 */
static void add_stream(struct agent *a)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };

	a->wire = wire_new(a->stream);
	if (!a->wire)
		give_up("memory", -ENOMEM);
	if (epoll_ctl(a->stream_events, EPOLL_CTL_ADD, a->stream, &event) < 0)
		give_up("epoll", -errno);
}

static void accept_client(struct agent *a)
{
	a->stream = accept4(a->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (a->stream >= 0)
		add_stream(a);
}

static short poll_stream(const struct agent *a)
{
	struct pollfd stream = { a->stream, POLLIN | POLLRDHUP, 0 };

	return poll(&stream, 1, 0) > 0 ? stream.revents : 0;
}

/* Returns whether anybody is connected, after all that has come. */
static bool read_stream(struct agent *a)
{
	short events;
	int more;

	/* To look at the port takes new data off its queue, and then there is no event for it: so read it now. */
	do {
		more = wire_read(a->wire, handle_frame, a);
		if (more < 0 && a->listener < 0)
			give_up("port", more);
		events = poll_stream(a);
	} while (more > 0 && events & POLLIN);
	return !(events & (POLLHUP | POLLRDHUP | POLLERR));
}

/* As at the start: whoever waits for the end of a command must not wait for ever. */
static void greet_nobody(struct agent *a)
{
	say(a, WIRE_HELLO, WIRE_SESSION_NONE, a->boot_id, strlen(a->boot_id));
	a->dropped_client = false;
}

static void handle_stream(struct agent *a)
{
	struct epoll_event event;

	if (epoll_wait(a->stream_events, &event, 1, 0) != 1)
		return;
	if (read_stream(a)) {
		if (a->dropped_client)
			greet_nobody(a);
		if (wire_flush(a->wire) < 0 && a->listener < 0)
			give_up("port", -EIO);
	} else if (a->listener >= 0) {
		client_gone(a);
	} else if (!a->gone_at) {
		a->gone_at = now_ms() + GONE_MS;
	}
}

/* The port was disconnected when it was last looked at, and nobody has been heard of since. */
static void look_for_client(struct agent *a)
{
	bool connected = read_stream(a);

	if (!connected && now_ms() < a->gone_at)
		return;
	a->gone_at = 0;
	if (!connected)
		client_gone(a);
}

static void handle_timers(struct agent *a)
{
	int64_t now = now_ms();

	if (a->kill_at && now >= a->kill_at)
		end_command_now(a);
	if (a->gone_at && now >= a->gone_at)
		look_for_client(a);
}

static int wait_limit(const struct agent *a)
{
	int64_t first = a->kill_at, left;

	if (a->gone_at && (!first || a->gone_at < first))
		first = a->gone_at;
	if (!first)
		return -1;
	left = first - now_ms();
	return left > 0 ? left : 0;
}

static _Noreturn void serve(struct agent *a)
{
	enum { STREAM, SIGNALS, INPUT, OUTPUT, ERRORS, COUNT };

	for (;;) {
		struct command *c = &a->command;
		bool wants_output = a->wire && !wire_is_congested(a->wire);
		bool has_input = c->input_length || c->input_ended;
		struct pollfd fds[COUNT] = {
			[STREAM] = { a->stream < 0 ? a->listener : a->stream_events, POLLIN, 0 },
			[SIGNALS] = { a->signals, POLLIN, 0 },
			[INPUT] = { has_input ? c->in : -1, POLLOUT, 0 },
			[OUTPUT] = { wants_output ? c->out : -1, POLLIN, 0 },
			[ERRORS] = { wants_output ? c->err : -1, POLLIN, 0 },
		};

		if (poll(fds, COUNT, wait_limit(a)) < 0 && errno != EINTR)
			give_up("poll", -errno);
		if (fds[OUTPUT].revents)
			pass_output(a, &c->out, WIRE_STDOUT);
		if (fds[ERRORS].revents)
			pass_output(a, &c->err, WIRE_STDERR);
		if (fds[INPUT].revents)
			feed_command(a);
		if (fds[SIGNALS].revents)
			reap_children(a);
		handle_timers(a);
		if (fds[STREAM].revents && a->stream < 0)
			accept_client(a);
		else if (fds[STREAM].revents)
			handle_stream(a);
	}
}

static int catch_children(void)
{
	sigset_t mask;
	int fd;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		give_up("signalfd", -errno);
	return fd;
}

int main(int argc, char **argv)
{
	static struct agent a = { .listener = -1, .stream = -1,
				  .command = { .in = -1, .out = -1, .err = -1 } };

	if (argc != 3 || (strcmp(argv[1], "--port") && strcmp(argv[1], "--listen"))) {
		fprintf(stderr, "usage: vm-agent --port NAME | --listen SOCKET\n");
		return 2;
	}
	read_boot_id(&a);
	a.signals = catch_children();
	a.stream_events = epoll_create1(EPOLL_CLOEXEC);
	if (a.stream_events < 0)
		give_up("epoll", -errno);
	if (strcmp(argv[1], "--listen") == 0) {
		a.listener = port_listen(argv[2]);
		if (a.listener < 0)
			give_up(argv[2], a.listener);
	} else {
		a.stream = port_open(argv[2]);
		if (a.stream < 0)
			give_up(argv[2], a.stream);
		add_stream(&a);
		/* A client that has been connected all the time learns that the VM has rebooted. */
		greet_nobody(&a);
	}
	serve(&a);
}
