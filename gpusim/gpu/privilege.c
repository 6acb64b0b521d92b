// SPDX-License-Identifier: GPL-2.0-or-later
#include "device.h"
#include "privilege.h"
#include "regs.h"

/* First and last dword that may be written. */
struct open_range {
	uint32_t first, last;
	uint8_t generations;
};

#define GEN8 1u
#define GEN9 2u
#define BOTH (GEN8 | GEN9)

/* From the base of every engine. */
static const struct open_range engine_ranges[] = {
	{ 0x3bc, 0x3bc, BOTH }, /* MI_PREDICATE_RESULT_2 */
	{ 0x400, 0x41c, BOTH }, /* MI_PREDICATE_SRC0, _SRC1, _DATA, _RESULT, _RESULT_1 */
	{ 0x600, 0x67c, BOTH }, /* CS_GPR 0 to 15 */
};

static const struct open_range render_ranges[] = {
	{ 0x20c0, 0x20c0, GEN8 }, /* INSTPM */
	{ 0x20d8, 0x20d8, GEN9 }, /* CS_DEBUG_MODE2 */
	{ 0x2290, 0x2294, BOTH }, /* CS_INVOCATION_COUNT */
	{ 0x2300, 0x2354, BOTH }, /* statistics: HS_INVOCATION_COUNT to PS_DEPTH_COUNT */
	{ 0x2420, 0x2420, BOTH }, /* 3DPRIM_END_OFFSET */
	{ 0x2430, 0x2440, BOTH }, /* 3DPRIM_START_VERTEX to _BASE_VERTEX */
	{ 0x2500, 0x2508, BOTH }, /* GPGPU_DISPATCHDIMX, Y, Z */
	{ 0x5200, 0x521c, BOTH }, /* SO_NUM_PRIMS_WRITTEN */
	{ 0x5240, 0x525c, BOTH }, /* SO_PRIM_STORAGE_NEEDED */
	{ 0x5280, 0x528c, BOTH }, /* SO_WRITE_OFFSET */
	{ 0x7000, 0x7008, BOTH }, /* CACHE_MODE_0, CACHE_MODE_1, GT_MODE */
	{ 0x7034, 0x7034, BOTH }, /* L3CNTLREG */
	{ 0xe400, 0xe404, BOTH }, /* TD_CTL */
};

static const struct open_range blitter_ranges[] = {
	{ 0x22200, 0x22200, BOTH }, /* BCS_SWCTRL */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool in_ranges(const struct open_range *ranges, unsigned int count, uint32_t offset,
		      unsigned int generation)
{
	for (unsigned int i = 0; i < count; i++)
		if (offset >= ranges[i].first && offset <= ranges[i].last)
			return ranges[i].generations & (generation >= 9 ? GEN9 : GEN8);
	return false;
}

#define NONPRIV_SLOTS	12
#define NONPRIV_ADDRESS 0x03fffffcu

/* A slot names one register. Unused ones name NOPID, which does no harm. */
static bool is_forced_open(const struct engine *engine, uint32_t offset)
{
	for (unsigned int i = 0; i < NONPRIV_SLOTS; i++) {
		uint32_t slot = engine_reg(engine, RING_FORCE_TO_NONPRIV + 4 * i);

		if (slot && (slot & NONPRIV_ADDRESS) == offset)
			return true;
	}
	return false;
}

bool privilege_allows_write(const struct engine *engine, uint32_t offset)
{
	unsigned int generation = engine->gpu->info->generation;

	if (in_ranges(engine_ranges, COUNT(engine_ranges), offset - engine->info->base, generation))
		return true;
	if (engine->info == &engine_info[ENGINE_RCS] &&
	    in_ranges(render_ranges, COUNT(render_ranges), offset, generation))
		return true;
	if (engine->info == &engine_info[ENGINE_BCS] &&
	    in_ranges(blitter_ranges, COUNT(blitter_ranges), offset, generation))
		return true;
	return is_forced_open(engine, offset);
}
