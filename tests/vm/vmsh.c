// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmsh: run a command in a VM through its agent. See usage().
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

/* Exit statuses of vmsh's own; 126 and 127 mean what they mean to a shell. */
enum {
	STATUS_TIME_OUT = 124,
	STATUS_NO_VM = 125,
	STATUS_NOT_STARTED = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_KILLED = 128,
};

/* A socket that is bound but does not listen yet gives no event to wait for. */
#define CONNECT_AGAIN_MS 10

/* How long a process may take to end after it has closed its socket. */
#define DEATH_MS 5000

enum state {
	GREETING,	/* waiting for the agent to say that it is up */
	RUNNING,
	REBOOTING,	/* waiting for the agent of the next boot */
	DONE,
};

struct vmsh {
	const char *path;
	char **argv;		/* NULL: only wait until the VM is up */
	const char *directory;
	char **environment;
	size_t environment_count;
	int vm_process;		/* pidfd, or -1 */
	int64_t deadline;	/* ms of CLOCK_MONOTONIC, 0: none */
	double limit;
	bool want_pty;
	bool no_stdin;
	bool want_reboot;

	int socket;
	int signals;
	struct wire *wire;
	uint32_t session;
	enum state state;
	int status;
	char boot_id[64];
	size_t stdin_room;
	bool stdin_ended;
};

/* What must be put back however vmsh ends. */
static struct termios cooked;
static bool is_raw;

static void restore_terminal(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
	is_raw = false;
}

static _Noreturn __attribute__((format(printf, 2, 3))) void end(int status, const char *format, ...)
{
	va_list args;

	restore_terminal();
	fprintf(stderr, "vmsh: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(status);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int time_left(const struct vmsh *v)
{
	int64_t left;

	if (!v->deadline)
		return -1;
	left = v->deadline - now_ms();
	return left > 0 ? left : 0;
}

static void send_frame(struct vmsh *v, enum wire_type type, const void *payload, size_t length)
{
	int err = wire_send(v->wire, type, v->session, payload, length);

	if (err)
		end(STATUS_NO_VM, "%s: the VM has gone: %s", v->path, strerror(-err));
}

static _Noreturn void timed_out(struct vmsh *v)
{
	uint32_t kill = SIGKILL;

	switch (v->state) {
	case GREETING:
		end(STATUS_TIME_OUT, "%s: no VM answered within %g s", v->path, v->limit);
	case REBOOTING:
		end(STATUS_TIME_OUT, "%s: the VM did not come back within %g s", v->path, v->limit);
	default:
		wire_send(v->wire, WIRE_SIGNAL, v->session, &kill, sizeof(kill));
		end(STATUS_TIME_OUT, "\"%s\" did not end within %g s", v->argv[0], v->limit);
	}
}

static struct wire_winsize terminal_size(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return (struct wire_winsize){ 24, 80 };
	return (struct wire_winsize){ size.ws_row, size.ws_col };
}

static void handle_signal(struct vmsh *v)
{
	struct signalfd_siginfo info;
	struct wire_winsize size;
	uint32_t number;

	if (read(v->signals, &info, sizeof(info)) != sizeof(info))
		return;
	number = info.ssi_signo;
	if (number == SIGWINCH) {
		size = terminal_size();
		if (v->want_pty && v->state == RUNNING)
			send_frame(v, WIRE_WINSIZE, &size, sizeof(size));
		return;
	}
	if (v->state == RUNNING)
		send_frame(v, WIRE_SIGNAL, &number, sizeof(number));
	restore_terminal();
	exit(STATUS_KILLED + number);
}

static int try_connect(const struct vmsh *v)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(v->path) >= sizeof(address.sun_path))
		end(STATUS_NO_VM, "%s: path too long for a socket", v->path);
	strcpy(address.sun_path, v->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		end(STATUS_NO_VM, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	if (errno != ENOENT && errno != ECONNREFUSED)
		end(STATUS_NO_VM, "%s: %s", v->path, strerror(errno));
	return -1;
}

static int watch_directory_of(const char *path)
{
	char *directory = strdup(path), *slash;
	int watch;

	slash = strrchr(directory, '/');
	if (slash)
		*slash = '\0';
	watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch < 0 || inotify_add_watch(watch, slash ? directory : ".", IN_CREATE | IN_MOVED_TO) < 0)
		end(STATUS_NO_VM, "%s: %s", path, strerror(errno));
	free(directory);
	return watch;
}

static void connect_to_vm(struct vmsh *v)
{
	int watch = watch_directory_of(v->path);
	char events[4096];

	while ((v->socket = try_connect(v)) < 0) {
		struct pollfd fds[] = { { watch, POLLIN, 0 }, { v->vm_process, POLLIN, 0 },
					{ v->signals, POLLIN, 0 } };
		int wait = time_left(v);

		if (wait == 0)
			timed_out(v);
		if (access(v->path, F_OK) == 0 && (wait < 0 || wait > CONNECT_AGAIN_MS))
			wait = CONNECT_AGAIN_MS;
		poll(fds, 3, wait);
		if (fds[2].revents)
			handle_signal(v);
		if (fds[1].revents)
			end(STATUS_NO_VM, "%s: the VM's process ended before it listened", v->path);
		while (read(watch, events, sizeof(events)) > 0)
			;
	}
	close(watch);
	fcntl(v->socket, F_SETFL, O_NONBLOCK);
	v->wire = wire_new(v->socket);
	if (!v->wire)
		end(STATUS_NO_VM, "out of memory");
}

static void make_terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &cooked) < 0)
		return;
	raw = cooked;
	cfmakeraw(&raw);
	is_raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static void add_string(uint8_t *payload, size_t *length, const char *string)
{
	size_t more = strlen(string) + 1;

	if (more > WIRE_PAYLOAD_MAX - *length)
		end(STATUS_NOT_STARTED, "the command line is longer than %d bytes", WIRE_PAYLOAD_MAX);
	memcpy(payload + *length, string, more);
	*length += more;
}

static void send_command(struct vmsh *v)
{
	struct wire_exec head = { .pty = v->want_pty, .size = terminal_size() };
	static uint8_t payload[WIRE_PAYLOAD_MAX];
	size_t length = sizeof(head), argc;

	add_string(payload, &length, v->directory);
	for (argc = 0; v->argv[argc]; argc++)
		add_string(payload, &length, v->argv[argc]);
	for (size_t i = 0; i < v->environment_count; i++)
		add_string(payload, &length, v->environment[i]);
	if (argc > UINT16_MAX)
		end(STATUS_NOT_STARTED, "too many arguments");
	head.argc = argc;
	memcpy(payload, &head, sizeof(head));
	if (v->want_pty)
		make_terminal_raw();
	send_frame(v, WIRE_EXEC, payload, length);
	v->stdin_room = WIRE_STDIN_WINDOW;
	if (v->no_stdin) {
		send_frame(v, WIRE_STDIN, NULL, 0);
		v->stdin_ended = true;
	}
}

static void write_out(int fd, const uint8_t *data, size_t length)
{
	struct pollfd room = { fd, POLLOUT, 0 };
	ssize_t done;

	while (length) {
		done = write(fd, data, length);
		if (done < 0 && errno == EAGAIN)
			poll(&room, 1, -1);
		else if (done < 0 && errno != EINTR)
			end(STATUS_NO_VM, "cannot write the command's output: %s", strerror(errno));
		if (done > 0) {
			data += done;
			length -= done;
		}
	}
}

static void agent_said_hello(struct vmsh *v, const struct wire_frame *frame)
{
	char boot_id[sizeof(v->boot_id)] = "";
	bool same;

	memcpy(boot_id, frame->payload,
	       frame->length < sizeof(boot_id) ? frame->length : sizeof(boot_id) - 1);
	same = strcmp(boot_id, v->boot_id) == 0;
	switch (v->state) {
	case GREETING:
		if (frame->session != v->session) {
			/* Our greeting may have gone to the agent of the boot before. */
			send_frame(v, WIRE_HELLO, NULL, 0);
			break;
		}
		strcpy(v->boot_id, boot_id);
		v->state = v->argv ? RUNNING : DONE;
		if (v->argv)
			send_command(v);
		break;
	case RUNNING:
		if (frame->session == v->session && same)
			break;
		if (v->want_reboot && !same)
			v->state = DONE;
		else
			end(STATUS_NO_VM, same ? "the VM's agent has restarted, or took us for gone" :
			    "the VM has rebooted while \"%s\" ran", v->argv[0]);
		break;
	case REBOOTING:
		if (!same)
			v->state = DONE;
		break;
	case DONE:
		break;
	}
}

static void command_ended(struct vmsh *v, const struct wire_frame *frame)
{
	struct wire_exit report;

	if (frame->length != sizeof(report))
		return;
	memcpy(&report, frame->payload, sizeof(report));
	v->state = DONE;
	switch (report.end) {
	case WIRE_END_EXITED:
		v->status = report.value;
		if (v->want_reboot && v->status == 0)
			v->state = REBOOTING;
		break;
	case WIRE_END_KILLED:
		v->status = STATUS_KILLED + report.value;
		break;
	default:
		end(report.value == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_STARTED,
		    "cannot run \"%s\" in the VM: %s", v->argv[0], strerror(report.value));
	}
}

static void handle_frame(const struct wire_frame *frame, void *data)
{
	struct vmsh *v = data;
	uint32_t room;

	if (frame->type == WIRE_HELLO) {
		agent_said_hello(v, frame);
		return;
	}
	if (frame->session != v->session || v->state != RUNNING)
		return;
	if (frame->type == WIRE_STDOUT) {
		write_out(STDOUT_FILENO, frame->payload, frame->length);
	} else if (frame->type == WIRE_STDERR) {
		write_out(STDERR_FILENO, frame->payload, frame->length);
	} else if (frame->type == WIRE_STDIN_ROOM && frame->length == sizeof(room)) {
		memcpy(&room, frame->payload, sizeof(room));
		v->stdin_room += room;
	} else if (frame->type == WIRE_EXIT) {
		command_ended(v, frame);
	}
}

static void pass_stdin(struct vmsh *v)
{
	uint8_t chunk[16384];
	ssize_t got;

	got = read(STDIN_FILENO, chunk, v->stdin_room < sizeof(chunk) ? v->stdin_room : sizeof(chunk));
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		v->stdin_ended = true;
		got = 0;
	}
	v->stdin_room -= got;
	send_frame(v, WIRE_STDIN, chunk, got);
}

/* A socket must not become the command's input because vmsh was started without one. */
static void open_missing_stdio(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

static void open_signals(struct vmsh *v)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGWINCH);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	v->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (v->signals < 0)
		end(STATUS_NO_VM, "signalfd: %s", strerror(errno));
}

/* A process that dies closes its socket first; callers may look whether it is still there. */
static _Noreturn void vm_died(struct vmsh *v)
{
	struct pollfd process = { v->vm_process, POLLIN, 0 };

	poll(&process, 1, v->vm_process < 0 ? 0 : DEATH_MS);
	end(STATUS_NO_VM, "%s: the VM has died", v->path);
}

static void talk(struct vmsh *v)
{
	enum { SOCKET, SIGNALS, INPUT, COUNT };

	send_frame(v, WIRE_HELLO, NULL, 0);
	while (v->state != DONE) {
		bool wants_input = v->state == RUNNING && !v->stdin_ended && v->stdin_room &&
				   !wire_is_congested(v->wire);
		struct pollfd fds[COUNT] = {
			[SOCKET] = { v->socket, POLLIN, 0 },
			[SIGNALS] = { v->signals, POLLIN, 0 },
			[INPUT] = { wants_input ? STDIN_FILENO : -1, POLLIN, 0 },
		};
		int more = 1, err;

		if (wire_has_queue(v->wire))
			fds[SOCKET].events |= POLLOUT;
		if (poll(fds, COUNT, time_left(v)) == 0)
			timed_out(v);
		if (fds[SIGNALS].revents)
			handle_signal(v);
		if (fds[INPUT].revents)
			pass_stdin(v);
		err = wire_flush(v->wire);
		if (fds[SOCKET].revents & ~POLLOUT)
			more = wire_read(v->wire, handle_frame, v);
		if (v->state != DONE && (more <= 0 || err < 0))
			vm_died(v);
	}
}

static void usage(FILE *to)
{
	fprintf(to,
		"usage: vmsh [options] SOCKET [--] [COMMAND [ARGUMENT...]]\n"
		"\n"
		"Run COMMAND in the VM behind SOCKET; with no command, wait until the VM is up.\n"
		"\n"
		"  -t, --timeout SECONDS  give up after that time, the wait for the VM included\n"
		"  -p, --pid PID|FILE     the VM's process, or the file with its id: give up when it ends\n"
		"  -d, --chdir DIR        run the command there\n"
		"  -e, --env NAME=VALUE   add to the command's environment\n"
		"  -n, --no-stdin         the command gets no input\n"
		"  -P, --pty              run the command on a terminal\n"
		"  -r, --reboot           the command reboots the VM: wait until it is up again\n"
		"  -h, --help             show this\n"
		"\n"
		"Exit status: the command's own; 128+N: it was killed by signal N; 127, 126: it could\n"
		"not be started; 125: there is no VM, or it died; 124: the time was up.\n");
}

static void read_pid_file(const char *path, char *pid, size_t size)
{
	FILE *file = fopen(path, "re");

	if (!file || !fgets(pid, size, file))
		end(STATUS_NO_VM, "the VM's process is not there: %s: %s", path, strerror(errno));
	fclose(file);
	pid[strcspn(pid, "\n")] = '\0';
}

static int open_process(const char *argument)
{
	char text[32] = "", *rest;
	long pid;
	int fd;

	if (argument[0] == '/') {
		read_pid_file(argument, text, sizeof(text));
		argument = text;
	}
	pid = strtol(argument, &rest, 10);
	if (pid <= 0 || *rest)
		end(2, "not a process id: %s", argument);
	fd = syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (fd < 0)
		end(STATUS_NO_VM, "the VM's process %ld is not there: %s", pid, strerror(errno));
	return fd;
}

static void set_limit(struct vmsh *v, const char *argument)
{
	char *rest;

	v->limit = strtod(argument, &rest);
	if (*rest || !(v->limit > 0 && v->limit < 1e9))
		end(2, "not a number of seconds: %s", argument);
	v->deadline = now_ms() + (int64_t)(v->limit * 1000);
}

static void parse_options(struct vmsh *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "timeout", required_argument, NULL, 't' }, { "pid", required_argument, NULL, 'p' },
		{ "chdir", required_argument, NULL, 'd' },   { "env", required_argument, NULL, 'e' },
		{ "no-stdin", no_argument, NULL, 'n' },	     { "pty", no_argument, NULL, 'P' },
		{ "reboot", no_argument, NULL, 'r' },	     { "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "+t:p:d:e:nPrh", options, NULL)) != -1) {
		switch (option) {
		case 't':
			set_limit(v, optarg);
			break;
		case 'p':
			v->vm_process = open_process(optarg);
			break;
		case 'd':
			v->directory = optarg;
			break;
		case 'e':
			v->environment[v->environment_count++] = optarg;
			break;
		case 'n':
			v->no_stdin = true;
			break;
		case 'P':
			v->want_pty = true;
			break;
		case 'r':
			v->want_reboot = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind == argc) {
		usage(stderr);
		exit(2);
	}
	v->path = argv[optind++];
	if (optind < argc && strcmp(argv[optind], "--") == 0)
		optind++;
	if (optind < argc)
		v->argv = argv + optind;
}

int main(int argc, char **argv)
{
	static struct vmsh v = { .directory = "", .vm_process = -1 };

	open_missing_stdio();
	v.environment = calloc(argc, sizeof(char *));
	if (!v.environment)
		end(STATUS_NO_VM, "out of memory");
	parse_options(&v, argc, argv);
	while (v.session == WIRE_SESSION_NONE)
		if (getrandom(&v.session, sizeof(v.session), 0) != sizeof(v.session))
			end(STATUS_NO_VM, "no random numbers: %s", strerror(errno));
	open_signals(&v);
	connect_to_vm(&v);
	talk(&v);
	restore_terminal();
	return v.status;
}
