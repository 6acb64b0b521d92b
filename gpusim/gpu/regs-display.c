// SPDX-License-Identifier: GPL-2.0-or-later
/* Display: what is fused. Pipes, ports and their controllers are in display/. */
#include "mmio.h"

#define DISPLAY_FUSES	0x42000
#define DFSM		0x51000
#define PCH_RAWCLK_FREQ 0xc6204
#define PORT_CLK_SEL	0x46100 /* of ports A to E; bits 31:29 */
#define NO_CLOCK	(7u << 29)

static const struct reg_rule rules[] = {
	/* Fuses downloaded (31), and distributed to power gates 0 to 2 (27 to 25). */
	{ .offset = DISPLAY_FUSES,
	  .count = 1,
	  .since = 9,
	  .kind = REG_READ_ONLY,
	  .reset = 0x8e000000 },
	{ .offset = DFSM, .count = 1, .since = 9, .kind = REG_READ_ONLY },
	{ .offset = PCH_RAWCLK_FREQ, .count = 1, .reset = 24 },
	{ .offset = PORT_CLK_SEL, .count = 5, .until = 8, .reset = NO_CLOCK },
};

const struct reg_table regs_display = REG_TABLE(rules);
