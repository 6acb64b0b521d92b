/* SPDX-License-Identifier: GPL-2.0-only */
/* engine.h - a vGPU's command streamers */
#ifndef GVT_ENGINE_H
#define GVT_ENGINE_H

#include <linux/types.h>

#include "../host/host.h"

struct vgpu;

/* Where the engine's registers begin. */
u32 vgpu_engine_base(enum gvt_engine engine);
/* Bits of an engine's interrupts, from where its own begin. */
#define ENGINE_IRQ_USER	  0u
#define ENGINE_IRQ_ERROR  3u
#define ENGINE_IRQ_SWITCH 8u

void vgpu_engine_interrupt(struct vgpu *vgpu, enum gvt_engine engine, unsigned int bit);

/* Where a refused command is shown (IPEHR), as hardware shows one that it can't decode. */
void vgpu_engine_show_command(struct vgpu *vgpu, enum gvt_engine engine, u32 command);
/* Tell of an error of instructions: EIR, and the interrupt if the guest wants one. */
void vgpu_engine_error(struct vgpu *vgpu, enum gvt_engine engine);

/* What it runs is dropped, and its registers have their power-on values; the vGPU's lock is held. */
void vgpu_engine_reset(struct vgpu *vgpu, enum gvt_engine engine);

#endif
