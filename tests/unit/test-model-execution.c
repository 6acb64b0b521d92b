// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole path of a guest's work, up to what it leaves in the guest's memory: its tables, their shadows,
 * the parser, and the simulated GPU's engines, which run what the host was handed.
 */
#include "model-fixture.h"

#include <string.h>

#include "gpusim/gpu/gpu.h"

#define GDRST  0x941cu
#define MASTER 0x44200u

static const uint32_t bases[GVT_ENGINES] = { [GVT_RCS] = 0x2000, [GVT_BCS] = 0x22000, [GVT_VCS0] = 0x12000,
					     [GVT_VECS] = 0x1a000 };

/* Pages of the guest, each at its number in the vGPU's aperture as well. */
enum { HWSP = 1, IMAGE = 8, RING = 40, PML4 = 50, PDP, PD, PT, BATCH, SECOND, DATA, PICTURE };

/* Where the context's own address space has them: by their number, too. */
#define OWN(page) ((page) * PAGE)

/* The host's, in graphics memory that is nobody's, and behind its tables. */
#define HOST_AT	   0x100000u
#define HOST_IMAGE 24u /* pages */
#define HOST_RING  4u
#define HOST_FIRST HOST_TABLES

#define NOOP	   0u
#define BATCH_END  (0x0au << 23)
#define STORE	   (0x20u << 23 | 2)
#define GGTT	   (1u << 22)
#define LRI	   (0x22u << 23 | 1)
#define SRM	   (0x24u << 23 | 2)
#define BB_START   (0x31u << 23 | 1u << 8 | 1)
#define SECOND_LEVEL (1u << 22)
#define COLOR_BLT  (2u << 29 | 0x50u << 22 | 3u << 20 | 5)

static uint32_t address_of(const struct model *model, unsigned int page)
{
	return (uint32_t)model->vgpu->aperture.start + page * PAGE;
}

static uint32_t *page_of(struct model *model, unsigned int page)
{
	return (uint32_t *)(model->memory + page * PAGE);
}

static uint32_t elsp_of(enum gvt_engine engine)
{
	return bases[engine] + 0x230;
}

static int setup(void **state)
{
	struct model *model;
	uint32_t *registers;

	model_setup(state);
	model = *state;
	for (unsigned int page = 0; page < 64; page++) {
		write_entry(model, first_aperture_entry(model) + page, page * PAGE | 1);
		((uint64_t *)page_of(model, PT))[page] = page * PAGE | 3;
	}
	write32(model, FLUSH_GGTT, 1);
	for (unsigned int page = PML4; page < PT; page++)
		*(uint64_t *)page_of(model, page) = (page + 1) * PAGE | 3;
	registers = page_of(model, IMAGE + 1);
	registers[0x03] = 0x00090009;
	registers[0x09] = address_of(model, RING);
	registers[0x0b] = 1;
	registers[0x33] = PML4 * PAGE;
	return 0;
}

#define RUN(model, engine, ...)                                                       \
	do {                                                                          \
		const uint32_t ring_[] = { __VA_ARGS__ };                             \
		memcpy(page_of(model, RING), ring_, sizeof(ring_));                   \
		run(model, engine, sizeof(ring_));                                    \
	} while (0)

#define FILL(model, page, ...)                                                        \
	do {                                                                          \
		const uint32_t fill_[] = { __VA_ARGS__ };                             \
		memcpy(page_of(model, page), fill_, sizeof(fill_));                   \
	} while (0)

static void set_register(struct model *model, uint32_t offset, uint32_t value)
{
	hardware_set_register(model, offset, value);
}

/* An image and a ring of the host's for what it was handed, as its driver makes them; returns the descriptor. */
static uint64_t make_host_context(struct model *model, const struct host_work *work)
{
	uint8_t *memory = host_memory(HOST_BUS + HOST_FIRST * PAGE);
	uint32_t *registers = (uint32_t *)(memory + PAGE);

	memset(memory, 0, (HOST_IMAGE + HOST_RING) * PAGE);
	for (uint32_t page = 0; page < HOST_IMAGE + HOST_RING; page++) {
		uint64_t entry = (HOST_BUS + (HOST_FIRST + page) * PAGE) | 1;

		assert_int_equal(gpu_bar_write(model->hardware, GPU_BAR_GTTMMADR, GGTT_AT + 8ull * (HOST_AT / PAGE + page),
					       &entry, 8), 0);
	}
	memcpy(memory + HOST_IMAGE * PAGE, work->commands, work->count * 4);
	registers[0x03] = 0x00090009;
	registers[0x07] = (work->count * 4 + 7) & ~7u;
	registers[0x09] = HOST_AT + HOST_IMAGE * PAGE;
	registers[0x0b] = (HOST_RING - 1) * PAGE | 1;
	registers[0x31] = (uint32_t)(work->roots[0] >> 32);
	registers[0x33] = (uint32_t)work->roots[0];
	return 1ull << 32 | HOST_AT | 0x19;
}

/* The host's status page is its image's first, which hardware does not touch. */
static void submit_to_hardware(struct model *model, enum gvt_engine engine, uint64_t descriptor)
{
	set_register(model, bases[engine] + 0x80, HOST_AT);
	set_register(model, bases[engine] + 0xa8, 0);
	for (unsigned int group = 0; group < 4; group++) {
		set_register(model, 0x44304 + 0x10 * group, 0);
		set_register(model, 0x4430c + 0x10 * group, 0xffffffff);
	}
	set_register(model, MASTER, 1u << 31);
	set_register(model, elsp_of(engine), 0);
	set_register(model, elsp_of(engine), 0);
	set_register(model, elsp_of(engine), (uint32_t)(descriptor >> 32));
	set_register(model, elsp_of(engine), (uint32_t)descriptor);
}

static uint32_t last_status(struct model *model, enum gvt_engine engine)
{
	return hardware_register(model, bases[engine] + 0x3a0) & 7;
}

/* Until the context status after `before` says that the engine has become idle. */
static void wait_for_hardware(struct model *model, enum gvt_engine engine, uint32_t before)
{
	for (;;) {
		unsigned long seen = hardware_interrupt_count();
		uint32_t last;

		/* The next interrupt may come; what came with the one before is seen below. */
		for (unsigned int group = 0; group < 4; group++)
			set_register(model, 0x44308 + 0x10 * group, 0xffffffff);
		set_register(model, MASTER, 1u << 31);
		last = last_status(model, engine);
		if (last != before && hardware_register(model, bases[engine] + 0x370 + 8 * last) & 8)
			return;
		hardware_wait(seen);
	}
}

/* The guest submits what its ring holds now; hardware runs what becomes of it. */
static void run(struct model *model, enum gvt_engine engine, uint32_t bytes)
{
	const uint32_t elsp[4] = { 0, 0, 0x20, address_of(model, IMAGE) | 0x19 };
	uint32_t before = last_status(model, engine);
	uint64_t descriptor;

	page_of(model, IMAGE + 1)[0x05] = 0;
	page_of(model, IMAGE + 1)[0x07] = (bytes + 7) & ~7u;
	for (unsigned int i = 0; i < 4; i++)
		write32(model, elsp_of(engine), elsp[i]);
	model_settle(model);
	assert_int_equal(host_works(model), 1);
	descriptor = make_host_context(model, host_work(model, 0));
	submit_to_hardware(model, engine, descriptor);
	wait_for_hardware(model, engine, before);
	host_end_work(model, 0, true);
	model_settle(model);
}

static void test_a_ring_stores_to_the_guests_graphics_memory(void **state)
{
	struct model *model = *state;

	RUN(model, GVT_RCS, STORE | GGTT, address_of(model, DATA) + 8, 0, 0x1234, NOOP, NOOP);
	assert_int_equal(page_of(model, DATA)[2], 0x1234);
}

static void test_a_batch_runs_in_the_guests_own_address_space(void **state)
{
	struct model *model = *state;

	FILL(model, BATCH, STORE, OWN(DATA), 0, 1, BB_START | SECOND_LEVEL, OWN(SECOND), 0, STORE, OWN(DATA) + 4, 0, 3,
	     BATCH_END);
	FILL(model, SECOND, STORE, OWN(DATA) + 8, 0, 2, BATCH_END);
	RUN(model, GVT_RCS, BB_START, OWN(BATCH), 0, NOOP);
	assert_int_equal(page_of(model, DATA)[0], 1);
	assert_int_equal(page_of(model, DATA)[2], 2);
	assert_int_equal(page_of(model, DATA)[1], 3);
}

/* What the guest's table says when work is submitted is what hardware follows. */
static void test_tables_that_change(void **state)
{
	struct model *model = *state;

	FILL(model, BATCH, STORE, OWN(DATA), 0, 1, BATCH_END);
	RUN(model, GVT_RCS, BB_START, OWN(BATCH), 0, NOOP);
	((uint64_t *)page_of(model, PT))[DATA] = PICTURE * PAGE | 3;
	page_of(model, BATCH)[3] = 2;
	RUN(model, GVT_RCS, BB_START, OWN(BATCH), 0, NOOP);
	assert_int_equal(page_of(model, DATA)[0], 1);
	assert_int_equal(page_of(model, PICTURE)[0], 2);
}

/* On Gen9 its batches become part of what the ring holds. */
static void test_the_blitter_fills_the_guests_picture(void **state)
{
	struct model *model = *state;

	FILL(model, BATCH, COLOR_BLT, 3u << 24 | 0xf0u << 16 | 64, 0, 16u << 16 | 16, OWN(PICTURE), 0, 0xcafef00d,
	     BATCH_END);
	RUN(model, GVT_BCS, BB_START, OWN(BATCH), 0, NOOP);
	for (unsigned int i = 0; i < 256; i++)
		assert_int_equal(page_of(model, PICTURE)[i], 0xcafef00d);
	assert_int_equal(page_of(model, PICTURE)[256], 0);
}

static void test_registers_of_a_context(void **state)
{
	struct model *model = *state;

	FILL(model, BATCH, LRI, 0x2600, 77, SRM, 0x2600, OWN(DATA), 0, BATCH_END);
	RUN(model, GVT_RCS, BB_START, OWN(BATCH), 0, NOOP);
	assert_int_equal(page_of(model, DATA)[0], 77);
}

/* Behind what is refused nothing runs, and what comes before has. */
static void test_nothing_runs_behind_what_is_refused(void **state)
{
	struct model *model = *state;

	RUN(model, GVT_RCS, STORE | GGTT, address_of(model, DATA), 0, 1, STORE | GGTT, 0x1000, 0, 2, STORE | GGTT,
	    address_of(model, DATA) + 4, 0, 3);
	assert_int_equal(page_of(model, DATA)[0], 1);
	assert_int_equal(page_of(model, DATA)[1], 0);
	assert_int_equal(model->vgpu->stats.rejected, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, model_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_ring_stores_to_the_guests_graphics_memory),
		TEST(test_a_batch_runs_in_the_guests_own_address_space),
		TEST(test_tables_that_change),
		TEST(test_the_blitter_fills_the_guests_picture),
		TEST(test_registers_of_a_context),
		TEST(test_nothing_runs_behind_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
