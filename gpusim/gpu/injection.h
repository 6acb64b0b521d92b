/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * injection.h - faults on demand, for the error paths of whoever drives the GPU
 *
 * Asked at the few places where something can be made to go wrong. Each planned fault counts its
 * own events and has its own random numbers from the configured seed: the same events meet the same
 * faults, however the engines' threads interleave. Not to be confused with the faults of gtt.h,
 * which a program brings upon itself.
 */
#ifndef GPUSIM_INJECTION_H
#define GPUSIM_INJECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "gpu.h"

struct engine;

#define INJECTION_MAX_DELAYED 64 /* interrupts; a further one is delivered at once */

struct planned_fault {
	struct gpu_fault fault;
	uint64_t seen; /* events since it was planned */
	uint64_t struck;
	uint64_t random; /* state of its generator */
};

struct injection {
	/* Below: gpu->lock. */
	struct planned_fault faults[GPU_MAX_FAULTS];
	unsigned int count;
	uint64_t seed;
	uint64_t planned; /* faults ever: each has numbers of its own */

	bool gone; /* set under the lock, read without */
	bool vanishing; /* gone, but the GPU is not reset yet */
	uint64_t back_at; /* ns of the monotonic clock; 0: not by itself */
	uint64_t delayed[INJECTION_MAX_DELAYED]; /* due times of interrupts, ns */
	unsigned int delayed_count;

	/* The thread for what comes later; it runs from the first fault on that has a later. */
	pthread_t thread;
	pthread_cond_t change;
	bool has_thread;
	bool exit;
};

void injection_init(struct gpu *gpu, uint64_t seed);
void injection_fini(struct gpu *gpu);

/* A reset of the GPU: what was on its way is lost, what is planned stays planned. */
void injection_reset(struct gpu *gpu);

/* The functions below with gpu->lock held. */

/* Something was submitted. True: the engine is to hang as soon as it has taken it. */
bool injection_hangs(struct engine *engine);

/* The context status entry that takes the place of `entry`. */
uint64_t injection_report(struct engine *engine, uint64_t entry);

/* An MSI is due. False: it is not sent now. */
bool injection_delivers(struct gpu *gpu);

#endif
