// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes: frames that pass by themselves, and what a guest has armed to be shown (Skylake PRM, vol.
 * 12, "Pipe", "Double Buffer").
 *
 * A pipe that runs is a point in time and a frame's length: counters are computed when somebody
 * looks. A timer goes only while the guest listens to its vertical blanks, or waits for a flip.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../vgpu/gpu.h"
#include "../vgpu/irq.h"
#include "../vgpu/mmio.h"
#include "../vgpu/vgpu.h"
#include "display.h"

#define SECOND_NS 1000000000ull
/* Bounds of what a guest can ask for, and what it has with no clock. */
#define FRAME_NS_SHORTEST (SECOND_NS / 250)
#define FRAME_NS_LONGEST  SECOND_NS
#define FRAME_NS_UNCLOCKED (SECOND_NS / 60)

#define PIPE(n)		 (0x70000u + 0x1000u * (n))
#define PIPE_SCAN_LINE	 0x00u
#define PIPE_CONF	 0x08u
#define PIPE_FRAMES	 0x40u
#define PIPE_FLIPS	 0x44u
#define PIPE_CONF_ENABLE BIT(31)
#define PIPE_CONF_STATE	 BIT(30)

#define TRANS_HTOTAL 0x00u
#define TRANS_VTOTAL 0x0cu
#define TRANS_VBLANK 0x10u
#define PIPE_SOURCE  0x1cu

#define VBLANK BIT(0)

/* In a block. */
#define PLANE_CTL	 0x00u
#define PLANE_CTL_ASYNC	 BIT(9)
#define PLANE_SURF	 0x1cu
#define CURSOR_CTL	 0x00u
#define CURSOR_BASE	 0x04u
#define CURSOR_POSITION	 0x08u
#define SCALER_SIZE	 0x14u
#define SURFACE_LIVE	 0x2cu

/*
 * Drivers begin no update so shortly before a vertical blank, but wait for it, and complain when that
 * takes long, as it may in a virtual machine. Here an update takes effect as a whole, whenever it
 * comes: the counter does not show those lines.
 */
#define EVADED_NS 500000u

static const struct {
	u32 base[2]; /* on Gen8, on Gen9; 0: there is none */
	u32 pipe_stride;
	u32 arms; /* the register that does */
} blocks[GVT_BLOCKS] = {
	[GVT_BLOCK_PLANE] = { { 0x70180, 0x70180 }, 0x1000, PLANE_SURF },
	[GVT_BLOCK_PLANE + 1] = { { 0x70280, 0x70280 }, 0x1000, PLANE_SURF },
	[GVT_BLOCK_PLANE + 2] = { { 0, 0x70380 }, 0x1000, PLANE_SURF },
	[GVT_BLOCK_CURSOR] = { { 0x70080, 0x70080 }, 0x1000, CURSOR_BASE },
	[GVT_BLOCK_SCALER] = { { 0x68060, 0x68160 }, 0x800, SCALER_SIZE },
	[GVT_BLOCK_SCALER + 1] = { { 0, 0x68260 }, 0x800, SCALER_SIZE },
};

static bool is_gen8(const struct vgpu *vgpu)
{
	return vgpu->gpu->info->generation == 8;
}

static u32 block_base(const struct vgpu *vgpu, unsigned int pipe, unsigned int block)
{
	u32 base = blocks[block].base[!is_gen8(vgpu)];

	return base ? base + pipe * blocks[block].pipe_stride : 0;
}

/* The interrupt of a flip of plane n. */
static u32 flip_done(const struct vgpu *vgpu, unsigned int n)
{
	return BIT((is_gen8(vgpu) ? 4 : 3) + n);
}

static u64 frame_at(const struct vgpu_pipe *pipe, u64 now)
{
	return (now - pipe->epoch) / pipe->frame_ns;
}

/* With irq_lock held: does the guest want to hear of the next frame? */
static bool is_heard(const struct vgpu_pipe *pipe)
{
	u32 wanted = VBLANK | pipe->flips_due;

	return pipe->running && vgpu_irq_listens(pipe->vgpu, IRQ_PIPE(pipe->number), wanted);
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct vgpu_pipe *pipe = container_of(timer, struct vgpu_pipe, timer);
	struct vgpu *vgpu = pipe->vgpu;
	bool goes_on, due = false;
	unsigned long flags;
	u32 bits = VBLANK;
	u64 now;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	goes_on = is_heard(pipe);
	if (goes_on) {
		now = ktime_get_ns();
		/* The mode may have changed since the timer was set. */
		due = now - pipe->epoch >= pipe->frame_ns;
		if (due) {
			bits |= pipe->flips_due;
			pipe->flips_due = 0;
		}
		hrtimer_set_expires(timer, ns_to_ktime(pipe->epoch + (frame_at(pipe, now) + 1) * pipe->frame_ns));
	}
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	if (due)
		vgpu_irq_raise(vgpu, IRQ_PIPE(pipe->number), bits);
	return goes_on ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

/* Begin to tell of frames, if anybody listens. The timer ends by itself. */
static void listen(struct vgpu_pipe *pipe)
{
	struct vgpu *vgpu = pipe->vgpu;
	unsigned long flags;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	if (is_heard(pipe) && !hrtimer_is_queued(&pipe->timer))
		hrtimer_start(&pipe->timer,
			      ns_to_ktime(pipe->epoch + (frame_at(pipe, ktime_get_ns()) + 1) * pipe->frame_ns),
			      HRTIMER_MODE_ABS);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
}

void vgpu_display_listen(struct vgpu *vgpu)
{
	for (unsigned int n = 0; n < GVT_PIPES; n++)
		listen(&vgpu->display.pipes[n]);
}

/* Registers hold two counts, less one each: what is shown below, all above. */
static u32 shown(u32 value)
{
	return (value & 0x1fff) + 1;
}

static u32 total(u32 value)
{
	return max((value >> 16 & 0x1fff) + 1, shown(value));
}

static u32 timing(const struct vgpu_pipe *pipe, u32 offset)
{
	return vgpu_reg(pipe->vgpu, TRANSCODER(pipe->number) + offset);
}

static u64 frame_length(const struct vgpu_pipe *pipe)
{
	u64 pixels = (u64)total(timing(pipe, TRANS_HTOTAL)) * total(timing(pipe, TRANS_VTOTAL));
	u64 clock = vgpu_pixel_clock(pipe->vgpu, pipe->number);

	if (!clock)
		return FRAME_NS_UNCLOCKED;
	/* At most 2^26 pixels. */
	return clamp(pixels * SECOND_NS / clock, FRAME_NS_SHORTEST, FRAME_NS_LONGEST);
}

/* A frame begins with its first line: the vertical blank before it is over. */
static void start(struct vgpu_pipe *pipe)
{
	struct vgpu *vgpu = pipe->vgpu;
	u64 now = ktime_get_ns(), frame_ns = frame_length(pipe);
	unsigned long flags;

	pipe->total_lines = total(timing(pipe, TRANS_VTOTAL));
	pipe->blank_line = min(shown(timing(pipe, TRANS_VBLANK)), pipe->total_lines - 1);
	pipe->hidden_lines = min_t(u64, EVADED_NS * pipe->total_lines / frame_ns + 1, pipe->blank_line);
	spin_lock_irqsave(&vgpu->irq_lock, flags);
	if (pipe->running)
		pipe->frames_before += frame_at(pipe, now);
	pipe->frame_ns = frame_ns;
	pipe->epoch = now - frame_ns * (pipe->total_lines - pipe->blank_line) / pipe->total_lines;
	pipe->running = true;
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	listen(pipe);
}

/* The counter keeps what it has counted. */
static void stop(struct vgpu_pipe *pipe)
{
	struct vgpu *vgpu = pipe->vgpu;
	unsigned long flags;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	if (pipe->running)
		pipe->frames_before += frame_at(pipe, ktime_get_ns());
	pipe->running = false;
	pipe->flips_due = 0;
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	hrtimer_cancel(&pipe->timer);
}

static struct vgpu_pipe *pipe_of(struct vgpu *vgpu, u32 offset)
{
	return &vgpu->display.pipes[(offset >> 12) % 16];
}

static void write_conf(struct vgpu *vgpu, u32 offset, u32 value)
{
	struct vgpu_pipe *pipe = pipe_of(vgpu, offset);
	bool enable = value & PIPE_CONF_ENABLE;

	vgpu_set_reg(vgpu, offset, (value & ~PIPE_CONF_STATE) | (enable ? PIPE_CONF_STATE : 0));
	if (enable && !pipe->running)
		start(pipe);
	else if (!enable && pipe->running)
		stop(pipe);
}

/* A pipe that runs goes on with the new mode. */
static void write_timing(struct vgpu *vgpu, u32 offset, u32 value)
{
	struct vgpu_pipe *pipe = pipe_of(vgpu, offset);
	bool changes = vgpu_reg(vgpu, offset) != value;

	vgpu_set_reg(vgpu, offset, value);
	if (changes && pipe->running)
		start(pipe);
}

static u32 read_frames(struct vgpu *vgpu, u32 offset)
{
	const struct vgpu_pipe *pipe = pipe_of(vgpu, offset);

	return pipe->frames_before + (pipe->running ? frame_at(pipe, ktime_get_ns()) : 0);
}

static u32 read_flips(struct vgpu *vgpu, u32 offset)
{
	return pipe_of(vgpu, offset)->flips;
}

/* The counter lags behind the line that is sent: for HDMI by two, as drivers know. */
static u32 read_scan_line(struct vgpu *vgpu, u32 offset)
{
	const struct vgpu_pipe *pipe = pipe_of(vgpu, offset);
	u32 lag = DDI_FUNC_MODE(timing(pipe, TRANS_DDI_FUNC_CTL)) <= 1 ? 2 : 1, lines, line;
	u64 since;

	if (!pipe->running)
		return 0;
	since = (ktime_get_ns() - pipe->epoch) % pipe->frame_ns;
	lines = since * pipe->total_lines / pipe->frame_ns;
	lines = min(lines, pipe->total_lines - 1 - pipe->hidden_lines);
	line = pipe->blank_line + lines + pipe->total_lines;
	return (line - min(lag, pipe->total_lines)) % pipe->total_lines;
}

/* The block with that register; GVT_BLOCKS: none. */
static unsigned int block_of(const struct vgpu *vgpu, unsigned int pipe, u32 offset)
{
	unsigned int n;

	for (n = 0; n < GVT_BLOCKS; n++)
		if (block_base(vgpu, pipe, n) && offset - block_base(vgpu, pipe, n) < 4 * GVT_BLOCK_DWORDS)
			break;
	return n;
}

/* The guest waits for its interrupt until the frame ends, or not at all if it has asked for that. */
static void flip(struct vgpu_pipe *pipe, unsigned int plane)
{
	struct vgpu *vgpu = pipe->vgpu;
	u32 bit = flip_done(vgpu, plane);
	unsigned long flags;

	pipe->flips += plane == 0;
	if (pipe->armed[plane][PLANE_CTL / 4] & PLANE_CTL_ASYNC) {
		vgpu_irq_raise(vgpu, IRQ_PIPE(pipe->number), bit);
		return;
	}
	spin_lock_irqsave(&vgpu->irq_lock, flags);
	if (pipe->running)
		pipe->flips_due |= bit;
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	listen(pipe);
}

static void arm(struct vgpu_pipe *pipe, unsigned int block, u32 base)
{
	memcpy(pipe->armed[block], &pipe->vgpu->regs[base / 4], sizeof(pipe->armed[block]));
	if (block == GVT_BLOCK_CURSOR)
		pipe->cursor_written = false;
	else if (block < GVT_BLOCK_CURSOR)
		flip(pipe, block);
}

static void write_block(struct vgpu_pipe *pipe, u32 offset, u32 value)
{
	struct vgpu *vgpu = pipe->vgpu;
	unsigned int block = block_of(vgpu, pipe->number, offset);
	u32 base;

	vgpu_set_reg(vgpu, offset, value);
	if (block == GVT_BLOCKS)
		return;
	base = block_base(vgpu, pipe->number, block);
	if (offset - base == blocks[block].arms)
		arm(pipe, block, base);
	else if (block == GVT_BLOCK_CURSOR && offset - base == CURSOR_CTL)
		pipe->cursor_written = true;
	else if (block == GVT_BLOCK_CURSOR && offset - base == CURSOR_POSITION && !pipe->cursor_written)
		/* A cursor that only moves needs nothing else. */
		pipe->armed[block][CURSOR_POSITION / 4] = value;
}

static void write_plane(struct vgpu *vgpu, u32 offset, u32 value)
{
	write_block(pipe_of(vgpu, offset), offset, value);
}

static void write_scaler(struct vgpu *vgpu, u32 offset, u32 value)
{
	write_block(&vgpu->display.pipes[(offset - 0x68000) / 0x800], offset, value);
}

static u32 read_plane(struct vgpu *vgpu, u32 offset)
{
	struct vgpu_pipe *pipe = pipe_of(vgpu, offset);
	unsigned int block = block_of(vgpu, pipe->number, offset);

	if (block == GVT_BLOCKS || offset - block_base(vgpu, pipe->number, block) != SURFACE_LIVE)
		return vgpu_reg(vgpu, offset);
	return pipe->armed[block][blocks[block].arms / 4];
}

static bool feeds_monitor(const struct vgpu_pipe *pipe)
{
	u32 ddi = timing(pipe, TRANS_DDI_FUNC_CTL);

	return pipe->running && ddi & DDI_FUNC_ENABLE && DDI_FUNC_PORT(ddi) == MONITOR_PORT;
}

bool vgpu_display_view(struct vgpu *vgpu, struct gvt_view *view)
{
	for (unsigned int n = 0; n < GVT_PIPES; n++) {
		const struct vgpu_pipe *pipe = &vgpu->display.pipes[n];
		u32 source = timing(pipe, PIPE_SOURCE);

		if (!feeds_monitor(pipe))
			continue;
		view->pipe = n;
		view->width = shown(timing(pipe, TRANS_HTOTAL));
		view->height = shown(timing(pipe, TRANS_VTOTAL));
		view->source_width = (source >> 16 & 0x1fff) + 1;
		view->source_height = (source & 0x1fff) + 1;
		memcpy(view->blocks, pipe->armed, sizeof(view->blocks));
		return true;
	}
	return false;
}

void vgpu_display_init(struct vgpu *vgpu)
{
	for (unsigned int n = 0; n < GVT_PIPES; n++) {
		struct vgpu_pipe *pipe = &vgpu->display.pipes[n];

		pipe->vgpu = vgpu;
		pipe->number = n;
		pipe->frame_ns = FRAME_NS_UNCLOCKED;
		hrtimer_init(&pipe->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		pipe->timer.function = tick;
	}
	vgpu_monitor_update(vgpu);
}

void vgpu_display_fini(struct vgpu *vgpu)
{
	vgpu_display_stop(vgpu);
}

void vgpu_display_stop(struct vgpu *vgpu)
{
	for (unsigned int n = 0; n < GVT_PIPES; n++)
		stop(&vgpu->display.pipes[n]);
}

void vgpu_display_reset(struct vgpu *vgpu)
{
	vgpu_display_stop(vgpu);
	for (unsigned int n = 0; n < GVT_PIPES; n++) {
		struct vgpu_pipe *pipe = &vgpu->display.pipes[n];

		memset(pipe->armed, 0, sizeof(pipe->armed));
		pipe->cursor_written = false;
		pipe->frames_before = pipe->flips = 0;
	}
	memset(&vgpu->display.gmbus, 0, sizeof(vgpu->display.gmbus));
	vgpu_monitor_reset(vgpu);
}

#define PIPE_REGS(n)                                                                         \
	{ .offset = TRANSCODER(n) + TRANS_HTOTAL, .write = write_timing },                   \
	{ .offset = TRANSCODER(n) + TRANS_VTOTAL, .count = 2, .write = write_timing },       \
	{ .offset = PIPE(n) + PIPE_SCAN_LINE, .kind = REG_READ_ONLY, .read = read_scan_line }, \
	{ .offset = PIPE(n) + PIPE_CONF, .write = write_conf },                              \
	{ .offset = PIPE(n) + PIPE_FRAMES, .kind = REG_READ_ONLY, .read = read_frames },     \
	{ .offset = PIPE(n) + PIPE_FLIPS, .kind = REG_READ_ONLY, .read = read_flips },       \
	/* Cursor and planes, and the scalers. */                                            \
	{ .offset = PIPE(n) + 0x80, .count = 0x380 / 4, .read = read_plane, .write = write_plane }, \
	{ .offset = 0x68060 + 0x800 * (n), .count = 0x280 / 4, .write = write_scaler }

static const struct gvt_reg regs[] = { PIPE_REGS(0), PIPE_REGS(1), PIPE_REGS(2) };

GVT_REG_TABLE(gvt_regs_pipe, regs);
