// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The blitter's commands (PRM Vol. 2a "Blitter Instructions", Vol. 10 "Copy Engine"). Fills, copies
 * and fast copies; patterns, mono sources and text are not simulated yet and change nothing.
 */
#include "blit.h"
#include "commands.h"
#include "device.h"

#define BLT_OPCODE(header) ((header) >> 22 & 0x7f)

#define XY_SETUP_BLT	  0x01
#define XY_SETUP_CLIP_BLT 0x03
#define XY_FAST_COPY_BLT  0x42
#define XY_COLOR_BLT	  0x50
#define XY_SRC_COPY_BLT	  0x53

#define WRITE_ALPHA	  (1u << 21)
#define WRITE_RGB	  (1u << 20)
#define SOURCE_TILED	  (1u << 15)
#define DESTINATION_TILED (1u << 11)
#define CLIP_ENABLE	  (1u << 30) /* in the second dword */

/* Tiled means Y where this says so, else X. */
#define BCS_SWCTRL	     0x22200
#define SWCTRL_SOURCE_Y	     (1u << 0)
#define SWCTRL_DESTINATION_Y (1u << 1)

#define LEFT(dword) ((int16_t)(dword))
#define TOP(dword)  ((int16_t)((dword) >> 16))

static struct blit_rectangle rectangle_at(const struct command *command, unsigned int at)
{
	return (struct blit_rectangle){ LEFT(command->dw[at]), TOP(command->dw[at]),
					LEFT(command->dw[at + 1]), TOP(command->dw[at + 1]) };
}

static enum command_result setup_clip(const struct command *command, unsigned int at)
{
	struct blit_rectangle clip = rectangle_at(command, at);

	command->engine->clip[0] = clip.x1;
	command->engine->clip[1] = clip.y1;
	command->engine->clip[2] = clip.x2;
	command->engine->clip[3] = clip.y2;
	return CMD_DONE;
}

/* Rectangle of dwords 2 and 3, cut by the clip rectangle if the command says so. */
static bool take_rectangle(const struct command *command, struct blit_rectangle *rectangle)
{
	const int16_t *edges = command->engine->clip;
	struct blit_rectangle clip = { edges[0], edges[1], edges[2], edges[3] };

	*rectangle = rectangle_at(command, 2);
	if (command->dw[1] & CLIP_ENABLE)
		return blit_clip(rectangle, &clip);
	return rectangle->x1 < rectangle->x2 && rectangle->y1 < rectangle->y2;
}

/* Pitches of tiled surfaces are in dwords, of linear ones in bytes. */
static void take_surface(struct surface *surface, const struct address_space *space,
			 uint64_t address, uint32_t pitch, enum tiling tiling)
{
	surface->space = space;
	surface->base = address;
	surface->tiling = tiling;
	surface->pitch = tiling == TILING_LINEAR ? (int16_t)pitch : (int32_t)(uint16_t)pitch * 4;
}

static enum tiling tiling_of(const struct command *command, bool tiled, uint32_t y_bit)
{
	if (!tiled)
		return TILING_LINEAR;
	return command_read_reg(command, BCS_SWCTRL) & y_bit ? TILING_Y : TILING_X;
}

static bool is_sane(const struct surface *surface, int32_t x, int32_t y)
{
	static const int32_t widths[] = { 1, 512, 128 };

	return surface->tiling == TILING_LINEAR ||
	       (x >= 0 && y >= 0 && surface->pitch >= widths[surface->tiling]);
}

static enum command_result finish(const struct command *command, const struct blit *blit)
{
	struct gtt_fault fault;

	if (!is_sane(&blit->destination, blit->rectangle.x1, blit->rectangle.y1) ||
	    (blit->has_source && !is_sane(&blit->source, blit->source_x, blit->source_y)))
		return command_error(command, "blit to or from outside a tiled surface");
	switch (blit_run(blit, &fault)) {
	case BLIT_DONE:
		return CMD_DONE;
	case BLIT_STOPPED:
		return CMD_RETRY;
	case BLIT_FAULT:
		return command_fault(command, &fault);
	default:
		return command_error(command, "no memory to blit");
	}
}

static unsigned int pixel_bytes(uint32_t depth)
{
	static const uint8_t bytes[] = { 1, 2, 2, 4 };

	return bytes[depth & 3];
}

static uint32_t write_mask(uint32_t header, unsigned int bytes)
{
	if (bytes < 4)
		return ~0u;
	return (header & WRITE_ALPHA ? 0xff000000 : 0) | (header & WRITE_RGB ? 0x00ffffff : 0);
}

/* What colour fills and copies have in common: dwords 0 to 5. */
static bool take_destination(const struct command *command, const struct address_space *space,
			     struct blit *blit)
{
	const uint32_t *dw = command->dw;

	blit->stop = &command->engine->hold;
	blit->pixel_bytes = pixel_bytes(dw[1] >> 24);
	blit->rop = dw[1] >> 16;
	blit->write_mask = write_mask(dw[0], blit->pixel_bytes);
	take_surface(&blit->destination, space, command_address(command, 4), dw[1],
		     tiling_of(command, dw[0] & DESTINATION_TILED, SWCTRL_DESTINATION_Y));
	return take_rectangle(command, &blit->rectangle);
}

static enum command_result xy_color(const struct command *command)
{
	struct address_space space = stream_space(command->engine, false);
	struct blit blit = { .color = command->dw[6] };

	if (!take_destination(command, &space, &blit))
		return CMD_DONE;
	return finish(command, &blit);
}

static enum command_result xy_src_copy(const struct command *command)
{
	struct address_space space = stream_space(command->engine, false);
	const uint32_t *dw = command->dw;
	struct blit blit = { .has_source = true };

	if (!take_destination(command, &space, &blit))
		return CMD_DONE;
	take_surface(&blit.source, &space, command_address(command, 8), dw[7],
		     tiling_of(command, dw[0] & SOURCE_TILED, SWCTRL_SOURCE_Y));
	/* Clipping moves the source along. */
	blit.source_x = LEFT(dw[6]) + blit.rectangle.x1 - LEFT(dw[2]);
	blit.source_y = TOP(dw[6]) + blit.rectangle.y1 - TOP(dw[2]);
	return finish(command, &blit);
}

/* 128-bit pixels take the same way as all: nothing here is done pixel by pixel. */
static unsigned int fast_pixel_bytes(uint32_t depth)
{
	static const uint8_t bytes[] = { 1, 2, 0, 4, 8, 16, 0, 0 };

	return bytes[depth & 7];
}

#define FAST_SOURCE_TILING(header)	(header >> 20 & 3)
#define FAST_DESTINATION_TILING(header) (header >> 13 & 3)
#define FAST_YF				(3u << 30) /* in the second dword: Yf in place of Y */
#define FAST_TILE_64K			3u

static enum command_result xy_fast_copy(const struct command *command)
{
	struct address_space space = stream_space(command->engine, false);
	const uint32_t *dw = command->dw;
	unsigned int from = FAST_SOURCE_TILING(dw[0]), to = FAST_DESTINATION_TILING(dw[0]);
	struct blit blit = {
		.has_source = true,
		.rop = 0xcc,
		.write_mask = ~0u,
		.pixel_bytes = fast_pixel_bytes(dw[1] >> 24),
		.rectangle = rectangle_at(command, 2),
		.source_x = LEFT(dw[6]),
		.source_y = TOP(dw[6]),
		.stop = &command->engine->hold,
	};

	if (!blit.pixel_bytes)
		return command_error(command, "fast copy of a depth that is none");
	if (from == FAST_TILE_64K || to == FAST_TILE_64K || dw[1] & FAST_YF)
		return command_error(command, "fast copy of Yf and Ys tiles is not simulated");
	if (blit.rectangle.x1 >= blit.rectangle.x2 || blit.rectangle.y1 >= blit.rectangle.y2)
		return CMD_DONE;
	take_surface(&blit.destination, &space, command_address(command, 4), dw[1], to);
	take_surface(&blit.source, &space, command_address(command, 8), dw[7], from);
	return finish(command, &blit);
}

enum command_result blt_execute(const struct command *command)
{
	switch (BLT_OPCODE(command->dw[0])) {
	case XY_SETUP_BLT:
		return command->length >= 4 ? setup_clip(command, 2) : CMD_DONE;
	case XY_SETUP_CLIP_BLT:
		return command->length >= 3 ? setup_clip(command, 1) : CMD_DONE;
	case XY_COLOR_BLT:
		return command->length >= 7 ? xy_color(command) : CMD_DONE;
	case XY_SRC_COPY_BLT:
		return command->length >= 10 ? xy_src_copy(command) : CMD_DONE;
	case XY_FAST_COPY_BLT:
		return command->length >= 10 ? xy_fast_copy(command) : CMD_DONE;
	default:
		return CMD_DONE;
	}
}
