// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a machine's access to a register or the aperture costs over the vfio-user socket, beside two
 * processes that exchange messages of the same sizes and do nothing else.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "gpusim/gpu/gpu.h"
#include "gpusim/socket.h"
#include "gpusim/vfio-user/protocol.h"
#include "gpusim/vfio-user/server.h"

#define RAM_SIZE (4u << 20)
#define FUSE2	 0x9120u

/* A message with room for the data of the access. */
struct message {
	struct vu_header header;
	struct vu_region_access access;
	uint32_t data;
};

/* Messages with and without the data; the structure ends in padding. */
#define BARE_SIZE (sizeof(struct vu_header) + sizeof(struct vu_region_access))
#define DATA_SIZE (BARE_SIZE + sizeof(uint32_t))

struct client {
	int fd;
	struct message request;
	size_t reply; /* bytes of the answer; 0: none comes */
};

static void send_all(int fd, const void *data, size_t length)
{
	if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		bench_die("can't send");
}

static void receive_all(int fd, void *data, size_t length)
{
	if (recv(fd, data, length, MSG_WAITALL) != (ssize_t)length)
		bench_die("the other side has left");
}

/* Requests and their replies, if they have any, in turn. */
static void ask(void *opaque, uint64_t times)
{
	struct client *client = opaque;
	struct message reply;

	while (times--) {
		send_all(client->fd, &client->request, client->request.header.size);
		if (client->reply)
			receive_all(client->fd, &reply, client->reply);
	}
}

static struct message make_request(uint16_t command, uint32_t region, uint64_t offset)
{
	struct message message = { .header = { .command = command, .size = BARE_SIZE },
				   .access = { .offset = offset, .region = region, .count = 4 } };

	if (command == VU_REGION_WRITE)
		message.header.size += 4;
	return message;
}

/* Posted writes, as QEMU sends them, and a read behind them that says that all are done. */
static void post(void *opaque, uint64_t times)
{
	struct client *client = opaque;
	struct client last = { client->fd, make_request(VU_REGION_READ, 0, FUSE2), DATA_SIZE };

	ask(client, times);
	ask(&last, 1);
}

static void ignore_log(void *opaque, int level, const char *text)
{
}

static void interrupt(void *opaque)
{
	vu_server_interrupt(opaque);
}

/* The child: a server as main.c makes it, with some memory and a GGTT that has all of it. */
static _Noreturn void serve(const char *path, int ready)
{
	static const struct vu_log log = { .write = ignore_log };
	static const struct gpu_host_ops ops = { .interrupt = interrupt, .log = ignore_log };
	struct gpu_config config = { .ops = &ops };
	struct vu_server *server;
	struct gpu *gpu;
	int never[2];

	if (vu_server_new(&log, &server) || pipe(never))
		_exit(EXIT_FAILURE);
	config.opaque = server;
	if (gpu_new(&config, &gpu) || vu_server_listen(server, path) || write(ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	vu_server_run(server, gpu, never[0]);
	_exit(EXIT_FAILURE);
}

/* The bare limit: so many bytes in, so many out. */
static _Noreturn void echo(int fd, size_t in, size_t out)
{
	struct message message = { .data = 0 };

	while (recv(fd, &message, in, MSG_WAITALL) == (ssize_t)in) {
		if (out && send(fd, &message, out, MSG_NOSIGNAL) != (ssize_t)out)
			break;
	}
	_exit(EXIT_SUCCESS);
}

static double measure_bare(size_t in, size_t out)
{
	struct client client = { .request.header.size = (uint32_t)in, .reply = out };
	struct bench_rate rate = { ask, &client, 1 };
	int ends[2];
	double result;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		bench_die("no socket");
	child = fork();
	if (child < 0)
		bench_die("no process");
	if (!child) {
		close(ends[0]);
		echo(ends[1], in, out);
	}
	close(ends[1]);
	client.fd = ends[0];
	result = bench_measure(&rate);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return result;
}

static void agree(int fd)
{
	struct {
		struct vu_header header;
		struct vu_version version;
	} hello = { .header = { .command = VU_VERSION, .size = sizeof(hello) } };
	unsigned char rest[4096];

	send_all(fd, &hello, sizeof(hello));
	receive_all(fd, &hello.header, sizeof(hello.header));
	receive_all(fd, rest, hello.header.size - sizeof(hello.header));
}

/* Memory for the aperture to lead to. */
static void map_memory(int fd)
{
	struct {
		struct vu_header header;
		struct vu_dma_map map;
	} request = { .header = { .command = VU_DMA_MAP, .size = sizeof(request) },
		      .map = { .argsz = sizeof(request.map),
			       .flags = VU_DMA_MAP_READ | VU_DMA_MAP_WRITE,
			       .size = RAM_SIZE } };
	int memory = memfd_create("bench", MFD_CLOEXEC);
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { .iov_base = &request, .iov_len = sizeof(request) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (memory < 0 || ftruncate(memory, RAM_SIZE))
		bench_die("no memory");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &memory, sizeof(memory));
	if (sendmsg(fd, &message, MSG_NOSIGNAL) != sizeof(request))
		bench_die("can't send");
	receive_all(fd, &request.header, sizeof(request.header));
	close(memory);
}

static void map_ggtt(int fd)
{
	struct client client = { fd, make_request(VU_REGION_WRITE, 0, 0), BARE_SIZE };

	for (uint32_t page = 0; page < RAM_SIZE / 4096; page++) {
		client.request.access.offset = GPU_GGTT_OFFSET + 8 * page;
		client.request.data = page * 4096 | 1;
		ask(&client, 1);
	}
}

static void report(const char *name, const struct bench_rate *rate, size_t in, size_t out)
{
	struct bench_result result = {
		"server",	name, BENCH_TRIPS, bench_measure(rate), measure_bare(in, out),
		"bare messages"
	};

	bench_report(&result);
}

static void measure(int fd)
{
	struct client read = { fd, make_request(VU_REGION_READ, 0, FUSE2), DATA_SIZE };
	struct client write = { fd, make_request(VU_REGION_WRITE, 0, 0x2098), BARE_SIZE };
	struct client pixel_read = { fd, make_request(VU_REGION_READ, 2, 4096), DATA_SIZE };
	struct client pixel = { fd, make_request(VU_REGION_WRITE, 2, 4096), BARE_SIZE };
	struct client posted = { fd, make_request(VU_REGION_WRITE, 2, 4096), 0 };

	posted.request.header.flags = VU_FLAG_NO_REPLY;
	report("register read", &(struct bench_rate){ ask, &read, 1 }, BARE_SIZE, DATA_SIZE);
	report("register write", &(struct bench_rate){ ask, &write, 1 }, DATA_SIZE, BARE_SIZE);
	report("aperture read", &(struct bench_rate){ ask, &pixel_read, 1 }, BARE_SIZE, DATA_SIZE);
	report("aperture write", &(struct bench_rate){ ask, &pixel, 1 }, DATA_SIZE, BARE_SIZE);
	report("aperture write, posted", &(struct bench_rate){ post, &posted, 1 }, DATA_SIZE, 0);
}

void bench_server(void)
{
	char directory[] = "/tmp/gpusim-bench-XXXXXX", path[64], byte;
	int ready[2], fd;
	pid_t child;

	if (!mkdtemp(directory) || pipe(ready))
		bench_die("no place for a socket");
	snprintf(path, sizeof(path), "%s/socket", directory);
	child = fork();
	if (child < 0)
		bench_die("no process");
	if (!child)
		serve(path, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		bench_die("the server did not start");
	fd = socket_connect(path);
	errno = fd < 0 ? -fd : 0;
	if (fd < 0)
		bench_die("can't connect");
	agree(fd);
	map_memory(fd);
	map_ggtt(fd);
	measure(fd);
	close(fd);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	unlink(path);
	rmdir(directory);
}
