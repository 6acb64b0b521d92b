// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: the vfio-user server's socket, its clients one after another, and its end. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vfio-user-fixture.h"
#include "gpusim/vfio-user/server.h"

#define WAIT_MS 10000

struct host {
	char directory[32];
	char path[64];
	struct gpu *gpu;
	struct vu_log log;
	struct vu_server *server;
	pthread_t thread;
	bool running;
	int stop[2];
	int result;
	unsigned int fds;
};

static void no_log(void *opaque, int level, const char *text)
{
}

static void *serve(void *opaque)
{
	struct host *host = opaque;

	host->result = vu_server_run(host->server, host->gpu, host->stop[0]);
	return NULL;
}

static int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	assert_non_null(host);
	host->fds = count_open_fds();
	strcpy(host->directory, "/tmp/vfio-user-XXXXXX");
	assert_non_null(mkdtemp(host->directory));
	snprintf(host->path, sizeof(host->path), "%s/socket", host->directory);
	host->log.write = no_log;
	host->gpu = fake_gpu_new();
	assert_int_equal(pipe(host->stop), 0);
	assert_int_equal(vu_server_new(&host->log, &host->server), 0);
	*state = host;
	return 0;
}

static void start(struct host *host)
{
	assert_int_equal(vu_server_listen(host->server, host->path), 0);
	assert_int_equal(pthread_create(&host->thread, NULL, serve, host), 0);
	host->running = true;
}

static void stop(struct host *host)
{
	assert_int_equal(write(host->stop[1], "", 1), 1);
	assert_int_equal(pthread_join(host->thread, NULL), 0);
	host->running = false;
	assert_int_equal(host->result, 0);
}

static int teardown(void **state)
{
	struct host *host = *state;

	if (host->running)
		stop(host);
	vu_server_free(host->server);
	unlink(host->path);
	/* Nothing else may be left in it. */
	assert_int_equal(rmdir(host->directory), 0);
	fake_gpu_free(host->gpu);
	close(host->stop[0]);
	close(host->stop[1]);
	assert_int_equal(count_open_fds(), host->fds);
	free(host);
	return 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = WAIT_MS / 1000 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

/* Send a command and receive `expected` bytes of an answer; false when the server hangs up. */
static bool call(int fd, uint16_t command, const void *payload, size_t length, void *answer,
		 size_t expected)
{
	struct vu_header header = { .command = command,
				    .size = (uint32_t)(sizeof(header) + length) };
	unsigned char message[256];

	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), payload, length);
	if (send(fd, message, header.size, MSG_NOSIGNAL) != (ssize_t)header.size)
		return false;
	return recv(fd, answer, expected, MSG_WAITALL) == (ssize_t)expected;
}

static bool agree(int fd)
{
	static const struct vu_version version;
	struct vu_header header;
	unsigned char rest[256];

	if (!call(fd, VU_VERSION, &version, sizeof(version), &header, sizeof(header)))
		return false;
	return recv(fd, rest, header.size - sizeof(header), MSG_WAITALL) > 0;
}

static void test_clients_one_after_another(void **state)
{
	struct host *host = *state;

	start(host);
	for (unsigned int i = 0; i < 50; i++) {
		int fd = connect_to(host->path);

		assert_true(agree(fd));
		/* The next one connects as soon as this one is gone. */
		close(fd);
	}
	stop(host);
	assert_int_equal(host->gpu->resets, 50);
}

/* The one before has left much to do when the next one is at the door already. */
static void test_client_behind_a_busy_one(void **state)
{
	struct {
		struct vu_header header;
		struct vu_region_access access;
		uint64_t data[512];
	} message = {
		{ .command = VU_REGION_WRITE, .size = sizeof(message), .flags = VU_FLAG_NO_REPLY },
		{ .region = 2, .count = sizeof(message.data) },
		{ 0 }
	};
	struct host *host = *state;

	start(host);
	for (unsigned int i = 0; i < 20; i++) {
		int fd = connect_to(host->path);

		assert_true(agree(fd));
		for (unsigned int j = 0; j < 20; j++)
			assert_int_equal(send(fd, &message, sizeof(message), MSG_NOSIGNAL),
					 sizeof(message));
		close(fd);
		fd = connect_to(host->path);
		assert_true(agree(fd));
		close(fd);
	}
}

static void test_second_client_is_let_go(void **state)
{
	struct host *host = *state;
	struct vu_header reply;
	int first, second;
	char byte;

	start(host);
	first = connect_to(host->path);
	assert_true(agree(first));
	second = connect_to(host->path);
	assert_int_equal(recv(second, &byte, 1, 0), 0);
	close(second);
	/* The first has not noticed. */
	assert_true(call(first, VU_DEVICE_RESET, "", 0, &reply, sizeof(reply)));
	assert_int_equal(reply.flags, VU_FLAG_TYPE_REPLY);
	close(first);
	second = connect_to(host->path);
	assert_true(agree(second));
	close(second);
}

static void test_client_that_breaks_the_protocol(void **state)
{
	struct host *host = *state;
	char byte;
	int fd;

	start(host);
	fd = connect_to(host->path);
	assert_int_equal(send(fd, "GET / HTTP/1.1\r\n", 16, MSG_NOSIGNAL), 16);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
	fd = connect_to(host->path);
	assert_true(agree(fd));
	close(fd);
}

static void test_largest_read(void **state)
{
	static unsigned char reply[sizeof(struct vu_header) + VU_MAX_PAYLOAD];
	struct vu_region_access read = { .region = 2, .count = VU_MAX_DATA };
	struct host *host = *state;
	int fd;

	start(host);
	host->gpu->bars[2][VU_MAX_DATA - 1] = 0x5a;
	fd = connect_to(host->path);
	assert_true(agree(fd));
	assert_true(call(fd, VU_REGION_READ, &read, sizeof(read), reply, sizeof(reply)));
	assert_int_equal(reply[sizeof(reply) - 1], 0x5a);
	close(fd);
}

static void test_interrupt_from_another_thread(void **state)
{
	struct {
		struct vu_header header;
		struct vu_irq_set set;
	} message = { { .command = VU_DEVICE_SET_IRQS, .size = sizeof(message) },
		      { .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_MSI_IRQ_INDEX,
			.count = 1 } };
	struct host *host = *state;
	struct fixture sender = { 0 };
	struct pollfd event;
	struct vu_header reply;

	start(host);
	sender.client = connect_to(host->path);
	assert_true(agree(sender.client));
	event = (struct pollfd){ .fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN };
	fixture_send_raw(&sender, &message, sizeof(message), &event.fd, 1);
	assert_int_equal(recv(sender.client, &reply, sizeof(reply), MSG_WAITALL), sizeof(reply));
	assert_int_equal(reply.flags, VU_FLAG_TYPE_REPLY);
	vu_server_interrupt(host->server);
	assert_int_equal(poll(&event, 1, WAIT_MS), 1);
	close(event.fd);
	close(sender.client);
}

static void test_end_with_a_client(void **state)
{
	struct host *host = *state;
	char byte;
	int fd;

	start(host);
	fd = connect_to(host->path);
	assert_true(agree(fd));
	stop(host);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
	vu_server_free(host->server);
	host->server = NULL;
	assert_int_equal(access(host->path, F_OK), -1);
}

static void test_socket_in_use(void **state)
{
	struct host *host = *state;
	struct vu_server *other;
	int fd;

	start(host);
	assert_int_equal(vu_server_new(&host->log, &other), 0);
	assert_int_equal(vu_server_listen(other, host->path), -EADDRINUSE);
	vu_server_free(other);
	/* Asking has done no harm. */
	fd = connect_to(host->path);
	assert_true(agree(fd));
	close(fd);
}

static void test_stale_socket_is_replaced(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct host *host = *state;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", host->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	start(host);
	fd = connect_to(host->path);
	assert_true(agree(fd));
	close(fd);
}

static void test_what_is_no_socket_stays(void **state)
{
	struct host *host = *state;
	FILE *file = fopen(host->path, "we");

	assert_non_null(file);
	fclose(file);
	assert_int_equal(vu_server_listen(host->server, host->path), -EEXIST);
	assert_int_equal(access(host->path, F_OK), 0);
}

static void test_paths(void **state)
{
	struct host *host = *state;
	char path[256];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[108] = '\0';
	assert_int_equal(vu_server_listen(host->server, path), -ENAMETOOLONG);
	snprintf(path, sizeof(path), "%s/nowhere/socket", host->directory);
	assert_int_equal(vu_server_listen(host->server, path), -ENOENT);
}

static void test_a_successors_socket_stays(void **state)
{
	struct host *host = *state;
	struct vu_server *other;

	start(host);
	assert_int_equal(unlink(host->path), 0);
	assert_int_equal(vu_server_new(&host->log, &other), 0);
	assert_int_equal(vu_server_listen(other, host->path), 0);
	stop(host);
	vu_server_free(host->server);
	host->server = NULL;
	assert_int_equal(access(host->path, F_OK), 0);
	vu_server_free(other);
	assert_int_equal(access(host->path, F_OK), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_clients_one_after_another),
		TEST(test_client_behind_a_busy_one),
		TEST(test_second_client_is_let_go),
		TEST(test_client_that_breaks_the_protocol),
		TEST(test_largest_read),
		TEST(test_interrupt_from_another_thread),
		TEST(test_end_with_a_client),
		TEST(test_socket_in_use),
		TEST(test_stale_socket_is_replaced),
		TEST(test_what_is_no_socket_stays),
		TEST(test_paths),
		TEST(test_a_successors_socket_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
