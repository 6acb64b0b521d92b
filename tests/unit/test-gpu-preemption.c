// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: contexts that take an engine from each other, and engines that wait for each other. */
#include "gpu-fixture.h"

#define NOOP		 0u
#define ARB_CHECK	 (0x05u << 23)
#define BATCH_END	 (0x0au << 23)
#define MATH(n)		 (0x1au << 23 | ((n)-1))
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define LRI(n)		 (0x22u << 23 | (2 * (n)-1))
#define SRM		 (0x24u << 23 | 1u << 22 | 2)
#define BB_START	 (0x31u << 23 | 1)
#define SECOND_LEVEL	 (1u << 22)

/* Status of a context: PRM "Context Status". */
#define ACCEPTED	1u
#define PREEMPTED	2u
#define COMPLETE_SWITCH 0x14u
#define COMPLETE_IDLE	0x18u
#define LITE_RESTORE	0x8002u

#define EXECLIST_STATUS	   0x234u
#define QUEUE_FULL	   (1u << 2)
#define CONTEXT_STATUS_PTR 0x3a0u

/* Registers in the image, by dword of their value. */
#define IMAGE(n, dword) (CONTEXT(n) + PAGE + 4 * (dword))
#define IMAGE_TAIL	7
#define IMAGE_BBADDR	15
#define IMAGE_SBBADDR	21

#define PLACE(n) (BATCH + 0x100 * (n))
#define COUNT(n) (SCRATCH + 16 * (n))

static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };

static int setup(void **state)
{
	*state = machine_new();
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

/*
 * A batch that counts in a register and shows the count in memory, for ever; `yield` is where it
 * may be preempted. Returns the address of that command.
 */
static uint64_t put_counter(struct machine *machine, unsigned int n, uint32_t engine,
			    uint32_t yield)
{
	uint64_t loop, last;

	loop = PUT(machine, PLACE(n), LRI(3), engine + 0x608, 1, engine + 0x60c, 0, engine + 0x604,
		   0);
	/* R0 = R0 + R1 */
	last = PUT(machine, loop, MATH(4), 0x08008000, 0x08008401, 0x10000000, 0x18000031, SRM,
		   engine + 0x600, COUNT(n), 0);
	PUT(machine, last, yield, BB_START, (uint32_t)loop, 0);
	return last;
}

/* A context n whose ring starts the counter n. */
static uint64_t make_counter(struct machine *machine, unsigned int n, uint32_t engine)
{
	uint64_t context = context_make(machine, n);

	put_counter(machine, n, engine, ARB_CHECK);
	RING_FILL(machine, n, BB_START, PLACE(n), 0);
	return context;
}

static void wait_for_progress(struct machine *machine, unsigned int n)
{
	wait_ram32_change(machine, COUNT(n), ram32(machine, COUNT(n)));
}

static void assert_report(struct machine *machine, unsigned int n, uint32_t status,
			  uint32_t context)
{
	assert_int_equal(csb_status(machine, n % 6), status);
	assert_int_equal(csb_context(machine, n % 6), context);
}

/* Two contexts in one list, the other way round in each next one: what timeslices are made of. */
static void test_timeslices(void **state)
{
	struct machine *machine = *state;
	uint64_t contexts[2] = { make_counter(machine, 0, RCS), make_counter(machine, 1, RCS) };
	uint32_t counts[2] = { 0 };

	for (unsigned int slice = 0; slice < 50; slice++) {
		unsigned int running = slice % 2;

		elsp(machine, RCS, contexts[running], contexts[!running]);
		wait_reports(machine, RCS, slice + 1);
		if (slice)
			assert_report(machine, slice, PREEMPTED, 2 - running);
		/* It goes on where it was; the other stands still. */
		assert_true(ram32(machine, COUNT(running)) >= counts[running]);
		counts[!running] = ram32(machine, COUNT(!running));
		wait_for_progress(machine, running);
		counts[running] = ram32(machine, COUNT(running));
		assert_int_equal(ram32(machine, COUNT(!running)), counts[!running]);
		assert_int_equal(mmio_read32(machine, RCS + EXECLIST_STATUS + 4), running + 1);
	}
	assert_true(counts[0] > 20 && counts[1] > 20);
}

/* A heartbeat interrupts whatever runs, and that runs on afterwards. */
static void test_heartbeat(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 4; i++) {
		uint64_t work = make_counter(machine, i, engines[i]);
		uint64_t pulse = context_make(machine, 4);

		RING_FILL(machine, 4, STORE_DWORD, SCRATCH + 0x100, 0, i + 1);
		elsp(machine, engines[i], work, 0);
		wait_for_progress(machine, i);
		elsp(machine, engines[i], pulse, work);
		wait_reports(machine, engines[i], 3);
		assert_int_equal(ram32(machine, SCRATCH + 0x100), i + 1);
		assert_report(machine, 1, PREEMPTED, i + 1);
		assert_report(machine, 2, COMPLETE_SWITCH, 5);
		wait_for_progress(machine, i);
	}
}

/* The image of a context that was preempted in a batch says where in it. */
static void test_place_in_the_batches(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0), other = context_make(machine, 1);
	uint64_t check = put_counter(machine, 0, RCS, ARB_CHECK);

	PUT(machine, BATCH2, BB_START | SECOND_LEVEL, PLACE(0), 0, STORE_DWORD, SCRATCH + 0x100, 0,
	    1, BATCH_END);
	RING_FILL(machine, 0, BB_START, BATCH2, 0, NOOP, STORE_DWORD, SCRATCH + 0x104, 0, 1);
	RING_FILL(machine, 1, STORE_DWORD, SCRATCH + 0x108, 0, 1);
	elsp(machine, RCS, context, 0);
	wait_for_progress(machine, 0);
	elsp(machine, RCS, other, 0);
	wait_reports(machine, RCS, 3);
	assert_report(machine, 1, PREEMPTED, 1);
	/* Valid, and behind the command that let it be preempted; the outer one behind its jump. */
	assert_int_equal(ram32(machine, IMAGE(0, IMAGE_SBBADDR)), (check + 4) | 1);
	assert_int_equal(ram32(machine, IMAGE(0, IMAGE_BBADDR)), (BATCH2 + 12) | 1);
	assert_int_equal(ram32(machine, IMAGE(0, 5)), 12);
	/* From there it ends the inner batch, the outer one, the ring. */
	set_ram32(machine, check + 4, BATCH_END);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 5);
	assert_int_equal(ram32(machine, SCRATCH + 0x100), 1);
	assert_int_equal(ram32(machine, SCRATCH + 0x104), 1);
	assert_int_equal(ram32(machine, IMAGE(0, IMAGE_BBADDR)), 0);
}

/* No command there is one to be preempted at: the list waits, and says so. */
static void test_no_preemption_between_other_commands(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0), other = context_make(machine, 1);
	uint64_t check = put_counter(machine, 0, RCS, NOOP);

	RING_FILL(machine, 0, BB_START, PLACE(0), 0);
	RING_FILL(machine, 1, STORE_DWORD, SCRATCH + 0x100, 0, 1);
	elsp(machine, RCS, context, 0);
	wait_for_progress(machine, 0);
	assert_int_equal(mmio_read32(machine, RCS + EXECLIST_STATUS) & QUEUE_FULL, 0);
	elsp(machine, RCS, other, 0);
	for (unsigned int i = 0; i < 100; i++)
		wait_for_progress(machine, 0);
	assert_int_equal(mmio_read32(machine, RCS + CONTEXT_STATUS_PTR) & 7, 0);
	assert_int_equal(mmio_read32(machine, RCS + EXECLIST_STATUS) & QUEUE_FULL, QUEUE_FULL);
	assert_int_equal(mmio_read32(machine, RCS + EXECLIST_STATUS + 4), 1);
	set_ram32(machine, check, ARB_CHECK);
	wait_reports(machine, RCS, 3);
	assert_int_equal(ram32(machine, SCRATCH + 0x100), 1);
}

/* The ring grows while its context runs: in a batch, in either place of the list. */
static void test_lite_restores(void **state)
{
	struct machine *machine = *state;
	uint64_t first = make_counter(machine, 0, BCS), second = context_make(machine, 1);

	RING_FILL(machine, 1, STORE_DWORD, SCRATCH + 0x104, 0, 1);
	elsp(machine, BCS, first, 0);
	wait_for_progress(machine, 0);
	RING_FILL(machine, 0, BB_START, PLACE(0), 0, NOOP, STORE_DWORD, SCRATCH + 0x100, 0, 1);
	elsp(machine, BCS, first, 0);
	wait_reports(machine, BCS, 2);
	assert_report(machine, 1, LITE_RESTORE, 1);
	elsp(machine, BCS, first, second);
	wait_reports(machine, BCS, 3);
	assert_report(machine, 2, LITE_RESTORE, 1);
	wait_for_progress(machine, 0);
	assert_int_equal(ram32(machine, SCRATCH + 0x100), 0);
	/* It has not begun anew. */
	assert_int_equal(mmio_read32(machine, BCS + 0x34), 12);
	set_ram32(machine, PLACE(0) + 4 * 16, BATCH_END);
	wait_reports(machine, BCS, 5);
	assert_report(machine, 3, COMPLETE_SWITCH, 1);
	assert_report(machine, 4, COMPLETE_IDLE, 2);
	assert_int_equal(ram32(machine, SCRATCH + 0x100), 1);
	assert_int_equal(ram32(machine, SCRATCH + 0x104), 1);
}

/* The second element becomes the running one, and the first of the next list: no switch. */
static void test_lite_restore_of_the_second_element(void **state)
{
	struct machine *machine = *state;
	uint64_t first = context_make(machine, 1), second = make_counter(machine, 0, RCS);

	RING_FILL(machine, 1, NOOP, NOOP);
	elsp(machine, RCS, first, second);
	wait_for_progress(machine, 0);
	elsp(machine, RCS, second, first);
	wait_reports(machine, RCS, 3);
	assert_report(machine, 1, COMPLETE_SWITCH, 2);
	assert_report(machine, 2, LITE_RESTORE, 1);
}

/* Drivers do not, but may: the second time there is nothing left to do, or what came meanwhile. */
static void test_both_elements_are_one_context(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0,
		  STORE_DWORD, SCRATCH + 4, 0, 1);
	set_ram32(machine, IMAGE(0, IMAGE_TAIL), 8 * 4);
	elsp(machine, RCS, context, context);
	wait_ram32(machine, SCRATCH, 1);
	set_ram32(machine, IMAGE(0, IMAGE_TAIL), 12 * 4);
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 3);
	assert_report(machine, 0, ACCEPTED, 1);
	assert_report(machine, 1, COMPLETE_SWITCH, 1);
	assert_report(machine, 2, COMPLETE_IDLE, 1);
	assert_int_equal(ram32(machine, SCRATCH + 4), 1);
}

/* A token goes from engine to engine: each waits for what the one before it writes. */
static void test_engines_wait_for_each_other(void **state)
{
	enum {
		ROUNDS = 20
	};
	struct machine *machine = *state;
	uint64_t contexts[4];

	for (unsigned int i = 0; i < 4; i++) {
		uint32_t ring[ROUNDS * 8], count = 0;

		contexts[i] = context_make(machine, i);
		for (unsigned int round = 0; round < ROUNDS; round++) {
			ring[count++] = WAIT_UNTIL_EQUAL;
			ring[count++] = 4 * round + i;
			ring[count++] = SCRATCH;
			ring[count++] = 0;
			ring[count++] = STORE_DWORD;
			ring[count++] = SCRATCH;
			ring[count++] = 0;
			ring[count++] = 4 * round + i + 1;
		}
		ring_fill(machine, i, ring, count);
	}
	/* The last one first: none comes to its end before all run. */
	for (unsigned int i = 4; i--;)
		elsp(machine, engines[i], contexts[i], 0);
	wait_ram32(machine, SCRATCH, 4 * ROUNDS);
	for (unsigned int i = 0; i < 4; i++)
		wait_mmio32(machine, engines[i] + EXECLIST_STATUS, 1u << 18, 0);
}

#define PREEMPTION_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PREEMPTION_TEST(test_timeslices),
		PREEMPTION_TEST(test_heartbeat),
		PREEMPTION_TEST(test_place_in_the_batches),
		PREEMPTION_TEST(test_no_preemption_between_other_commands),
		PREEMPTION_TEST(test_lite_restores),
		PREEMPTION_TEST(test_lite_restore_of_the_second_element),
		PREEMPTION_TEST(test_both_elements_are_one_context),
		PREEMPTION_TEST(test_engines_wait_for_each_other),
	};

	return cmocka_run_group_tests_name("gpusim: preemption", tests, NULL, NULL);
}
