/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * regs-display.h - offsets of display registers that more than one file names (PRM Vol. 2c, Vol. 12
 * "Display"; i915: i915_reg.h). Registers that only one file knows are named there.
 */
#ifndef GPUSIM_REGS_DISPLAY_H
#define GPUSIM_REGS_DISPLAY_H

/* Transcoders A to C. */
#define TRANSCODER(n)	   (0x60000 + (n)*0x1000)
#define TRANS_HTOTAL	   0x00
#define TRANS_VTOTAL	   0x0c
#define TRANS_VBLANK	   0x10
#define PIPE_SOURCE	   0x1c /* the pipe's own, but it lives here */
#define TRANS_LINK_M	   0x40
#define TRANS_LINK_N	   0x44
#define TRANS_DDI_FUNC_CTL 0x400

#define DDI_FUNC_ENABLE	      (1u << 31)
#define DDI_FUNC_PORT(value)  ((value) >> 28 & 7) /* 0: port A */
#define DDI_FUNC_MODE(value)  ((value) >> 24 & 7)
#define DDI_FUNC_MODE_HDMI    0
#define DDI_FUNC_MODE_DVI     1
#define DDI_FUNC_MODE_DP_SST  2
#define DDI_FUNC_MODE_DP_MST  3
#define DDI_FUNC_DEPTH(value) ((value) >> 20 & 7)

/* Pipes A to C. */
#define PIPE(n)		 (0x70000 + (n)*0x1000)
#define PIPE_SCAN_LINE	 0x00
#define PIPE_CONF	 0x08
#define PIPE_FRAME_COUNT 0x40
#define PIPE_FLIP_COUNT	 0x44

#define PIPE_CONF_ENABLE (1u << 31)
#define PIPE_CONF_STATE	 (1u << 30)

#endif
