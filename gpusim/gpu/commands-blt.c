// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The blitter's commands: which there are (PRM Vol. 2a "Blitter Instructions"), and what they have
 * in common.
 */
#include "commands-blt.h"
#include "regs.h"

#define BLT_OPCODE(header) ((header) >> 22 & 0x7f)

static const struct {
	uint8_t generation; /* the first that has it; 0: none has */
	uint8_t length; /* dwords at least, where it is not a rectangle with operands */
	enum command_result (*execute)(const struct command *command);
	enum blt_operand operands[BLT_OPERANDS]; /* in the order of their dwords */
} commands[0x80] = {
	[0x01] = { 8, 10, xy_setup_blt },
	[0x03] = { 8, 3, xy_setup_clip_blt },
	[0x11] = { 8, 10, xy_setup_mono_pattern_sl_blt },
	[0x24] = { 8, 2, xy_pixel_blt },
	[0x25] = { 8, 3, xy_scanlines_blt },
	[0x26] = { 8, 5, xy_text_blt },
	[0x31] = { 8, 3, xy_text_immediate_blt },
	[0x40] = { 8, 6, color_blt },
	[0x42] = { 9, 10, xy_fast_copy_blt },
	[0x43] = { 8, 8, src_copy_blt },
	[0x50] = { 8, .operands = { BLT_COLOR } }, /* XY_COLOR_BLT */
	[0x51] = { 8, .operands = { BLT_PATTERN } }, /* XY_PAT_BLT */
	[0x52] = { 8, .operands = { BLT_MONO_PATTERN } }, /* XY_MONO_PAT_BLT */
	[0x53] = { 8, .operands = { BLT_SOURCE } }, /* XY_SRC_COPY_BLT */
	[0x54] = { 8, .operands = { BLT_MONO_SOURCE } }, /* XY_MONO_SRC_COPY_BLT */
	[0x55] = { 8, .operands = { BLT_SOURCE, BLT_PATTERN } }, /* XY_FULL_BLT */
	/* XY_FULL_MONO_SRC_BLT */
	[0x56] = { 8, .operands = { BLT_MONO_SOURCE, BLT_PATTERN } },
	/* XY_FULL_MONO_PATTERN_BLT */
	[0x57] = { 8, .operands = { BLT_SOURCE, BLT_MONO_PATTERN } },
	/* XY_FULL_MONO_PATTERN_MONO_SRC_BLT */
	[0x58] = { 8, .operands = { BLT_MONO_SOURCE, BLT_MONO_PATTERN } },
	[0x59] = { 8, .operands = { BLT_FIXED_PATTERN } }, /* XY_MONO_PAT_FIXED_BLT */
	/* XY_MONO_SRC_COPY_IMMEDIATE_BLT */
	[0x71] = { 8, .operands = { BLT_MONO_SOURCE_IMMEDIATE } },
	[0x72] = { 8, .operands = { BLT_PATTERN_IMMEDIATE } }, /* XY_PAT_BLT_IMMEDIATE */
	[0x73] = { 8, .operands = { BLT_SOURCE, BLT_KEY } }, /* XY_SRC_COPY_CHROMA_BLT */
	/* XY_FULL_IMMEDIATE_PATTERN_BLT */
	[0x74] = { 8, .operands = { BLT_SOURCE, BLT_PATTERN_IMMEDIATE } },
	/* XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT */
	[0x75] = { 8, .operands = { BLT_MONO_SOURCE, BLT_PATTERN_IMMEDIATE } },
	[0x76] = { 8, .operands = { BLT_PATTERN, BLT_KEY } }, /* XY_PAT_CHROMA_BLT */
	/* XY_PAT_CHROMA_BLT_IMMEDIATE */
	[0x77] = { 8, .operands = { BLT_KEY, BLT_PATTERN_IMMEDIATE } },
};

enum command_result blt_execute(const struct command *command)
{
	unsigned int opcode = BLT_OPCODE(command->dw[0]), least;

	if (!commands[opcode].generation ||
	    commands[opcode].generation > command->engine->gpu->info->generation)
		return command_error(command, "no such blit");
	least = commands[opcode].execute ? commands[opcode].length :
					   xy_length(commands[opcode].operands);
	if (command->length < least)
		return command_error(command, "blit with too few dwords");
	if (commands[opcode].execute)
		return commands[opcode].execute(command);
	return xy_execute(command, commands[opcode].operands);
}

struct blit_rectangle blt_rectangle(uint32_t top_left, uint32_t bottom_right)
{
	return (struct blit_rectangle){ (int16_t)top_left, (int16_t)(top_left >> 16),
					(int16_t)bottom_right, (int16_t)(bottom_right >> 16) };
}

enum tiling blt_tiling(const struct command *command, bool tiled, uint32_t y_bit)
{
	const uint32_t *regs = command->engine->gpu->regs;

	if (!tiled)
		return TILING_LINEAR;
	return __atomic_load_n(&regs[BCS_SWCTRL / 4], __ATOMIC_RELAXED) & y_bit ? TILING_Y :
										  TILING_X;
}

int32_t blt_pitch(uint32_t field, enum tiling tiling)
{
	return tiling == TILING_LINEAR ? (int16_t)field : (int32_t)(uint16_t)field * 4;
}

/* By BR13_DEPTH(): 8 bits, 565, 1555, 32 bits. */
static const uint8_t depth_bytes[] = { 1, 2, 2, 4 };

static uint32_t write_mask(unsigned int channels, unsigned int pixel_bytes)
{
	if (pixel_bytes < 4)
		return UINT32_MAX;
	return (channels & 2 ? 0xff000000 : 0) | (channels & 1 ? 0x00ffffff : 0);
}

void blt_begin(struct blt *blt, const struct command *command, uint32_t control,
	       unsigned int channels, uint64_t destination)
{
	unsigned int pixel_bytes = depth_bytes[BR13_DEPTH(control)];
	enum tiling tiling =
		blt_tiling(command, command->dw[0] & BR00_DESTINATION_TILED, SWCTRL_DESTINATION_Y);

	*blt = (struct blt){
		.command = command,
		.control = control,
		.space = stream_space(command->engine, false),
		.blit = {
			.pixel_bytes = pixel_bytes,
			.rop = BR13_ROP(control),
			.write_mask = write_mask(channels, pixel_bytes),
			.stop = &command->engine->hold,
			.destination = {
				.space = &blt->space,
				.base = destination,
				.pitch = blt_pitch(control, tiling),
				.tiling = tiling,
			},
			.pattern.uniform = true,
		},
	};
}

bool blt_take_rectangle(struct blt *blt, struct blit_rectangle rectangle)
{
	const struct blitter_setup *setup = &blt->command->engine->blitter;
	struct blit_rectangle clip = blt_rectangle(setup->clip_top_left, setup->clip_bottom_right);

	blt->whole = blt->blit.rectangle = rectangle;
	if (rectangle.x1 >= rectangle.x2 || rectangle.y1 >= rectangle.y2)
		return false;
	return !(blt->control & BR13_CLIP) || blit_clip(&blt->blit.rectangle, &clip);
}

struct blit_pattern *blt_pattern(struct blt *blt)
{
	struct blit_pattern *pattern = &blt->blit.pattern;

	pattern->uniform = false;
	pattern->x = BR00_PATTERN_X(blt->command->dw[0]);
	pattern->y = BR00_PATTERN_Y(blt->command->dw[0]);
	return pattern;
}

size_t blt_pattern_size(const struct blt *blt)
{
	return PATTERN_SIZE * PATTERN_SIZE * blt->blit.pixel_bytes;
}

/* "Solid" means that all bits count as 0. */
void blt_take_mono_pattern(struct blt *blt, uint64_t bits, uint32_t foreground, uint32_t background)
{
	struct blit_pattern *pattern = blt_pattern(blt);
	unsigned int pixel_bytes = blt->blit.pixel_bytes;

	if (blt->control & BR13_SOLID_PATTERN)
		blit_pattern_solid(pattern, background, pixel_bytes);
	else
		blit_pattern_mono(pattern, bits, foreground, background, pixel_bytes);
	pattern->transparent = blt->control & BR13_MONO_PATTERN_CLEAR;
}

bool blt_take_pattern(struct blt *blt, uint64_t address)
{
	/* The address has no bits below 6. */
	return command_read(blt->command, false, address & ~63ull, blt_pattern(blt)->pixels,
			    blt_pattern_size(blt));
}

bool blt_take_mono(struct blt *blt, const struct blit_mono *mono, size_t size)
{
	const struct blit_rectangle *whole = &blt->whole;
	uint64_t end = mono->first + (uint64_t)(whole->y2 - whole->y1 - 1) * mono->stride +
		       (uint32_t)(whole->x2 - whole->x1);

	if (mono->bits && end > 8 * (uint64_t)size) {
		command_error(blt->command, "blit whose immediate data ends too early");
		return false;
	}
	blt->blit.source_kind = BLIT_MONO_SOURCE;
	blt->blit.mono = *mono;
	blt->blit.mono.x = whole->x1;
	blt->blit.mono.y = whole->y1;
	blt->blit.mono.transparent = blt->control & BR13_MONO_SOURCE_CLEAR;
	return true;
}

/* Tiles have no rows or columns before the first. */
static bool is_inside(const struct surface *surface, int32_t x, int32_t y)
{
	return surface->tiling == TILING_LINEAR || (x >= 0 && y >= 0);
}

enum command_result blt_finish(const struct blt *blt)
{
	const struct blit *blit = &blt->blit;
	bool source = blit->source_kind == BLIT_COLOR_SOURCE;
	struct gtt_fault fault;

	if (!surface_is_whole(&blit->destination) || (source && !surface_is_whole(&blit->source)))
		return command_error(blt->command,
				     "blit whose tiled surface is not made of whole tiles");
	if (!is_inside(&blit->destination, blit->rectangle.x1, blit->rectangle.y1) ||
	    (source && !is_inside(&blit->source, blit->source_x, blit->source_y)))
		return command_error(blt->command, "blit to or from outside a tiled surface");
	switch (blit_run(blit, &fault)) {
	case BLIT_DONE:
		return CMD_DONE;
	case BLIT_STOPPED:
		return CMD_RETRY;
	case BLIT_FAULT:
		return command_fault(blt->command, &fault);
	default:
		return command_error(blt->command, "no memory to blit");
	}
}
