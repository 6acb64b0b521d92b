// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: execlists, contexts and the commands that a driver runs at boot. */
#include "gpu-fixture.h"

#define NOOP		 0u
#define USER_INTERRUPT	 (0x02u << 23)
#define ARB_CHECK	 (0x05u << 23)
#define ARB_OFF		 (0x08u << 23)
#define ARB_ON		 (0x08u << 23 | 1)
#define BATCH_END	 (0x0au << 23)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define STORE_QWORD	 (0x20u << 23 | 1u << 22 | 1u << 21 | 3)
#define LRI(n)		 (0x22u << 23 | (2 * (n)-1))
#define SRM		 (0x24u << 23 | 1u << 22 | 2)
#define LRM		 (0x29u << 23 | 1u << 22 | 2)
#define LRR		 (0x2au << 23 | 1)
#define FLUSH_DW_IMM	 (0x26u << 23 | 1u << 14 | 2)
#define BB_START	 (0x31u << 23 | 1)
#define SECOND_LEVEL	 (1u << 22)
#define THROUGH_PPGTT	 (1u << 8)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define PIPE_CONTROL	 (0x7a000000u | 4)

#define ACCEPTED	1u
#define PREEMPTED	2u
#define COMPLETE_SWITCH 0x14u
#define COMPLETE_IDLE	0x18u
#define LITE_RESTORE	0x8002u

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

static void test_every_engine_runs_a_context(void **state)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct machine *machine = machine_new();
		uint64_t context = context_make(machine, i);

		RING_FILL(machine, i, STORE_DWORD, SCRATCH, 0, 0x1000 + i, USER_INTERRUPT);
		elsp(machine, engines[i], context, 0);
		wait_reports(machine, engines[i], 2);
		assert_int_equal(ram32(machine, SCRATCH), 0x1000 + i);
		assert_int_equal(csb_status(machine, 0), ACCEPTED);
		assert_int_equal(csb_status(machine, 1), COMPLETE_IDLE);
		assert_int_equal(csb_context(machine, 1), i + 1);
		/* HEAD is saved behind the last command; MODE_IDLE says that nothing runs. */
		assert_int_equal(ram32(machine, CONTEXT(i) + PAGE + 4 * 5), 6 * 4);
		assert_true(machine->interrupts > 0);
		machine_free(machine);
	}
}

static void test_two_elements_run_in_order(void **state)
{
	struct machine *machine = *state;
	uint64_t first = context_make(machine, 0), second = context_make(machine, 1);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1);
	RING_FILL(machine, 1, SRM, 0x2044, SCRATCH + 4, 0, STORE_DWORD, SCRATCH, 0, 2);
	elsp(machine, RCS, first, second);
	wait_reports(machine, RCS, 3);
	assert_int_equal(csb_status(machine, 0), ACCEPTED);
	assert_int_equal(csb_status(machine, 1), COMPLETE_SWITCH);
	assert_int_equal(csb_context(machine, 1), 1);
	assert_int_equal(csb_status(machine, 2), COMPLETE_IDLE);
	assert_int_equal(csb_context(machine, 2), 2);
	assert_int_equal(ram32(machine, SCRATCH), 2);
}

static void test_lite_restore_takes_the_new_tail(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0,
		  STORE_DWORD, SCRATCH, 0, 2);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(csb_status(machine, 1), LITE_RESTORE);
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 3);
	assert_int_equal(csb_status(machine, 2), COMPLETE_IDLE);
	assert_int_equal(ram32(machine, SCRATCH), 2);
}

/* A list that waits takes over where one element ends: the next of the old list never begins. */
static void test_preemption_between_elements(void **state)
{
	struct machine *machine = *state;
	uint64_t first = context_make(machine, 0), second = context_make(machine, 1);
	uint64_t third = context_make(machine, 2);

	RING_FILL(machine, 0, ARB_OFF, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8,
		  0);
	RING_FILL(machine, 1, STORE_DWORD, SCRATCH + 4, 0, 2);
	RING_FILL(machine, 2, STORE_DWORD, SCRATCH, 0, 3);
	elsp(machine, RCS, first, second);
	wait_ram32(machine, SCRATCH, 1);
	elsp(machine, RCS, third, 0);
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 4);
	assert_int_equal(csb_status(machine, 1), COMPLETE_SWITCH);
	assert_int_equal(csb_status(machine, 2), PREEMPTED);
	assert_int_equal(csb_context(machine, 2), 2);
	assert_int_equal(csb_status(machine, 3), COMPLETE_IDLE);
	assert_int_equal(csb_context(machine, 3), 3);
	assert_int_equal(ram32(machine, SCRATCH), 3);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0);
}

/* The first context waits for what only the second one writes. */
static void test_preemption_in_a_semaphore_wait(void **state)
{
	struct machine *machine = *state;
	uint64_t waiter = context_make(machine, 0), other = context_make(machine, 1);

	RING_FILL(machine, 0, LRI(1), RCS + 0x600, 0xaaaa, STORE_DWORD, SCRATCH, 0, 1,
		  WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0, SRM, RCS + 0x600, SCRATCH + 12, 0);
	RING_FILL(machine, 1, LRI(1), RCS + 0x600, 0xbbbb, STORE_DWORD, SCRATCH + 8, 0, 7);
	elsp(machine, RCS, waiter, 0);
	wait_ram32(machine, SCRATCH, 1);
	elsp(machine, RCS, other, waiter);
	wait_reports(machine, RCS, 4);
	assert_int_equal(csb_status(machine, 1), PREEMPTED);
	assert_int_equal(csb_context(machine, 1), 1);
	assert_int_equal(csb_status(machine, 2), COMPLETE_SWITCH);
	assert_int_equal(csb_status(machine, 3), COMPLETE_IDLE);
	/* Its register came back with it. */
	assert_int_equal(ram32(machine, SCRATCH + 12), 0xaaaa);
}

/* With arbitration off a switch has to wait, even in a semaphore wait. */
static void test_no_preemption_while_arbitration_is_off(void **state)
{
	struct machine *machine = *state;
	uint64_t waiter = context_make(machine, 0), other = context_make(machine, 1);

	RING_FILL(machine, 0, ARB_OFF, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8,
		  0, STORE_DWORD, SCRATCH + 12, 0, 1, ARB_ON, ARB_CHECK, STORE_DWORD, SCRATCH + 16,
		  0, 1);
	RING_FILL(machine, 1, SRM, RCS + 0x600, SCRATCH + 20, 0);
	elsp(machine, RCS, waiter, 0);
	wait_ram32(machine, SCRATCH, 1);
	elsp(machine, RCS, other, 0);
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 3);
	assert_int_equal(csb_status(machine, 1), PREEMPTED);
	assert_int_equal(ram32(machine, SCRATCH + 12), 1);
	assert_int_equal(ram32(machine, SCRATCH + 16), 0);
}

/* The driver moves TAIL in the image while the context runs; its save must not undo that. */
static void test_save_leaves_the_tail_alone(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1, WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * 7, 0x80);
	set_ram32(machine, SCRATCH + 8, 7);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, CONTEXT(0) + PAGE + 4 * 5), 0x20);
	assert_int_equal(ram32(machine, CONTEXT(0) + PAGE + 4 * 7), 0x80);
}

/* GPR 0 is the twelfth pair of the command at dword 51h; "restore inhibit" keeps it from loading.
 */
static void test_restore_inhibit(void **state)
{
	for (unsigned int inhibit = 0; inhibit < 2; inhibit++) {
		struct machine *machine = machine_new();
		uint64_t context = context_make(machine, 0);

		set_ram32(machine, CONTEXT(0) + PAGE + 4 * 3, 0x00090008 | inhibit);
		set_ram32(machine, CONTEXT(0) + PAGE + 4 * 0x51, LRI(44));
		set_ram32(machine, CONTEXT(0) + PAGE + 4 * (0x51 + 2 * 12), 0x5a5a);
		RING_FILL(machine, 0, SRM, RCS + 0x600, SCRATCH, 0);
		elsp(machine, RCS, context, 0);
		wait_reports(machine, RCS, 2);
		assert_int_equal(ram32(machine, SCRATCH), inhibit ? 0 : 0x5a5a);
		machine_free(machine);
	}
}

static void test_registers_and_memory(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	set_ram32(machine, SCRATCH, 0x12345678);
	RING_FILL(machine, 0, LRM, RCS + 0x600, SCRATCH, 0, LRR, RCS + 0x600, RCS + 0x608, SRM,
		  RCS + 0x608, SCRATCH + 4, 0, STORE_QWORD, SCRATCH + 8, 0, 0x11, 0x22, SRM,
		  RCS + 0x358, SCRATCH + 16, 0);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0x12345678);
	assert_int_equal(ram32(machine, SCRATCH + 8), 0x11);
	assert_int_equal(ram32(machine, SCRATCH + 12), 0x22);
	assert_int_not_equal(ram32(machine, SCRATCH + 16), 0);
}

static void test_post_sync(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0), blitter = context_make(machine, 1);

	RING_FILL(machine, 0, PIPE_CONTROL, 1u << 24 | 1u << 14, SCRATCH, 0, 0x33, 0x44,
		  PIPE_CONTROL, 1u << 24 | 3u << 14, SCRATCH + 8, 0, 0, 0, PIPE_CONTROL,
		  1u << 24 | 1u << 21 | 1u << 14, 0x200, 0, 0x55, 0, PIPE_CONTROL, 1u << 23,
		  RCS + 0x610, 0, 0x66, 0);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, SCRATCH), 0x33);
	assert_int_equal(ram32(machine, SCRATCH + 4), 0x44);
	assert_int_not_equal(ram32(machine, SCRATCH + 8), 0);
	assert_int_equal(ram32(machine, HWSP + 0x200), 0x55);
	assert_int_equal(mmio_read32(machine, RCS + 0x610), 0x66);

	RING_FILL(machine, 1, FLUSH_DW_IMM, SCRATCH + 32 + 4, 0, 0x77, FLUSH_DW_IMM | 1u << 21,
		  0x208 | 4, 0, 0x88);
	mmio_write32(machine, BCS + 0x3a0, 0xffff0505);
	elsp(machine, BCS, blitter, 0);
	wait_reports(machine, BCS, 2);
	assert_int_equal(ram32(machine, SCRATCH + 32), 0x77);
	assert_int_equal(ram32(machine, HWSP + 0x208), 0x88);
}

static void test_batches_chain_and_nest(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);
	uint64_t at;

	at = PUT(machine, BATCH, BB_START | SECOND_LEVEL, BATCH2, 0);
	at = PUT(machine, at, STORE_DWORD, SCRATCH + 4, 0, 2);
	PUT(machine, at, BB_START, BATCH + 0x800, 0);
	PUT(machine, BATCH2, STORE_DWORD, SCRATCH, 0, 1, BATCH_END);
	PUT(machine, BATCH + 0x800, STORE_DWORD, SCRATCH + 8, 0, 3, BATCH_END);
	RING_FILL(machine, 0, BB_START, BATCH, 0, STORE_DWORD, SCRATCH + 12, 0, 4);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(ram32(machine, SCRATCH + 4 * i), i + 1);
}

/* The indirect batch runs at each restore, for as many cache lines as it says, and has no end. */
static void test_indirect_context_batch(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);
	uint32_t lines[32] = { STORE_DWORD, SCRATCH, 0, 1, STORE_DWORD, SCRATCH + 4, 0, 1 };

	lines[16] = STORE_DWORD;
	lines[17] = SCRATCH + 8;
	lines[19] = 1;
	put(machine, BATCH, lines, 32);
	/* 1c4h is the thirteenth pair of the first block. */
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * (1 + 2 * 13), BATCH | 1);
	RING_FILL(machine, 0, NOOP, NOOP);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, SCRATCH), 1);
	assert_int_equal(ram32(machine, SCRATCH + 4), 1);
	assert_int_equal(ram32(machine, SCRATCH + 8), 0);
}

/* PML4, PDP, page directory and page table for 48-bit addresses. */
static void test_batch_through_ppgtt(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0), tables = 0x200000;
	uint32_t upper = 0x1234; /* of the graphics address 1234_40000000h */
	uint64_t address = (uint64_t)upper << 32 | 0x40000000;

	set_ram64(machine, tables + 8 * (address >> 39 & 511), (tables + 0x1000) | 3);
	set_ram64(machine, tables + 0x1000 + 8 * (address >> 30 & 511), (tables + 0x2000) | 3);
	set_ram64(machine, tables + 0x2000 + 8 * (address >> 21 & 511), (tables + 0x3000) | 3);
	set_ram64(machine, tables + 0x3000 + 8 * (address >> 12 & 511), BATCH | 3);
	PUT(machine, BATCH, STORE_DWORD & ~(1u << 22), (uint32_t)address + 0x100, upper, 0x99,
	    BATCH_END);
	/* PDP0, upper half first, are the last two pairs of the second block. */
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * (0x21 + 2 * 9), tables);
	RING_FILL(machine, 0, BB_START | THROUGH_PPGTT, (uint32_t)address, upper);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, BATCH + 0x100), 0x99);
}

static void test_fault_stops_the_engine_until_reset(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, RAM_SIZE + 0x5000, 0, 1, STORE_DWORD, SCRATCH, 0, 1);
	elsp(machine, RCS, context, 0);
	while (!(mmio_read32(machine, 0x4094) & 1))
		;
	assert_int_equal(mmio_read32(machine, 0x4b10), (RAM_SIZE + 0x5000) >> 12);
	assert_int_equal(ram32(machine, SCRATCH), 0);
	mmio_write32(machine, 0x941c, 1u << 1);
	assert_int_equal(mmio_read32(machine, 0x941c), 0);
	assert_int_equal(mmio_read32(machine, RCS + 0x3a0) & 7, 5);

	context = context_make(machine, 1);
	RING_FILL(machine, 1, STORE_DWORD, SCRATCH, 0, 5);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 5);
}

static void test_reset_ends_a_batch_that_spins(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	PUT(machine, BATCH, STORE_DWORD, SCRATCH, 0, 1, BB_START, BATCH, 0);
	RING_FILL(machine, 0, BB_START, BATCH, 0);
	elsp(machine, VCS0, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	assert_int_equal(mmio_read32(machine, VCS0 + 0x9c) & 1u << 9, 0);
	mmio_write32(machine, 0x941c, 1u << 2);
	assert_int_equal(mmio_read32(machine, VCS0 + 0x9c) & 1u << 9, 1u << 9);
}

/* Each engine is stuck in a way of its own; one reset of all makes them ready for work again. */
static void test_full_reset_of_engines_that_are_stuck(void **state)
{
	struct machine *machine = *state;

	PUT(machine, BATCH, BB_START, BATCH, 0);
	for (unsigned int i = 0; i < 4; i++) {
		static const uint32_t stuck[4][4] = {
			{ BB_START, BATCH }, /* spins */
			{ WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0 }, /* waits */
			{ STORE_DWORD, RAM_SIZE, 0, 1 }, /* faults */
			{ 0x19u << 23 }, /* has no such command */
		};
		uint32_t ring[8] = { STORE_DWORD, SCRATCH + 16 + 4 * i, 0, 1 };
		uint64_t context = context_make(machine, i);

		for (unsigned int n = 0; n < 4; n++)
			ring[4 + n] = stuck[i][n];
		ring_fill(machine, i, ring, 8);
		elsp(machine, engines[i], context, 0);
		wait_ram32(machine, SCRATCH + 16 + 4 * i, 1);
	}
	mmio_write32(machine, 0x941c, 1);
	assert_int_equal(mmio_read32(machine, 0x941c), 0);
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t context = context_make(machine, i);

		assert_int_equal(mmio_read32(machine, engines[i] + 0x9c) & 1u << 9, 1u << 9);
		assert_int_equal(mmio_read32(machine, engines[i] + 0x234) & 1u << 18, 0);
		RING_FILL(machine, i, STORE_DWORD, SCRATCH + 16 + 4 * i, 0, 2);
		elsp(machine, engines[i], context, 0);
		wait_ram32(machine, SCRATCH + 16 + 4 * i, 2);
	}
}

static void test_spinning_batch_sees_what_the_cpu_writes(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	PUT(machine, BATCH, STORE_DWORD, SCRATCH, 0, 1, BB_START, BATCH, 0);
	RING_FILL(machine, 0, BB_START, BATCH, 0);
	elsp(machine, BCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	set_ram32(machine, BATCH, BATCH_END);
	wait_reports(machine, BCS, 2);
	assert_int_equal(csb_status(machine, 1), COMPLETE_IDLE);
}

static void test_bad_commands_stop_the_engine(void **state)
{
	static const uint32_t bad[] = {
		0x19u << 23, /* no such opcode */
		1u << 29, /* no such client */
		BATCH_END, /* in the ring */
		0x20u << 23 | 1u << 22, /* a store of nothing */
		0x50u << 22 | 2u << 29, /* a blit on the render engine */
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct machine *machine = machine_new();

		uint64_t context = context_make(machine, 0);

		RING_FILL(machine, 0, bad[i], NOOP);
		elsp(machine, RCS, context, 0);
		while (!(mmio_read32(machine, RCS + 0xb0) & 1))
			;
		machine_free(machine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_engine_runs_a_context),
		cmocka_unit_test_setup_teardown(test_two_elements_run_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_preemption_between_elements, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lite_restore_takes_the_new_tail, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_preemption_in_a_semaphore_wait, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_preemption_while_arbitration_is_off, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_save_leaves_the_tail_alone, setup, teardown),
		cmocka_unit_test(test_restore_inhibit),
		cmocka_unit_test_setup_teardown(test_registers_and_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_post_sync, setup, teardown),
		cmocka_unit_test_setup_teardown(test_batches_chain_and_nest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indirect_context_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_batch_through_ppgtt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fault_stops_the_engine_until_reset, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_reset_ends_a_batch_that_spins, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_full_reset_of_engines_that_are_stuck, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_spinning_batch_sees_what_the_cpu_writes, setup,
						teardown),
		cmocka_unit_test(test_bad_commands_stop_the_engine),
	};

	return cmocka_run_group_tests_name("gpusim: execution", tests, NULL, NULL);
}
