// SPDX-License-Identifier: GPL-2.0-or-later
/* A vGPU's PCI configuration space: PCI 3.0, and what of Intel's registers behind it drivers look at. */
#include "model-fixture.h"

#include <string.h>

static uint32_t config32(struct model *model, uint32_t offset)
{
	uint32_t value = 0;

	vgpu_config_read(model->vgpu, offset, &value, 4);
	return value;
}

static void set_config(struct model *model, uint32_t offset, uint32_t value, size_t length)
{
	vgpu_config_write(model->vgpu, offset, &value, length);
}

static void test_identity_is_the_gpus(void **state)
{
	struct model *model = *state;

	assert_int_equal(config32(model, 0x00), 0x19128086);
	assert_int_equal(config32(model, 0x08) >> 8, 0x030000);
	assert_int_equal(config32(model, 0x08) & 0xff, gvt_host_info(model->host)->config[8]);
	assert_int_equal(config32(model, 0x0c) >> 16 & 0x7f, 0); /* one function, type 0 */
}

static void test_no_memory_is_stolen_and_the_ggtt_has_8_mib(void **state)
{
	struct model *model = *state;

	assert_int_equal(config32(model, 0x50) & 0xffff, 0x00c0);
	assert_int_equal(config32(model, 0x5c), 0);
}

static void test_bars_size_themselves(void **state)
{
	struct model *model = *state;
	static const struct {
		uint32_t bar, low, high;
	} bars[] = { { 0x10, 0xff000004, 0xffffffff }, { 0x18, 0xe000000c, 0xffffffff }, { 0x20, 0, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(bars); i++) {
		set_config(model, bars[i].bar, 0xffffffff, 4);
		set_config(model, bars[i].bar + 4, 0xffffffff, 4);
		assert_int_equal(config32(model, bars[i].bar), bars[i].low);
		assert_int_equal(config32(model, bars[i].bar + 4), bars[i].high);
	}
	assert_int_equal(vgpu_bar_size(model->vgpu, 0), 16 * MB);
	assert_int_equal(vgpu_bar_size(model->vgpu, 2), 512 * MB);
}

static void test_bars_move_by_any_size_of_write(void **state)
{
	struct model *model = *state;
	static const size_t sizes[] = { 1, 2, 4 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const uint64_t address = 0x0000001234000000ull + (i << 32);
		uint8_t bytes[8];

		memcpy(bytes, &address, 8);
		for (uint32_t at = 0; at < 8; at += sizes[i])
			vgpu_config_write(model->vgpu, 0x10 + at, bytes + at, sizes[i]);
		assert_int_equal(config32(model, 0x10), (uint32_t)address | 4);
		assert_int_equal(config32(model, 0x14), address >> 32);
	}
}

/* Lesson: writes narrower than four bytes read past a buffer. */
static void test_a_byte_changes_a_byte(void **state)
{
	struct model *model = *state;

	set_config(model, 0x18, 0xe0000000, 4);
	set_config(model, 0x1b, 0x20, 1);
	assert_int_equal(config32(model, 0x18), 0x2000000c);
	set_config(model, 0x1c, 0x11223344, 4);
	set_config(model, 0x1d, 0xff, 1);
	assert_int_equal(config32(model, 0x1c), 0x1122ff44);
}

static void test_command_has_four_bits(void **state)
{
	struct model *model = *state;

	set_config(model, 0x04, 0xffffffff, 4);
	assert_int_equal(config32(model, 0x04), 0x00100407);
	set_config(model, 0x04, 0, 2);
	assert_int_equal(config32(model, 0x04), 0x00100000);
}

static void test_capabilities_are_msi_and_power_management(void **state)
{
	struct model *model = *state;
	uint8_t at = config32(model, 0x34) & 0xff;
	uint32_t msi = config32(model, at), power;

	assert_int_equal(config32(model, 0x04) >> 20 & 1, 1);
	assert_int_equal(at, 0xac);
	assert_int_equal(msi & 0xff, 0x05);
	assert_int_equal(msi >> 16, 0); /* off, one message, 32 bits, no masks */
	power = config32(model, msi >> 8 & 0xff);
	assert_int_equal(power & 0xff, 0x01);
	assert_int_equal(power >> 8 & 0xff, 0); /* the last */
}

static void test_msi_is_enabled_by_its_bit(void **state)
{
	struct model *model = *state;

	assert_false(vgpu_config_msi_enabled(model->vgpu));
	set_config(model, 0xb0, 0xfee01003, 4);
	assert_int_equal(config32(model, 0xb0), 0xfee01000);
	set_config(model, 0xb4, 0xffff4021, 4);
	assert_int_equal(config32(model, 0xb4), 0x4021);
	set_config(model, 0xae, 0xffff, 2);
	assert_int_equal(config32(model, 0xac) >> 16, 1);
	assert_true(vgpu_config_msi_enabled(model->vgpu));
	set_config(model, 0xae, 0, 1);
	assert_false(vgpu_config_msi_enabled(model->vgpu));
}

/* Lesson: all from 40 on was plain writable memory. */
static void test_the_rest_is_read_only(void **state)
{
	struct model *model = *state;
	static const uint8_t writable[] = { 0x04, 0x10, 0x14, 0x18, 0x1c, 0x3c, 0xac, 0xb0, 0xb4, 0xd4, 0xfc };

	for (uint32_t at = 0; at < GVT_CONFIG_SIZE; at += 4) {
		uint32_t before = config32(model, at);

		if (memchr(writable, (int)at, sizeof(writable)))
			continue;
		set_config(model, at, ~before, 4);
		assert_int_equal(config32(model, at), before);
	}
}

static void test_firmware_leaves_the_opregions_address(void **state)
{
	struct model *model = *state;

	set_config(model, 0xfc, 0x3ffe0000, 4);
	assert_int_equal(config32(model, 0xfc), 0x3ffe0000);
}

static void test_the_end_is_the_end(void **state)
{
	struct model *model = *state;
	uint8_t bytes[8] = { 0 };

	vgpu_config_read(model->vgpu, 0xfe, bytes, 4);
	assert_memory_equal(bytes + 2, "\xff\xff", 2);
	vgpu_config_read(model->vgpu, 0xffffffff, bytes, 8);
	assert_memory_equal(bytes, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	vgpu_config_write(model->vgpu, 0xfe, bytes, 8);
	assert_int_equal(config32(model, 0xfc), 0xffff0000);
}

static void test_reset_is_power_on(void **state)
{
	struct model *model = *state;
	uint8_t before[GVT_CONFIG_SIZE], after[GVT_CONFIG_SIZE];

	vgpu_config_read(model->vgpu, 0, before, sizeof(before));
	for (uint32_t at = 0; at < GVT_CONFIG_SIZE; at += 4)
		set_config(model, at, 0xffffffff, 4);
	vgpu_reset(model->vgpu);
	vgpu_config_read(model->vgpu, 0, after, sizeof(after));
	assert_memory_equal(before, after, sizeof(before));
}

static void test_broadwell_is_a_broadwell(void **state)
{
	assert_int_equal(config32(*state, 0x00), 0x16168086);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_identity_is_the_gpus),
		TEST(test_no_memory_is_stolen_and_the_ggtt_has_8_mib),
		TEST(test_bars_size_themselves),
		TEST(test_bars_move_by_any_size_of_write),
		TEST(test_a_byte_changes_a_byte),
		TEST(test_command_has_four_bits),
		TEST(test_capabilities_are_msi_and_power_management),
		TEST(test_msi_is_enabled_by_its_bit),
		TEST(test_the_rest_is_read_only),
		TEST(test_firmware_leaves_the_opregions_address),
		TEST(test_the_end_is_the_end),
		TEST(test_reset_is_power_on),
		cmocka_unit_test_setup_teardown(test_broadwell_is_a_broadwell, model_setup_bdw, model_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
