// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "gpu-fixture.h"

#define PATIENCE_SECONDS 10
#define CONTEXT_STATE(n) (CONTEXT(n) + PAGE)

static void on_interrupt(void *opaque)
{
	struct machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	machine->interrupts++;
	pthread_cond_broadcast(&machine->changed);
	pthread_mutex_unlock(&machine->lock);
}

static void on_log(void *opaque, int level, const char *text)
{
	struct machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	snprintf(machine->last_log, sizeof(machine->last_log), "%s", text);
	pthread_mutex_unlock(&machine->lock);
}

static const struct gpu_host_ops ops = { .interrupt = on_interrupt, .log = on_log };

uint32_t mmio_read32(struct machine *machine, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(gpu_bar_read(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, 4), 0);
	return value;
}

void mmio_write32(struct machine *machine, uint32_t offset, uint32_t value)
{
	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, 4), 0);
}

uint32_t ram32(const struct machine *machine, uint64_t address)
{
	return __atomic_load_n((uint32_t *)(machine->ram + address), __ATOMIC_ACQUIRE);
}

void set_ram32(struct machine *machine, uint64_t address, uint32_t value)
{
	__atomic_store_n((uint32_t *)(machine->ram + address), value, __ATOMIC_RELEASE);
}

void set_ram64(struct machine *machine, uint64_t address, uint64_t value)
{
	__atomic_store_n((uint64_t *)(machine->ram + address), value, __ATOMIC_RELEASE);
}

uint64_t put(struct machine *machine, uint64_t address, const uint32_t *dwords, size_t count)
{
	memcpy(machine->ram + address, dwords, 4 * count);
	return address + 4 * count;
}

void engine_enable(struct machine *machine, uint32_t engine)
{
	mmio_write32(machine, engine + 0xa8, 0);
	mmio_write32(machine, engine + 0x80, HWSP);
}

/* All interrupts of the engines reach the MSI. */
static void enable(struct machine *machine)
{
	static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };

	for (unsigned int group = 0; group < 4; group++) {
		mmio_write32(machine, 0x44304 + 0x10 * group, 0);
		mmio_write32(machine, 0x4430c + 0x10 * group, 0xffffffff);
	}
	for (unsigned int i = 0; i < 4; i++)
		engine_enable(machine, engines[i]);
	mmio_write32(machine, 0x44200, 1u << 31);
}

void map_page(struct machine *machine, uint64_t address, uint64_t bus)
{
	uint64_t entry = bus | 1;

	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR,
				       GPU_GGTT_OFFSET + address / PAGE * 8, &entry, 8),
			 0);
}

struct machine *machine_make(const struct gpu_config *with)
{
	struct gpu_config config = *with;
	struct machine *machine = calloc(1, sizeof(*machine));
	pthread_condattr_t attr;

	assert_non_null(machine);
	machine->ram =
		mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(machine->ram, MAP_FAILED);
	pthread_mutex_init(&machine->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&machine->changed, &attr);
	pthread_condattr_destroy(&attr);
	config.ops = &ops;
	config.opaque = machine;
	assert_int_equal(gpu_new(&config, &machine->gpu), 0);
	assert_int_equal(gpu_memory_add(machine->gpu, 0, RAM_SIZE, machine->ram, true), 0);
	for (uint64_t page = 0; page < RAM_SIZE; page += PAGE)
		map_page(machine, page, page);
	enable(machine);
	return machine;
}

struct machine *machine_new_device(const char *device)
{
	const struct gpu_config config = { .device = device };

	return machine_make(&config);
}

struct machine *machine_new(void)
{
	return machine_new_device(NULL);
}

void machine_free(struct machine *machine)
{
	gpu_free(machine->gpu);
	munmap(machine->ram, RAM_SIZE);
	pthread_mutex_destroy(&machine->lock);
	pthread_cond_destroy(&machine->changed);
	free(machine);
}

/* Value places in the register page: header at dword 1, then offset and value in turn. */
#define IMAGE_CONTROL	 3
#define IMAGE_HEAD	 5
#define IMAGE_TAIL	 7
#define IMAGE_RING_START 9
#define IMAGE_RING_CTL	 11
#define IMAGE_PDP0	 51 /* the lower half, last of the second block */

uint64_t context_make(struct machine *machine, unsigned int n)
{
	uint32_t *image = (uint32_t *)(machine->ram + CONTEXT_STATE(n));

	memset(machine->ram + CONTEXT(n), 0, CONTEXT_SIZE);
	image[IMAGE_CONTROL] = 0x00090009; /* no synchronous switch, restore inhibit */
	image[IMAGE_RING_START] = RING(n);
	image[IMAGE_RING_CTL] = (RING_SIZE - PAGE) | 1;
	/* Valid, 48-bit PPGTT, and the image's number as the context's id. */
	return (uint64_t)(n + 1) << 32 | CONTEXT(n) | 3 << 3 | 1;
}

/* PML4, page directory pointers, and a directory of 2 MiB pages. */
void context_map(struct machine *machine, unsigned int n)
{
	uint64_t pml4 = PPGTT_TABLES(n), pdp = pml4 + PAGE, directory = pdp + PAGE;

	set_ram64(machine, pml4, pdp | 3);
	set_ram64(machine, pdp, directory | 3);
	for (uint64_t at = 0; at < RAM_SIZE; at += 2u << 20)
		set_ram64(machine, directory + (at >> 21) * 8, at | 1u << 7 | 3);
	set_ram32(machine, CONTEXT_STATE(n) + 4 * IMAGE_PDP0, pml4);
}

void ring_fill(struct machine *machine, unsigned int n, const uint32_t *dwords, size_t count)
{
	put(machine, RING(n), dwords, count);
	if (count & 1)
		set_ram32(machine, RING(n) + 4 * count++, 0);
	set_ram32(machine, CONTEXT_STATE(n) + 4 * IMAGE_TAIL, 4 * count);
}

void elsp(struct machine *machine, uint32_t engine, uint64_t first, uint64_t second)
{
	mmio_write32(machine, engine + 0x230, second >> 32);
	mmio_write32(machine, engine + 0x230, second);
	mmio_write32(machine, engine + 0x230, first >> 32);
	mmio_write32(machine, engine + 0x230, first);
}

typedef bool (*condition_fn)(struct machine *machine, uint64_t a, uint64_t b);

/* The GPU tells of most things by interrupts; a plain store in memory by none: look again soon. */
static void wait_for(struct machine *machine, condition_fn condition, uint64_t a, uint64_t b)
{
	struct timespec end, soon;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PATIENCE_SECONDS;
	while (!condition(machine, a, b)) {
		clock_gettime(CLOCK_MONOTONIC, &soon);
		if (soon.tv_sec > end.tv_sec)
			fail_msg("the GPU did not get there; its last words: \"%s\"",
				 machine->last_log);
		soon.tv_nsec += 1000000;
		if (soon.tv_nsec >= 1000000000) {
			soon.tv_nsec -= 1000000000;
			soon.tv_sec++;
		}
		pthread_mutex_lock(&machine->lock);
		pthread_cond_timedwait(&machine->changed, &machine->lock, &soon);
		pthread_mutex_unlock(&machine->lock);
	}
}

static bool ram_has(struct machine *machine, uint64_t address, uint64_t value)
{
	return ram32(machine, address) == value;
}

void wait_ram32(struct machine *machine, uint64_t address, uint32_t value)
{
	wait_for(machine, ram_has, address, value);
}

static bool ram_has_not(struct machine *machine, uint64_t address, uint64_t value)
{
	return ram32(machine, address) != value;
}

void wait_ram32_change(struct machine *machine, uint64_t address, uint32_t value)
{
	wait_for(machine, ram_has_not, address, value);
}

static bool mmio_has(struct machine *machine, uint64_t offset, uint64_t mask_and_value)
{
	return (mmio_read32(machine, (uint32_t)offset) & mask_and_value >> 32) ==
	       (uint32_t)mask_and_value;
}

void wait_mmio32(struct machine *machine, uint32_t offset, uint32_t mask, uint32_t value)
{
	wait_for(machine, mmio_has, offset, (uint64_t)mask << 32 | value);
}

/* The write pointer starts at 5 and counts modulo 6. */
static bool reported(struct machine *machine, uint64_t engine, uint64_t count)
{
	return (mmio_read32(machine, (uint32_t)engine + 0x3a0) & 7) == (5 + count) % 6;
}

void wait_reports(struct machine *machine, uint32_t engine, unsigned int count)
{
	wait_for(machine, reported, engine, count);
	assert_int_equal(ram32(machine, HWSP + 0x7c) & 7, (5 + count) % 6);
}

uint32_t csb_status(const struct machine *machine, unsigned int n)
{
	return ram32(machine, HWSP + 0x40 + 8 * n);
}

uint32_t csb_context(const struct machine *machine, unsigned int n)
{
	return ram32(machine, HWSP + 0x44 + 8 * n);
}
