// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The display's life, and the thread that sleeps until a vertical blank that somebody listens for.
 * With no pipe running, or none of its interrupts enabled, it sleeps until it is woken.
 */
#include <string.h>

#include "gpusim/gpu/device.h"

static uint64_t advance_all(struct gpu *gpu)
{
	uint64_t now = pipe_now(), first = UINT64_MAX;

	for (unsigned int n = 0; n < PIPES; n++) {
		uint64_t deadline;

		pipe_advance(gpu, n, now);
		deadline = pipe_deadline(gpu, n);
		if (deadline < first)
			first = deadline;
	}
	return first;
}

static void sleep_until(struct gpu *gpu, uint64_t deadline)
{
	struct timespec at = { .tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000 };

	if (deadline == UINT64_MAX)
		pthread_cond_wait(&gpu->display.wake, &gpu->lock);
	else
		pthread_cond_timedwait(&gpu->display.wake, &gpu->lock, &at);
}

static void *run(void *opaque)
{
	struct gpu *gpu = opaque;

	gpu_lock(gpu);
	while (!gpu->display.exit) {
		uint64_t deadline = advance_all(gpu);

		if (gpu->interrupt_due) {
			/* Delivered by the unlock. */
			gpu_unlock(gpu);
			gpu_lock(gpu);
		} else {
			sleep_until(gpu, deadline);
		}
	}
	gpu_unlock(gpu);
	return NULL;
}

void display_wake(struct gpu *gpu)
{
	pthread_cond_signal(&gpu->display.wake);
}

static const struct display_model *const models[] = { [8] = &display_gen8, [9] = &display_gen9 };

int display_start(struct gpu *gpu)
{
	struct display *display = &gpu->display;
	pthread_condattr_t attr;
	int ret;

	display->model = models[gpu->info->generation];
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&display->wake, &attr);
	pthread_condattr_destroy(&attr);
	ret = crc_start(gpu);
	if (ret) {
		pthread_cond_destroy(&display->wake);
		return ret;
	}
	ret = -pthread_create(&display->thread, NULL, run, gpu);
	if (ret) {
		crc_stop(gpu);
		pthread_cond_destroy(&display->wake);
	}
	return ret;
}

void display_stop(struct gpu *gpu)
{
	struct display *display = &gpu->display;

	gpu_lock(gpu);
	display->exit = true;
	display_wake(gpu);
	gpu_unlock(gpu);
	pthread_join(display->thread, NULL);
	crc_stop(gpu);
	pthread_cond_destroy(&display->wake);
	ports_release(gpu);
}

void display_reset(struct gpu *gpu)
{
	struct display *display = &gpu->display;

	memset(display->pipes, 0, sizeof(display->pipes));
	crc_reset(gpu);
	gmbus_reset(&display->gmbus);
	ports_reset(gpu);
}
