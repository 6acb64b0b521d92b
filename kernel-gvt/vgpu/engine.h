/* SPDX-License-Identifier: GPL-2.0-only */
/* engine.h - a vGPU's command streamers */
#ifndef GVT_ENGINE_H
#define GVT_ENGINE_H

#include <linux/types.h>

#include "../host/host.h"

struct vgpu;

/* Where the engine's registers begin. */
u32 vgpu_engine_base(enum gvt_engine engine);
/* What it runs is dropped, and its registers have their power-on values; the vGPU's lock is held. */
void vgpu_engine_reset(struct vgpu *vgpu, enum gvt_engine engine);

#endif
