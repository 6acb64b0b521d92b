// SPDX-License-Identifier: GPL-2.0-or-later
/* Fills and copies of the blitter, beside memset() and memcpy() of as many bytes. */
#include <stdbool.h>
#include <string.h>

#include "bench.h"
#include "machine.h"

#define SOURCE	    MACHINE_FREE
#define DESTINATION (MACHINE_FREE + (32u << 20))
#define PITCH	    4096u /* bytes: 8 tiles of X, 32 of Y */

#define XY_COLOR_BLT	(2u << 29 | 0x50u << 22 | 5)
#define XY_SRC_COPY_BLT (2u << 29 | 0x53u << 22 | 8)
#define CHANNELS	(3u << 20)
#define SOURCE_TILED	(1u << 15)
#define TARGET_TILED	(1u << 11)
#define DEPTH_32	(3u << 24)
#define ROP_PATTERN	(0xf0u << 16)
#define ROP_SOURCE	(0xccu << 16)
#define LOAD_REGISTER	(0x22u << 23 | 1)
#define BATCH_END	(0x0au << 23)
#define BCS_SWCTRL	0x22200u
#define SWCTRL_Y	0x00030003u

enum shape {
	FILL,
	COPY,
	COPY_X,
	COPY_Y
};

static const struct {
	const char *name;
	enum shape shape;
	uint32_t size;
} cases[] = {
	{ "fill 64 KiB", FILL, 64u << 10 },
	{ "fill 1 MiB", FILL, 1u << 20 },
	{ "fill 16 MiB", FILL, 16u << 20 },
	{ "copy 64 KiB", COPY, 64u << 10 },
	{ "copy 1 MiB", COPY, 1u << 20 },
	{ "copy 16 MiB", COPY, 16u << 20 },
	{ "copy X to X 64 KiB", COPY_X, 64u << 10 },
	{ "copy X to X 1 MiB", COPY_X, 1u << 20 },
	{ "copy X to X 16 MiB", COPY_X, 16u << 20 },
	{ "copy Y to Y 64 KiB", COPY_Y, 64u << 10 },
	{ "copy Y to Y 1 MiB", COPY_Y, 1u << 20 },
	{ "copy Y to Y 16 MiB", COPY_Y, 16u << 20 },
};

struct job {
	struct machine *machine;
	enum shape shape;
	uint32_t size;
};

static unsigned int put_fill(uint32_t *at, uint32_t rows)
{
	at[0] = XY_COLOR_BLT | CHANNELS;
	at[1] = DEPTH_32 | ROP_PATTERN | PITCH;
	at[2] = 0;
	at[3] = rows << 16 | PITCH / 4;
	at[4] = DESTINATION;
	at[5] = 0;
	at[6] = 0x12345678;
	return 7;
}

static unsigned int put_copy(uint32_t *at, uint32_t rows, bool tiled)
{
	/* A tiled pitch is in dwords. */
	uint32_t pitch = tiled ? PITCH / 4 : PITCH;

	at[0] = XY_SRC_COPY_BLT | CHANNELS | (tiled ? SOURCE_TILED | TARGET_TILED : 0);
	at[1] = DEPTH_32 | ROP_SOURCE | pitch;
	at[2] = 0;
	at[3] = rows << 16 | PITCH / 4;
	at[4] = DESTINATION;
	at[5] = 0;
	at[6] = 0;
	at[7] = pitch;
	at[8] = SOURCE;
	at[9] = 0;
	return 10;
}

static void make_batch(struct job *job)
{
	uint32_t *at = (uint32_t *)(job->machine->ram + MACHINE_BATCH);
	uint32_t rows = job->size / PITCH;

	*at++ = LOAD_REGISTER;
	*at++ = BCS_SWCTRL;
	*at++ = job->shape == COPY_Y ? SWCTRL_Y : SWCTRL_Y & 0xffff0000;
	at += job->shape == FILL ? put_fill(at, rows) : put_copy(at, rows, job->shape != COPY);
	*at = BATCH_END;
}

static void blit(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		machine_run_batch(job->machine);
}

static void set(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		memset(job->machine->ram + DESTINATION, (int)times, job->size);
}

static void copy(void *opaque, uint64_t times)
{
	struct job *job = opaque;

	while (times--)
		memcpy(job->machine->ram + DESTINATION, job->machine->ram + SOURCE, job->size);
}

void bench_blitter(void)
{
	struct machine *machine = machine_new(MACHINE_BCS);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct job job = { machine, cases[i].shape, cases[i].size };
		struct bench_rate rate = { blit, &job, cases[i].size };
		struct bench_rate limit = { job.shape == FILL ? set : copy, &job, cases[i].size };
		struct bench_result result = { .group = "blitter",
					       .name = cases[i].name,
					       .unit = BENCH_BYTES,
					       .limit_name =
						       job.shape == FILL ? "memset" : "memcpy" };

		make_batch(&job);
		result.value = bench_measure(&rate);
		result.limit = bench_measure(&limit);
		bench_report(&result);
	}
	machine_free(machine);
}
