// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "memory.h"

int memory_init(struct gpu_memory *memory)
{
	pthread_rwlockattr_t attr;
	int ret;

	memory->count = 0;
	ret = pthread_rwlockattr_init(&attr);
	if (ret)
		return -ret;
	/* Busy engines re-take the read side all the time; an unmap must not wait for a gap. */
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	ret = pthread_rwlock_init(&memory->lock, &attr);
	pthread_rwlockattr_destroy(&attr);
	return -ret;
}

void memory_fini(struct gpu_memory *memory)
{
	pthread_rwlock_destroy(&memory->lock);
}

/* Index of the first range that ends after `address`; count when there is none. */
static unsigned int first_ending_after(const struct gpu_memory *memory, uint64_t address)
{
	unsigned int low = 0, high = memory->count;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct memory_range *range = &memory->ranges[middle];

		if (address - range->start < range->length || address < range->start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

int memory_add(struct gpu_memory *memory, const struct memory_range *range)
{
	unsigned int at;
	uint64_t last;
	int ret = 0;

	if (!range->length || !range->host || (range->start | range->length) & GPU_PAGE_MASK ||
	    __builtin_add_overflow(range->start, range->length - 1, &last))
		return -EINVAL;

	pthread_rwlock_wrlock(&memory->lock);
	at = first_ending_after(memory, range->start);
	if (at < memory->count && memory->ranges[at].start <= last) {
		ret = -EEXIST;
	} else if (memory->count == GPU_MEMORY_RANGES) {
		ret = -ENOSPC;
	} else {
		memmove(&memory->ranges[at + 1], &memory->ranges[at],
			(memory->count - at) * sizeof(memory->ranges[0]));
		memory->ranges[at] = *range;
		memory->count++;
	}
	pthread_rwlock_unlock(&memory->lock);
	return ret;
}

int memory_remove(struct gpu_memory *memory, uint64_t start, uint64_t length)
{
	unsigned int at;
	int ret = -ENOENT;

	pthread_rwlock_wrlock(&memory->lock);
	at = first_ending_after(memory, start);
	if (at < memory->count && memory->ranges[at].start == start &&
	    memory->ranges[at].length == length) {
		memory->count--;
		memmove(&memory->ranges[at], &memory->ranges[at + 1],
			(memory->count - at) * sizeof(memory->ranges[0]));
		ret = 0;
	}
	pthread_rwlock_unlock(&memory->lock);
	return ret;
}

bool memory_take(struct gpu_memory *memory, struct memory_range *range)
{
	bool found;

	pthread_rwlock_wrlock(&memory->lock);
	found = memory->count > 0;
	if (found)
		*range = memory->ranges[--memory->count];
	pthread_rwlock_unlock(&memory->lock);
	return found;
}

void memory_hold(struct gpu_memory *memory)
{
	pthread_rwlock_rdlock(&memory->lock);
}

void memory_release(struct gpu_memory *memory)
{
	pthread_rwlock_unlock(&memory->lock);
}

uint8_t *memory_at(const struct gpu_memory *memory, uint64_t address, bool write, size_t *length)
{
	unsigned int at = first_ending_after(memory, address);
	const struct memory_range *range = &memory->ranges[at];

	if (at == memory->count || address < range->start || (write && !range->write))
		return NULL;
	*length = range->length - (address - range->start);
	return range->host + (address - range->start);
}

/* Host address of `length` bytes at `address`, or NULL. The memory is held. */
static uint8_t *locate(const struct gpu_memory *memory, uint64_t address, size_t length, bool write)
{
	size_t room;
	uint8_t *host = memory_at(memory, address, write, &room);

	return host && room >= length ? host : NULL;
}

/* memcpy, but in one piece where the other side could see halves. */
static void load(void *data, const uint8_t *host, size_t length)
{
	uint32_t dword;
	uint64_t qword;

	if (length == 4 && !((uintptr_t)host & 3)) {
		dword = __atomic_load_n((const uint32_t *)host, __ATOMIC_ACQUIRE);
		memcpy(data, &dword, sizeof(dword));
	} else if (length == 8 && !((uintptr_t)host & 7)) {
		qword = __atomic_load_n((const uint64_t *)host, __ATOMIC_ACQUIRE);
		memcpy(data, &qword, sizeof(qword));
	} else {
		memcpy(data, host, length);
	}
}

static void store(uint8_t *host, const void *data, size_t length)
{
	uint32_t dword;
	uint64_t qword;

	if (length == 4 && !((uintptr_t)host & 3)) {
		memcpy(&dword, data, sizeof(dword));
		__atomic_store_n((uint32_t *)host, dword, __ATOMIC_RELEASE);
	} else if (length == 8 && !((uintptr_t)host & 7)) {
		memcpy(&qword, data, sizeof(qword));
		__atomic_store_n((uint64_t *)host, qword, __ATOMIC_RELEASE);
	} else {
		memcpy(host, data, length);
	}
}

bool memory_peek(const struct gpu_memory *memory, uint64_t address, void *data, size_t length)
{
	const uint8_t *host = locate(memory, address, length, false);

	if (host)
		load(data, host, length);
	return host;
}

bool memory_read(struct gpu_memory *memory, uint64_t address, void *data, size_t length)
{
	bool found;

	memory_hold(memory);
	found = memory_peek(memory, address, data, length);
	memory_release(memory);
	return found;
}

bool memory_write(struct gpu_memory *memory, uint64_t address, const void *data, size_t length)
{
	uint8_t *host;

	memory_hold(memory);
	host = locate(memory, address, length, true);
	if (host)
		store(host, data, length);
	memory_release(memory);
	return host;
}

static uint64_t update_dword(uint32_t *host, uint64_t (*update)(void *opaque, uint64_t old),
			     void *opaque)
{
	uint32_t old = __atomic_load_n(host, __ATOMIC_ACQUIRE);

	while (!__atomic_compare_exchange_n(host, &old, (uint32_t)update(opaque, old), false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		;
	return old;
}

static uint64_t update_qword(uint64_t *host, uint64_t (*update)(void *opaque, uint64_t old),
			     void *opaque)
{
	uint64_t old = __atomic_load_n(host, __ATOMIC_ACQUIRE);

	while (!__atomic_compare_exchange_n(host, &old, update(opaque, old), false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		;
	return old;
}

bool memory_update(struct gpu_memory *memory, uint64_t address, size_t length,
		   uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old)
{
	void *host;

	memory_hold(memory);
	host = locate(memory, address, length, true);
	if (host)
		*old = length == 8 ? update_qword(host, update, opaque) :
				     update_dword(host, update, opaque);
	memory_release(memory);
	return host;
}
