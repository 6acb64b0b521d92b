// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-display - whatever a guest may write to its display's registers, looked at meanwhile
 *
 * The bytes are writes to pipes, planes, scalers, clocks and the wire to the monitor; looks at the
 * screen; time that passes; and EDIDs that a viewer writes. No pixel has more than 24 bits, nothing is
 * read that is not the guest's, no timer outlives what it is for, nothing is lost.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "kernel-gvt/display/edid.h"
#include "kernel-gvt/display/export.h"
#include "kernel-gvt/vgpu/mmio.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/fuzz/model-host.h"
#include "tests/kshim/kshim.h"

#define ENABLE 0x80000000u

/* A picture of millions of pixels takes its time: few of them are shown most times. */
#define SMALL 0x007f007fu

static const struct {
	uint32_t offset, dwords;
	bool small;
} blocks[] = {
	{ 0x60000, 8, true },	{ 0x70000, 20, false },	 { 0x70080, 12, false }, { 0x70180, 12, false },
	{ 0x70280, 12, false }, { 0x70380, 12, false },	 { 0x68160, 12, true },	 { 0x68260, 12, true },
	{ 0x6c040, 10, false }, { 0x60400, 1, false },	 { 0xc5100, 10, false }, { 0x4a000, 256, false },
	{ 0x4a480, 1, false },	{ 0x44400, 12, false },	 { 0xc4000, 14, false }, { 0x61000, 8, true },
	{ 0x71000, 20, false }, { 0x61400, 1, false },	 { 0x71180, 12, false },
};

static void write_register(uint32_t offset, uint32_t value)
{
	must(!vgpu_bar0_write(model_vgpu, offset, &value, sizeof(value)), "a register can't be written");
}

static void write_some(struct input *input)
{
	unsigned int n = (unsigned int)take(input, 1) % ARRAY_SIZE(blocks);
	uint32_t offset = blocks[n].offset + 4 * ((uint32_t)take(input, 1) % blocks[n].dwords);
	uint32_t value = (uint32_t)take(input, 4);

	write_register(offset, blocks[n].small ? value & SMALL : value);
}

static void read_some(struct input *input)
{
	unsigned int n = (unsigned int)take(input, 1) % ARRAY_SIZE(blocks);
	uint32_t value;

	vgpu_bar0_read(model_vgpu, blocks[n].offset + 4 * ((uint32_t)take(input, 1) % blocks[n].dwords), &value,
		       sizeof(value));
}

/* What shows something: a pipe that feeds the monitor, and a plane in the guest's memory. */
static void turn_on(struct input *input)
{
	uint32_t base = (uint32_t)model_vgpu->aperture.start;

	write_register(0x60000, 0x00ff0000 | ((uint32_t)take(input, 1) & 0x7f));
	write_register(0x6000c, 0x00ff0000 | ((uint32_t)take(input, 1) & 0x7f));
	write_register(0x6001c, (uint32_t)take(input, 4) & SMALL);
	write_register(0x60400, ENABLE | 1u << 28);
	write_register(0x70008, ENABLE);
	write_register(0x70180, ENABLE | (uint32_t)take(input, 4));
	write_register(0x70190, (uint32_t)take(input, 4) & 0x01ff01ff);
	write_register(0x7019c, base + (uint32_t)take(input, 1) % GUEST_PAGES * PAGE);
}

static void look(void)
{
	struct gvt_export export;
	uint32_t row[256];
	u32 width, height;

	if (vgpu_screen_refresh(model_vgpu, &width, &height))
		return;
	must(width && height && (uint64_t)width * height * 4 <= GVT_SCREEN_BYTES, "a picture is too large");
	vgpu_screen_read(model_vgpu, 0, row, sizeof(row));
	for (unsigned int i = 0; i < width * height && i < 256; i++)
		must(!(row[i] >> 24), "a pixel has more than a colour");
	mutex_lock(&model_vgpu->lock);
	vgpu_export_look(model_vgpu, false, &export);
	vgpu_export_look(model_vgpu, true, &export);
	mutex_unlock(&model_vgpu->lock);
}

static void wish(struct input *input)
{
	size_t size = take(input, 1) & 1 ? 128 : 256;
	uint8_t *edid = malloc(size), sum = 0;
	struct edid_mode mode;

	must(edid != NULL, "no memory");
	for (size_t i = 0; i < size; i++)
		edid[i] = (uint8_t)take(input, 1);
	memcpy(edid, "\0\377\377\377\377\377\377", 8);
	edid[126] = (uint8_t)(size / 128 - 1);
	for (size_t i = 0; i < 127; i++)
		sum += edid[i];
	edid[127] = (uint8_t)-sum;
	mutex_lock(&model_vgpu->lock);
	if (!edid_fault(edid, size) && edid_preferred(edid, &mode))
		vgpu_monitor_wish(model_vgpu, mode.width, mode.height);
	vgpu_monitor_plug(model_vgpu, take(input, 1) & 1);
	mutex_unlock(&model_vgpu->lock);
	free(edid);
	must(model_vgpu->display.monitor.width <= 1024 && model_vgpu->display.monitor.height <= 768,
	     "a monitor is larger than its owner wants");
}

static void act(struct input *input)
{
	switch (take(input, 1) % 16) {
	case 0 ... 7:
		write_some(input);
		break;
	case 8 ... 9:
		read_some(input);
		break;
	case 10 ... 11:
		turn_on(input);
		break;
	case 12 ... 13:
		look();
		break;
	case 14:
		kshim_pass_time(take(input, 2) * 1000);
		break;
	default:
		wish(input);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	unsigned long allocations;

	model_host_keep(0);
	vgpu_screen_clear(model_vgpu);
	kshim_pass_time(1);
	allocations = kshim_live_allocations();
	for (unsigned int i = 0; i < PAGE * GUEST_PAGES; i++)
		model_host.memory[i / PAGE][i % PAGE] = (uint8_t)(i * 7);
	while (input.left)
		act(&input);
	mutex_lock(&model_vgpu->lock);
	vgpu_mmio_reset(model_vgpu);
	vgpu_display_reset(model_vgpu);
	mutex_unlock(&model_vgpu->lock);
	must(!kshim_timers(), "a timer is left");
	vgpu_screen_clear(model_vgpu);
	must(kshim_live_allocations() == allocations, "memory is lost");
	return 0;
}
