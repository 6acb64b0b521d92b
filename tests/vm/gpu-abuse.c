// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpu-abuse - what a guest does with its GPU that it should not
 *
 * Whether others suffer is for who looks at them. This program ends well when its own driver has got
 * over it, or when the vGPU has been given up: then i915 takes no batch any more.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gem.h"

#define BATCH_DWORDS 1024u
/* Seconds in which a driver has found a hang, and got over it. */
#define PATIENCE 100u

#define NOOP	       0u
#define ARB_CHECK      (0x05u << 23)
#define BATCH_END      (0x0au << 23)
#define SEMAPHORE_WAIT (0x1cu << 23 | 1u << 15 | 4u << 12 | 2) /* until it is equal */
#define BB_START       (0x31u << 23 | 1u << 8 | 1)

static struct gem_buffer make_batch(void)
{
	return gem_create(4 * BATCH_DWORDS);
}

static uint32_t low(uint64_t address)
{
	return (uint32_t)address;
}

/* A hang: a value that nobody writes is waited for, or nothing at all, so that nobody can step in. */
static void hang(enum gem_engine engine, bool waits)
{
	struct gem_buffer batch = make_batch();
	uint64_t at = batch.address;
	const uint32_t wait[] = { SEMAPHORE_WAIT, 1, low(at + 4092), (uint32_t)(at >> 32), BATCH_END };
	const uint32_t loop[] = { NOOP, BB_START, low(at), (uint32_t)(at >> 32) };
	uint32_t context = gem_context_create();
	int err;

	memcpy(batch.map, waits ? wait : loop, waits ? sizeof(wait) : sizeof(loop));
	err = gem_submit(context, engine, &batch, 1);
	if (err)
		errx(1, "i915 refuses a batch: %s", strerror(-err));
	if (!gem_wait(&batch, PATIENCE))
		errx(1, "a hang is not found in %u seconds", PATIENCE);
	printf("%s: the driver got over it; hangs of the context: %u\n", waits ? "wait" : "loop",
	       gem_context_hangs(context));
}

/* A batch that goes in circles while it is written anew, all the time. */
static void rewrite(unsigned int rounds)
{
	struct gem_buffer batch = make_batch();
	volatile uint32_t *dwords = (uint32_t *)batch.map;
	uint64_t at = batch.address;
	uint32_t context = gem_context_create();
	int err;

	for (unsigned int i = 0; i < BATCH_DWORDS - 4; i++)
		dwords[i] = ARB_CHECK;
	memcpy(&batch.map[4 * (BATCH_DWORDS - 4)], (const uint32_t[]){ BB_START, low(at), (uint32_t)(at >> 32) }, 12);
	err = gem_submit(context, GEM_RENDER, &batch, 1);
	if (err)
		errx(1, "i915 refuses a batch: %s", strerror(-err));
	for (unsigned int i = 0; i < rounds; i++)
		dwords[(unsigned int)rand() % (BATCH_DWORDS - 4)] =
			i % 2 ? (uint32_t)rand() << 1 : 0x10400002u | (uint32_t)(rand() % 64) << 23;
	for (unsigned int i = 0; i < BATCH_DWORDS - 4; i++)
		dwords[i] = BATCH_END;
	if (!gem_wait(&batch, PATIENCE))
		errx(1, "a batch that was rewritten does not end");
	printf("rewrite: %u dwords; hangs of the context: %u\n", rounds, gem_context_hangs(context));
}

/* Batches of nothing that makes sense, until the driver takes none any more, or there were enough. */
static void scribble(unsigned int rounds)
{
	unsigned int taken = 0;

	for (unsigned int i = 0; i < rounds && !gem_is_dead(); i++) {
		struct gem_buffer batch = make_batch();
		uint32_t context = gem_context_create();

		for (unsigned int n = 0; n < BATCH_DWORDS; n++)
			((uint32_t *)batch.map)[n] = (uint32_t)rand() << 8 ^ (uint32_t)rand();
		taken += !gem_submit(context, (enum gem_engine)(i % GEM_ENGINES), &batch, 1);
		gem_wait(&batch, PATIENCE);
		gem_context_destroy(context);
	}
	printf("random: %u batches, of which the driver took %u\n", rounds, taken);
}

/* Never ends, but lets others in between, on two engines: for who kills this VM. */
static void spin(void)
{
	struct gem_buffer render = make_batch(), copy = make_batch();
	uint64_t at = render.address, value = copy.address + 4092;
	const uint32_t loop[] = { ARB_CHECK, BB_START, low(at), (uint32_t)(at >> 32) };
	const uint32_t wait[] = { SEMAPHORE_WAIT, 1, low(value), (uint32_t)(value >> 32), BATCH_END };

	memcpy(render.map, loop, sizeof(loop));
	memcpy(copy.map, wait, sizeof(wait));
	if (gem_submit(gem_context_create(), GEM_RENDER, &render, 1) ||
	    gem_submit(gem_context_create(), GEM_COPY, &copy, 1))
		errx(1, "i915 refuses a batch");
	puts("spin: under way");
	fflush(stdout);
	pause();
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned int rounds = argc > 2 ? (unsigned int)atoi(argv[2]) : 1000;

	if (argc < 2 || argc > 3 || !strcmp(what, "--help")) {
		fputs("Usage: gpu-abuse wait|loop|rewrite|random|spin [ROUNDS]\n", argc == 2 ? stdout : stderr);
		return argc == 2 ? 0 : 2;
	}
	gem_open("/dev/dri/card0");
	if (!strcmp(what, "wait") || !strcmp(what, "loop"))
		hang(GEM_RENDER, *what == 'w');
	else if (!strcmp(what, "rewrite"))
		rewrite(rounds);
	else if (!strcmp(what, "random"))
		scribble(rounds);
	else if (!strcmp(what, "spin"))
		spin();
	else
		errx(2, "there is no abuse \"%s\"", what);
	return 0;
}
