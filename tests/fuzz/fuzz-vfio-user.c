// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-vfio-user.c - libFuzzer target: a client's messages, with the whole GPU behind them
 *
 * The input is a sequence of records: a byte that says what comes with the message (enum how), a
 * byte for the command, a byte for the length, then as many bytes of payload. The version is agreed
 * before.
 *
 *   make fuzz-vfio-user && ./fuzz-vfio-user -max_len=4096 CORPUS
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gpusim/vfio-user/guard.h"
#include "gpusim/vfio-user/session.h"

#define MEMORY_SIZE (1u << 20)
#define RECORD_HEAD 3

enum how {
	HOW_FD_COUNT = 3 << 0,
	HOW_FD_KIND = 3 << 2,
	HOW_UNREAD = 1 << 4, /* leave the reply in the socket */
	HOW_NO_REPLY = 1 << 5, /* ask for none */
	HOW_RAW = 1 << 6, /* the payload is the whole message, header and all */
};

struct target {
	struct vu_session session;
	struct vu_irq irq;
	struct gpu *gpu;
	int client;
	int ended;
	int stop[2];
	int memory;
};

static void ignore_log(void *opaque, int level, const char *text)
{
}

static const struct vu_log no_log = { .write = ignore_log };

static void interrupt(void *opaque)
{
	struct target *target = opaque;

	vu_irq_raise(&target->irq);
}

static const struct gpu_host_ops ops = { .interrupt = interrupt, .log = ignore_log };

static struct target *make_target(void)
{
	static struct target target;
	struct gpu_config config = { .ops = &ops, .opaque = &target };

	signal(SIGPIPE, SIG_IGN);
	vu_guard_install();
	vu_irq_init(&target.irq);
	target.memory = memfd_create("memory", MFD_CLOEXEC);
	/* A stop that is always due: a client that does not read ends its session at once. */
	if (target.memory < 0 || ftruncate(target.memory, MEMORY_SIZE) || pipe(target.stop) ||
	    write(target.stop[1], "", 1) != 1 || gpu_new(&config, &target.gpu))
		abort();
	target.session.gpu = target.gpu;
	target.session.log = &no_log;
	target.session.irq = &target.irq;
	return &target;
}

static void serve(struct target *target)
{
	struct pollfd server = { .fd = target->session.connection.fd, .events = POLLIN };

	while (!target->ended && poll(&server, 1, 0) > 0)
		target->ended = vu_session_serve(&target->session);
}

static void drain(struct target *target)
{
	unsigned char reply[4096];

	while (recv(target->client, reply, sizeof(reply), MSG_DONTWAIT) > 0)
		;
}

static void send_bytes(struct target *target, const void *data, size_t length, const int *fds,
		       size_t fd_count)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(3 * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = length };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd_count) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		CMSG_FIRSTHDR(&msg)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&msg)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&msg)->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&msg)), fds, fd_count * sizeof(int));
	}
	sendmsg(target->client, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int make_fd(const struct target *target, unsigned int kind)
{
	switch (kind) {
	case 0:
		return dup(target->memory);
	case 1:
		return eventfd(0, EFD_CLOEXEC);
	case 2:
		return dup(target->stop[1]);
	default:
		return dup(target->client);
	}
}

static size_t make_message(unsigned char *message, unsigned int how, unsigned int command,
			   const uint8_t *payload, size_t length)
{
	struct vu_header header = { .command = (uint16_t)command,
				    .size = (uint32_t)(sizeof(header) + length),
				    .flags = how & HOW_NO_REPLY ? VU_FLAG_NO_REPLY : 0 };

	if (how & HOW_RAW) {
		memcpy(message, payload, length);
		return length;
	}
	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), payload, length);
	return header.size;
}

static void play_record(struct target *target, unsigned int how, unsigned int command,
			const uint8_t *payload, size_t length)
{
	unsigned char message[sizeof(struct vu_header) + UINT8_MAX];
	unsigned int fd_count = how & HOW_FD_COUNT;
	int fds[3];

	length = make_message(message, how, command, payload, length);
	for (unsigned int i = 0; i < fd_count; i++)
		fds[i] = make_fd(target, ((how & HOW_FD_KIND) >> 2) + i & 3);
	if (length)
		send_bytes(target, message, length, fds, fd_count);
	for (unsigned int i = 0; i < fd_count; i++)
		close(fds[i]);
	serve(target);
	if (!(how & HOW_UNREAD))
		drain(target);
}

static void agree(struct target *target)
{
	static const struct {
		struct vu_header header;
		struct vu_version version;
	} message = { .header = { .command = VU_VERSION, .size = sizeof(message) } };

	send_bytes(target, &message, sizeof(message), NULL, 0);
	serve(target);
	drain(target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target *target;
	int ends[2];

	if (!target)
		target = make_target();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ||
	    vu_session_open(&target->session, ends[0], target->stop[0]))
		abort();
	target->client = ends[1];
	target->ended = 0;
	agree(target);
	while (size >= RECORD_HEAD && !target->ended) {
		const uint8_t *head = data;
		size_t length = head[2];

		data += RECORD_HEAD;
		size -= RECORD_HEAD;
		if (length > size)
			length = size;
		play_record(target, head[0], head[1], data, length);
		data += length;
		size -= length;
	}
	vu_session_close(&target->session);
	close(target->client);
	return 0;
}
