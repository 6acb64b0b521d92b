// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The corpus of hostile batches: each file of tests/hostile is refused, for the reason it gives.
 *
 * What a file's lines mean is in tests/hostile/README.md.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "kernel-gvt/parser/parser.h"

#define OURS_START 0x8000000u
#define OWN_START  0x100000u
#define DWORDS	   0x4000u

/* Of one file. */
static struct {
	char reason[128], place[32], engine[8];
	unsigned int generation;
	uint32_t ring[64], count, ours[DWORDS], own[DWORDS];
} hostile;

static bool owns(void *opaque, u64 address, u64 bytes)
{
	return address >= OURS_START && bytes <= sizeof(hostile.ours) &&
	       address - OURS_START <= sizeof(hostile.ours) - bytes;
}

static int read_ours(void *opaque, u64 address, void *to, u32 bytes)
{
	if (!owns(NULL, address, bytes))
		return -EFAULT;
	memcpy(to, (const uint8_t *)hostile.ours + (address - OURS_START), bytes);
	return 0;
}

static const u32 *own_memory(void *opaque, u64 address)
{
	return address - OWN_START < sizeof(hostile.own) ? &hostile.own[(address - OWN_START) / 4] : NULL;
}

static void take_dwords(const char *line, uint32_t **to)
{
	char *end;

	for (unsigned long value = strtoul(line, &end, 16); end != line; value = strtoul(line, &end, 16)) {
		*(*to)++ = (uint32_t)value;
		line = end;
	}
}

/* Where dwords go from here on. */
static uint32_t *place_of(const char *place)
{
	if (!strcmp(place, "ring"))
		return hostile.ring;
	if (!strcmp(place, "privileged-batch"))
		return hostile.ours;
	assert_string_equal(place, "batch");
	return hostile.own;
}

static void take_line(const char *line, uint32_t **to)
{
	unsigned int address;

	if (*line == '#' || sscanf(line, "engine %7s", hostile.engine) == 1 ||
	    sscanf(line, "generation %u", &hostile.generation) == 1 ||
	    sscanf(line, "refused %127[^\n]", hostile.reason) == 1)
		return;
	if (sscanf(line, "in %31s", hostile.place) == 1) {
		*to = place_of(hostile.place);
	} else if (sscanf(line, "at %x", &address) == 1) {
		assert_true(address - OWN_START < sizeof(hostile.own));
		*to = &hostile.own[(address - OWN_START) / 4];
	} else {
		take_dwords(line, to);
		if (!strcmp(hostile.place, "ring"))
			hostile.count = (uint32_t)(*to - hostile.ring);
	}
}

static void load(const char *name)
{
	char path[512], line[256];
	uint32_t *to = NULL;
	FILE *file;

	snprintf(path, sizeof(path), SOURCE_DIR "/tests/hostile/%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	memset(&hostile, 0, sizeof(hostile));
	while (fgets(line, sizeof(line), file))
		take_line(line, &to);
	fclose(file);
	if (strcmp(hostile.place, "ring")) {
		bool own = !strcmp(hostile.place, "batch");
		const uint32_t start[] = { 0x18800001 | (own ? 0x100 : 0), own ? OWN_START : OURS_START, 0 };

		memcpy(hostile.ring, start, sizeof(start));
		hostile.count = 3;
	}
}

static enum gvt_engine engine_of(const char *name)
{
	static const char *const names[GVT_ENGINES] = { "rcs", "bcs", "vcs0", "vecs" };

	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		if (!strcmp(name, names[engine]))
			return engine;
	fail_msg("there is no engine \"%s\"", name);
	return 0;
}

static void expect_refused(const char *name)
{
	static struct gvt_parser_notes notes;
	static u32 out[4096];
	struct gvt_parser parser = { .status_page = OURS_START, .out = out, .room = ARRAY_SIZE(out), .notes = &notes,
				     .owns = owns, .read = read_ours, .memory = own_memory };
	int err;

	load(name);
	parser.generation = hostile.generation;
	parser.engine = engine_of(hostile.engine);
	err = gvt_parse_ring(&parser, hostile.ring, hostile.count);
	if (err != -EPERM && err != -EFAULT)
		fail_msg("%s: is not refused (%d)", name, err);
	if (strcmp(parser.why, hostile.reason))
		fail_msg("%s: is refused because \"%s\"", name, parser.why);
}

static void test_each_is_refused_for_its_reason(void **state)
{
	DIR *folder = opendir(SOURCE_DIR "/tests/hostile");
	const struct dirent *entry;
	unsigned int count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		if (strchr(entry->d_name, '.'))
			continue;
		expect_refused(entry->d_name);
		count++;
	}
	closedir(folder);
	print_message("%u batches\n", count);
	assert_true(count > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_refused_for_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
