// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: the control socket, its clients, and the verbs about the GPU as a whole. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gpu-fixture.h"

#include "gpusim/control/control.h"
#include "gpusim/socket.h"

#define WAIT_MS		 10000
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define NO_SUCH_COMMAND	 (0x19u << 23)

struct host {
	char directory[32];
	char path[64];
	struct machine *machine;
	struct control_config config;
	struct control *control;
	bool connected;
	char answer[8192]; /* the last one */
};

static bool is_connected(void *opaque)
{
	const struct host *host = opaque;

	return host->connected;
}

static int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	assert_non_null(host);
	strcpy(host->directory, "/tmp/gpusim-control-XXXXXX");
	assert_non_null(mkdtemp(host->directory));
	snprintf(host->path, sizeof(host->path), "%s/socket", host->directory);
	host->machine = machine_new();
	host->config = (struct control_config){ .path = host->path,
						.gpu = host->machine->gpu,
						.connected = is_connected,
						.opaque = host };
	assert_int_equal(control_start(&host->config, &host->control), 0);
	*state = host;
	return 0;
}

static int teardown(void **state)
{
	struct host *host = *state;

	control_stop(host->control);
	/* The socket is gone, and nothing else was made. */
	assert_int_equal(rmdir(host->directory), 0);
	machine_free(host->machine);
	free(host);
	return 0;
}

static int join(struct host *host)
{
	int fd = socket_connect(host->path);
	struct timeval limit = { .tv_sec = WAIT_MS / 1000 };

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static void say(int fd, const char *text, size_t length)
{
	assert_int_equal(send(fd, text, length, MSG_NOSIGNAL), length);
}

/* Receive one answer, byte by byte: what is behind it stays in the socket. */
static void receive_answer(struct host *host, int fd)
{
	size_t length = 0, line = 0;

	for (;;) {
		assert_true(length < sizeof(host->answer) - 1);
		assert_int_equal(recv(fd, host->answer + length, 1, 0), 1);
		if (host->answer[length++] != '\n')
			continue;
		host->answer[length] = '\0';
		if (!strcmp(host->answer + line, "ok\n") ||
		    !strncmp(host->answer + line, "error: ", 7))
			return;
		line = length;
	}
}

static const char *ask(struct host *host, int fd, const char *line)
{
	say(fd, line, strlen(line));
	say(fd, "\n", 1);
	receive_answer(host, fd);
	return host->answer;
}

static void assert_ended(int fd)
{
	char byte;

	assert_true(recv(fd, &byte, 1, 0) <= 0);
}

#define assert_contains(text, part) assert_non_null(strstr(text, part))

static void test_help_lists_the_verbs(void **state)
{
	struct host *host = *state;
	int fd = join(host);
	const char *answer = ask(host, fd, "help");

	assert_contains(answer, "help ");
	assert_contains(answer, "reset ");
	assert_contains(answer, "status ");
	assert_string_equal(answer + strlen(answer) - 4, "\nok\n");
	close(fd);
}

static void test_wrong_commands(void **state)
{
	static const struct {
		const char *line;
		const char *error;
	} wrong[] = {
		{ "", "error: an empty line" },
		{ "  \t ", "error: an empty line" },
		{ "explode", "error: there is no command \"explode\"; \"help\" lists them" },
		{ "res et", "error: there is no command \"res\"" },
		{ "\"res et\"", "error: there is no command \"res et\"" },
		{ "res\\ et", "error: there is no command \"res et\"" },
		{ "\"a \\\" b\"", "error: there is no command \"a \" b\"" },
		{ "bell\a", "error: there is no command \"bell?\"" },
		{ "reset \"", "error: a quote is not closed" },
		{ "reset now", "error: this is not how reset is used: reset, alone" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 "
		  "30 31 32 33",
		  "error: more than 32 words" },
	};
	struct host *host = *state;
	int fd = join(host);

	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *answer = ask(host, fd, wrong[i].line);

		if (strncmp(answer, wrong[i].error, strlen(wrong[i].error)))
			fail_msg("\"%s\" was answered with %s", wrong[i].line, answer);
	}
	/* The connection has survived all of it; quotes and a carriage return are no harm. */
	assert_string_equal(ask(host, fd, " \"re\"set\r"), "ok\n");
	close(fd);
}

static void test_nul_byte(void **state)
{
	struct host *host = *state;
	int fd = join(host);

	say(fd, "reset\0now\n", 10);
	receive_answer(host, fd);
	assert_contains(host->answer, "error: a NUL byte");
	assert_string_equal(ask(host, fd, "reset"), "ok\n");
	close(fd);
}

static void test_line_too_long(void **state)
{
	static char line[CONTROL_MAX_LINE];
	struct host *host = *state;
	int fd = join(host);

	memset(line, ' ', sizeof(line));
	memcpy(line, "reset", 5);
	line[sizeof(line) - 2] = '\0';
	assert_string_equal(ask(host, fd, line), "ok\n");
	line[sizeof(line) - 2] = ' ';
	say(fd, line, sizeof(line));
	receive_answer(host, fd);
	assert_contains(host->answer, "error: a command of more than 4095 bytes");
	assert_ended(fd);
	close(fd);
}

static void test_several_commands_at_once(void **state)
{
	static const char lines[] = "reset\nexplode\nstatus\nres";
	struct host *host = *state;
	int fd = join(host);

	say(fd, lines, strlen(lines));
	receive_answer(host, fd);
	assert_string_equal(host->answer, "ok\n");
	receive_answer(host, fd);
	assert_contains(host->answer, "explode");
	receive_answer(host, fd);
	assert_contains(host->answer, "device skl-gt2");
	assert_string_equal(ask(host, fd, "et"), "ok\n");
	/* The last one lacks its newline, and the client says that no more will come. */
	say(fd, "reset", 5);
	shutdown(fd, SHUT_WR);
	receive_answer(host, fd);
	assert_string_equal(host->answer, "ok\n");
	assert_ended(fd);
	close(fd);
}

static void test_client_that_leaves_inside_a_line(void **state)
{
	struct host *host = *state;
	int fd = join(host);

	say(fd, "stat", 4);
	close(fd);
	fd = join(host);
	assert_string_equal(ask(host, fd, "reset"), "ok\n");
	close(fd);
}

static void test_many_clients(void **state)
{
	struct host *host = *state;
	int fds[CONTROL_MAX_CLIENTS], one_more;

	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		fds[i] = join(host);
		assert_string_equal(ask(host, fds[i], "reset"), "ok\n");
	}
	one_more = join(host);
	receive_answer(host, one_more);
	assert_contains(host->answer, "error: too many clients");
	assert_ended(one_more);
	close(one_more);
	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		assert_string_equal(ask(host, fds[i], "reset"), "ok\n");
		close(fds[i]);
	}
	for (unsigned int i = 0; i < 3 * CONTROL_MAX_CLIENTS; i++) {
		int fd = join(host);

		/* Answered at its end: this one was seen leaving before the next one comes. */
		assert_string_equal(ask(host, fd, "reset"), "ok\n");
		shutdown(fd, SHUT_WR);
		assert_ended(fd);
		close(fd);
	}
}

/* It asks and asks and never reads; others are served all the same. */
static void test_client_that_does_not_read(void **state)
{
	struct host *host = *state;
	int greedy = join(host), fd = join(host);
	struct pollfd writable = { .fd = greedy, .events = POLLOUT };

	while (poll(&writable, 1, 100) == 1)
		(void)!send(greedy, "status\nstatus\nstatus\nstatus\n", 28,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	assert_contains(ask(host, fd, "status"), "device");
	receive_answer(host, greedy);
	assert_contains(host->answer, "device");
	close(greedy);
	close(fd);
}

static void test_stop_with_clients(void **state)
{
	struct host *host = *state;
	int fd = join(host);

	assert_string_equal(ask(host, fd, "reset"), "ok\n");
	control_stop(host->control);
	host->control = NULL;
	assert_ended(fd);
	close(fd);
	assert_int_equal(socket_connect(host->path), -ENOENT);
}

static void test_socket_is_the_users_alone(void **state)
{
	struct host *host = *state;
	struct control *other;
	struct stat st;

	assert_int_equal(stat(host->path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(control_start(&host->config, &other), -EADDRINUSE);
}

static void test_status(void **state)
{
	struct host *host = *state;
	struct machine *machine = host->machine;
	uint64_t context = context_make(machine, 0);
	int fd = join(host);
	const char *answer = ask(host, fd, "status");

	assert_contains(answer, "device skl-gt2, aperture 256 MiB\n");
	assert_contains(answer, "client none\n");
	assert_contains(answer, "RCS     idle            0        0              0            0 ");
	host->connected = true;
	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	/* The store is behind it, the wait is not; two interrupts: of the start, of the wait. */
	while (!strstr(
		answer = ask(host, fd, "status"),
		"RCS     running        10       20          80010            1            2\n"))
		assert_contains(answer, "RCS     running");
	assert_contains(answer, "client connected\n");
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 2);
	answer = ask(host, fd, "status");
	assert_contains(answer, "RCS     idle           20       20 ");
	assert_contains(answer, "            1            3\n");
	close(fd);
}

static void test_reset_heals_a_hung_engine(void **state)
{
	struct host *host = *state;
	uint64_t context = context_make(host->machine, 0);
	int fd = join(host);

	RING_FILL(host->machine, 0, NO_SUCH_COMMAND, 0);
	elsp(host->machine, VECS, context, 0);
	while (!strstr(ask(host, fd, "status"), "VECS    hung"))
		;
	assert_contains(host->answer, "RCS     idle");
	assert_string_equal(ask(host, fd, "reset"), "ok\n");
	assert_contains(ask(host, fd, "status"), "VECS    idle");
	/* Power-on state: not what the fixture has set. */
	assert_int_equal(mmio_read32(host->machine, RCS + 0x80), 0);
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_help_lists_the_verbs),
		TEST(test_wrong_commands),
		TEST(test_nul_byte),
		TEST(test_line_too_long),
		TEST(test_several_commands_at_once),
		TEST(test_client_that_leaves_inside_a_line),
		TEST(test_many_clients),
		TEST(test_client_that_does_not_read),
		TEST(test_stop_with_clients),
		TEST(test_socket_is_the_users_alone),
		TEST(test_status),
		TEST(test_reset_heals_a_hung_engine),
	};

	return cmocka_run_group_tests_name("gpusim: control", tests, NULL, NULL);
}
