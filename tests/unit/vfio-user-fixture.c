// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vfio-user-fixture.h"

unsigned int count_open_fds(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* The fake GPU. */

struct gpu *fake_gpu_new(void)
{
	struct gpu *gpu = calloc(1, sizeof(*gpu));

	assert_non_null(gpu);
	for (unsigned int i = 0; i < GPU_BAR_COUNT; i++) {
		gpu->bars[i] = calloc(1, FAKE_BAR_BYTES);
		assert_non_null(gpu->bars[i]);
	}
	gpu->ggtt_fd = memfd_create("ggtt", MFD_CLOEXEC);
	assert_true(gpu->ggtt_fd >= 0);
	return gpu;
}

void fake_gpu_free(struct gpu *gpu)
{
	for (unsigned int i = 0; i < GPU_BAR_COUNT; i++)
		free(gpu->bars[i]);
	close(gpu->ggtt_fd);
	free(gpu);
}

void gpu_reset(struct gpu *gpu)
{
	gpu->resets++;
}

uint64_t gpu_bar_size(const struct gpu *gpu, unsigned int bar)
{
	switch (bar) {
	case GPU_BAR_GTTMMADR:
		return GPU_GTTMMADR_SIZE;
	case GPU_BAR_APERTURE:
		return 256ull << 20;
	case GPU_BAR_IO:
		return 64;
	default:
		return 0;
	}
}

/* gpu.h leaves the check to whoever implements it; the session must not lean on that. */
int gpu_config_read(struct gpu *gpu, unsigned int offset, void *data, size_t length)
{
	assert_true(offset + length <= GPU_CONFIG_SIZE);
	memcpy(data, gpu->config + offset, length);
	return 0;
}

int gpu_config_write(struct gpu *gpu, unsigned int offset, const void *data, size_t length)
{
	assert_true(offset + length <= GPU_CONFIG_SIZE);
	memcpy(gpu->config + offset, data, length);
	return 0;
}

static void record_access(struct gpu *gpu, unsigned int bar, uint64_t offset, size_t length)
{
	assert_true(offset < gpu_bar_size(gpu, bar) && length <= gpu_bar_size(gpu, bar) - offset);
	gpu->last_offset = offset;
	gpu->last_length = length;
}

/* Odd offsets are refused, to have something that is. */
int gpu_bar_read(struct gpu *gpu, unsigned int bar, uint64_t offset, void *data, size_t length)
{
	record_access(gpu, bar, offset, length);
	if (offset & 1)
		return -EINVAL;
	memset(data, 0xaa, length);
	if (offset + length <= FAKE_BAR_BYTES)
		memcpy(data, gpu->bars[bar] + offset, length);
	return 0;
}

int gpu_bar_write(struct gpu *gpu, unsigned int bar, uint64_t offset, const void *data,
		  size_t length)
{
	record_access(gpu, bar, offset, length);
	if (offset & 1)
		return -EINVAL;
	if (offset + length <= FAKE_BAR_BYTES)
		memcpy(gpu->bars[bar] + offset, data, length);
	return 0;
}

int gpu_ggtt_fd(const struct gpu *gpu)
{
	return gpu->ggtt_fd;
}

int gpu_memory_add(struct gpu *gpu, uint64_t address, uint64_t length, void *host, bool write)
{
	if (gpu->memory_count == FAKE_MAX_MEMORY)
		return -ENOSPC;
	gpu->memory[gpu->memory_count++] = (struct fake_memory){ address, length, host, write };
	return 0;
}

int gpu_memory_remove(struct gpu *gpu, uint64_t address, uint64_t length)
{
	for (unsigned int i = 0; i < gpu->memory_count; i++) {
		struct fake_memory *memory = &gpu->memory[i];

		if (memory->address != address || memory->length != length)
			continue;
		/* The caller unmaps after this, not before. */
		assert_int_equal(msync(memory->host, 1, MS_ASYNC), 0);
		*memory = gpu->memory[--gpu->memory_count];
		return 0;
	}
	fail_msg("memory was removed that was never added");
	return -ENOENT;
}

/* The client. */

static void keep_log(void *opaque, int level, const char *text)
{
	struct fixture *fixture = opaque;

	assert_null(strchr(text, '\n'));
	snprintf(fixture->last_log, sizeof(fixture->last_log), "%s", text);
	fixture->log_lines++;
}

void fixture_connect(struct fixture *fixture)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	fixture->client = ends[1];
	fixture->ended = 0;
	assert_int_equal(vu_session_open(&fixture->session, ends[0], fixture->stop[0]), 0);
	fixture->open = true;
}

void fixture_disconnect(struct fixture *fixture)
{
	vu_session_close(&fixture->session);
	fixture->open = false;
	if (fixture->client >= 0)
		close(fixture->client);
	fixture->client = -1;
}

void fixture_agree(struct fixture *fixture, const char *json)
{
	unsigned char payload[1024] = { 0 };
	size_t length = sizeof(struct vu_version);

	if (json) {
		assert_true(strlen(json) < sizeof(payload) - length);
		memcpy(payload + length, json, strlen(json) + 1);
		length += strlen(json) + 1;
	}
	assert_int_equal(fixture_call(fixture, VU_VERSION, payload, length, NULL, 0), 0);
}

int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->gpu = fake_gpu_new();
	fixture->log = (struct vu_log){ keep_log, fixture };
	vu_irq_init(&fixture->irq);
	fixture->session.gpu = fixture->gpu;
	fixture->session.log = &fixture->log;
	fixture->session.irq = &fixture->irq;
	assert_int_equal(pipe(fixture->stop), 0);
	fixture_connect(fixture);
	fixture_agree(fixture, QEMU_CAPABILITIES);
	fixture->log_lines = 0;
	*state = fixture;
	return 0;
}

static void drop_reply_fds(struct fixture *fixture)
{
	for (unsigned int i = 0; i < fixture->reply.fd_count; i++)
		close(fixture->reply.fds[i]);
	fixture->reply.fd_count = 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	drop_reply_fds(fixture);
	if (fixture->open)
		fixture_disconnect(fixture);
	vu_irq_destroy(&fixture->irq);
	fake_gpu_free(fixture->gpu);
	close(fixture->stop[0]);
	close(fixture->stop[1]);
	free(fixture);
	return 0;
}

void fixture_send_raw(struct fixture *fixture, const void *data, size_t length, const int *fds,
		      unsigned int fd_count)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(FIXTURE_MAX_FDS * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = length };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd_count) {
		struct cmsghdr *header;

		assert_true(fd_count <= FIXTURE_MAX_FDS);
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		header = CMSG_FIRSTHDR(&msg);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(header), fds, fd_count * sizeof(int));
	}
	while (length) {
		ssize_t n = sendmsg(fixture->client, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN && !fixture->ended) {
			fixture_serve(fixture);
			continue;
		}
		/* The session may have ended in the middle of it. */
		if (n < 0)
			return;
		iov.iov_base = (char *)iov.iov_base + n;
		iov.iov_len -= (size_t)n;
		length -= (size_t)n;
		msg.msg_controllen = 0;
	}
}

uint16_t fixture_send(struct fixture *fixture, uint16_t command, uint32_t flags,
		      const void *payload, size_t length, const int *fds, unsigned int fd_count)
{
	static unsigned char message[sizeof(struct vu_header) + VU_MAX_PAYLOAD];
	static uint16_t next_id;
	struct vu_header header = { .id = next_id++,
				    .command = command,
				    .size = (uint32_t)(sizeof(header) + length),
				    .flags = flags };

	memcpy(message, &header, sizeof(header));
	if (length)
		memcpy(message + sizeof(header), payload, length);
	fixture_send_raw(fixture, message, header.size, fds, fd_count);
	return header.id;
}

void fixture_serve(struct fixture *fixture)
{
	struct pollfd server = { .fd = fixture->session.connection.fd, .events = POLLIN };

	while (!fixture->ended && poll(&server, 1, 0) > 0)
		fixture->ended = vu_session_serve(&fixture->session);
}

static void receive_bytes(struct fixture *fixture, void *data, size_t length)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(FIXTURE_MAX_FDS * sizeof(int))];
	} control;

	while (length) {
		struct iovec iov = { .iov_base = data, .iov_len = length };
		struct msghdr msg = { .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = control.bytes,
				      .msg_controllen = sizeof(control.bytes) };
		ssize_t n = recvmsg(fixture->client, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		struct cmsghdr *header;

		assert_true(n > 0);
		header = CMSG_FIRSTHDR(&msg);
		if (header) {
			size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

			assert_int_equal(fixture->reply.fd_count, 0);
			memcpy(fixture->reply.fds, CMSG_DATA(header), count * sizeof(int));
			fixture->reply.fd_count = (unsigned int)count;
		}
		data = (char *)data + n;
		length -= (size_t)n;
	}
}

bool fixture_receive(struct fixture *fixture)
{
	struct pollfd client = { .fd = fixture->client, .events = POLLIN };
	struct fixture_reply *reply = &fixture->reply;
	char byte;

	drop_reply_fds(fixture);
	if (poll(&client, 1, 0) != 1 || recv(fixture->client, &byte, 1, MSG_PEEK) <= 0)
		return false;
	receive_bytes(fixture, &reply->header, sizeof(reply->header));
	assert_true(reply->header.size >= sizeof(reply->header));
	reply->length = reply->header.size - sizeof(reply->header);
	assert_true(reply->length <= sizeof(reply->payload));
	receive_bytes(fixture, reply->payload, reply->length);
	return true;
}

uint32_t fixture_call(struct fixture *fixture, uint16_t command, const void *payload, size_t length,
		      const int *fds, unsigned int fd_count)
{
	const struct vu_header *header = &fixture->reply.header;
	uint16_t id = fixture_send(fixture, command, 0, payload, length, fds, fd_count);

	fixture_serve(fixture);
	assert_true(fixture_receive(fixture));
	assert_int_equal(header->id, id);
	assert_int_equal(header->command, command);
	if (!(header->flags & VU_FLAG_ERROR)) {
		assert_int_equal(header->flags, VU_FLAG_TYPE_REPLY);
		assert_int_equal(header->error, 0);
		return 0;
	}
	assert_int_equal(header->flags, VU_FLAG_TYPE_REPLY | VU_FLAG_ERROR);
	assert_int_equal(header->size, sizeof(*header));
	assert_int_not_equal(header->error, 0);
	return header->error;
}

uint32_t fixture_read(struct fixture *fixture, uint32_t region, uint64_t offset, void *data,
		      uint32_t count)
{
	struct vu_region_access access = { .offset = offset, .region = region, .count = count };
	uint32_t error = fixture_call(fixture, VU_REGION_READ, &access, sizeof(access), NULL, 0);

	if (error)
		return error;
	assert_int_equal(fixture->reply.length, sizeof(access) + count);
	assert_memory_equal(fixture->reply.payload, &access, sizeof(access));
	memcpy(data, fixture->reply.payload + sizeof(access), count);
	return 0;
}

uint32_t fixture_write(struct fixture *fixture, uint32_t region, uint64_t offset, const void *data,
		       uint32_t count)
{
	static unsigned char payload[VU_MAX_PAYLOAD];
	struct vu_region_access access = { .offset = offset, .region = region, .count = count };
	uint32_t error;

	assert_true(count <= VU_MAX_DATA);
	memcpy(payload, &access, sizeof(access));
	memcpy(payload + sizeof(access), data, count);
	error = fixture_call(fixture, VU_REGION_WRITE, payload, sizeof(access) + count, NULL, 0);
	if (error)
		return error;
	assert_int_equal(fixture->reply.length, sizeof(access));
	assert_memory_equal(fixture->reply.payload, &access, sizeof(access));
	return 0;
}

int make_memory(size_t size)
{
	int fd = memfd_create("memory", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

uint32_t fixture_map(struct fixture *fixture, uint64_t address, uint64_t size, uint64_t offset,
		     uint32_t flags, int fd)
{
	struct vu_dma_map message = { .argsz = sizeof(message),
				      .flags = flags,
				      .offset = offset,
				      .address = address,
				      .size = size };

	return fixture_call(fixture, VU_DMA_MAP, &message, sizeof(message), &fd, fd >= 0);
}

uint32_t fixture_unmap(struct fixture *fixture, uint64_t address, uint64_t size, uint32_t flags)
{
	struct vu_dma_unmap message = {
		.argsz = sizeof(message), .flags = flags, .address = address, .size = size
	};
	uint32_t error = fixture_call(fixture, VU_DMA_UNMAP, &message, sizeof(message), NULL, 0);

	if (!error) {
		assert_int_equal(fixture->reply.length, sizeof(message));
		assert_memory_equal(fixture->reply.payload, &message, sizeof(message));
	}
	return error;
}
