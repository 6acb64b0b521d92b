/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config.h - a vGPU's PCI configuration space: the GPU's identity, BARs, one MSI, one OpRegion address
 *
 * The caller holds the vGPU's lock.
 */
#ifndef GVT_CONFIG_H
#define GVT_CONFIG_H

#include <linux/types.h>

struct vgpu;

/* Power-on values. */
void vgpu_config_reset(struct vgpu *vgpu);

/* Any offset and length; what is outside reads ones and takes nothing. */
void vgpu_config_read(struct vgpu *vgpu, u32 offset, void *data, size_t length);
void vgpu_config_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length);

/* Bytes of a BAR; 0 where there is none. */
u64 vgpu_bar_size(const struct vgpu *vgpu, unsigned int bar);

bool vgpu_config_msi_enabled(const struct vgpu *vgpu);

#endif
