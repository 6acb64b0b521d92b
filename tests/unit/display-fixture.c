// SPDX-License-Identifier: GPL-2.0-or-later
#include "display-fixture.h"

#include <stdlib.h>

#define ENABLE 0x80000000u

/* Skylake: 8910 MHz of the DCO, divided by 3, 2, 2 and 5. */
static void clock_skylake(struct model *model)
{
	write32(model, 0x46014, ENABLE);
	write32(model, 0x6c040, ENABLE | 8192 << 9 | 371);
	write32(model, 0x6c044, 2 << 8 | 1 << 7 | 1 << 5 | 2 << 2);
	write32(model, 0x6c058, 1u << 11 | 1u << 6);
	write32(model, 0x6c05c, 1 << 4 | 1 << 3);
}

/* Broadwell: 2700 MHz of the LCPLL, times 66, divided by 24, 10 and 5. */
static void clock_broadwell(struct model *model)
{
	write32(model, 0x46040, ENABLE | 3u << 28 | 66 << 16 | 10 << 8 | 24);
	write32(model, 0x46104, 4u << 29);
}

void display_on(struct model *model, uint32_t width, uint32_t height)
{
	if (model->gpu->info->generation == 8)
		clock_broadwell(model);
	else
		clock_skylake(model);
	write32(model, 0x60000, 2199u << 16 | (width - 1));
	write32(model, 0x6000c, 1124u << 16 | (height - 1));
	write32(model, 0x60010, 1124u << 16 | (height - 1));
	write32(model, 0x6001c, (width - 1) << 16 | (height - 1));
	write32(model, 0x60400, ENABLE | 1u << 28);
	write32(model, PIPE_A + 8, ENABLE);
}

void display_map(struct model *model, uint32_t page, uint64_t bytes)
{
	uint32_t first = first_aperture_entry(model);

	for (uint32_t i = 0; i < (bytes + PAGE - 1) / PAGE; i++)
		write_entry(model, first + i, (uint64_t)(page + i) * PAGE | 1);
	write32(model, FLUSH_GGTT, 1);
}

uint32_t display_base(const struct model *model)
{
	return first_aperture_entry(model) * PAGE;
}

void display_plane(struct model *model, uint32_t n, uint32_t ctl, uint32_t stride, uint32_t width, uint32_t height)
{
	write32(model, PLANE(n), ENABLE | ctl);
	write32(model, PLANE(n) + 0x08, stride);
	write32(model, PLANE(n) + 0x10, (height - 1) << 16 | (width - 1));
	write32(model, PLANE(n) + 0x1c, display_base(model));
}

uint32_t *display_look(struct model *model, uint32_t width, uint32_t height)
{
	size_t bytes = (size_t)width * height * 4;
	uint32_t *picture = malloc(bytes), seen_width, seen_height;

	assert_non_null(picture);
	assert_int_equal(vgpu_screen_refresh(model->vgpu, &seen_width, &seen_height), 0);
	assert_int_equal(seen_width, width);
	assert_int_equal(seen_height, height);
	assert_int_equal(vgpu_screen_read(model->vgpu, 0, picture, bytes + 1), bytes);
	return picture;
}
