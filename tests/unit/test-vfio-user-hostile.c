// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: the vfio-user server and clients that do not keep to the protocol. Whatever comes, the
 * answer is an error or the end of the session; nothing leaks, and the next client is served.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "gpusim/vfio-user/guard.h"
#include "vfio-user-fixture.h"

#define PAGE 4096u

static void start_over(struct fixture *fixture, bool agreed)
{
	fixture_disconnect(fixture);
	fixture_connect(fixture);
	if (agreed)
		fixture_agree(fixture, QEMU_CAPABILITIES);
	fixture->log_lines = 0;
}

/* The session must end, with one line that contains `why`. */
static void assert_dropped(struct fixture *fixture, const char *why)
{
	fixture_serve(fixture);
	assert_int_not_equal(fixture->ended, 0);
	if (!strstr(fixture->last_log, why))
		fail_msg("\"%s\" is not in the log's line: %s", why, fixture->last_log);
	assert_int_equal(fixture->log_lines, 1);
}

static void test_framing(void **state)
{
	static const struct {
		struct vu_header header;
		const char *why;
	} cases[] = {
		{ { .command = VU_DEVICE_RESET, .size = 0 }, "shorter than its header" },
		{ { .command = VU_DEVICE_RESET, .size = 15 }, "shorter than its header" },
		{ { .command = VU_REGION_WRITE, .size = 16 + VU_MAX_PAYLOAD + 1 }, "longer than" },
		{ { .command = VU_REGION_WRITE, .size = UINT32_MAX }, "longer than" },
		{ { .command = VU_DEVICE_RESET, .size = 16, .flags = VU_FLAG_TYPE_REPLY },
		  "a reply to no command" },
		{ { .command = VU_DEVICE_RESET, .size = 16, .flags = 2 }, "a reply to no command" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start_over(fixture, true);
		fixture_send_raw(fixture, &cases[i].header, sizeof(cases[i].header), NULL, 0);
		assert_dropped(fixture, cases[i].why);
	}
}

static void test_end_inside_message(void **state)
{
	struct fixture *fixture = *state;
	struct vu_header header = { .command = VU_REGION_READ, .size = 32 };

	for (size_t length = 1; length < 32; length++) {
		unsigned char message[32] = { 0 };

		start_over(fixture, true);
		memcpy(message, &header, sizeof(header));
		fixture_send_raw(fixture, message, length, NULL, 0);
		fixture_serve(fixture);
		assert_int_equal(fixture->ended, 0);
		close(fixture->client);
		fixture->client = -1;
		assert_dropped(fixture, "ended inside a message");
	}
}

static void test_first_message(void **state)
{
	static const struct vu_version other_major = { .major = 1 };
	struct fixture *fixture = *state;
	int fd = eventfd(0, EFD_CLOEXEC);

	start_over(fixture, false);
	fixture_send(fixture, VU_DEVICE_RESET, 0, NULL, 0, NULL, 0);
	assert_dropped(fixture, "first message is not VERSION");
	start_over(fixture, false);
	fixture_send(fixture, VU_VERSION, 0, &other_major, sizeof(other_major), NULL, 0);
	assert_dropped(fixture, "another major version");
	start_over(fixture, false);
	fixture_send(fixture, VU_VERSION, 0, "\0\0", 2, NULL, 0);
	assert_dropped(fixture, "malformed VERSION");
	start_over(fixture, false);
	fixture_send(fixture, VU_VERSION, 0, "\0\0\0\0", 4, &fd, 1);
	assert_dropped(fixture, "malformed VERSION");
	close(fd);
}

static void test_version_data(void **state)
{
	static const struct {
		const char *data; /* behind the version numbers; its NUL is sent if `nul` */
		bool nul;
		const char *why;
	} cases[] = {
		{ "{}", false, "NUL-terminated" },
		{ "", true, "no JSON object" },
		{ "{", true, "no JSON object" },
		{ "[]", true, "no JSON object" },
		{ "nonsense", true, "no JSON object" },
		{ "{\"capabilities\":1}", true, "no JSON object" },
		{ "{\"capabilities\":{\"max_msg_fds\":\"8\"}}", true, "wrong type" },
		{ "{\"capabilities\":{\"twin_socket\":true}}", true, "wrong type" },
		{ "{\"capabilities\":{\"write_multiple\":null}}", true, "wrong type" },
		{ "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}", true,
		  "no JSON object" },
	};
	struct fixture *fixture = *state;
	char payload[256] = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].data) + cases[i].nul;

		start_over(fixture, false);
		memcpy(payload + 4, cases[i].data, length);
		fixture_send(fixture, VU_VERSION, 0, payload, 4 + length, NULL, 0);
		assert_dropped(fixture, cases[i].why);
	}
	/* A NUL inside hides what comes after it from the parser. */
	start_over(fixture, false);
	memcpy(payload + 4, "{}\0{}", 6);
	fixture_send(fixture, VU_VERSION, 0, payload, 10, NULL, 0);
	assert_dropped(fixture, "NUL-terminated");
}

static void test_endless_version_data(void **state)
{
	static char payload[VU_MAX_PAYLOAD];
	struct fixture *fixture = *state;

	start_over(fixture, false);
	memset(payload + 4, '[', sizeof(payload) - 5);
	fixture_send(fixture, VU_VERSION, 0, payload, sizeof(payload), NULL, 0);
	assert_dropped(fixture, "too long");
}

/* A well-formed message that asks for something wrong: the error, and the session goes on. */
static void assert_refused(struct fixture *fixture, uint16_t command, const void *payload,
			   size_t length, uint32_t error)
{
	assert_int_equal(fixture_call(fixture, command, payload, length, NULL, 0), error);
	assert_int_equal(fixture->ended, 0);
}

static void test_unknown_commands(void **state)
{
	static const uint16_t commands[] = { 0, VU_DMA_READ, VU_DMA_WRITE, 14, 19, 0xffff };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		assert_refused(fixture, commands[i], NULL, 0, ENOTSUP);
}

static void test_short_payloads(void **state)
{
	static const struct {
		uint16_t command;
		size_t length;
	} cases[] = {
		{ VU_DMA_MAP, 32 },
		{ VU_DMA_UNMAP, 24 },
		{ VU_DEVICE_GET_INFO, 16 },
		{ VU_DEVICE_GET_REGION_INFO, 32 },
		{ VU_DEVICE_GET_REGION_IO_FDS, 16 },
		{ VU_DEVICE_GET_IRQ_INFO, 16 },
		{ VU_DEVICE_SET_IRQS, 20 },
		{ VU_REGION_READ, 16 },
		{ VU_REGION_WRITE, 16 },
		{ VU_REGION_WRITE_MULTI, 8 },
	};
	static const unsigned char zeroes[32];
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t length = 0; length < cases[i].length; length++)
			assert_refused(fixture, cases[i].command, zeroes, length, EINVAL);
	}
}

static void test_descriptors_where_none_belong(void **state)
{
	static const uint16_t commands[] = {
		VU_DMA_UNMAP,	       VU_DEVICE_GET_INFO, VU_DEVICE_GET_REGION_INFO,
		VU_REGION_READ,	       VU_REGION_WRITE,	   VU_DEVICE_RESET,
		VU_REGION_WRITE_MULTI, VU_DEVICE_FEATURE,  VU_VERSION,
	};
	static const unsigned char zeroes[32];
	struct fixture *fixture = *state;
	int fds[8];
	unsigned int before;

	for (unsigned int i = 0; i < 8; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC);
	before = count_open_fds();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		assert_int_equal(fixture_call(fixture, commands[i], zeroes, 32, fds, 8), EINVAL);
	assert_int_equal(fixture_call(fixture, VU_DMA_MAP, zeroes, 32, fds, 2), EINVAL);
	assert_int_equal(fixture_call(fixture, 99, zeroes, 32, fds, 8), ENOTSUP);
	assert_int_equal(count_open_fds(), before);
	for (unsigned int i = 0; i < 8; i++)
		close(fds[i]);
}

static void test_too_many_descriptors(void **state)
{
	struct fixture *fixture = *state;
	unsigned char message[32] = { 0 };
	struct vu_header header = { .command = VU_REGION_READ, .size = sizeof(message) };
	int fds[FIXTURE_MAX_FDS];
	unsigned int before;

	for (unsigned int i = 0; i < FIXTURE_MAX_FDS; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC);
	before = count_open_fds();
	memcpy(message, &header, sizeof(header));
	for (unsigned int count = VU_MAX_FDS + 1; count <= FIXTURE_MAX_FDS; count++) {
		start_over(fixture, true);
		fixture_send_raw(fixture, message, sizeof(message), fds, count);
		assert_dropped(fixture, "too many file descriptors");
		start_over(fixture, true);
		assert_int_equal(count_open_fds(), before);
	}
	/* One with each byte. */
	for (size_t i = 0; i <= VU_MAX_FDS; i++)
		fixture_send_raw(fixture, message + i, 1, fds, 1);
	assert_dropped(fixture, "too many file descriptors");
	start_over(fixture, true);
	assert_int_equal(count_open_fds(), before);
	for (unsigned int i = 0; i < FIXTURE_MAX_FDS; i++)
		close(fds[i]);
}

static void test_region_bounds(void **state)
{
	static const struct vu_region_access cases[] = {
		{ .offset = 0, .region = 0, .count = 0 },
		{ .offset = 16u << 20, .region = 0, .count = 4 },
		{ .offset = (16u << 20) - 2, .region = 0, .count = 4 },
		{ .offset = UINT64_MAX, .region = 0, .count = 4 },
		{ .offset = UINT64_MAX - 3, .region = 0, .count = 4 },
		{ .offset = 0, .region = 1, .count = 4 },
		{ .offset = 0, .region = 6, .count = 1 },
		{ .offset = 0, .region = 8, .count = 1 },
		{ .offset = 0, .region = 9, .count = 4 },
		{ .offset = 0, .region = UINT32_MAX, .count = 4 },
		{ .offset = 254, .region = 7, .count = 4 },
		{ .offset = 1ull << 32, .region = 7, .count = 4 },
		{ .offset = 64, .region = 4, .count = 1 },
	};
	struct fixture *fixture = *state;
	unsigned char data[8] = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(fixture_read(fixture, cases[i].region, cases[i].offset, data,
					      cases[i].count),
				 EINVAL);
		assert_int_equal(fixture_write(fixture, cases[i].region, cases[i].offset, data,
					       cases[i].count),
				 EINVAL);
	}
	assert_int_equal(fixture->gpu->last_length, 0);
}

static void test_region_counts(void **state)
{
	struct fixture *fixture = *state;
	struct {
		struct vu_region_access access;
		unsigned char data[8];
	} write = { { .offset = 0, .region = 0, .count = 4 }, { 0 } };
	struct vu_region_access read = { .offset = 0, .region = 2, .count = VU_MAX_DATA + 1 };

	assert_refused(fixture, VU_REGION_WRITE, &write, sizeof(write.access) + 3, EINVAL);
	assert_refused(fixture, VU_REGION_WRITE, &write, sizeof(write.access) + 5, EINVAL);
	write.access.count = UINT32_MAX;
	assert_refused(fixture, VU_REGION_WRITE, &write, sizeof(write), EINVAL);
	assert_refused(fixture, VU_REGION_READ, &read, sizeof(read), EINVAL);
	read.count = UINT32_MAX;
	assert_refused(fixture, VU_REGION_READ, &read, sizeof(read), EINVAL);
	/* The client's own limit counts as well. */
	fixture_disconnect(fixture);
	fixture_connect(fixture);
	fixture_agree(fixture, "{\"capabilities\":{\"max_data_xfer_size\":64}}");
	read.count = 65;
	assert_refused(fixture, VU_REGION_READ, &read, sizeof(read), EINVAL);
	read.count = 64;
	assert_refused(fixture, VU_REGION_READ, &read, sizeof(read), 0);
}

static void test_write_multi_counts(void **state)
{
	struct fixture *fixture = *state;
	struct {
		struct vu_region_write_multi head;
		struct vu_region_write_one one, two;
	} message = { { 2 }, { .region = 0, .count = 4 }, { .region = 0, .count = 4 } };

	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), 0);
	/* What the last message left in the buffer is no part of this one. */
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message,
		       sizeof(message) - sizeof(message.two), EINVAL);
	message.head.wr_cnt = UINT64_MAX;
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), EINVAL);
	message.head.wr_cnt = 0x1000000000000000;
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), EINVAL);
	message.head.wr_cnt = 1;
	message.one.count = 9;
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), EINVAL);
	message.one.count = 4;
	message.one.region = 3;
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), EINVAL);
	message.one.region = 0;
	assert_refused(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), 0);
}

static void test_irq_requests(void **state)
{
	enum {
		NONE = VFIO_IRQ_SET_DATA_NONE,
		BOOL = VFIO_IRQ_SET_DATA_BOOL,
		FD = VFIO_IRQ_SET_DATA_EVENTFD,
		MASK = VFIO_IRQ_SET_ACTION_MASK,
		TRIGGER = VFIO_IRQ_SET_ACTION_TRIGGER,
	};
	static const struct {
		struct vu_irq_set set;
		unsigned int fd_count;
		uint32_t error;
	} cases[] = {
		{ { .flags = 0, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = TRIGGER, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | BOOL | TRIGGER, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | MASK | TRIGGER, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER | 1u << 6, .index = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 3, .count = 0 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = UINT32_MAX, .count = 0 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 1, .count = 2 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 1, .start = 1, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 1, .start = 1, .count = 0 }, 0, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 1, .start = 1, .count = UINT32_MAX },
		  0,
		  EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 2, .count = 1 }, 0, EINVAL },
		{ { .flags = NONE | MASK, .index = 1, .count = 0 }, 0, EINVAL },
		/* The boolean is missing. */
		{ { .flags = BOOL | TRIGGER, .index = 1, .count = 1 }, 0, EINVAL },
		/* An eventfd with a count of 0 made an earlier GVT-g dereference NULL. */
		{ { .flags = FD | TRIGGER, .index = 1, .count = 0 }, 1, EINVAL },
		{ { .flags = FD | TRIGGER, .index = 1, .count = 0 }, 0, EINVAL },
		{ { .flags = FD | TRIGGER, .index = 1, .count = 1 }, 2, EINVAL },
		{ { .flags = NONE | TRIGGER, .index = 1, .count = 1 }, 1, EINVAL },
		{ { .flags = FD | MASK, .index = 1, .count = 1 }, 1, ENOTSUP },
	};
	struct fixture *fixture = *state;
	int fds[2] = { eventfd(0, EFD_CLOEXEC), eventfd(0, EFD_CLOEXEC) };
	unsigned int before = count_open_fds();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t error = fixture_call(fixture, VU_DEVICE_SET_IRQS, &cases[i].set,
					      sizeof(cases[i].set), fds, cases[i].fd_count);

		if (error != cases[i].error)
			fail_msg("case %zu: error %u, not %u", i, error, cases[i].error);
	}
	assert_int_equal(count_open_fds(), before);
	close(fds[0]);
	close(fds[1]);
}

/* An interrupt into a full pipe, or any other file, must not make an engine wait. */
static void test_eventfd_that_blocks(void **state)
{
	struct fixture *fixture = *state;
	struct vu_irq_set set = { .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
				  .index = VFIO_PCI_MSI_IRQ_INDEX,
				  .count = 1 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fixture_call(fixture, VU_DEVICE_SET_IRQS, &set, sizeof(set), &ends[1], 1),
			 0);
	for (unsigned int i = 0; i < 20000; i++)
		vu_irq_raise(&fixture->irq);
	close(ends[0]);
	close(ends[1]);
}

static void test_dma_requests(void **state)
{
	enum {
		R = VU_DMA_MAP_READ
	};
	static const struct {
		struct vu_dma_map map;
		bool fd;
		uint32_t error;
	} cases[] = {
		{ { .flags = R, .size = 0 }, true, EINVAL },
		{ { .flags = 0, .size = PAGE }, true, EINVAL },
		{ { .flags = R | 1u << 4, .size = PAGE }, true, EINVAL },
		{ { .flags = R | VU_DMA_MAP_BY_MMAP, .size = PAGE }, false, EINVAL },
		{ { .flags = R | VU_DMA_MAP_BY_FILEIO, .size = PAGE }, true, ENOTSUP },
		{ { .flags = R, .size = PAGE + 1 }, true, EINVAL },
		{ { .flags = R, .size = PAGE, .address = 1 }, true, EINVAL },
		{ { .flags = R, .size = PAGE, .offset = 1 }, true, EINVAL },
		{ { .flags = R, .size = 2 * PAGE, .address = 0xfffffffffffff000 }, true, EINVAL },
		{ { .flags = R, .size = 0xfffffffffffff000, .address = 0x2000 }, false, EINVAL },
		{ { .flags = R, .size = 3 * PAGE }, true, EINVAL },
		{ { .flags = R, .size = PAGE, .offset = 2 * PAGE }, true, EINVAL },
		{ { .flags = R, .size = 2 * PAGE, .offset = 0xfffffffffffff000 }, true, EINVAL },
		{ { .flags = R, .size = PAGE, .offset = 0x7ffffffffffff000 }, true, EINVAL },
		{ { .flags = R, .size = 1ull << 62 }, true, EINVAL },
	};
	struct fixture *fixture = *state;
	int fd = memfd_create("memory", MFD_CLOEXEC), ends[2];
	struct vu_dma_map map = { .flags = R, .size = PAGE };

	assert_int_equal(ftruncate(fd, 2 * PAGE), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t error = fixture_call(fixture, VU_DMA_MAP, &cases[i].map,
					      sizeof(cases[i].map), &fd, cases[i].fd);

		if (error != cases[i].error)
			fail_msg("case %zu: error %u, not %u", i, error, cases[i].error);
	}
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fixture_call(fixture, VU_DMA_MAP, &map, sizeof(map), ends, 1), EINVAL);
	assert_non_null(strstr(fixture->last_log, "is no memory"));
	assert_int_equal(fixture->session.dma.count, 0);
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* A file cut short under the GPU's hands: zeroes, the session's end, and no crash. */
static void test_memory_taken_away(void **state)
{
	struct fixture *fixture = *state;
	struct vu_dma_map map = { .flags = VU_DMA_MAP_READ | VU_DMA_MAP_WRITE, .size = 4 * PAGE };
	int fd = memfd_create("memory", MFD_CLOEXEC);
	volatile unsigned char *host;

	vu_guard_install();
	assert_int_equal(ftruncate(fd, 4 * PAGE), 0);
	assert_int_equal(fixture_call(fixture, VU_DMA_MAP, &map, sizeof(map), &fd, 1), 0);
	host = fixture->gpu->memory[0].host;
	host[3 * PAGE] = 1;
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_int_equal(host[3 * PAGE], 0);
	host[2 * PAGE] = 7;
	assert_int_equal(host[2 * PAGE], 7);
	fixture_send(fixture, VU_DEVICE_RESET, 0, NULL, 0, NULL, 0);
	assert_dropped(fixture, "it took away memory");
	start_over(fixture, true);
	assert_refused(fixture, VU_DEVICE_RESET, NULL, 0, 0);
	close(fd);
}

static void test_unmap_flags(void **state)
{
	struct fixture *fixture = *state;
	struct vu_dma_unmap unmap = { .flags = VFIO_DMA_UNMAP_FLAG_ALL, .address = PAGE };

	assert_refused(fixture, VU_DMA_UNMAP, &unmap, sizeof(unmap), EINVAL);
	unmap = (struct vu_dma_unmap){ .flags = VFIO_DMA_UNMAP_FLAG_VADDR, .size = PAGE };
	assert_refused(fixture, VU_DMA_UNMAP, &unmap, sizeof(unmap), EINVAL);
	unmap = (struct vu_dma_unmap){ .flags = 0, .size = PAGE };
	assert_refused(fixture, VU_DMA_UNMAP, &unmap, sizeof(unmap), ENOENT);
}

static void test_log_is_bounded(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned int i = 0; i < 1000; i++)
		assert_refused(fixture, 99, NULL, 0, ENOTSUP);
	assert_int_equal(fixture->log_lines, 21);
	assert_string_equal(fixture->last_log,
			    "more of this client's requests are refused: no longer logged");
}

/* Random messages. */

#define RANDOM_MS 1000

static uint64_t random_state;

static uint32_t random32(void)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(random_state >> 33);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Mostly well-formed, so that it gets past the first checks. */
static void send_random(struct fixture *fixture, const int *fds)
{
	static const uint32_t sizes[] = { 0, 8, 16, 20, 20, 24, 32, 32, 40, 64, 4096 };
	static const uint64_t numbers[] = { 0,		1,	  2,	    4,	      8,
					    16,		255,	  PAGE,	    2 * PAGE, UINT32_MAX,
					    UINT64_MAX, 8u << 20, 16u << 20 };
	uint32_t message[4 + 1024 + 1] = { 0 };
	uint32_t length = sizes[random32() % (sizeof(sizes) / sizeof(sizes[0]))];
	struct vu_header header = { .id = (uint16_t)random32(),
				    .command = (uint16_t)(random32() % 20),
				    .size = (uint32_t)sizeof(header) + length };
	unsigned int fd_count = random32() % 3 ? 0 : random32() % 4;

	for (uint32_t i = 0; i < length / 4; i += 2) {
		uint64_t number = numbers[random32() % (sizeof(numbers) / sizeof(numbers[0]))];

		memcpy(&message[4 + i], &number, sizeof(number));
		if (random32() % 4)
			message[4 + i + random32() % 2] = random32() % 64;
	}
	if (random32() % 4 == 0)
		header.flags = VU_FLAG_NO_REPLY;
	if (random32() % 200 == 0)
		header.flags = random32();
	if (random32() % 200 == 0)
		header.size = random32();
	memcpy(message, &header, sizeof(header));
	fixture_send_raw(fixture, message, sizeof(header) + length, fds, fd_count);
}

static void test_random_messages(void **state)
{
	const char *seed = getenv("GVT_TEST_SEED");
	struct fixture *fixture = *state;
	int64_t end = now_ms() + RANDOM_MS;
	int fds[3] = { memfd_create("memory", MFD_CLOEXEC), eventfd(0, EFD_CLOEXEC), dup(0) };
	unsigned int before = count_open_fds(), sent = 0;

	random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)end;
	print_message("GVT_TEST_SEED=%llu\n", (unsigned long long)random_state);
	assert_int_equal(ftruncate(fds[0], 4 * PAGE), 0);
	while (now_ms() < end) {
		start_over(fixture, true);
		for (unsigned int i = 0; i < 500 && !fixture->ended; i++, sent++) {
			send_random(fixture, fds);
			fixture_serve(fixture);
			while (!fixture->ended && fixture_receive(fixture))
				assert_int_equal(fixture->reply.header.flags & VU_FLAG_TYPE_MASK,
						 VU_FLAG_TYPE_REPLY);
		}
	}
	start_over(fixture, true);
	assert_int_equal(fixture->gpu->memory_count, 0);
	assert_int_equal(count_open_fds(), before);
	assert_true(sent > 1000);
	for (unsigned int i = 0; i < 3; i++)
		close(fds[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_framing),
		TEST(test_end_inside_message),
		TEST(test_first_message),
		TEST(test_version_data),
		TEST(test_endless_version_data),
		TEST(test_unknown_commands),
		TEST(test_short_payloads),
		TEST(test_descriptors_where_none_belong),
		TEST(test_too_many_descriptors),
		TEST(test_region_bounds),
		TEST(test_region_counts),
		TEST(test_write_multi_counts),
		TEST(test_irq_requests),
		TEST(test_eventfd_that_blocks),
		TEST(test_dma_requests),
		TEST(test_memory_taken_away),
		TEST(test_unmap_flags),
		TEST(test_log_is_bounded),
		TEST(test_random_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
