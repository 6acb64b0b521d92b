/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gem.h - i915's buffers and batches, as far as the harness's programs in a VM need them
 *
 * Straight on the kernel's interface (i915_drm.h), so that nothing of a user's driver stands
 * between a test and the GPU. Every buffer has a fixed graphics address of its own. What fails ends
 * the program with a line that says what.
 */
#ifndef TESTS_VM_GEM_H
#define TESTS_VM_GEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gem_buffer {
	uint32_t handle;
	size_t size;
	uint64_t address; /* in every context's PPGTT */
	uint8_t *map; /* coherent with the GPU while no batch that uses it runs */
};

/* Open the card, at a path such as /dev/dri/card0. */
void gem_open(const char *path);

/* The device's PCI id. */
unsigned int gem_device_id(void);

/* Zeroed, mapped; `size` is rounded up to pages. */
struct gem_buffer gem_create(size_t size);
/* Gone, its mapping too. */
void gem_destroy(struct gem_buffer *buffer);

/* Mark as tiled X (1) or Y (2) with this pitch, for gem_map_aperture(). */
void gem_set_tiling(const struct gem_buffer *buffer, unsigned int tiling, uint32_t pitch);

/* Through the aperture, where a fence untiles it; gem_unmap() takes it away again. */
uint8_t *gem_map_aperture(const struct gem_buffer *buffer);
void gem_unmap(const struct gem_buffer *buffer, uint8_t *map);

enum gem_engine {
	GEM_RENDER,
	GEM_COPY,
	GEM_VIDEO,
	GEM_ENHANCE,
	GEM_ENGINES
};

/* Has i915 given its GPU up? */
bool gem_is_dead(void);

/* A context, with page tables of its own. i915 bans it at its first hang. */
uint32_t gem_context_create(void);
/* Let its destruction end what it runs, which would outlive it otherwise. */
void gem_context_bind_work(uint32_t context);
void gem_context_destroy(uint32_t context);
/* How often the context was at work when its engine was reset. */
unsigned int gem_context_hangs(uint32_t context);

/*
 * Let a context start the batch at the first of the `count` buffers, with the others in its reach;
 * does not wait. Returns 0 or what i915 refuses it with, as a negative errno.
 */
int gem_submit(uint32_t context, enum gem_engine engine, const struct gem_buffer *buffers,
	       unsigned int count);
/* Does a batch that uses the buffer still run, or wait? */
bool gem_is_busy(const struct gem_buffer *buffer);
/* Wait until none does; false: `seconds` were too few. */
bool gem_wait(const struct gem_buffer *buffer, unsigned int seconds);

/*
 * Run `count` dwords, which end with MI_BATCH_BUFFER_END, on the copy engine, with these buffers in
 * its reach; wait for the end.
 */
void gem_run_blits(const uint32_t *dwords, size_t count, const struct gem_buffer *buffers,
		   unsigned int buffer_count);

#endif
