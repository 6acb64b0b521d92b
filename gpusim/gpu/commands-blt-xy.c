// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XY_*_BLT that draw a rectangle: header, BR13, two corners, the destination's address, and then
 * the operands, one after the other, of which each command has its own.
 */
#include <string.h>

#include "commands-blt.h"

#define FIRST_OPERAND 6

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

static bool take_color(struct blt *blt, const uint32_t *dw)
{
	blit_pattern_solid(&blt->blit.pattern, dw[0], blt->blit.pixel_bytes);
	return true;
}

static bool take_source(struct blt *blt, const uint32_t *dw)
{
	const struct command *command = blt->command;
	struct blit *blit = &blt->blit;
	enum tiling tiling =
		blt_tiling(command, command->dw[0] & BR00_SOURCE_TILED, SWCTRL_SOURCE_Y);

	blit->source_kind = BLIT_COLOR_SOURCE;
	blit->source = (struct surface){
		.space = &blt->space,
		.base = (uint64_t)dw[3] << 32 | dw[2],
		.pitch = blt_pitch(dw[1], tiling),
		.tiling = tiling,
	};
	/* Clipping moves the source along. */
	blit->source_x = (int16_t)dw[0] + blit->rectangle.x1 - blt->whole.x1;
	blit->source_y = (int16_t)(dw[0] >> 16) + blit->rectangle.y1 - blt->whole.y1;
	return true;
}

/* Each row begins at a word of 16 bits. */
static uint64_t mono_stride(const struct blt *blt)
{
	return round_up(BR00_FIRST_BIT(blt->command->dw[0]) +
				(uint32_t)(blt->whole.x2 - blt->whole.x1),
			16);
}

static bool take_mono_source(struct blt *blt, const uint32_t *dw)
{
	const struct blit_mono mono = {
		.address = (uint64_t)dw[1] << 32 | dw[0],
		.first = BR00_FIRST_BIT(blt->command->dw[0]),
		.stride = mono_stride(blt),
		.background = dw[2],
		.foreground = dw[3],
	};

	return blt_take_mono(blt, &mono, 0);
}

/* Bytes of the command from this dword on. */
static size_t bytes_from(const struct blt *blt, const uint32_t *dw)
{
	return 4 * (size_t)(blt->command->dw + blt->command->length - dw);
}

static bool take_mono_source_immediate(struct blt *blt, const uint32_t *dw)
{
	const struct blit_mono mono = {
		.bits = (const uint8_t *)&dw[2],
		.first = BR00_FIRST_BIT(blt->command->dw[0]),
		.stride = mono_stride(blt),
		.background = dw[0],
		.foreground = dw[1],
	};

	return blt_take_mono(blt, &mono, bytes_from(blt, &dw[2]));
}

static bool take_pattern(struct blt *blt, const uint32_t *dw)
{
	return blt_take_pattern(blt, (uint64_t)dw[1] << 32 | dw[0]);
}

static bool take_pattern_immediate(struct blt *blt, const uint32_t *dw)
{
	size_t size = blt_pattern_size(blt);

	if (bytes_from(blt, dw) < size) {
		command_error(blt->command, "blit whose immediate pattern ends too early");
		return false;
	}
	memcpy(blt_pattern(blt)->pixels, dw, size);
	return true;
}

static bool take_mono_pattern(struct blt *blt, const uint32_t *dw)
{
	blt_take_mono_pattern(blt, (uint64_t)dw[3] << 32 | dw[2], dw[1], dw[0]);
	return true;
}

/*
 * The hatches of the Windows GDI in its order, and the rest that the manual has by name alone.
 * Rows from the lowest byte on.
 */
static const uint64_t fixed_patterns[16] = {
	0x00000000ff000000, /* HS_HORIZONTAL */
	0x0808080808080808, /* HS_VERTICAL */
	0x0102040810204080, /* HS_FDIAGONAL: from the upper left */
	0x8040201008040201, /* HS_BDIAGONAL */
	0x08080808ff080808, /* HS_CROSS */
	0x8142241818244281, /* HS_DIAGCROSS */
	[8] = 0xaa55aa55aa55aa55, /* screen door */
	[9] = 0xcccc3333cccc3333, /* the same, wide */
	[10] = 0x0102040810204080, /* a walking one */
	[11] = 0xfefdfbf7efdfbf7f, /* a walking zero */
};

static bool take_fixed_pattern(struct blt *blt, const uint32_t *dw)
{
	blt_take_mono_pattern(blt, fixed_patterns[BR00_FIXED(blt->command->dw[0])], dw[1], dw[0]);
	return true;
}

/* By BR13_DEPTH(): alpha, and the other components. */
static const struct {
	uint32_t alpha, colors[3];
} depth_components[] = {
	{ 0, { 0xff } },
	{ 0, { 0xf800, 0x07e0, 0x001f } },
	{ 0x8000, { 0x7c00, 0x03e0, 0x001f } },
	{ 0xff000000, { 0xff0000, 0x00ff00, 0x0000ff } },
};

/* By BR00_KEY(); even ones: no key. */
static const struct {
	bool on, destination, alpha;
} key_modes[8] = {
	[1] = { true, false, false },
	[3] = { true, false, true },
	[5] = { true, true, true },
	[7] = { true, true, false },
};

/* Without a source, the pattern is what the source's key looks at. */
static bool take_key(struct blt *blt, const uint32_t *dw)
{
	unsigned int mode = BR00_KEY(blt->command->dw[0]), depth = BR13_DEPTH(blt->control);
	struct blit *blit = &blt->blit;
	uint32_t *components = blit->key.components;

	if (!key_modes[mode].on)
		return true;
	blit->key_kind = key_modes[mode].destination		? BLIT_KEY_DESTINATION :
			 blit->source_kind == BLIT_COLOR_SOURCE ? BLIT_KEY_SOURCE :
								  BLIT_KEY_PATTERN;
	blit->key.low = dw[0];
	blit->key.high = dw[1];
	if (key_modes[mode].alpha && depth_components[depth].alpha)
		*components++ = depth_components[depth].alpha;
	memcpy(components, depth_components[depth].colors, sizeof(depth_components[depth].colors));
	return true;
}

static const struct {
	uint8_t dwords; /* at least */
	/* Take it from `dw` on. False: the engine has been told. */
	bool (*take)(struct blt *blt, const uint32_t *dw);
} kinds[BLT_OPERAND_COUNT] = {
	[BLT_COLOR] = { 1, take_color },
	[BLT_SOURCE] = { 4, take_source },
	[BLT_MONO_SOURCE] = { 4, take_mono_source },
	[BLT_MONO_SOURCE_IMMEDIATE] = { 2, take_mono_source_immediate },
	[BLT_PATTERN] = { 2, take_pattern },
	[BLT_PATTERN_IMMEDIATE] = { 0, take_pattern_immediate },
	[BLT_MONO_PATTERN] = { 4, take_mono_pattern },
	[BLT_FIXED_PATTERN] = { 2, take_fixed_pattern },
	[BLT_KEY] = { 2, take_key },
};

unsigned int xy_length(const enum blt_operand *operands)
{
	unsigned int length = FIRST_OPERAND;

	for (unsigned int i = 0; i < BLT_OPERANDS; i++)
		length += kinds[operands[i]].dwords;
	return length;
}

enum command_result xy_execute(const struct command *command, const enum blt_operand *operands)
{
	const uint32_t *dw = command->dw;
	unsigned int at = FIRST_OPERAND;
	struct blt blt;

	blt_begin(&blt, command, dw[1], BR00_CHANNELS(dw[0]), command_address(command, 4));
	if (!blt_take_rectangle(&blt, blt_rectangle(dw[2], dw[3])))
		return CMD_DONE;
	for (unsigned int i = 0; i < BLT_OPERANDS && operands[i] != BLT_NO_OPERAND; i++) {
		if (!kinds[operands[i]].take(&blt, &dw[at]))
			return CMD_ERROR;
		at += kinds[operands[i]].dwords;
	}
	return blt_finish(&blt);
}
