// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: the devices, and what Gen8 has in another place or form than Gen9. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gpu-fixture.h"

#define USER_INTERRUPT	 (0x02u << 23)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define LRI		 (0x22u << 23 | 1)
#define SRM		 (0x24u << 23 | 1u << 22 | 2)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)

/* Of an image in memory: MI_LOAD_REGISTER_IMM of so many registers. */
#define IMAGE_LRI(count, posted) (0x22u << 23 | (posted) << 12 | (2 * (count)-1))

static const struct expected_device {
	const char *name;
	uint16_t pci_id;
	uint8_t revision;
	unsigned int generation;
	uint32_t fuse2;
	uint32_t rp_state_cap;
	uint64_t timestamp_hz;
} devices[] = {
	/* The first one is the default. One slice; three subslices, of four on Gen9, three on Gen8.
	 */
	{ "skl-gt2", 0x1912, 0x06, 9, 0x02800000, 0x070717, 12000000 },
	{ "kbl-gt2", 0x5912, 0x04, 9, 0x02800000, 0x070717, 12000000 },
	{ "bdw-gt2", 0x1616, 0x09, 8, 0x02000000, 0x020612, 12500000 },
};

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static int setup_broadwell(void **state)
{
	*state = machine_new_device("bdw-gt2");
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

static void test_devices(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_new_device(devices[i].name);
		char id[16];
		uint8_t config[16];

		assert_string_equal(gpu_device_name(i), devices[i].name);
		snprintf(id, sizeof(id), "8086:%04x", devices[i].pci_id);
		assert_non_null(strstr(gpu_device_description(i), id));
		assert_int_equal(gpu_config_read(machine->gpu, 0, config, sizeof(config)), 0);
		assert_int_equal(config[0] | config[1] << 8, 0x8086);
		assert_int_equal(config[2] | config[3] << 8, devices[i].pci_id);
		assert_int_equal(config[8], devices[i].revision);
		assert_int_equal(mmio_read32(machine, 0x9120), devices[i].fuse2);
		assert_int_equal(mmio_read32(machine, 0x145998), devices[i].rp_state_cap);
		machine_free(machine);
	}
	assert_null(gpu_device_name(DEVICES));
	assert_null(gpu_device_description(DEVICES));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Two readings, each between two looks at the clock: so many ticks at least, so many at most. */
static void test_timestamps_tick_as_fast_as_the_device(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_new_device(devices[i].name);
		uint64_t hz = devices[i].timestamp_hz, clock[4];
		uint32_t first, second;

		clock[0] = now_ns();
		first = mmio_read32(machine, RCS + 0x358);
		clock[1] = now_ns();
		while (now_ns() - clock[1] < 20000000)
			;
		clock[2] = now_ns();
		second = mmio_read32(machine, RCS + 0x358);
		clock[3] = now_ns();
		assert_true(second - first + 2 >= (clock[2] - clock[1]) * hz / 1000000000);
		assert_true(second - first <= (clock[3] - clock[0]) * hz / 1000000000 + 2);
		machine_free(machine);
	}
}

static void test_registers_by_generation(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_new_device(devices[i].name);
		bool gen9 = devices[i].generation == 9;

		/* Gen8 has one forcewake for all, Gen9 three. */
		mmio_write32(machine, 0xa188, 0x00010001);
		assert_int_equal(mmio_read32(machine, 0x130044), 1);
		mmio_write32(machine, 0xa278, 0x00010001);
		assert_int_equal(mmio_read32(machine, 0xd84), gen9);
		mmio_write32(machine, 0xa270, 0x00010001);
		assert_int_equal(mmio_read32(machine, 0xd88), gen9);
		/* Timestamp select, fuses of the display, GuC, DPLL lock bits. */
		assert_int_equal(mmio_read32(machine, 0xa26c), gen9 ? 4 : 0);
		assert_int_equal(mmio_read32(machine, 0x42000) >> 31, gen9);
		assert_int_equal(mmio_read32(machine, 0xc000), gen9);
		assert_int_equal(mmio_read32(machine, 0x6c060), gen9 ? 0x01010101 : 0);
		machine_free(machine);
	}
}

/* The ratio asked for, 9 times 50 MHz, is what the clock runs at. */
static void test_render_clock_follows_the_request(void **state)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct machine *machine = machine_new_device(devices[i].name);
		bool gen9 = devices[i].generation == 9;

		mmio_write32(machine, 0xa008, gen9 ? 27u << 23 : 9u << 24);
		assert_int_equal(mmio_read32(machine, 0xa01c), gen9 ? 27u << 23 : 9u << 7);
		machine_free(machine);
	}
}

static void test_lcpll(void **state)
{
	const uint32_t lctl = 0x130040, disable = 1u << 31, lock = 1u << 30, mhz_337 = 2u << 26;
	const uint32_t fclk = 1u << 21, fclk_done = 1u << 19;
	struct machine *machine = *state;

	assert_int_equal(mmio_read32(machine, lctl), lock);
	mmio_write32(machine, lctl, lock | fclk | mhz_337);
	assert_int_equal(mmio_read32(machine, lctl), lock | fclk | fclk_done | mhz_337);
	mmio_write32(machine, lctl, disable | lock | fclk | fclk_done);
	assert_int_equal(mmio_read32(machine, lctl), disable | fclk | fclk_done);
	mmio_write32(machine, lctl, fclk_done);
	assert_int_equal(mmio_read32(machine, lctl), lock);
}

/* One access of the PCH's sideband; it is done and good at once. */
static uint32_t sideband(struct machine *machine, uint32_t reg, uint32_t command, uint32_t data)
{
	mmio_write32(machine, 0xc6000, reg << 16);
	mmio_write32(machine, 0xc6004, data);
	mmio_write32(machine, 0xc6008, command | 1);
	assert_int_equal(mmio_read32(machine, 0xc6008), command);
	return mmio_read32(machine, 0xc6004);
}

static void test_sideband(void **state)
{
	const uint32_t iclk_read = 0x600, iclk_write = 0x700;
	const uint32_t mphy_read = 0x10200, mphy_write = 0x10300;
	struct machine *machine = *state;

	sideband(machine, 0x20c, iclk_write, 0x11);
	sideband(machine, 0xfffc, iclk_write, 0x22);
	sideband(machine, 0x20c, mphy_write, 0x33);
	assert_int_equal(sideband(machine, 0x20c, iclk_read, 0), 0x11);
	assert_int_equal(sideband(machine, 0xfffc, iclk_read, 0), 0x22);
	assert_int_equal(sideband(machine, 0x20c, mphy_read, 0), 0x33);
	assert_int_equal(sideband(machine, 0x210, iclk_read, 0x44), 0);
	gpu_reset(machine->gpu);
	assert_int_equal(sideband(machine, 0x20c, iclk_read, 0), 0);
}

static const uint32_t engines[] = { RCS, BCS, VCS0, VECS };

static uint32_t image(struct machine *machine, unsigned int n, unsigned int dword)
{
	return ram32(machine, CONTEXT(n) + PAGE + 4 * dword);
}

/* The render engine's image as the driver writes it has its batches; that of the others ends early.
 */
static void test_gen8_saves_its_own_image(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 4; i++) {
		uint64_t context = context_make(machine, i);
		uint32_t base = engines[i];

		RING_FILL(machine, i, STORE_DWORD, SCRATCH + 4 * i, 0, i + 1, USER_INTERRUPT);
		mmio_write32(machine, base + 0x3a0, 0xffff0505);
		elsp(machine, base, context, 0);
		wait_reports(machine, base, 2);
		assert_int_equal(ram32(machine, SCRATCH + 4 * i), i + 1);
		assert_int_equal(image(machine, i, 0x05), 6 * 4);
		assert_int_equal(image(machine, i, 0x02), base + 0x244);
		assert_int_equal(image(machine, i, 0x01), IMAGE_LRI(i ? 11 : 14, !i));
		assert_int_equal(image(machine, i, 0x16), base + 0x118);
		assert_int_equal(image(machine, i, 0x1c), i ? 0 : base + 0x1c8);
		assert_int_equal(image(machine, i, 0x21), IMAGE_LRI(9, !i));
		assert_int_equal(image(machine, i, 0x22), base + 0x3a8);
		assert_int_equal(image(machine, i, 0x32), base + 0x270);
		assert_int_equal(image(machine, i, 0x41), IMAGE_LRI(i ? 2 : 1, 0));
		assert_int_equal(image(machine, i, 0x42), base + (i ? 0x200 : 0xc8));
		assert_int_equal(image(machine, i, 0x44), i ? base + 0x28 : 0);
		/* Drivers look for MI_MODE here, and only in the render engine's. */
		assert_int_equal(image(machine, i, 0x58), i ? 0 : base + 0x9c);
	}
}

/* The value stands behind the register's offset, its upper half the mask. */
static void test_gen8_loads_mi_mode(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	set_ram32(machine, CONTEXT(0) + PAGE + 4 * 3, 0x00090008);
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * 0x51, IMAGE_LRI(100, 1));
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * 0x59, 0x08000800);
	RING_FILL(machine, 0, SRM, RCS + 0x9c, SCRATCH, 0);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, SCRATCH) & 0x800, 0x800);
}

/* A general purpose register of the first context is there again after the second one's turn. */
static void test_gen8_keeps_registers_over_a_switch(void **state)
{
	struct machine *machine = *state;
	uint64_t waiter = context_make(machine, 0), other = context_make(machine, 1);

	RING_FILL(machine, 0, LRI, RCS + 0x678, 0xaaaa, STORE_DWORD, SCRATCH, 0, 1,
		  WAIT_UNTIL_EQUAL, 7, SCRATCH + 8, 0, SRM, RCS + 0x678, SCRATCH + 12, 0);
	RING_FILL(machine, 1, LRI, RCS + 0x678, 0xbbbb, STORE_DWORD, SCRATCH + 8, 0, 7);
	elsp(machine, RCS, waiter, 0);
	wait_ram32(machine, SCRATCH, 1);
	elsp(machine, RCS, other, waiter);
	wait_reports(machine, RCS, 4);
	assert_int_equal(ram32(machine, SCRATCH + 12), 0xaaaa);
}

/* 1c4h is in the render engine's image alone. */
static void test_gen8_indirect_context_batch(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 2; i++) {
		uint64_t context = context_make(machine, i);
		uint32_t line[16] = { STORE_DWORD, SCRATCH + 4 * i, 0, 1 };

		put(machine, BATCH, line, 16);
		set_ram32(machine, CONTEXT(i) + PAGE + 4 * (1 + 2 * 13), BATCH | 1);
		RING_FILL(machine, i, 0, 0);
		mmio_write32(machine, engines[i] + 0x3a0, 0xffff0505);
		elsp(machine, engines[i], context, 0);
		wait_reports(machine, engines[i], 2);
		assert_int_equal(ram32(machine, SCRATCH + 4 * i), i ? 0 : 1);
	}
}

#define BROADWELL(test) cmocka_unit_test_setup_teardown(test, setup_broadwell, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_timestamps_tick_as_fast_as_the_device),
		cmocka_unit_test(test_registers_by_generation),
		cmocka_unit_test(test_render_clock_follows_the_request),
		BROADWELL(test_lcpll),
		BROADWELL(test_sideband),
		BROADWELL(test_gen8_saves_its_own_image),
		BROADWELL(test_gen8_loads_mi_mode),
		BROADWELL(test_gen8_keeps_registers_over_a_switch),
		BROADWELL(test_gen8_indirect_context_batch),
	};

	return cmocka_run_group_tests_name("gpusim: devices and generations", tests, NULL, NULL);
}
