// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands.h"

/*
 * Lengths (PRM Vol. 2a "Command Reference"; the rules: i915 gt/intel_gpu_commands.h, the tables of
 * the kernel's command parsers and Mesa's genxml). Most headers carry "dwords - 2" in their low
 * bits; the tables say in how many.
 */

#define ON_RCS	(1u << ENGINE_RCS)
#define ON_BCS	(1u << ENGINE_BCS)
#define ON_VCS	(1u << ENGINE_VCS0)
#define ON_VECS (1u << ENGINE_VECS)
#define ON_ALL	(ON_RCS | ON_BCS | ON_VCS | ON_VECS)

/* MI opcodes from 10h on; below, all are one dword. No bits: no such command. */
#define MI_FIRST_LONG 0x10

static const struct {
	uint8_t gen8_bits, gen9_bits;
	uint8_t engines;
} mi_rules[64] = {
	[0x12] = { 6, 6, ON_RCS | ON_BCS }, /* LOAD_SCAN_LINES_INCL */
	[0x13] = { 6, 6, ON_RCS | ON_BCS }, /* LOAD_SCAN_LINES_EXCL */
	[0x14] = { 8, 8, ON_RCS | ON_BCS }, /* DISPLAY_FLIP */
	[0x18] = { 8, 8, ON_ALL }, /* SET_CONTEXT */
	[0x19] = { 8, 0, ON_RCS }, /* URB_CLEAR */
	[0x1a] = { 6, 8, ON_ALL }, /* MATH */
	[0x1b] = { 8, 8, ON_ALL }, /* SEMAPHORE_SIGNAL */
	[0x1c] = { 8, 8, ON_ALL }, /* SEMAPHORE_WAIT */
	[0x1d] = { 0, 8, ON_ALL }, /* FORCE_WAKEUP */
	[0x20] = { 10, 10, ON_ALL }, /* STORE_DATA_IMM */
	[0x21] = { 8, 8, ON_ALL }, /* STORE_DATA_INDEX */
	[0x22] = { 8, 8, ON_ALL }, /* LOAD_REGISTER_IMM */
	[0x23] = { 10, 10, ON_ALL }, /* UPDATE_GTT */
	[0x24] = { 8, 8, ON_ALL }, /* STORE_REGISTER_MEM */
	[0x26] = { 6, 6, ON_ALL }, /* FLUSH_DW */
	[0x27] = { 10, 10, ON_RCS }, /* CLFLUSH */
	[0x28] = { 6, 6, ON_RCS }, /* REPORT_PERF_COUNT */
	[0x29] = { 8, 8, ON_ALL }, /* LOAD_REGISTER_MEM */
	[0x2a] = { 8, 8, ON_ALL }, /* LOAD_REGISTER_REG */
	[0x2b] = { 8, 8, ON_RCS }, /* RS_STORE_DATA_IMM */
	[0x2c] = { 8, 8, ON_RCS }, /* LOAD_URB_MEM */
	[0x2d] = { 8, 8, ON_RCS }, /* STORE_URB_MEM */
	[0x2e] = { 8, 8, ON_ALL }, /* COPY_MEM_MEM */
	[0x2f] = { 8, 8, ON_ALL }, /* ATOMIC */
	[0x31] = { 8, 8, ON_ALL }, /* BATCH_BUFFER_START */
	[0x36] = { 8, 8, ON_ALL }, /* CONDITIONAL_BATCH_BUFFER_END */
};

/* The other clients' commands, by the upper half of the header; the first rule that fits holds. */
struct length_rule {
	uint16_t opcode, mask;
	uint8_t engines;
	uint8_t bits; /* 0: one dword, always */
	uint8_t bias;
};

static const struct length_rule rules[] = {
	{ 0x4000, 0xe000, ON_BCS, 8, 2 }, /* the blitter's */
	/* Sub-client 1, single dwords. */
	{ 0x6800, 0xffff, ON_VCS | ON_VECS, 0, 0 }, /* MFX_WAIT */
	{ 0x680b, 0xffff, ON_RCS, 0, 0 }, /* 3DSTATE_VF_STATISTICS */
	{ 0x6904, 0xffff, ON_RCS, 0, 0 }, /* PIPELINE_SELECT */
	/* Sub-client 2, the render engine's media: GPGPU_* have flags above their length. */
	{ 0x7104, 0xfffe, ON_RCS, 8, 2 }, /* GPGPU_OBJECT, GPGPU_WALKER */
	{ 0x7000, 0xf800, ON_RCS, 16, 2 }, /* MEDIA_* */
	/* Sub-client 2, video. */
	{ 0x7395, 0xffff, ON_VCS, 12, 1 }, /* HCP_TILE_CODING */
	{ 0x7000, 0xf800, ON_VCS, 12, 2 }, /* MFX, MFD, MFC, VDENC, HCP, SFC, HUC */
	{ 0x7400, 0xff00, ON_VECS, 12, 2 }, /* VEBOX_*, VEB_DI_IECP, SFC behind them */
	{ 0x7500, 0xff80, ON_VECS, 12, 2 }, /* SFC */
	/* Sub-client 3. */
	{ 0x7839, 0xffff, ON_RCS, 11, 2 }, /* 3DSTATE_DX9_CONSTANTF_VS, _PS */
	{ 0x783a, 0xffff, ON_RCS, 11, 2 },
	{ 0x7917, 0xffff, ON_RCS, 9, 2 }, /* 3DSTATE_SO_DECL_LIST */
	/* 3DSTATE_BINDING_TABLE_EDIT_VS, _GS, _HS, _DS, _PS */
	{ 0x7843, 0xffff, ON_RCS, 9, 2 },
	{ 0x7844, 0xfffc, ON_RCS, 9, 2 },
	{ 0x6000, 0xe000, ON_RCS, 8, 2 }, /* all else of the render engine */
};

static unsigned int by_bits(uint32_t header, unsigned int bits, unsigned int bias)
{
	return (header & ((1u << bits) - 1)) + bias;
}

static unsigned int mi_length(unsigned int generation, enum engine_id engine, uint32_t header)
{
	unsigned int opcode = MI_OPCODE(header);
	unsigned int bits =
		generation >= 9 ? mi_rules[opcode].gen9_bits : mi_rules[opcode].gen8_bits;

	if (opcode < MI_FIRST_LONG)
		return 1;
	return bits && mi_rules[opcode].engines & 1u << engine ? by_bits(header, bits, 2) : 0;
}

unsigned int command_length(unsigned int generation, enum engine_id engine, uint32_t header)
{
	uint16_t opcode = header >> 16;

	if (HEADER_CLIENT(header) == CLIENT_MI)
		return mi_length(generation, engine, header);
	for (unsigned int i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct length_rule *rule = &rules[i];

		if ((opcode & rule->mask) == rule->opcode && rule->engines & 1u << engine)
			return rule->bits ? by_bits(header, rule->bits, rule->bias) : 1;
	}
	return 0;
}
