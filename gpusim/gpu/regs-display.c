// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Display: what is fused, and ports that find nothing connected. No pipe scans out in this version,
 * so a driver sees a GPU with no monitor.
 */
#include "device.h"
#include "mmio.h"

#define DISPLAY_FUSES	0x42000
#define DFSM		0x51000
#define PCH_RAWCLK_FREQ 0xc6204
#define DDI_AUX_CTL_A	0x64010
#define DDI_AUX_CTL_B	0x64110
#define PCH_AUX_CTL_B	0xe4110 /* Broadwell's ports B to D have theirs in the PCH */

#define AUX_BUSY	  (1u << 31)
#define AUX_DONE	  (1u << 30)
#define AUX_TIME_OUT	  (1u << 28)
#define AUX_RECEIVE_ERROR (1u << 25)
/* Status bits that software clears by writing them. */
#define AUX_STATUS (AUX_DONE | AUX_TIME_OUT | AUX_RECEIVE_ERROR)

/* With no panel a transaction ends in a time-out; said at once, it costs the driver no wait. */
static void write_aux(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t status = gpu->regs[offset / 4] & AUX_STATUS & ~value;

	if (value & AUX_BUSY)
		status = AUX_DONE | AUX_TIME_OUT;
	gpu->regs[offset / 4] = (value & ~(AUX_BUSY | AUX_STATUS)) | status;
}

static const struct reg_rule rules[] = {
	/* Fuses downloaded (31), and distributed to power gates 0 to 2 (27 to 25). */
	{ .offset = DISPLAY_FUSES,
	  .count = 1,
	  .since = 9,
	  .kind = REG_READ_ONLY,
	  .reset = 0x8e000000 },
	{ .offset = DFSM, .count = 1, .since = 9, .kind = REG_READ_ONLY },
	{ .offset = PCH_RAWCLK_FREQ, .count = 1, .reset = 24 },
	{ .offset = DDI_AUX_CTL_A, .count = 1, .write = write_aux },
	{ .offset = PCH_AUX_CTL_B, .count = 3, .stride = 0x100, .until = 8, .write = write_aux },
	{ .offset = DDI_AUX_CTL_B, .count = 3, .stride = 0x100, .since = 9, .write = write_aux },
};

const struct reg_table regs_display = REG_TABLE(rules);
