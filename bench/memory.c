// SPDX-License-Identifier: GPL-2.0-or-later
/* What translation costs: the processor through the aperture, an engine through page tables. */
#include <string.h>

#include "bench.h"
#include "machine.h"

#define SIZE	    (1u << 20)
#define SOURCE	    MACHINE_FREE
#define DESTINATION (MACHINE_FREE + (8u << 20))
#define DWORDS	    16384u

#define COPY_MEM_MEM  (0x2eu << 23 | 3)
#define SOURCE_GLOBAL (1u << 22)
#define TARGET_GLOBAL (1u << 21)
#define BATCH_END     (0x0au << 23)

struct job {
	struct machine *machine;
	uint8_t bytes[SIZE];
};

static void aperture_read(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		gpu_bar_read(job->machine->gpu, GPU_BAR_APERTURE, SOURCE, job->bytes, SIZE);
}

static void aperture_write(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		gpu_bar_write(job->machine->gpu, GPU_BAR_APERTURE, DESTINATION, job->bytes, SIZE);
}

static void aperture_dwords(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	for (uint64_t i = 0; i < times; i++)
		gpu_bar_write(job->machine->gpu, GPU_BAR_APERTURE,
			      DESTINATION + 4 * (i % (SIZE / 4)), &i, 4);
}

static void copy(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		memcpy(job->machine->ram + DESTINATION, job->bytes, SIZE);
}

static void store_dwords(void *opaque, uint64_t times)
{
	struct job *job = opaque;
	uint32_t *to = (uint32_t *)(job->machine->ram + DESTINATION);

	for (uint64_t i = 0; i < times; i++)
		__atomic_store_n(&to[i % (SIZE / 4)], (uint32_t)i, __ATOMIC_RELAXED);
}

static void run(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		machine_run_batch(job->machine);
}

static void make_batch(struct job *job, uint32_t flags)
{
	uint32_t *at = (uint32_t *)(job->machine->ram + MACHINE_BATCH);

	for (uint32_t i = 0; i < DWORDS; i++) {
		*at++ = COPY_MEM_MEM | flags;
		*at++ = DESTINATION + 4 * i;
		*at++ = 0;
		*at++ = SOURCE + 4 * i;
		*at++ = 0;
	}
	*at = BATCH_END;
}

static void report(const char *name, enum bench_unit unit, const struct bench_rate *rate,
		   const struct bench_rate *limit, const char *limit_name)
{
	struct bench_result result = {
		"memory", name, unit, bench_measure(rate), bench_measure(limit), limit_name
	};

	bench_report(&result);
}

void bench_memory(void)
{
	static struct job job;
	const struct bench_rate read = { aperture_read, &job, SIZE };
	const struct bench_rate write = { aperture_write, &job, SIZE };
	const struct bench_rate dwords = { aperture_dwords, &job, 1 };
	const struct bench_rate engine = { run, &job, DWORDS };
	const struct bench_rate copied = { copy, &job, SIZE };
	const struct bench_rate stored = { store_dwords, &job, 1 };

	job.machine = machine_new(MACHINE_RCS);
	report("aperture read, 1 MiB", BENCH_BYTES, &read, &copied, "memcpy");
	report("aperture write, 1 MiB", BENCH_BYTES, &write, &copied, "memcpy");
	report("aperture write, dwords", BENCH_EVENTS, &dwords, &stored, "storing dwords");
	make_batch(&job, SOURCE_GLOBAL | TARGET_GLOBAL);
	report("MI_COPY_MEM_MEM, GGTT", BENCH_EVENTS, &engine, &stored, "storing dwords");
	make_batch(&job, 0);
	report("MI_COPY_MEM_MEM, PPGTT", BENCH_EVENTS, &engine, &stored, "storing dwords");
	machine_free(job.machine);
}
