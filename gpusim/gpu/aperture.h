/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aperture.h - BAR 2: the processor's window through the GGTT, untiled by the fences
 *
 * Where a fence covers an address, the processor sees the tiled surface row by row (PRM Vol. 5
 * "Memory Views: Fences"; i915: gt/intel_ggtt_fencing.c). Elsewhere the window is plain.
 */
#ifndef GPUSIM_APERTURE_H
#define GPUSIM_APERTURE_H

#include <stddef.h>
#include <stdint.h>

struct gpu;

#define FENCE_COUNT 32
#define FENCE_BASE  0x100000

/* What is not mapped reads as ones and swallows writes, as on a bus. Without gpu->lock. */
void aperture_read(struct gpu *gpu, uint64_t offset, void *data, size_t length);
void aperture_write(struct gpu *gpu, uint64_t offset, const void *data, size_t length);

#endif
