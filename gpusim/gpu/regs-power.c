// SPDX-License-Identifier: GPL-2.0-or-later
/* Power management: forcewake, power wells, clocks and the Pcode mailbox answer at once. */
#include "device.h"
#include "mmio.h"

/* One for all of a Gen8, for what is neither render nor media on a Gen9. */
#define FORCEWAKE_MT	     0xa188
#define FORCEWAKE_ACK_MT     0x130044
#define FORCEWAKE_RENDER     0xa278
#define FORCEWAKE_ACK_RENDER 0x0d84
#define FORCEWAKE_MEDIA	     0xa270
#define FORCEWAKE_ACK_MEDIA  0x0d88

#define PCODE_MAILBOX	    0x138124
#define PCODE_DATA	    0x138128
#define PCODE_DATA1	    0x13812c
#define PCODE_BUSY	    (1u << 31)
#define PCODE_READ_LATENCY  0x06
#define PCODE_CDCLK_CONTROL 0x07
#define PCODE_SAGV_CONTROL  0x21

#define DBUF_CTL_S1 0x45008
#define DBUF_CTL_S2 0x44fe8
#define LCPLL1_CTL  0x46010
#define LCPLL2_CTL  0x46014
#define DPLL_STATUS 0x6c060
#define POWER_WELLS 0x45400

/* Broadwell's display clock; 450 MHz is 0 in bits 27:26. */
#define LCPLL_CTL	0x130040
#define LCPLL_DISABLE	(1u << 31)
#define LCPLL_LOCK	(1u << 30)
#define LCPLL_FCLK	(1u << 21)
#define LCPLL_FCLK_DONE (1u << 19)

/* What a driver requests by a masked write is acknowledged in another register. */
static void write_forcewake(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t ack = offset == FORCEWAKE_RENDER ? FORCEWAKE_ACK_RENDER :
		       offset == FORCEWAKE_MEDIA  ? FORCEWAKE_ACK_MEDIA :
						    FORCEWAKE_ACK_MT;

	gpu->regs[offset / 4] = value;
	gpu->regs[ack / 4] = value;
}

static const struct {
	uint8_t command;
	uint32_t data;
} pcode_answers[] = {
	{ PCODE_READ_LATENCY, 0 },
	{ PCODE_CDCLK_CONTROL, 1 }, /* ready for the change */
	{ PCODE_SAGV_CONTROL, 1 }, /* done */
};

static void write_pcode(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	if (!(value & PCODE_BUSY)) {
		gpu->regs[offset / 4] = value;
		return;
	}
	for (unsigned int i = 0; i < sizeof(pcode_answers) / sizeof(pcode_answers[0]); i++) {
		if (pcode_answers[i].command == (value & 0xff)) {
			gpu->regs[PCODE_DATA / 4] = pcode_answers[i].data;
			gpu->regs[PCODE_DATA1 / 4] = 0;
		}
	}
	/* Idle, and the low byte says success. */
	gpu->regs[offset / 4] = value & ~(PCODE_BUSY | 0xff);
}

/* Request bit 2n + 1 of a well is answered in state bit 2n. */
static void write_wells(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t requests = value & 0xaaaaaaaa;

	gpu->regs[offset / 4] = requests | requests >> 1;
}

/* Enable bit 31 is answered in bit 30. */
static void write_locked(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = (value & ~(1u << 30)) | (value >> 1 & 1u << 30);
}

/* The PLL locks at once; the display clock's source is switched to FCLK and back at once, too. */
static void write_lcpll(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	value &= ~(LCPLL_LOCK | LCPLL_FCLK_DONE);
	if (!(value & LCPLL_DISABLE))
		value |= LCPLL_LOCK;
	if (value & LCPLL_FCLK)
		value |= LCPLL_FCLK_DONE;
	gpu->regs[offset / 4] = value;
}

#define FORCEWAKE(request, ack, first)                                               \
	{ .offset = (request),                                                       \
	  .count = 1,                                                                \
	  .since = (first),                                                          \
	  .kind = REG_MASKED,                                                        \
	  .write = write_forcewake },                                                \
	{                                                                            \
		.offset = (ack), .count = 1, .since = (first), .kind = REG_READ_ONLY \
	}

static const struct reg_rule rules[] = {
	FORCEWAKE(FORCEWAKE_MT, FORCEWAKE_ACK_MT, 0),
	FORCEWAKE(FORCEWAKE_RENDER, FORCEWAKE_ACK_RENDER, 9),
	FORCEWAKE(FORCEWAKE_MEDIA, FORCEWAKE_ACK_MEDIA, 9),
	{ .offset = PCODE_MAILBOX, .count = 1, .write = write_pcode },
	{ .offset = POWER_WELLS, .count = 4, .write = write_wells },
	{ .offset = LCPLL_CTL, .count = 1, .until = 8, .reset = LCPLL_LOCK, .write = write_lcpll },
	{ .offset = LCPLL1_CTL, .count = 1, .since = 9, .write = write_locked },
	{ .offset = LCPLL2_CTL, .count = 1, .since = 9, .write = write_locked },
	{ .offset = DBUF_CTL_S1, .count = 1, .since = 9, .write = write_locked },
	{ .offset = DBUF_CTL_S2, .count = 1, .since = 9, .write = write_locked },
	/* DPLL 0 to 3 are locked whenever somebody looks. */
	{ .offset = DPLL_STATUS,
	  .count = 1,
	  .since = 9,
	  .kind = REG_READ_ONLY,
	  .reset = 0x01010101 },
};

const struct reg_table regs_power = REG_TABLE(rules);
