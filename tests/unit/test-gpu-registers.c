// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: configuration space, BARs, register rules and the interrupt tree. */
#include <errno.h>
#include <string.h>

#include "gpu-fixture.h"

#define MASTER	       0x44200u
#define MASTER_ENABLE  (1u << 31)
#define GT0_IMR	       0x44304u
#define GT0_IIR	       0x44308u
#define GT0_IER	       0x4430cu
#define USER_INTERRUPT (0x02u << 23)

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

static uint32_t config32(struct machine *machine, unsigned int offset)
{
	uint32_t value;

	assert_int_equal(gpu_config_read(machine->gpu, offset, &value, 4), 0);
	return value;
}

static void set_config32(struct machine *machine, unsigned int offset, uint32_t value)
{
	assert_int_equal(gpu_config_write(machine->gpu, offset, &value, 4), 0);
}

static void test_identity(void **state)
{
	struct machine *machine = *state;

	assert_int_equal(config32(machine, 0x00), 0x19128086);
	assert_int_equal(config32(machine, 0x08) >> 8, 0x030000);
	assert_true((config32(machine, 0x08) & 0xff) >= 6);
	assert_int_equal(config32(machine, 0x50) & 0xffff, 0x00c0);
	assert_int_equal(config32(machine, 0x5c), 0);
	/* Identity can't be written. */
	set_config32(machine, 0x00, 0xffffffff);
	assert_int_equal(config32(machine, 0x00), 0x19128086);
}

static void test_bars_tell_their_size(void **state)
{
	static const struct {
		unsigned int offset;
		uint32_t low, high;
	} bars[] = {
		{ 0x10, 0xff000004, 0xffffffff },
		{ 0x18, 0xf000000c, 0xffffffff },
		{ 0x20, 0x0000ffc1, 0 },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 3; i++) {
		set_config32(machine, bars[i].offset, 0xffffffff);
		set_config32(machine, bars[i].offset + 4, 0xffffffff);
		assert_int_equal(config32(machine, bars[i].offset), bars[i].low);
		assert_int_equal(config32(machine, bars[i].offset + 4), bars[i].high);
	}
	set_config32(machine, 0x10, 0xe1000000);
	set_config32(machine, 0x14, 0x12);
	assert_int_equal(config32(machine, 0x10), 0xe1000004);
	assert_int_equal(config32(machine, 0x14), 0x12);
}

static void test_apertures(void **state)
{
	static const uint64_t sizes[] = { 256ull << 20, 512ull << 20, 1024ull << 20 };
	struct machine *machine = *state;
	struct gpu_config config = { .ops = NULL };
	struct gpu *gpu;

	assert_int_equal(gpu_bar_size(machine->gpu, GPU_BAR_APERTURE), sizes[0]);
	for (unsigned int i = 0; i < 3; i++) {
		config.aperture_size = sizes[i];
		assert_int_equal(gpu_new(&config, &gpu), 0);
		assert_int_equal(gpu_bar_size(gpu, GPU_BAR_APERTURE), sizes[i]);
		gpu_free(gpu);
	}
	config.aperture_size = 100 << 20;
	assert_int_equal(gpu_new(&config, &gpu), -EINVAL);
	config.aperture_size = 0;
	config.device = "voodoo2";
	assert_int_equal(gpu_new(&config, &gpu), -EINVAL);
}

static void test_capabilities_chain(void **state)
{
	struct machine *machine = *state;
	unsigned int at = config32(machine, 0x34) & 0xff, found = 0;

	assert_true(config32(machine, 0x04) >> 16 & 0x10);
	for (unsigned int i = 0; at && i < 8; i++, at = config32(machine, at) >> 8 & 0xff) {
		if ((config32(machine, at) & 0xff) == 0x05) {
			/* One message, 32-bit, no masks. */
			assert_int_equal(config32(machine, at) >> 16, 0);
			found++;
		}
	}
	assert_int_equal(at, 0);
	assert_int_equal(found, 1);
}

static void test_config_bounds(void **state)
{
	struct machine *machine = *state;
	uint8_t bytes[8];

	assert_int_equal(gpu_config_read(machine->gpu, 255, bytes, 2), -EINVAL);
	assert_int_equal(gpu_config_read(machine->gpu, 256, bytes, 1), -EINVAL);
	assert_int_equal(gpu_config_write(machine->gpu, 0xffffffff, bytes, 8), -EINVAL);
	assert_int_equal(gpu_config_read(machine->gpu, 248, bytes, 8), 0);
}

static void test_bar_bounds(void **state)
{
	struct machine *machine = *state;
	uint64_t value = 0;

	assert_int_equal(gpu_bar_read(machine->gpu, 0, GPU_GTTMMADR_SIZE - 4, &value, 8), -EINVAL);
	assert_int_equal(gpu_bar_read(machine->gpu, 0, UINT64_MAX, &value, 8), -EINVAL);
	assert_int_equal(gpu_bar_read(machine->gpu, 0, 0x2002, &value, 4), -EINVAL);
	assert_int_equal(gpu_bar_read(machine->gpu, 0, 0x2000, &value, 3), -EINVAL);
	assert_int_equal(gpu_bar_read(machine->gpu, 3, 0, &value, 4), -EINVAL);
	/* Behind the registers there is nothing, but no error either. */
	assert_int_equal(gpu_bar_read(machine->gpu, 0, 0x400000, &value, 4), 0);
	assert_int_equal(value, 0);
}

static void test_narrow_and_wide_register_accesses(void **state)
{
	struct machine *machine = *state;
	uint64_t wide = 0x1122334455667788;
	uint16_t narrow = 0xaabb;

	assert_int_equal(gpu_bar_write(machine->gpu, 0, 0x2600, &wide, 8), 0);
	assert_int_equal(mmio_read32(machine, 0x2604), 0x11223344);
	assert_int_equal(gpu_bar_write(machine->gpu, 0, 0x2602, &narrow, 2), 0);
	assert_int_equal(mmio_read32(machine, 0x2600), 0xaabb7788);
	assert_int_equal(gpu_bar_read(machine->gpu, 0, 0x2604, &narrow, 2), 0);
	assert_int_equal(narrow, 0x3344);
}

static void test_io_ports_reach_registers(void **state)
{
	struct machine *machine = *state;
	uint32_t index = 0x2600, value = 0x1234;

	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_IO, 0, &index, 4), 0);
	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_IO, 4, &value, 4), 0);
	assert_int_equal(mmio_read32(machine, 0x2600), 0x1234);
}

static void test_aperture_goes_through_the_ggtt(void **state)
{
	struct machine *machine = *state;
	uint64_t entry = 0x5000 | 1, gone = 0;
	uint32_t value = 0xfeedface;

	assert_int_equal(gpu_bar_write(machine->gpu, 0, GPU_GGTT_OFFSET + 8 * 9, &entry, 8), 0);
	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_APERTURE, 0x9010, &value, 4), 0);
	assert_int_equal(ram32(machine, 0x5010), 0xfeedface);
	assert_int_equal(gpu_bar_write(machine->gpu, 0, GPU_GGTT_OFFSET + 8 * 9, &gone, 8), 0);
	assert_int_equal(gpu_bar_read(machine->gpu, GPU_BAR_APERTURE, 0x9010, &value, 4), 0);
	assert_int_equal(value, 0xffffffff);
}

/* A byte of the aperture at row y, byte x of a fenced surface, by the manual's address bits. */
static uint32_t tiled_place(bool y_major, uint32_t pitch, uint32_t x, uint32_t y)
{
	if (y_major)
		return (y >> 5) * 32 * pitch + (x >> 7) * 4096 +
		       ((x >> 4 & 7) << 9 | (y & 31) << 4 | (x & 15));
	return (y >> 3) * 8 * pitch + (x >> 9) * 4096 + ((y & 7) << 9 | (x & 511));
}

static void test_fences_untile_the_aperture(void **state)
{
	const uint32_t start = 0x40000, size = 0x10000, pitch = 1024;
	struct machine *machine = *state;

	for (unsigned int y_major = 0; y_major < 2; y_major++) {
		uint8_t row[1024 + 64], back[sizeof(row)];

		mmio_write32(machine, 0x100000 + 8 * 5, start | y_major << 1 | 1);
		mmio_write32(machine, 0x100004 + 8 * 5, (start + size - 4096) | (pitch / 128 - 1));
		for (unsigned int i = 0; i < sizeof(row); i++)
			row[i] = i * 7 + y_major;
		/* A row and the beginning of the next one. */
		assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_APERTURE, start + 9 * pitch,
					       row, sizeof(row)),
				 0);
		for (unsigned int i = 0; i < sizeof(row); i++)
			assert_int_equal(machine->ram[start + tiled_place(y_major, pitch, i % pitch,
									  9 + i / pitch)],
					 row[i]);
		assert_int_equal(gpu_bar_read(machine->gpu, GPU_BAR_APERTURE, start + 9 * pitch,
					      back, sizeof(back)),
				 0);
		assert_memory_equal(back, row, sizeof(row));
	}
}

/* An access that begins before a fence, and one that ends behind it. */
static void test_fence_borders(void **state)
{
	const uint32_t start = 0x40000, pitch = 512;
	struct machine *machine = *state;
	uint8_t bytes[64];

	memset(bytes, 0x5a, sizeof(bytes));
	mmio_write32(machine, 0x100000, start | 1);
	mmio_write32(machine, 0x100004, start | (pitch / 128 - 1));
	gpu_bar_write(machine->gpu, GPU_BAR_APERTURE, start - 32, bytes, 64);
	assert_int_equal(ram32(machine, start - 32), 0x5a5a5a5a);
	assert_int_equal(ram32(machine, start + 28), 0x5a5a5a5a);
	assert_int_equal(ram32(machine, start + 32), 0);
	gpu_bar_write(machine->gpu, GPU_BAR_APERTURE, start + 4096 - 32, bytes, 64);
	assert_int_equal(ram32(machine, start + 4096 - 4), 0x5a5a5a5a);
	assert_int_equal(ram32(machine, start + 4096 + 28), 0x5a5a5a5a);
}

static void test_masked_and_answering_registers(void **state)
{
	struct machine *machine = *state;

	/* GFX_MODE: only the bits that the upper half selects change. */
	mmio_write32(machine, 0x229c, 0x80008000);
	mmio_write32(machine, 0x229c, 0x02000200);
	assert_int_equal(mmio_read32(machine, 0x229c), 0x8200);
	/* Forcewake is acknowledged. */
	mmio_write32(machine, 0xa278, 0x00010001);
	assert_int_equal(mmio_read32(machine, 0x0d84), 1);
	mmio_write32(machine, 0xa278, 0x00010000);
	assert_int_equal(mmio_read32(machine, 0x0d84), 0);
	/* Power well 2's state follows its request. */
	mmio_write32(machine, 0x45404, 1u << 5);
	assert_int_equal(mmio_read32(machine, 0x45404), 3u << 4);
	/* The mailbox is idle at once and has no error; command 7 says "ready". */
	mmio_write32(machine, 0x138124, 1u << 31 | 7);
	assert_int_equal(mmio_read32(machine, 0x138124), 0);
	assert_int_equal(mmio_read32(machine, 0x138128) & 1, 1);
	/* A ready-to-reset engine. */
	mmio_write32(machine, 0x20d0, 0x00010001);
	assert_int_equal(mmio_read32(machine, 0x20d0) & 2, 2);
	/* Timestamps advance. */
	assert_int_not_equal(mmio_read32(machine, 0x2358),
			     mmio_read32(machine, 0x2358) - 100000000);
}

/* Run USER_INTERRUPT on the render engine and wait for the end. */
static void raise_user_interrupt(struct machine *machine)
{
	uint64_t context = context_make(machine, 0);

	mmio_write32(machine, 0x23a0, 0xffff0505);
	RING_FILL(machine, 0, USER_INTERRUPT, 0);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
}

static void test_imr_keeps_events_out(void **state)
{
	struct machine *machine = *state;

	mmio_write32(machine, GT0_IMR, ~(1u << 8));
	raise_user_interrupt(machine);
	assert_int_equal(mmio_read32(machine, GT0_IIR), 1u << 8);
	/* Written ones clear; then nothing is pending above. */
	mmio_write32(machine, GT0_IIR, 1u << 8);
	assert_int_equal(mmio_read32(machine, GT0_IIR), 0);
	assert_int_equal(mmio_read32(machine, MASTER), MASTER_ENABLE);
}

static void test_master_sends_again_when_it_is_enabled(void **state)
{
	struct machine *machine = *state;
	unsigned int before;

	mmio_write32(machine, MASTER, 0);
	before = machine->interrupts;
	raise_user_interrupt(machine);
	assert_int_equal(machine->interrupts, before);
	assert_int_equal(mmio_read32(machine, MASTER), 1);
	mmio_write32(machine, MASTER, MASTER_ENABLE);
	assert_int_equal(machine->interrupts, before + 1);
	mmio_write32(machine, GT0_IER, 0);
	assert_int_equal(mmio_read32(machine, MASTER), MASTER_ENABLE);
}

static void test_reset_restores_power_on_state(void **state)
{
	struct machine *machine = *state;
	uint64_t entry;

	set_config32(machine, 0x10, 0xe1000000);
	mmio_write32(machine, 0x2600, 5);
	gpu_reset(machine->gpu);
	assert_int_equal(config32(machine, 0x10), 4);
	assert_int_equal(mmio_read32(machine, 0x2600), 0);
	assert_int_equal(mmio_read32(machine, GT0_IMR), 0xffffffff);
	assert_int_equal(gpu_bar_read(machine->gpu, 0, GPU_GGTT_OFFSET, &entry, 8), 0);
	assert_int_equal(entry, 0);
}

static void test_memory_ranges(void **state)
{
	struct machine *machine = *state;
	struct gpu *gpu = machine->gpu;
	void *host = machine->ram;

	assert_int_equal(gpu_memory_add(gpu, 0x1000, 0x1000, host, true), -EEXIST);
	assert_int_equal(gpu_memory_add(gpu, RAM_SIZE - PAGE, 2 * PAGE, host, true), -EEXIST);
	assert_int_equal(gpu_memory_add(gpu, RAM_SIZE, 0, host, true), -EINVAL);
	assert_int_equal(gpu_memory_add(gpu, RAM_SIZE + 1, PAGE, host, true), -EINVAL);
	assert_int_equal(gpu_memory_add(gpu, UINT64_MAX - PAGE + 1, 2 * PAGE, host, true), -EINVAL);
	assert_int_equal(gpu_memory_add(gpu, UINT64_MAX - PAGE + 1, PAGE, host, true), 0);
	assert_int_equal(gpu_memory_remove(gpu, 0, PAGE), -ENOENT);
	assert_int_equal(gpu_memory_remove(gpu, 0, RAM_SIZE), 0);
	assert_int_equal(gpu_memory_remove(gpu, 0, RAM_SIZE), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_identity, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bars_tell_their_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_apertures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_capabilities_chain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_config_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bar_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_narrow_and_wide_register_accesses, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_io_ports_reach_registers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_aperture_goes_through_the_ggtt, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_fences_untile_the_aperture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fence_borders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_masked_and_answering_registers, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_imr_keeps_events_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_master_sends_again_when_it_is_enabled, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_reset_restores_power_on_state, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_memory_ranges, setup, teardown),
	};

	return cmocka_run_group_tests_name("gpusim: registers", tests, NULL, NULL);
}
