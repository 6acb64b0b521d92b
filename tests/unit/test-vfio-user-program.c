// SPDX-License-Identifier: GPL-2.0-or-later
/* gvt-gpusim as a program: options, exit status, what it prints, and what it leaves behind. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define WAIT_MS	     20000
#define MAX_ARGUMENT 12

struct run {
	char directory[32];
	char path[64];
	char out[4096]; /* standard output and error together */
	pid_t pid;
	int output;
};

static const char *program(void)
{
	const char *path = getenv("GVT_GPUSIM");

	return path ? path : "./gvt-gpusim";
}

static int setup(void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	strcpy(run->directory, "/tmp/gvt-gpusim-XXXXXX");
	assert_non_null(mkdtemp(run->directory));
	snprintf(run->path, sizeof(run->path), "%s/socket", run->directory);
	*state = run;
	return 0;
}

static int teardown(void **state)
{
	struct run *run = *state;

	if (run->pid) {
		kill(run->pid, SIGKILL);
		waitpid(run->pid, NULL, 0);
		close(run->output);
		unlink(run->path);
	}
	assert_int_equal(rmdir(run->directory), 0);
	free(run);
	return 0;
}

/* Start the program with arguments up to NULL. */
static void start(struct run *run, const char *const *arguments)
{
	const char *argv[MAX_ARGUMENT + 2] = { program() };
	int ends[2];

	for (unsigned int i = 0; arguments[i]; i++) {
		assert_true(i < MAX_ARGUMENT);
		argv[i + 1] = arguments[i];
	}
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	run->pid = fork();
	assert_true(run->pid >= 0);
	if (!run->pid) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	run->output = ends[0];
	run->out[0] = '\0';
}

#define START(run, ...) start(run, (const char *const[]){ __VA_ARGS__, NULL })

/* Read on until `text` was printed, or to the end where it is NULL. False: it never came. */
static bool read_until(struct run *run, const char *text)
{
	struct pollfd output = { .fd = run->output, .events = POLLIN };
	size_t have = strlen(run->out);

	while (!text || !strstr(run->out, text)) {
		ssize_t n;

		assert_int_equal(poll(&output, 1, WAIT_MS), 1);
		assert_true(have < sizeof(run->out) - 1);
		n = read(run->output, run->out + have, sizeof(run->out) - 1 - have);
		assert_true(n >= 0);
		if (n == 0)
			return !text;
		have += (size_t)n;
		run->out[have] = '\0';
	}
	return true;
}

/* The exit status; it must have ended by itself. */
static int finish(struct run *run)
{
	int status;

	read_until(run, NULL);
	assert_int_equal(waitpid(run->pid, &status, 0), run->pid);
	run->pid = 0;
	close(run->output);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void assert_one_line(const struct run *run, const char *part)
{
	const char *newline = strchr(run->out, '\n');

	if (!strstr(run->out, part))
		fail_msg("\"%s\" is not in: %s", part, run->out);
	assert_non_null(newline);
	assert_string_equal(newline, "\n");
}

static void test_help_version_devices(void **state)
{
	struct run *run = *state;

	START(run, "--help");
	assert_int_equal(finish(run), 0);
	assert_non_null(strstr(run->out, "--aperture"));
	START(run, "--version");
	assert_int_equal(finish(run), 0);
	assert_one_line(run, "gvt-gpusim ");
	START(run, "--device", "help");
	assert_int_equal(finish(run), 0);
	assert_non_null(strstr(run->out, "skl-gt2"));
	START(run, "--fault", "help");
	assert_int_equal(finish(run), 0);
	assert_non_null(strstr(run->out, "hang:ENGINE"));
}

static void test_misuse(void **state)
{
	struct run *run = *state;
	char path[256];

	START(run, "--verbose");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "--socket PATH is missing");
	START(run, "--socket", "");
	assert_int_equal(finish(run), 2);
	START(run, "--socket", run->path, "--aperture", "300M");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "256M, 512M or 1G");
	START(run, "--socket", run->path, "--device", "voodoo");
	assert_int_equal(finish(run), 2);
	assert_non_null(strstr(run->out, "no device \"voodoo\""));
	assert_non_null(strstr(run->out, "skl-gt2"));
	START(run, "--socket", run->path, "--colour");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "--colour");
	START(run, "--socket", run->path, "--fault", "hang:XCS");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "the engines are RCS, BCS");
	START(run, "--socket", run->path, "--seed", "-1");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "64 bits");
	START(run, "--socket", run->path, "more");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "unexpected argument \"more\"");
	memset(path, 'x', sizeof(path));
	path[108] = '\0';
	START(run, "--socket", path);
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "108 bytes");
}

static void test_ready_and_end(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	struct run *run = *state;
	char line[128];

	snprintf(line, sizeof(line), "gvt-gpusim: skl-gt2, aperture 512 MiB, listening on %s\n",
		 run->path);
	for (unsigned int i = 0; i < 3; i++) {
		START(run, "--socket", run->path, "--aperture", "512M");
		assert_true(read_until(run, "\n"));
		assert_string_equal(run->out, line);
		assert_int_equal(access(run->path, F_OK), 0);
		kill(run->pid, signals[i]);
		assert_int_equal(finish(run), 0);
		assert_int_equal(access(run->path, F_OK), -1);
		assert_string_equal(run->out, line);
	}
}

static void test_socket_in_use(void **state)
{
	struct run *run = *state, second = { .pid = 0 };

	START(run, "--socket", run->path);
	assert_true(read_until(run, "listening"));
	START(&second, "--socket", run->path);
	assert_int_equal(finish(&second), 1);
	assert_one_line(&second, "in use by another program");
	assert_int_equal(access(run->path, F_OK), 0);
	/* Killed outright it leaves its socket, which the next one replaces. */
	kill(run->pid, SIGKILL);
	waitpid(run->pid, NULL, 0);
	close(run->output);
	assert_int_equal(access(run->path, F_OK), 0);
	START(run, "--socket", run->path);
	assert_true(read_until(run, "listening"));
	kill(run->pid, SIGTERM);
	assert_int_equal(finish(run), 0);
}

static void test_places_that_cannot_be_written(void **state)
{
	struct run *run = *state;
	char path[96];

	snprintf(path, sizeof(path), "%s/nowhere/file", run->directory);
	START(run, "--socket", path);
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "No such file or directory");
	START(run, "--socket", run->path, "--log", path);
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "can't write the log");
	assert_int_equal(access(run->path, F_OK), -1);
	START(run, "--socket", run->directory);
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "is no socket");
}

/* What --ask prints and how it ends; the same struct can be used again. */
static int ask(struct run *question, const char *path, const char *word, const char *more)
{
	START(question, "--ask", path, word, more);
	return finish(question);
}

static void test_control(void **state)
{
	struct run *run = *state, question = { .pid = 0 };
	char path[64], other[64];

	snprintf(path, sizeof(path), "%s/control", run->directory);
	assert_int_equal(ask(&question, path, "status", NULL), 1);
	assert_one_line(&question, "nobody listens at");
	START(run, "--socket", run->path, "--control", path, "--seed", "0x10", "--fault",
	      "hang:BCS@7", "--fault", "gone:50/1000");
	assert_true(read_until(run, "listening"));
	assert_int_equal(ask(&question, path, "fault", NULL), 0);
	assert_string_equal(question.out, "hang:BCS@7                   0 events, struck 0\n"
					  "gone:50/1000                 0 events, struck 0\n");
	assert_int_equal(ask(&question, path, "fault", "none"), 0);
	assert_int_equal(ask(&question, path, "fault", NULL), 0);
	assert_string_equal(question.out, "");
	assert_int_equal(ask(&question, path, "fault", "gone"), 0);
	assert_int_equal(ask(&question, path, "status", NULL), 0);
	assert_non_null(strstr(question.out, "256 MiB, gone\n"));
	assert_int_equal(ask(&question, path, "fault", "back"), 0);
	assert_int_equal(ask(&question, path, "fault", "gone:now"), 1);
	assert_one_line(&question, "milliseconds");
	assert_int_equal(ask(&question, path, "status", NULL), 0);
	assert_non_null(strstr(question.out, "client none\n"));
	assert_int_equal(ask(&question, path, "reset", NULL), 0);
	assert_string_equal(question.out, "");
	assert_int_equal(ask(&question, path, "reset", "it all"), 1);
	assert_one_line(&question, "this is not how reset is used");
	assert_int_equal(ask(&question, path, "two\nlines", NULL), 2);
	assert_one_line(&question, "newline");
	START(&question, "--ask", path);
	assert_int_equal(finish(&question), 2);
	assert_one_line(&question, "needs a command");
	START(&question, "--socket", path, "--ask", path, "reset");
	assert_int_equal(finish(&question), 2);
	/* In use: whoever finds that leaves nothing behind. */
	snprintf(other, sizeof(other), "%s/other", run->directory);
	START(&question, "--socket", other, "--control", path);
	assert_int_equal(finish(&question), 1);
	assert_one_line(&question, "in use by another program");
	assert_int_equal(access(other, F_OK), -1);
	kill(run->pid, SIGTERM);
	assert_int_equal(finish(run), 0);
	assert_int_equal(access(path, F_OK), -1);
}

/* A trace is whole after SIGTERM, and --decode says what is no trace. */
static void test_trace(void **state)
{
	struct run *run = *state;
	char path[64];

	snprintf(path, sizeof(path), "%s/trace", run->directory);
	START(run, "--socket", run->path, "--trace", path, "--trace-filter",
	      "submissions,registers");
	assert_true(read_until(run, "listening"));
	kill(run->pid, SIGTERM);
	assert_int_equal(finish(run), 0);
	START(run, "--decode", path);
	assert_int_equal(finish(run), 0);
	assert_non_null(strstr(run->out, "# gvt-gpusim trace, version 1, of skl-gt2, begun 20"));
	unlink(path);
	START(run, "--decode", path);
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "No such file");
	START(run, "--decode", program());
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "byte 0: this is no trace");
	START(run, "--socket", run->path, "--trace", "/nowhere/trace");
	assert_int_equal(finish(run), 1);
	assert_one_line(run, "can't write the trace");
	assert_int_equal(access(run->path, F_OK), -1);
	START(run, "--socket", run->path, "--trace-filter", "everything");
	assert_int_equal(finish(run), 2);
	assert_one_line(run, "submissions, commands, registers, interrupts");
}

static void test_broken_peer_is_logged(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct run *run = *state;
	int fd;

	START(run, "--socket", run->path, "--log", "-");
	assert_true(read_until(run, "listening"));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", run->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(send(fd, "nonsense of 16 bytes", 20, MSG_NOSIGNAL), 20);
	assert_true(read_until(run, "error: client dropped: "));
	close(fd);
	kill(run->pid, SIGTERM);
	assert_int_equal(finish(run), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_help_version_devices),
		TEST(test_misuse),
		TEST(test_ready_and_end),
		TEST(test_socket_in_use),
		TEST(test_places_that_cannot_be_written),
		TEST(test_control),
		TEST(test_trace),
		TEST(test_broken_peer_is_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
