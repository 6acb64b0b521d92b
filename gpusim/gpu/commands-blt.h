/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands-blt.h - what the blitter's commands have in common: from their fields to a struct blit
 *
 * Fields have the names of the registers that they load (PRM Vol. 10 "Copy Engine", Vol. 2a):
 * BR00 is a command's header, BR13 its second dword, BR01 the one that XY_SETUP_BLT left.
 */
#ifndef GPUSIM_COMMANDS_BLT_H
#define GPUSIM_COMMANDS_BLT_H

#include "blit.h"
#include "commands.h"
#include "device.h"

#define BR00_SOURCE_TILED	(1u << 15)
#define BR00_DESTINATION_TILED	(1u << 11)
#define BR00_CHANNELS(header)	((header) >> 20 & 3) /* of 32 bit pixels: alpha, and the rest */
#define BR00_PATTERN_X(header)	((header) >> 12 & 7)
#define BR00_PATTERN_Y(header)	((header) >> 8 & 7)
#define BR00_FIRST_BIT(header)	((header) >> 17 & 7) /* of mono sources */
#define BR00_KEY(header)	((header) >> 17 & 7) /* of commands with a colour key */
#define BR00_FIXED(header)	((header) >> 15 & 15) /* number of the fixed pattern */
#define BR00_BYTE_PACKED	(1u << 16) /* of text */
#define BR13_SOLID_PATTERN	(1u << 31)
#define BR13_CLIP		(1u << 30)
#define BR13_LEFTWARDS		(1u << 30) /* of SRC_COPY_BLT */
#define BR13_MONO_SOURCE_CLEAR	(1u << 29) /* 0s of the source are transparent */
#define BR13_MONO_PATTERN_CLEAR (1u << 28)
#define BR13_DEPTH(control)	((control) >> 24 & 3)
#define BR13_ROP(control)	((uint8_t)((control) >> 16))

/* A blit while its command is decoded. It points into itself: not to be copied. */
struct blt {
	const struct command *command;
	uint32_t control; /* BR13 or BR01 */
	struct address_space space;
	struct blit_rectangle whole; /* before it was clipped */
	struct blit blit;
};

/* What 16 bits of a coordinate pair mean: x is the lower one. */
struct blit_rectangle blt_rectangle(uint32_t top_left, uint32_t bottom_right);

/*
 * Begin with a destination, and with no source and a black pattern. `control` has the depth, the
 * operation and the pitch, `channels` what may be written.
 */
void blt_begin(struct blt *blt, const struct command *command, uint32_t control,
	       unsigned int channels, uint64_t destination);

/* Set the rectangle, clipped when `control` says so; false when there is nothing to do. */
bool blt_take_rectangle(struct blt *blt, struct blit_rectangle rectangle);

/* Tiled means X or, where this bit of BCS_SWCTRL is set, Y. */
#define SWCTRL_SOURCE_Y	     (1u << 0)
#define SWCTRL_DESTINATION_Y (1u << 1)
enum tiling blt_tiling(const struct command *command, bool tiled, uint32_t y_bit);

/* What a pitch field says of a surface: bytes, and dwords when tiled. */
int32_t blt_pitch(uint32_t field, enum tiling tiling);

/* A pattern with the header's seeds, and this many bytes of pixels that the caller fills in. */
struct blit_pattern *blt_pattern(struct blt *blt);
size_t blt_pattern_size(const struct blt *blt);

void blt_take_mono_pattern(struct blt *blt, uint64_t bits, uint32_t foreground,
			   uint32_t background);
/* False: the pattern can't be read there, and the engine has been told. */
bool blt_take_pattern(struct blt *blt, uint64_t address);

/*
 * A mono source of rows of `stride` bits after `first`. With `bits`, which are `size` bytes in the
 * command itself, false when they are not enough; the engine has been told.
 */
bool blt_take_mono(struct blt *blt, const struct blit_mono *mono, size_t size);

enum command_result blt_finish(const struct blt *blt);

/* For the table in commands-blt.c. commands-blt-xy.c: a rectangle with up to three operands. */
enum blt_operand {
	BLT_NO_OPERAND,
	BLT_COLOR,
	BLT_SOURCE,
	BLT_MONO_SOURCE,
	BLT_MONO_SOURCE_IMMEDIATE,
	BLT_PATTERN,
	BLT_PATTERN_IMMEDIATE,
	BLT_MONO_PATTERN,
	BLT_FIXED_PATTERN,
	BLT_KEY,
	BLT_OPERAND_COUNT
};

#define BLT_OPERANDS 2 /* at most, beside the destination */

unsigned int xy_length(const enum blt_operand *operands);
enum command_result xy_execute(const struct command *command, const enum blt_operand *operands);

/* commands-blt-copy.c */
enum command_result color_blt(const struct command *command);
enum command_result src_copy_blt(const struct command *command);
enum command_result xy_fast_copy_blt(const struct command *command);

/* commands-blt-setup.c */
enum command_result xy_setup_blt(const struct command *command);
enum command_result xy_setup_clip_blt(const struct command *command);
enum command_result xy_setup_mono_pattern_sl_blt(const struct command *command);
enum command_result xy_pixel_blt(const struct command *command);
enum command_result xy_scanlines_blt(const struct command *command);
enum command_result xy_text_blt(const struct command *command);
enum command_result xy_text_immediate_blt(const struct command *command);

#endif
