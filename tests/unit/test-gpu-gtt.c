// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: address translation of every kind, seen through batches that read and write. */
#include "gpu-fixture.h"

#define STORE_DWORD    (0x20u << 23 | 2)
#define ATOMIC_INC     (0x2fu << 23 | 1u << 16 | 5u << 8 | 1) /* returns what was there */
#define BATCH_END      (0x0au << 23)
#define BB_START_PPGTT (0x31u << 23 | 1u << 8 | 1)
#define TABLES	       0x200000u
#define PML4	       (TABLES)
#define PDP	       (TABLES + 0x1000u)
#define DIRECTORY      (TABLES + 0x2000u)
#define TABLE	       (TABLES + 0x3000u)
#define BATCH_VA       0x40000000u /* the batch, in a directory of its own index 1 */
#define DATA_VA	       0x00200000u
#define PRESENT	       1u
#define WRITABLE       2u
#define PAGE_2M	       (1u << 7)
#define TABLE_64K      (1u << 11)
#define FAULT	       0x4094u
#define FAULT_DATA     0x4b10u

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

/* Tables in which BATCH_VA is the batch and DATA_VA what `entry` of its directory says. */
static uint64_t make_tables(struct machine *machine, uint64_t data_entry, bool four_levels)
{
	uint64_t context = context_make(machine, 0);
	uint32_t batch_directory = TABLES + 0x4000, batch_table = TABLES + 0x5000;
	uint32_t values = CONTEXT(0) + PAGE + 4 * (0x21 + 1);

	set_ram64(machine, PML4, PDP | PRESENT | WRITABLE);
	set_ram64(machine, PDP, DIRECTORY | PRESENT | WRITABLE);
	set_ram64(machine, PDP + 8, batch_directory | PRESENT | WRITABLE);
	set_ram64(machine, DIRECTORY + 8 * (DATA_VA >> 21), data_entry);
	set_ram64(machine, batch_directory, batch_table | PRESENT | WRITABLE);
	set_ram64(machine, batch_table, BATCH | PRESENT | WRITABLE);
	if (four_levels) {
		set_ram32(machine, values + 4 * 17, PML4);
		return context;
	}
	/* The pairs go PDP3 upper, PDP3 lower … PDP0 lower. */
	set_ram32(machine, values + 4 * 17, DIRECTORY);
	set_ram32(machine, values + 4 * 13, batch_directory);
	return (context & ~(3ull << 3)) | 1ull << 3;
}

/* Run what is at BATCH; returns whether it came to its end. */
static bool run(struct machine *machine, uint64_t context)
{
	RING_FILL(machine, 0, BB_START_PPGTT, BATCH_VA, 0);
	elsp(machine, RCS, context, 0);
	while (!(mmio_read32(machine, FAULT) & 1))
		if ((mmio_read32(machine, RCS + 0x3a0) & 7) == 1)
			return true;
	return false;
}

static bool store(struct machine *machine, uint64_t context, uint32_t offset)
{
	PUT(machine, BATCH, STORE_DWORD, DATA_VA + offset, 0, 0x600d, BATCH_END);
	return run(machine, context);
}

static void test_4k(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE, true);

	set_ram64(machine, TABLE + 8 * 3, 0x7000 | PRESENT | WRITABLE);
	assert_true(store(machine, context, 0x3008));
	assert_int_equal(ram32(machine, 0x7008), 0x600d);
}

static void test_three_levels(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE, false);

	set_ram64(machine, TABLE + 8 * 3, 0x7000 | PRESENT | WRITABLE);
	assert_true(store(machine, context, 0x3008));
	assert_int_equal(ram32(machine, 0x7008), 0x600d);
}

static void test_64k(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE | TABLE_64K, true);

	set_ram64(machine, TABLE + 8 * 16, 0x40000 | PRESENT | WRITABLE);
	assert_true(store(machine, context, 0x1a004));
	assert_int_equal(ram32(machine, 0x4a004), 0x600d);
}

static void test_2m(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, 0x400000 | PRESENT | WRITABLE | PAGE_2M, true);

	assert_true(store(machine, context, 0x123450));
	assert_int_equal(ram32(machine, 0x523450), 0x600d);
}

static void test_read_only_page(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE, true);

	set_ram64(machine, TABLE, 0x7000 | PRESENT);
	set_ram32(machine, 0x7008, 0x5afe);
	assert_true(store(machine, context, 8));
	assert_int_equal(ram32(machine, 0x7008), 0x5afe);
	assert_int_equal(mmio_read32(machine, FAULT), 0);
}

/* What an atomic operation finds in a page that it can't change is still told. */
static void test_atomic_on_read_only_page(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE, true);

	set_ram64(machine, TABLE, 0x7000 | PRESENT);
	set_ram32(machine, 0x7008, 41);
	PUT(machine, BATCH, ATOMIC_INC, DATA_VA + 8, 0, BATCH_END);
	assert_true(run(machine, context));
	assert_int_equal(ram32(machine, 0x7008), 41);
	assert_int_equal(mmio_read32(machine, RCS + 0x600), 41);
}

static void test_missing_entries_of_each_level(void **state)
{
	static const uint32_t entries[] = { PML4, PDP, DIRECTORY + 8 * (DATA_VA >> 21), TABLE };

	for (unsigned int i = 0; i < 4; i++) {
		struct machine *machine = machine_new();
		uint64_t context = make_tables(machine, TABLE | PRESENT | WRITABLE, true);

		set_ram64(machine, TABLE, 0x7000 | PRESENT | WRITABLE);
		set_ram64(machine, entries[i], 0);
		assert_false(store(machine, context, 8));
		/* Fault type: 3 PML4E, 2 PDPE, 1 PDE, 0 PTE. */
		assert_int_equal(mmio_read32(machine, FAULT) >> 1 & 3, 3 - i);
		/* Without the PML4E not even the batch is found. */
		assert_int_equal(mmio_read32(machine, FAULT_DATA), (i ? DATA_VA : BATCH_VA) >> 12);
		machine_free(machine);
	}
}

/* Tables that point out of the machine's memory, or at themselves, end in a fault or nowhere. */
static void test_hostile_tables(void **state)
{
	struct machine *machine = *state;
	uint64_t context = make_tables(machine, 0x7ffffff000ull | PRESENT | WRITABLE, true);

	assert_false(store(machine, context, 8));
	machine_free(machine);

	machine = machine_new();
	*state = machine;
	context = make_tables(machine, DIRECTORY | PRESENT | WRITABLE, true);
	assert_true(store(machine, context, 8 + (DATA_VA >> 21) * PAGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_4k, setup, teardown),
		cmocka_unit_test_setup_teardown(test_three_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(test_64k, setup, teardown),
		cmocka_unit_test_setup_teardown(test_2m, setup, teardown),
		cmocka_unit_test_setup_teardown(test_read_only_page, setup, teardown),
		cmocka_unit_test_setup_teardown(test_atomic_on_read_only_page, setup, teardown),
		cmocka_unit_test(test_missing_entries_of_each_level),
		cmocka_unit_test_setup_teardown(test_hostile_tables, setup, teardown),
	};

	return cmocka_run_group_tests_name("gpusim: GTT", tests, NULL, NULL);
}
