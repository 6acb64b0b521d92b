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
static struct gvt_parser_notes notes;

/* The context's own memory: pages from there on, but for the one that is not there. */
#define OWN_START 0x100000u
#define OWN_PAGES 8u
#define OWN_HOLE  5u

static uint32_t own[OWN_PAGES][1024];

static const u32 *own_memory(void *opaque, u64 address)
{
	u64 page = (address - OWN_START) / 4096;

	if (address < OWN_START || page >= OWN_PAGES || page == OWN_HOLE)
		return NULL;
	return &own[page][address % 4096 / 4];
}

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
		.memory = own_memory,
		.notes = &notes,
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
	/* A flush that writes a register. */
	EXPECT_REFUSED(GVT_RCS, "a register of others", PIPE, 1u << 23, 0x2030, 0, 1, 0);
	EXPECT_SAME(GVT_RCS, PIPE, 1u << 23, 0x2600, 0, 1, 0);
	EXPECT_REFUSED(GVT_RCS, "has no value", LRI(1) + 1, 0x2600, 0, 0x2604);
}

static void test_commands_that_are_none_and_end_too_late(void **state)
{
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x3fu << 23);
	EXPECT_REFUSED(GVT_RCS, "table that all share", 0x23u << 23, 0, 0); /* MI_UPDATE_GTT */
	EXPECT_REFUSED(GVT_RCS, "status page", 0x21u << 23 | 1, 0, 0); /* MI_STORE_DATA_INDEX */
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x54c00008, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_BCS, "no such command", 0x7a000004, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "no such command", 0x20000000);
	/* Lesson: one that does not fit before the tail swallowed what the host appends. */
	EXPECT_REFUSED(GVT_RCS, "before the ring's tail", NOOP, STORE_GGTT, OURS_START, 0);
	EXPECT_REFUSED(GVT_RCS, "before the ring's tail", 0x780800ff, 0, 0, 0, 0, 0);
	EXPECT_REFUSED(GVT_RCS, "longer than it can be", 0x7a0000ff, 0, 0, 0, 0, 0);
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
	/* A store by an index takes a dword more. */
	assert_int_equal(PARSE(&parser, 0x21u << 23 | 1u << 21 | 1, 0x44, 9, NOOP), 0);
	assert_int_equal(parser.count, 5);
	assert_int_equal(out[0], STORE_GGTT);
	assert_int_equal(out[1], STATUS + 0x44);
	assert_int_equal(out[3], 9);
	assert_int_equal(PARSE(&parser, 0x21u << 23 | 1u << 21 | 2, 0x48, 9, 8), 0);
	assert_int_equal(out[0], STORE_GGTT + (1u << 21) + 1);
	assert_int_equal(out[4], 8);
	parser.room = 3;
	assert_int_equal(PARSE(&parser, 0x21u << 23 | 1u << 21 | 1, 0x44, 9), -E2BIG);
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
	batch[15] = 0x780800ff; /* begins in the last dword of the room */
	assert_int_equal(PARSE(&parser, BB_START, OURS_START, 0), -E2BIG);
}

#define PPGTT	   (1u << 8)
#define SECOND	   (1u << 22)
#define PREDICATED (1u << 15)
#define AT(page)   (OWN_START + (page) * 4096u)

#define BATCH(page, ...)                                                              \
	do {                                                                          \
		const uint32_t own_[] = { __VA_ARGS__ };                              \
		memcpy(own[page], own_, sizeof(own_));                                \
	} while (0)

#define RUN(parser) PARSE(parser, BB_START | PPGTT, AT(0), 0)

/* A batch of the context's own, as an engine runs it. */
#define EXPECT_BATCH(engine_, ...)                                                    \
	do {                                                                          \
		struct gvt_parser runs_ = parser_of(engine_);                         \
		BATCH(0, __VA_ARGS__);                                                \
		if (RUN(&runs_))                                                      \
			fail_msg("%s", runs_.why);                                    \
	} while (0)

#define EXPECT_BATCH_REFUSED(engine_, reason, ...)                                    \
	do {                                                                          \
		BATCH(0, __VA_ARGS__);                                                \
		EXPECT_REFUSED(engine_, reason, BB_START | PPGTT, AT(0), 0);          \
	} while (0)

static void test_batches_without_privileges_stay_where_they_are(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	BATCH(0, LRI(1), 0x2600, 1, STORE_GGTT & ~(1u << 22), 0x1000, 0, 7, BATCH_END);
	assert_int_equal(RUN(&parser), 0);
	assert_int_equal(parser.count, 3);
	assert_int_equal(out[1], AT(0));
	assert_int_equal(parser.scanned, 3 + 3 + 4);
	/* Where it is refused is told. */
	BATCH(0, NOOP, NOOP, STORE_GGTT, OURS_START, 0, 7, BATCH_END);
	assert_int_equal(RUN(&parser), -EPERM);
	assert_int_equal(parser.batch, AT(0));
	assert_int_equal(parser.place, 2);
	assert_int_equal(parser.command, STORE_GGTT);
}

static void test_what_batches_without_privileges_may_not(void **state)
{
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", STORE_GGTT, OURS_START, 0, 7, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", PIPE, 1u << 14 | 1u << 24, OURS_START, 0, 1, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_VECS, "that all share", FLUSH | 1u << 14, OURS_START | 4, 0, 1, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", 0x28u << 23 | 2, OURS_START | 1, 0, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "keeps others off", 0x08u << 23, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "writes a register", LRI(1), 0x2030, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "with privileges", BB_START, OURS_START, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "only when it runs", BB_START | PPGTT | 1u << 16, AT(1), 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "no such command", 0x3fu << 23, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_RCS, "longer", 0x790000ff, BATCH_END);
	EXPECT_BATCH(GVT_RCS, 0x01u << 23, 0x21u << 23 | 1u << 21 | 1, 0x40, 5, PIPE, 1u << 14 | 1u << 21, 0, 0, 1, 0, BATCH_END);
}

/* In a page that is not there, and beyond the end of all. */
static void test_batches_that_are_not_in_memory(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	assert_int_equal(PARSE(&parser, BB_START | PPGTT, AT(OWN_HOLE), 0), -EFAULT);
	assert_non_null(strstr(parser.why, "not in memory"));
	memset(own, 0, sizeof(own));
	assert_int_equal(RUN(&parser), -EFAULT);
	assert_int_equal(parser.place, OWN_HOLE * 1024);
	/* A command whose end is not there, and that nobody has to look at, is refused with what follows. */
	own[OWN_HOLE - 1][1023] = LRI(1);
	assert_int_equal(RUN(&parser), -EFAULT);
}

static void test_commands_that_cross_pages(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	memset(own, 0, sizeof(own));
	own[0][1022] = LRI(2);
	own[0][1023] = 0x2600;
	BATCH(1, 1, 0x2604, 1, BATCH_END);
	assert_int_equal(RUN(&parser), 0);
	own[1][1] = 0x2030;
	assert_int_equal(RUN(&parser), -EPERM);
	/* One that nobody looks at, over a whole page. */
	own[0][1022] = NOOP;
	own[0][1023] = 0x20u << 23 | 1023;
	memset(own[1], 0xff, sizeof(own[1]));
	memset(own[2], 0, sizeof(own[2]));
	own[2][0] = BATCH_END;
	assert_int_equal(RUN(&parser), 0);
}

static void test_all_that_a_batch_leads_to_is_looked_at(void **state)
{
	const uint32_t bad[] = { STORE_GGTT, OURS_START, 0, 7, BATCH_END };

	memset(own, 0, sizeof(own));
	memcpy(own[2], bad, sizeof(bad));
	BATCH(1, BATCH_END);
	/* A chain, and nothing behind it. */
	EXPECT_BATCH(GVT_RCS, BB_START | PPGTT, AT(1), 0, 0x3fu << 23);
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", BB_START | PPGTT, AT(2), 0);
	/* A call, and what follows it. */
	EXPECT_BATCH_REFUSED(GVT_RCS, "no such", BB_START | PPGTT | SECOND, AT(1), 0, 0x3fu << 23);
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", BB_START | PPGTT | SECOND, AT(2), 0, BATCH_END);
	/* A jump that may not be taken: both. */
	EXPECT_BATCH_REFUSED(GVT_RCS, "no such", BB_START | PPGTT | PREDICATED, AT(1), 0, 0x3fu << 23);
	EXPECT_BATCH_REFUSED(GVT_RCS, "that all share", BB_START | PPGTT | PREDICATED, AT(2), 0, BATCH_END);
	/* In the second level each jump is a chain. */
	BATCH(1, BB_START | PPGTT | SECOND, AT(3), 0, 0x3fu << 23);
	BATCH(3, BATCH_END);
	EXPECT_BATCH(GVT_RCS, BB_START | PPGTT | SECOND, AT(1), 0, BATCH_END);
	/* An end that may not be: what follows. */
	EXPECT_BATCH_REFUSED(GVT_RCS, "no such", 0x36u << 23 | 2, 0, 0, 0, 0x3fu << 23);
}

#define STORE_QWORD (0x20u << 23 | 1u << 21 | 3)

static void test_calls_that_return_where_a_store_says(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	memset(own, 0, sizeof(own));
	/* Twice to page 1, which has nowhere to return to before the stores say so. */
	BATCH(0, STORE_QWORD, AT(1) + 8, 0, AT(2), 0, BB_START | PPGTT, AT(1), 0);
	BATCH(1, NOOP, BB_START | PPGTT, 0, 0);
	BATCH(2, STORE_QWORD, AT(1) + 8, 0, AT(3), 0, BB_START | PPGTT, AT(1), 0);
	BATCH(3, BATCH_END);
	assert_int_equal(RUN(&parser), 0);
	/* What they return to is looked at: after the second, and after the first. */
	BATCH(3, 0x3fu << 23);
	assert_int_equal(RUN(&parser), -EPERM);
	assert_int_equal(parser.batch, AT(3));
	BATCH(2, 0x3fu << 23);
	assert_int_equal(RUN(&parser), -EPERM);
	assert_int_equal(parser.batch, AT(2));
	/* A store that is to somewhere else helps nobody. */
	own[0][1] += 4;
	assert_int_equal(RUN(&parser), -EFAULT);
}

static void test_batches_that_go_in_circles(void **state)
{
	struct gvt_parser parser = parser_of(GVT_RCS);

	memset(own, 0, sizeof(own));
	EXPECT_BATCH(GVT_RCS, 0x05u << 23, BB_START | PPGTT, AT(0), 0);
	EXPECT_BATCH(GVT_RCS, BB_START | PPGTT | SECOND, AT(0), 0, BB_START | PPGTT, AT(0), 0);
	/* Each start a dword further: more of them than anybody has. */
	for (unsigned int i = 0; i < OWN_HOLE * 1024; i += 3) {
		uint32_t *at = (uint32_t *)own + i;

		at[0] = BB_START | PPGTT | PREDICATED;
		at[1] = AT(0) + 4 * i + 4;
		at[2] = 0;
	}
	assert_int_equal(RUN(&parser), -EPERM);
	assert_non_null(parser.why);
}

static void test_gen9_blitter_batches_become_part_of_the_copy(void **state)
{
	const uint32_t runs[] = { NOOP, LRI(1), 0x22600, 5, FLUSH, 0, 0, 0, NOOP };
	struct gvt_parser parser = parser_of(GVT_BCS);

	memset(own, 0, sizeof(own));
	BATCH(0, NOOP, BB_START | PPGTT | SECOND, AT(1), 0, BB_START | PPGTT, AT(2), 0);
	BATCH(1, LRI(1), 0x22600, 5, BATCH_END);
	BATCH(2, FLUSH, 0, 0, 0, BATCH_END);
	assert_int_equal(PARSE(&parser, BB_START | PPGTT, AT(0), 0, NOOP), 0);
	assert_int_equal(parser.count, ARRAY_SIZE(runs));
	assert_memory_equal(out, runs, sizeof(runs));
	/* An index is the guest's page for them, too: the shadow's is what a batch that is not copied writes. */
	BATCH(0, 0x21u << 23 | 1u << 21 | 1, 0x44, 9, FLUSH | 1u << 14 | 1u << 21, 0x50, 0, 3, BATCH_END);
	assert_int_equal(PARSE(&parser, BB_START | PPGTT, AT(0), 0), 0);
	assert_int_equal(out[0], STORE_GGTT);
	assert_int_equal(out[1], STATUS + 0x44);
	assert_int_equal(out[3], 9);
	assert_int_equal(out[5], STATUS | 0x50 | 4);
	/* Now that they run as the ring's, privileges are what nobody but the parser keeps from them. */
	EXPECT_BATCH_REFUSED(GVT_BCS, "that all share", STORE_GGTT, OURS_START, 0, 7, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_BCS, "writes a register", LRI(1), 0x22080, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_BCS, "keeps others off", 0x08u << 23, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_BCS, "with privileges", BB_START, OURS_START, 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_BCS, "when it runs", BB_START | PPGTT | PREDICATED, AT(1), 0, BATCH_END);
	EXPECT_BATCH_REFUSED(GVT_BCS, "when it runs", 0x36u << 23 | 2, 0, AT(1), 0, BATCH_END);
	BATCH(0, BB_START | PPGTT, AT(0), 0);
	assert_int_equal(RUN(&parser), -EPERM);
	assert_non_null(strstr(parser.why, "do not end"));
	/* Gen8's hardware keeps them apart. */
	parser.generation = 8;
	assert_int_equal(RUN(&parser), 0);
	assert_int_equal(parser.count, 3);
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
		cmocka_unit_test(test_batches_without_privileges_stay_where_they_are),
		cmocka_unit_test(test_what_batches_without_privileges_may_not),
		cmocka_unit_test(test_batches_that_are_not_in_memory),
		cmocka_unit_test(test_commands_that_cross_pages),
		cmocka_unit_test(test_all_that_a_batch_leads_to_is_looked_at),
		cmocka_unit_test(test_calls_that_return_where_a_store_says),
		cmocka_unit_test(test_batches_that_go_in_circles),
		cmocka_unit_test(test_gen9_blitter_batches_become_part_of_the_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
