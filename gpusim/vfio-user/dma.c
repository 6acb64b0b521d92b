// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "dma.h"
#include "guard.h"

/* A range may end at the very top of the address space: compare last bytes, not ends. */
static bool overlaps(const struct vu_dma_range *range, uint64_t address, uint64_t size)
{
	return address <= range->address + (range->size - 1) &&
	       range->address <= address + (size - 1);
}

static int check_map(struct vu_dma *dma, struct vu_request *request, const struct vu_dma_map *map)
{
	uint64_t unused;

	if (map->flags & ~VU_DMA_MAP_FLAGS || !(map->flags & (VU_DMA_MAP_READ | VU_DMA_MAP_WRITE)))
		return vu_refuse(request, -EINVAL, "flags");
	if (map->flags & VU_DMA_MAP_BY_FILEIO)
		return vu_refuse(request, -ENOTSUP, "access by file I/O is not offered");
	if (map->flags & VU_DMA_MAP_BY_MMAP && !request->message->fd_count)
		return vu_refuse(request, -EINVAL, "no file descriptor to map");
	if (!map->size || (map->address | map->size) % VU_DMA_PAGE_SIZE)
		return vu_refuse(request, -EINVAL, "not whole pages");
	if (__builtin_add_overflow(map->address, map->size - 1, &unused))
		return vu_refuse(request, -EINVAL, "the range wraps around");
	for (unsigned int i = 0; i < dma->count; i++) {
		if (overlaps(&dma->ranges[i], map->address, map->size))
			return vu_refuse(request, -EEXIST, "the range is mapped already");
	}
	if (dma->count == VU_DMA_MAX_RANGES)
		return vu_refuse(request, -ENOSPC, "too many ranges");
	return 0;
}

/*
 * The unit in which a file can be mapped: hugetlbfs maps whole huge pages, though the machine may
 * lay out smaller pieces of them.
 */
static uint64_t mapping_unit(int fd)
{
	struct statfs fs;

	if (!fstatfs(fd, &fs) && fs.f_type == HUGETLBFS_MAGIC && fs.f_bsize > 0)
		return (uint64_t)fs.f_bsize;
	return VU_DMA_PAGE_SIZE;
}

/* Memory behind its file's end is none. (The file may still shrink later: guard.h.) */
static int check_file_size(struct vu_request *request, int fd, uint64_t end)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return vu_refuse(request, -EINVAL, "the file descriptor is no memory");
	if (end > (uint64_t)st.st_size)
		return vu_refuse(request, -EINVAL, "the range is behind the file's end");
	return 0;
}

/* Map the file's part; *host is where map->address is. */
static int map_file(struct vu_request *request, const struct vu_dma_map *map,
		    struct vu_dma_range *range, void **host)
{
	int fd = request->message->fds[0];
	int protection = PROT_READ | (map->flags & VU_DMA_MAP_WRITE ? PROT_WRITE : 0);
	uint64_t unit = mapping_unit(fd), start, end, length;
	int ret;

	if (__builtin_add_overflow(map->offset, map->size, &end) || map->offset % VU_DMA_PAGE_SIZE)
		return vu_refuse(request, -EINVAL, "offset into the file");
	ret = check_file_size(request, fd, end);
	if (ret)
		return ret;
	start = map->offset - map->offset % unit;
	length = end - start;
	if (__builtin_add_overflow(length, (unit - length % unit) % unit, &length) ||
	    length > PTRDIFF_MAX || start > INT64_MAX)
		return vu_refuse(request, -EINVAL, "size");
	range->mapping =
		mmap(NULL, length, protection, MAP_SHARED | MAP_NORESERVE, fd, (off_t)start);
	if (range->mapping == MAP_FAILED)
		return vu_refuse(request, -errno, "the file can't be mapped");
	range->mapping_size = length;
	if (!vu_guard_add(range->mapping, length)) {
		munmap(range->mapping, length);
		return vu_refuse(request, -ENOSPC, "too many mappings");
	}
	*host = (char *)range->mapping + (map->offset - start);
	return 0;
}

static void unmap_file(const struct vu_dma_range *range)
{
	vu_guard_remove(range->mapping);
	munmap(range->mapping, range->mapping_size);
}

int vu_dma_map(struct vu_dma *dma, struct vu_request *request)
{
	const struct vu_dma_map *map = request->message->payload;
	struct vu_dma_range range = { .address = map->address, .size = map->size };
	void *host = NULL;
	int ret;

	ret = check_map(dma, request, map);
	if (ret)
		return ret;
	if (request->message->fd_count) {
		ret = map_file(request, map, &range, &host);
		if (ret)
			return ret;
		ret = gpu_memory_add(dma->gpu, map->address, map->size, host,
				     map->flags & VU_DMA_MAP_WRITE);
		if (ret) {
			unmap_file(&range);
			return vu_refuse(request, ret, "the GPU does not take this memory");
		}
	}
	dma->ranges[dma->count++] = range;
	return 0;
}

/* The GPU lets go first: no engine may meet a hole. */
static void release_range(struct vu_dma *dma, const struct vu_dma_range *range)
{
	if (!range->mapping)
		return;
	gpu_memory_remove(dma->gpu, range->address, range->size);
	unmap_file(range);
}

void vu_dma_unmap_all(struct vu_dma *dma)
{
	for (unsigned int i = 0; i < dma->count; i++)
		release_range(dma, &dma->ranges[i]);
	dma->count = 0;
}

static int unmap_one(struct vu_dma *dma, struct vu_request *request, uint64_t address,
		     uint64_t size)
{
	for (unsigned int i = 0; i < dma->count; i++) {
		struct vu_dma_range *range = &dma->ranges[i];

		if (range->address != address || range->size != size)
			continue;
		release_range(dma, range);
		*range = dma->ranges[--dma->count];
		return 0;
	}
	return vu_refuse(request, -ENOENT, "no such range is mapped");
}

int vu_dma_unmap(struct vu_dma *dma, struct vu_request *request)
{
	const struct vu_dma_unmap *in = request->message->payload;
	struct vu_dma_unmap *out = request->reply;
	int ret = 0;

	switch (in->flags) {
	case 0:
		ret = unmap_one(dma, request, in->address, in->size);
		break;
	case VFIO_DMA_UNMAP_FLAG_ALL:
		if (in->address || in->size)
			return vu_refuse(request, -EINVAL, "all, but with an address or a size");
		vu_dma_unmap_all(dma);
		break;
	case VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP:
		return vu_refuse(request, -ENOTSUP, "dirty pages are not tracked");
	default:
		return vu_refuse(request, -EINVAL, "flags");
	}
	if (ret)
		return ret;
	*out = *in;
	request->reply_length = sizeof(*out);
	return 0;
}
