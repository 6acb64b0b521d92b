// SPDX-License-Identifier: GPL-2.0-or-later
/* How quick commands are checked, beside a copy of the same bytes: recorded batches, and a blitter's long one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "bench.h"
#include "kernel-gvt/parser/parser.h"
#include "tests/streams/stream.h"

#define PAGES_MAX 512u
#define OWN_START 0x100000ull
#define BLITS	  20000u

/* What is looked at: pages of the context's own memory. */
static struct {
	unsigned int count;
	uint64_t start, address[PAGES_MAX];
	uint32_t (*dwords)[1024];
	enum gvt_engine engine;
	struct gvt_parser parser;
} job;

static const u32 *memory_of(void *opaque, u64 address)
{
	static unsigned int last;

	/* Mostly it is the next. */
	for (unsigned int i = 0; i < job.count; i++) {
		unsigned int page = (last + i) % job.count;

		if (job.address[page] == (address & ~0xfffull)) {
			last = page;
			return &job.dwords[page][address % 4096 / 4];
		}
	}
	return NULL;
}

static bool owns_nothing(void *opaque, u64 address, u64 bytes)
{
	return false;
}

static int reads_nothing(void *opaque, u64 address, void *to, u32 bytes)
{
	return -EFAULT;
}

static void parse(void *opaque, uint64_t times)
{
	static struct gvt_parser_notes notes;
	static u32 out[1 << 18];
	const u32 ring[] = { 0x18800101, (u32)job.start, (u32)(job.start >> 32) };

	while (times--) {
		job.parser = (struct gvt_parser){ .generation = 9, .engine = job.engine, .out = out,
						  .room = ARRAY_SIZE(out), .notes = &notes, .owns = owns_nothing,
						  .read = reads_nothing, .memory = memory_of };
		if (gvt_parse_ring(&job.parser, ring, ARRAY_SIZE(ring))) {
			errno = EPERM;
			bench_die(job.parser.why);
		}
	}
}

static void copy(void *opaque, uint64_t times)
{
	static uint8_t to[PAGES_MAX * 4096];
	size_t bytes = *(size_t *)opaque;

	while (times--) {
		memcpy(to, job.dwords, bytes);
		__asm__ volatile("" ::: "memory");
	}
}

static void report(const char *name)
{
	struct bench_rate rate = { parse, NULL, 0 }, limit = { copy, NULL, 0 };
	struct bench_result result = { .group = "parser", .name = name, .unit = BENCH_BYTES, .limit_name = "memcpy" };
	size_t bytes;

	parse(NULL, 1);
	bytes = job.parser.scanned * 4;
	rate.units = limit.units = (double)bytes;
	limit.opaque = &bytes;
	result.value = bench_measure(&rate);
	result.limit = bench_measure(&limit);
	bench_report(&result);
}

/* The largest submission of a file. */
static void load_stream(const char *name)
{
	struct stream_batch head;
	struct stream_page page;
	char path[512];
	long largest = 0;
	unsigned int most = 0;
	FILE *file;

	snprintf(path, sizeof(path), SOURCE_DIR "/tests/streams/%s", name);
	file = fopen(path, "rb");
	if (!file)
		bench_die(path);
	for (long at = 0; fread(&head, sizeof(head), 1, file) == 1; at = ftell(file)) {
		if (head.pages > most && head.pages <= PAGES_MAX) {
			most = head.pages;
			largest = at;
		}
		for (unsigned int i = 0; i < head.pages && fread(&page, sizeof(page), 1, file) == 1; i++)
			fseek(file, page.bytes, SEEK_CUR);
	}
	fseek(file, largest, SEEK_SET);
	if (fread(&head, sizeof(head), 1, file) != 1)
		bench_die(path);
	memset(job.dwords, 0, PAGES_MAX * 4096);
	for (job.count = 0; job.count < head.pages; job.count++) {
		if (fread(&page, sizeof(page), 1, file) != 1 ||
		    fread(job.dwords[job.count], 1, page.bytes, file) != page.bytes)
			bench_die(path);
		job.address[job.count] = page.address;
	}
	fclose(file);
	job.start = head.start;
	job.engine = head.engine;
}

static void load_blits(void)
{
	static const uint32_t blit[] = { 0x54c00008, 0x03cc0100, 0, 0x00100010, 0x1000, 0, 0, 0x100, 0x2000, 0 };
	uint32_t *at = job.dwords[0];

	for (unsigned int i = 0; i < BLITS; i++, at += ARRAY_SIZE(blit))
		memcpy(at, blit, sizeof(blit));
	*at = 0x0a << 23;
	job.count = PAGES_MAX;
	for (unsigned int i = 0; i < PAGES_MAX; i++)
		job.address[i] = OWN_START + i * 4096;
	job.start = OWN_START;
	job.engine = GVT_BCS;
}

void bench_parser(void)
{
	job.dwords = calloc(PAGES_MAX, 4096);
	if (!job.dwords)
		bench_die("no memory");
	load_stream("iris-skl.stream");
	report("OpenGL's batch, looked at");
	load_stream("anv-skl.stream");
	report("Vulkan's batch, looked at");
	load_blits();
	report("20,000 blits, copied");
	free(job.dwords);
}
