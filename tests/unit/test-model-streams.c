// SPDX-License-Identifier: GPL-2.0-or-later
/* What Mesa's drivers submit on a Skylake, as recorded in tests/streams, passes the parser. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "kernel-gvt/parser/parser.h"
#include "tests/streams/stream.h"

#define PAGES_MAX 4096u

/* One submission. */
static struct {
	struct stream_batch head;
	uint64_t address[PAGES_MAX];
	uint32_t dwords[PAGES_MAX][1024];
} batch;

static bool owns_nothing(void *opaque, u64 address, u64 bytes)
{
	return false;
}

static int reads_nothing(void *opaque, u64 address, void *to, u32 bytes)
{
	return -EFAULT;
}

static const u32 *memory_of(void *opaque, u64 address)
{
	for (unsigned int i = 0; i < batch.head.pages; i++)
		if (batch.address[i] == (address & ~0xfffull))
			return &batch.dwords[i][address % 4096 / 4];
	return NULL;
}

static bool read_submission(FILE *file)
{
	struct stream_page page;

	if (fread(&batch.head, sizeof(batch.head), 1, file) != 1)
		return false;
	assert_int_equal(batch.head.magic, STREAM_MAGIC);
	assert_true(batch.head.pages <= PAGES_MAX);
	for (unsigned int i = 0; i < batch.head.pages; i++) {
		assert_int_equal(fread(&page, sizeof(page), 1, file), 1);
		assert_true(page.bytes <= sizeof(batch.dwords[i]));
		batch.address[i] = page.address;
		memset(batch.dwords[i], 0, sizeof(batch.dwords[i]));
		assert_int_equal(fread(batch.dwords[i], 1, page.bytes, file), page.bytes);
	}
	return true;
}

static struct gvt_parser parser;

static int parse(void)
{
	static struct gvt_parser_notes notes;
	static u32 out[4096];
	const u32 ring[] = { 0x18800101, (u32)batch.head.start, (u32)(batch.head.start >> 32) };

	parser = (struct gvt_parser){ .generation = batch.head.generation, .engine = batch.head.engine, .out = out,
				      .room = ARRAY_SIZE(out), .notes = &notes, .owns = owns_nothing,
				      .read = reads_nothing, .memory = memory_of };
	return gvt_parse_ring(&parser, ring, ARRAY_SIZE(ring));
}

/* With a store to what all share in place of its first command, each is refused: it is looked at. */
static void expect_hostile_is_seen(void)
{
	u32 *first = (u32 *)memory_of(NULL, batch.head.start);
	const u32 was = *first;

	*first = 0x10400000 | (was & 0xff);
	assert_int_equal(parse(), -EPERM);
	*first = was;
}

static void expect_passes(const char *name)
{
	char path[512];
	uint64_t dwords = 0;
	unsigned int submissions = 0;
	FILE *file;

	snprintf(path, sizeof(path), SOURCE_DIR "/tests/streams/%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	for (; read_submission(file); submissions++) {
		if (parse())
			fail_msg("%s, submission %u: command %08x at dword %u of %llx: %s", name, submissions,
				 parser.command, parser.place, (unsigned long long)parser.batch, parser.why);
		dwords += parser.scanned;
		expect_hostile_is_seen();
	}
	fclose(file);
	print_message("%s: %u submissions, %llu dwords\n", name, submissions, (unsigned long long)dwords);
	assert_true(submissions && dwords > 1000);
}

static void test_iris(void **state)
{
	expect_passes("iris-skl.stream");
}

static void test_anv(void **state)
{
	expect_passes("anv-skl.stream");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iris),
		cmocka_unit_test(test_anv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
