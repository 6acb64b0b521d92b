// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The render engine's feature switches: without effect here, but their upper halves select which
 * bits of the lower are written (PRM Vol. 2c; i915: gt/intel_workarounds.c, wa_masked_*).
 */
#include "mmio.h"

#define MASKED(first, dwords)                                            \
	{                                                                \
		.offset = (first), .count = (dwords), .kind = REG_MASKED \
	}

static const struct reg_rule rules[] = {
	MASKED(0x20d8, 1), /* CS_DEBUG_MODE2 */
	MASKED(0x20e0, 2), /* FF_SLICE_CS_CHICKEN1, 2 */
	MASKED(0x2580, 1), /* CS_CHICKEN1 */
	MASKED(0x5588, 1), /* WM_CHICKEN3 */
	MASKED(0x7000, 3), /* CACHE_MODE_0, CACHE_MODE_1, GT_MODE */
	MASKED(0x7010, 3), /* COMMON_SLICE_CHICKEN1, 2, HIZ_CHICKEN */
	MASKED(0x7300, 3), /* HDC_CHICKEN0, 1, SLICE_COMMON_ECO_CHICKEN0 */
	MASKED(0x731c, 1), /* SLICE_COMMON_ECO_CHICKEN1 */
	MASKED(0xe100, 1), /* HALF_SLICE_CHICKEN1 */
	MASKED(0xe180, 3), /* HALF_SLICE_CHICKEN2, 3, 5 */
	MASKED(0xe194, 1), /* HALF_SLICE_CHICKEN7 */
	MASKED(0xe4f0, 2), /* ROW_CHICKEN, ROW_CHICKEN2 */
};

const struct reg_table regs_chicken = REG_TABLE(rules);
