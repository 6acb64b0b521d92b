// SPDX-License-Identifier: GPL-2.0-only
/* Registers that commands may write: those that are part of a context, so that nobody else sees them. */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "internal.h"

#define RENDER	   BIT(GVT_RCS)
#define ALL	   (BIT(GVT_RCS) | BIT(GVT_BCS) | BIT(GVT_VCS0) | BIT(GVT_VECS))
#define MI_MODE	   0x9cu
#define STOP_RING  BIT(8)

static const u32 bases[GVT_ENGINES] = {
	[GVT_RCS] = 0x2000,
	[GVT_BCS] = 0x22000,
	[GVT_VCS0] = 0x12000,
	[GVT_VECS] = 0x1a000,
};

/* Relative ones count from the engine's base. */
static const struct {
	u32 first, last;
	u8 engines;
	bool relative, write;
} rules[] = {
	{ 0x09c, 0x09c, RENDER, true, true }, /* MI_MODE; see below */
	{ 0x0c0, 0x0c0, RENDER, true, true }, /* INSTPM */
	{ 0x290, 0x34c, RENDER, true, true }, /* statistics of the pipeline */
	{ 0x350, 0x35c, ALL, true, false }, /* time */
	{ 0x400, 0x440, RENDER, true, true }, /* predicates, counts of MI_SET_PREDICATE, 3DPRIM */
	{ 0x580, 0x580, RENDER, true, true }, /* CS_CHICKEN1 */
	{ 0x600, 0x67c, ALL, true, true }, /* general purpose */
	{ 0x5200, 0x52ac, RENDER, false, true }, /* streamed out vertices */
	{ 0x7000, 0x701c, RENDER, false, true }, /* caches, chicken bits of the slice */
	{ 0x7034, 0x7034, RENDER, false, true }, /* division of L3 */
	{ 0x7300, 0x7304, RENDER, false, true },
	{ 0x731c, 0x731c, RENDER, false, true },
	{ 0xe100, 0xe100, RENDER, false, true }, /* chicken bits of half a slice, of rows */
	{ 0xe180, 0xe19c, RENDER, false, true },
	{ 0xe4f0, 0xe4f4, RENDER, false, true },
};

static bool is_allowed(const struct gvt_parser *parser, u32 offset, bool write)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rules); i++) {
		u32 at = offset - (rules[i].relative ? bases[parser->engine] : 0);

		if (rules[i].engines & BIT(parser->engine) && at >= rules[i].first && at <= rules[i].last &&
		    (rules[i].write || !write))
			return true;
	}
	return false;
}

bool gvt_register_writable(const struct gvt_parser *parser, u32 offset, u32 value)
{
	/* An engine that stops itself waits for a driver that is not there. */
	if (offset == bases[parser->engine] + MI_MODE && value >> 16 & STOP_RING)
		return false;
	return offset % 4 == 0 && is_allowed(parser, offset, true);
}

bool gvt_register_readable(const struct gvt_parser *parser, u32 offset)
{
	return offset % 4 == 0 && is_allowed(parser, offset, false);
}
