/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - the places where gpu/ tells its watcher (event.h) what happens
 *
 * One call at each place; none changes anything.
 */
#ifndef GPUSIM_WATCH_H
#define GPUSIM_WATCH_H

#include "device.h"
#include "event.h"

struct command;

static inline bool watched(const struct gpu *gpu, enum gpu_event_kind kind)
{
	return gpu->watcher && __atomic_load_n(&gpu->watcher->wants, __ATOMIC_RELAXED) & 1u << kind;
}

/* For the functions below, which look first whether anybody wants to know. */
void watch_tell_command(const struct command *command);
void watch_tell_context(const struct engine *engine, uint64_t descriptor, bool save);
void watch_tell_register(struct gpu *gpu, uint8_t from, uint32_t offset, uint32_t value,
			 bool write);

void watch_submission(const struct engine *engine, const uint64_t element[2]);
void watch_status(const struct engine *engine, uint32_t index, uint64_t entry);
void watch_interrupt(struct gpu *gpu, uint32_t group, uint32_t bits);
void watch_message(struct gpu *gpu, bool held_back);
/* NULL: the whole GPU. */
void watch_reset(struct gpu *gpu, const struct engine *engine);
void watch_fault(const struct engine *engine, const struct gtt_fault *fault);
void watch_bad_command(const struct engine *engine, uint32_t header);

static inline void watch_command(const struct gpu *gpu, const struct command *command)
{
	if (watched(gpu, GPU_EVENT_COMMAND))
		watch_tell_command(command);
}

static inline void watch_context(const struct engine *engine, uint64_t descriptor, bool save)
{
	if (watched(engine->gpu, GPU_EVENT_CONTEXT))
		watch_tell_context(engine, descriptor, save);
}

static inline void watch_register(struct gpu *gpu, uint8_t from, uint32_t offset, uint32_t value,
				  bool write)
{
	if (watched(gpu, GPU_EVENT_REGISTER))
		watch_tell_register(gpu, from, offset, value, write);
}

#endif
