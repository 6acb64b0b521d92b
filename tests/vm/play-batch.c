// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * play-batch.c - run a file as a batch on a simulated GPU's render engine
 *
 *   play-batch DEVICE FILE
 *
 * Prints how many commands it has and where its last one is. Exit status 0: the engine came to its
 * end and went on in the ring, 1: it did not, 2: wrong use.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "gpusim/gpu/event.h"
#include "gpusim/gpu/gpu.h"

#define PAGE	    4096u
#define MEMORY_SIZE (1u << 20)
#define CONTEXT	    0x10000u
#define RING	    0x20000u
#define BATCH	    0x40000u
#define MARK	    0x30000u /* what the ring stores behind the batch */
#define PATIENCE    10 /* seconds */

#define RENDER		 0x2000u
#define BATCH_BUFFER_END (0x0au << 23)
#define BB_START	 (0x31u << 23 | 1)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define USER_INTERRUPT	 (0x02u << 23)

struct machine {
	struct gpu_watcher watcher;
	struct gpu *gpu;
	uint8_t *memory;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Below: lock. */
	bool over; /* an interrupt or a stop came */
	unsigned int commands; /* of the batch */
	uint64_t last; /* address of the last one */
	uint32_t last_header;
};

static void tell(struct gpu_watcher *watcher, const struct gpu_event *event)
{
	struct machine *machine = (struct machine *)watcher;

	pthread_mutex_lock(&machine->lock);
	if (event->kind == GPU_EVENT_COMMAND && event->command.level == GPU_EVENT_BATCH) {
		machine->commands++;
		machine->last = event->command.address;
		machine->last_header = event->command.dwords[0];
	} else if (event->kind == GPU_EVENT_STOP) {
		machine->over = true;
		pthread_cond_signal(&machine->changed);
	}
	pthread_mutex_unlock(&machine->lock);
}

static void on_interrupt(void *opaque)
{
	struct machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	machine->over = true;
	pthread_cond_signal(&machine->changed);
	pthread_mutex_unlock(&machine->lock);
}

static void on_log(void *opaque, int level, const char *text)
{
	fprintf(stderr, "%s\n", text);
}

static const struct gpu_host_ops ops = { .interrupt = on_interrupt, .log = on_log };

static void write_register(struct machine *machine, uint32_t offset, uint32_t value)
{
	gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, sizeof(value));
}

static void make_machine(struct machine *machine, const char *device)
{
	struct gpu_config config = {
		.device = device, .ops = &ops, .opaque = machine, .watcher = &machine->watcher
	};

	machine->watcher.wants = 1u << GPU_EVENT_COMMAND | 1u << GPU_EVENT_STOP;
	machine->watcher.tell = tell;
	pthread_mutex_init(&machine->lock, NULL);
	pthread_cond_init(&machine->changed, NULL);
	machine->memory =
		mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (machine->memory == MAP_FAILED || gpu_new(&config, &machine->gpu) ||
	    gpu_memory_add(machine->gpu, 0, MEMORY_SIZE, machine->memory, true)) {
		fprintf(stderr, "play-batch: no GPU \"%s\"\n", device);
		exit(2);
	}
	for (uint64_t page = 0; page < MEMORY_SIZE / PAGE; page++) {
		uint64_t entry = page * PAGE | 1;

		gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, GPU_GGTT_OFFSET + 8 * page, &entry,
			      sizeof(entry));
	}
}

static void load_batch(struct machine *machine, const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file || !fread(machine->memory + BATCH, 1, MEMORY_SIZE - BATCH, file)) {
		fprintf(stderr, "play-batch: %s has no batch\n", path);
		exit(2);
	}
	fclose(file);
}

/* A context whose ring starts the batch, leaves its mark and interrupts. */
static void submit(struct machine *machine)
{
	static const uint32_t ring[] = {
		BB_START, BATCH, 0, STORE_DWORD, MARK, 0, 1, USER_INTERRUPT
	};
	uint32_t *image = (uint32_t *)(machine->memory + CONTEXT + PAGE);

	memcpy(machine->memory + RING, ring, sizeof(ring));
	image[3] = 0x00090009; /* restore inhibit */
	image[7] = sizeof(ring);
	image[9] = RING;
	image[11] = 1; /* one page, enabled */
	write_register(machine, RENDER + 0xa8, ~1u); /* the user's interrupt alone */
	write_register(machine, 0x44304, ~1u);
	write_register(machine, 0x4430c, 1);
	write_register(machine, 0x44200, 1u << 31);
	write_register(machine, RENDER + 0x230, 0);
	write_register(machine, RENDER + 0x230, 0);
	write_register(machine, RENDER + 0x230, 1);
	write_register(machine, RENDER + 0x230, CONTEXT | 1);
}

static void wait_until_over(struct machine *machine)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE;
	pthread_mutex_lock(&machine->lock);
	while (!machine->over && !pthread_cond_timedwait(&machine->changed, &machine->lock, &end))
		;
	pthread_mutex_unlock(&machine->lock);
}

int main(int argc, char **argv)
{
	static struct machine machine;
	bool good;

	if (argc != 3) {
		fprintf(stderr, "Usage: play-batch DEVICE FILE\n");
		return 2;
	}
	make_machine(&machine, argv[1]);
	load_batch(&machine, argv[2]);
	submit(&machine);
	wait_until_over(&machine);
	gpu_free(machine.gpu);
	good = *(uint32_t *)(machine.memory + MARK) == 1 && machine.last_header == BATCH_BUFFER_END;
	printf("%u commands, the last at 0x%" PRIx64 "%s\n", machine.commands, machine.last - BATCH,
	       good ? "" : ": did not come to its end");
	return !good;
}
