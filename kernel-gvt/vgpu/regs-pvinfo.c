// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>

#include "mmio.h"
#include "pvinfo.h"
#include "vgpu.h"

#define PVINFO(offset) (0x78000u + (offset))
#define MAGIC_LOW	  PVINFO(0x00)
#define MAGIC_HIGH	  PVINFO(0x04)
#define VERSION		  PVINFO(0x08) /* major in the lower half */
#define VGPU_ID		  PVINFO(0x0c)
#define CAPABILITIES	  PVINFO(0x10)
#define MAPPABLE_BASE	  PVINFO(0x40)
#define MAPPABLE_SIZE	  PVINFO(0x44)
#define UNMAPPABLE_BASE	  PVINFO(0x48)
#define UNMAPPABLE_SIZE	  PVINFO(0x4c)
#define FENCES		  PVINFO(0x50)
#define RESPONSES	  PVINFO(0x800)
#define NOTIFICATION	  PVINFO(0x818)
#define PAGE_DIRECTORIES  PVINFO(0x838)

#define MAGIC 0x4776544776544776ull /* "vGTvGTvG" */

#define CAN_FULL_PPGTT	   BIT(2)
#define CAN_HWSP_EMULATION BIT(3)

/* What a guest may notify of: page tables and contexts that come and go. */
enum notification {
	PPGTT_L3_CREATE = 2,
	PPGTT_L3_DESTROY,
	PPGTT_L4_CREATE,
	PPGTT_L4_DESTROY,
	CONTEXT_CREATE,
	CONTEXT_DESTROY,
	NOTIFICATION_END,
};

void vgpu_pvinfo_reset(struct vgpu *vgpu)
{
	vgpu_set_reg(vgpu, VGPU_ID, vgpu->id);
	vgpu_set_reg(vgpu, CAPABILITIES, CAN_FULL_PPGTT | CAN_HWSP_EMULATION);
	vgpu_set_reg(vgpu, MAPPABLE_BASE, vgpu->aperture.start);
	vgpu_set_reg(vgpu, MAPPABLE_SIZE, vgpu->aperture.size);
	vgpu_set_reg(vgpu, UNMAPPABLE_BASE, vgpu->hidden.start);
	vgpu_set_reg(vgpu, UNMAPPABLE_SIZE, vgpu->hidden.size);
	vgpu_set_reg(vgpu, FENCES, vgpu->fence_count);
}

/*
 * The driver tells of page tables and contexts in advance. Nothing has to be made ready for them
 * yet: they are looked at when work names them.
 */
static void write_notification(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value);
	if (value < PPGTT_L3_CREATE || value >= NOTIFICATION_END)
		vgpu->stats.unknown_writes++;
}

static const struct gvt_reg regs[] = {
	{ .offset = MAGIC_LOW, .kind = REG_READ_ONLY, .initial = (u32)MAGIC },
	{ .offset = MAGIC_HIGH, .kind = REG_READ_ONLY, .initial = MAGIC >> 32 },
	{ .offset = VERSION, .kind = REG_READ_ONLY, .initial = 1 },
	{ .offset = VGPU_ID, .count = (RESPONSES - VGPU_ID) / 4, .kind = REG_READ_ONLY },
	{ .offset = RESPONSES, .count = (NOTIFICATION - RESPONSES) / 4 },
	{ .offset = NOTIFICATION, .write = write_notification },
	{ .offset = PVINFO_CURSOR_X_HOT, .count = 2, .initial = 0xffffffff },
	{ .offset = NOTIFICATION + 4, .count = (PVINFO(0x1000) - NOTIFICATION - 4) / 4, .fill = true },
};

GVT_REG_TABLE(gvt_regs_pvinfo, regs);
