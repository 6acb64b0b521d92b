/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio-user-fixture.h - a vfio-user client by hand, and a GPU that only remembers
 *
 * The session under test and the client that talks to it live in one thread: what the client sends
 * is served by fixture_serve(), so nothing here waits or depends on time. The GPU implements gpu.h
 * with plain memory and records what was done to it.
 */
#ifndef VFIO_USER_FIXTURE_H
#define VFIO_USER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gpusim/gpu/gpu.h"
#include "gpusim/vfio-user/session.h"

#define FAKE_BAR_BYTES	(2u << 20) /* of a BAR's beginning that keep what is written */
#define FAKE_MAX_MEMORY 16u

struct fake_memory {
	uint64_t address;
	uint64_t length;
	unsigned char *host;
	bool write;
};

struct gpu {
	unsigned char config[GPU_CONFIG_SIZE];
	unsigned char *bars[GPU_BAR_COUNT];
	int ggtt_fd;
	unsigned int resets;
	unsigned int memory_count;
	struct fake_memory memory[FAKE_MAX_MEMORY];
	uint64_t last_offset; /* of a BAR access */
	size_t last_length;
};

#define FIXTURE_MAX_FDS 16u

struct fixture_reply {
	struct vu_header header;
	unsigned char payload[VU_MAX_PAYLOAD];
	size_t length;
	int fds[FIXTURE_MAX_FDS];
	unsigned int fd_count;
};

struct fixture {
	struct gpu *gpu;
	struct vu_irq irq;
	struct vu_log log;
	struct vu_session session;
	bool open; /* the session is */
	int client; /* the client's end of the socket, or -1 */
	int stop[2]; /* a pipe; its reading end is the session's stop_fd */
	int ended; /* what vu_session_serve() returned at the end, else 0 */
	char last_log[512];
	unsigned int log_lines;
	struct fixture_reply reply;
};

/* Of one descriptor table: how many are open. A test that ends with another number leaks. */
unsigned int count_open_fds(void);

struct gpu *fake_gpu_new(void);
void fake_gpu_free(struct gpu *gpu);

/* cmocka's set-up: a session whose version is agreed as QEMU does it, and the teardown. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A session with nothing said yet; closing it is the session's end under test. */
void fixture_connect(struct fixture *fixture);
void fixture_disconnect(struct fixture *fixture);
void fixture_agree(struct fixture *fixture, const char *json);

/* Raw bytes with descriptors. */
void fixture_send_raw(struct fixture *fixture, const void *data, size_t length, const int *fds,
		      unsigned int fd_count);
/* One message; the header's size is right. Returns its id. */
uint16_t fixture_send(struct fixture *fixture, uint16_t command, uint32_t flags,
		      const void *payload, size_t length, const int *fds, unsigned int fd_count);
/* Let the session take all that was sent. */
void fixture_serve(struct fixture *fixture);
/* True when a reply was there; it is in fixture->reply until the next call, as are its fds. */
bool fixture_receive(struct fixture *fixture);

/*
 * Send, serve and receive. Checks the reply's form (id, command, type, size) and returns its error,
 * 0 for success.
 */
uint32_t fixture_call(struct fixture *fixture, uint16_t command, const void *payload, size_t length,
		      const int *fds, unsigned int fd_count);

uint32_t fixture_read(struct fixture *fixture, uint32_t region, uint64_t offset, void *data,
		      uint32_t count);
uint32_t fixture_write(struct fixture *fixture, uint32_t region, uint64_t offset, const void *data,
		       uint32_t count);

/* A file of `size` bytes that can be mapped. */
int make_memory(size_t size);

#define READ_WRITE (VU_DMA_MAP_READ | VU_DMA_MAP_WRITE)

/* DMA_MAP, with `fd` unless it is negative, and DMA_UNMAP. */
uint32_t fixture_map(struct fixture *fixture, uint64_t address, uint64_t size, uint64_t offset,
		     uint32_t flags, int fd);
uint32_t fixture_unmap(struct fixture *fixture, uint64_t address, uint64_t size, uint32_t flags);

#define QEMU_CAPABILITIES                                                           \
	"{\"capabilities\": {\"max_msg_fds\": 8, \"max_data_xfer_size\": 1048576, " \
	"\"pgsizes\": 4096, \"max_dma_maps\": 65535, \"write_multiple\": true}}"

#endif
