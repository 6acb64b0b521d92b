// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers that a guest's driver reads, writes and waits for; and those that nobody knows. */
#include "model-fixture.h"
#include "tests/kshim/kshim.h"

#include <string.h>

static const uint32_t engines[] = { 0x2000, 0x12000, 0x1a000, 0x22000 };

static void test_unknown_registers_are_memory_of_the_vgpu(void **state)
{
	struct model *model = *state;
	const uint32_t nobodys = 0x1f0000;
	uint32_t hardwares = hardware_register(model, nobodys);

	assert_int_equal(read32(model, nobodys), 0);
	write32(model, nobodys, 0x12345678);
	assert_int_equal(read32(model, nobodys), 0x12345678);
	assert_int_equal(model->vgpu->stats.unknown_reads, 2);
	assert_int_equal(model->vgpu->stats.unknown_writes, 1);
	assert_int_equal(hardware_register(model, nobodys), hardwares);
}

static void test_nothing_reaches_the_gpu(void **state)
{
	struct model *model = *state;
	static const uint32_t offsets[] = { 0x44200, 0x2030, 0x29a0, 0x64000, 0x70008, 0x42080, 0xa278, 0x7004 };

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		uint32_t before = hardware_register(model, offsets[i]);

		write32(model, offsets[i], 0xffffffff);
		assert_int_equal(hardware_register(model, offsets[i]), before);
	}
}

static void test_any_length_and_place(void **state)
{
	struct model *model = *state;
	const uint32_t at = 0x7100; /* stored */
	uint8_t bytes[16], back[16];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(0x10 + i);
	for (size_t length = 1; length <= 9; length++) {
		for (uint32_t place = 0; place < 5; place++) {
			assert_int_equal(vgpu_bar0_write(model->vgpu, at + place, bytes, length), 0);
			memset(back, 0, sizeof(back));
			assert_int_equal(vgpu_bar0_read(model->vgpu, at + place, back, length), 0);
			assert_memory_equal(back, bytes, length);
		}
	}
}

static void test_the_bar_has_an_end_and_a_hole(void **state)
{
	struct model *model = *state;
	uint64_t value = 0x1122334455667788;

	assert_int_equal(vgpu_bar0_read(model->vgpu, 16 * MB - 4, &value, 8), -EINVAL);
	assert_int_equal(vgpu_bar0_write(model->vgpu, ~0ull, &value, 8), -EINVAL);
	assert_int_equal(vgpu_bar0_read(model->vgpu, ~0ull - 3, &value, 8), -EINVAL);
	assert_int_equal(vgpu_bar0_write(model->vgpu, 0x200000 - 4, &value, 8), 0);
	assert_int_equal(vgpu_bar0_read(model->vgpu, 0x200000 - 4, &value, 8), 0);
	assert_int_equal(value, 0x55667788); /* behind the registers there is nothing */
}

static void test_forcewake_is_answered(void **state)
{
	struct model *model = *state;
	static const uint32_t pairs[][2] = { { 0xa278, 0xd84 }, { 0xa270, 0xd88 }, { 0xa188, 0x130044 } };

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		write32(model, pairs[i][0], 0x00010001);
		assert_int_equal(read32(model, pairs[i][1]) & 1, 1);
		write32(model, pairs[i][0], 0x00010000);
		assert_int_equal(read32(model, pairs[i][1]) & 1, 0);
	}
}

static void test_masked_writes(void **state)
{
	struct model *model = *state;

	write32(model, 0x7004, 0x00f000a0);
	assert_int_equal(read32(model, 0x7004), 0xa0);
	write32(model, 0x7004, 0x00200000);
	assert_int_equal(read32(model, 0x7004), 0x80);
	write32(model, 0x7004, 0x0000ffff);
	assert_int_equal(read32(model, 0x7004), 0x80);
}

static void test_power_wells_and_clocks_are_on_at_once(void **state)
{
	struct model *model = *state;

	for (uint32_t at = 0x45400; at <= 0x4540c; at += 4) {
		write32(model, at, 0xaaaaaaaa);
		assert_int_equal(read32(model, at), 0xffffffff);
		write32(model, at, 0x00000008);
		assert_int_equal(read32(model, at), 0x0000000c);
	}
	assert_int_equal(read32(model, 0x42000) & 0x0e000000, 0x0e000000);
	assert_int_equal(read32(model, 0x46010) >> 30, 3); /* LCPLL1: enabled and locked */
	write32(model, 0x46014, 0x80000000);
	assert_int_equal(read32(model, 0x46014) >> 30, 3);
	write32(model, 0x46040, 0x80000000);
	assert_int_equal(read32(model, 0x6c060), 0x00010101);
	write32(model, 0x45008, 0x80000000);
	assert_int_equal(read32(model, 0x45008) >> 30, 3);
}

static void test_fuses_are_the_gpus(void **state)
{
	struct model *model = *state;
	static const uint32_t fuses[] = { 0x9120, 0x9134, 0xa26c, 0x14500c };

	for (size_t i = 0; i < ARRAY_SIZE(fuses); i++) {
		assert_int_equal(read32(model, fuses[i]), hardware_register(model, fuses[i]));
		write32(model, fuses[i], 0xffffffff);
		assert_int_equal(read32(model, fuses[i]), hardware_register(model, fuses[i]));
	}
	assert_int_not_equal(read32(model, 0x9120), 0);
}

static void test_one_frequency(void **state)
{
	struct model *model = *state;
	uint32_t cap = read32(model, 0x145998);

	assert_int_equal(cap & 0xff, cap >> 8 & 0xff);
	assert_int_equal(cap & 0xff, cap >> 16 & 0xff);
}

static void test_pcode_answers(void **state)
{
	struct model *model = *state;
	static const struct {
		uint32_t command, status, data;
	} commands[] = { { 0x06, 0, 0 }, { 0x07, 0, 1 }, { 0x21, 0, 1 }, { 0x7f, 1, 0x55 } };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		write32(model, 0x138128, 0x55);
		write32(model, 0x138124, 0x80000000 | commands[i].command);
		assert_int_equal(read32(model, 0x138124) >> 31, 0);
		assert_int_equal(read32(model, 0x138124) & 0xff, commands[i].status);
		assert_int_equal(read32(model, 0x138128), commands[i].data);
	}
}

static void test_resets_end_at_once(void **state)
{
	struct model *model = *state;

	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		write32(model, engines[i] + 0xd0, 0x00010001);
		assert_int_equal(read32(model, engines[i] + 0xd0) & 2, 2);
		write32(model, engines[i] + 0x30, 0x1238); /* TAIL */
	}
	write32(model, 0x941c, 0x2); /* render alone */
	assert_int_equal(read32(model, 0x941c), 0);
	assert_int_equal(read32(model, 0x2030), 0);
	assert_int_equal(read32(model, 0x12030), 0x1238);
	write32(model, 0x941c, 0x1); /* all */
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		assert_int_equal(read32(model, engines[i] + 0x30), 0);
		assert_int_equal(read32(model, engines[i] + 0x3a0), 5);
	}
	assert_int_equal(read32(model, 0xc000) & 1, 1); /* the GuC is in reset */
}

static void test_a_stopped_engine_is_idle(void **state)
{
	struct model *model = *state;

	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		write32(model, engines[i] + 0x9c, 0x01000100);
		assert_int_equal(read32(model, engines[i] + 0x9c) & 0x300, 0x300);
		assert_int_equal(read32(model, engines[i] + 0xb8), 0); /* ESR */
	}
}

static void test_memory_object_control_stays(void **state)
{
	struct model *model = *state;

	for (uint32_t at = 0xc800; at < 0xcd00; at += 4)
		write32(model, at, at);
	for (uint32_t at = 0xc800; at < 0xcd00; at += 4)
		assert_int_equal(read32(model, at), at);
	assert_int_equal(model->vgpu->stats.unknown_writes, 0);
}

static void test_ports_answer_that_nothing_is_there(void **state)
{
	struct model *model = *state;

	for (uint32_t port = 0; port < 5; port++) {
		/* What i915 writes: send, and clear what was before. */
		write32(model, 0x64010 + 0x100 * port, 0x80000000 | 0x7e40023f);
		assert_int_equal(read32(model, 0x64010 + 0x100 * port) >> 25, 0x50000000 >> 25 | 0x2c000000 >> 25);
		write32(model, 0x64010 + 0x100 * port, 0x52000000);
		assert_int_equal(read32(model, 0x64010 + 0x100 * port) & 0x52000000, 0);
	}
	/* GMBUS: nobody on the pins of port C. */
	write32(model, 0xc5100, 4);
	write32(model, 0xc5104, 0x42000000 | 0x50 << 1);
	assert_int_equal(read32(model, 0xc5108) & 0x400, 0x400);
	write32(model, 0xc5104, 0x80000000);
	assert_int_equal(read32(model, 0xc5108) & 0x400, 0);
}

static void test_pipes_say_that_they_are_on(void **state)
{
	struct model *model = *state;

	for (uint32_t pipe = 0; pipe < 3; pipe++) {
		write32(model, 0x70008 + 0x1000 * pipe, 0x80000000);
		assert_int_equal(read32(model, 0x70008 + 0x1000 * pipe), 0xc0000000);
		write32(model, 0x70008 + 0x1000 * pipe, 0);
		assert_int_equal(read32(model, 0x70008 + 0x1000 * pipe), 0);
	}
	assert_int_equal(read32(model, 0x64000) & 0x80, 0x80);
	write32(model, 0x64100, 0x80000000);
	assert_int_equal(read32(model, 0x64100), 0x80000000);
}

static void test_pvinfo(void **state)
{
	struct model *model = *state;
	uint64_t magic;

	assert_int_equal(vgpu_bar0_read(model->vgpu, PVINFO, &magic, 8), 0);
	assert_memory_equal(&magic, "vGTvGTvG", 8);
	assert_int_equal(read32(model, PVINFO + 0x08) & 0xffff, 1);
	assert_int_equal(read32(model, PVINFO + 0x10) & 0xc, 0xc);
	assert_int_equal(read32(model, PVINFO + 0x40), model->vgpu->aperture.start);
	assert_int_equal(read32(model, PVINFO + 0x44), 64 * MB);
	assert_int_equal(read32(model, PVINFO + 0x48), model->vgpu->hidden.start);
	assert_int_equal(read32(model, PVINFO + 0x4c), 384 * MB);
	assert_true(read32(model, PVINFO + 0x48) >= 512 * MB);
	assert_int_equal(read32(model, PVINFO + 0x50), 4);
	for (uint32_t at = 0; at < 0x800; at += 4) {
		uint32_t before = read32(model, PVINFO + at);

		write32(model, PVINFO + at, ~before);
		assert_int_equal(read32(model, PVINFO + at), before);
	}
}

static void test_notifications_are_taken(void **state)
{
	struct model *model = *state;

	for (uint32_t n = 2; n < 8; n++)
		write32(model, PVINFO + 0x818, n);
	assert_int_equal(model->vgpu->stats.unknown_writes, 0);
	write32(model, PVINFO + 0x818, 99);
	assert_int_equal(model->vgpu->stats.unknown_writes, 1);
}

static void test_reset_is_power_on(void **state)
{
	struct model *model = *state;
	static uint32_t before[0x200000 / 4];

	memcpy(before, model->vgpu->regs, sizeof(before));
	for (uint32_t at = 0; at < 0x200000; at += 4)
		write32(model, at, 0xa5a5a5a5 ^ at);
	vgpu_reset(model->vgpu);
	assert_memory_equal(before, model->vgpu->regs, sizeof(before));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)
#define TEST_BDW(name) cmocka_unit_test_setup_teardown(name, model_setup_bdw, model_teardown)

static void test_time_goes_by(void **state)
{
	struct model *model = *state;
	uint32_t before = read32(model, 0x2358);

	kshim_pass_time(1000);
	assert_int_not_equal(read32(model, 0x2358), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unknown_registers_are_memory_of_the_vgpu),
		TEST(test_time_goes_by),
		TEST(test_nothing_reaches_the_gpu),
		TEST(test_any_length_and_place),
		TEST(test_the_bar_has_an_end_and_a_hole),
		TEST(test_forcewake_is_answered),
		TEST(test_masked_writes),
		TEST(test_power_wells_and_clocks_are_on_at_once),
		TEST(test_fuses_are_the_gpus),
		TEST(test_one_frequency),
		TEST(test_pcode_answers),
		TEST(test_resets_end_at_once),
		TEST(test_a_stopped_engine_is_idle),
		TEST(test_memory_object_control_stays),
		TEST(test_ports_answer_that_nothing_is_there),
		TEST(test_pipes_say_that_they_are_on),
		TEST(test_pvinfo),
		TEST(test_notifications_are_taken),
		TEST(test_reset_is_power_on),
		TEST_BDW(test_pcode_answers),
		TEST_BDW(test_resets_end_at_once),
		TEST_BDW(test_pvinfo),
		TEST_BDW(test_reset_is_power_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
