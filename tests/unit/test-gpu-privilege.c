// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: what a batch in a PPGTT may do, and what becomes a NOOP there. */
#include "gpu-fixture.h"

#define LRI	       (0x22u << 23 | 1)
#define LRM	       (0x29u << 23 | 2)
#define LRR	       (0x2au << 23 | 1)
#define SRM	       (0x24u << 23 | 2)
#define STORE_DWORD    (0x20u << 23 | 2)
#define STORE_INDEX    (0x21u << 23 | 1)
#define BB_START       (0x31u << 23 | 1)
#define BB_START_PPGTT (0x31u << 23 | 1u << 8 | 1)
#define SECOND_LEVEL   (1u << 22)
#define BATCH_END      (0x0au << 23)
#define GLOBAL	       (1u << 22)

/* A page that the GGTT and the PPGTT show at different places. */
#define GLOBAL_ONLY 0x40000000u

static int setup(void **state)
{
	struct machine *machine = machine_new();

	map_page(machine, GLOBAL_ONLY, SCRATCH + PAGE);
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

static void run(struct machine *machine, uint32_t engine, const uint32_t *dwords, size_t count,
		bool privileged)
{
	uint64_t context = context_make(machine, 0);

	context_map(machine, 0);
	set_ram32(machine, put(machine, BATCH, dwords, count), BATCH_END);
	RING_FILL(machine, 0, privileged ? BB_START : BB_START_PPGTT, BATCH, 0);
	mmio_write32(machine, engine + 0x3a0, 0xffff0505);
	elsp(machine, engine, context, 0);
	wait_reports(machine, engine, 2);
}

#define RUN(machine, engine, privileged, ...)                   \
	run(machine, engine, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4, privileged)

static const struct {
	uint32_t engine, offset;
	bool open;
} registers[] = {
	{ RCS, 0x2600, true }, /* CS_GPR */
	{ RCS, 0x267c, true },	  { RCS, 0x2400, true }, /* MI_PREDICATE_SRC0 */
	{ RCS, 0x2418, true }, /* MI_PREDICATE_RESULT */
	{ RCS, 0x2310, true }, /* IA_VERTICES_COUNT */
	{ RCS, 0x2430, true }, /* 3DPRIM_START_VERTEX */
	{ RCS, 0x2500, true }, /* GPGPU_DISPATCHDIMX */
	{ RCS, 0x5200, true }, /* SO_NUM_PRIMS_WRITTEN0 */
	{ RCS, 0x5280, true }, /* SO_WRITE_OFFSET0 */
	{ RCS, 0x7034, true }, /* L3CNTLREG */
	{ RCS, 0x2084, false },	  { RCS, 0x2580, false }, /* CS_CHICKEN1, unless the driver opens it
							   */
	{ RCS, 0x7014, false }, /* COMMON_SLICE_CHICKEN2 */
	{ RCS, 0xe184, false }, /* HALF_SLICE_CHICKEN3 */
	{ RCS, 0x2080, false }, /* HWS_PGA */
	{ RCS, 0x24d0, false }, /* FORCE_TO_NONPRIV itself */
	{ RCS, 0x22600, false }, /* another engine's */
	{ RCS, 0x100000, false }, /* a fence */
	{ BCS, 0x22600, true },	  { BCS, 0x22200, true }, /* BCS_SWCTRL */
	{ BCS, 0x22080, false },  { BCS, 0x5280, false },   { VCS0, 0x12608, true },
	{ VECS, 0x1a610, true },  { VECS, 0x22200, false },
};

static void test_registers(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
		uint32_t offset = registers[i].offset, before = mmio_read32(machine, offset);

		/* Of a masked register, the upper bit lets the lower one in. */
		RUN(machine, registers[i].engine, false, LRI, offset, before ^ 0x00100010);
		if ((mmio_read32(machine, offset) != before) != registers[i].open)
			fail_msg("register %x is %sopen to a batch of engine %x", offset,
				 registers[i].open ? "not " : "", registers[i].engine);
	}
}

/* What keeps an immediate from a register keeps memory and other registers from it, too. */
static void test_all_ways_to_a_register(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, SCRATCH, 0x1234);
	mmio_write32(machine, 0x2600, 0x5678);
	RUN(machine, RCS, false, LRM, 0x7040, SCRATCH, 0, LRR, 0x2600, 0x7044, 0x7a000004, 1u << 23,
	    0x7048, 0, 0x9abc, 0);
	assert_int_equal(mmio_read32(machine, 0x7040), 0);
	assert_int_equal(mmio_read32(machine, 0x7044), 0);
	assert_int_equal(mmio_read32(machine, 0x7048), 0);
	RUN(machine, RCS, true, LRM | GLOBAL, 0x7040, SCRATCH, 0, LRR, 0x2600, 0x7044, 0x7a000004,
	    1u << 23, 0x7048, 0, 0x9abc, 0);
	assert_int_equal(mmio_read32(machine, 0x7040), 0x1234);
	assert_int_equal(mmio_read32(machine, 0x7044), 0x5678);
	assert_int_equal(mmio_read32(machine, 0x7048), 0x9abc);
}

/* Reads are free: the driver's workarounds can be looked at. */
static void test_reads_are_free(void **state)
{
	struct machine *machine = *state;

	mmio_write32(machine, 0x7040, 0x4321);
	RUN(machine, RCS, false, SRM, 0x7040, SCRATCH, 0, LRR, 0x7040, 0x2600);
	assert_int_equal(ram32(machine, SCRATCH), 0x4321);
	assert_int_equal(mmio_read32(machine, 0x2600), 0x4321);
}

static void test_force_to_nonpriv(void **state)
{
	struct machine *machine = *state;

	for (unsigned int slot = 0; slot < 12; slot++)
		mmio_write32(machine, RCS + 0x4d0 + 4 * slot, RCS + 0x94);
	RUN(machine, RCS, false, LRI, 0x2580, 0x10001, LRI, 0x7304, 0x20002);
	assert_int_equal(mmio_read32(machine, 0x2580), 0);
	mmio_write32(machine, RCS + 0x4d0, 0x2580);
	mmio_write32(machine, RCS + 0x4d0 + 4 * 11, 0x7304);
	RUN(machine, RCS, false, LRI, 0x2580, 0x10001, LRI, 0x7304, 0x20002, LRI, 0x7308, 0x30003);
	assert_int_equal(mmio_read32(machine, 0x2580), 1);
	assert_int_equal(mmio_read32(machine, 0x7304), 2);
	assert_int_equal(mmio_read32(machine, 0x7308), 0);
}

/* Each of these writes 1 through the GGTT, or would. */
static const struct {
	unsigned int count;
	uint32_t dw[11];
} commands[] = {
	{ 4, { STORE_DWORD | GLOBAL, GLOBAL_ONLY, 0, 1 } },
	{ 4, { SRM | GLOBAL, 0x2600, GLOBAL_ONLY, 0 } },
	{ 5, { 0x2eu << 23 | 1u << 21 | 3, GLOBAL_ONLY, 0, SCRATCH, 0 } }, /* MI_COPY_MEM_MEM */
	{ 3, { 0x2fu << 23 | GLOBAL | 0x05u << 8 | 1, GLOBAL_ONLY, 0 } }, /* MI_ATOMIC */
	{ 5, { 0x26u << 23 | 1u << 14 | 3, GLOBAL_ONLY | 4, 0, 1, 0 } }, /* MI_FLUSH_DW */
	{ 6, { 0x7a000004, 1u << 24 | 1u << 14, GLOBAL_ONLY, 0, 1, 0 } }, /* PIPE_CONTROL */
	{ 4, { 0x28u << 23 | 2, GLOBAL_ONLY | 1, 0, 1 } }, /* MI_REPORT_PERF_COUNT */
	{ 5, { 0x23u << 23 | 3, GLOBAL_ONLY, 0, 0, 0 } }, /* MI_UPDATE_GTT: unmaps it */
};

static void test_commands(void **state)
{
	struct machine *machine = *state;
	unsigned int count = sizeof(commands) / sizeof(commands[0]);

	for (unsigned int privileged = 0; privileged < 2; privileged++) {
		for (unsigned int i = 0; i < count - 1; i++) {
			set_ram32(machine, SCRATCH, 1);
			set_ram32(machine, SCRATCH + PAGE, 0);
			mmio_write32(machine, 0x2600, 1);
			/* The copy's source is a PPGTT address, which a privileged batch has, too.
			 */
			run(machine, RCS, commands[i].dw, commands[i].count, privileged);
			if (ram32(machine, SCRATCH + PAGE) != privileged)
				fail_msg("command %08x with%s the privilege", commands[i].dw[0],
					 privileged ? "" : "out");
		}
	}
	run(machine, RCS, commands[count - 1].dw, commands[count - 1].count, false);
	RUN(machine, RCS, true, STORE_DWORD | GLOBAL, GLOBAL_ONLY, 0, 0x99);
	assert_int_equal(ram32(machine, SCRATCH + PAGE), 0x99);
}

static void test_status_page_is_privileged(void **state)
{
	struct machine *machine = *state;

	RUN(machine, RCS, false, STORE_INDEX, 0x300, 5, 0x7a000004, 1u << 21 | 1u << 14, 0x308, 0,
	    5, 0);
	assert_int_equal(ram32(machine, HWSP + 0x300), 0);
	assert_int_equal(ram32(machine, CONTEXT(0) + 0x308), 0);
	RUN(machine, RCS, true, STORE_INDEX, 0x300, 5, 0x7a000004, 1u << 21 | 1u << 14, 0x308, 0, 5,
	    0);
	assert_int_equal(ram32(machine, HWSP + 0x300), 5);
	assert_int_equal(ram32(machine, CONTEXT(0) + 0x308), 5);
}

/* A batch hands on no rights that it has not: what it starts is fetched through its PPGTT. */
static void test_batches_inherit(void **state)
{
	struct machine *machine = *state;

	for (unsigned int second = 0; second < 2; second++) {
		set_ram32(machine, SCRATCH, 0);
		PUT(machine, BATCH2, LRI, 0x7040, 0x77, STORE_DWORD, SCRATCH, 0, 1, BATCH_END);
		RUN(machine, RCS, false, BB_START | (second ? SECOND_LEVEL : 0), BATCH2, 0);
		assert_int_equal(ram32(machine, SCRATCH), 1);
		assert_int_equal(mmio_read32(machine, 0x7040), 0);
	}
	/* And a privileged one may start one without. */
	RUN(machine, RCS, true, BB_START_PPGTT | SECOND_LEVEL, BATCH2, 0);
	assert_int_equal(mmio_read32(machine, 0x7040), 0);
}

/* Arbitration stays on, whatever a batch of a user says. */
static void test_arbitration_stays_on(void **state)
{
	struct machine *machine = *state;
	uint64_t spinner = context_make(machine, 0), other = context_make(machine, 1);

	context_map(machine, 0);
	PUT(machine, BATCH, 0x08u << 23, STORE_DWORD, SCRATCH, 0, 1, 0x05u << 23, BB_START_PPGTT,
	    BATCH, 0);
	RING_FILL(machine, 0, BB_START_PPGTT, BATCH, 0);
	RING_FILL(machine, 1, STORE_DWORD | GLOBAL, SCRATCH + 4, 0, 1);
	elsp(machine, RCS, spinner, 0);
	wait_ram32(machine, SCRATCH, 1);
	elsp(machine, RCS, other, 0);
	wait_ram32(machine, SCRATCH + 4, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_registers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_ways_to_a_register, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reads_are_free, setup, teardown),
		cmocka_unit_test_setup_teardown(test_force_to_nonpriv, setup, teardown),
		cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_status_page_is_privileged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_batches_inherit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arbitration_stays_on, setup, teardown),
	};

	return cmocka_run_group_tests_name("gpusim: privilege", tests, NULL, NULL);
}
