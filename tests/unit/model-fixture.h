/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model-fixture.h - the device model of gvt.ko between a GPU and a guest that a test holds in its hand
 *
 * The GPU behind host.h is gpusim's; the guest has memory, counts what is pinned, and remembers its
 * interrupts and protected pages. Misuse of either seam (entries outside reserved ranges, a GPU that
 * sleeps, a page unpinned twice) fails the test at once.
 */
#ifndef TEST_MODEL_FIXTURE_H
#define TEST_MODEL_FIXTURE_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kernel-gvt/vgpu/config.h"
#include "kernel-gvt/vgpu/gpu.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/kshim/kshim.h"

#define MB	     (1ull << 20)
#define PAGE	     4096u
#define GUEST_PAGES  2048u
#define GUEST_MEMORY (GUEST_PAGES * PAGE)
/* The guest's memory lies there for the GPU: never where the guest thinks that it does. */
#define GUEST_BUS 0x40000000ull

/* So does the host's: page tables, and behind them what the test puts there. */
#define HOST_BUS    0x80000000ull
#define HOST_PAGES  8192u
#define HOST_TABLES 8000u

/* In BAR0. */
#define GGTT_AT	   0x800000u
#define FLUSH_GGTT 0x101008u
#define PVINFO	   0x78000u
#define FENCE(n)   (0x100000u + 8 * (n))

struct gpu;

struct model {
	struct gpu *hardware;
	struct gvt_host *host;
	struct gvt_gpu *gpu;
	struct vgpu *vgpu; /* open, unless the test is about others */
	uint8_t *memory; /* the guest's */
	unsigned int pins[GUEST_PAGES];
	unsigned int pinned, interrupts;
	unsigned int fail_pin; /* the n-th pin from now on fails */
	bool protects[2048]; /* pages of the table whose next access must be told */
	bool cannot_protect, can_watch;
	bool watched[GUEST_PAGES]; /* pages whose writes must be told */
	char log[256]; /* the last line */
	unsigned int log_lines;
};

/* The test's only one. `device` is gpusim's: skl-gt2, bdw-gt2. An open vGPU of these sizes on it, unless NULL. */
struct model *model_new(const char *device, uint64_t aperture, const struct gvt_sizes *sizes, bool trap_ggtt);
void model_free(struct model *model);

/* cmocka's set-up and end of a V5_8 on a Skylake with 512 MiB of aperture. */
int model_setup(void **state);
int model_setup_bdw(void **state);
int model_setup_trapped(void **state);
int model_teardown(void **state);

extern const struct gvt_sizes model_small, model_medium;
struct vgpu *model_create(struct model *model, const struct gvt_sizes *sizes);
void model_open(struct model *model, struct vgpu *vgpu);

/* The guest's accesses to BAR0. */
uint32_t read32(struct model *model, uint32_t offset);
void write32(struct model *model, uint32_t offset, uint32_t value);

/* The guest's entry, by memory: as a mapped table is written. */
void write_entry(struct model *model, uint32_t index, uint64_t entry);
/* What the hardware has there. */
uint64_t hardware_entry(struct model *model, uint32_t index);
uint64_t hardware_scratch(struct model *model);
uint32_t hardware_register(struct model *model, uint32_t offset);
void hardware_set_register(struct model *model, uint32_t offset, uint32_t value);
/* The first entry of its aperture, and of its hidden memory. */
uint32_t first_aperture_entry(const struct model *model);
uint32_t first_hidden_entry(const struct model *model);

/*
 * Contexts of the host: what was handed to them, the oldest first, and their end when the test says so.
 * Nothing runs: hardware is what the test plays.
 */
struct host_work {
	struct gvt_host_context *context;
	const void *owner; /* the vGPU */
	enum gvt_engine engine;
	uint64_t roots[4]; /* bus addresses of its page tables */
	uint32_t commands[256]; /* the first of them */
	uint32_t count;
};
unsigned int host_contexts(const struct model *model);
unsigned int host_works(const struct model *model);
const struct host_work *host_work(const struct model *model, unsigned int n);
/* The registers' page: of contexts that will be made, and of the one that work n was handed to. */
uint32_t *host_new_image(struct model *model);
const uint32_t *host_image(const struct model *model, unsigned int n);
/* The oldest of them ends, with that error; and if `saved`, its context leaves the engine. */
void host_end_work(struct model *model, int error, bool saved);
/* It has been on the engine for so long, and left it, without an end. */
void host_run_work(struct model *model, unsigned int n, uint64_t ns);
/* Wait until the scheduler has handed over what it could. */
void model_settle(struct model *model);
unsigned int host_tables(const struct model *model);

/* The host's memory at a bus address. */
uint8_t *host_memory(uint64_t bus);
/* Interrupts that the hardware has raised; wait for another than those. */
unsigned long hardware_interrupt_count(void);
void hardware_wait(unsigned long seen);

/* Ranges and fences that the host has given away, and how often the GPU is kept awake. */
unsigned int host_ranges(const struct model *model);
unsigned int host_fences(const struct model *model);
unsigned int host_awake(const struct model *model);
/* The host holds [start, end) itself and gives none of it. */
void host_occupy(struct model *model, uint64_t start, uint64_t end);

#endif
