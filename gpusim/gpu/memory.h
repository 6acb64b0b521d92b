/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - the machine's memory, as the GPU reaches it by bus address
 *
 * A bounded, sorted set of ranges that the transport adds and removes while engines run. Knows no
 * graphics address: gtt.h translates those first.
 *
 * Lock order: the GPU's register lock may be held when any of these is called; none of these calls
 * out or takes another lock.
 */
#ifndef GPUSIM_MEMORY_H
#define GPUSIM_MEMORY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GPU_PAGE_SHIFT	  12
#define GPU_PAGE_SIZE	  4096u
#define GPU_PAGE_MASK	  4095u
#define GPU_MEMORY_RANGES 512

struct memory_range {
	uint64_t start;
	uint64_t length;
	uint8_t *host;
	bool write;
};

struct gpu_memory {
	pthread_rwlock_t lock;
	unsigned int count;
	struct memory_range ranges[GPU_MEMORY_RANGES];
	uint8_t sink[GPU_PAGE_SIZE]; /* for what nobody is to see: written, never read */
};

int memory_init(struct gpu_memory *memory);
void memory_fini(struct gpu_memory *memory);

int memory_add(struct gpu_memory *memory, const struct memory_range *range);
int memory_remove(struct gpu_memory *memory, uint64_t start, uint64_t length);
/* Take the last range out into *range; false when there is none left. */
bool memory_take(struct gpu_memory *memory, struct memory_range *range);

/*
 * Copy within one page. Naturally aligned accesses of 4 and 8 bytes are single-copy atomic, as a
 * GPU's are. False when no memory, or no writable memory, is there; then nothing was copied.
 */
bool memory_read(struct gpu_memory *memory, uint64_t address, void *data, size_t length);
bool memory_write(struct gpu_memory *memory, uint64_t address, const void *data, size_t length);

/*
 * For accesses in bulk: between hold and release every range stays where it is, and the two
 * functions below may be called. All others lock for themselves, so no hold may contain them, nor
 * another hold. Removing a range waits for the release: hold for well below a millisecond.
 */
void memory_hold(struct gpu_memory *memory);
void memory_release(struct gpu_memory *memory);
/* As memory_read(). */
bool memory_peek(const struct gpu_memory *memory, uint64_t address, void *data, size_t length);
/*
 * Host address of the byte at `address`, with in *length how many lie side by side from it on; NULL
 * when no memory, or no writable memory, is there.
 */
uint8_t *memory_at(const struct gpu_memory *memory, uint64_t address, bool write, size_t *length);

/*
 * Replace 4 or 8 aligned bytes by update(opaque, what is there) in one atomic step; *old is what
 * was there. `update` may be called several times. False as above.
 */
bool memory_update(struct gpu_memory *memory, uint64_t address, size_t length,
		   uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old);

#endif
