// SPDX-License-Identifier: GPL-2.0-or-later
/* Blits that are not rectangles with operands: by address and size, and the fast copy of Gen9. */
#include "commands-blt.h"

/* BR14 has the rows, and the bytes of each; a part of a pixel at the right is left out. */
static struct blit_rectangle sized_rectangle(const struct blt *blt, uint32_t size)
{
	return (struct blit_rectangle){
		.x2 = (int32_t)((size & 0xffff) / blt->blit.pixel_bytes),
		.y2 = (int32_t)(size >> 16),
	};
}

/* These know no tiles and no clipping: bits of that kind mean something else, or nothing. */
static bool begin_linear(struct blt *blt, const struct command *command)
{
	const uint32_t *dw = command->dw;

	blt_begin(blt, command, dw[1] & ~BR13_CLIP, BR00_CHANNELS(dw[0]),
		  command_address(command, 3));
	blt->blit.destination.tiling = TILING_LINEAR;
	blt->blit.destination.pitch = blt_pitch(dw[1], TILING_LINEAR);
	return blt_take_rectangle(blt, sized_rectangle(blt, dw[2]));
}

enum command_result color_blt(const struct command *command)
{
	struct blt blt;

	if (!begin_linear(&blt, command))
		return CMD_DONE;
	blit_pattern_solid(&blt.blit.pattern, command->dw[5], blt.blit.pixel_bytes);
	return blt_finish(&blt);
}

enum command_result src_copy_blt(const struct command *command)
{
	const uint32_t *dw = command->dw;
	struct blt blt;

	if (!begin_linear(&blt, command))
		return CMD_DONE;
	blt.blit.source_kind = BLIT_COLOR_SOURCE;
	blt.blit.source = (struct surface){
		.space = &blt.space,
		.base = command_address(command, 6),
		.pitch = blt_pitch(dw[5], TILING_LINEAR),
	};
	/* Addresses are those of the first byte that is written: the last of a row, leftwards. */
	if (dw[1] & BR13_LEFTWARDS) {
		uint32_t last = (dw[2] & 0xffff) - 1;

		blt.blit.source.base -= last;
		blt.blit.destination.base -= last;
	}
	return blt_finish(&blt);
}

#define FAST_SOURCE_TILING(header)	(header >> 20 & 3)
#define FAST_DESTINATION_TILING(header) (header >> 13 & 3)
#define FAST_SOURCE_YF			(1u << 31) /* in the second dword: Yf in place of Y */
#define FAST_DESTINATION_YF		(1u << 30)
#define FAST_DEPTH(control)		((control) >> 24 & 7)

static const enum tiling fast_tilings[] = { TILING_LINEAR, TILING_X, TILING_Y, TILING_YS };

/* Bytes of a pixel; 0: no such depth. */
static const uint8_t fast_depths[] = { 1, 2, 0, 4, 8, 16, 0, 0 };

static struct surface fast_surface(const struct blt *blt, enum tiling tiling, bool yf,
				   uint64_t address, uint32_t pitch)
{
	return (struct surface){
		.space = &blt->space,
		.base = address,
		.pitch = blt_pitch(pitch, tiling),
		.tiling = tiling == TILING_Y && yf ? TILING_YF : tiling,
		.pixel_bytes = blt->blit.pixel_bytes,
	};
}

/* It has neither operation nor clipping nor channels; the bits are used for other things. */
enum command_result xy_fast_copy_blt(const struct command *command)
{
	const uint32_t *dw = command->dw;
	struct blt blt;

	blt_begin(&blt, command, 0, 0, 0);
	blt.blit.pixel_bytes = fast_depths[FAST_DEPTH(dw[1])];
	if (!blt.blit.pixel_bytes)
		return command_error(command, "fast copy of a depth that is none");
	if (!blt_take_rectangle(&blt, blt_rectangle(dw[2], dw[3])))
		return CMD_DONE;
	blt.blit.rop = 0xcc;
	blt.blit.write_mask = UINT32_MAX;
	blt.blit.source_kind = BLIT_COLOR_SOURCE;
	blt.blit.source_x = (int16_t)dw[6];
	blt.blit.source_y = (int16_t)(dw[6] >> 16);
	blt.blit.destination =
		fast_surface(&blt, fast_tilings[FAST_DESTINATION_TILING(dw[0])],
			     dw[1] & FAST_DESTINATION_YF, command_address(command, 4), dw[1]);
	blt.blit.source = fast_surface(&blt, fast_tilings[FAST_SOURCE_TILING(dw[0])],
				       dw[1] & FAST_SOURCE_YF, command_address(command, 8), dw[7]);
	return blt_finish(&blt);
}
