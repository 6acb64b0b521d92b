// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How vGPUs share an engine: by weight, with a cap, and with one that never lets go.
 * The test is the hardware: it says how long each workload was on the engine.
 */
#include "model-fixture.h"

#include <string.h>

#define RCS  0x2000u
#define ELSP (RCS + 0x230)

#define MS 1000000ull

/* Pages of the guests, at their number in the aperture as well. Both guests have the same memory, but not the same images. */
enum { IMAGE = 8, IMAGES = 8, RING = 40, PML4 = 50 };

/* Two vGPUs that always have four requests. */
struct two {
	struct model *model;
	struct vgpu *vgpus[2];
	uint64_t ran[2];
	uint32_t tails[2];
};

static uint32_t address_of(const struct vgpu *vgpu, unsigned int page)
{
	return (uint32_t)vgpu->aperture.start + page * PAGE;
}

static void prepare(struct two *two, unsigned int n)
{
	struct model *model = two->model;
	struct vgpu *vgpu = two->vgpus[n];
	uint32_t *registers = (uint32_t *)(model->memory + (IMAGE + n * IMAGES + 1) * PAGE);

	model->vgpu = vgpu;
	for (unsigned int page = 0; page < 64; page++)
		write_entry(model, first_aperture_entry(model) + page, page * PAGE | 1);
	write32(model, FLUSH_GGTT, 1);
	registers[0x03] = 0x00090009;
	registers[0x09] = address_of(vgpu, RING + n);
	registers[0x0b] = 1;
	registers[0x33] = PML4 * PAGE;
	/* Each request asks for its interrupt. */
	for (unsigned int i = 0; i < PAGE / 4; i += 2)
		((uint32_t *)(model->memory + (RING + n) * PAGE))[i] = 0x02u << 23;
}

static void submit(struct two *two, unsigned int n)
{
	uint32_t *registers = (uint32_t *)(two->model->memory + (IMAGE + n * IMAGES + 1) * PAGE);
	const uint32_t elsp[4] = { 0, 0, 0x20, address_of(two->vgpus[n], IMAGE + n * IMAGES) | 0x19 };

	two->tails[n] = (two->tails[n] + 8) % PAGE;
	registers[0x07] = two->tails[n];
	two->model->vgpu = two->vgpus[n];
	for (unsigned int i = 0; i < 4; i++)
		write32(two->model, ELSP, elsp[i]);
	model_settle(two->model);
}

static unsigned int owner_of(const struct two *two, const struct host_work *work)
{
	return work->owner == two->vgpus[1];
}

/* The oldest request runs for so long, and ends; its guest has another at once. */
static void run_one(struct two *two, uint64_t ns)
{
	unsigned int n = owner_of(two, host_work(two->model, 0));

	two->ran[n] += ns;
	host_run_work(two->model, 0, ns);
	host_end_work(two->model, 0, false);
	model_settle(two->model);
	submit(two, n);
}

static struct two *make_two(struct model *model, u32 weight, u32 other_weight)
{
	static struct two two;
	struct gvt_sizes sizes = model_small;

	two = (struct two){ .model = model };
	sizes.weight = weight;
	two.vgpus[0] = model->vgpu;
	assert_int_equal(vgpu_resize(two.vgpus[0], &sizes), 0);
	sizes.weight = other_weight;
	two.vgpus[1] = model_create(model, &sizes);
	model_open(model, two.vgpus[1]);
	for (unsigned int n = 0; n < 2; n++) {
		prepare(&two, n);
		for (unsigned int i = 0; i < 4; i++)
			submit(&two, n);
	}
	return &two;
}

static void end_two(struct two *two)
{
	vgpu_destroy(two->vgpus[1]);
	two->model->vgpu = two->vgpus[0];
}

static double share_of_second(const struct two *two)
{
	return (double)two->ran[1] / (double)(two->ran[0] + two->ran[1]);
}

static void expect_share(const struct two *two, double wanted)
{
	if (share_of_second(two) < wanted - 0.02 || share_of_second(two) > wanted + 0.02)
		fail_msg("the second has %.3f of the engine, not %.3f", share_of_second(two), wanted);
}

static void test_time_is_shared_by_weight(void **state)
{
	struct two *two = make_two(*state, 2, 6);

	for (unsigned int i = 0; i < 400; i++)
		run_one(two, 4 * MS);
	expect_share(two, 0.75);
	/* From now on it is the other way round. */
	gvt_scheduler_set(two->vgpus[0], 6, GVT_CAP_MAX);
	gvt_scheduler_set(two->vgpus[1], 2, GVT_CAP_MAX);
	two->ran[0] = two->ran[1] = 0;
	for (unsigned int i = 0; i < 400; i++)
		run_one(two, 4 * MS);
	expect_share(two, 0.25);
	end_two(two);
}

/* Time counts, not how often. */
static void test_long_and_short_work(void **state)
{
	struct two *two = make_two(*state, 4, 4);

	for (unsigned int i = 0; i < 2000; i++)
		run_one(two, owner_of(two, host_work(two->model, 0)) ? 7 * MS : 1 * MS);
	expect_share(two, 0.5);
	assert_int_equal(gvt_scheduler_time(two->vgpus[0], GVT_RCS), two->ran[0]);
	end_two(two);
}

static unsigned int works_of(const struct two *two, unsigned int n)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < host_works(two->model); i++)
		count += owner_of(two, host_work(two->model, i)) == n;
	return count;
}

/* Lesson: a guest whose work does not end held the engine until the host's patience ended. */
static void test_who_never_ends_keeps_nobody_off(void **state)
{
	struct two *two = make_two(*state, 4, 4);
	unsigned int good;

	/* The first that runs never ends; the host takes it off, and back, while the other's run. */
	good = !owner_of(two, host_work(two->model, 0));
	assert_int_equal(works_of(two, !good), 2);
	for (unsigned int i = 0; i < 20; i++) {
		host_run_work(two->model, 0, 5 * MS);
		model_settle(two->model);
		assert_true(works_of(two, good) > 0);
	}
	end_two(two);
}

/* Leaves the second with nothing to do. */
static void rest(struct two *two)
{
	for (unsigned int i = 0; i < 8; i++) {
		if (owner_of(two, host_work(two->model, 0)))
			host_end_work(two->model, 0, true);
		else
			run_one(two, MS);
		model_settle(two->model);
	}
}

static void test_who_is_alone_has_all(void **state)
{
	struct two *two = make_two(*state, 1, 64);

	/* The other's work ends, and it has no more. */
	rest(two);
	for (unsigned int i = 0; i < 100; i++) {
		assert_int_equal(works_of(two, 0), 2);
		run_one(two, 10 * MS);
	}
	end_two(two);
}

/* Whoever looks sees the time of what is still on the engine, and no counter goes back. */
static void test_time_is_told_while_it_passes(void **state)
{
	struct two *two = make_two(*state, 1, 64);
	u64 time, told;

	rest(two);
	time = gvt_scheduler_time(two->vgpus[0], GVT_RCS);
	kshim_pass_time(30 * MS);
	told = gvt_scheduler_time(two->vgpus[0], GVT_RCS);
	assert_true(told >= time + 30 * MS);
	/* It had less: the host was on the engine, too. */
	host_run_work(two->model, 0, 10 * MS);
	assert_true(gvt_scheduler_time(two->vgpus[0], GVT_RCS) >= told);
	kshim_pass_time(25 * MS);
	assert_true(gvt_scheduler_time(two->vgpus[0], GVT_RCS) > time + 34 * MS);
	end_two(two);
}

static void test_caps(void **state)
{
	struct two *two = make_two(*state, 4, 4);
	struct vgpu *vgpu = two->vgpus[0];

	assert_int_equal(vgpu_set_cap(vgpu, 0), -EINVAL);
	assert_int_equal(vgpu_set_cap(vgpu, 101), -EINVAL);
	assert_int_equal(vgpu_set_cap(vgpu, 1), 0);
	/* What is in flight ends; then nothing of it comes in the time of this test, and all of the other. */
	for (unsigned int i = 0; i < 8; i++)
		run_one(two, 1000 * MS);
	assert_int_equal(works_of(two, 0), 0);
	assert_int_equal(works_of(two, 1), 2);
	assert_int_equal(vgpu_set_cap(vgpu, 100), 0);
	two->ran[0] = two->ran[1] = 0;
	for (unsigned int i = 0; i < 400; i++)
		run_one(two, 4000 * MS);
	assert_true(two->ran[0] > 0);
	end_two(two);
}

/* The oldest ends, and its context stays on the engine, for the guest has more at once. */
static void stay(struct two *two, uint64_t ns)
{
	kshim_pass_time(ns);
	host_end_work(two->model, 0, false);
	submit(two, 0);
}

/* It was on the engine for long before there was a cap; that is not paid for. */
static void test_a_cap_is_no_debt(void **state)
{
	struct two *two = make_two(*state, 4, 4);

	rest(two);
	kshim_pass_time(1000 * MS);
	assert_int_equal(vgpu_set_cap(two->vgpus[0], 50), 0);
	kshim_pass_time(10 * MS);
	host_run_work(two->model, 0, 1010 * MS);
	kshim_pass_time(30 * MS);
	for (unsigned int i = 0; i < 2; i++)
		host_end_work(two->model, 0, false);
	model_settle(two->model);
	assert_int_equal(works_of(two, 0), 0);
	kshim_pass_time(50 * MS);
	/* The same once more: that is looked at now, and not when time has passed for the scheduler as well. */
	assert_int_equal(vgpu_set_cap(two->vgpus[0], 50), 0);
	model_settle(two->model);
	assert_int_not_equal(works_of(two, 0), 0);
	end_two(two);
}

/* A context that never leaves the engine is never charged: what it has begun counts all the same. */
static void test_who_stays_is_capped(void **state)
{
	struct two *two = make_two(*state, 4, 4);
	unsigned int ended = 0;

	rest(two);
	assert_int_equal(vgpu_set_cap(two->vgpus[0], 10), 0);
	for (; works_of(two, 0) && ended < 100; ended++)
		stay(two, 5 * MS);
	/* 10 ms are what it may save up, one was running, and the next was there. */
	if (ended > 4)
		fail_msg("%u pieces of 5 ms with a cap of 10 percent", ended);
	end_two(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_time_is_shared_by_weight, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_long_and_short_work, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_who_never_ends_keeps_nobody_off, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_who_is_alone_has_all, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_time_is_told_while_it_passes, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_caps, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_a_cap_is_no_debt, model_setup, model_teardown),
		cmocka_unit_test_setup_teardown(test_who_stays_is_capped, model_setup, model_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
