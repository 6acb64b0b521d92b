// SPDX-License-Identifier: GPL-2.0-or-later
#include "context-layout.h"
#include "device.h"
#include "regs.h"

/* Registers of the render engine outside its 4 KiB, as offsets from its base. */
#define RENDER(offset) ((offset)-0x2000)

/* The first eleven registers are the ring's; gen8_xcs has no more. */
static const struct reg_run ring_runs[] = {
	{ RING_CONTEXT_CONTROL, 1, 0 }, { RING_HEAD, 1, 0 },	{ RING_TAIL, 1, 0 },
	{ RING_START, 2, 4 }, /* and RING_CTL */
	{ RING_BBADDR_UDW, 1, 0 },	{ RING_BBADDR, 1, 0 },	{ RING_BBSTATE, 1, 0 },
	{ RING_SBBADDR_UDW, 1, 0 },	{ RING_SBBADDR, 2, 4 }, /* and RING_SBBSTATE */
	{ RING_BB_PER_CTX_PTR, 3, 4 },
};

/* PDP3's upper dword comes first, PDP0's lower last. */
static const struct reg_run pointer_runs[] = {
	{ RING_CTX_TIMESTAMP, 1, 0 },
	{ RING_PDP0_LDW + 0x1c, 8, -4 },
};

static const struct reg_run power_runs[] = { { RING_R_PWR_CLK_STATE, 1, 0 } };
static const struct reg_run gen9_xcs_runs[] = { { 0x200, 1, 0 } };
static const struct reg_run gen8_xcs_runs[] = { { 0x200, 1, 0 }, { RING_EXCC, 1, 0 } };

static const struct reg_run gen9_state_runs[] = {
	{ RING_EXCC, 1, 0 },
	{ RING_MI_MODE, 1, 0 },
	{ RING_INSTPM, 1, 0 },
	{ 0x178, 2, 4 },
	{ RING_TIMESTAMP, 1, 0 },
	{ 0x170, 1, 0 },
	{ 0x150, 3, 4 }, /* and BB_OFFSET */
	{ RING_PREDICATE_RESULT_1, 1, 0 },
	{ RING_GPR, 32, 4 },
	{ RING_IPEHR, 1, 0 },
};

/*
 * Gen8's render engine. MI_MODE at 58h, BB_OFFSET at c4h and the general purpose registers from d8h
 * on are what drivers rely on; the order of the others around them is nobody's business.
 */
static const struct reg_run gen8_state_runs[] = {
	{ RING_EXCC, 1, 0 },
	{ RING_NOPID, 1, 0 },
	{ RING_INSTPM, 1, 0 },
	{ RING_MI_MODE, 1, 0 },
	{ 0x178, 2, 4 },
	{ RING_TIMESTAMP, 1, 0 },
	{ RING_PREDICATE_RESULT_1, 1, 0 },
	{ 0x170, 1, 0 },
	{ 0x150, 2, 4 },
	{ RENDER(0x2290), 2, 4 }, /* CS_INVOCATION_COUNT */
	{ RENDER(0x2300), 22, 4 }, /* HS_INVOCATION_COUNT to PS_DEPTH_COUNT */
	{ RING_PREDICATE_RESULT_2, 1, 0 },
	{ RING_PREDICATE_SRC0, 7, 4 }, /* and SRC1, DATA, RESULT */
	{ RENDER(0x2420), 1, 0 }, /* 3DPRIM_END_OFFSET */
	{ RENDER(0x2430), 5, 4 }, /* 3DPRIM_START_VERTEX to _BASE_VERTEX */
	{ RENDER(0x2500), 3, 4 }, /* GPGPU_DISPATCHDIM */
	{ RENDER(0x2580), 1, 0 }, /* CS_CHICKEN1 */
	{ RENDER(0x5280), 4, 4 }, /* SO_WRITE_OFFSET */
	{ RING_BB_OFFSET, 1, 0 },
	{ RENDER(0x5200), 8, 4 }, /* SO_NUM_PRIMS_WRITTEN */
	{ RENDER(0x7034), 1, 0 }, /* L3CNTLREG */
	{ RING_GPR, 32, 4 },
	{ RING_IPEHR, 1, 0 },
};

/* What gen8_state_runs has in its gaps. */
static const struct reg_run gen9_pipeline_runs[] = {
	{ RENDER(0x20d8), 1, 0 }, /* CS_DEBUG_MODE2 */
	{ RENDER(0x2248), 1, 0 }, /* CTX_PREEMPT_REG */
	{ RENDER(0x2290), 2, 4 }, /* CS_INVOCATION_COUNT */
	{ RENDER(0x2300), 22, 4 }, /* HS_INVOCATION_COUNT to PS_DEPTH_COUNT */
	{ RING_PREDICATE_RESULT_2, 1, 0 },
	{ RING_PREDICATE_SRC0, 7, 4 }, /* and SRC1, DATA, RESULT */
	{ RENDER(0x2420), 1, 0 }, /* 3DPRIM_END_OFFSET */
	{ RENDER(0x2430), 5, 4 }, /* 3DPRIM_START_VERTEX to _BASE_VERTEX */
	{ RENDER(0x2500), 3, 4 }, /* GPGPU_DISPATCHDIM */
	{ RENDER(0x2580), 1, 0 }, /* CS_CHICKEN1 */
	{ RENDER(0x5200), 8, 4 }, /* SO_NUM_PRIMS_WRITTEN */
	{ RENDER(0x5280), 4, 4 }, /* SO_WRITE_OFFSET */
	{ RENDER(0x7034), 1, 0 }, /* L3CNTLREG */
};

/* The registers in which drivers switch features of a context on and off. */
static const struct reg_run chicken_runs[] = {
	{ RENDER(0x5240), 8, 4 }, /* SO_PRIM_STORAGE_NEEDED */
	{ RENDER(0x5588), 1, 0 }, /* WM_CHICKEN3 */
	{ RENDER(0x7000), 3, 4 }, /* CACHE_MODE_0, CACHE_MODE_1, GT_MODE */
	{ RENDER(0x7010), 3, 4 }, /* COMMON_SLICE_CHICKEN1, _2, HIZ_CHICKEN */
	{ RENDER(0x7300), 3, 4 }, /* HDC_CHICKEN0, HDC_CHICKEN1, SLICE_COMMON_ECO_CHICKEN0 */
	{ RENDER(0x731c), 1, 0 }, /* SLICE_COMMON_ECO_CHICKEN1 */
	{ RENDER(0xe100), 1, 0 }, /* HALF_SLICE_CHICKEN1 */
	{ RENDER(0xe180), 3, 4 }, /* HALF_SLICE_CHICKEN2, _3, _5 */
	{ RENDER(0xe194), 1, 0 }, /* HALF_SLICE_CHICKEN7 */
	{ RENDER(0xe400), 2, 4 }, /* TD_CTL */
	{ RENDER(0xe4f0), 2, 4 }, /* ROW_CHICKEN, ROW_CHICKEN2 */
};

static const struct image_block gen9_rcs[] = {
	{ 0x01, 14, true, false, ring_runs },	      { 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, false, true, power_runs },	      { 0x51, 44, true, true, gen9_state_runs },
	{ 0xb1, 57, true, true, gen9_pipeline_runs }, { 0x131, 28, true, true, chicken_runs },
};

static const struct image_block gen9_xcs[] = {
	{ 0x01, 14, true, false, ring_runs },
	{ 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, true, true, gen9_xcs_runs },
	{ 0x51, 44, true, true, gen9_state_runs },
};

static const struct image_block gen8_rcs[] = {
	{ 0x01, 14, true, false, ring_runs },	 { 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, false, true, power_runs },	 { 0x51, 100, true, true, gen8_state_runs },
	{ 0x131, 28, true, true, chicken_runs },
};

static const struct image_block gen8_xcs[] = {
	{ 0x01, 11, false, false, ring_runs },
	{ 0x21, 9, false, false, pointer_runs },
	{ 0x41, 2, false, true, gen8_xcs_runs },
};

#define LAYOUT(array)                                       \
	{                                                   \
		(array), sizeof(array) / sizeof((array)[0]) \
	}

/* By generation; for the render engine and for the others. */
static const struct {
	struct image_layout rcs, xcs;
} layouts[] = {
	[8] = { LAYOUT(gen8_rcs), LAYOUT(gen8_xcs) },
	[9] = { LAYOUT(gen9_rcs), LAYOUT(gen9_xcs) },
};

struct image_layout context_layout(const struct engine *engine)
{
	unsigned int generation = engine->gpu->info->generation;

	return engine->info == &engine_info[ENGINE_RCS] ? layouts[generation].rcs :
							  layouts[generation].xcs;
}
