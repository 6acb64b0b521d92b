/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * context-layout.h - which register is where in a context's image
 *
 * Page 1 of an image is made of MI_LOAD_REGISTER_IMM commands with NOOPs between them and an
 * MI_BATCH_BUFFER_END behind. The first blocks' places are what drivers build upon (PRM "Register
 * State Context"; i915: gt/intel_lrc.c, *_offsets and lrc_ring_*). The last ones hold what the
 * render engine keeps for each context elsewhere in its image; that it is here is this GPU's own
 * choice.
 */
#ifndef GPUSIM_CONTEXT_LAYOUT_H
#define GPUSIM_CONTEXT_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* `count` registers from an engine offset on, `step` apart. */
struct reg_run {
	uint16_t first;
	uint8_t count;
	int8_t step;
};

/* One MI_LOAD_REGISTER_IMM of the image: its header's dword, then offset and value in turn. */
struct image_block {
	uint16_t header;
	uint8_t registers;
	bool posted;
	bool engine_state; /* neither loaded nor saved where the context says so */
	const struct reg_run *runs; /* at least as many registers */
};

struct image_layout {
	const struct image_block *blocks;
	unsigned int count;
};

/* Dwords of all blocks of the longest layout, and of the end behind them. */
#define LAYOUT_DWORDS 0x1a0

struct engine;

struct image_layout context_layout(const struct engine *engine);

#endif
