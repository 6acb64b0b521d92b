// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: MI_ATOMIC, each operation in each size, with operands inline and in registers. */
#include <string.h>

#include "gpu-fixture.h"

#define GPR(n)	    (RCS + 0x600 + 8 * (n))
#define STORE_DWORD (0x20u << 23 | 1u << 22 | 2)
#define ATOMIC	    (0x2fu << 23 | 1u << 22)
#define INLINE	    (1u << 18 | 9)
#define REGISTERS   1u
#define RETURN	    (1u << 16)
#define STALL	    (1u << 17)
#define DWORD	    (0u << 19)
#define QWORD	    (1u << 19)
#define OCTWORD	    (2u << 19)
/* Bits 6:5 of an operation repeat the size, which the command's bits 20:19 say as well. */
#define OPERATION(size, number) (((size) >> 19 << 5 | (number)) << 8)

#define COMPARE_WRITE 0x0eu
#define PREDECREMENT  0x0fu

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

static uint64_t ram64(const struct machine *machine, uint64_t address)
{
	return (uint64_t)ram32(machine, address + 4) << 32 | ram32(machine, address);
}

static uint64_t gpr(struct machine *machine, unsigned int n)
{
	return (uint64_t)mmio_read32(machine, GPR(n) + 4) << 32 | mmio_read32(machine, GPR(n));
}

static void set_gpr(struct machine *machine, unsigned int n, uint64_t value)
{
	mmio_write32(machine, GPR(n), value);
	mmio_write32(machine, GPR(n) + 4, value >> 32);
}

struct atomic_case {
	uint32_t operation;
	uint64_t old, first, second, result;
};

static const struct atomic_case dword_cases[] = {
	{ 0x01, 0xf0f0, 0xff00, 0, 0xf000 }, /* and */
	{ 0x02, 0xf0f0, 0x0f00, 0, 0xfff0 }, /* or */
	{ 0x03, 0xffff, 0x0ff0, 0, 0xf00f }, /* xor */
	{ 0x04, 1, 2, 0, 2 }, /* move */
	{ 0x05, 0xffffffff, 0, 0, 0 }, /* increment */
	{ 0x06, 0, 0, 0, 0xffffffff }, /* decrement */
	{ 0x07, 0xfffffff0, 0x20, 0, 0x10 }, /* add */
	{ 0x08, 5, 7, 0, 0xfffffffe }, /* subtract */
	{ 0x09, 5, 7, 0, 2 }, /* subtract from the operand */
	{ 0x0a, 0xfffffffb, 3, 0, 3 }, /* signed maximum */
	{ 0x0b, 0xfffffffb, 3, 0, 0xfffffffb }, /* signed minimum */
	{ 0x0c, 0xfffffffb, 3, 0, 0xfffffffb }, /* unsigned maximum */
	{ 0x0d, 0xfffffffb, 3, 0, 3 }, /* unsigned minimum */
	{ COMPARE_WRITE, 5, 5, 9, 9 },
	{ COMPARE_WRITE, 5, 6, 9, 5 },
	{ PREDECREMENT, 5, 0, 0, 4 },
};

/* Each of them crosses the middle: the upper half takes part. */
static const struct atomic_case qword_cases[] = {
	{ 0x01, 0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00, 0, 0xf000f000f000f000 },
	{ 0x02, 0xf0f0f0f0f0f0f0f0, 0x0f00000000000f00, 0, 0xfff0f0f0f0f0fff0 },
	{ 0x03, 0xffffffffffffffff, 0x0ff000000000000f, 0, 0xf00ffffffffffff0 },
	{ 0x04, 1, 0x200000003, 0, 0x200000003 },
	{ 0x05, 0xffffffff, 0, 0, 0x100000000 },
	{ 0x06, 0x100000000, 0, 0, 0xffffffff },
	{ 0x07, 0xffffffff, 0x100000001, 0, 0x200000000 },
	{ 0x08, 0x100000000, 1, 0, 0xffffffff },
	{ 0x09, 1, 0x100000000, 0, 0xffffffff },
	{ 0x0a, 0x80000000ffffffff, 0x100000000, 0, 0x100000000 },
	{ 0x0b, 0x80000000ffffffff, 0x100000000, 0, 0x80000000ffffffff },
	{ 0x0c, 0x80000000ffffffff, 0x100000000, 0, 0x80000000ffffffff },
	{ 0x0d, 0x80000000ffffffff, 0x100000000, 0, 0x100000000 },
	{ COMPARE_WRITE, 0x500000006, 0x500000006, 0x700000008, 0x700000008 },
	{ COMPARE_WRITE, 0x500000006, 0x600000006, 0x700000008, 0x500000006 },
	{ PREDECREMENT, 0x100000000, 0, 0, 0xffffffff },
};

#define COUNT(cases) (sizeof(cases) / sizeof((cases)[0]))

/* What the command returns is what was there, but for the one that decrements before. */
static uint64_t expected_return(const struct atomic_case *what)
{
	return what->operation == PREDECREMENT ? what->result : what->old;
}

/* Operands inline come dword by dword in turn: the first's, the second's, the first's upper … */
static void check_inline(struct machine *machine, uint32_t size, const struct atomic_case *what)
{
	set_ram64(machine, SCRATCH, what->old);
	set_ram32(machine, SCRATCH + 8, 0xabcdef);
	set_gpr(machine, 0, 0x1122334455667788);
	RUN(machine, ATOMIC | size | OPERATION(size, what->operation) | INLINE | RETURN | STALL,
	    SCRATCH, 0, what->first, what->second, what->first >> 32, what->second >> 32, 0, 0, 0,
	    0, 0);
	assert_int_equal(ram64(machine, SCRATCH), what->result);
	assert_int_equal(ram32(machine, SCRATCH + 8), 0xabcdef);
	assert_int_equal(gpr(machine, 0), expected_return(what));
}

/* Operands in the first two registers, which stay what they are when nothing is to be returned. */
static void check_registers(struct machine *machine, uint32_t size, const struct atomic_case *what)
{
	set_ram64(machine, SCRATCH, what->old);
	set_gpr(machine, 0, what->first);
	set_gpr(machine, 1, what->second);
	RUN(machine, ATOMIC | size | OPERATION(size, what->operation) | REGISTERS, SCRATCH, 0, 0);
	assert_int_equal(ram64(machine, SCRATCH), what->result);
	assert_int_equal(gpr(machine, 0), what->first);
	assert_int_equal(gpr(machine, 1), what->second);
}

static void test_dwords(void **state)
{
	for (unsigned int i = 0; i < COUNT(dword_cases); i++) {
		check_inline(*state, DWORD, &dword_cases[i]);
		check_registers(*state, DWORD, &dword_cases[i]);
	}
}

static void test_qwords(void **state)
{
	for (unsigned int i = 0; i < COUNT(qword_cases); i++) {
		check_inline(*state, QWORD, &qword_cases[i]);
		check_registers(*state, QWORD, &qword_cases[i]);
	}
}

/* A dword's neighbour in the same qword is none of its business, nor are the registers' upper
 * halves. */
static void test_dword_beside_another(void **state)
{
	struct machine *machine = *state;

	set_ram64(machine, SCRATCH, 0x77777777ffffffff);
	set_gpr(machine, 0, 0x9999999900000001);
	RUN(machine, ATOMIC | OPERATION(DWORD, 0x07u) | REGISTERS | RETURN, SCRATCH, 0, 0);
	assert_int_equal(ram64(machine, SCRATCH), 0x7777777700000000);
	assert_int_equal(gpr(machine, 0), 0xffffffff);
	RUN(machine, ATOMIC | OPERATION(DWORD, 0x04u) | INLINE, SCRATCH + 4, 0, 5, 0, 0, 0, 0, 0, 0,
	    0);
	assert_int_equal(ram64(machine, SCRATCH), 0x500000000);
}

/* Numbers that are no operation leave memory as it is, and the engine goes on. */
static void test_no_operation(void **state)
{
	struct machine *machine = *state;

	for (uint32_t operation = 0x10; operation <= 0x20; operation++) {
		uint32_t number = operation & 0x1f;

		set_ram64(machine, SCRATCH, 0x1234567812345678);
		set_ram32(machine, SCRATCH + 8, 0);
		RUN(machine, ATOMIC | OPERATION(DWORD, number) | INLINE, SCRATCH, 0, 1, 2, 3, 4, 5,
		    6, 7, 8, STORE_DWORD, SCRATCH + 8, 0, 1, 0);
		assert_int_equal(ram64(machine, SCRATCH), 0x1234567812345678);
		assert_int_equal(ram32(machine, SCRATCH + 8), 1);
	}
}

/* Those of 16 bytes are not simulated, and gpusim says so rather than go on with a wrong result. */
static void test_octword_stops(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	set_ram64(machine, SCRATCH, 7);
	RING_FILL(machine, 0, ATOMIC | OCTWORD | OPERATION(OCTWORD, COMPARE_WRITE) | INLINE,
		  SCRATCH, 0, 7, 9, 0, 0, 0, 0, 0, 0, STORE_DWORD, SCRATCH + 8, 0, 1);
	elsp(machine, RCS, context, 0);
	wait_mmio32(machine, RCS + 0xb0, 1, 1);
	assert_int_equal(ram32(machine, SCRATCH), 7);
	assert_int_equal(ram32(machine, SCRATCH + 8), 0);
	assert_non_null(strstr(machine->last_log, "16 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_dwords, setup, teardown),
		cmocka_unit_test_setup_teardown(test_qwords, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dword_beside_another, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_operation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_octword_stops, setup, teardown),
	};

	return cmocka_run_group_tests_name("gpusim: atomics", tests, NULL, NULL);
}
