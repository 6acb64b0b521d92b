// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences: what lies behind a range of the aperture is tiled (Skylake PRM, vol. 2c, "FENCE").
 *
 * A guest's fence n is one of the hardware's that the vGPU holds. It may only cover the vGPU's own
 * part: tiling is a matter of everybody who uses that range.
 */
#include <linux/kernel.h>

#include "gpu.h"
#include "mmio.h"
#include "vgpu.h"

#define FENCE(n)      (0x100000u + 8 * (n))
#define FENCE_VALID   1ull
#define FENCE_START(fence) ((fence) & 0xfffff000ull)
/* Of the last page. */
#define FENCE_END(fence) ((fence) >> 32 & 0xfffff000ull)

static bool covers_own(const struct vgpu *vgpu, u64 fence)
{
	u64 start = FENCE_START(fence), end = FENCE_END(fence);

	return start <= end && start >= vgpu->aperture.start &&
	       end < vgpu->aperture.start + vgpu->aperture.size;
}

/* What hardware may have of the guest's fence n. */
static u64 allowed_fence(struct vgpu *vgpu, unsigned int n)
{
	u64 fence = (u64)vgpu_reg(vgpu, FENCE(n) + 4) << 32 | vgpu_reg(vgpu, FENCE(n));

	if (!(fence & FENCE_VALID) || covers_own(vgpu, fence))
		return fence;
	/* Half-written ones pass here, too: the driver turns a fence off before it moves it. */
	vgpu->stats.outside++;
	return 0;
}

static void write_fence(struct vgpu *vgpu, u32 offset, u32 value)
{
	unsigned int n = (offset - FENCE(0)) / 8;

	vgpu_set_reg(vgpu, offset, value);
	if (n < vgpu->fence_count)
		gvt_host_fence_write(vgpu->gpu->host, vgpu->fence_ids[n], allowed_fence(vgpu, n));
	else
		vgpu->stats.outside++;
}

void vgpu_fences_restore(struct vgpu *vgpu)
{
	for (unsigned int n = 0; n < vgpu->fence_count; n++)
		gvt_host_fence_write(vgpu->gpu->host, vgpu->fence_ids[n], allowed_fence(vgpu, n));
}

static const struct gvt_reg regs[] = {
	{ .offset = FENCE(0), .count = 2 * GVT_FENCES_MAX, .write = write_fence },
};

GVT_REG_TABLE(gvt_regs_fence, regs);
