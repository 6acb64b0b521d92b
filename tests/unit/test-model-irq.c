// SPDX-License-Identifier: GPL-2.0-or-later
/* A vGPU's interrupts: groups with masks, one master, one MSI (Skylake PRM, vol. 2c, "Interrupt"). */
#include "model-fixture.h"

#include "kernel-gvt/vgpu/irq.h"

#define MASTER 0x44200u
#define ENABLE 0x80000000u
#define IMR    4u
#define IIR    8u
#define IER    12u

/* Each group, one of its bits, and the master's bit for it. */
static const struct {
	uint32_t group, bit, master;
} sources[] = {
	{ 0x44300, 0x00000001, 1u << 0 },  { 0x44300, 0x01000000, 1u << 1 },  { 0x44310, 0x00000100, 1u << 2 },
	{ 0x44330, 0x00000100, 1u << 6 },  { 0x44400, 0x00000001, 1u << 16 }, { 0x44410, 0x00000001, 1u << 17 },
	{ 0x44420, 0x00000001, 1u << 18 }, { 0x44440, 0x00000001, 1u << 20 }, { 0x44460, 0x08000000, 1u << 22 },
	{ 0xc4000, 0x00020000, 1u << 23 }, { 0x444e0, 0x01000000, 1u << 30 },
};

static void enable_msi(struct model *model, bool on)
{
	uint16_t control = on;

	vgpu_config_write(model->vgpu, 0xae, &control, 2);
}

static int setup(void **state)
{
	struct model *model;

	model_setup(state);
	model = *state;
	enable_msi(model, true);
	write32(model, MASTER, ENABLE);
	return 0;
}

static void let_through(struct model *model, uint32_t group, uint32_t bits)
{
	write32(model, group + IMR, ~bits);
	write32(model, group + IER, bits);
}

static void test_after_a_reset_nothing_comes(void **state)
{
	struct model *model = *state;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		assert_int_equal(read32(model, sources[i].group + IMR), 0xffffffff);
		assert_int_equal(read32(model, sources[i].group + IER), 0);
		vgpu_irq_raise(model->vgpu, sources[i].group, sources[i].bit);
		assert_int_equal(read32(model, sources[i].group + IIR), 0);
	}
	assert_int_equal(model->interrupts, 0);
}

static void test_each_group_has_its_bit_in_the_master(void **state)
{
	struct model *model = *state;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		let_through(model, sources[i].group, sources[i].bit);
		vgpu_irq_raise(model->vgpu, sources[i].group, sources[i].bit);
		assert_int_equal(model->interrupts, i + 1);
		assert_int_equal(read32(model, sources[i].group + IIR), sources[i].bit);
		assert_int_equal(read32(model, MASTER), ENABLE | sources[i].master);
		write32(model, sources[i].group + IIR, sources[i].bit);
		assert_int_equal(read32(model, sources[i].group + IIR), 0);
		assert_int_equal(read32(model, MASTER), ENABLE);
		let_through(model, sources[i].group, 0);
	}
}

static void test_masked_events_are_lost_and_disabled_ones_stand(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44300, 1);
	vgpu_irq_raise(model->vgpu, 0x44300, 2);
	assert_int_equal(read32(model, 0x44300 + IIR), 0);
	write32(model, 0x44300 + IMR, 0);
	vgpu_irq_raise(model->vgpu, 0x44300, 2);
	assert_int_equal(read32(model, 0x44300 + IIR), 2);
	assert_int_equal(model->interrupts, 0);
	/* Wanted now: it stands already. */
	write32(model, 0x44300 + IER, 2);
	assert_int_equal(model->interrupts, 1);
}

static void test_only_ones_clear(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44300, 0xff);
	vgpu_irq_raise(model->vgpu, 0x44300, 0x0f);
	write32(model, 0x44300 + IIR, 0);
	assert_int_equal(read32(model, 0x44300 + IIR), 0x0f);
	write32(model, 0x44300 + IIR, 0xf5);
	assert_int_equal(read32(model, 0x44300 + IIR), 0x0a);
}

static void test_an_event_that_stands_is_no_news(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44300, 1);
	vgpu_irq_raise(model->vgpu, 0x44300, 1);
	vgpu_irq_raise(model->vgpu, 0x44300, 1);
	assert_int_equal(model->interrupts, 1);
}

static void test_what_came_while_the_master_was_off_is_told_when_it_goes_on(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44310, 0x100);
	write32(model, MASTER, 0);
	vgpu_irq_raise(model->vgpu, 0x44310, 0x100);
	assert_int_equal(model->interrupts, 0);
	assert_int_equal(read32(model, MASTER), 1u << 2);
	write32(model, MASTER, ENABLE);
	assert_int_equal(model->interrupts, 1);
	write32(model, MASTER, 0);
	write32(model, 0x44310 + IIR, 0x100);
	write32(model, MASTER, ENABLE);
	assert_int_equal(model->interrupts, 1);
}

static void test_no_msi_no_interrupt(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44300, 1);
	enable_msi(model, false);
	vgpu_irq_raise(model->vgpu, 0x44300, 1);
	assert_int_equal(model->interrupts, 0);
	enable_msi(model, true);
	write32(model, MASTER, ENABLE);
	assert_int_equal(model->interrupts, 1);
}

static void test_a_closed_vgpu_interrupts_nobody(void **state)
{
	struct model *model = *state;

	let_through(model, 0x44300, 1);
	vgpu_close(model->vgpu);
	vgpu_irq_raise(model->vgpu, 0x44300, 1);
	assert_int_equal(model->interrupts, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_after_a_reset_nothing_comes),
		TEST(test_each_group_has_its_bit_in_the_master),
		TEST(test_masked_events_are_lost_and_disabled_ones_stand),
		TEST(test_only_ones_clear),
		TEST(test_an_event_that_stands_is_no_news),
		TEST(test_what_came_while_the_master_was_off_is_told_when_it_goes_on),
		TEST(test_no_msi_no_interrupt),
		TEST(test_a_closed_vgpu_interrupts_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
