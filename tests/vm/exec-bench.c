// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec-bench - what submissions, blits and page tables cost, on whatever GPU i915 drives here
 *
 * Prints a name and seconds in each line; each is the least of three runs.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gem.h"

#define RUNS	    3u
#define SUBMISSIONS 1000u
#define PIECE	    (4u << 20)
#define BLITS	    25u
#define PIECES	    64u

#define BATCH_END (0x0au << 23)
#define COLOR_BLT (2u << 29 | 0x50u << 22 | 1u << 21 | 1u << 20 | 5)
#define COLOR_32  (3u << 24 | 0xf0u << 16)

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void submit(enum gem_engine engine, const struct gem_buffer *buffers, unsigned int count)
{
	int err_ = gem_submit(0, engine, buffers, count);

	if (err_)
		errx(1, "i915 refuses a batch: %s", strerror(-err_));
}

static void finish(const struct gem_buffer *buffer)
{
	if (!gem_wait(buffer, 100))
		errx(1, "a batch does not end");
}

/* One after the other, each of which ends before the next is submitted only if the driver wants that. */
static void run_empty(void)
{
	static struct gem_buffer batch;

	if (!batch.size)
		batch = gem_create(4096);
	*(uint32_t *)batch.map = BATCH_END;
	for (unsigned int i = 0; i < SUBMISSIONS; i++)
		submit(GEM_RENDER, &batch, 1);
	finish(&batch);
}

static void run_blits(void)
{
	static struct gem_buffer buffers[2];
	uint32_t *at;

	if (!buffers[0].size) {
		buffers[0] = gem_create(4096);
		buffers[1] = gem_create(PIECE);
	}
	at = (uint32_t *)buffers[0].map;
	for (unsigned int i = 0; i < BLITS; i++, at += 7)
		memcpy(at, (const uint32_t[]){ COLOR_BLT, COLOR_32 | 4096, 0, 1024 << 16 | 1024,
					       (uint32_t)buffers[1].address, (uint32_t)(buffers[1].address >> 32), i },
		       28);
	*at = BATCH_END;
	submit(GEM_COPY, buffers, 2);
	finish(&buffers[1]);
}

/* New memory each time: i915 writes an entry for each page of it, and takes them away with the buffers. */
static void run_tables(void)
{
	struct gem_buffer batch = gem_create(4096);

	*(uint32_t *)batch.map = BATCH_END;
	for (unsigned int i = 0; i < PIECES; i++) {
		struct gem_buffer buffers[2] = { batch, gem_create(PIECE) };

		submit(GEM_COPY, buffers, 2);
		finish(&buffers[1]);
		gem_destroy(&buffers[1]);
	}
	gem_destroy(&batch);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "1000-empty-submissions", run_empty },
	{ "100-MiB-of-blits", run_blits },
	{ "256-MiB-bound-and-unbound", run_tables },
};

static void measure(const char *name, void (*run)(void))
{
	double least = 0;

	for (unsigned int i = 0; i < RUNS; i++) {
		double took = now();

		run();
		took = now() - took;
		if (!i || took < least)
			least = took;
	}
	printf("%s %.6f\n", name, least);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned int count = 0;

	if (argc > 2) {
		fputs("Usage: exec-bench [NAME]\n", stderr);
		return 2;
	}
	gem_open("/dev/dri/card0");
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc > 1 && strcmp(argv[1], cases[i].name))
			continue;
		measure(cases[i].name, cases[i].run);
		count++;
	}
	if (!count)
		errx(2, "there is no \"%s\"", argv[1]);
	return 0;
}
