// SPDX-License-Identifier: GPL-2.0-or-later
/* What the command parser lets pass, changes, and refuses; commands as the manual's vol. 2a encodes them. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "kernel-gvt/parser/parser.h"

/* The guest has this much graphics memory; a batch is at its beginning. */
#define OURS_START 0x8000000u
#define OURS_SIZE  0x10000u
#define STATUS	   (OURS_START + 0x3000u)
#define THEIRS	   0x1000u

#define NOOP	   0u
#define BATCH_END  (0x0au << 23)
#define STORE_GGTT (0x20u << 23 | 1u << 22 | 2)
#define FLUSH	   (0x26u << 23 | 2)
#define LRI(n)	   (0x22u << 23 | (2 * (n)-1))
#define BB_START   (0x31u << 23 | 1)
#define PIPE	   (0x7a000000u | 4)

static uint32_t batch[64], out[1024];

static bool owns(void *opaque, u64 address, u64 bytes)
{
	return address >= OURS_START && address + bytes <= OURS_START + OURS_SIZE && address + bytes > address;
}

static int read_batch(void *opaque, u64 address, void *to, u32 bytes)
{
	if (address < OURS_START || address + bytes > OURS_START + sizeof(batch))
		return -EFAULT;
	memcpy(to, (const uint8_t *)batch + (address - OURS_START), bytes);
	return 0;
}

static struct gvt_parser parser_of(enum gvt_engine engine)
{
	return (struct gvt_parser){
		.generation = 9,
		.engine = engine,
		.status_page = STATUS,
		.out = out,
		.room = ARRAY_SIZE(out),
		.owns = owns,
		.read = read_batch,
	};
}

#define PARSE(parser, ...)                                                            \
	({                                                                            \
		const uint32_t ring_[] = { __VA_ARGS__ };                             \
		gvt_parse_ring(parser, ring_, sizeof(ring_) / sizeof(ring_[0]));      \
	})

#define EXPECT_SAME(engine_, ...)                                                     \
	do {                                                                          \
		const uint32_t same_[] = { __VA_ARGS__ };                             \
		struct gvt_parser parser_ = parser_of(engine_);                       \
		assert_int_equal(PARSE(&parser_, __VA_ARGS__), 0);                    \
		assert_int_equal(parser_.count, ARRAY_SIZE(same_));                   \
		assert_memory_equal(out, same_, sizeof(same_));                       \
	} while (0)

#define EXPECT_REFUSED(engine_, reason, ...)                                          \
	do {                                                                          \
		struct gvt_parser parser_ = parser_of(engine_);                       \
		assert_int_equal(PARSE(&parser_, __VA_ARGS__), -EPERM);               \
		assert_non_null(parser_.why);                                         \
		if (!strstr(parser_.why, reason))                                     \
			fail_msg("\"%s\" is not \"%s\"", parser_.why, reason);        \
	} while (0)

static void test_what_may_pass_passes(void **state)
{
	EXPECT_SAME(GVT_RCS, NOOP, 0x05u << 23, STORE_GGTT, OURS_START + 8, 0, 7);
	EXPECT_SAME(GVT_RCS, LRI(2), 0x7004, 0xffff0001, 0x2600, 1);
	EXPECT_SAME(GVT_RCS, 0x7a000004, 0x00101420, 0, 0, 0, 0); /* a flush that writes nothing */
	EXPECT_SAME(GVT_BCS, 0x54c00008, 0x03cc0100, 0, 0x00100010, 0x1000, 0, 0, 0x100, 0x2000, 0);
	EXPECT_SAME(GVT_RCS, BB_START | 1u << 8, 0x1000, 0); /* in its own address space */
	EXPECT_SAME(GVT_RCS, 0x69040000, 0x78260000, 0);
	/* GPGPU_WALKER, predicated and indirect: these bits are no part of its length. */
	EXPECT_SAME(GVT_RCS, 0x7105050d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

static void test_addresses_of_others(void **state)
{
	EXPECT_REFUSED(GVT_RCS, "not the guest's", STORE_GGTT, THEIRS, 0, 7);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", STORE_GGTT | 1, OURS_START + OURS_SIZE - 4, 0, 7, 8);
	EXPECT_REFUSED(GVT_BCS, "not the guest's", FLUSH | 1u << 14, THEIRS | 4, 0, 1);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", PIPE, 1u << 14 | 1u << 24, THEIRS, 0, 1, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x24u << 23 | 1u << 22 | 2, 0x2358, THEIRS, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x29u << 23 | 1u << 22 | 2, 0x2600, THEIRS, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x2eu << 23 | 1u << 21 | 3, THEIRS, 0, OURS_START, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x2eu << 23 | 1u << 22 | 3, OURS_START, 0, THEIRS, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x2fu << 23 | 1u << 22 | 1, THEIRS, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "not the guest's", 0x1cu << 23 | 1u << 22 | 1u << 15 | 2, 0, THEIRS, 0);
	/* The same in the context's own address space is its own affair. */
	EXPECT_SAME(GVT_RCS, STORE_GGTT & ~(1u << 22), THEIRS, 0, 7);
	EXPECT_SAME(GVT_RCS, PIPE, 1u << 14, THEIRS, 0, 1, 0);
}

static void test_registers_of_others(void **state)
{
	EXPECT_REFUSED(GVT_RCS, "not the context's", LRI(1), 0x2030, 0); /* TAIL */
	EXPECT_REFUSED(GVT_RCS, "not the context's", LRI(2), 0x7004, 0, 0x40e0, 0); /* PAT, behind a good one */
	EXPECT_REFUSED(GVT_RCS, "not the context's", LRI(1), 0x209c, 0x01000100); /* STOP_RING */
	EXPECT_REFUSED(GVT_BCS, "not the context's", LRI(1), 0x7004, 0);
	EXPECT_REFUSED(GVT_BCS, "not the context's", LRI(1), 0x2600, 0); /* another engine's */
	EXPECT_REFUSED(GVT_RCS, "not the context's", 0x29u << 23 | 2, 0x22030, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "not the context's", 0x2au << 23 | 1, 0x2600, 0x2030);
	EXPECT_REFUSED(GVT_RCS, "not the context's", 0x24u << 23 | 2, 0x2080, 0, 0); /* HWS_PGA */
	EXPECT_REFUSED(GVT_RCS, "not the context's", LRI(1), 0x2602, 0);
	EXPECT_REFUSED(GVT_RCS, "has no value", LRI(1) + 1, 0x2600, 0, 0x2604);
}

static void test_commands_that_are_none_and_end_too_late(void **state)
{
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x3fu << 23);
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x23u << 23, 0, 0); /* MI_UPDATE_GTT */
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x21u << 23 | 1, 0, 0); /* MI_STORE_DATA_INDEX */
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x54c00008, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_BCS, "no such command", 0x7a000004, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x20000000);
	/* Lesson: one that does not fit before the tail swallowed what the host appends. */
	EXPECT_REFUSED(GVT_RCS, "before the ring's tail", NOOP, STORE_GGTT, OURS_START, 0);
	EXPECT_REFUSED(GVT_RCS, "before the ring's tail", 0x7a0000ff, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "too short", 0x7a000000, 0);
	EXPECT_REFUSED(GVT_RCS, "too short", 0x20u << 23 | 1u << 22 | 1, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "has no end", BATCH_END);
	EXPECT_REFUSED(GVT_RCS, "second level", BB_START | 1u << 8 | 1u << 22, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "nobody gives", 0x1cu << 23 | 2, 0, OURS_START, 0);
}

static void test_interrupts_are_the_guests(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	assert_int_equal(PARSE(&parser, NOOP, 0x02u << 23), 0);
	assert_true(parser.interrupt);
	assert_int_equal(out[1], NOOP);
	assert_int_equal(PARSE(&parser, NOOP), 0);
	assert_false(parser.interrupt);
	assert_int_equal(PARSE(&parser, PIPE, 1u << 8 | 1u << 20, 0, 0, 0, 0), 0);
	assert_true(parser.interrupt);
	assert_int_equal(out[1], 1u << 20);
	assert_int_equal(PARSE(&parser, FLUSH | 1u << 8, 0, 0, 0), 0);
	assert_true(parser.interrupt);
	assert_int_equal(out[0], FLUSH);
}

static void test_an_index_is_the_guests_own_page(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	assert_int_equal(PARSE(&parser, PIPE, 1u << 14 | 1u << 21, 0xd0, 0, 5, 0), 0);
	assert_int_equal(out[1], 1u << 14 | 1u << 24);
	assert_int_equal(out[2], STATUS + 0xd0);
	parser = parser_of(GVT_BCS);
	assert_int_equal(PARSE(&parser, FLUSH | 1u << 14 | 1u << 21, 0xfffff0d4, 0xffff, 5), 0);
	assert_int_equal(out[0], FLUSH | 1u << 14);
	assert_int_equal(out[1], STATUS | 0xd0 | 4); /* never beside the page */
	assert_int_equal(out[2], 0);
}

static void test_the_host_may_interrupt_batches(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	assert_int_equal(PARSE(&parser, 0x08u << 23), 0);
	assert_int_equal(out[0], 0x08u << 23 | 1);
	parser.generation = 8;
	assert_int_equal(PARSE(&parser, 0x08u << 23), 0);
	assert_int_equal(out[0], 0x08u << 23);
}

static void test_a_privileged_batch_becomes_part_of_the_copy(void **state)
{
	static const uint32_t commands[] = { LRI(1), 0x7004, 5, STORE_GGTT, OURS_START + 64, 0, 9, BATCH_END };
	struct gvt_parser parser = parser_of(GVT_RCS);

	memcpy(batch, commands, sizeof(commands));
	assert_int_equal(PARSE(&parser, NOOP, BB_START, OURS_START, 0, 0x05u << 23), 0);
	assert_int_equal(parser.count, 1 + 7 + 1);
	assert_memory_equal(out + 1, commands, 7 * 4);
	assert_int_equal(out[8], 0x05u << 23);
	/* What it may not do, it may not do there. */
	batch[4] = THEIRS;
	EXPECT_REFUSED(GVT_RCS, "not the guest's", BB_START, OURS_START, 0);
	batch[3] = BB_START;
	batch[4] = OURS_START;
	EXPECT_REFUSED(GVT_RCS, "jumps", BB_START, OURS_START, 0);
}

static void test_a_privileged_batch_has_an_end(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	memset(batch, 0, sizeof(batch));
	assert_int_equal(PARSE(&parser, BB_START, OURS_START, 0), -EFAULT);
	assert_int_equal(PARSE(&parser, BB_START, THEIRS, 0), -EFAULT);
	parser.room = 16;
	assert_int_equal(PARSE(&parser, BB_START, OURS_START, 0), -E2BIG);
	batch[15] = 0x790000ff; /* begins in the last dword of the room */
	assert_int_equal(PARSE(&parser, BB_START, OURS_START, 0), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_may_pass_passes),
		cmocka_unit_test(test_addresses_of_others),
		cmocka_unit_test(test_registers_of_others),
		cmocka_unit_test(test_commands_that_are_none_and_end_too_late),
		cmocka_unit_test(test_interrupts_are_the_guests),
		cmocka_unit_test(test_an_index_is_the_guests_own_page),
		cmocka_unit_test(test_the_host_may_interrupt_batches),
		cmocka_unit_test(test_a_privileged_batch_becomes_part_of_the_copy),
		cmocka_unit_test(test_a_privileged_batch_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
