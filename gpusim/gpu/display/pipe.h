/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.h - pipes: frames that pass by themselves, and registers that take effect between them
 *
 * A running pipe is a point in time and a frame's length; counters are computed when somebody
 * looks. What a driver writes to a block of plane, cursor or scaler registers is collected, armed
 * by the block's last register, and shown from the next vertical blank on (PRM Vol. 12 "Display":
 * double buffered registers). Knows no picture: scanout.h makes one from a pipe_view.
 *
 * A simulated machine is slower than the one that drivers are tuned for: they write all registers
 * of an update in the 100 µs that they keep clear of the vertical blank, and call it an error when
 * it comes between. So a frame waits for an update that goes on, a tenth of a second at most; the
 * frames after it come when they would have come.
 */
#ifndef GPUSIM_DISPLAY_PIPE_H
#define GPUSIM_DISPLAY_PIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "timing.h"

#define PIPES	     3
#define PIPE_PLANES  3
#define PIPE_SCALERS 2

enum pipe_block {
	BLOCK_PLANE, /* and the next ones, PIPE_PLANES in all */
	BLOCK_CURSOR = PIPE_PLANES,
	BLOCK_SCALER, /* and the next one */
	PIPE_BLOCKS = BLOCK_SCALER + PIPE_SCALERS
};

#define BLOCK_DWORDS   32
#define PALETTE_COLORS 256

struct pipe {
	bool running;
	struct timing timing;
	uint64_t epoch; /* when the vertical blank of frame 0 began: ns of CLOCK_MONOTONIC */
	uint64_t frame; /* whose beginning has been seen to */
	uint32_t frames_before; /* counted by the pipe until the epoch */
	uint32_t flips; /* of plane 1 */
	uint64_t held_until; /* the next frame does not begin before */
	uint32_t written; /* bits of blocks: written, not yet armed */
	bool updating; /* blocks were written in this frame, and the counters not read since */
	uint32_t pending; /* bits of blocks: armed, not yet live */
	uint32_t armed[PIPE_BLOCKS][BLOCK_DWORDS];
	uint32_t live[PIPE_BLOCKS][BLOCK_DWORDS];
};

/* All that a picture of the pipe depends on, beside memory. */
struct pipe_view {
	uint32_t width, height; /* of the picture */
	uint32_t source_width, source_height; /* of what the planes are placed on */
	uint32_t blocks[PIPE_BLOCKS][BLOCK_DWORDS];
	bool gamma; /* the palette applies to direct colours, too */
	uint32_t palette[PALETTE_COLORS];
};

struct gpu;

/* With gpu->lock held, as all below. Nanoseconds of CLOCK_MONOTONIC. */
uint64_t pipe_now(void);

/* See to the frames that have begun: latch, raise interrupts. */
void pipe_advance(struct gpu *gpu, unsigned int n, uint64_t now);

/* When pipe_advance() must be called next for somebody who listens; UINT64_MAX: nobody does. */
uint64_t pipe_deadline(const struct gpu *gpu, unsigned int n);

/* Fill in *view; false when the pipe is off. */
bool pipe_look(struct gpu *gpu, unsigned int n, struct pipe_view *view);

#endif
