// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <i915_drm.h>

#include "gem.h"

#define PAGE	    4096u
#define BATCH_SIZE  (256u << 10)
#define MAX_BUFFERS 8u
/* Buffers may be tiled by 64 KiB. */
#define PLACE_ALIGNMENT (1u << 20)

static int card = -1;
static uint64_t next_address = 16u << 20;
static struct gem_buffer batch;

/* 0 or a negative errno. */
static int try(unsigned long request, void *argument)
{
	int ret;

	do {
		ret = ioctl(card, request, argument);
	} while (ret && (errno == EINTR || errno == EAGAIN));
	return ret ? -errno : 0;
}

static void call(unsigned long request, void *argument, const char *what)
{
	int ret = try(request, argument);

	if (ret)
		errx(1, "%s: %s", what, strerror(-ret));
}

void gem_open(const char *path)
{
	card = open(path, O_RDWR | O_CLOEXEC);
	if (card < 0)
		err(1, "can't open %s", path);
	batch = gem_create(BATCH_SIZE);
}

unsigned int gem_device_id(void)
{
	int value = 0;
	struct drm_i915_getparam parameter = { .param = I915_PARAM_CHIPSET_ID, .value = &value };

	call(DRM_IOCTL_I915_GETPARAM, &parameter, "i915 does not tell the device");
	return (unsigned int)value;
}

static uint8_t *map_as(const struct gem_buffer *buffer, uint64_t kind)
{
	struct drm_i915_gem_mmap_offset offset = { .handle = buffer->handle, .flags = kind };
	void *map;

	call(DRM_IOCTL_I915_GEM_MMAP_OFFSET, &offset, "i915 offers no mapping of a buffer");
	map = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE, MAP_SHARED, card,
		   (off_t)offset.offset);
	if (map == MAP_FAILED)
		err(1, "can't map a buffer");
	return map;
}

struct gem_buffer gem_create(size_t size)
{
	struct drm_i915_gem_create create = { .size = (size + PAGE - 1) & ~(size_t)(PAGE - 1) };
	struct gem_buffer buffer;

	call(DRM_IOCTL_I915_GEM_CREATE, &create, "i915 makes no buffer");
	buffer = (struct gem_buffer){ .handle = create.handle,
				      .size = create.size,
				      .address = next_address };
	next_address += (buffer.size + PLACE_ALIGNMENT - 1) & ~(uint64_t)(PLACE_ALIGNMENT - 1);
	buffer.map = map_as(&buffer, I915_MMAP_OFFSET_WB);
	return buffer;
}

void gem_destroy(struct gem_buffer *buffer)
{
	struct drm_gem_close close = { .handle = buffer->handle };

	munmap(buffer->map, buffer->size);
	call(DRM_IOCTL_GEM_CLOSE, &close, "i915 does not close a buffer");
	*buffer = (struct gem_buffer){ 0 };
}

void gem_set_tiling(const struct gem_buffer *buffer, unsigned int tiling, uint32_t pitch)
{
	struct drm_i915_gem_set_tiling set = { .handle = buffer->handle,
					       .tiling_mode = tiling,
					       .stride = pitch };

	call(DRM_IOCTL_I915_GEM_SET_TILING, &set, "i915 does not tile a buffer");
	if (set.tiling_mode != tiling)
		errx(1, "i915 made tiling %u of tiling %u", set.tiling_mode, tiling);
}

static void set_domain(const struct gem_buffer *buffer, uint32_t domain)
{
	struct drm_i915_gem_set_domain set = { .handle = buffer->handle,
					       .read_domains = domain,
					       .write_domain = domain };

	call(DRM_IOCTL_I915_GEM_SET_DOMAIN, &set, "waiting for a buffer failed");
}

uint8_t *gem_map_aperture(const struct gem_buffer *buffer)
{
	uint8_t *map = map_as(buffer, I915_MMAP_OFFSET_GTT);

	set_domain(buffer, I915_GEM_DOMAIN_GTT);
	return map;
}

void gem_unmap(const struct gem_buffer *buffer, uint8_t *map)
{
	munmap(map, buffer->size);
	set_domain(buffer, I915_GEM_DOMAIN_CPU);
}

static void set_context(uint32_t context, uint64_t parameter, uint64_t value)
{
	struct drm_i915_gem_context_param set = { .ctx_id = context,
						  .param = parameter,
						  .value = value };

	call(DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, &set, "i915 does not set up a context");
}

bool gem_is_dead(void)
{
	return try(DRM_IOCTL_I915_GEM_THROTTLE, NULL) == -EIO;
}

uint32_t gem_context_create(void)
{
	struct drm_i915_gem_context_create create = { 0 };

	call(DRM_IOCTL_I915_GEM_CONTEXT_CREATE, &create, "i915 makes no context");
	set_context(create.ctx_id, I915_CONTEXT_PARAM_RECOVERABLE, 0);
	return create.ctx_id;
}

void gem_context_bind_work(uint32_t context)
{
	set_context(context, I915_CONTEXT_PARAM_PERSISTENCE, 0);
}

void gem_context_destroy(uint32_t context)
{
	struct drm_i915_gem_context_destroy destroy = { .ctx_id = context };

	call(DRM_IOCTL_I915_GEM_CONTEXT_DESTROY, &destroy, "i915 does not destroy a context");
}

unsigned int gem_context_hangs(uint32_t context)
{
	struct drm_i915_reset_stats stats = { .ctx_id = context };

	call(DRM_IOCTL_I915_GET_RESET_STATS, &stats, "i915 tells no resets of a context");
	return stats.batch_active;
}

int gem_submit(uint32_t context, enum gem_engine engine, const struct gem_buffer *buffers,
	       unsigned int count)
{
	static const uint64_t engines[GEM_ENGINES] = {
		[GEM_RENDER] = I915_EXEC_RENDER,
		[GEM_COPY] = I915_EXEC_BLT,
		[GEM_VIDEO] = I915_EXEC_BSD,
		[GEM_ENHANCE] = I915_EXEC_VEBOX,
	};
	struct drm_i915_gem_exec_object2 objects[MAX_BUFFERS + 1] = { 0 };
	struct drm_i915_gem_execbuffer2 execute = {
		.buffers_ptr = (uintptr_t)objects,
		.buffer_count = count,
		.flags = engines[engine] | I915_EXEC_NO_RELOC | I915_EXEC_BATCH_FIRST,
		.rsvd1 = context,
	};

	if (count > MAX_BUFFERS + 1)
		errx(1, "%u buffers are too many for a batch", count);
	for (unsigned int i = 0; i < count; i++)
		objects[i] = (struct drm_i915_gem_exec_object2){
			.handle = buffers[i].handle,
			.offset = buffers[i].address,
			.flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS |
				 (i ? EXEC_OBJECT_WRITE : 0),
		};
	return try(DRM_IOCTL_I915_GEM_EXECBUFFER2, &execute);
}

bool gem_is_busy(const struct gem_buffer *buffer)
{
	struct drm_i915_gem_busy busy = { .handle = buffer->handle };

	call(DRM_IOCTL_I915_GEM_BUSY, &busy, "i915 does not tell what is busy");
	return busy.busy;
}

bool gem_wait(const struct gem_buffer *buffer, unsigned int seconds)
{
	struct drm_i915_gem_wait wait = { .bo_handle = buffer->handle,
					  .timeout_ns = seconds * 1000000000ll };
	int ret = try(DRM_IOCTL_I915_GEM_WAIT, &wait);

	if (ret && ret != -ETIME)
		errx(1, "waiting for a buffer failed: %s", strerror(-ret));
	return !ret;
}

void gem_run_blits(const uint32_t *dwords, size_t count, const struct gem_buffer *buffers,
		   unsigned int buffer_count)
{
	struct gem_buffer all[MAX_BUFFERS + 1] = { batch };
	int ret;

	if (buffer_count > MAX_BUFFERS || 4 * (count + 1) > BATCH_SIZE)
		errx(1, "a batch of %zu dwords with %u buffers is too much", count, buffer_count);
	memcpy(batch.map, dwords, 4 * count);
	memcpy(&all[1], buffers, buffer_count * sizeof(*buffers));
	ret = gem_submit(0, GEM_COPY, all, buffer_count + 1);
	if (ret)
		errx(1, "i915 refuses a batch: %s", strerror(-ret));
	for (unsigned int i = 0; i <= buffer_count; i++)
		set_domain(&all[i], I915_GEM_DOMAIN_CPU);
}
