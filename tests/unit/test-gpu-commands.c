// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: arithmetic, predicates, copies and flushes of the command streamer, on both generations.
 */
#include "gpu-fixture.h"

#define GPR(n)			   (RCS + 0x600 + 8 * (n))
#define LRI(n)			   (0x22u << 23 | (2 * (n)-1))
#define SRM			   (0x24u << 23 | 1u << 22 | 2)
#define STORE_DWORD		   (0x20u << 23 | 1u << 22 | 2)
#define BB_START		   (0x31u << 23 | 1)
#define BATCH_END		   (0x0au << 23)
#define MATH(n)			   (0x1au << 23 | ((n)-1))
#define ALU(opcode, first, second) ((uint32_t)(opcode) << 20 | (first) << 10 | (second))
#define LOAD			   0x080u
#define LOADINV			   0x480u
#define LOAD0			   0x081u
#define LOAD1			   0x481u
#define ADD			   0x100u
#define SUB			   0x101u
#define AND			   0x102u
#define OR			   0x103u
#define XOR			   0x104u
#define STORE			   0x180u
#define STOREINV		   0x580u
#define A			   0x20u
#define B			   0x21u
#define ACCU			   0x31u
#define ZF			   0x32u
#define CF			   0x33u

static const char *device;

static int setup(void **state)
{
	*state = machine_new_device(device);
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

/* Each call gets a context of its own; four fit before the numbers wrap. */
static void run(struct machine *machine, const uint32_t *dwords, size_t count)
{
	uint64_t context = context_make(machine, 0);

	ring_fill(machine, 0, dwords, count);
	mmio_write32(machine, RCS + 0x3a0, 0xffff0505);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
}

#define RUN(machine, ...)                               \
	run(machine, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static uint64_t gpr(struct machine *machine, unsigned int n)
{
	return (uint64_t)mmio_read32(machine, GPR(n) + 4) << 32 | mmio_read32(machine, GPR(n));
}

static void set_gpr(struct machine *machine, unsigned int n, uint64_t value)
{
	mmio_write32(machine, GPR(n), value);
	mmio_write32(machine, GPR(n) + 4, value >> 32);
}

static void test_math(void **state)
{
	static const struct {
		uint32_t operation;
		uint64_t a, b, result, zero, carry;
	} cases[] = {
		{ ADD, 5, 7, 12, 0, 0 },
		{ ADD, ~0ull, 1, 0, ~0ull, ~0ull },
		{ SUB, 7, 7, 0, ~0ull, 0 },
		{ SUB, 5, 7, -2ull, 0, ~0ull },
		{ AND, 0xff00ff00ff00, 0x0ff00ff00ff0, 0x0f000f000f00, 0, 0 },
		{ OR, 0xf0, 0x0f, 0xff, 0, 0 },
		{ XOR, 0xff, 0xff, 0, ~0ull, 0 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_gpr(machine, 0, cases[i].a);
		set_gpr(machine, 1, cases[i].b);
		RUN(machine, MATH(6), ALU(LOAD, A, 0), ALU(LOAD, B, 1),
		    ALU(cases[i].operation, 0, 0), ALU(STORE, 2, ACCU), ALU(STORE, 3, ZF),
		    ALU(STORE, 4, CF));
		assert_int_equal(gpr(machine, 2), cases[i].result);
		assert_int_equal(gpr(machine, 3), cases[i].zero);
		assert_int_equal(gpr(machine, 4), cases[i].carry);
	}
}

static void test_math_loads_and_inversions(void **state)
{
	struct machine *machine = *state;

	set_gpr(machine, 15, 0x1234);
	RUN(machine, MATH(4), ALU(LOADINV, A, 15), ALU(LOAD0, B, 0), ALU(ADD, 0, 0),
	    ALU(STORE, 5, ACCU), MATH(4), ALU(LOAD1, A, 0), ALU(LOAD, B, 15), ALU(AND, 0, 0),
	    ALU(STOREINV, 6, ACCU));
	assert_int_equal(gpr(machine, 5), ~0x1234ull);
	assert_int_equal(gpr(machine, 6), ~0x1234ull);
}

/* Operands that are none read 0 and take nothing. */
static void test_math_bad_operands(void **state)
{
	struct machine *machine = *state;

	set_gpr(machine, 0, 9);
	RUN(machine, MATH(6), ALU(LOAD, A, 0x3f0), ALU(LOAD, 0x3ff, 0), ALU(ADD, 0, 0),
	    ALU(STORE, 0x20, ACCU), ALU(STORE, 1, ACCU), ALU(0xfffu, 0x3ff, 0x3ff), 0);
	assert_int_equal(gpr(machine, 1), 0);
	assert_int_equal(gpr(machine, 0), 9);
}

#define PREDICATE(load, combine, compare) (0x0cu << 23 | (load) << 6 | (combine) << 3 | (compare))

static void test_predicate(void **state)
{
	static const struct {
		uint32_t source0, source1, command, old, result;
	} cases[] = {
		{ 5, 5, PREDICATE(2, 0, 2), 0, 1 }, /* load equal */
		{ 5, 6, PREDICATE(2, 0, 2), 1, 0 },
		{ 5, 6, PREDICATE(3, 0, 2), 0, 1 }, /* inverted */
		{ 5, 5, PREDICATE(0, 0, 2), 0, 0 }, /* keep */
		{ 5, 5, PREDICATE(2, 1, 2), 0, 0 }, /* and */
		{ 5, 6, PREDICATE(2, 2, 2), 1, 1 }, /* or */
		{ 5, 5, PREDICATE(2, 3, 2), 1, 0 }, /* xor */
		{ 0, 1, PREDICATE(2, 0, 0), 0, 1 }, /* true */
		{ 0, 0, PREDICATE(2, 0, 1), 1, 0 }, /* false */
		{ 5, 6, PREDICATE(3, 1, 2), 1, 1 }, /* the combined result is inverted */
		{ 5, 5, PREDICATE(3, 2, 2), 0, 0 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mmio_write32(machine, RCS + 0x400, cases[i].source0);
		mmio_write32(machine, RCS + 0x408, cases[i].source1);
		mmio_write32(machine, RCS + 0x418, cases[i].old);
		RUN(machine, cases[i].command, 0);
		assert_int_equal(mmio_read32(machine, RCS + 0x418), cases[i].result);
	}
}

/* The difference of an earlier comparison is what a later one's is compared with: queries that
 * overflow. */
static void test_predicate_on_deltas(void **state)
{
	static const struct {
		uint64_t first[2], second[2];
		uint32_t result;
	} cases[] = {
		{ { 10, 4 }, { 106, 100 }, 1 },
		{ { 10, 4 }, { 107, 100 }, 0 },
		/* All 64 bits count, and so does what is borrowed. */
		{ { 0x100000000, 1 }, { 0x2ffffffff, 0x200000000 }, 1 },
		{ { 0x100000000, 0 }, { 0x300000000, 0x100000000 }, 0 },
		{ { 4, 10 }, { -10ull, -4ull }, 1 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint64_t *first = cases[i].first, *second = cases[i].second;

		mmio_write32(machine, RCS + 0x418, 0);
		RUN(machine, LRI(4), RCS + 0x400, first[0], RCS + 0x404, first[0] >> 32,
		    RCS + 0x408, first[1], RCS + 0x40c, first[1] >> 32, PREDICATE(0, 0, 2), LRI(4),
		    RCS + 0x400, second[0], RCS + 0x404, second[0] >> 32, RCS + 0x408, second[1],
		    RCS + 0x40c, second[1] >> 32, PREDICATE(2, 0, 3), 0);
		assert_int_equal(mmio_read32(machine, RCS + 0x418), cases[i].result);
	}
}

static void test_predicated_batch_and_store(void **state)
{
	struct machine *machine = *state;

	PUT(machine, BATCH, STORE_DWORD, SCRATCH, 0, 1, BATCH_END);
	for (uint32_t predicate = 0; predicate < 2; predicate++) {
		set_ram32(machine, SCRATCH, 0);
		set_ram32(machine, SCRATCH + 4, 0x77);
		mmio_write32(machine, RCS + 0x418, predicate);
		mmio_write32(machine, RCS + 0x41c, predicate);
		RUN(machine, BB_START | 1u << 15, BATCH, 0, SRM | 1u << 21, RCS + 0x418,
		    SCRATCH + 4, 0);
		assert_int_equal(ram32(machine, SCRATCH), predicate);
		assert_int_equal(ram32(machine, SCRATCH + 4), predicate ? 1 : 0x77);
	}
}

static void test_conditional_batch_end(void **state)
{
	static const struct {
		uint32_t memory, data, went_on;
	} cases[] = { { 6, 5, 1 }, { 5, 5, 0 }, { 4, 5, 0 } };
	struct machine *machine = *state;

	PUT(machine, BATCH, 0x36u << 23 | 1u << 22 | 1u << 21 | 2, 5, SCRATCH + 8, 0, STORE_DWORD,
	    SCRATCH, 0, 1, BATCH_END);
	for (unsigned int i = 0; i < 3; i++) {
		set_ram32(machine, SCRATCH, 0);
		set_ram32(machine, SCRATCH + 8, cases[i].memory);
		RUN(machine, BB_START, BATCH, 0, STORE_DWORD, SCRATCH + 4, 0, i + 1);
		assert_int_equal(ram32(machine, SCRATCH), cases[i].went_on);
		assert_int_equal(ram32(machine, SCRATCH + 4), i + 1);
	}
}

static void test_copy_mem_mem(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, SCRATCH, 0x600dbeef);
	RUN(machine, 0x2eu << 23 | 3u << 21 | 3, SCRATCH + 16, 0, SCRATCH, 0, 0);
	assert_int_equal(ram32(machine, SCRATCH + 16), 0x600dbeef);
}

#define SET_PREDICATE(enable) (0x01u << 23 | (enable))

/* Within its scope a command is executed or not; the slices are those of a GT2: one. */
static void test_set_predicate(void **state)
{
	static const struct {
		uint32_t enable, result, result_2, executed;
	} cases[] = {
		{ 0, 0, 0, 1 }, { 1, 1, 0, 0 }, { 1, 0, 1, 1 },	 { 2, 0, 0, 1 }, { 2, 0, 1, 0 },
		{ 3, 0, 1, 0 }, { 3, 1, 0, 1 }, { 4, 0, 0, 1 },	 { 4, 1, 0, 0 }, { 5, 0, 0, 1 },
		{ 6, 1, 1, 0 }, { 7, 1, 1, 0 }, { 15, 1, 1, 0 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mmio_write32(machine, RCS + 0x418, cases[i].result);
		mmio_write32(machine, RCS + 0x3bc, cases[i].result_2);
		set_ram64(machine, SCRATCH, 0);
		PUT(machine, BATCH, SET_PREDICATE(cases[i].enable), STORE_DWORD, SCRATCH, 0, 1,
		    SET_PREDICATE(0), STORE_DWORD, SCRATCH + 4, 0, 1, BATCH_END);
		RUN(machine, BB_START, BATCH, 0, 0);
		assert_int_equal(ram32(machine, SCRATCH), cases[i].executed);
		assert_int_equal(ram32(machine, SCRATCH + 4), 1);
	}
}

/* A scope that a batch leaves open ends with the batch. */
static void test_predication_ends_with_the_batch(void **state)
{
	struct machine *machine = *state;

	PUT(machine, BATCH, SET_PREDICATE(15), BATCH_END);
	RUN(machine, BB_START, BATCH, 0, STORE_DWORD, SCRATCH, 0, 7);
	assert_int_equal(ram32(machine, SCRATCH), 7);
}

static void test_conditional_end_with_a_mask(void **state)
{
	struct machine *machine = *state;

	PUT(machine, BATCH, 0x36u << 23 | 1u << 22 | 1u << 21 | 1u << 19 | 2, 5, SCRATCH + 8, 0,
	    STORE_DWORD, SCRATCH, 0, 1, BATCH_END);
	set_ram64(machine, SCRATCH + 8, 0xff06ull << 32 | 0x00ff);
	RUN(machine, BB_START, BATCH, 0, 0);
	assert_int_equal(ram32(machine, SCRATCH), 1);
	set_ram32(machine, SCRATCH, 0);
	set_ram64(machine, SCRATCH + 8, 0xff05ull << 32 | 0x00ff);
	RUN(machine, BB_START, BATCH, 0, 0);
	assert_int_equal(ram32(machine, SCRATCH), 0);
}

#define WAIT_POLL     (1u << 15)
#define WAIT_REGISTER (1u << 16)
#define WAIT(op)      (0x1cu << 23 | 1u << 22 | (op) << 12 | 2)

/* Memory against the command's dword: passes at once, or when memory is made to pass. */
static void test_semaphore_comparisons(void **state)
{
	static const struct {
		uint32_t operation, fails, passes;
	} cases[] = {
		{ 0, 5, 6 }, { 1, 4, 5 }, { 2, 5, 4 }, { 3, 6, 5 }, { 4, 4, 5 }, { 5, 5, 4 }
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 6; i++) {
		uint64_t context = context_make(machine, 0);

		set_ram64(machine, SCRATCH, 0);
		set_ram32(machine, SCRATCH + 8, cases[i].fails);
		mmio_write32(machine, 0x44308, 1u << 11);
		RING_FILL(machine, 0, WAIT(cases[i].operation) | WAIT_POLL, 5, SCRATCH + 8, 0,
			  STORE_DWORD, SCRATCH, 0, 1);
		mmio_write32(machine, RCS + 0x3a0, 0xffff0505);
		elsp(machine, RCS, context, 0);
		/* A wait that does not pass tells so: the driver may switch. */
		wait_mmio32(machine, 0x44308, 1u << 11, 1u << 11);
		assert_int_equal(ram32(machine, SCRATCH), 0);
		set_ram32(machine, SCRATCH + 8, cases[i].passes);
		wait_reports(machine, RCS, 2);
		assert_int_equal(ram32(machine, SCRATCH), 1);
	}
}

static void test_semaphore_on_a_register(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT(4) | WAIT_POLL | WAIT_REGISTER, 0x77,
		  GPR(3), 0, STORE_DWORD, SCRATCH, 0, 2);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	mmio_write32(machine, GPR(3), 0x77);
	wait_ram32(machine, SCRATCH, 2);
}

#define SIGNAL(target) (0x1bu << 23 | (target) << 15)

/* In signal mode a change of memory alone wakes nobody; a signal for another context neither. */
static void test_semaphore_signal(void **state)
{
	struct machine *machine = *state;
	uint64_t waiter = context_make(machine, 0), sender = context_make(machine, 1);

	RING_FILL(machine, 0, WAIT(4), 1, SCRATCH, 0, STORE_DWORD, SCRATCH + 4, 0, 1);
	elsp(machine, RCS, waiter, 0);
	wait_mmio32(machine, 0x44308, 1u << 11, 1u << 11);
	RING_FILL(machine, 1, STORE_DWORD, SCRATCH, 0, 1, SIGNAL(0u), 99, SIGNAL(3u), 1);
	elsp(machine, BCS, sender, 0);
	wait_mmio32(machine, BCS + 0x3a0, 7, 1);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0);
	sender = context_make(machine, 1);
	RING_FILL(machine, 1, SIGNAL(0u), 1);
	elsp(machine, BCS, sender, 0);
	wait_ram32(machine, SCRATCH + 4, 1);
}

static void test_load_register_imm(void **state)
{
	struct machine *machine = *state;

	set_gpr(machine, 0, 0x11223344);
	/* Bytes 0 and 3 are write-disabled. */
	RUN(machine, LRI(2) | 9u << 8, GPR(0), 0xaabbccdd, GPR(1), 0x55667788, LRI(3), GPR(2), 1,
	    GPR(3), 2, GPR(4), 3);
	assert_int_equal(gpr(machine, 0), 0x11bbcc44);
	assert_int_equal(gpr(machine, 1), 0x00667700);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(gpr(machine, 2 + i), i + 1);
}

static void test_noop_with_identification(void **state)
{
	struct machine *machine = *state;

	RUN(machine, 1u << 22 | 0x12345, 0x54321);
	assert_int_equal(mmio_read32(machine, RCS + 0x94), 0x12345);
}

static void test_update_gtt(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, SCRATCH, 0x77);
	RUN(machine, 0x23u << 23 | 1u << 22 | 4, 0x40000000, SCRATCH | 1, 0, (SCRATCH + PAGE) | 1,
	    0, 0x2eu << 23 | 3u << 21 | 3, 0x40001010, 0, 0x40000000, 0);
	assert_int_equal(ram32(machine, SCRATCH + PAGE + 0x10), 0x77);
}

#define OACONTROL 0x2b00u

/* Id, time, context and clocks, then counters; how many is a matter of the format. */
static void test_report_perf_count(void **state)
{
	static const struct {
		uint32_t control, bytes;
	} cases[] = { { 5u << 2, 256 }, { 2u << 2, 128 }, { 0, 64 } };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 3; i++) {
		for (uint32_t at = 0; at <= 256; at += 4)
			set_ram32(machine, SCRATCH + at, 0xeeeeeeee);
		mmio_write32(machine, OACONTROL, cases[i].control);
		RUN(machine, 0x28u << 23 | 2, SCRATCH | 1, 0, 0xabcd);
		assert_int_equal(ram32(machine, SCRATCH), 0xabcd);
		assert_int_not_equal(ram32(machine, SCRATCH + 4), 0xeeeeeeee);
		assert_int_equal(ram32(machine, SCRATCH + 8), 1);
		assert_int_equal(ram32(machine, SCRATCH + cases[i].bytes - 4), 0);
		assert_int_equal(ram32(machine, SCRATCH + cases[i].bytes), 0xeeeeeeee);
	}
}

/* The ring's head goes to the fifth dword of the context's status page. */
static void test_report_head(void **state)
{
	struct machine *machine = *state;

	RUN(machine, 0, 0, 0, 0x07u << 23);
	assert_int_equal(ram32(machine, CONTEXT(0) + 0x10), 12);
}

/* 36 bits, the same clock on all engines, and it advances. */
static void test_timestamps(void **state)
{
	struct machine *machine = *state;
	uint64_t first, second;

	RUN(machine, SRM, RCS + 0x358, SCRATCH, 0, SRM, RCS + 0x35c, SCRATCH + 4, 0,
	    0x7a000000u | 4, 1u << 24 | 3u << 14, SCRATCH + 8, 0, 0, 0);
	first = (uint64_t)ram32(machine, SCRATCH + 4) << 32 | ram32(machine, SCRATCH);
	second = (uint64_t)ram32(machine, SCRATCH + 12) << 32 | ram32(machine, SCRATCH + 8);
	assert_true(second >= first && second - first < 12000000);
	assert_int_equal(first >> 36, 0);
	first = mmio_read32(machine, VCS0 + 0x358);
	assert_true((uint32_t)first - (uint32_t)second < 12000000);
}

static void test_depth_count(void **state)
{
	struct machine *machine = *state;

	mmio_write32(machine, 0x2350, 0x1234);
	mmio_write32(machine, 0x2354, 0x5678);
	RUN(machine, 0x7a000000u | 4, 1u << 24 | 2u << 14, SCRATCH, 0, 0, 0);
	assert_int_equal(ram32(machine, SCRATCH), 0x1234);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0x5678);
}

/* An index is one into the status page: the engine's with a GGTT address, else the context's. */
static void test_post_sync_index(void **state)
{
	struct machine *machine = *state;
	uint32_t own = CONTEXT(0) + 0x200;

	RUN(machine, 0x7a000000u | 4, 1u << 24 | 1u << 21 | 1u << 14, 0x200, 0, 0x55, 0,
	    0x7a000000u | 4, 1u << 21 | 1u << 14, 0x200, 0, 0x66, 0,
	    0x26u << 23 | 1u << 21 | 1u << 14 | 3, 0x208, 0, 0x77, 0x78,
	    0x26u << 23 | 1u << 21 | 1u << 14 | 2, 0x208 | 4, 0, 0x88);
	assert_int_equal(ram32(machine, HWSP + 0x200), 0x55);
	assert_int_equal(ram32(machine, own), 0x66);
	assert_int_equal(ram32(machine, own + 8), 0x77);
	assert_int_equal(ram32(machine, own + 12), 0x78);
	assert_int_equal(ram32(machine, HWSP + 0x208), 0x88);
}

/* The length of MI_FLUSH_DW says how much is written. */
static void test_flush_dw_of_a_dword(void **state)
{
	struct machine *machine = *state;

	set_ram64(machine, SCRATCH, ~0ull);
	RUN(machine, 0x26u << 23 | 1u << 14 | 2, SCRATCH | 4, 0, 0x11);
	assert_int_equal(ram32(machine, SCRATCH), 0x11);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0xffffffff);
}

/* What each engine writes when its flush is over, and whom it tells. */
static void test_flush_dw_of_each_engine(void **state)
{
	static const struct {
		uint32_t engine, iir, notify;
	} engines[] = {
		{ BCS, 0x44308, 1u << 16 },
		{ VCS0, 0x44318, 1u << 0 },
		{ VECS, 0x44338, 1u << 0 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 3; i++) {
		uint64_t context = context_make(machine, 0), time;

		set_ram64(machine, SCRATCH, 0);
		set_ram64(machine, SCRATCH + 8, 0);
		mmio_write32(machine, engines[i].iir, 0xffffffff);
		/* No post-sync operation: nothing is written. Then an immediate, the time, an
		 * interrupt. */
		RING_FILL(machine, 0, 0x26u << 23 | 3, (SCRATCH + 16) | 4, 0, 1, 1,
			  0x26u << 23 | 1u << 14 | 3, SCRATCH | 4, 0, 0x11, 0x22,
			  0x26u << 23 | 3u << 14 | 3, (SCRATCH + 8) | 4, 0, 0, 0, 0);
		elsp(machine, engines[i].engine, context, 0);
		wait_mmio32(machine, engines[i].engine + 0x3a0, 7, 1);
		assert_int_equal(ram32(machine, SCRATCH), 0x11);
		assert_int_equal(ram32(machine, SCRATCH + 4), 0x22);
		time = (uint64_t)ram32(machine, SCRATCH + 12) << 32 | ram32(machine, SCRATCH + 8);
		assert_in_range(time, 1, (1ull << 36) - 1);
		assert_int_equal(ram32(machine, SCRATCH + 16), 0);
		assert_int_equal(mmio_read32(machine, engines[i].iir) & engines[i].notify, 0);
		mmio_write32(machine, engines[i].engine + 0x3a0, 0xffff0505);
		context = context_make(machine, 0);
		RING_FILL(machine, 0, 0x26u << 23 | 1u << 8 | 2, 4, 0, 0);
		elsp(machine, engines[i].engine, context, 0);
		wait_mmio32(machine, engines[i].iir, engines[i].notify, engines[i].notify);
	}
}

/* Without the bit for the GGTT an address is one of the context's own. */
static void test_post_sync_addresses(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	context_map(machine, 0);
	/* What the GGTT shows there is another page than what the PPGTT does. */
	map_page(machine, SCRATCH, SCRATCH + PAGE);
	RING_FILL(machine, 0, 0x7a000000u | 4, 1u << 14, SCRATCH, 0, 0x11, 0x12, 0x7a000000u | 4,
		  1u << 24 | 1u << 14, SCRATCH, 0, 0x21, 0x22, 0x26u << 23 | 1u << 14 | 3,
		  SCRATCH + 8, 0, 0x31, 0x32, 0x26u << 23 | 1u << 14 | 3, (SCRATCH + 8) | 4, 0,
		  0x41, 0x42);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(ram32(machine, SCRATCH + 4 * i), 0x11 + i);
		assert_int_equal(ram32(machine, SCRATCH + PAGE + 4 * i), 0x21 + i);
		assert_int_equal(ram32(machine, SCRATCH + 8 + 4 * i), 0x31 + i);
		assert_int_equal(ram32(machine, SCRATCH + PAGE + 8 + 4 * i), 0x41 + i);
	}
}

/* Instead of memory a register; and bit 4 of the engine's interrupts says that a flush is over. */
static void test_pipe_control_register_and_notify(void **state)
{
	struct machine *machine = *state;

	mmio_write32(machine, 0x44308, 0xffffffff);
	set_ram64(machine, SCRATCH, 0);
	RUN(machine, 0x7a000000u | 4, 1u << 24 | 1u << 23 | 1u << 14, GPR(2), 0, 0x1234, 0x5678, 0,
	    0);
	assert_int_equal(gpr(machine, 2), 0x1234);
	assert_int_equal(ram32(machine, SCRATCH), 0);
	assert_int_equal(mmio_read32(machine, 0x44308) & 1u << 4, 0);
	RUN(machine, 0x7a000000u | 4, 1u << 8, 0, 0, 0, 0);
	wait_mmio32(machine, 0x44308, 1u << 4, 1u << 4);
}

/* Batches can start at an offset that a register holds. */
static void test_batch_with_an_offset(void **state)
{
	struct machine *machine = *state;

	PUT(machine, BATCH + 0x100, STORE_DWORD, SCRATCH, 0, 9, BATCH_END);
	RUN(machine, LRI(1), RCS + 0x158, 0x100, BB_START | 1u << 16, BATCH, 0);
	assert_int_equal(ram32(machine, SCRATCH), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_math, setup, teardown),
		cmocka_unit_test_setup_teardown(test_math_loads_and_inversions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_math_bad_operands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predicate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predicate_on_deltas, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predicated_batch_and_store, setup, teardown),
		cmocka_unit_test_setup_teardown(test_conditional_batch_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copy_mem_mem, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_predicate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predication_ends_with_the_batch, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_semaphore_comparisons, setup, teardown),
		cmocka_unit_test_setup_teardown(test_semaphore_signal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_load_register_imm, setup, teardown),
		cmocka_unit_test_setup_teardown(test_noop_with_identification, setup, teardown),
		cmocka_unit_test_setup_teardown(test_update_gtt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_report_perf_count, setup, teardown),
		cmocka_unit_test_setup_teardown(test_report_head, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timestamps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth_count, setup, teardown),
		cmocka_unit_test_setup_teardown(test_post_sync_index, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flush_dw_of_a_dword, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flush_dw_of_each_engine, setup, teardown),
		cmocka_unit_test_setup_teardown(test_post_sync_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipe_control_register_and_notify, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_batch_with_an_offset, setup, teardown),
	};

	/* What came with Gen9. */
	const struct CMUnitTest tests_gen9[] = {
		cmocka_unit_test_setup_teardown(test_conditional_end_with_a_mask, setup, teardown),
		cmocka_unit_test_setup_teardown(test_semaphore_on_a_register, setup, teardown),
	};
	int failed;

	device = "bdw-gt2";
	failed = cmocka_run_group_tests_name("gpusim: commands, Gen8", tests, NULL, NULL);
	device = "skl-gt2";
	failed += cmocka_run_group_tests_name("gpusim: commands, Gen9", tests, NULL, NULL);
	return failed +
	       cmocka_run_group_tests_name("gpusim: commands of Gen9", tests_gen9, NULL, NULL);
}
