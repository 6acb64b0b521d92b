// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hang-check - batches that never end, and what becomes of the work beside them
 *
 * Runs in a VM on whatever GPU i915 drives there. i915 alone decides what happens: it takes the
 * engine away from a batch that can be preempted, and resets the engine of one that can't.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "gem.h"

#define ARB_CHECK   (0x05u << 23)
#define BATCH_END   (0x0au << 23)
#define STORE_DWORD (0x20u << 23 | 2)
#define BB_START    (0x31u << 23 | 1u << 8 | 1)
#define NOOP	    0u

#define BUFFER_SIZE 4096u
#define PATIENCE    60u /* seconds; i915 needs a few, a busy machine more */

/* As i915 calls them. */
static const char *const engine_names[GEM_ENGINES] = {
	[GEM_RENDER] = "rcs0",
	[GEM_COPY] = "bcs0",
	[GEM_VIDEO] = "vcs0",
	[GEM_ENHANCE] = "vecs0",
};

/* A context that stores a number for each batch it runs. */
struct worker {
	enum gem_engine engine;
	uint32_t context;
	struct gem_buffer buffers[2]; /* the batch, and what it writes */
	uint32_t count;
};

static struct worker make_worker(enum gem_engine engine)
{
	return (struct worker){ .engine = engine,
				.context = gem_context_create(),
				.buffers = { gem_create(BUFFER_SIZE), gem_create(BUFFER_SIZE) } };
}

static void start_work(struct worker *worker)
{
	uint64_t to = worker->buffers[1].address;
	const uint32_t batch[] = { STORE_DWORD, (uint32_t)to, (uint32_t)(to >> 32), ++worker->count,
				   BATCH_END };
	int ret;

	memcpy(worker->buffers[0].map, batch, sizeof(batch));
	ret = gem_submit(worker->context, worker->engine, worker->buffers, 2);
	if (ret)
		errx(1, "i915 refuses work on %s: %s", engine_names[worker->engine],
		     strerror(-ret));
}

static void finish_work(const struct worker *worker)
{
	uint32_t found;

	if (!gem_wait(&worker->buffers[1], PATIENCE))
		errx(1, "work on %s does not end", engine_names[worker->engine]);
	memcpy(&found, worker->buffers[1].map, sizeof(found));
	if (found != worker->count)
		errx(1, "batch %u on %s left %u", worker->count, engine_names[worker->engine],
		     found);
	if (gem_context_hangs(worker->context))
		errx(1, "i915 takes the work on %s for the hang", engine_names[worker->engine]);
}

/* A batch that jumps to itself, with a place for preemption or without. */
struct endless {
	enum gem_engine engine;
	uint32_t context;
	struct gem_buffer buffer;
};

static struct endless start_endless(enum gem_engine engine, bool yields)
{
	struct endless endless = { engine, gem_context_create(), gem_create(BUFFER_SIZE) };
	uint64_t at = endless.buffer.address;
	const uint32_t batch[] = { yields ? ARB_CHECK : NOOP, BB_START, (uint32_t)at,
				   (uint32_t)(at >> 32) };
	int ret;

	memcpy(endless.buffer.map, batch, sizeof(batch));
	ret = gem_submit(endless.context, engine, &endless.buffer, 1);
	if (ret)
		errx(1, "i915 refuses a batch: %s", strerror(-ret));
	return endless;
}

/* Its engine is another context's in between, and free when its own is destroyed. */
static void check_switch(enum gem_engine engine)
{
	struct worker worker = make_worker(engine);
	struct endless endless = start_endless(engine, true);

	gem_context_bind_work(endless.context);
	for (unsigned int i = 0; i < 20; i++) {
		start_work(&worker);
		finish_work(&worker);
	}
	if (!gem_is_busy(&endless.buffer))
		errx(1, "the endless batch has ended");
	if (gem_context_hangs(endless.context))
		errx(1, "i915 takes the endless batch for a hang");
	gem_context_destroy(endless.context);
	if (!gem_wait(&endless.buffer, PATIENCE))
		errx(1, "the endless batch does not end with its context");
	start_work(&worker);
	finish_work(&worker);
	printf("%s: %u batches ran beside an endless one, which ended with its context\n",
	       engine_names[engine], worker.count);
}

/*
 * i915 resets the engine; until then the other engines run as many batches as they can, and one
 * behind the endless batch runs afterwards.
 */
static void check_hang(enum gem_engine engine)
{
	struct worker workers[GEM_ENGINES];
	struct endless endless;
	int ret;

	for (enum gem_engine i = 0; i < GEM_ENGINES; i++)
		workers[i] = make_worker(i);
	endless = start_endless(engine, false);
	start_work(&workers[engine]);
	do {
		for (enum gem_engine i = 0; i < GEM_ENGINES; i++) {
			if (i == engine)
				continue;
			start_work(&workers[i]);
			finish_work(&workers[i]);
		}
	} while (gem_is_busy(&endless.buffer));
	if (gem_context_hangs(endless.context) != 1)
		errx(1, "i915 knows of %u hangs of the endless batch, not of 1",
		     gem_context_hangs(endless.context));
	ret = gem_submit(endless.context, engine, &endless.buffer, 1);
	if (ret != -EIO)
		errx(1, "a context that hung is told \"%s\", not EIO", strerror(-ret));
	finish_work(&workers[engine]);
	start_work(&workers[engine]);
	finish_work(&workers[engine]);
	printf("%s: reset; meanwhile", engine_names[engine]);
	for (enum gem_engine i = 0; i < GEM_ENGINES; i++)
		printf(" %s %u", engine_names[i], workers[i].count);
	puts(" batches");
}

static int usage(FILE *out, int status)
{
	fputs("Usage: hang-check switch|hang ENGINE [CARD]\n"
	      "switch: run a batch that never ends but yields, others beside it, and end it.\n"
	      "hang: run one that does not yield, which i915 has to end by a reset.\n"
	      "ENGINE is rcs0, bcs0, vcs0 or vecs0; CARD is /dev/dri/card0 if it is not given.\n"
	      "Exit status: 0 all went as it should, 1 something did not, 2 wrong use.\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	enum gem_engine engine = 0;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
		return option == 'h' ? usage(stdout, 0) : usage(stderr, 2);
	argv += optind;
	argc -= optind;
	if (argc < 2 || argc > 3)
		return usage(stderr, 2);
	while (engine < GEM_ENGINES && strcmp(argv[1], engine_names[engine]) != 0)
		engine++;
	if (engine == GEM_ENGINES || (strcmp(argv[0], "switch") && strcmp(argv[0], "hang")))
		return usage(stderr, 2);
	gem_open(argc > 2 ? argv[2] : "/dev/dri/card0");
	if (!strcmp(argv[0], "switch"))
		check_switch(engine);
	else
		check_hang(engine);
	return 0;
}
