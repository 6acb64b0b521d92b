/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvinfo.h - the page of registers in which a guest's driver finds that it drives a vGPU
 *
 * Layout: i915_pvinfo.h of Linux.
 */
#ifndef GVT_PVINFO_H
#define GVT_PVINFO_H

struct vgpu;

/* What the page says of this vGPU's part of the GPU, after its registers were reset. */
void vgpu_pvinfo_reset(struct vgpu *vgpu);

#endif
