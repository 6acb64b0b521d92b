// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: blits that can't be drawn, and the largest ones: faults, errors, resets. */
#include <string.h>

#include "blit-fixture.h"

#define NOWHERE 0x40000000u /* no page is there */
#define FAULT	0x4094u

static void fault(struct machine *machine, uint32_t page, const uint32_t *dwords, size_t count)
{
	start(machine, dwords, count);
	wait_mmio32(machine, FAULT, 1, 1);
	assert_int_equal(mmio_read32(machine, 0x4b10), page);
	mmio_write32(machine, FAULT, 0);
	mmio_write32(machine, 0x941c, 1u << 3);
}

#define FAULTS(machine, page, ...)                              \
	fault(machine, page, (const uint32_t[]){ __VA_ARGS__ }, \
	      sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void test_every_operand_faults(void **state)
{
	struct machine *machine = *state;

	FAULTS(machine, NOWHERE >> 12, COLOR(RGB), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1),
	       NOWHERE, 0, 1);
	FAULTS(machine, NOWHERE >> 12, COPY(RGB), DEPTH_32 | ROP(0xcc) | 64, AT(0, 0), AT(1, 1),
	       DESTINATION, 0, AT(0, 0), 64, NOWHERE, 0);
	FAULTS(machine, NOWHERE >> 12, BLT(0x51) | 6, DEPTH_8 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1),
	       DESTINATION, 0, NOWHERE, 0);
	FAULTS(machine, NOWHERE >> 12, BLT(0x54) | 8, DEPTH_8 | ROP(0xcc) | 64, AT(0, 0), AT(1, 1),
	       DESTINATION, 0, NOWHERE, 0, 0, 1);
	FAULTS(machine, NOWHERE >> 12, FAST(0, 2), 3u << 24 | 32, AT(0, 0), AT(1, 1), NOWHERE, 0,
	       AT(0, 0), 64, SOURCE, 0);
}

/* What comes before the page that is missing is drawn. */
static void test_fault_in_the_middle(void **state)
{
	struct machine *machine = *state;
	uint32_t last = RAM_SIZE - 8;

	set_ram32(machine, last, 0);
	FAULTS(machine, RAM_SIZE >> 12, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0),
	       AT(4, 1), last, 0, 0x12345678);
	assert_int_equal(ram32(machine, last), 0x12345678);
	assert_int_equal(ram32(machine, last + 4), 0x12345678);
}

/* Operations that look at neither source nor pattern need none. */
static void test_operands_that_are_not_looked_at(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, DESTINATION, 0x01020304);
	RUN(machine, COPY(RGB | ALPHA), DEPTH_32 | ROP(0x55) | 64, AT(0, 0), AT(1, 1), DESTINATION,
	    0, AT(0, 0), 64, NOWHERE, 0);
	assert_int_equal(ram32(machine, DESTINATION), ~0x01020304u);
}

static void test_surfaces_that_are_none(void **state)
{
	struct machine *machine = *state;

	/* A pitch below a tile's width, or between two widths; a base inside a tile. */
	REFUSE(machine, "whole tiles", COLOR(RGB | DST_TILED), DEPTH_32 | ROP(0xf0) | 1, AT(0, 0),
	       AT(1, 1), DESTINATION, 0, 1);
	REFUSE(machine, "whole tiles", COLOR(RGB | DST_TILED), DEPTH_32 | ROP(0xf0) | 0, AT(0, 0),
	       AT(1, 1), DESTINATION, 0, 1);
	REFUSE(machine, "whole tiles", COLOR(RGB | DST_TILED), DEPTH_32 | ROP(0xf0) | 192, AT(0, 0),
	       AT(1, 1), DESTINATION, 0, 1);
	REFUSE(machine, "whole tiles", COLOR(RGB | DST_TILED), DEPTH_32 | ROP(0xf0) | 128, AT(0, 0),
	       AT(1, 1), DESTINATION + 64, 0, 1);
	REFUSE(machine, "whole tiles", COPY(RGB | SRC_TILED), DEPTH_32 | ROP(0xcc) | 64, AT(0, 0),
	       AT(1, 1), DESTINATION, 0, AT(0, 0), 100, SOURCE, 0);
	/* Tiles of 64 KiB begin at such addresses. */
	REFUSE(machine, "whole tiles", FAST(0, 3), 3u << 24 | 128, AT(0, 0), AT(1, 1),
	       DESTINATION + 0x1000, 0, AT(0, 0), 64, SOURCE, 0);
	REFUSE(machine, "outside", COLOR(RGB | DST_TILED), DEPTH_32 | ROP(0xf0) | 128, AT(-1, 0),
	       AT(1, 1), DESTINATION, 0, 1);
	REFUSE(machine, "outside", COPY(RGB | SRC_TILED), DEPTH_32 | ROP(0xcc) | 64, AT(0, 0),
	       AT(1, 1), DESTINATION, 0, AT(0, -1), 128, SOURCE, 0);
}

static void test_commands_that_are_none(void **state)
{
	static const uint8_t none[] = {
		0x00, 0x02, 0x10, 0x30, 0x41, 0x44, 0x48, 0x5a, 0x70, 0x7f
	};
	static const uint32_t depths[] = { 2, 6, 7 };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(none); i++)
		REFUSE(machine, "no such blit", BLT(none[i]) | 8, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	REFUSE(machine, "too few dwords", COLOR(RGB) - 1, DEPTH_8, AT(0, 0), AT(1, 1), 0, 0);
	for (unsigned int i = 0; i < 3; i++)
		REFUSE(machine, "depth", FAST(0, 0), depths[i] << 24 | 64, AT(0, 0), AT(1, 1),
		       DESTINATION, 0, AT(0, 0), 64, SOURCE, 0);
}

static void test_fast_copy_came_with_gen9(void **state)
{
	struct machine *machine = machine_new_device("bdw-gt2");

	REFUSE(machine, "no such blit", FAST(0, 0), 3u << 24 | 64, AT(0, 0), AT(1, 1), DESTINATION,
	       0, AT(0, 0), 64, SOURCE, 0);
	machine_free(machine);
}

static void test_immediate_data_that_ends_too_early(void **state)
{
	struct machine *machine = *state;

	/* Two rows of a word need one dword; of three there is none. */
	REFUSE(machine, "immediate", BLT(0x71) | 7, DEPTH_8 | ROP(0xcc) | 64, AT(0, 0), AT(16, 3),
	       DESTINATION, 0, 0, 1, 0xffffffff);
	REFUSE(machine, "immediate", BLT(0x71) | 7, DEPTH_8 | ROP(0xcc) | 64, AT(0, 0),
	       AT(32767, 32767), DESTINATION, 0, 0, 1, 0xffffffff);
	REFUSE(machine, "immediate", BLT(0x72) | 19, DEPTH_8 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1),
	       DESTINATION, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	REFUSE(machine, "immediate", BLT(0x31) | 2, AT(0, 0), AT(33, 1), 0xffffffff);
}

/*
 * The largest blits there are must not hold up a reset. Their rows are a byte apart, so that no end
 * of memory ends them; the last byte belongs to the last row alone.
 */
static void check_reset(struct machine *machine, uint32_t last, const uint32_t *dwords,
			size_t count)
{
	memset(machine->ram + DESTINATION, 0, AREA);
	start(machine, dwords, count);
	/* It has begun. */
	wait_ram32(machine, DESTINATION, 0xffffffff);
	mmio_write32(machine, 0x941c, 1u << 3);
	assert_int_equal(mmio_read32(machine, BCS + 0x9c) & 1u << 9, 1u << 9);
	assert_int_equal(machine->ram[last], 0);
	RUN(machine, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1), DESTINATION,
	    0, 0x77777777);
	assert_int_equal(ram32(machine, DESTINATION), 0x77777777);
}

#define CHECK_RESET(machine, last, ...)                               \
	check_reset(machine, last, (const uint32_t[]){ __VA_ARGS__ }, \
		    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* Pattern or destination, so that both are worked on. */
#define LARGE_FILL                                                                     \
	COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xfa) | 1, AT(0, -32768), AT(32767, 32767), \
		DESTINATION, 0, 0xffffffff
#define LARGE_FILL_END (DESTINATION + 32766 + 4 * 32767 - 1)

static void test_reset_in_the_middle(void **state)
{
	struct machine *machine = *state;

	CHECK_RESET(machine, LARGE_FILL_END, LARGE_FILL);
	memset(machine->ram + SOURCE, 0xff, 16 * 32767);
	CHECK_RESET(machine, DESTINATION + 32766 + 16 * 32767 - 1, FAST(0, 0), 5u << 24 | 1,
		    AT(0, -32768), AT(32767, 32767), DESTINATION, 0, AT(0, 0), 0, SOURCE, 0);
}

/* Nor may they hold up the end of the GPU. */
static void test_end_in_the_middle(void **state)
{
	static const uint32_t fill[] = { LARGE_FILL };
	struct machine *machine = *state;

	start(machine, fill, sizeof(fill) / 4);
	wait_ram32(machine, DESTINATION, 0xffffffff);
	gpu_free(machine->gpu);
	machine->gpu = NULL;
	assert_int_equal(machine->ram[LARGE_FILL_END], 0);
}

/* When gpu_memory_remove() returns, nothing is written there any more: the blit faults. */
static void test_memory_removed_in_the_middle(void **state)
{
	static const uint32_t fill[] = { LARGE_FILL };
	struct machine *machine = *state;
	uint8_t *expected;

	start(machine, fill, sizeof(fill) / 4);
	wait_ram32(machine, DESTINATION, 0xffffffff);
	assert_int_equal(gpu_memory_remove(machine->gpu, 0, RAM_SIZE), 0);
	fill_with_noise(machine, DESTINATION, AREA, 1);
	expected = snapshot(machine, DESTINATION, AREA);
	wait_mmio32(machine, FAULT, 1, 1);
	assert_destination(machine, expected, AREA);
	assert_int_equal(gpu_memory_add(machine->gpu, 0, RAM_SIZE, machine->ram, true), 0);
}

/* Any bytes at all: the engine draws, faults or refuses, and a reset mends it. */
static void test_noise(void **state)
{
	static const uint8_t opcodes[] = { 0x01, 0x03, 0x11, 0x24, 0x25, 0x26, 0x31, 0x40, 0x42,
					   0x43, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57,
					   0x58, 0x59, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77 };
	struct machine *machine = *state;
	uint32_t seed = 42, dwords[4 + 4 * 22] = { 0x10000002, SCRATCH, 0 };

	for (uint32_t round = 1; round < 1000; round++) {
		dwords[3] = round;
		for (unsigned int i = 0; i < 4; i++) {
			uint32_t *dw = &dwords[4 + 22 * i];

			for (unsigned int k = 0; k < 22; k++)
				dw[k] = noise(&seed, 0);
			dw[0] = (dw[0] & 0x003fff00) | 20 |
				BLT(opcodes[noise(&seed, sizeof(opcodes))]);
			/* Addresses that may be memory, and coordinates that may be small. */
			for (unsigned int k = 2; k < 10; k++)
				if (noise(&seed, 4))
					dw[k] = noise(&seed, 2) ?
							noise(&seed, 8) << 12 | DESTINATION :
							AT(noise(&seed, 99), k);
		}
		start(machine, dwords, sizeof(dwords) / 4);
		/* MI_STORE_DATA_IMM: it has come to the blits. */
		wait_ram32(machine, SCRATCH, round);
		mmio_write32(machine, 0x941c, 1u << 3);
	}
	set_ram32(machine, DESTINATION, 0);
	RUN(machine, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1), DESTINATION,
	    0, 0x77777777);
	assert_int_equal(ram32(machine, DESTINATION), 0x77777777);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_operand_faults, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_fault_in_the_middle, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_operands_that_are_not_looked_at, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_surfaces_that_are_none, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_commands_that_are_none, blit_setup,
						blit_teardown),
		cmocka_unit_test(test_fast_copy_came_with_gen9),
		cmocka_unit_test_setup_teardown(test_immediate_data_that_ends_too_early, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_reset_in_the_middle, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_end_in_the_middle, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_memory_removed_in_the_middle, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_noise, blit_setup, blit_teardown),
	};

	return cmocka_run_group_tests_name("gpusim: hostile blits", tests, NULL, NULL);
}
