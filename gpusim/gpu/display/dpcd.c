// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "dpcd.h"

#define LINK_BANDWIDTH	 0x100
#define LANE_COUNT	 0x101
#define TRAINING_PATTERN 0x102
#define SINK_COUNT	 0x200
#define SERVICE_IRQ	 0x201
#define LANE_STATUS	 0x202 /* two lanes in a byte */
#define ALIGN_STATUS	 0x204
#define SINK_STATUS	 0x205
#define SET_POWER	 0x600

#define RATE_5_4_GBIT 0x14
#define LANES	      4

#define PATTERN(value)	  ((value)&0xf)
#define LANES_USED(value) ((value)&0x1f)

#define CLOCK_RECOVERED	    (1u << 0)
#define CHANNEL_EQUALIZED   (1u << 1)
#define SYMBOLS_LOCKED	    (1u << 2)
#define LANE_TRAINED	    (CLOCK_RECOVERED | CHANNEL_EQUALIZED | SYMBOLS_LOCKED)
#define INTERLANE_ALIGNED   (1u << 0)
#define RECEIVE_PORT_SYNCED (1u << 0)

#define POWER_ON 1

static const struct {
	uint16_t address;
	uint8_t value;
} power_on[] = {
	{ 0x000, 0x12 }, /* revision 1.2 */
	{ 0x001, RATE_5_4_GBIT },
	{ 0x002, 0xc0 | LANES }, /* enhanced framing, training pattern 3 */
	{ 0x003, 0x01 }, /* takes 0.5 % of spread */
	{ 0x006, 0x01 }, /* 8b/10b */
	{ LINK_BANDWIDTH, RATE_5_4_GBIT },
	{ LANE_COUNT, LANES },
	{ SINK_COUNT, 1 },
	{ SET_POWER, POWER_ON },
};

/* Ranges that the source may write. */
static const struct {
	uint16_t first, end;
} writable[] = { { 0x054, 0x058 }, { 0x100, 0x200 }, { 0x300, 0x3ff }, { SET_POWER, 0x601 } };

void dpcd_reset(struct dpcd *dpcd)
{
	memset(dpcd->bytes, 0, sizeof(dpcd->bytes));
	for (unsigned int i = 0; i < sizeof(power_on) / sizeof(power_on[0]); i++)
		dpcd->bytes[power_on[i].address] = power_on[i].value;
}

uint8_t dpcd_read(const struct dpcd *dpcd, uint32_t address)
{
	return address < DPCD_SIZE ? dpcd->bytes[address] : 0;
}

static void set_lanes(struct dpcd *dpcd, uint8_t status)
{
	unsigned int lanes = LANES_USED(dpcd->bytes[LANE_COUNT]);

	for (unsigned int lane = 0; lane < LANES; lane++) {
		uint8_t *byte = &dpcd->bytes[LANE_STATUS + lane / 2];
		unsigned int shift = lane % 2 * 4;

		*byte &= ~(0xf << shift);
		if (lane < lanes)
			*byte |= status << shift;
	}
}

/* A new configuration, or the pattern for clock recovery, begins anew. */
static void train(struct dpcd *dpcd, uint8_t pattern)
{
	switch (pattern) {
	case 0: /* training is over: what was reached stays */
		break;
	case 1:
		set_lanes(dpcd, CLOCK_RECOVERED);
		dpcd->bytes[ALIGN_STATUS] = 0;
		break;
	default:
		set_lanes(dpcd, LANE_TRAINED);
		dpcd->bytes[ALIGN_STATUS] = INTERLANE_ALIGNED;
		dpcd->bytes[SINK_STATUS] = RECEIVE_PORT_SYNCED;
	}
}

static void lose_link(struct dpcd *dpcd)
{
	set_lanes(dpcd, 0);
	dpcd->bytes[ALIGN_STATUS] = 0;
	dpcd->bytes[SINK_STATUS] = 0;
}

void dpcd_write(struct dpcd *dpcd, uint32_t address, uint8_t value)
{
	if (address == SERVICE_IRQ)
		dpcd->bytes[SERVICE_IRQ] &= ~value;
	for (unsigned int i = 0; i < sizeof(writable) / sizeof(writable[0]); i++)
		if (address >= writable[i].first && address < writable[i].end)
			dpcd->bytes[address] = value;
	if (address == LINK_BANDWIDTH || address == LANE_COUNT)
		lose_link(dpcd);
	else if (address == TRAINING_PATTERN)
		train(dpcd, PATTERN(value));
}
