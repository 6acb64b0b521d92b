// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: translations that an engine remembers. A context writes its mark to a page, waits, may
 * invalidate, and writes once more; meanwhile the page's entry was changed.
 */
#include "gpu-fixture.h"

#define STORE		 (0x20u << 23 | 2)
#define GLOBAL		 (1u << 22)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | GLOBAL | 1u << 15 | 4u << 12 | 2)
#define BB_START_PPGTT	 (0x31u << 23 | 1u << 8 | 1)
#define BATCH_END	 (0x0au << 23)
#define PIPE_CONTROL	 0x7a000004u
#define FLUSH_DW	 (0x26u << 23 | 3)
#define TLB_INVALIDATE	 (1u << 18)
#define UPDATE_GTT	 (0x23u << 23 | GLOBAL | 2)

#define FIRST	0x50000u /* the page that is there at first, */
#define SECOND	0x51000u /* and the one after the change */
#define AWAY	0x52000u /* a graphics page that leads to neither */
#define DONE	SCRATCH
#define GO	(SCRATCH + 8)
#define TABLE	0x210000u
#define PPGTT_A 0x0ee00000u /* its directory's entry, 119, is not one of context_map() */

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

struct run {
	uint32_t engine;
	bool global; /* which address space is changed */
	uint32_t between[6]; /* commands between the writes */
	uint32_t reg, value; /* or a register that the CPU writes */
	bool memory; /* or the machine's memory changes */
};

static void set_entry(struct machine *machine, const struct run *run, uint32_t page)
{
	if (run->global)
		map_page(machine, AWAY, page);
	else
		set_ram64(machine, TABLE, page | 3);
}

static void prepare_tables(struct machine *machine)
{
	context_map(machine, 0);
	set_ram64(machine, PPGTT_TABLES(0) + 2 * PAGE + 8 * (PPGTT_A >> 21), TABLE | 3);
}

/* Does the second write, too, go to the page that was there at first? */
static bool is_stale(struct machine *machine, const struct run *run)
{
	static uint8_t more[PAGE] __attribute__((aligned(PAGE)));
	uint64_t context = context_make(machine, 0);
	uint32_t address = run->global ? AWAY : PPGTT_A, bits = run->global ? GLOBAL : 0;
	uint64_t at = BATCH;

	for (uint32_t i = 0; i < 16; i += 4) {
		set_ram32(machine, FIRST + i, 0);
		set_ram32(machine, SECOND + i, 0);
		set_ram32(machine, SCRATCH + i, 0);
	}
	prepare_tables(machine);
	set_entry(machine, run, FIRST);
	mmio_write32(machine, 0x101008, 1);
	/* From the ring, which may use the GGTT, too. */
	at = PUT(machine, RING(0), STORE | bits, address, 0, 1, STORE | GLOBAL, DONE, 0, 1,
		 WAIT_UNTIL_EQUAL, 1, GO, 0);
	at = put(machine, at, run->between, 6);
	PUT(machine, at, STORE | bits, address + 4, 0, 2);
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * 7, (uint32_t)(at - RING(0)) + 16);
	mmio_write32(machine, run->engine + 0x3a0, 0xffff0505);
	elsp(machine, run->engine, context, 0);
	wait_ram32(machine, DONE, 1);
	set_entry(machine, run, SECOND);
	if (run->reg)
		mmio_write32(machine, run->reg, run->value);
	if (run->memory) {
		assert_int_equal(gpu_memory_add(machine->gpu, RAM_SIZE, PAGE, more, true), 0);
		assert_int_equal(gpu_memory_remove(machine->gpu, RAM_SIZE, PAGE), 0);
	}
	set_ram32(machine, GO, 1);
	wait_reports(machine, run->engine, 2);
	assert_int_equal(ram32(machine, FIRST), 1);
	assert_int_equal(ram32(machine, FIRST + 4) + ram32(machine, SECOND + 4), 2);
	return ram32(machine, FIRST + 4) == 2;
}

static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };
/* The engine's own register for it. */
static const uint32_t controls[] = { 0x4260, 0x426c, 0x4264, 0x4270 };

static void test_a_translation_stays(void **state)
{
	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int global = 0; global < 2; global++)
			assert_true(is_stale(
				*state, &(struct run){ .engine = engines[i], .global = global }));
}

static void test_commands_invalidate(void **state)
{
	for (unsigned int global = 0; global < 2; global++) {
		const struct run pipe = { RCS, global, { PIPE_CONTROL, TLB_INVALIDATE }, 0, 0, 0 };
		const struct run plain = { RCS, global, { PIPE_CONTROL, 1u << 20 }, 0, 0, 0 };

		assert_false(is_stale(*state, &pipe));
		assert_true(is_stale(*state, &plain));
		for (unsigned int i = 1; i < 4; i++) {
			const struct run flush = {
				engines[i], global, { FLUSH_DW | TLB_INVALIDATE }, 0, 0, 0
			};
			const struct run only_flush = { engines[i], global, { FLUSH_DW }, 0, 0, 0 };

			assert_false(is_stale(*state, &flush));
			assert_true(is_stale(*state, &only_flush));
		}
	}
}

/* Each engine has a register of its own; that of the others does not help. */
static void test_registers_invalidate(void **state)
{
	for (unsigned int i = 0; i < 4; i++) {
		const struct run own = { .engine = engines[i], .reg = controls[i], .value = 1 };
		const struct run other = { .engine = engines[i],
					   .reg = controls[(i + 1) % 4],
					   .value = 1 };

		assert_false(is_stale(*state, &own));
		assert_int_equal(mmio_read32(*state, controls[i]), 0);
		assert_true(is_stale(*state, &other));
	}
}

static void test_global_flush(void **state)
{
	for (unsigned int i = 0; i < 4; i++)
		assert_false(is_stale(*state, &(struct run){ .engine = engines[i],
							     .global = true,
							     .reg = 0x101008,
							     .value = 1 }));
}

static void test_update_gtt(void **state)
{
	const struct run run = { RCS, true, { UPDATE_GTT, AWAY, SECOND | 1, 0 }, 0, 0, 0 };

	assert_false(is_stale(*state, &run));
}

static void test_change_of_memory(void **state)
{
	assert_false(is_stale(*state, &(struct run){ .engine = RCS, .memory = true }));
}

/* A page that was not there needs no invalidation: the reset that the fault wanted is one. */
static void test_absent_entries_are_not_remembered(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	prepare_tables(machine);
	set_ram64(machine, TABLE, 0);
	RING_FILL(machine, 0, STORE, PPGTT_A, 0, 1);
	elsp(machine, RCS, context, 0);
	wait_mmio32(machine, 0x4094, 1, 1);
	mmio_write32(machine, 0x941c, 1u << 1);
	set_ram64(machine, TABLE, FIRST | 3);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, FIRST, 1);
}

/* Two contexts have two address spaces, whatever is at the same place in them. */
static void test_switch_to_another_address_space(void **state)
{
	struct machine *machine = *state;
	uint64_t first = context_make(machine, 0), second = context_make(machine, 1);

	prepare_tables(machine);
	set_ram64(machine, TABLE, FIRST | 3);
	context_map(machine, 1);
	set_ram64(machine, PPGTT_TABLES(1) + 2 * PAGE + 8 * (PPGTT_A >> 21), (TABLE + PAGE) | 3);
	set_ram64(machine, TABLE + PAGE, SECOND | 3);
	RING_FILL(machine, 0, STORE, PPGTT_A, 0, 1);
	RING_FILL(machine, 1, STORE, PPGTT_A, 0, 2);
	elsp(machine, RCS, first, second);
	wait_reports(machine, RCS, 3);
	assert_int_equal(ram32(machine, FIRST), 1);
	assert_int_equal(ram32(machine, SECOND), 2);
}

#define TLB_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TLB_TEST(test_a_translation_stays),
		TLB_TEST(test_commands_invalidate),
		TLB_TEST(test_registers_invalidate),
		TLB_TEST(test_global_flush),
		TLB_TEST(test_update_gtt),
		TLB_TEST(test_change_of_memory),
		TLB_TEST(test_absent_entries_are_not_remembered),
		TLB_TEST(test_switch_to_another_address_space),
	};

	return cmocka_run_group_tests_name("gpusim: TLBs", tests, NULL, NULL);
}
