/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - a machine for a GPU of the simulator to work in: memory, page tables, one context
 *
 * Graphics addresses are bus addresses, through the GGTT and through the context's page tables. It
 * does what a driver does at a submission: tail, port, interrupt, context status.
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <pthread.h>
#include <stdint.h>

#include "gpusim/gpu/gpu.h"

#define MACHINE_RAM   (96u << 20)
#define MACHINE_BATCH 0x200000u /* 2 MiB for a batch */
#define MACHINE_FREE  0x400000u /* from here on all memory is for surfaces */
#define MACHINE_RCS   0x2000u
#define MACHINE_BCS   0x22000u

struct machine {
	struct gpu *gpu;
	uint8_t *ram;
	uint32_t engine; /* base of its registers */
	uint32_t tail;
	uint32_t seen; /* context status entries */
	pthread_mutex_t lock;
	pthread_cond_t interrupt;
	unsigned int interrupts;
};

/* Everything on this engine; ends the program where it can't be made. */
struct machine *machine_new(uint32_t engine);
void machine_free(struct machine *machine);

uint32_t machine_read(struct machine *machine, uint32_t offset);
void machine_write(struct machine *machine, uint32_t offset, uint32_t value);

/* Submit an empty request, or a batch at MACHINE_BATCH, and wait for its end. */
void machine_submit_nothing(struct machine *machine);
void machine_run_batch(struct machine *machine);

#endif
