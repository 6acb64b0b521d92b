// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The render clock: what the device can do, and what the driver asks for, which it gets at once
 * (PRM "Power Management"; i915: gt/intel_rps.c). Nothing here runs faster or slower for it.
 */
#include "device.h"
#include "mmio.h"

#define RP_STATE_CAP 0x145998
#define RPNSWREQ     0xa008
#define RPSTAT1	     0xa01c

/* Gen9 counts 50/3 MHz, request and state in bits 31:23; Gen8 50 MHz, in 31:24 and 13:7. */
#define GEN9_RATIO	    0xff800000
#define GEN8_REQUEST(value) ((value) >> 24)
#define GEN8_STATE(ratio)   (((ratio)&0x7f) << 7)

static uint32_t read_capabilities(struct gpu *gpu, uint32_t offset)
{
	const struct device_info *info = gpu->info;

	return info->rp0 | info->rp1 << 8 | info->rpn << 16;
}

static uint32_t read_gen8_state(struct gpu *gpu, uint32_t offset)
{
	return GEN8_STATE(GEN8_REQUEST(gpu->regs[RPNSWREQ / 4]));
}

static uint32_t read_gen9_state(struct gpu *gpu, uint32_t offset)
{
	return gpu->regs[RPNSWREQ / 4] & GEN9_RATIO;
}

static const struct reg_rule rules[] = {
	{ .offset = RP_STATE_CAP, .count = 1, .kind = REG_READ_ONLY, .read = read_capabilities },
	{ .offset = RPSTAT1,
	  .count = 1,
	  .until = 8,
	  .kind = REG_READ_ONLY,
	  .read = read_gen8_state },
	{ .offset = RPSTAT1,
	  .count = 1,
	  .since = 9,
	  .kind = REG_READ_ONLY,
	  .read = read_gen9_state },
};

const struct reg_table regs_frequency = REG_TABLE(rules);
