// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Submission as a guest sees it: ELSP, context status in memory and registers, interrupts, page tables.
 * The test is the hardware, and says when work has ended.
 */
#include "model-fixture.h"

#include <string.h>

#define RCS    0x2000u
#define ELSP   (RCS + 0x230)
#define GDRST  0x941cu
#define MASTER 0x44200u

/* Pages of the guest, each at its number in the vGPU's aperture as well. */
enum { HWSP = 1, IMAGE = 8, OTHER_IMAGE = 16, RING = 24, PML4 = 32, PDP, PD, PT, DATA };

#define LRI(n)	    (0x22u << 23 | (2 * (n)-1))
#define STORE_LOCAL (0x20u << 23 | 2)

#define STATUS_AT(model, page) ((uint32_t *)((model)->memory + (page) * PAGE))

static uint32_t address_of(const struct model *model, unsigned int page)
{
	return (uint32_t)model->vgpu->aperture.start + page * PAGE;
}

static uint32_t *registers_of(struct model *model, unsigned int image)
{
	return (uint32_t *)(model->memory + (image + 1) * PAGE);
}

static void make_image(struct model *model, unsigned int image)
{
	uint32_t *registers = registers_of(model, image);

	registers[0x03] = 0x00090009; /* restore inhibit */
	registers[0x09] = address_of(model, RING);
	registers[0x0b] = 1; /* one page */
	registers[0x33] = PML4 * PAGE;
}

static void make_tables(struct model *model)
{
	uint64_t *tables = (uint64_t *)model->memory;

	for (unsigned int page = PML4; page <= PT; page++)
		tables[page * 512] = (uint64_t)(page + 1) * PAGE | 3;
}

static int setup(void **state)
{
	struct model *model;
	uint16_t msi = 1;

	model_setup(state);
	model = *state;
	for (unsigned int page = 0; page < 64; page++)
		write_entry(model, first_aperture_entry(model) + page, page * PAGE | 1);
	write32(model, FLUSH_GGTT, 1);
	write32(model, RCS + 0x80, address_of(model, HWSP));
	make_image(model, IMAGE);
	make_image(model, OTHER_IMAGE);
	make_tables(model);
	vgpu_config_write(model->vgpu, 0xae, &msi, 2);
	write32(model, 0x44304, ~0x101u);
	write32(model, 0x4430c, 0x101);
	write32(model, MASTER, 0x80000000);
	return 0;
}

static void add_command(struct model *model, unsigned int image, uint32_t command)
{
	uint32_t *tail = &registers_of(model, image)[0x07];
	uint32_t *ring = (uint32_t *)(model->memory + RING * PAGE);

	ring[*tail / 4] = command;
	ring[*tail / 4 + 1] = 0;
	*tail = (*tail + 8) % PAGE;
}

static void submit(struct model *model, unsigned int image, uint32_t id, unsigned int second, uint32_t second_id)
{
	write32(model, ELSP, second ? second_id : 0);
	write32(model, ELSP, second ? address_of(model, second) | 0x19 : 0);
	write32(model, ELSP, id);
	write32(model, ELSP, address_of(model, image) | 0x19);
	model_settle(model);
}

static void expect_status(struct model *model, unsigned int slot, uint32_t status, uint32_t id)
{
	const uint32_t *page = STATUS_AT(model, HWSP);

	assert_int_equal(page[0x10 + 2 * slot], status);
	assert_int_equal(page[0x11 + 2 * slot], id);
	assert_int_equal(page[0x1f], slot);
	assert_int_equal(read32(model, RCS + 0x370 + 8 * slot), status);
	assert_int_equal(read32(model, RCS + 0x3a0) & 7, slot);
}

static void test_work_goes_to_the_host_and_comes_back(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0x02u << 23); /* MI_USER_INTERRUPT */
	submit(model, IMAGE, 0x20, 0, 0);
	expect_status(model, 0, 0x1, 0x20);
	assert_int_equal(host_works(model), 1);
	assert_int_equal(host_work(model, 0)->count, 2);
	assert_int_equal(host_work(model, 0)->commands[0], 0); /* the host need not be interrupted */
	write32(model, 0x44308, 0xffffffff);
	host_end_work(model, 0, true);
	assert_int_equal(read32(model, 0x44308), 0x101); /* the guest is, and told that the context ended */
}

static void end_saved(struct model *model)
{
	host_end_work(model, 0, true);
}

static void test_status_of_an_element_that_ends(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0);
	submit(model, IMAGE, 0x20, 0, 0);
	end_saved(model);
	expect_status(model, 1, 0x18, 0x20);
	assert_int_equal(registers_of(model, IMAGE)[0x05], 8); /* HEAD */
	assert_int_equal(registers_of(model, IMAGE)[0x03] & 1, 0);
	assert_int_equal(read32(model, 0x44308) & 0x100, 0x100);
}

static void test_the_second_element_comes_after_the_first(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0);
	add_command(model, OTHER_IMAGE, 0x05u << 23);
	submit(model, IMAGE, 0x20, OTHER_IMAGE, 0x40);
	/* The host has both, so that the engine does not wait for us. */
	assert_int_equal(host_works(model), 2);
	end_saved(model);
	expect_status(model, 1, 0x14, 0x20);
	model_settle(model);
	assert_int_equal(host_works(model), 1);
	end_saved(model);
	expect_status(model, 2, 0x18, 0x40);
}

static void test_the_first_element_is_not_to_blame_for_the_second(void **state)
{
	struct model *model = *state;

	registers_of(model, OTHER_IMAGE)[0x09] = address_of(model, RING + 1);
	*(uint32_t *)(model->memory + (RING + 1) * PAGE) = 0x3fu << 23;
	registers_of(model, OTHER_IMAGE)[0x07] = 8;
	add_command(model, IMAGE, 0);
	submit(model, IMAGE, 0x20, OTHER_IMAGE, 0x40);
	assert_int_equal(host_works(model), 1);
	assert_int_equal(model->vgpu->stats.rejected, 0);
	end_saved(model);
	model_settle(model);
	expect_status(model, 1, 0x14, 0x20);
	assert_int_equal(model->vgpu->stats.rejected, 1);
}

/* What a guest waits for it is told when it has ended, and not when all has that it has submitted. */
static void test_work_ends_in_parts(void **state)
{
	struct model *model = *state;

	write32(model, 0x44304, ~0x1u);
	write32(model, 0x4430c, 0x1);
	for (unsigned int i = 0; i < 3; i++)
		add_command(model, IMAGE, 0x02u << 23);
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(host_works(model), 2);
	for (unsigned int i = 0; i < 3; i++) {
		expect_status(model, 0, 0x1, 0x20);
		write32(model, 0x44308, 1);
		assert_int_equal(read32(model, 0x44308) & 1, 0);
		end_saved(model);
		assert_int_equal(read32(model, 0x44308) & 1, 1);
		model_settle(model);
	}
	expect_status(model, 1, 0x18, 0x20);
	assert_int_equal(registers_of(model, IMAGE)[0x05], 24);
}

static void test_lite_restore(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0);
	submit(model, IMAGE, 0x20, 0, 0);
	add_command(model, IMAGE, 0x05u << 23);
	submit(model, IMAGE, 0x20, 0, 0);
	expect_status(model, 1, 0x8002, 0x20);
	assert_int_equal(host_works(model), 2);
	assert_int_equal(host_work(model, 1)->commands[0], 0x05u << 23);
	host_end_work(model, 0, false);
	expect_status(model, 1, 0x8002, 0x20);
	end_saved(model);
	expect_status(model, 2, 0x18, 0x20);
}

static void test_another_list_waits(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0);
	add_command(model, OTHER_IMAGE, 0);
	submit(model, IMAGE, 0x20, 0, 0);
	submit(model, OTHER_IMAGE, 0x40, 0, 0);
	expect_status(model, 0, 0x1, 0x20);
	end_saved(model);
	expect_status(model, 2, 0x1, 0x40);
	model_settle(model);
	end_saved(model);
	expect_status(model, 3, 0x18, 0x40);
}

static void test_a_context_that_has_nothing_to_do(void **state)
{
	struct model *model = *state;

	submit(model, IMAGE, 0x20, 0, 0);
	expect_status(model, 1, 0x18, 0x20);
	assert_int_equal(host_works(model), 0);
}

static void expect_broken(struct model *model, const char *why)
{
	unsigned int works = host_works(model);

	if (!strstr(model->log, why))
		fail_msg("\"%s\" does not say \"%s\"", model->log, why);
	assert_int_equal(model->vgpu->stats.rejected + model->vgpu->stats.hangs, 1);
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(host_works(model), works);
	/* The guest's driver resets the engine, and begins anew. */
	write32(model, GDRST, 0x2);
	write32(model, RCS + 0x80, address_of(model, HWSP));
	make_image(model, OTHER_IMAGE);
	registers_of(model, OTHER_IMAGE)[0x07] = 0;
	registers_of(model, OTHER_IMAGE)[0x05] = 0;
	add_command(model, OTHER_IMAGE, 0);
	submit(model, OTHER_IMAGE, 0x40, 0, 0);
	expect_status(model, 0, 0x1, 0x40);
	assert_int_equal(host_works(model), works + 1);
}

static void test_what_is_refused_stops_the_engine(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0x3fu << 23);
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(host_works(model), 0);
	expect_broken(model, "can't be run");
}

static void test_contexts_that_can_not_be(void **state)
{
	struct model *model = *state;
	static const uint32_t bad[] = { 0x18 /* not valid */, 0x01 /* no addressing */ };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		write32(model, ELSP, 0);
		write32(model, ELSP, 0);
		write32(model, ELSP, 0);
		write32(model, ELSP, address_of(model, IMAGE) | bad[i]);
		assert_int_equal(model->vgpu->stats.rejected, i + 1);
		write32(model, GDRST, 0x2);
	}
	registers_of(model, IMAGE)[0x07] = 0x1001; /* TAIL */
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(model->vgpu->stats.rejected, 3);
	write32(model, GDRST, 0x2);
	write32(model, ELSP, 0);
	write32(model, ELSP, 0);
	write32(model, ELSP, 0);
	write32(model, ELSP, 0xfffff019); /* memory that it has not */
	assert_int_equal(model->vgpu->stats.rejected, 4);
}

static void test_the_same_context_twice_in_a_list(void **state)
{
	struct model *model = *state;

	submit(model, IMAGE, 0x20, IMAGE, 0x20);
	assert_int_equal(model->vgpu->stats.rejected, 1);
}

/* Lesson: a guest can say the same again and again. */
static void test_work_that_nobody_has_begun_grows(void **state)
{
	struct model *model = *state;

	for (unsigned int i = 0; i < 20; i++) {
		add_command(model, IMAGE, 0);
		submit(model, IMAGE, 0x20, 0, 0);
	}
	assert_true(host_works(model) <= 2);
	while (host_works(model)) {
		end_saved(model);
		model_settle(model);
	}
	assert_int_equal(registers_of(model, IMAGE)[0x05], 160);
}

static void test_a_hang_stops_the_engine_until_the_guest_resets_it(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0);
	submit(model, IMAGE, 0x20, 0, 0);
	host_end_work(model, -EIO, true);
	expect_broken(model, "has hung");
}

#define EMR   (RCS + 0xb4)
#define EIR   (RCS + 0xb0)
#define IPEHR (RCS + 0x68)

/* As hardware tells of a command that it can't decode. */
static void test_what_is_refused_is_told(void **state)
{
	struct model *model = *state;

	write32(model, 0x44304, ~0x108u);
	write32(model, 0x4430c, 0x108);
	write32(model, EMR, ~1u);
	add_command(model, IMAGE, 0x3fu << 23);
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(read32(model, EIR), 1);
	assert_int_equal(read32(model, IPEHR), 0x3fu << 23);
	assert_int_equal(read32(model, 0x44308) & 8, 8);
	write32(model, EIR, 1);
	assert_int_equal(read32(model, EIR), 0);
}

/* A driver looks into memory for whose work it was: what comes before has run. */
static void test_what_comes_before_runs(void **state)
{
	struct model *model = *state;

	add_command(model, IMAGE, 0x05u << 23);
	add_command(model, IMAGE, 0x3fu << 23);
	submit(model, IMAGE, 0x20, 0, 0);
	assert_int_equal(host_works(model), 1);
	assert_int_equal(host_work(model, 0)->count, 2);
	assert_int_equal(host_work(model, 0)->commands[0], 0x05u << 23);
	assert_int_equal(model->vgpu->stats.rejected, 0);
	end_saved(model);
	model_settle(model);
	assert_int_equal(model->vgpu->stats.rejected, 1);
	assert_int_equal(host_works(model), 0);
}

/* Lesson: a guest that hangs again and again, with a reset in between, kept the host busy for ever. */
static void test_too_many_offences(void **state)
{
	struct model *model = *state;

	for (unsigned int i = 0; i < 16; i++) {
		assert_false(model->vgpu->failed);
		registers_of(model, IMAGE)[0x07] = registers_of(model, IMAGE)[0x05] = 0;
		add_command(model, IMAGE, 0x3fu << 23);
		submit(model, IMAGE, 0x20, 0, 0);
		write32(model, GDRST, 0x2);
		write32(model, RCS + 0x80, address_of(model, HWSP));
	}
	assert_true(model->vgpu->failed);
	assert_non_null(strstr(model->log, "created anew"));
	assert_int_equal(model->vgpu->stats.resets, 15);
	/* It has no engine any more: not after a reset, nor when it is opened again. */
	registers_of(model, OTHER_IMAGE)[0x07] = registers_of(model, OTHER_IMAGE)[0x05] = 0;
	add_command(model, OTHER_IMAGE, 0);
	submit(model, OTHER_IMAGE, 0x40, 0, 0);
	assert_int_equal(host_works(model), 0);
	write32(model, GDRST, 0x2);
	assert_int_equal(read32(model, GDRST), 0x2);
	vgpu_close(model->vgpu);
	assert_int_equal(vgpu_open(model->vgpu, NULL, NULL), -EIO);
}

/* What of a guest's image hardware loads: registers that commands may write, where they are. */
static void test_what_a_guests_image_may_set(void **state)
{
	struct model *model = *state;
	const uint32_t hardware[] = { LRI(3), 0x2600, 1, 0x2030, 2, 0x2604, 3, STORE_LOCAL, 4, 5, 6 };
	uint32_t *registers = registers_of(model, IMAGE);
	const uint32_t *shadow;

	memcpy(host_new_image(model) + 0x60, hardware, sizeof(hardware));
	registers[0x03] = 0x00090008; /* to be loaded */
	registers[0x60] = LRI(3);
	registers[0x61] = 0x2600; /* GPR 0 */
	registers[0x62] = 0x1234;
	registers[0x63] = 0x2030; /* TAIL */
	registers[0x64] = 0x100;
	registers[0x65] = 0x2608; /* where hardware has another */
	registers[0x66] = 0x5678;
	registers[0x67] = STORE_LOCAL; /* no state: it would write memory */
	add_command(model, IMAGE, 0);
	submit(model, IMAGE, 0x20, 0, 0);
	shadow = host_image(model, 0);
	assert_int_equal(shadow[0x62], 0x1234);
	assert_int_equal(shadow[0x64], 2);
	assert_int_equal(shadow[0x66], 3);
	assert_int_equal(shadow[0x68], 4);
}

/* The hardware's walk through a shadow, as the fixture's tables give it; 0: nothing there. */
static uint64_t walk(struct vgpu_ppgtt *ppgtt, uint64_t address)
{
	uint64_t entry = vgpu_ppgtt_root(ppgtt, 0);

	for (int shift = 39; shift >= 12; shift -= 9) {
		entry = ((uint64_t *)host_memory(entry & ~0xfffull))[address >> shift & 511];
		if (!(entry & 1))
			return 0;
	}
	return entry;
}

static struct vgpu_ppgtt *get_tables(struct model *model)
{
	const u64 roots[4] = { PML4 * PAGE };
	struct vgpu_ppgtt *ppgtt;

	assert_int_equal(vgpu_ppgtt_get(model->vgpu, 4, roots, &ppgtt), 0);
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	return ppgtt;
}

static uint64_t *entry_of(struct model *model, unsigned int page, unsigned int i)
{
	return (uint64_t *)(model->memory + page * PAGE) + i;
}

static void test_page_tables_have_shadows(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt = get_tables(model);

	assert_int_equal(walk(ppgtt, 0), (GUEST_BUS + DATA * PAGE) | 3);
	assert_int_equal(walk(ppgtt, 0x1000), 0);
	*entry_of(model, PT, 1) = 40 * PAGE | 1;
	*entry_of(model, PT, 0) = 0;
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	assert_int_equal(walk(ppgtt, 0x1000), (GUEST_BUS + 40 * PAGE) | 1);
	assert_int_equal(walk(ppgtt, 0), 0);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
}

static void test_tables_that_many_name_have_one_shadow(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt;

	for (unsigned int i = 0; i < 512; i++) {
		*entry_of(model, PML4, i) = PDP * PAGE | 3;
		*entry_of(model, PDP, i) = PD * PAGE | 3;
		*entry_of(model, PD, i) = PT * PAGE | 3;
		*entry_of(model, PT, i) = DATA * PAGE | 1;
	}
	ppgtt = get_tables(model);
	assert_int_equal(host_tables(model), 4);
	assert_int_equal(walk(ppgtt, 0xfffffffff000), (GUEST_BUS + DATA * PAGE) | 1);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
	assert_int_equal(host_tables(model), 0);
}

static void test_large_pages(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt;

	*entry_of(model, PD, 1) = 512ull * PAGE | 0x83;
	write32(model, 0x4080, 0xf);
	*entry_of(model, PD, 2) = 50 * PAGE | 0x803;
	*entry_of(model, 50, 16) = 64 * PAGE | 3;
	*entry_of(model, 50, 17) = 1 * PAGE | 3; /* means nothing */
	ppgtt = get_tables(model);
	assert_int_equal(walk(ppgtt, 0x200000 + 7 * PAGE), (GUEST_BUS + (512 + 7) * PAGE) | 3);
	assert_int_equal(walk(ppgtt, 0x400000 + 17 * PAGE), (GUEST_BUS + (64 + 1) * PAGE) | 3);
	*entry_of(model, PD, 1) = 0;
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	assert_int_equal(walk(ppgtt, 0x200000), 0);
	assert_int_equal(model->pins[512 + 7], 0);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
}

static u64 compared(struct model *model, struct vgpu_ppgtt *ppgtt)
{
	u64 before = model->vgpu->stats.ppgtt_compared;

	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	return model->vgpu->stats.ppgtt_compared - before;
}

static void write_table(struct model *model, unsigned int page, unsigned int i, uint64_t entry)
{
	if (model->watched[page])
		vgpu_written(model->vgpu, page);
	*entry_of(model, page, i) = entry;
}

/* Where the hypervisor can tell of writes, tables that stay the same are left alone. */
static void test_tables_that_are_watched(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt;

	model->can_watch = true;
	ppgtt = get_tables(model);
	for (unsigned int i = 0; i < 10; i++)
		compared(model, ppgtt);
	assert_true(model->watched[PML4] && model->watched[PT]);
	assert_int_equal(compared(model, ppgtt), 0);
	write_table(model, PT, 1, (DATA + 1) * PAGE | 3);
	assert_int_equal(compared(model, ppgtt), 1);
	assert_int_equal(walk(ppgtt, PAGE), (GUEST_BUS + (DATA + 1) * PAGE) | 3);
	assert_int_equal(compared(model, ppgtt), 0);
	/* What was forgotten of it comes back. */
	vgpu_forget_memory(model->vgpu, DATA + 1, 1);
	assert_int_equal(walk(ppgtt, PAGE), 0);
	assert_int_equal(compared(model, ppgtt), 1);
	assert_int_equal(walk(ppgtt, PAGE), (GUEST_BUS + (DATA + 1) * PAGE) | 3);
	/* One that is written all the time is compared again. */
	for (unsigned int i = 0; i < 20; i++)
		write_table(model, PT, i, DATA * PAGE | 3);
	assert_int_equal(compared(model, ppgtt), 1);
	assert_false(model->watched[PT]);
	assert_int_equal(walk(ppgtt, 19 * PAGE), (GUEST_BUS + DATA * PAGE) | 3);
	/* The hypervisor forgets: they are compared, and nothing is given back to it. */
	memset(model->watched, 0, sizeof(model->watched));
	vgpu_written_lost(model->vgpu, 0, GUEST_PAGES);
	*entry_of(model, PD, 0) = 0;
	compared(model, ppgtt);
	assert_int_equal(walk(ppgtt, PAGE), 0);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
	for (unsigned int page = 0; page < GUEST_PAGES; page++)
		assert_false(model->watched[page]);
}

/* Lesson: one page of 64 KiB went away, then the guest's entry: the other fifteen stayed. */
static void test_a_large_page_goes_whole(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt;

	write32(model, 0x4080, 0xf);
	*entry_of(model, PD, 2) = 50 * PAGE | 0x803;
	*entry_of(model, 50, 16) = 64 * PAGE | 3;
	ppgtt = get_tables(model);
	assert_int_not_equal(walk(ppgtt, 0x400000 + 17 * PAGE), 0);
	vgpu_forget_memory(model->vgpu, 64 + 3, 1);
	*entry_of(model, 50, 16) = 0;
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	assert_int_equal(walk(ppgtt, 0x400000 + 17 * PAGE), 0);
	assert_int_equal(model->pins[64 + 1], 0);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
}

static void test_hostile_tables(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt;

	*entry_of(model, PML4, 1) = PML4 * PAGE | 3; /* itself, at each level */
	*entry_of(model, PML4, 2) = (uint64_t)GUEST_PAGES * PAGE | 3; /* no memory of the guest's */
	*entry_of(model, PDP, 1) = 0x83; /* 1 GiB */
	*entry_of(model, PT, 2) = 0x3ffffffff003;
	ppgtt = get_tables(model);
	assert_int_equal(walk(ppgtt, 2ull << 39), 0);
	assert_int_equal(walk(ppgtt, 1ull << 30), 0);
	assert_int_equal(walk(ppgtt, 0x2000), 0);
	assert_true(host_tables(model) < 16);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
}

static void test_tables_and_pages_that_go_away(void **state)
{
	struct model *model = *state;
	struct vgpu_ppgtt *ppgtt = get_tables(model);

	vgpu_forget_memory(model->vgpu, DATA, 1);
	assert_int_equal(walk(ppgtt, 0), 0);
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	assert_int_equal(walk(ppgtt, 0), (GUEST_BUS + DATA * PAGE) | 3);
	vgpu_forget_memory(model->vgpu, PD, 1);
	assert_int_equal(walk(ppgtt, 0), 0);
	assert_int_equal(vgpu_ppgtt_update(model->vgpu, ppgtt), 0);
	assert_int_equal(walk(ppgtt, 0), (GUEST_BUS + DATA * PAGE) | 3);
	vgpu_ppgtt_put(model->vgpu, ppgtt);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_work_goes_to_the_host_and_comes_back),
		TEST(test_status_of_an_element_that_ends),
		TEST(test_the_second_element_comes_after_the_first),
		TEST(test_the_first_element_is_not_to_blame_for_the_second),
		TEST(test_work_ends_in_parts),
		TEST(test_lite_restore),
		TEST(test_another_list_waits),
		TEST(test_a_context_that_has_nothing_to_do),
		TEST(test_what_is_refused_stops_the_engine),
		TEST(test_contexts_that_can_not_be),
		TEST(test_the_same_context_twice_in_a_list),
		TEST(test_work_that_nobody_has_begun_grows),
		TEST(test_a_hang_stops_the_engine_until_the_guest_resets_it),
		TEST(test_what_is_refused_is_told),
		TEST(test_what_comes_before_runs),
		TEST(test_what_a_guests_image_may_set),
		TEST(test_too_many_offences),
		TEST(test_page_tables_have_shadows),
		TEST(test_tables_that_many_name_have_one_shadow),
		TEST(test_large_pages),
		TEST(test_a_large_page_goes_whole),
		TEST(test_tables_that_are_watched),
		TEST(test_hostile_tables),
		TEST(test_tables_and_pages_that_go_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
