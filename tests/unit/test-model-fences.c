// SPDX-License-Identifier: GPL-2.0-or-later
/* Fences of a vGPU are some of the GPU's, under other numbers, and cover nothing but its own aperture. */
#include "model-fixture.h"

#define VALID 1ull

static uint64_t hardware_fence(struct model *model, unsigned int n)
{
	unsigned int id = model->vgpu->fence_ids[n];

	return (uint64_t)hardware_register(model, FENCE(id) + 4) << 32 | hardware_register(model, FENCE(id));
}

static void write_fence(struct model *model, unsigned int n, uint64_t value)
{
	write32(model, FENCE(n), 0);
	write32(model, FENCE(n) + 4, (uint32_t)(value >> 32));
	write32(model, FENCE(n), (uint32_t)value);
}

/* Of pages [first, last] of the vGPU's aperture, X tiled, 512 bytes a row. */
static uint64_t fence_of(const struct model *model, uint64_t first, uint64_t last)
{
	uint64_t start = model->vgpu->aperture.start;

	return (start + last * PAGE) << 32 | 3ull << 32 | (start + first * PAGE) | VALID;
}

static void test_numbers_are_the_vgpus_own(void **state)
{
	struct model *model = *state;

	for (unsigned int n = 0; n < 4; n++) {
		write_fence(model, n, fence_of(model, 16 * n, 16 * n + 15));
		assert_int_equal(hardware_fence(model, n), fence_of(model, 16 * n, 16 * n + 15));
		assert_int_not_equal(model->vgpu->fence_ids[n], n);
	}
	assert_int_equal(read32(model, FENCE(1)), (uint32_t)fence_of(model, 16, 31));
}

static void test_no_more_than_it_has(void **state)
{
	struct model *model = *state;

	write_fence(model, 4, fence_of(model, 0, 1));
	write_fence(model, 31, fence_of(model, 0, 1));
	assert_int_equal(model->vgpu->stats.outside, 6);
	for (unsigned int id = 0; id < 32; id++)
		assert_int_equal(hardware_register(model, FENCE(id)), 0);
}

static void test_nothing_but_its_own_aperture(void **state)
{
	struct model *model = *state;
	uint64_t start = model->vgpu->aperture.start, end = start + 64 * MB;
	const uint64_t fences[] = {
		(start + PAGE) << 32 | (start - PAGE) | VALID, /* begins before */
		end << 32 | start | VALID, /* ends behind */
		start << 32 | (start + PAGE) | VALID, /* the wrong way round */
		0xfffff000ull << 32 | VALID,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fences); i++) {
		write_fence(model, 0, fences[i]);
		assert_int_equal(hardware_fence(model, 0) & VALID, 0);
	}
	write_fence(model, 0, (end - PAGE) << 32 | start | VALID); /* all of it */
	assert_int_equal(hardware_fence(model, 0) & VALID, VALID);
}

static void test_they_go_with_a_reset(void **state)
{
	struct model *model = *state;

	write_fence(model, 2, fence_of(model, 0, 15));
	vgpu_reset(model->vgpu);
	assert_int_equal(hardware_fence(model, 2), 0);
	assert_int_equal(read32(model, FENCE(2)), 0);
	write_fence(model, 2, fence_of(model, 0, 15));
	vgpu_close(model->vgpu);
	assert_int_equal(hardware_fence(model, 2), 0);
}

static void test_they_come_back_after_a_suspend(void **state)
{
	struct model *model = *state;

	write_fence(model, 1, fence_of(model, 0, 15));
	hardware_set_register(model, FENCE(model->vgpu->fence_ids[1]), 0);
	gvt_gpu_restore(model->gpu);
	assert_int_equal(hardware_fence(model, 1), fence_of(model, 0, 15));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_numbers_are_the_vgpus_own),
		TEST(test_no_more_than_it_has),
		TEST(test_nothing_but_its_own_aperture),
		TEST(test_they_go_with_a_reset),
		TEST(test_they_come_back_after_a_suspend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
