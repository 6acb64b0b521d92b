// SPDX-License-Identifier: GPL-2.0-or-later
/* How one GPU is cut into vGPUs: classic types, sizes of one's own, what is refused, and where each piece goes. */
#include "model-fixture.h"

#include <stdlib.h>
#include <string.h>

#define HOST_APERTURE_MB 128u
#define HOST_HIDDEN_MB	 384u

static struct model *empty(uint64_t aperture)
{
	return model_new("skl-gt2", aperture, NULL, false);
}

static unsigned int available(struct model *model, unsigned int share)
{
	for (size_t i = 0; i < GVT_TYPE_COUNT; i++)
		if (gvt_types[i].share == share)
			return gvt_gpu_available(model->gpu, &gvt_types[i]);
	fail_msg("there is no such type");
	return 0;
}

static void expect_available(struct model *model, unsigned int v8, unsigned int v4, unsigned int v2, unsigned int v1)
{
	assert_int_equal(available(model, 8), v8);
	assert_int_equal(available(model, 4), v4);
	assert_int_equal(available(model, 2), v2);
	assert_int_equal(available(model, 1), v1);
}

static void test_classic_numbers(void **state)
{
	static const struct {
		uint64_t aperture;
		unsigned int v8, v4, v2, v1;
	} gpus[] = { { 256 * MB, 2, 1, 0, 0 }, { 512 * MB, 6, 3, 1, 0 }, { 1024 * MB, 7, 5, 2, 1 } };

	for (size_t i = 0; i < ARRAY_SIZE(gpus); i++) {
		struct model *model = empty(gpus[i].aperture);

		expect_available(model, gpus[i].v8, gpus[i].v4, gpus[i].v2, gpus[i].v1);
		model_free(model);
	}
}

static void test_the_host_keeps_its_part(void **state)
{
	struct model *model = empty(512 * MB);
	struct vgpu *vgpus[6];

	for (size_t i = 0; i < ARRAY_SIZE(vgpus); i++) {
		vgpus[i] = model_create(model, &model_small);
		assert_true(vgpus[i]->aperture.start >= HOST_APERTURE_MB * MB);
		assert_true(vgpus[i]->hidden.start >= 512 * MB);
		assert_true(vgpus[i]->hidden.start + vgpus[i]->hidden.size <= (4096 - HOST_HIDDEN_MB) * MB);
	}
	assert_int_equal(host_fences(model), 24);
	for (size_t i = 0; i < ARRAY_SIZE(vgpus); i++)
		vgpu_destroy(vgpus[i]);
	model_free(model);
}

static void expect_refused(struct model *model, const struct gvt_sizes *sizes, int err, const char *why)
{
	struct vgpu *vgpu = NULL;
	unsigned int ranges = host_ranges(model), fences = host_fences(model);

	model->log[0] = '\0';
	assert_int_equal(vgpu_create(model->gpu, sizes, "refused", &vgpu), err);
	assert_null(vgpu);
	if (!strstr(model->log, why))
		fail_msg("\"%s\" does not say \"%s\"", model->log, why);
	assert_int_equal(host_ranges(model), ranges);
	assert_int_equal(host_fences(model), fences);
	assert_int_equal(host_awake(model), 0);
}

static void test_what_is_short_is_said_exactly(void **state)
{
	struct model *model = empty(512 * MB);
	struct vgpu *vgpu = model_create(model, &(struct gvt_sizes){ 256, 1024, 26, 8, 1920, 1200, 0 });

	expect_refused(model, &(struct gvt_sizes){ 130, 384, 1, 2, 1024, 768, 0 }, -ENOSPC,
		       "130 MiB of aperture wanted, 128 MiB free, the largest piece has 128 MiB");
	expect_refused(model, &(struct gvt_sizes){ 64, 2200, 1, 2, 1024, 768, 0 }, -ENOSPC,
		       "2200 MiB of hidden graphics memory wanted, 2176 MiB free");
	expect_refused(model, &model_small, -ENOSPC, "4 fences wanted, 2 free");
	vgpu_destroy(vgpu);
	model_free(model);
}

static void test_sizes_that_no_vgpu_has(void **state)
{
	struct model *model = empty(512 * MB);
	static const struct gvt_sizes bad[] = {
		{ 0, 384, 4, 2, 1024, 768, 0 },   { 63, 384, 4, 2, 1024, 768, 0 },	  { 64, 383, 4, 2, 1024, 768, 0 },
		{ 64, 384, 0, 2, 1024, 768, 0 },  { 64, 384, 33, 2, 1024, 768, 0 },	  { 64, 384, 4, 0, 1024, 768, 0 },
		{ 64, 384, 4, 65, 1024, 768, 0 }, { 64, 384, 4, 2, 0, 768, 0 },	  { 64, 384, 4, 2, 1024, 9999, 0 },
		{ 64, 384, 4, 2, 1024, 768, 23 },  { 64, 384, 4, 2, 1024, 768, 121 },
		{ 64, 0xfffffffe, 4, 2, 1024, 768, 0 }, { 0xfffffffe, 384, 4, 2, 1024, 768, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		expect_refused(model, &bad[i], -EINVAL, "must be");
	model_free(model);
}

static void test_other_sizes_before_it_is_opened(void **state)
{
	struct model *model = empty(512 * MB);
	struct gvt_sizes sizes = model_small;

	model->vgpu = model_create(model, &model_small);
	sizes.aperture_mb = 96;
	sizes.width = 2560;
	sizes.height = 1440;
	assert_int_equal(vgpu_resize(model->vgpu, &sizes), 0);
	assert_int_equal(model->vgpu->aperture.size, 96 * MB);
	sizes.aperture_mb = 1000;
	assert_int_equal(vgpu_resize(model->vgpu, &sizes), -ENOSPC);
	assert_int_equal(model->vgpu->aperture.size, 96 * MB);
	assert_non_null(strstr(model->log, "1000 MiB of aperture wanted, 384 MiB free"));
	sizes.aperture_mb = 97;
	assert_int_equal(vgpu_resize(model->vgpu, &sizes), -EINVAL);
	model_open(model, model->vgpu);
	sizes.aperture_mb = 64;
	assert_int_equal(vgpu_resize(model->vgpu, &sizes), -EBUSY);
	assert_non_null(strstr(model->log, "in use"));
	assert_int_equal(read32(model, PVINFO + 0x44), 96 * MB);
	model_free(model);
}

static void test_one_guest_at_a_time(void **state)
{
	struct model *model = *state;

	assert_int_equal(vgpu_open(model->vgpu, model->vgpu->guest_ops, model), -EBUSY);
}

static void test_where_the_host_is_nothing_is_put(void **state)
{
	struct model *model = empty(512 * MB);
	struct vgpu *vgpu;

	host_occupy(model, 128 * MB, 140 * MB);
	host_occupy(model, 128 * MB, 140 * MB);
	vgpu = model_create(model, &model_small);
	assert_true(vgpu->aperture.start >= 140 * MB);
	vgpu_destroy(vgpu);
	model_free(model);
}

/* The smallest gap that has room: what is left stays as large as it can be. */
static void test_small_ones_leave_large_gaps_whole(void **state)
{
	struct model *model = empty(512 * MB);
	const struct gvt_sizes one = { 32, 64, 1, 2, 1024, 768, 0 }, large = { 192, 512, 1, 2, 1024, 768, 0 };
	struct vgpu *vgpus[4], *small, *other;
	struct gvt_room room;

	for (size_t i = 0; i < 3; i++)
		vgpus[i] = model_create(model, &one);
	vgpu_destroy(vgpus[1]);
	gvt_gpu_room(model->gpu, &room);
	assert_int_equal(room.aperture_free, 320 * MB);
	assert_int_equal(room.aperture_largest, 288 * MB);
	small = model_create(model, &one);
	gvt_gpu_room(model->gpu, &room);
	assert_int_equal(room.aperture_largest, 288 * MB);
	other = model_create(model, &large);
	vgpu_destroy(other);
	vgpu_destroy(small);
	vgpu_destroy(vgpus[0]);
	vgpu_destroy(vgpus[2]);
	model_free(model);
}

/* Bytes that are taken, as the test itself keeps them. */
struct taken {
	struct vgpu *vgpu;
	uint64_t aperture, hidden;
	unsigned int fences;
};

static void expect_room(struct model *model, const struct taken *taken, size_t count)
{
	uint64_t aperture = (512 - HOST_APERTURE_MB) * MB, hidden = (4096 - 512 - HOST_HIDDEN_MB) * MB;
	unsigned int fences = 28;
	struct gvt_room room;

	for (size_t i = 0; i < count; i++) {
		aperture -= taken[i].aperture;
		hidden -= taken[i].hidden;
		fences -= taken[i].fences;
	}
	gvt_gpu_room(model->gpu, &room);
	assert_int_equal(room.aperture_free, aperture);
	assert_int_equal(room.hidden_free, hidden);
	assert_int_equal(room.fences_free, fences);
	assert_true(room.aperture_largest <= aperture && room.hidden_largest <= hidden);
}

static void test_in_any_order(void **state)
{
	struct model *model = empty(512 * MB);
	struct taken taken[8] = { 0 };

	srand(20261125);
	for (unsigned int i = 0; i < 2000; i++) {
		struct taken *one = &taken[rand() % 8];
		struct gvt_sizes sizes = { 16 + 2 * (uint32_t)(rand() % 64), 32 + 2 * (uint32_t)(rand() % 400),
					   1 + (uint32_t)(rand() % 6), 2, 1024, 768, 0 };

		if (one->vgpu) {
			vgpu_destroy(one->vgpu);
			memset(one, 0, sizeof(*one));
		} else if (!vgpu_create(model->gpu, &sizes, "one", &one->vgpu)) {
			one->aperture = sizes.aperture_mb * MB;
			one->hidden = sizes.hidden_mb * MB;
			one->fences = sizes.fences;
		}
		expect_room(model, taken, 8);
	}
	for (size_t i = 0; i < 8; i++)
		if (taken[i].vgpu)
			vgpu_destroy(taken[i].vgpu);
	model_free(model);
}

/* Each allocation of a vGPU's creation fails once. */
static void test_without_memory_nothing_half_made_stays(void **state)
{
	struct model *model = empty(512 * MB);
	unsigned long live = kshim_live_allocations(), n;
	struct vgpu *vgpu;
	int err = -ENOMEM;

	for (n = 1; err; n++) {
		vgpu = NULL;
		kshim_fail_allocation(n);
		err = vgpu_create(model->gpu, &model_small, "one", &vgpu);
		kshim_fail_allocation(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(kshim_live_allocations(), live);
		assert_int_equal(host_ranges(model), 0);
		assert_int_equal(host_fences(model), 0);
		assert_true(n < 100);
	}
	assert_true(n > 5);
	vgpu_destroy(vgpu);
	model_free(model);
}

static void test_entries_without_memory_are_dropped(void **state)
{
	struct model *model = *state;
	uint32_t n = first_aperture_entry(model);

	write_entry(model, n, 3 * PAGE | 1);
	kshim_fail_allocation(1);
	write32(model, FLUSH_GGTT, 1);
	kshim_fail_allocation(0);
	assert_int_equal(model->pinned, 0);
	assert_int_equal(hardware_entry(model, n), hardware_scratch(model));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classic_numbers),
		cmocka_unit_test(test_the_host_keeps_its_part),
		cmocka_unit_test(test_what_is_short_is_said_exactly),
		cmocka_unit_test(test_sizes_that_no_vgpu_has),
		cmocka_unit_test(test_other_sizes_before_it_is_opened),
		cmocka_unit_test_setup_teardown(test_one_guest_at_a_time, model_setup, model_teardown),
		cmocka_unit_test(test_where_the_host_is_nothing_is_put),
		cmocka_unit_test(test_small_ones_leave_large_gaps_whole),
		cmocka_unit_test(test_in_any_order),
		cmocka_unit_test(test_without_memory_nothing_half_made_stays),
		cmocka_unit_test_setup_teardown(test_entries_without_memory_are_dropped, model_setup, model_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
