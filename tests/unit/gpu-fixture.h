/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gpu-fixture.h - a machine around gpusim's GPU: memory, an identity-mapped GGTT, contexts, and an
 * interrupt to wait for
 *
 * What the tests expect is written here from the manuals' layouts, not taken from gpu/'s headers:
 * of those only gpu.h, the outside of the GPU, is used.
 */
#ifndef TEST_GPU_FIXTURE_H
#define TEST_GPU_FIXTURE_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>

#include "gpusim/gpu/gpu.h"

#define RAM_SIZE (16u << 20)
#define PAGE	 4096u

/* Bases of the engines' registers. */
#define RCS  0x2000u
#define VCS0 0x12000u
#define VECS 0x1a000u
#define BCS  0x22000u

/* Where the fixture keeps things, as graphics and bus addresses at once. */
#define HWSP		0x10000u
#define SCRATCH		0x20000u
#define BATCH		0x30000u
#define BATCH2		0x34000u
#define CONTEXT_SIZE	0x20000u
#define CONTEXT(n)	(0x100000u + (n)*CONTEXT_SIZE)
#define PPGTT_TABLES(n) (0x300000u + (n)*0x3000u)
#define RING(n)		(0x80000u + (n)*0x4000u)
#define RING_SIZE	0x4000u

struct machine {
	struct gpu *gpu;
	uint8_t *ram;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned int interrupts;
	char last_log[256];
};

struct machine *machine_new(void);
/* The same with another GPU than the first of gpu_device_name(). */
struct machine *machine_new_device(const char *device);
/* The same with this configuration, but for its ops and opaque. */
struct machine *machine_make(const struct gpu_config *with);
void machine_free(struct machine *machine);

/* Let an engine's interrupts through, and its reports to HWSP: after a reset as at the beginning.
 */
void engine_enable(struct machine *machine, uint32_t engine);

uint32_t mmio_read32(struct machine *machine, uint32_t offset);
void mmio_write32(struct machine *machine, uint32_t offset, uint32_t value);
uint32_t ram32(const struct machine *machine, uint64_t address);
void set_ram32(struct machine *machine, uint64_t address, uint32_t value);
void set_ram64(struct machine *machine, uint64_t address, uint64_t value);

/* Let the GGTT show the page of memory at `bus` at a graphics address. */
void map_page(struct machine *machine, uint64_t address, uint64_t bus);

/* Put dwords at an address; returns the address behind them. */
uint64_t put(struct machine *machine, uint64_t address, const uint32_t *dwords, size_t count);
#define PUT(machine, address, ...)                               \
	put(machine, address, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* A context image n with an empty ring n and no page tables; returns its descriptor. */
uint64_t context_make(struct machine *machine, unsigned int n);
/* Let the PPGTT of context n show all of memory at the same addresses. */
void context_map(struct machine *machine, unsigned int n);
/* Fill ring n from its start and set the image's tail behind it. */
void ring_fill(struct machine *machine, unsigned int n, const uint32_t *dwords, size_t count);
#define RING_FILL(machine, n, ...)                               \
	ring_fill(machine, n, (const uint32_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

void elsp(struct machine *machine, uint32_t engine, uint64_t first, uint64_t second);

/* Wait until `count` context status entries came after the last reset; fails after 10 s. */
void wait_reports(struct machine *machine, uint32_t engine, unsigned int count);
/* Wait until the dword in memory has the value; fails after 10 s. */
void wait_ram32(struct machine *machine, uint64_t address, uint32_t value);
/* Wait until it is another one than `value`; fails after 10 s. */
void wait_ram32_change(struct machine *machine, uint64_t address, uint32_t value);
/* Wait until the register has these of the bits in `mask`; fails after 10 s. */
void wait_mmio32(struct machine *machine, uint32_t offset, uint32_t mask, uint32_t value);
/* Entry n of the status buffer in the hardware status page: status and context id. */
uint32_t csb_status(const struct machine *machine, unsigned int n);
uint32_t csb_context(const struct machine *machine, unsigned int n);

#endif
