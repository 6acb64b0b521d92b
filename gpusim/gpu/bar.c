// SPDX-License-Identifier: GPL-2.0-or-later
/* The BARs: registers, GGTT entries, the aperture and the index/data port pair. */
#include <errno.h>
#include <string.h>

#include "aperture.h"
#include "device.h"
#include "mmio.h"
#include "watch.h"

#define IO_INDEX 0
#define IO_DATA	 4

/* One access that does not cross a dword: `length` 1, 2 or 4. */
static uint32_t read_register(struct gpu *gpu, uint32_t offset)
{
	uint32_t value;

	if (offset >= MMIO_SIZE)
		return 0;
	value = mmio_read(gpu, offset & ~3u);
	watch_register(gpu, GPU_EVENT_FROM_CPU, offset & ~3u, value, false);
	return value >> (8 * (offset & 3));
}

static void write_register(struct gpu *gpu, uint32_t offset, uint32_t value, size_t length)
{
	unsigned int shift = 8 * (offset & 3);

	if (offset >= MMIO_SIZE)
		return;
	if (length < 4) {
		uint32_t mask = ((1u << (8 * length)) - 1) << shift;

		value = (mmio_read(gpu, offset & ~3u) & ~mask) | (value << shift & mask);
	}
	watch_register(gpu, GPU_EVENT_FROM_CPU, offset & ~3u, value, true);
	mmio_write(gpu, offset & ~3u, value);
}

static bool aligned(uint64_t offset, size_t length)
{
	return length && length <= 8 && !(length & (length - 1)) && !(offset & (length - 1));
}

static int access_registers(struct gpu *gpu, uint32_t offset, uint8_t *data, size_t length,
			    bool write)
{
	if (!aligned(offset, length))
		return -EINVAL;
	gpu_lock(gpu);
	for (size_t done = 0; done < length; done += 4) {
		size_t piece = length - done < 4 ? length - done : 4;
		uint32_t value = 0;

		if (write) {
			memcpy(&value, data + done, piece);
			write_register(gpu, offset + done, value, piece);
		} else {
			value = read_register(gpu, offset + done);
			memcpy(data + done, &value, piece);
		}
	}
	gpu_unlock(gpu);
	return 0;
}

static void access_ggtt(struct gpu *gpu, uint64_t offset, uint8_t *data, size_t length, bool write)
{
	uint8_t *entries = (uint8_t *)gpu->ggtt + offset;

	if (write && length == 8 && !(offset & 7))
		__atomic_store_n((uint64_t *)entries, *(const uint64_t *)data, __ATOMIC_RELEASE);
	else if (write)
		memcpy(entries, data, length);
	else
		memcpy(data, entries, length);
}

static int access_gttmmadr(struct gpu *gpu, uint64_t offset, uint8_t *data, size_t length,
			   bool write)
{
	if (offset < GPU_GGTT_OFFSET)
		return access_registers(gpu, offset, data, length, write);
	access_ggtt(gpu, offset - GPU_GGTT_OFFSET, data, length, write);
	return 0;
}

static void access_io(struct gpu *gpu, uint64_t offset, uint8_t *data, size_t length, bool write)
{
	uint32_t value = 0;

	if (length != 4 || (offset != IO_INDEX && offset != IO_DATA)) {
		if (!write)
			memset(data, 0xff, length);
		return;
	}
	memcpy(&value, data, 4);
	gpu_lock(gpu);
	if (offset == IO_INDEX && write)
		gpu->io_index = value & ~3u;
	else if (offset == IO_INDEX)
		value = gpu->io_index;
	else if (write)
		write_register(gpu, gpu->io_index, value, 4);
	else
		value = read_register(gpu, gpu->io_index);
	gpu_unlock(gpu);
	memcpy(data, &value, 4);
}

static int access_bar(struct gpu *gpu, unsigned int bar, uint64_t offset, uint8_t *data,
		      size_t length, bool write)
{
	uint64_t size = gpu_bar_size(gpu, bar);

	if (offset > size || length > size - offset)
		return -EINVAL;
	if (gpu_is_gone(gpu)) {
		if (!write)
			memset(data, 0xff, length);
		return 0;
	}
	switch (bar) {
	case GPU_BAR_GTTMMADR:
		return access_gttmmadr(gpu, offset, data, length, write);
	case GPU_BAR_APERTURE:
		if (write)
			aperture_write(gpu, offset, data, length);
		else
			aperture_read(gpu, offset, data, length);
		return 0;
	case GPU_BAR_IO:
		access_io(gpu, offset, data, length, write);
		return 0;
	default:
		return -EINVAL;
	}
}

int gpu_bar_read(struct gpu *gpu, unsigned int bar, uint64_t offset, void *data, size_t length)
{
	return access_bar(gpu, bar, offset, data, length, false);
}

int gpu_bar_write(struct gpu *gpu, unsigned int bar, uint64_t offset, const void *data,
		  size_t length)
{
	/* One path for both directions; a write never changes *data. */
	return access_bar(gpu, bar, offset, (uint8_t *)data, length, true);
}
