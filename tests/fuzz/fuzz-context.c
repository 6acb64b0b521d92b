// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-context - whatever a guest may write as a context's image, against what hardware gets of it
 *
 * The bytes are dwords of the image, descriptors, and ends of what runs. The host's image is of the form
 * that hardware's has; whatever the guest does, of that only the values of some registers, and what
 * stands in commands that set state, may change.
 */
#include <sched.h>
#include <string.h>

#include <linux/kernel.h>

#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/fuzz/model-host.h"
#include "tests/kshim/kshim.h"

#define LRI(n)	    (0x22u << 23 | (2 * (n)-1))
#define REGISTERS   (PAGE / 4)
#define CONTEXTS    4u
#define IMAGE_PAGE  8u

/* Dwords of the registers' page, in their places; and which of them may change. */
static const struct {
	uint16_t at;
	uint32_t value;
	bool may_change;
} form[] = {
	{ 0x01, LRI(11), false },  { 0x02, 0x2244, false }, { 0x03, 0x00090008, false }, { 0x04, 0x2034, false },
	{ 0x06, 0x2030, false },   { 0x08, 0x2038, false }, { 0x0a, 0x203c, false },	 { 0x0c, 0x2168, false },
	{ 0x0e, 0x2140, false },   { 0x10, 0x2110, false }, { 0x12, 0x211c, false },	 { 0x14, 0x2114, false },
	{ 0x16, 0x2118, false },   { 0x21, LRI(2), false }, { 0x22, 0x23a8, false },	 { 0x24, 0x228c, false },
	{ 0x41, LRI(1), false },   { 0x42, 0x20c8, false }, { 0x50, LRI(4), false },	 { 0x51, 0x2600, false },
	{ 0x52, 1, true },	   { 0x53, 0x7004, false }, { 0x54, 2, true },		 { 0x55, 0x2080, false },
	{ 0x56, 3, false },	   { 0x57, 0x2604, false }, { 0x58, 4, true },		 { 0x60, 0x78100007, false },
	{ 0x61, 5, true },	   { 0x62, 6, true },	    { 0x63, 0, true },		 { 0x64, 0, true },
	{ 0x65, 0, true },	   { 0x66, 0, true },	    { 0x67, 0, true },		 { 0x68, 0, true },
	{ 0x69, 0x7a000004, false }, { 0x6f, 0x10400002, false },
	{ 0x80, 0x0a << 23, false },
};

static bool changes[REGISTERS];

static void make_form(void)
{
	uint32_t *page = model_host.image + REGISTERS;

	for (size_t i = 0; i < ARRAY_SIZE(form); i++) {
		page[form[i].at] = form[i].value;
		changes[form[i].at] = form[i].may_change;
	}
	memset(&model_host.image[2 * REGISTERS], 0x55, PAGE);
}

static void look(void)
{
	for (unsigned int n = 0; n < 2 * CONTEXTS; n++) {
		const uint32_t *image = model_host_image(n);

		for (unsigned int i = 0; image && i < MODEL_IMAGE_PAGES * REGISTERS; i++)
			if (image[i] != model_host.image[i])
				must(i / REGISTERS == 1 && changes[i % REGISTERS], "an image has what it may not have");
	}
}

/* The form, so that it has something in common with the host's, or anything. */
static void write_image(struct input *input)
{
	uint32_t *page = (uint32_t *)model_host.memory[IMAGE_PAGE * (1 + take(input, 1) % CONTEXTS) + 1];
	uint8_t what = (uint8_t)take(input, 1);

	if (what & 1)
		memcpy(page, model_host.image + REGISTERS, PAGE);
	page[0x03] = what & 2 ? 0x00090009 : 0x00090008;
	page[0x05] = page[0x07] = 0;
	page[0x09] = (uint32_t)model_vgpu->aperture.start;
	page[0x0b] = 1;
	page[0x33] = 7 * PAGE;
	for (unsigned int i = what >> 4; i; i--)
		page[0x50 + take(input, 1) % 0x40] = (uint32_t)take(input, 4);
	page[take(input, 1) % 0x40] = (uint32_t)take(input, 4);
}

static void submit(struct input *input)
{
	unsigned int n = 1 + (unsigned int)take(input, 1) % CONTEXTS;
	uint32_t *page = (uint32_t *)model_host.memory[IMAGE_PAGE * n + 1];
	const uint32_t elsp[4] = { 0, 0, 0x20 * n, (uint32_t)model_vgpu->aperture.start + n * IMAGE_PAGE * PAGE + 0x19 };

	page[0x07] = (page[0x07] + 8) % PAGE;
	for (unsigned int i = 0; i < 4; i++)
		vgpu_bar0_write(model_vgpu, 0x2230, &elsp[i], 4);
	gvt_scheduler_settle(model_vgpu);
}

static void act(struct input *input)
{
	static const uint32_t reset = 0x2;

	switch (take(input, 1) % 8) {
	case 0 ... 2:
		write_image(input);
		break;
	case 3 ... 4:
		submit(input);
		break;
	case 5 ... 6:
		model_host_end((unsigned int)take(input, 1) % (2 * CONTEXTS), 0);
		break;
	default:
		vgpu_bar0_write(model_vgpu, 0x941c, &reset, 4);
	}
	look();
}

static bool all_gone(void)
{
	bool gone;

	mutex_lock(&model_vgpu->lock);
	gone = vgpu_execlists_empty(model_vgpu);
	mutex_unlock(&model_vgpu->lock);
	return gone;
}

static void stop_all(void)
{
	mutex_lock(&model_vgpu->lock);
	vgpu_execlists_stop(model_vgpu);
	model_vgpu->failed = false;
	model_vgpu->offences = 0;
	mutex_unlock(&model_vgpu->lock);
	gvt_scheduler_settle(model_vgpu);
	while (!all_gone())
		sched_yield();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	unsigned long allocations;

	model_host_keep(0);
	make_form();
	allocations = kshim_live_allocations();
	while (input.left)
		act(&input);
	stop_all();
	must(!model_vgpu->ppgtts.count, "tables are left");
	must(kshim_live_allocations() == allocations, "memory is lost");
	return 0;
}
