// SPDX-License-Identifier: GPL-2.0-or-later
/* The cursor (PRM Vol. 12 "Display": Cursor Plane; i915: intel_cursor.c). */
#include <stddef.h>

#include "plane.h"

#define CUR_CTL	    0x00
#define CUR_BASE    0x04
#define CUR_POS	    0x08
#define CUR_FBC_CTL 0x20

#define CTL_GAMMA      (1u << 26)
#define CTL_TURNED_180 (1u << 15)
#define CTL_MODE(ctl)  ((ctl)&0x27)

#define FBC_HEIGHT_ENABLE (1u << 31)

/* Only the modes with 32 bits of premultiplied ARGB; those with two colours show nothing. */
static const struct {
	uint8_t mode;
	uint16_t size;
} modes[] = { { 0x27, 64 }, { 0x22, 128 }, { 0x23, 256 } };

static uint32_t find_size(uint32_t ctl)
{
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].mode == CTL_MODE(ctl))
			return modes[i].size;
	return 0;
}

/* 15 bits and a sign. */
static int32_t coordinate(uint32_t value)
{
	int32_t magnitude = value & 0x7fff;

	return value & 0x8000 ? -magnitude : magnitude;
}

bool cursor_decode(const uint32_t *regs, struct plane *plane)
{
	uint32_t ctl = regs[CUR_CTL / 4], size = find_size(ctl), height = size;

	if (!size)
		return false;
	if (regs[CUR_FBC_CTL / 4] & FBC_HEIGHT_ENABLE && (regs[CUR_FBC_CTL / 4] & 0xff) + 1 < size)
		height = (regs[CUR_FBC_CTL / 4] & 0xff) + 1;
	*plane = (struct plane){
		.pixel.format = PIXEL_XRGB8888,
		.base = regs[CUR_BASE / 4] & 0xfffff000,
		.tiling = TILING_LINEAR,
		.pitch = 4 * size,
		.width = size,
		.height = height,
		.shown_width = size,
		.shown_height = height,
		.left = coordinate(regs[CUR_POS / 4]),
		.top = coordinate(regs[CUR_POS / 4] >> 16),
		.reversed = ctl & CTL_TURNED_180,
		.alpha = ALPHA_PREMULTIPLIED,
		.opacity = 0xff,
		.gamma = ctl & CTL_GAMMA,
	};
	return true;
}
