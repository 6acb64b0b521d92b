// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "mmio.h"
#include "watch.h"

/*
 * Devices (PCI ids: include/drm/i915_pciids.h). slice_fuse: FUSE2, slice enable 27:25, subslice
 * disable 23:20, on Gen8 23:21. What else differs between generations stands in the tables of its
 * subject: registers (mmio.h), contexts, lengths of commands.
 */
static const struct device_info devices[] = {
	{ .name = "skl-gt2",
	  .description = "Skylake GT2 desktop (HD Graphics 530, 8086:1912)",
	  .pci_id = 0x1912,
	  .revision = 0x06,
	  .generation = 9,
	  .slice_fuse = 0x02800000,
	  .timestamp_hz = 12000000,
	  .rp0 = 23,
	  .rp1 = 7,
	  .rpn = 7 },
	{ .name = "kbl-gt2",
	  .description = "Kaby Lake GT2 desktop (HD Graphics 630, 8086:5912)",
	  .pci_id = 0x5912,
	  .revision = 0x04,
	  .generation = 9,
	  .slice_fuse = 0x02800000,
	  .timestamp_hz = 12000000,
	  .rp0 = 23,
	  .rp1 = 7,
	  .rpn = 7 },
	{ .name = "bdw-gt2",
	  .description = "Broadwell GT2 mobile (HD Graphics 5500, 8086:1616)",
	  .pci_id = 0x1616,
	  .revision = 0x09,
	  .generation = 8,
	  .slice_fuse = 0x02000000,
	  .timestamp_hz = 12500000,
	  .rp0 = 18,
	  .rp1 = 6,
	  .rpn = 2 },
};

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

const char *gpu_device_name(unsigned int index)
{
	return index < DEVICES ? devices[index].name : NULL;
}

const char *gpu_device_description(unsigned int index)
{
	return index < DEVICES ? devices[index].description : NULL;
}

void gpu_lock(struct gpu *gpu)
{
	pthread_mutex_lock(&gpu->lock);
}

void gpu_unlock(struct gpu *gpu)
{
	bool due = gpu->interrupt_due;

	if (due) {
		due = injection_delivers(gpu);
		watch_message(gpu, !due);
	}

	gpu->interrupt_due = false;
	gpu->interrupts += due;
	pthread_mutex_unlock(&gpu->lock);
	if (due)
		gpu->ops->interrupt(gpu->opaque);
}

void gpu_log(struct gpu *gpu, int level, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	gpu->ops->log(gpu->opaque, level, text);
}

struct address_space gpu_global_space(struct gpu *gpu)
{
	return (struct address_space){ .kind = GTT_GLOBAL,
				       .ggtt = gpu->ggtt,
				       .memory = &gpu->memory };
}

void gpu_invalidate_tlbs(struct gpu *gpu)
{
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		tlb_invalidate(&gpu->engines[id].tlb);
}

uint64_t gpu_timestamp(const struct gpu *gpu)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * gpu->info->timestamp_hz +
	       (uint64_t)now.tv_nsec * gpu->info->timestamp_hz / 1000000000;
}

static const struct device_info *find_device(const char *name)
{
	for (unsigned int i = 0; i < DEVICES; i++)
		if (!name || !strcmp(name, devices[i].name))
			return &devices[i];
	return NULL;
}

static bool valid_aperture(uint64_t size)
{
	return size == 256ull << 20 || size == 512ull << 20 || size == 1024ull << 20;
}

static int make_ggtt(struct gpu *gpu)
{
	void *map;

	gpu->ggtt_fd = memfd_create("gvt-gpusim-ggtt", MFD_CLOEXEC);
	if (gpu->ggtt_fd < 0)
		return -errno;
	if (ftruncate(gpu->ggtt_fd, GPU_GTTMMADR_SIZE))
		return -errno;
	map = mmap(NULL, GPU_GGTT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, gpu->ggtt_fd,
		   GPU_GGTT_OFFSET);
	if (map == MAP_FAILED)
		return -errno;
	gpu->ggtt = map;
	return 0;
}

static int start_engines(struct gpu *gpu)
{
	for (unsigned int id = 0; id < ENGINE_COUNT; id++) {
		int ret = engine_start(gpu, id);

		if (ret) {
			while (id--)
				engine_stop(&gpu->engines[id]);
			return ret;
		}
	}
	return 0;
}

static void release(struct gpu *gpu)
{
	mmio_fini(gpu);
	if (gpu->ggtt)
		munmap(gpu->ggtt, GPU_GGTT_SIZE);
	if (gpu->ggtt_fd >= 0)
		close(gpu->ggtt_fd);
	memory_fini(&gpu->memory);
	pthread_mutex_destroy(&gpu->lock);
	free(gpu);
}

int gpu_new(const struct gpu_config *config, struct gpu **out)
{
	uint64_t aperture = config->aperture_size ? config->aperture_size : 256ull << 20;
	const struct device_info *info = find_device(config->device);
	struct gpu *gpu;
	int ret;

	if (!info || !valid_aperture(aperture))
		return -EINVAL;
	gpu = calloc(1, sizeof(*gpu));
	if (!gpu)
		return -ENOMEM;
	ret = memory_init(&gpu->memory);
	if (ret) {
		free(gpu);
		return ret;
	}
	pthread_mutex_init(&gpu->lock, NULL);
	gpu->info = info;
	gpu->ops = config->ops;
	gpu->opaque = config->opaque;
	gpu->watcher = config->watcher;
	injection_init(gpu, config->seed);
	gpu->aperture_size = aperture;
	gpu->ggtt_fd = -1;
	ret = make_ggtt(gpu);
	if (!ret)
		ret = mmio_init(gpu);
	if (!ret) {
		pci_reset(gpu);
		ret = display_start(gpu);
	}
	if (!ret) {
		ret = start_engines(gpu);
		if (ret)
			display_stop(gpu);
	}
	if (ret) {
		injection_fini(gpu);
		release(gpu);
		return ret;
	}
	*out = gpu;
	return 0;
}

void gpu_free(struct gpu *gpu)
{
	if (!gpu)
		return;
	/* Its thread may be about to reset the engines. */
	injection_fini(gpu);
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		engine_stop(&gpu->engines[id]);
	display_stop(gpu);
	release(gpu);
}

void gpu_reset(struct gpu *gpu)
{
	gpu_lock(gpu);
	watch_reset(gpu, NULL);
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		engine_reset(&gpu->engines[id]);
	mmio_reset(gpu);
	sideband_reset(gpu);
	display_reset(gpu);
	pci_reset(gpu);
	gpu->io_index = 0;
	gpu->interrupt_due = false;
	injection_reset(gpu);
	memset(gpu->ggtt, 0, GPU_GGTT_SIZE);
	gpu_unlock(gpu);
}

int gpu_ggtt_fd(const struct gpu *gpu)
{
	return gpu->ggtt_fd;
}

int gpu_memory_add(struct gpu *gpu, uint64_t address, uint64_t length, void *host, bool write)
{
	struct memory_range range = {
		.start = address, .length = length, .host = host, .write = write
	};

	int ret = memory_add(&gpu->memory, &range);

	gpu_invalidate_tlbs(gpu);
	return ret;
}

int gpu_memory_remove(struct gpu *gpu, uint64_t address, uint64_t length)
{
	int ret = memory_remove(&gpu->memory, address, length);

	gpu_invalidate_tlbs(gpu);
	return ret;
}

void gpu_memory_remove_all(struct gpu *gpu,
			   void (*release_range)(void *opaque, void *host, uint64_t length),
			   void *opaque)
{
	struct memory_range range;

	while (memory_take(&gpu->memory, &range))
		if (release_range)
			release_range(opaque, range.host, range.length);
}
