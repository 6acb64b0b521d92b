// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "aperture.h"
#include "device.h"
#include "surface.h"

#define FENCE_VALID	   (1ull << 0)
#define FENCE_TILING_Y	   (1ull << 1)
#define FENCE_START(value) ((value)&0xfffff000)
#define FENCE_END(value)   (((value) >> 32 & 0xfffff000) + GPU_PAGE_SIZE) /* excluded */
#define FENCE_PITCH(value) ((((value) >> 32 & 0xfff) + 1) * 128)

/* The part of an access that one rule holds for: inside one fence's row, or between fences. */
struct piece {
	uint64_t address; /* graphics address of the first byte */
	size_t length;
};

static uint64_t read_fence(const struct gpu *gpu, unsigned int n)
{
	const uint32_t *reg = &gpu->regs[(FENCE_BASE + 8 * n) / 4];
	uint64_t low = __atomic_load_n(&reg[0], __ATOMIC_RELAXED);
	uint64_t high = __atomic_load_n(&reg[1], __ATOMIC_RELAXED);

	return high << 32 | low;
}

static struct piece tiled_piece(uint64_t fence, uint64_t offset, size_t length)
{
	uint64_t inside = offset - FENCE_START(fence);
	struct surface surface = {
		.base = FENCE_START(fence),
		.pitch = FENCE_PITCH(fence),
		.tiling = fence & FENCE_TILING_Y ? TILING_Y : TILING_X,
	};
	int32_t x = inside % (uint32_t)surface.pitch, y = inside / (uint32_t)surface.pitch;
	size_t room = surface_contiguous(&surface, x, surface.pitch - x);

	return (struct piece){ surface.base + surface_offset(&surface, x, y),
			       length < room ? length : room };
}

/* The first fence in order that covers the address decides. */
static struct piece next_piece(const struct gpu *gpu, uint64_t offset, size_t length)
{
	uint64_t plain_end = offset + length;

	for (unsigned int n = 0; n < FENCE_COUNT; n++) {
		uint64_t fence = read_fence(gpu, n);

		if (!(fence & FENCE_VALID))
			continue;
		if (offset >= FENCE_START(fence) && offset < FENCE_END(fence))
			return tiled_piece(fence, offset, length);
		if (FENCE_START(fence) > offset && FENCE_START(fence) < plain_end)
			plain_end = FENCE_START(fence);
	}
	return (struct piece){ offset, plain_end - offset };
}

void aperture_read(struct gpu *gpu, uint64_t offset, void *data, size_t length)
{
	struct address_space space = gpu_global_space(gpu);
	uint8_t *to = data;

	memset(data, 0xff, length);
	while (length) {
		struct piece piece = next_piece(gpu, offset, length);

		gtt_read(&space, piece.address, to, piece.length, NULL);
		offset += piece.length;
		to += piece.length;
		length -= piece.length;
	}
}

void aperture_write(struct gpu *gpu, uint64_t offset, const void *data, size_t length)
{
	struct address_space space = gpu_global_space(gpu);
	const uint8_t *from = data;

	while (length) {
		struct piece piece = next_piece(gpu, offset, length);

		gtt_write(&space, piece.address, from, piece.length, NULL);
		offset += piece.length;
		from += piece.length;
		length -= piece.length;
	}
}
