// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that commands may write: those that are part of a context, so that nobody else sees them,
 * and L3SQCREG4, which the host lets each of its users write. What they may read beside these tells of
 * the GPU as a whole.
 */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "internal.h"

#define RENDER	   BIT(GVT_RCS)
#define ALL	   (BIT(GVT_RCS) | BIT(GVT_BCS) | BIT(GVT_VCS0) | BIT(GVT_VECS))
#define MEDIA	   (BIT(GVT_VCS0) | BIT(GVT_VECS))
#define MI_MODE	   0x9cu
#define STOP_RING  BIT(8)

static const u32 bases[GVT_ENGINES] = {
	[GVT_RCS] = 0x2000,
	[GVT_BCS] = 0x22000,
	[GVT_VCS0] = 0x12000,
	[GVT_VECS] = 0x1a000,
};

/* Relative ones count from the engine's base. What can't be written may be read. */
static const struct {
	u32 first, last;
	u8 engines;
	bool relative, write;
} rules[] = {
	{ 0x09c, 0x09c, RENDER, true, true }, /* MI_MODE; see below */
	{ 0x0c0, 0x0c0, RENDER, true, true }, /* INSTPM */
	{ 0x0d8, 0x0d8, RENDER, true, true }, /* CS_DEBUG_MODE2 */
	{ 0x200, 0x200, BIT(GVT_BCS), true, true }, /* BCS_SWCTRL */
	{ 0x248, 0x248, RENDER, true, true }, /* CTX_PREEMPT */
	{ 0x290, 0x34c, RENDER, true, true }, /* statistics of the pipeline */
	{ 0x350, 0x35c, ALL, true, false }, /* time */
	{ 0x3bc, 0x3bc, ALL, true, true }, /* MI_PREDICATE_RESULT_2 */
	{ 0x400, 0x440, RENDER, true, true }, /* MI_PREDICATE_*, 3DPRIM_* */
	{ 0x400, 0x41c, MEDIA | BIT(GVT_BCS), true, true }, /* MI_PREDICATE_* */
	{ 0x500, 0x508, RENDER, true, true }, /* GPGPU_DISPATCHDIM* */
	{ 0x580, 0x580, RENDER, true, true }, /* CS_CHICKEN1 */
	{ 0x600, 0x67c, ALL, true, true }, /* CS_GPR 0 to 15 */
	{ 0x800, 0x9ff, BIT(GVT_VCS0), true, false }, /* what MFX and HCP have counted */
	{ 0x2800, 0x29fc, RENDER, false, false }, /* observation: counters */
	{ 0x5200, 0x52ac, RENDER, false, true }, /* streamed out vertices */
	{ 0x7000, 0x701c, RENDER, false, true }, /* caches, chicken bits of the slice */
	{ 0x7034, 0x7034, RENDER, false, true }, /* L3CNTLREG */
	{ 0x7300, 0x7304, RENDER, false, true }, /* HDC_CHICKEN */
	{ 0x731c, 0x731c, RENDER, false, true }, /* SLICE_COMMON_ECO_CHICKEN1 */
	{ 0x91b8, 0x91c4, RENDER, false, false }, /* PERFCNT1, PERFCNT2 */
	{ 0xa01c, 0xa01c, RENDER, false, false }, /* the GPU's frequency */
	{ 0xd000, 0xd3fc, BIT(GVT_VCS0), false, false }, /* state of the HuC */
	{ 0x1e900, 0x1e9ff, BIT(GVT_VCS0), false, false }, /* what HCP has counted */
	{ 0xb118, 0xb118, RENDER, false, true }, /* L3SQCREG4 */
	{ 0xe100, 0xe100, RENDER, false, true }, /* chicken bits of half a slice, of rows */
	{ 0xe180, 0xe19c, RENDER, false, true },
	{ 0xe400, 0xe404, RENDER, false, true }, /* TD_CTL */
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
