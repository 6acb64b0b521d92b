// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "engine.h"
#include "names.h"

/* Names of PRM Vol. 2c, or of i915 where that manual's differ by engine. */
struct register_name {
	uint32_t offset;
	uint16_t count; /* of a row of them, numbered; 1: none */
	uint16_t stride; /* in bytes */
	const char *name;
};

/* From an engine's base. */
static const struct register_name engine_registers[] = {
	{ 0x28, 1, 0, "EXCC" },
	{ 0x30, 1, 0, "TAIL" },
	{ 0x34, 1, 0, "HEAD" },
	{ 0x38, 1, 0, "START" },
	{ 0x3c, 1, 0, "CTL" },
	{ 0x5c, 1, 0, "ACTHD_UDW" },
	{ 0x60, 1, 0, "DMA_FADD_UDW" },
	{ 0x64, 1, 0, "IPEIR" },
	{ 0x68, 1, 0, "IPEHR" },
	{ 0x6c, 1, 0, "INSTDONE" },
	{ 0x70, 1, 0, "INSTPS" },
	{ 0x74, 1, 0, "ACTHD" },
	{ 0x78, 1, 0, "DMA_FADD" },
	{ 0x80, 1, 0, "HWS_PGA" },
	{ 0x94, 1, 0, "NOPID" },
	{ 0x98, 1, 0, "HWSTAM" },
	{ 0x9c, 1, 0, "MI_MODE" },
	{ 0xa8, 1, 0, "IMR" },
	{ 0xb0, 1, 0, "EIR" },
	{ 0xb4, 1, 0, "EMR" },
	{ 0xb8, 1, 0, "ESR" },
	{ 0xc0, 1, 0, "INSTPM" },
	{ 0xc8, 1, 0, "R_PWR_CLK_STATE" },
	{ 0xd0, 1, 0, "RESET_CTL" },
	{ 0x110, 1, 0, "BBSTATE" },
	{ 0x114, 1, 0, "SBBADDR" },
	{ 0x118, 1, 0, "SBBSTATE" },
	{ 0x11c, 1, 0, "SBBADDR_UDW" },
	{ 0x140, 1, 0, "BBADDR" },
	{ 0x168, 1, 0, "BBADDR_UDW" },
	{ 0x180, 1, 0, "CCID" },
	{ 0x1c0, 1, 0, "BB_PER_CTX_PTR" },
	{ 0x1c4, 1, 0, "INDIRECT_CTX" },
	{ 0x1c8, 1, 0, "INDIRECT_CTX_OFFSET" },
	{ 0x230, 1, 0, "ELSP" },
	{ 0x234, 1, 0, "EXECLIST_STATUS_LO" },
	{ 0x238, 1, 0, "EXECLIST_STATUS_HI" },
	{ 0x244, 1, 0, "CTX_SR_CTL" },
	{ 0x270, 4, 8, "PDP_LDW" },
	{ 0x274, 4, 8, "PDP_UDW" },
	{ 0x29c, 1, 0, "GFX_MODE" },
	{ 0x358, 1, 0, "TIMESTAMP" },
	{ 0x35c, 1, 0, "TIMESTAMP_UDW" },
	{ 0x370, 6, 8, "CONTEXT_STATUS_LO" },
	{ 0x374, 6, 8, "CONTEXT_STATUS_HI" },
	{ 0x3a0, 1, 0, "CONTEXT_STATUS_PTR" },
	{ 0x3a8, 1, 0, "CTX_TIMESTAMP" },
	{ 0x400, 1, 0, "MI_PREDICATE_SRC0" },
	{ 0x404, 1, 0, "MI_PREDICATE_SRC0_UDW" },
	{ 0x408, 1, 0, "MI_PREDICATE_SRC1" },
	{ 0x40c, 1, 0, "MI_PREDICATE_SRC1_UDW" },
	{ 0x410, 1, 0, "MI_PREDICATE_DATA" },
	{ 0x414, 1, 0, "MI_PREDICATE_DATA_UDW" },
	{ 0x418, 1, 0, "MI_PREDICATE_RESULT" },
	{ 0x41c, 1, 0, "MI_PREDICATE_RESULT_1" },
	{ 0x4d0, 12, 4, "FORCE_TO_NONPRIV" },
	{ 0x600, 16, 8, "GPR" },
	{ 0x604, 16, 8, "GPR_UDW" },
};

static const struct register_name registers[] = {
	{ 0x4094, 1, 0, "RING_FAULT" },
	{ 0x4260, 1, 0, "RCS_TLB_INVALIDATE" },
	{ 0x4264, 2, 4, "VCS_TLB_INVALIDATE" },
	{ 0x426c, 1, 0, "BCS_TLB_INVALIDATE" },
	{ 0x4270, 1, 0, "VECS_TLB_INVALIDATE" },
	{ 0x4b10, 2, 4, "FAULT_TLB_DATA" },
	{ 0x7000, 1, 0, "CACHE_MODE_0" },
	{ 0x7004, 1, 0, "CACHE_MODE_1" },
	{ 0x9120, 1, 0, "FUSE2" },
	{ 0x9134, 3, 4, "EU_DISABLE" },
	{ 0x941c, 1, 0, "GDRST" },
	{ 0x9424, 1, 0, "MISCCPCTL" },
	{ 0xa008, 1, 0, "RPNSWREQ" },
	{ 0xa01c, 1, 0, "RPSTAT1" },
	{ 0xa090, 1, 0, "RC_CONTROL" },
	{ 0xa094, 1, 0, "RC_STATE" },
	{ 0xa168, 1, 0, "PMINTRMSK" },
	{ 0xa188, 1, 0, "FORCEWAKE_BLITTER" },
	{ 0xa26c, 1, 0, "RPM_CONFIG0" },
	{ 0xa270, 1, 0, "FORCEWAKE_MEDIA" },
	{ 0xa278, 1, 0, "FORCEWAKE_RENDER" },
	{ 0xc000, 1, 0, "GUC_STATUS" },
	{ 0xd84, 1, 0, "FORCEWAKE_ACK_RENDER" },
	{ 0xd88, 1, 0, "FORCEWAKE_ACK_MEDIA" },
	{ 0x22200, 1, 0, "BCS_SWCTRL" },
	{ 0x42000, 1, 0, "FUSE_STATUS" },
	{ 0x44fe8, 1, 0, "DBUF_CTL_S2" },
	{ 0x44200, 1, 0, "MASTER_IRQ" },
	{ 0x44300, 4, 16, "GT_ISR" },
	{ 0x44304, 4, 16, "GT_IMR" },
	{ 0x44308, 4, 16, "GT_IIR" },
	{ 0x4430c, 4, 16, "GT_IER" },
	{ 0x44400, 3, 16, "DE_PIPE_ISR" },
	{ 0x44404, 3, 16, "DE_PIPE_IMR" },
	{ 0x44408, 3, 16, "DE_PIPE_IIR" },
	{ 0x4440c, 3, 16, "DE_PIPE_IER" },
	{ 0x44440, 1, 0, "DE_PORT_ISR" },
	{ 0x44444, 1, 0, "DE_PORT_IMR" },
	{ 0x44448, 1, 0, "DE_PORT_IIR" },
	{ 0x4444c, 1, 0, "DE_PORT_IER" },
	{ 0x44460, 1, 0, "DE_MISC_ISR" },
	{ 0x44464, 1, 0, "DE_MISC_IMR" },
	{ 0x44468, 1, 0, "DE_MISC_IIR" },
	{ 0x4446c, 1, 0, "DE_MISC_IER" },
	{ 0x444e0, 1, 0, "PCU_ISR" },
	{ 0x444e4, 1, 0, "PCU_IMR" },
	{ 0x444e8, 1, 0, "PCU_IIR" },
	{ 0x444ec, 1, 0, "PCU_IER" },
	{ 0x45400, 4, 4, "PWR_WELL_CTL" },
	{ 0x46000, 1, 0, "CDCLK_CTL" },
	{ 0x46010, 1, 0, "LCPLL1_CTL" },
	{ 0x46014, 1, 0, "LCPLL2_CTL" },
	{ 0x51000, 1, 0, "DFSM" },
	{ 0x60000, 3, 0x1000, "HTOTAL" },
	{ 0x6000c, 3, 0x1000, "VTOTAL" },
	{ 0x6001c, 3, 0x1000, "PIPESRC" },
	{ 0x60400, 3, 0x1000, "TRANS_DDI_FUNC_CTL" },
	{ 0x64000, 5, 0x100, "DDI_BUF_CTL" },
	{ 0x64010, 4, 0x100, "DDI_AUX_CTL" },
	{ 0x64040, 5, 0x100, "DP_TP_CTL" },
	{ 0x64044, 5, 0x100, "DP_TP_STATUS" },
	{ 0x6c058, 1, 0, "DPLL_CTRL1" },
	{ 0x6c05c, 1, 0, "DPLL_CTRL2" },
	{ 0x6c060, 1, 0, "DPLL_STATUS" },
	{ 0x70000, 3, 0x1000, "PIPE_SCANLINE" },
	{ 0x70008, 3, 0x1000, "PIPECONF" },
	{ 0x70040, 3, 0x1000, "PIPE_FRMCNT" },
	{ 0x70044, 3, 0x1000, "PIPE_FLIPCNT" },
	{ 0x70080, 3, 0x1000, "CUR_CTL" },
	{ 0x70084, 3, 0x1000, "CUR_BASE" },
	{ 0x70088, 3, 0x1000, "CUR_POS" },
	{ 0x70180, 3, 0x1000, "PLANE_CTL_1" },
	{ 0x70188, 3, 0x1000, "PLANE_STRIDE_1" },
	{ 0x70190, 3, 0x1000, "PLANE_SIZE_1" },
	{ 0x7019c, 3, 0x1000, "PLANE_SURF_1" },
	{ 0x701ac, 3, 0x1000, "PLANE_SURFLIVE_1" },
	{ 0x78000, 1, 0, "PVINFO_MAGIC" },
	{ 0xc4000, 1, 0, "SDE_ISR" },
	{ 0xc4004, 1, 0, "SDE_IMR" },
	{ 0xc4008, 1, 0, "SDE_IIR" },
	{ 0xc400c, 1, 0, "SDE_IER" },
	{ 0xc4030, 1, 0, "SHOTPLUG_CTL" },
	{ 0xc5100, 6, 4, "GMBUS" },
	{ 0xc6204, 1, 0, "PCH_RAWCLK_FREQ" },
	{ 0x100000, 32, 8, "FENCE_LO" },
	{ 0x100004, 32, 8, "FENCE_HI" },
	{ 0x101008, 1, 0, "GFX_FLSH_CNTL" },
	{ 0x130044, 1, 0, "FORCEWAKE_ACK_BLITTER" },
	{ 0x138124, 1, 0, "PCODE_MAILBOX" },
	{ 0x138128, 2, 4, "PCODE_DATA" },
};

/* Looks in one table; *number counts in a row of registers. */
static const struct register_name *find(const struct register_name *names, size_t count,
					uint32_t offset, unsigned int *number)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t stride = names[i].stride ? names[i].stride : 4;
		uint32_t distance = offset - names[i].offset;

		if (offset < names[i].offset || distance % stride ||
		    distance / stride >= names[i].count)
			continue;
		*number = distance / stride;
		return &names[i];
	}
	return NULL;
}

static void print(const struct register_name *name, unsigned int number, const char *prefix,
		  char *text, size_t size)
{
	const char *dot = prefix[0] ? "." : "";

	if (name->count > 1)
		snprintf(text, size, "%s%s%s[%u]", prefix, dot, name->name, number);
	else
		snprintf(text, size, "%s%s%s", prefix, dot, name->name);
}

void gpu_register_text(uint32_t offset, char *text, size_t size)
{
	const struct register_name *name;
	unsigned int number;

	name = find(registers, sizeof(registers) / sizeof(registers[0]), offset, &number);
	if (name) {
		print(name, number, "", text, size);
		return;
	}
	for (unsigned int id = 0; id < ENGINE_COUNT; id++) {
		name = find(engine_registers,
			    sizeof(engine_registers) / sizeof(engine_registers[0]),
			    offset - engine_info[id].base, &number);
		if (offset < engine_info[id].base || !name)
			continue;
		print(name, number, engine_info[id].name, text, size);
		return;
	}
	snprintf(text, size, "%06" PRIx32, offset);
}
