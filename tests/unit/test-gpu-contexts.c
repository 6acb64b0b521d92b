// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: what a context keeps, and how its image tells it. */
#include "gpu-fixture.h"

#define NOOP		 0u
#define LRI(n)		 (0x22u << 23 | (2 * (n)-1))
#define SRM		 (0x24u << 23 | 1u << 22 | 2)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define BATCH_END	 (0x0au << 23)

#define IMAGE(n, dword) (CONTEXT(n) + PAGE + 4 * (dword))

/* Registers that a context of the render engine has for itself. */
static const struct kept {
	uint32_t offset;
	bool masked;
} kept[] = {
	{ 0x2600, false }, /* CS_GPR 0, lower half */
	{ 0x267c, false }, /* CS_GPR 15, upper half */
	{ 0x2400, false }, /* MI_PREDICATE_SRC0 */
	{ 0x2418, false }, /* MI_PREDICATE_RESULT */
	{ 0x23bc, false }, /* MI_PREDICATE_RESULT_2 */
	{ 0x241c, false }, /* MI_PREDICATE_RESULT_1 */
	{ 0x2310, false }, /* IA_VERTICES_COUNT */
	{ 0x2354, false }, /* PS_DEPTH_COUNT, upper half */
	{ 0x2290, false }, /* CS_INVOCATION_COUNT */
	{ 0x2420, false }, /* 3DPRIM_END_OFFSET */
	{ 0x2440, false }, /* 3DPRIM_BASE_VERTEX */
	{ 0x2508, false }, /* GPGPU_DISPATCHDIMZ */
	{ 0x5200, false }, /* SO_NUM_PRIMS_WRITTEN0 */
	{ 0x525c, false }, /* SO_PRIM_STORAGE_NEEDED3, upper half */
	{ 0x528c, false }, /* SO_WRITE_OFFSET3 */
	{ 0x7034, false }, /* L3CNTLREG */
	{ 0x20c0, true }, /* INSTPM */
	{ 0x2580, true }, /* CS_CHICKEN1 */
	{ 0x7000, true }, /* CACHE_MODE_0 */
	{ 0x7004, true }, /* CACHE_MODE_1 */
	{ 0x7008, true }, /* GT_MODE */
	{ 0x7014, true }, /* COMMON_SLICE_CHICKEN2 */
	{ 0x7018, true }, /* HIZ_CHICKEN */
	{ 0x7300, true }, /* HDC_CHICKEN0 */
	{ 0x7304, true }, /* HDC_CHICKEN1 */
	{ 0xe100, true }, /* HALF_SLICE_CHICKEN1 */
	{ 0xe184, true }, /* HALF_SLICE_CHICKEN3 */
	{ 0xe188, true }, /* HALF_SLICE_CHICKEN5 */
	{ 0xe194, true }, /* HALF_SLICE_CHICKEN7 */
	{ 0xe4f0, true }, /* ROW_CHICKEN */
	{ 0xe4f4, true }, /* ROW_CHICKEN2 */
};

#define KEPT (sizeof(kept) / sizeof(kept[0]))

static const char *const devices[] = { "skl-gt2", "bdw-gt2" };

/* What context n has in register i: sixteen bits of its own. */
static uint32_t value_of(unsigned int n, unsigned int i)
{
	return 0x1001u << n ^ 0x0404u * i;
}

/* A ring that sets all registers, waits for its turn to end, and stores all. */
static void fill_ring(struct machine *machine, unsigned int n)
{
	uint32_t ring[7 * KEPT + 8], count = 0;

	for (unsigned int i = 0; i < KEPT; i++) {
		ring[count++] = LRI(1);
		ring[count++] = kept[i].offset;
		ring[count++] = value_of(n, i) & 0xffff;
		if (kept[i].masked)
			ring[count - 1] |= 0xffff0000;
	}
	ring[count++] = STORE_DWORD;
	ring[count++] = SCRATCH + 4 * n;
	ring[count++] = 0;
	ring[count++] = 1;
	ring[count++] = WAIT_UNTIL_EQUAL;
	ring[count++] = 1;
	ring[count++] = SCRATCH + 0x100 + 4 * n;
	ring[count++] = 0;
	for (unsigned int i = 0; i < KEPT; i++) {
		ring[count++] = SRM;
		ring[count++] = kept[i].offset;
		ring[count++] = SCRATCH + 0x200 * (n + 1) + 4 * i;
		ring[count++] = 0;
	}
	ring_fill(machine, n, ring, count);
}

/* Two contexts that take turns, each preempted between setting its registers and looking at them.
 */
static void test_contexts_do_not_share(void **state)
{
	for (unsigned int d = 0; d < 2; d++) {
		struct machine *machine = machine_new_device(devices[d]);
		uint64_t first = context_make(machine, 0), second = context_make(machine, 1);

		fill_ring(machine, 0);
		fill_ring(machine, 1);
		elsp(machine, RCS, first, 0);
		wait_ram32(machine, SCRATCH, 1);
		elsp(machine, RCS, second, 0);
		wait_ram32(machine, SCRATCH + 4, 1);
		set_ram32(machine, SCRATCH + 0x100, 1);
		set_ram32(machine, SCRATCH + 0x104, 1);
		elsp(machine, RCS, first, second);
		wait_mmio32(machine, RCS + 0x234, 1u << 18, 0);
		for (unsigned int n = 0; n < 2; n++) {
			for (unsigned int i = 0; i < KEPT; i++) {
				uint32_t found = ram32(machine, SCRATCH + 0x200 * (n + 1) + 4 * i);

				if (found != (value_of(n, i) & 0xffff))
					fail_msg("%s: register %x of context %u is %x", devices[d],
						 kept[i].offset, n, found);
			}
		}
		machine_free(machine);
	}
}

/* Run a context that does nothing, so that its image gets written. */
static void save_image(struct machine *machine, uint32_t engine)
{
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, NOOP, NOOP);
	elsp(machine, engine, context, 0);
	wait_reports(machine, engine, 2);
}

/*
 * The image is a batch of loads of registers with NOOPs between: it can be read to its end without
 * knowing what is in it.
 */
static void test_image_can_be_walked(void **state)
{
	static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };

	for (unsigned int d = 0; d < 2; d++) {
		for (unsigned int e = 0; e < 4; e++) {
			struct machine *machine = machine_new_device(devices[d]);
			unsigned int dword = 0, registers = 0;

			save_image(machine, engines[e]);
			while (ram32(machine, IMAGE(0, dword)) != BATCH_END) {
				uint32_t header = ram32(machine, IMAGE(0, dword++));

				if (header == NOOP)
					continue;
				assert_int_equal(header >> 23, 0x22);
				for (unsigned int i = 0; i < (header & 0xff) + 1; i += 2) {
					uint32_t offset = ram32(machine, IMAGE(0, dword));

					assert_true(offset > 0x2000 && offset < 0x200000);
					assert_int_equal(offset & 3, 0);
					registers++;
					dword += 2;
				}
				assert_true(dword < PAGE / 4);
			}
			assert_true(registers >= 22);
			machine_free(machine);
		}
	}
}

/* Where i915 looks for registers, by dword of the register's offset. */
static const struct {
	const char *device;
	uint32_t engine, dword, offset;
} places[] = {
	{ "skl-gt2", RCS, 0x02, 0x2244 }, /* CTX_CONTEXT_CONTROL */
	{ "skl-gt2", RCS, 0x04, 0x2034 }, /* RING_HEAD */
	{ "skl-gt2", RCS, 0x06, 0x2030 }, /* RING_TAIL */
	{ "skl-gt2", RCS, 0x18, 0x21c0 }, /* BB_PER_CTX_PTR */
	{ "skl-gt2", RCS, 0x1a, 0x21c4 }, /* INDIRECT_CTX */
	{ "skl-gt2", RCS, 0x22, 0x23a8 }, /* CTX_TIMESTAMP */
	{ "skl-gt2", RCS, 0x30, 0x2274 }, /* PDP0_UDW */
	{ "skl-gt2", RCS, 0x32, 0x2270 }, /* PDP0_LDW */
	{ "skl-gt2", RCS, 0x42, 0x20c8 }, /* R_PWR_CLK_STATE */
	{ "skl-gt2", RCS, 0x54, 0x209c }, /* MI_MODE */
	{ "skl-gt2", RCS, 0x64, 0x2158 }, /* BB_OFFSET */
	{ "skl-gt2", RCS, 0x68, 0x2600 }, /* CS_GPR 0 */
	{ "skl-gt2", BCS, 0x42, 0x22200 }, /* BCS_SWCTRL */
	{ "skl-gt2", BCS, 0x54, 0x2209c }, { "skl-gt2", VCS0, 0x68, 0x12600 },
	{ "bdw-gt2", RCS, 0x18, 0x21c0 },  { "bdw-gt2", RCS, 0x58, 0x209c },
	{ "bdw-gt2", RCS, 0xc4, 0x2158 },  { "bdw-gt2", RCS, 0xd8, 0x2600 },
	{ "bdw-gt2", BCS, 0x32, 0x22270 },
};

static void test_places_that_drivers_know(void **state)
{
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct machine *machine = machine_new_device(places[i].device);

		save_image(machine, places[i].engine);
		/* HEAD and TAIL have their value alone checked elsewhere: it is not always saved.
		 */
		if (places[i].offset - places[i].engine != 0x30)
			assert_int_equal(ram32(machine, IMAGE(0, places[i].dword)),
					 places[i].offset);
		machine_free(machine);
	}
}

/* Bit 2 of the context control: what the engine has beyond the ring stays as the image has it. */
static void test_engine_save_inhibit(void **state)
{
	for (unsigned int inhibit = 0; inhibit < 2; inhibit++) {
		struct machine *machine = machine_new();
		uint64_t context = context_make(machine, 0);

		set_ram32(machine, IMAGE(0, 3), 0x000d0009 | inhibit << 2);
		set_ram32(machine, IMAGE(0, 0x69), 0x77);
		RING_FILL(machine, 0, LRI(1), 0x2600, 0x1234, NOOP);
		elsp(machine, RCS, context, 0);
		wait_reports(machine, RCS, 2);
		assert_int_equal(ram32(machine, IMAGE(0, 0x69)), inhibit ? 0x77 : 0x1234);
		assert_int_equal(ram32(machine, IMAGE(0, 5)), 16);
		machine_free(machine);
	}
}

/* The same context again is a lite restore, unless its descriptor asks for all of it. */
static void test_force_restore(void **state)
{
	for (unsigned int force = 0; force < 2; force++) {
		struct machine *machine = machine_new();
		uint64_t context = context_make(machine, 0);

		RING_FILL(machine, 0, LRI(1), 0x2600, 0x1234, STORE_DWORD, SCRATCH, 0, 1,
			  WAIT_UNTIL_EQUAL, 1, SCRATCH + 8, 0, SRM, 0x2600, SCRATCH + 12, 0);
		elsp(machine, RCS, context, 0);
		wait_ram32(machine, SCRATCH, 1);
		elsp(machine, RCS, context | (force ? 4 : 0), 0);
		wait_reports(machine, RCS, 2);
		assert_int_equal(csb_status(machine, 1), force ? 2 : 0x8002);
		set_ram32(machine, SCRATCH + 8, 1);
		wait_reports(machine, RCS, 3);
		assert_int_equal(ram32(machine, SCRATCH + 12), 0x1234);
		machine_free(machine);
	}
}

/* It counts while the context runs, and only then. */
static void test_context_timestamp(void **state)
{
	struct machine *machine = machine_new();
	uint64_t context = context_make(machine, 0);
	uint32_t first, second;

	set_ram32(machine, IMAGE(0, 0x23), 1000);
	RING_FILL(machine, 0, SRM, 0x23a8, SCRATCH, 0, WAIT_UNTIL_EQUAL, 1, SCRATCH + 8, 0, SRM,
		  0x23a8, SCRATCH + 4, 0);
	elsp(machine, RCS, context, 0);
	while (!ram32(machine, SCRATCH))
		;
	first = mmio_read32(machine, 0x23a8);
	while (mmio_read32(machine, 0x23a8) == first)
		;
	set_ram32(machine, SCRATCH + 8, 1);
	wait_reports(machine, RCS, 2);
	assert_true(ram32(machine, SCRATCH) >= 1000);
	second = ram32(machine, SCRATCH + 4);
	assert_true(second > first);
	assert_true(ram32(machine, IMAGE(0, 0x23)) >= second);
	assert_int_equal(mmio_read32(machine, 0x23a8), ram32(machine, IMAGE(0, 0x23)));
	machine_free(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contexts_do_not_share),
		cmocka_unit_test(test_image_can_be_walked),
		cmocka_unit_test(test_places_that_drivers_know),
		cmocka_unit_test(test_engine_save_inhibit),
		cmocka_unit_test(test_force_restore),
		cmocka_unit_test(test_context_timestamp),
	};

	return cmocka_run_group_tests_name("gpusim: contexts", tests, NULL, NULL);
}
