// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-model - a guest, and whoever maps its memory, against gvt.ko's device model
 *
 * The bytes are a sequence of accesses: configuration space, registers, entries by memory and by
 * trap, the aperture, memory that goes away, interrupts from inside, resets, other sizes, a second
 * vGPU beside.
 */
#include <string.h>

#include <linux/kernel.h>

#include "kernel-gvt/vgpu/config.h"
#include "kernel-gvt/vgpu/gpu.h"
#include "kernel-gvt/vgpu/irq.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/fuzz/model-host.h"
#include "tests/kshim/kshim.h"

static struct gvt_gpu *gpu;
static struct vgpu *neighbour;

/* An entry of the vGPU's parts, or any. */
static uint32_t take_index(struct input *input)
{
	uint32_t value = (uint32_t)take(input, 3);

	switch (value >> 22) {
	case 0:
		return (uint32_t)(model_vgpu->aperture.start / PAGE) + value % 1024;
	case 1:
		return (uint32_t)(model_vgpu->hidden.start / PAGE) + value % 1024;
	case 2:
		return (uint32_t)((model_vgpu->hidden.start + model_vgpu->hidden.size) / PAGE) - 8 + value % 16;
	default:
		return value % ENTRIES;
	}
}

static void write_by_memory(struct input *input)
{
	uint32_t index = take_index(input);
	unsigned int page = index / 512;

	if (model_host.protects[page]) {
		model_host.protects[page] = false;
		vgpu_ggtt_touched(model_vgpu, page);
	}
	((uint64_t *)vgpu_ggtt_page(model_vgpu, page))[index % 512] = take(input, 3);
}

static void access_bar0(struct input *input, uint64_t offset)
{
	uint8_t what = (uint8_t)take(input, 1);
	size_t length = what % 17;
	uint8_t data[16] = { 0 };
	int err;

	for (size_t i = 0; i < length; i++)
		data[i] = (uint8_t)take(input, 1);
	err = what & 0x80 ? vgpu_bar0_read(model_vgpu, offset, data, length) :
			    vgpu_bar0_write(model_vgpu, offset, data, length);
	must(!err == (offset + length <= 16 * MB), "the BAR's end is somewhere else");
}

static void access_aperture(struct input *input)
{
	uint64_t offset = take(input, 4), data[2] = { 0 };
	size_t length = take(input, 1) % 17;

	if (offset & 1)
		offset = model_vgpu->aperture.start + offset % model_vgpu->aperture.size;
	vgpu_aperture_read(model_vgpu, offset, data, length);
	vgpu_aperture_write(model_vgpu, offset, data, length);
}

static void access_config(struct input *input)
{
	uint32_t offset = (uint32_t)take(input, 1) + (uint32_t)(take(input, 1) & 1) * 0xfffffff0u;
	uint64_t value = take(input, 4);
	size_t length = take(input, 1) % 9;

	vgpu_config_write(model_vgpu, offset, &value, length);
	vgpu_config_read(model_vgpu, offset, &value, length);
}

/* A context in the guest's first pages, its ring and tables in the next; what is in them, the input says. */
static void submit_something(struct input *input)
{
	uint32_t page = (uint32_t)take(input, 1) % 32, *registers = (uint32_t *)model_host.memory[page + 1];
	uint32_t base = (uint32_t)model_vgpu->aperture.start;

	model_host_map_guest();
	registers[0x07] = (uint32_t)take(input, 2) & 0x1ff8;
	registers[0x09] = base + (uint32_t)take(input, 1) % 64 * PAGE;
	registers[0x0b] = (uint32_t)take(input, 1) << 12 | 1;
	registers[0x33] = (uint32_t)take(input, 1) % 80 * PAGE;
	for (unsigned int i = 0; i < 4; i++) {
		const uint32_t elsp[4] = { (uint32_t)take(input, 1), base + (uint32_t)take(input, 1) % 64 * PAGE + 0x19,
					   0x20, base + page * PAGE + (take(input, 1) & 1 ? 0x19 : 0x09) };

		vgpu_bar0_write(model_vgpu, 0x2230, &elsp[i], 4);
	}
}

/* What the guest's memory holds: entries of tables, commands. */
static void write_guest_memory(struct input *input)
{
	uint8_t *page = model_host.memory[take(input, 1) % GUEST_PAGES];
	size_t at = take(input, 2) % (PAGE - 32) & ~7u;

	for (size_t i = 0; i < 32; i++)
		page[at + i] = (uint8_t)take(input, 1);
}

static void end_something(struct input *input)
{
	unsigned int n = (unsigned int)take(input, 1) % 16;

	model_host_end(n, take(input, 1) & 7 ? 0 : -EIO);
}

static void raise_something(struct input *input)
{
	static const uint32_t groups[] = { IRQ_GT0, IRQ_GT1, IRQ_GT2, IRQ_GT3, IRQ_PIPE(0), IRQ_PORT, IRQ_PCH };

	vgpu_irq_raise(model_vgpu, groups[take(input, 1) % ARRAY_SIZE(groups)], (uint32_t)take(input, 4));
}

static void come_and_go(struct input *input)
{
	struct gvt_sizes sizes = { (uint32_t)take(input, 2), (uint32_t)take(input, 2), (uint32_t)take(input, 1), 2,
				   1024, 768, 0 };

	vgpu_close(model_vgpu);
	must(!model_host.pinned, "a guest has gone, and something of it is pinned");
	vgpu_resize(model_vgpu, &sizes);
	if (neighbour) {
		vgpu_destroy(neighbour);
		neighbour = NULL;
	} else if (vgpu_create(gpu, &sizes, "neighbour", &neighbour)) {
		must(!neighbour, "a vGPU that could not be made is there");
	}
	must(!vgpu_open(model_vgpu, &model_guest_ops, NULL), "a vGPU can't be opened again");
	memset(model_host.protects, true, sizeof(model_host.protects));
}

static void act(struct input *input)
{
	uint8_t what = (uint8_t)take(input, 1);

	switch (what % 16) {
	case 0 ... 3:
		access_bar0(input, take(input, 3) & 0x1fffff);
		break;
	case 4 ... 6:
		write_by_memory(input);
		break;
	case 7:
		access_bar0(input, GVT_GGTT_OFFSET + 8ull * take_index(input) + take(input, 1) % 8);
		break;
	case 8:
		if (what & 0x80)
			submit_something(input);
		else if (what & 0x40)
			write_guest_memory(input);
		else if (what & 0x20)
			end_something(input);
		else
			access_bar0(input, take(input, 4));
		break;
	case 9:
		access_config(input);
		break;
	case 10:
		access_aperture(input);
		break;
	case 11:
		vgpu_forget_memory(model_vgpu, take(input, 1), take(input, what & 0x10 ? 8 : 1));
		break;
	case 12:
		raise_something(input);
		break;
	case 13:
		model_host.fail_pin = (unsigned int)take(input, 1) % 8;
		break;
	case 14:
		if (what & 0x10)
			gvt_gpu_restore(gpu);
		else
			vgpu_reset(model_vgpu);
		break;
	default:
		if (what & 0x10)
			come_and_go(input);
		else
			access_bar0(input, 0x101008);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct gvt_sizes sizes = { 16, 32, 4, 2, 1024, 768, 0 };
	struct input input = { data, size };
	unsigned long allocations;

	gpu = model_host_reset((uint8_t)take(&input, 1));
	allocations = kshim_live_allocations();
	must(!vgpu_create(gpu, &sizes, "fuzzed", &model_vgpu), "no vGPU");
	must(!vgpu_open(model_vgpu, &model_guest_ops, NULL), "it can't be opened");
	while (input.left)
		act(&input);
	vgpu_destroy(model_vgpu);
	must(!model_host.pinned, "a page stays pinned");
	if (neighbour)
		vgpu_destroy(neighbour);
	neighbour = NULL;
	must(!model_host.awake, "the GPU stays awake");
	must(kshim_live_allocations() == allocations, "memory is lost");
	return 0;
}
