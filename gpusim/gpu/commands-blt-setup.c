// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XY_SETUP_*_BLT and the commands that draw with what those left: pixels, scan lines and text. The
 * header's bits (tiling, seeds) are those of the command that draws.
 */
#include "commands-blt.h"

static void take_setup(const struct command *command, bool mono_pattern)
{
	const uint32_t *dw = command->dw;

	command->engine->blitter = (struct blitter_setup){
		.control = dw[1],
		.channels = BR00_CHANNELS(dw[0]),
		.clip_top_left = dw[2],
		.clip_bottom_right = dw[3],
		.destination = command_address(command, 4),
		.background = dw[6],
		.foreground = dw[7],
		.pattern = command_address(command, 8),
		.mono_pattern = mono_pattern,
	};
}

enum command_result xy_setup_blt(const struct command *command)
{
	take_setup(command, false);
	return CMD_DONE;
}

enum command_result xy_setup_mono_pattern_sl_blt(const struct command *command)
{
	take_setup(command, true);
	return CMD_DONE;
}

enum command_result xy_setup_clip_blt(const struct command *command)
{
	command->engine->blitter.clip_top_left = command->dw[1];
	command->engine->blitter.clip_bottom_right = command->dw[2];
	return CMD_DONE;
}

static const struct blitter_setup *begin(struct blt *blt, const struct command *command)
{
	const struct blitter_setup *setup = &command->engine->blitter;

	blt_begin(blt, command, setup->control, setup->channels, setup->destination);
	return setup;
}

/* The pixel's colour is the background's (BR05). */
enum command_result xy_pixel_blt(const struct command *command)
{
	struct blit_rectangle pixel = blt_rectangle(command->dw[1], command->dw[1]);
	struct blt blt;
	const struct blitter_setup *setup = begin(&blt, command);

	pixel.x2++;
	pixel.y2++;
	if (!blt_take_rectangle(&blt, pixel))
		return CMD_DONE;
	blit_pattern_solid(&blt.blit.pattern, setup->background, blt.blit.pixel_bytes);
	return blt_finish(&blt);
}

enum command_result xy_scanlines_blt(const struct command *command)
{
	struct blt blt;
	const struct blitter_setup *setup = begin(&blt, command);

	if (!blt_take_rectangle(&blt, blt_rectangle(command->dw[1], command->dw[2])))
		return CMD_DONE;
	if (setup->mono_pattern)
		blt_take_mono_pattern(&blt, setup->pattern, setup->foreground, setup->background);
	else if (!blt_take_pattern(&blt, setup->pattern))
		return CMD_ERROR;
	return blt_finish(&blt);
}

/* Rows of text follow each other without a gap, or begin at a byte each. */
static enum command_result draw_text(const struct command *command, uint64_t address,
				     const uint32_t *bits)
{
	struct blt blt;
	const struct blitter_setup *setup = begin(&blt, command);
	struct blit_mono mono = {
		.bits = (const uint8_t *)bits,
		.address = address,
		.foreground = setup->foreground,
		.background = setup->background,
	};
	size_t size = bits ? 4 * (size_t)(command->dw + command->length - bits) : 0;

	if (!blt_take_rectangle(&blt, blt_rectangle(command->dw[1], command->dw[2])))
		return CMD_DONE;
	mono.stride = (uint32_t)(blt.whole.x2 - blt.whole.x1);
	if (command->dw[0] & BR00_BYTE_PACKED)
		mono.stride = (mono.stride + 7) / 8 * 8;
	if (!blt_take_mono(&blt, &mono, size))
		return CMD_ERROR;
	return blt_finish(&blt);
}

enum command_result xy_text_blt(const struct command *command)
{
	return draw_text(command, command_address(command, 3), NULL);
}

enum command_result xy_text_immediate_blt(const struct command *command)
{
	return draw_text(command, 0, &command->dw[3]);
}
