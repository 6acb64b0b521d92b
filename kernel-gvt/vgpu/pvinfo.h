/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvinfo.h - the page of registers in which a guest's driver finds that it drives a vGPU
 *
 * Layout: i915_pvinfo.h of Linux.
 */
#ifndef GVT_PVINFO_H
#define GVT_PVINFO_H

struct vgpu;

/* Where in the cursor's picture its point is; a driver may say it. */
#define PVINFO_CURSOR_X_HOT 0x78830u
#define PVINFO_CURSOR_Y_HOT 0x78834u

/* What the page says of this vGPU's part of the GPU, after its registers were reset. */
void vgpu_pvinfo_reset(struct vgpu *vgpu);

#endif
