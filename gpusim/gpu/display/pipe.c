// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "gpusim/gpu/device.h"
#include "gpusim/gpu/interrupt.h"
#include "gpusim/gpu/mmio.h"
#include "regs-display.h"

#define VBLANK_INTERRUPT (1u << 0)

/* How long a frame waits for an update, see hold(). */
#define HOLD_SHORT_NS  2000000u
#define HOLD_LONG_NS   50000000u
#define HOLD_MOST_NS   100000000u
#define HOLD_FRAME(ns) ((ns)*3 / 4)

/* So shortly before a vertical blank drivers begin no update, but wait for it. */
#define EVASION_NS 500000u

/*
 * What counts as an update: cursor, planes, and between them their watermarks and buffers; and the
 * scalers.
 */
#define PLANES_FIRST 0x80
#define PLANES_END   0x480
#define SCALERS	     0x68060
#define SCALERS_SIZE 0x280
#define SCALER_PIPE  0x800 /* from pipe to pipe */

#define PALETTE(n)	       (0x4a000 + (n)*0x800)
#define GAMMA_MODE(n)	       (0x4a480 + (n)*0x800)
#define GAMMA_MODE_8BIT(value) (!((value)&3))

#define SURFACE_LIVE	 0x2c /* in a block of a plane or cursor: the surface that is shown */
#define PLANE_CTL	 0x00
#define PLANE_ASYNC_FLIP (1u << 9)

static const struct {
	uint32_t base, pipe_stride;
	uint32_t arm; /* the register that arms the block; it holds the surface, but for scalers */
} blocks[PIPE_BLOCKS] = {
	[BLOCK_PLANE + 0] = { 0x70180, 0x1000, 0x1c },
	[BLOCK_PLANE + 1] = { 0x70280, 0x1000, 0x1c },
	[BLOCK_PLANE + 2] = { 0x70380, 0x1000, 0x1c },
	[BLOCK_CURSOR] = { 0x70080, 0x1000, 0x04 },
	/* Their base is the generation's. */
	[BLOCK_SCALER + 0] = { 0, SCALER_PIPE, 0x14 },
	[BLOCK_SCALER + 1] = { 0, SCALER_PIPE, 0x14 },
};

static uint32_t block_base(const struct gpu *gpu, unsigned int n, unsigned int block)
{
	uint32_t base = blocks[block].base;

	if (block >= BLOCK_SCALER)
		base = gpu->display.model->scalers[block - BLOCK_SCALER];
	return base + n * blocks[block].pipe_stride;
}

uint64_t pipe_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t frame_start(const struct pipe *pipe, uint64_t frame)
{
	return pipe->epoch + frame * pipe->timing.frame_ns;
}

static uint64_t next_start(const struct pipe *pipe)
{
	uint64_t start = frame_start(pipe, pipe->frame + 1);

	return start > pipe->held_until ? start : pipe->held_until;
}

/*
 * Let the next frame wait for up to `longest`, while it is not late by half a frame; but in any
 * case for `shortest`, while it is not late by HOLD_MOST_NS.
 */
static void hold(struct pipe *pipe, uint64_t now, uint64_t shortest, uint64_t longest)
{
	uint64_t due = frame_start(pipe, pipe->frame + 1);
	uint64_t until = now + longest, late = due + pipe->timing.frame_ns / 2;

	if (until > late)
		until = late > now + shortest ? late : now + shortest;
	pipe->held_until = until < due + HOLD_MOST_NS ? until : due + HOLD_MOST_NS;
}

/* Between the writes of an update it matters; at its end a driver looks at the counters. */
static void hold_for_write(struct pipe *pipe, uint64_t now)
{
	pipe->updating = true;
	if (pipe->written)
		hold(pipe, now, HOLD_LONG_NS, HOLD_LONG_NS);
	else
		hold(pipe, now, 2 * HOLD_SHORT_NS, HOLD_FRAME(pipe->timing.frame_ns));
}

/*
 * A look at the scan line may be the beginning of an update, but is the rule at each vertical
 * blank, too, where it must not hold up the next one.
 */
static void hold_for_scan_line(struct pipe *pipe, uint64_t now)
{
	bool waits = now + EVASION_NS > frame_start(pipe, pipe->frame + 1);

	if (pipe->updating)
		hold(pipe, now, 2 * HOLD_SHORT_NS, HOLD_FRAME(pipe->timing.frame_ns));
	else
		hold(pipe, now, 0, waits ? HOLD_SHORT_NS : HOLD_FRAME(pipe->timing.frame_ns));
}

/* The last that a driver does in an update. Else it may be the beginning of one. */
static void hold_for_frame_count(struct pipe *pipe, uint64_t now)
{
	if (pipe->updating)
		pipe->held_until = 0;
	else
		hold(pipe, now, 0, HOLD_FRAME(pipe->timing.frame_ns));
	pipe->updating = false;
}

/* The interrupt bits of the flips that came with it. */
static uint32_t latch(struct gpu *gpu, struct pipe *pipe, uint32_t which)
{
	uint32_t flips = 0;

	for (unsigned int i = 0; i < PIPE_BLOCKS; i++) {
		if (!(which & pipe->pending & 1u << i))
			continue;
		memcpy(pipe->live[i], pipe->armed[i], sizeof(pipe->live[i]));
		if (i < BLOCK_CURSOR)
			flips |= gpu->display.model->flip_done[i];
		if (i == BLOCK_PLANE)
			pipe->flips++;
	}
	pipe->pending &= ~which;
	return flips;
}

void pipe_advance(struct gpu *gpu, unsigned int n, uint64_t now)
{
	struct pipe *pipe = &gpu->display.pipes[n];
	uint32_t flips;

	if (!pipe->running || now < next_start(pipe))
		return;
	pipe->frame = (now - pipe->epoch) / pipe->timing.frame_ns;
	pipe->updating = false;
	flips = latch(gpu, pipe, UINT32_MAX);
	irq_raise(gpu, IRQ_PIPE_A + n, VBLANK_INTERRUPT | flips);
	crc_frame(gpu, n);
}

uint64_t pipe_deadline(const struct gpu *gpu, unsigned int n)
{
	const struct pipe *pipe = &gpu->display.pipes[n];
	uint32_t wanted = VBLANK_INTERRUPT;

	for (unsigned int i = 0; i < PIPE_PLANES; i++)
		if (pipe->pending & 1u << (BLOCK_PLANE + i))
			wanted |= gpu->display.model->flip_done[i];
	if (pipe->running && (irq_listens(gpu, IRQ_PIPE_A + n, wanted) || crc_enabled(gpu, n)))
		return next_start(pipe);
	return UINT64_MAX;
}

/* The first frame begins with its first line: the vertical blank before it lies in the past. */
static void start(struct gpu *gpu, unsigned int n, uint64_t now)
{
	struct pipe *pipe = &gpu->display.pipes[n];
	uint32_t blank;

	pipe->frames_before += (uint32_t)pipe->frame;
	pipe->frame = 0;
	pipe->timing = timing_read(gpu, n);
	blank = pipe->timing.vtotal - pipe->timing.vblank_start;
	pipe->epoch = now - pipe->timing.frame_ns * blank / pipe->timing.vtotal;
	pipe->held_until = 0;
	pipe->written = 0;
	pipe->updating = false;
	pipe->running = true;
	latch(gpu, pipe, UINT32_MAX);
	display_wake(gpu);
}

static void write_conf(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	unsigned int n = (offset - PIPE(0)) / (PIPE(1) - PIPE(0));
	struct pipe *pipe = &gpu->display.pipes[n];
	bool enable = value & PIPE_CONF_ENABLE;
	uint64_t now = pipe_now();

	pipe_advance(gpu, n, now);
	gpu->regs[offset / 4] = (value & ~PIPE_CONF_STATE) | (enable ? PIPE_CONF_STATE : 0);
	if (enable && !pipe->running)
		start(gpu, n, now);
	pipe->running = enable;
}

/* A pipe that runs goes on with the new mode. */
static void write_timing(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	unsigned int n = (offset - TRANSCODER(0)) / (TRANSCODER(1) - TRANSCODER(0));
	bool changes = gpu->regs[offset / 4] != value;
	uint64_t now = pipe_now();

	pipe_advance(gpu, n, now);
	gpu->regs[offset / 4] = value;
	if (changes && gpu->display.pipes[n].running)
		start(gpu, n, now);
}

static uint32_t read_frame_count(struct gpu *gpu, uint32_t offset)
{
	unsigned int n = (offset - PIPE(0)) / (PIPE(1) - PIPE(0));
	struct pipe *pipe = &gpu->display.pipes[n];
	uint64_t now = pipe_now();

	pipe_advance(gpu, n, now);
	hold_for_frame_count(pipe, now);
	return pipe->frames_before + (uint32_t)pipe->frame;
}

static uint32_t read_flip_count(struct gpu *gpu, uint32_t offset)
{
	unsigned int n = (offset - PIPE(0)) / (PIPE(1) - PIPE(0));

	pipe_advance(gpu, n, pipe_now());
	return gpu->display.pipes[n].flips;
}

/* The counter lags behind the line that is sent, as i915 knows (__intel_get_crtc_scanline). */
static uint32_t scan_line_lag(const struct gpu *gpu, unsigned int n)
{
	uint32_t ddi = gpu->regs[(TRANSCODER(n) + TRANS_DDI_FUNC_CTL) / 4];

	return DDI_FUNC_MODE(ddi) <= DDI_FUNC_MODE_DVI ? 2 : 1;
}

static uint32_t read_scan_line(struct gpu *gpu, uint32_t offset)
{
	unsigned int n = (offset - PIPE(0)) / (PIPE(1) - PIPE(0));
	struct pipe *pipe = &gpu->display.pipes[n];
	const struct timing *timing = &pipe->timing;
	uint64_t now = pipe_now(), since;
	uint32_t line;

	pipe_advance(gpu, n, now);
	if (!pipe->running)
		return 0;
	hold_for_scan_line(pipe, now);
	since = now - frame_start(pipe, pipe->frame);
	if (since >= timing->frame_ns)
		since = timing->frame_ns - 1;
	line = timing->vblank_start + (uint32_t)(since * timing->vtotal / timing->frame_ns);
	return (line + timing->vtotal - scan_line_lag(gpu, n) % timing->vtotal) % timing->vtotal;
}

/* The block of the pipe that the register is in; PIPE_BLOCKS: none. */
static unsigned int find_block(const struct gpu *gpu, unsigned int n, uint32_t offset)
{
	unsigned int i;

	for (i = 0; i < PIPE_BLOCKS; i++)
		if (offset - block_base(gpu, n, i) < 4 * BLOCK_DWORDS)
			break;
	return i;
}

static void arm(struct gpu *gpu, unsigned int n, unsigned int block)
{
	struct pipe *pipe = &gpu->display.pipes[n];
	bool async;

	memcpy(pipe->armed[block], &gpu->regs[block_base(gpu, n, block) / 4],
	       sizeof(pipe->armed[block]));
	pipe->pending |= 1u << block;
	pipe->written &= ~(1u << block);
	async = block < BLOCK_CURSOR && pipe->armed[block][PLANE_CTL / 4] & PLANE_ASYNC_FLIP;
	if (!pipe->running)
		latch(gpu, pipe, 1u << block);
	else if (async)
		irq_raise(gpu, IRQ_PIPE_A + n, latch(gpu, pipe, 1u << block));
	else
		display_wake(gpu);
}

static void write_block(struct gpu *gpu, unsigned int n, uint32_t offset, uint32_t value)
{
	unsigned int block = find_block(gpu, n, offset);
	struct pipe *pipe = &gpu->display.pipes[n];
	uint64_t now = pipe_now();

	pipe_advance(gpu, n, now);
	gpu->regs[offset / 4] = value;
	if (block < PIPE_BLOCKS)
		pipe->written |= 1u << block;
	if (block < PIPE_BLOCKS && offset == block_base(gpu, n, block) + blocks[block].arm)
		arm(gpu, n, block);
	if (pipe->running)
		hold_for_write(pipe, now);
}

static void write_plane(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	write_block(gpu, (offset - PIPE(0)) / (PIPE(1) - PIPE(0)), offset, value);
}

static void write_scaler(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	write_block(gpu, (offset - SCALERS) / SCALER_PIPE, offset, value);
}

static uint32_t read_plane(struct gpu *gpu, uint32_t offset)
{
	unsigned int n = (offset - PIPE(0)) / (PIPE(1) - PIPE(0));
	unsigned int block = find_block(gpu, n, offset);
	const struct pipe *pipe = &gpu->display.pipes[n];

	if (block >= PIPE_BLOCKS || offset != block_base(gpu, n, block) + SURFACE_LIVE)
		return gpu->regs[offset / 4];
	pipe_advance(gpu, n, pipe_now());
	return pipe->live[block][blocks[block].arm / 4];
}

bool pipe_look(struct gpu *gpu, unsigned int n, struct pipe_view *view)
{
	struct pipe *pipe = &gpu->display.pipes[n];
	uint32_t source = gpu->regs[(TRANSCODER(n) + PIPE_SOURCE) / 4];

	pipe_advance(gpu, n, pipe_now());
	if (!pipe->running)
		return false;
	view->width = pipe->timing.width;
	view->height = pipe->timing.height;
	view->source_width = (source >> 16 & 0x1fff) + 1;
	view->source_height = (source & 0x1fff) + 1;
	memcpy(view->blocks, pipe->live, sizeof(view->blocks));
	view->gamma = GAMMA_MODE_8BIT(gpu->regs[GAMMA_MODE(n) / 4]);
	memcpy(view->palette, &gpu->regs[PALETTE(n) / 4], sizeof(view->palette));
	return true;
}

#define PIPE_PLANES_RULE(n)                                                     \
	{ .offset = PIPE(n) + PLANES_FIRST,                                     \
	  .count = (PLANES_END - PLANES_FIRST) / 4,                             \
	  .read = read_plane,                                                   \
	  .write = write_plane },                                               \
	{                                                                       \
		.offset = SCALERS + (n)*SCALER_PIPE, .count = SCALERS_SIZE / 4, \
		.write = write_scaler                                           \
	}

static const struct reg_rule rules[] = {
	{ .offset = TRANSCODER(0) + TRANS_HTOTAL,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_timing },
	{ .offset = TRANSCODER(0) + TRANS_VTOTAL,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_timing },
	{ .offset = TRANSCODER(0) + TRANS_VBLANK,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_timing },
	{ .offset = TRANSCODER(0) + TRANS_LINK_M,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_timing },
	{ .offset = TRANSCODER(0) + TRANS_LINK_N,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_timing },
	{ .offset = PIPE(0) + PIPE_SCAN_LINE,
	  .count = 3,
	  .stride = 0x1000,
	  .kind = REG_READ_ONLY,
	  .read = read_scan_line },
	{ .offset = PIPE(0) + PIPE_CONF, .count = 3, .stride = 0x1000, .write = write_conf },
	{ .offset = PIPE(0) + PIPE_FRAME_COUNT,
	  .count = 3,
	  .stride = 0x1000,
	  .kind = REG_READ_ONLY,
	  .read = read_frame_count },
	{ .offset = PIPE(0) + PIPE_FLIP_COUNT,
	  .count = 3,
	  .stride = 0x1000,
	  .kind = REG_READ_ONLY,
	  .read = read_flip_count },
	PIPE_PLANES_RULE(0),
	PIPE_PLANES_RULE(1),
	PIPE_PLANES_RULE(2),
};

const struct reg_table regs_pipe = REG_TABLE(rules);
