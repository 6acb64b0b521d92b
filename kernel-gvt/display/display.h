/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * display.h - a vGPU's display: one monitor, the pipes that may feed it, and their planes
 *
 * What a vGPU holds of it, and what the rest of the model calls. Layers: monitor.c (what is plugged
 * in, hot-plug) > gmbus.c (its EDID on the wire) and edid.c (its bytes); pipe.c (frames that pass,
 * what a guest has armed) > clock.c (from PLLs to pixels per second); screen.h makes pictures of
 * what pipe.c and plane.h say. Knows no VFIO and no format of files.
 *
 * vgpu->lock guards all of it, but for what a pipe's timer needs: that is irq_lock's.
 */
#ifndef GVT_DISPLAY_H
#define GVT_DISPLAY_H

#include <linux/hrtimer.h>
#include <linux/types.h>

#include "edid.h"

struct vgpu;

#define GVT_PIPES  3u
#define GVT_PLANES 3u

/* Blocks of registers that take effect together, when the last of them is written. */
enum gvt_block {
	GVT_BLOCK_PLANE, /* and the next ones, GVT_PLANES in all */
	GVT_BLOCK_CURSOR = GVT_PLANES,
	GVT_BLOCK_SCALER, /* and the next one */
	GVT_BLOCKS = GVT_BLOCK_SCALER + 2,
};

#define GVT_BLOCK_DWORDS 12u

/* The monitor. What is wished for is its owner's; what it is changes while it is unplugged. */
struct vgpu_monitor {
	u32 wished_width, wished_height; /* instead of the vGPU's own resolution; 0: nothing */
	bool unplugged;
	u32 width, height, rate; /* of the mode that it prefers */
	u8 edid[EDID_MAX_MADE];
	unsigned int edid_size;
};

struct vgpu_gmbus {
	u8 device; /* I2C address that has acknowledged; 0: no transaction */
	u8 segment, offset; /* of the EEPROM, which one byte can't reach all of */
	bool reads;
	u16 left; /* bytes to come */
};

struct vgpu_pipe {
	struct vgpu *vgpu;
	unsigned int number;

	/* irq_lock, with the timer's function. */
	struct hrtimer timer;
	bool running;
	u64 epoch; /* when the vertical blank of frame 0 began; ns */
	u64 frame_ns;
	u32 frames_before; /* counted until the epoch */
	u32 flips_due; /* interrupts that the next frame brings */

	u32 total_lines, blank_line; /* the line at which the vertical blank begins */
	u32 hidden_lines; /* before that one: where guests would wait for it */
	u32 flips; /* of plane 1 */
	bool cursor_written; /* its control, and it is not armed yet */
	u32 armed[GVT_BLOCKS][GVT_BLOCK_DWORDS];
};

struct vgpu_display {
	struct vgpu_monitor monitor;
	struct vgpu_gmbus gmbus;
	struct vgpu_pipe pipes[GVT_PIPES];
};

/* Once for a vGPU's life; nothing of it happens afterwards. */
void vgpu_display_init(struct vgpu *vgpu);
void vgpu_display_fini(struct vgpu *vgpu);

/* After its registers: power-on state. The monitor stays plugged in, as it was. */
void vgpu_display_reset(struct vgpu *vgpu);
/* No timer runs from now on, until a guest enables a pipe; with no irq_lock held. */
void vgpu_display_stop(struct vgpu *vgpu);
/* A guest may have begun to listen to a pipe's interrupts. */
void vgpu_display_listen(struct vgpu *vgpu);

/*
 * The monitor prefers this resolution from now on, or the vGPU's own if both are 0: no more than
 * that in either direction. A guest hears of it if that changes anything.
 */
void vgpu_monitor_wish(struct vgpu *vgpu, u32 width, u32 height);
/* Look at the vGPU's own resolution again. */
void vgpu_monitor_update(struct vgpu *vgpu);
/* After its registers: whether it is there is among them. */
void vgpu_monitor_reset(struct vgpu *vgpu);
void vgpu_monitor_plug(struct vgpu *vgpu, bool plugged);

/* All that a picture of a pipe depends on, beside memory and palette. */
struct gvt_view {
	unsigned int pipe;
	u32 width, height; /* of the picture */
	u32 source_width, source_height; /* of what the planes are placed on */
	u32 blocks[GVT_BLOCKS][GVT_BLOCK_DWORDS];
};

/* What the pipe that feeds the monitor shows; false: none does. */
bool vgpu_display_view(struct vgpu *vgpu, struct gvt_view *view);

/* Registers that files of this folder share (PRM Vol. 2c; i915_reg.h). */
#define TRANSCODER(n)	   (0x60000u + 0x1000u * (n))
#define TRANS_DDI_FUNC_CTL 0x400u
#define DDI_FUNC_ENABLE	   BIT(31)
#define DDI_FUNC_PORT(value)  ((value) >> 28 & 7) /* 0: port A */
#define DDI_FUNC_MODE(value)  ((value) >> 24 & 7) /* HDMI, DVI, DisplayPort */
#define DDI_FUNC_DEPTH(value) ((value) >> 20 & 7)

/* The port that the monitor is on: B. */
#define MONITOR_PORT 1u

/* The pipe's 256 colours, and whether direct colours go through them, too: not in the modes with more. */
#define PIPE_PALETTE(n)	  (0x4a000u + 0x800u * (n))
#define PIPE_GAMMA_MODE(n) (0x4a480u + 0x800u * (n))
#define PALETTE_COLOURS	  256u

/* clock.c: pixels per second that a transcoder is clocked with; 0: with none. */
u64 vgpu_pixel_clock(const struct vgpu *vgpu, unsigned int transcoder);

#endif
