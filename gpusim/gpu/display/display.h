/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * display.h - the display engine: pipes with their planes, and ports with monitors
 *
 * What the rest of gpu/ needs to start, stop and reset it, and the state that its files share.
 * Layers: vblank.c (the thread) > pipe.c (frames, what is latched when) > timing.c, clock-*.c (from
 * registers to time); scanout.c (a picture of a pipe) > plane-*.c, cursor.c (from registers to what
 * is to be read) > fetch.c (memory) > pixel.c (formats); port.c (monitors, hot-plug) > gmbus.c,
 * aux.c > ddc.c, dpcd.c. Nothing here knows files, pictures' formats or who asks for a picture.
 *
 * Lock: gpu->lock guards all of it. Pictures are composed without it, from copies of registers.
 */
#ifndef GPUSIM_DISPLAY_H
#define GPUSIM_DISPLAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "crc.h"
#include "gmbus.h"
#include "pipe.h"
#include "port.h"

struct gpu;
struct plane;

/* What differs between generations. */
struct display_model {
	/* Bits of a pipe's interrupt group: a new surface of plane n is shown; 0: no such plane. */
	uint32_t flip_done[PIPE_PLANES];
	uint32_t scalers[PIPE_SCALERS]; /* blocks of pipe A's scalers; 0: there is none */
	/* Pixels per second that the port of a transcoder is driven with; 0: it is not clocked. */
	uint64_t (*pixel_clock)(const struct gpu *gpu, unsigned int transcoder);
	/* What plane n shows; false: nothing. */
	bool (*plane)(const struct pipe_view *view, unsigned int n, struct plane *plane);
};

extern const struct display_model display_gen8, display_gen9;

struct display {
	const struct display_model *model;
	pthread_t thread;
	pthread_cond_t wake; /* for the thread: there may be more to wait for */
	bool exit;
	struct pipe pipes[PIPES];
	struct crc crc;
	struct port ports[PORTS];
	struct gmbus gmbus;
};

/* Start the threads. 0 or a negative errno. */
int display_start(struct gpu *gpu);
void display_stop(struct gpu *gpu);

/* With gpu->lock held, after the registers: power-on state. Monitors stay plugged in. */
void display_reset(struct gpu *gpu);

/* With gpu->lock held: somebody may have begun to listen to a pipe's interrupts. */
void display_wake(struct gpu *gpu);

#endif
