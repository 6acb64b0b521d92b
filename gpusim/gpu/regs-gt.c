// SPDX-License-Identifier: GPL-2.0-or-later
/* The graphics technology domain beside its engines: reset, fuses, TLBs, GuC, faults. */
#include "device.h"
#include "mmio.h"
#include "regs.h"

#define GDRST_FULL   (1u << 0)
#define GUC_IN_RESET (1u << 0)

#define FUSE2		 0x9120
#define EU_DISABLE	 0x9134
#define SC_INSTDONE	 0x7100
#define SAMPLER_INSTDONE 0xe160 /* and ROW_INSTDONE */
#define RPM_CONFIG0	 0xa26c
#define RC6_CTX_INFO	 0x8504
#define TLB_CONTROL	 0x4260
#define GFX_FLSH_CNTL	 0x101008

static void write_gdrst(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		if (value & (GDRST_FULL | engine_info[id].reset_bit))
			engine_reset(&gpu->engines[id]);
	/* The request bits clear themselves when the reset is over. */
	gpu->regs[offset / 4] = 0;
}

static uint32_t read_fuse2(struct gpu *gpu, uint32_t offset)
{
	return gpu->info->slice_fuse;
}

/* By place from TLB_CONTROL on; the third is that of a second VCS. */
static const enum engine_id tlb_engines[] = { ENGINE_RCS, ENGINE_VCS0, ENGINE_COUNT, ENGINE_BCS,
					      ENGINE_VECS };

/* The request clears itself when the TLB is empty: the engine has it so before its next access. */
static void write_tlb_control(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	enum engine_id id = tlb_engines[(offset - TLB_CONTROL) / 4];

	if (value & 1 && id != ENGINE_COUNT)
		tlb_invalidate(&gpu->engines[id].tlb);
	gpu->regs[offset / 4] = 0;
}

/* Drivers write it when they have changed entries of the GGTT. */
static void write_flush_control(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu_invalidate_tlbs(gpu);
	gpu->regs[offset / 4] = value;
}

static const struct reg_rule rules[] = {
	{ .offset = GDRST, .count = 1, .write = write_gdrst },
	/* The GuC, which Gen9 has, never leaves its reset. */
	{ .offset = GUC_STATUS,
	  .count = 1,
	  .since = 9,
	  .kind = REG_READ_ONLY,
	  .reset = GUC_IN_RESET },
	{ .offset = FUSE2, .count = 1, .kind = REG_READ_ONLY, .read = read_fuse2 },
	{ .offset = EU_DISABLE, .count = 3, .kind = REG_READ_ONLY },
	/* What would be busy with shaders never is. */
	{ .offset = SC_INSTDONE, .count = 1, .kind = REG_READ_ONLY, .reset = ~0u },
	{ .offset = SAMPLER_INSTDONE, .count = 2, .kind = REG_READ_ONLY, .reset = ~0u },
	/*
	 * Crystal clock select 0 shifted by the divider field: 12 MHz for the command streamers.
	 * Gen8's count 80 ns each, and no register says so.
	 */
	{ .offset = RPM_CONFIG0, .count = 1, .since = 9, .kind = REG_READ_ONLY, .reset = 4 },
	/* Zero would mean that RC6 lost its context, and drivers give up runtime power management.
	 */
	{ .offset = RC6_CTX_INFO, .count = 1, .kind = REG_READ_ONLY, .reset = 1 },
	{ .offset = TLB_CONTROL, .count = 5, .write = write_tlb_control },
	{ .offset = GFX_FLSH_CNTL, .count = 1, .write = write_flush_control },
	{ .offset = BCS_SWCTRL, .count = 1, .kind = REG_MASKED },
};

const struct reg_table regs_gt = REG_TABLE(rules);
