// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"
#include "machine.h"

#define PAGE	  4096u
#define HWSP	  0x10000u
#define RING	  0x20000u
#define RING_SIZE 0x4000u
#define CONTEXT	  0x40000u
#define TABLES	  0x80000u /* PML4, PDP, directory, then page tables */

/* Dwords of the context's register page. */
#define IMAGE_CONTROL	 3
#define IMAGE_TAIL	 7
#define IMAGE_RING_START 9
#define IMAGE_RING_CTL	 11
#define IMAGE_PDP0_LDW	 0x33

#define DESCRIPTOR (1ull << 32 | CONTEXT | 3 << 3 | 1)

#define BATCH_START (0x31u << 23 | 1u << 8 | 1)

#define CSB_ENTRIES 6

static void on_interrupt(void *opaque)
{
	struct machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	machine->interrupts++;
	pthread_cond_signal(&machine->interrupt);
	pthread_mutex_unlock(&machine->lock);
}

static void on_log(void *opaque, int level, const char *text)
{
	if (level <= GPU_LOG_WARNING) {
		fprintf(stderr, "bench: the GPU says: %s\n", text);
		exit(EXIT_FAILURE);
	}
}

static const struct gpu_host_ops ops = { .interrupt = on_interrupt, .log = on_log };

uint32_t machine_read(struct machine *machine, uint32_t offset)
{
	uint32_t value = 0;

	gpu_bar_read(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, 4);
	return value;
}

void machine_write(struct machine *machine, uint32_t offset, uint32_t value)
{
	gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, 4);
}

static uint32_t *dword(struct machine *machine, uint64_t address)
{
	return (uint32_t *)(machine->ram + address);
}

static void set64(struct machine *machine, uint64_t address, uint64_t value)
{
	memcpy(machine->ram + address, &value, sizeof(value));
}

/* Identity, in pages of 4 KiB, in both kinds of tables. */
static void make_tables(struct machine *machine)
{
	uint64_t pml4 = TABLES, pdp = TABLES + PAGE, directory = TABLES + 2 * PAGE;

	set64(machine, pml4, pdp | 3);
	set64(machine, pdp, directory | 3);
	for (uint64_t page = 0; page < MACHINE_RAM / PAGE; page++) {
		uint64_t table = TABLES + (3 + page / 512) * PAGE, entry = page * PAGE | 3;

		set64(machine, directory + 8 * (page / 512), table | 3);
		set64(machine, table + 8 * (page % 512), entry);
		gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, GPU_GGTT_OFFSET + 8 * page, &entry,
			      8);
	}
}

static void make_context(struct machine *machine)
{
	uint32_t *image = dword(machine, CONTEXT + PAGE);

	image[IMAGE_CONTROL] = 0x00090009; /* no synchronous switch, restore inhibit */
	image[IMAGE_RING_START] = RING;
	image[IMAGE_RING_CTL] = (RING_SIZE - PAGE) | 1;
	image[IMAGE_PDP0_LDW] = TABLES;
}

static void enable_interrupts(struct machine *machine)
{
	machine_write(machine, 0x44304, 0);
	machine_write(machine, 0x4430c, 0xffffffff);
	machine_write(machine, machine->engine + 0xa8, 0);
	machine_write(machine, machine->engine + 0x80, HWSP);
	machine_write(machine, 0x44200, 1u << 31);
}

struct machine *machine_new(uint32_t engine)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	struct gpu_config config = { .ops = &ops, .opaque = machine };

	if (!machine)
		bench_die("no memory");
	machine->engine = engine;
	machine->seen = CSB_ENTRIES - 1;
	machine->ram = mmap(NULL, MACHINE_RAM, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (machine->ram == MAP_FAILED)
		bench_die("no memory");
	pthread_mutex_init(&machine->lock, NULL);
	pthread_cond_init(&machine->interrupt, NULL);
	errno = -gpu_new(&config, &machine->gpu);
	if (!errno)
		errno = -gpu_memory_add(machine->gpu, 0, MACHINE_RAM, machine->ram, true);
	if (errno)
		bench_die("no GPU");
	make_tables(machine);
	make_context(machine);
	enable_interrupts(machine);
	return machine;
}

void machine_free(struct machine *machine)
{
	gpu_free(machine->gpu);
	munmap(machine->ram, MACHINE_RAM);
	pthread_mutex_destroy(&machine->lock);
	pthread_cond_destroy(&machine->interrupt);
	free(machine);
}

/* As a driver's handler does: master off, acknowledge, master on. */
static void handle_interrupt(struct machine *machine)
{
	pthread_mutex_lock(&machine->lock);
	while (!machine->interrupts)
		pthread_cond_wait(&machine->interrupt, &machine->lock);
	machine->interrupts = 0;
	pthread_mutex_unlock(&machine->lock);
	machine_write(machine, 0x44200, 0);
	machine_write(machine, 0x44308, machine_read(machine, 0x44308));
	machine_write(machine, 0x44200, 1u << 31);
}

static uint32_t status_pointer(struct machine *machine)
{
	return __atomic_load_n(dword(machine, HWSP + 0x7c), __ATOMIC_ACQUIRE) & 7;
}

/* What was put into the ring is submitted; it is done when two entries have come. */
static void submit_and_wait(struct machine *machine)
{
	uint32_t end = (machine->seen + 2) % CSB_ENTRIES;

	__atomic_store_n(dword(machine, CONTEXT + PAGE + 4 * IMAGE_TAIL), machine->tail,
			 __ATOMIC_RELEASE);
	machine_write(machine, machine->engine + 0x230, 0);
	machine_write(machine, machine->engine + 0x230, 0);
	machine_write(machine, machine->engine + 0x230, DESCRIPTOR >> 32);
	machine_write(machine, machine->engine + 0x230, (uint32_t)DESCRIPTOR);
	while (status_pointer(machine) != end)
		handle_interrupt(machine);
	machine->seen = end;
}

static void emit(struct machine *machine, uint32_t first, uint32_t second)
{
	*dword(machine, RING + machine->tail) = first;
	*dword(machine, RING + machine->tail + 4) = second;
	machine->tail = (machine->tail + 8) % RING_SIZE;
}

void machine_submit_nothing(struct machine *machine)
{
	emit(machine, 0, 0);
	submit_and_wait(machine);
}

void machine_run_batch(struct machine *machine)
{
	emit(machine, BATCH_START, MACHINE_BATCH);
	emit(machine, 0, 0);
	submit_and_wait(machine);
}
