// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpu-load - keep the copy engine busy, and look at what comes out
 *
 * Each request fills a buffer several times, each time in another colour; several are under way at
 * once. In the end of each, the buffer has the last of its colours, everywhere.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gem.h"

#define WIDTH  1024u
#define HEIGHT 1024u
#define PITCH  (4 * WIDTH)

#define FILLS_MAX 1024u
#define DEPTH_MAX 8u

#define COLOR_BLT (2u << 29 | 0x50u << 22 | 1u << 21 | 1u << 20 | 5)
#define COLOR_32  (3u << 24)
#define COPY_ROP  (0xf0u << 16)
#define FLUSH_DW  (0x26u << 23 | 3)
#define BATCH_END (0x0au << 23)

/* One of those under way. */
struct request {
	struct gem_buffer buffers[2]; /* the batch, and what it fills */
	uint32_t color;
	double since;
};

static struct {
	unsigned long seconds, fills, depth;
	const char *card;
} options = { 10, 8, 4, "/dev/dri/card0" };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void submit(struct request *request, uint32_t color)
{
	uint32_t *at = (uint32_t *)request->buffers[0].map;
	uint64_t target = request->buffers[1].address;
	int err;

	for (unsigned long i = 0; i < options.fills; i++) {
		const uint32_t fill[] = { COLOR_BLT, COLOR_32 | COPY_ROP | PITCH, 0, HEIGHT << 16 | WIDTH,
					  (uint32_t)target, (uint32_t)(target >> 32), color + (uint32_t)i };

		memcpy(at, fill, sizeof(fill));
		at += sizeof(fill) / sizeof(fill[0]);
	}
	memcpy(at, (const uint32_t[]){ FLUSH_DW, 0, 0, 0, 0, BATCH_END }, 24);
	request->color = color + (uint32_t)options.fills - 1;
	request->since = now();
	err = gem_submit(0, GEM_COPY, request->buffers, 2);
	if (err)
		errx(1, "i915 refuses a batch: %s", strerror(-err));
}

/* Returns how long it took. */
static double finish(const struct request *request)
{
	const uint32_t *pixels = (const uint32_t *)request->buffers[1].map;
	double took;

	if (!gem_wait(&request->buffers[1], 120))
		errx(1, "a batch has not ended after two minutes");
	took = now() - request->since;
	/* A prime: other pixels of each row. */
	for (unsigned int i = 0; i < WIDTH * HEIGHT; i += 97)
		if (pixels[i] != request->color)
			errx(1, "pixel %u is %08x, expected %08x", i, pixels[i], request->color);
	return took;
}

static void work(void)
{
	struct request requests[DEPTH_MAX];
	double until = now() + (double)options.seconds, longest = 0, took;
	unsigned long count = 0;
	uint32_t color = 1;

	for (unsigned long i = 0; i < options.depth; i++) {
		requests[i].buffers[0] = gem_create((options.fills * 7 + 6) * 4);
		requests[i].buffers[1] = gem_create(PITCH * HEIGHT);
		submit(&requests[i], color += FILLS_MAX);
	}
	for (unsigned long i = 0; now() < until; i = (i + 1) % options.depth, count++) {
		took = finish(&requests[i]);
		longest = took > longest ? took : longest;
		submit(&requests[i], color += FILLS_MAX);
	}
	for (unsigned long i = 0; i < options.depth; i++, count++)
		finish(&requests[i]);
	printf("%lu requests of %lu fills of 4 MiB, every pixel is right, the longest took %.0f ms\n", count,
	       options.fills, longest * 1e3);
}

static int usage(FILE *out, int status)
{
	fputs("Usage: gpu-load [--seconds N] [--fills N] [--depth N] [CARD]\n"
	      "Have the copy engine fill buffers, --fills times (8) in each request, with --depth (4)\n"
	      "requests under way at once, for --seconds (10), and check what comes out.\n"
	      "Exit status: 0 all was right, 1 something was not, 2 wrong use.\n",
	      out);
	return status;
}

static bool take_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	*number = strtoul(text, &end, 10);
	return *text && !*end && *number >= 1 && *number <= max;
}

int main(int argc, char **argv)
{
	static const struct option known[] = { { "seconds", required_argument, NULL, 's' },
					       { "fills", required_argument, NULL, 'f' },
					       { "depth", required_argument, NULL, 'd' },
					       { "help", no_argument, NULL, 'h' },
					       { NULL, 0, NULL, 0 } };
	bool good = true;
	int option;

	while (good && (option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, 0);
		if (option == 's')
			good = take_number(optarg, 86400, &options.seconds);
		else if (option == 'f')
			good = take_number(optarg, FILLS_MAX, &options.fills);
		else
			good = option == 'd' && take_number(optarg, DEPTH_MAX, &options.depth);
	}
	if (!good || argc - optind > 1)
		return usage(stderr, 2);
	if (optind < argc)
		options.card = argv[optind];
	gem_open(options.card);
	work();
	return 0;
}
