// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest's GGTT: what it writes as memory or by trap, what hardware gets of it, and what is pinned
 * for it. An entry of a guest names its own memory by its own address; GUEST_BUS is where that lies.
 */
#include "model-fixture.h"

#include "gpusim/gpu/gpu.h"

static uint64_t guest_entry(uint64_t gfn)
{
	return gfn * PAGE | 1;
}

static uint64_t shadow_entry(uint64_t gfn)
{
	return (GUEST_BUS + gfn * PAGE) | 1;
}

static void flush(struct model *model)
{
	write32(model, FLUSH_GGTT, 1);
}

static void expect_pins(struct model *model, uint64_t gfn, unsigned int count)
{
	assert_int_equal(model->pins[gfn], count);
}

static void test_an_entry_counts_when_the_guest_says_so(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	write_entry(model, n, guest_entry(7));
	assert_int_equal(model->pinned, 0);
	flush(model);
	assert_int_equal(hardware_entry(model, n), shadow_entry(7));
	expect_pins(model, 7, 1);
	assert_int_equal(model->vgpu->stats.ggtt_writes, 0);
}

static void test_both_areas_to_their_ends(void **state)
{
	struct model *model = *state;
	uint32_t places[] = { first_aperture_entry(model), first_aperture_entry(model) + 64 * 256 - 1,
			      first_hidden_entry(model), first_hidden_entry(model) + 384 * 256 - 1 };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		write_entry(model, places[i], guest_entry(20 + i));
	flush(model);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		assert_int_equal(hardware_entry(model, places[i]), shadow_entry(20 + i));
}

/* The fixture fails the test when the model touches an entry that is not reserved. */
static void test_what_is_not_the_vgpus_is_nobodys(void **state)
{
	struct model *model = *state;
	uint32_t places[] = { 0, first_aperture_entry(model) - 1, first_aperture_entry(model) + 64 * 256,
			      first_hidden_entry(model) - 1, first_hidden_entry(model) + 384 * 256, 0xfffff };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		uint64_t before = hardware_entry(model, places[i]);

		write_entry(model, places[i], guest_entry(1));
		flush(model);
		assert_int_equal(hardware_entry(model, places[i]), before);
	}
	assert_int_equal(model->pinned, 0);
}

static void test_memory_that_the_guest_has_not(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);
	static const uint64_t entries[] = { (uint64_t)GUEST_PAGES * PAGE | 1, 0x3ffffffff000 | 1, ~0ull,
					    GUEST_BUS | 1 };

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		write_entry(model, n + (uint32_t)i, entries[i]);
		flush(model);
		assert_int_equal(hardware_entry(model, n + (uint32_t)i), hardware_scratch(model));
	}
	assert_int_equal(model->vgpu->stats.ggtt_dropped, ARRAY_SIZE(entries));
	assert_int_equal(model->pinned, 0);
}

static void test_bits_beside_the_address_do_not_reach_hardware(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	write_entry(model, n, guest_entry(3) | 0xffe | 0xffffull << 46);
	flush(model);
	assert_int_equal(hardware_entry(model, n), shadow_entry(3));
}

static void test_a_page_is_pinned_once_and_as_long_as_something_maps_it(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model), hidden = first_hidden_entry(model);

	write_entry(model, n, guest_entry(5));
	write_entry(model, n + 1, guest_entry(5));
	write_entry(model, hidden, guest_entry(5));
	flush(model);
	expect_pins(model, 5, 1);
	write_entry(model, n, 0);
	write_entry(model, n + 1, guest_entry(6));
	flush(model);
	expect_pins(model, 5, 1);
	expect_pins(model, 6, 1);
	assert_int_equal(hardware_entry(model, n), hardware_scratch(model));
	write_entry(model, hidden, guest_entry(6));
	flush(model);
	expect_pins(model, 5, 0);
	expect_pins(model, 6, 1);
}

static void test_a_guest_without_memory_to_pin(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	model->fail_pin = 2;
	for (uint32_t i = 0; i < 3; i++)
		write_entry(model, n + i, guest_entry(i));
	flush(model);
	assert_int_equal(hardware_entry(model, n), shadow_entry(0));
	assert_int_equal(hardware_entry(model, n + 1), hardware_scratch(model));
	assert_int_equal(hardware_entry(model, n + 2), shadow_entry(2));
	assert_int_equal(model->pinned, 2);
}

static void test_quiet_pages_cool_and_are_told_of_when_touched(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	write_entry(model, n, guest_entry(1));
	assert_false(model->protects[n / 512]);
	for (unsigned int i = 0; i < 32; i++)
		flush(model);
	assert_true(model->protects[n / 512]);
	write_entry(model, n, guest_entry(2));
	flush(model);
	assert_int_equal(hardware_entry(model, n), shadow_entry(2));
}

static void test_pages_that_change_stay_warm(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	for (unsigned int i = 0; i < 32; i++) {
		write_entry(model, n, guest_entry(i));
		flush(model);
		flush(model);
		assert_false(model->protects[n / 512]);
	}
}

static void test_a_guest_that_can_not_be_told_of_stays_warm(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	model->cannot_protect = true;
	write_entry(model, n, guest_entry(1));
	for (unsigned int i = 0; i < 32; i++)
		flush(model);
	assert_false(model->protects[n / 512]);
	((uint64_t *)vgpu_ggtt_page(model->vgpu, n / 512))[n % 512] = guest_entry(2);
	flush(model);
	assert_int_equal(hardware_entry(model, n), shadow_entry(2));
}

/* Lesson: eight bytes at once were dead code; QEMU's two halves were all that worked. */
static void test_trapped_entries_in_one_piece_and_in_halves(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);
	uint64_t entry = guest_entry(9), back;
	uint32_t halves[2] = { (uint32_t)guest_entry(10), 0 };

	assert_int_equal(vgpu_bar0_write(model->vgpu, GGTT_AT + 8 * n, &entry, 8), 0);
	assert_int_equal(hardware_entry(model, n), shadow_entry(9));
	assert_int_equal(vgpu_bar0_write(model->vgpu, GGTT_AT + 8 * n + 8, &halves[0], 4), 0);
	assert_int_equal(vgpu_bar0_write(model->vgpu, GGTT_AT + 8 * n + 12, &halves[1], 4), 0);
	assert_int_equal(hardware_entry(model, n + 1), shadow_entry(10));
	assert_int_equal(vgpu_bar0_read(model->vgpu, GGTT_AT + 8 * n + 8, &back, 8), 0);
	assert_int_equal(back, guest_entry(10));
	assert_int_equal(model->vgpu->stats.ggtt_writes, 3);
}

static void test_trapped_entries_outside(void **state)
{
	struct model *model = *state;
	uint64_t entry = guest_entry(1), back = 1;

	assert_int_equal(vgpu_bar0_write(model->vgpu, GGTT_AT, &entry, 8), 0);
	assert_int_equal(vgpu_bar0_read(model->vgpu, GGTT_AT, &back, 8), 0);
	assert_int_equal(back, 0);
	assert_int_equal(model->vgpu->stats.outside, 1);
	/* Drivers clear the last of all, and mean nothing by it. */
	assert_int_equal(vgpu_bar0_write(model->vgpu, 16 * MB - 8, &entry, 8), 0);
	assert_int_equal(model->vgpu->stats.outside, 1);
	assert_int_equal(model->pinned, 0);
}

static void test_reset_and_close_unpin_everything(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model), hidden = first_hidden_entry(model);

	for (uint32_t i = 0; i < 600; i++) {
		write_entry(model, n + i, guest_entry(i));
		write_entry(model, hidden + i, guest_entry(i + 100));
	}
	flush(model);
	assert_int_equal(model->pinned, 700);
	vgpu_reset(model->vgpu);
	assert_int_equal(model->pinned, 0);
	assert_int_equal(hardware_entry(model, n + 5), hardware_scratch(model));
	assert_int_equal(*(uint64_t *)vgpu_ggtt_page(model->vgpu, n / 512), 0);
	write_entry(model, n, guest_entry(1));
	flush(model);
	assert_int_equal(model->pinned, 1);
	vgpu_close(model->vgpu);
	assert_int_equal(model->pinned, 0);
	assert_int_equal(hardware_entry(model, n), hardware_scratch(model));
}

/* Lesson: unmapping ignored reference counts, and left stale entries. */
static void test_memory_that_goes_away(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	for (uint32_t i = 0; i < 8; i++)
		write_entry(model, n + i, guest_entry(i / 2));
	flush(model);
	vgpu_forget_memory(model->vgpu, 1, 2);
	expect_pins(model, 0, 1);
	expect_pins(model, 1, 0);
	expect_pins(model, 2, 0);
	expect_pins(model, 3, 1);
	assert_int_equal(hardware_entry(model, n + 1), shadow_entry(0));
	assert_int_equal(hardware_entry(model, n + 2), hardware_scratch(model));
	assert_int_equal(hardware_entry(model, n + 5), hardware_scratch(model));
	assert_int_equal(hardware_entry(model, n + 6), shadow_entry(3));
	/* It is there again, and the entries still stand. */
	flush(model);
	assert_int_equal(hardware_entry(model, n + 2), shadow_entry(1));
	vgpu_forget_memory(model->vgpu, 0, ~0ull);
	assert_int_equal(model->pinned, 0);
}

static void test_the_gpu_forgets_over_a_suspend(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);
	const uint64_t junk = 0xdead000 | 1;

	write_entry(model, n, guest_entry(4));
	flush(model);
	assert_int_equal(gpu_bar_write(model->hardware, 0, GGTT_AT + 8ull * n, &junk, 8), 0);
	assert_int_equal(gpu_bar_write(model->hardware, 0, GGTT_AT + 8ull * n + 8, &junk, 8), 0);
	gvt_gpu_restore(model->gpu);
	assert_int_equal(hardware_entry(model, n), shadow_entry(4));
	assert_int_equal(hardware_entry(model, n + 1), hardware_scratch(model));
}

static void test_the_guests_memory_behind_an_address(void **state)
{
	struct model *model = *state;
	uint32_t n = first_hidden_entry(model);

	write_entry(model, n, guest_entry(11));
	flush(model);
	assert_ptr_equal(vgpu_ggtt_memory(model->vgpu, (uint64_t)n * PAGE + 0x123),
			 model->memory + 11 * PAGE + 0x123);
	assert_null(vgpu_ggtt_memory(model->vgpu, (uint64_t)(n + 1) * PAGE));
	assert_null(vgpu_ggtt_memory(model->vgpu, 0));
	assert_null(vgpu_ggtt_memory(model->vgpu, ~0ull));
}

static void test_aperture_is_the_vgpus_part_of_the_gpus(void **state)
{
	struct model *model = *state;
	uint64_t start = model->vgpu->aperture.start, value = 0x1122334455667788, back = 0;

	write_entry(model, first_aperture_entry(model), guest_entry(30));
	flush(model);
	assert_int_equal(vgpu_aperture_write(model->vgpu, start + 0x100, &value, 8), 0);
	assert_memory_equal(model->memory + 30 * PAGE + 0x100, &value, 8);
	assert_int_equal(vgpu_aperture_read(model->vgpu, start + 0x100, &back, 8), 0);
	assert_int_equal(back, value);
	/* Beside it: ones, and nothing is written. */
	assert_int_equal(vgpu_aperture_read(model->vgpu, start - 8, &back, 8), 0);
	assert_int_equal(back, ~0ull);
	assert_int_equal(vgpu_aperture_write(model->vgpu, 0, &value, 8), 0);
	assert_int_equal(model->vgpu->stats.outside, 2);
}

/* Lesson: the aperture's last bytes were refused. */
static void test_the_apertures_last_bytes(void **state)
{
	struct model *model = *state;
	uint64_t back = 0;

	assert_int_equal(vgpu_aperture_read(model->vgpu, 512 * MB - 8, &back, 8), 0);
	assert_int_equal(vgpu_aperture_read(model->vgpu, 512 * MB - 1, &back, 1), 0);
	assert_int_equal(vgpu_aperture_read(model->vgpu, 512 * MB - 7, &back, 8), -EINVAL);
	assert_int_equal(vgpu_aperture_write(model->vgpu, ~0ull, &back, 8), -EINVAL);
}

#define TEST(name)	   cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)
#define TEST_TRAPPED(name) cmocka_unit_test_setup_teardown(name, model_setup_trapped, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_entry_counts_when_the_guest_says_so),
		TEST(test_both_areas_to_their_ends),
		TEST(test_what_is_not_the_vgpus_is_nobodys),
		TEST(test_memory_that_the_guest_has_not),
		TEST(test_bits_beside_the_address_do_not_reach_hardware),
		TEST(test_a_page_is_pinned_once_and_as_long_as_something_maps_it),
		TEST(test_a_guest_without_memory_to_pin),
		TEST(test_quiet_pages_cool_and_are_told_of_when_touched),
		TEST(test_pages_that_change_stay_warm),
		TEST(test_a_guest_that_can_not_be_told_of_stays_warm),
		TEST(test_trapped_entries_in_one_piece_and_in_halves),
		TEST_TRAPPED(test_trapped_entries_in_one_piece_and_in_halves),
		TEST(test_trapped_entries_outside),
		TEST(test_reset_and_close_unpin_everything),
		TEST(test_memory_that_goes_away),
		TEST(test_the_gpu_forgets_over_a_suspend),
		TEST(test_the_guests_memory_behind_an_address),
		TEST(test_aperture_is_the_vgpus_part_of_the_gpus),
		TEST(test_the_apertures_last_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
