// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sideband of the Lynx Point and Wildcat Point PCH, which Broadwell has: registers of the
 * clocks (iCLK) and of the ports' physical layer (MPHY) behind an address, a data and a command
 * register. What is written there can be read back, and has no effect. (PRM "SBI"; i915:
 * intel_sbi.c.)
 */
#include <string.h>

#include "device.h"
#include "mmio.h"

#define SBI_ADDRESS 0xc6000
#define SBI_DATA    0xc6004
#define SBI_CONTROL 0xc6008

#define SBI_BUSY     (1u << 0)
#define SBI_RESPONSE (3u << 1) /* 0: success */
#define SBI_WRITE    (1u << 8)
#define SBI_MPHY     (1u << 16)

void sideband_reset(struct gpu *gpu)
{
	memset(gpu->sideband, 0, sizeof(gpu->sideband));
}

static void write_control(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t *data = &gpu->regs[SBI_DATA / 4];
	uint32_t *target =
		&gpu->sideband[!!(value & SBI_MPHY)][gpu->regs[SBI_ADDRESS / 4] >> 16 >> 2];

	if (value & SBI_BUSY && value & SBI_WRITE)
		*target = *data;
	else if (value & SBI_BUSY)
		*data = *target;
	gpu->regs[offset / 4] = value & ~(SBI_BUSY | SBI_RESPONSE);
}

static const struct reg_rule rules[] = {
	{ .offset = SBI_CONTROL, .count = 1, .until = 8, .write = write_control },
};

const struct reg_table regs_sideband = REG_TABLE(rules);
