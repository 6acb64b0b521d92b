// SPDX-License-Identifier: GPL-2.0-or-later
/* How many commands an engine gets through, beside a loop that reads as many dwords. */
#include "bench.h"
#include "machine.h"

#define COMMANDS 65536u
#define SCRATCH	 MACHINE_FREE

#define BATCH_END (0x0au << 23)

static const struct {
	const char *name;
	uint32_t dwords[4];
	unsigned int length;
} cases[] = {
	{ "MI_NOOP", { 0 }, 1 },
	{ "MI_STORE_DATA_IMM", { 0x20u << 23 | 2, SCRATCH, 0, 1 }, 4 },
	{ "MI_LOAD_REGISTER_IMM, a GPR", { 0x22u << 23 | 1, MACHINE_RCS + 0x600, 1 }, 3 },
	{ "MI_LOAD_REGISTER_REG, GPRs",
	  { 0x2au << 23 | 1, MACHINE_RCS + 0x600, MACHINE_RCS + 0x608 },
	  3 },
};

struct job {
	struct machine *machine;
	uint32_t dwords; /* of the batch */
	volatile uint32_t sum;
};

static void make_batch(struct job *job, size_t index)
{
	uint32_t *at = (uint32_t *)(job->machine->ram + MACHINE_BATCH);

	for (unsigned int i = 0; i < COMMANDS; i++) {
		for (unsigned int k = 0; k < cases[index].length; k++)
			*at++ = cases[index].dwords[k];
	}
	*at = BATCH_END;
	job->dwords = COMMANDS * cases[index].length;
}

static void run(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		machine_run_batch(job->machine);
}

static void read_all(void *opaque, uint64_t times)
{
	struct job *job = opaque;
	const uint32_t *dwords = (const uint32_t *)(job->machine->ram + MACHINE_BATCH);

	while (times--) {
		uint32_t sum = 0;

		for (uint32_t i = 0; i < job->dwords; i++)
			sum += __atomic_load_n(&dwords[i], __ATOMIC_RELAXED);
		job->sum = sum;
	}
}

void bench_commands(void)
{
	struct job job = { .machine = machine_new(MACHINE_RCS) };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench_rate rate = { run, &job, COMMANDS };
		struct bench_rate limit = { read_all, &job, COMMANDS };
		struct bench_result result = { .group = "commands",
					       .name = cases[i].name,
					       .unit = BENCH_EVENTS,
					       .limit_name = "reading its dwords" };

		make_batch(&job, i);
		result.value = bench_measure(&rate);
		result.limit = bench_measure(&limit);
		bench_report(&result);
	}
	machine_free(job.machine);
}
