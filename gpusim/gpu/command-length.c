// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands.h"

/*
 * Lengths (PRM Vol. 2a "Command Reference"; the rules: i915 gt/intel_gpu_commands.h and the tables
 * of the kernel's own command parsers). Most headers carry "dwords - 2" in their low bits; the
 * tables say how many bits.
 */

/* MI opcodes from 10h on; below, all are one dword. 0: no such command. */
static const uint8_t mi_length_bits[64] = {
	[0x12] = 6, /* LOAD_SCAN_LINES_INCL */
	[0x13] = 6, /* LOAD_SCAN_LINES_EXCL */
	[0x14] = 8, /* DISPLAY_FLIP */
	[0x16] = 8, /* SEMAPHORE_MBOX */
	[0x18] = 8, /* SET_CONTEXT */
	[0x1a] = 8, /* MATH */
	[0x1b] = 8, /* SEMAPHORE_SIGNAL */
	[0x1c] = 8, /* SEMAPHORE_WAIT */
	[0x1d] = 8, /* FORCE_WAKEUP */
	[0x20] = 10, /* STORE_DATA_IMM */
	[0x21] = 8, /* STORE_DATA_INDEX */
	[0x22] = 8, /* LOAD_REGISTER_IMM */
	[0x23] = 8, /* UPDATE_GTT */
	[0x24] = 8, /* STORE_REGISTER_MEM */
	[0x26] = 6, /* FLUSH_DW */
	[0x27] = 8, /* CLFLUSH */
	[0x28] = 6, /* REPORT_PERF_COUNT */
	[0x29] = 8, /* LOAD_REGISTER_MEM */
	[0x2a] = 8, /* LOAD_REGISTER_REG */
	[0x2b] = 8, /* RS_STORE_DATA_IMM */
	[0x2c] = 8, /* LOAD_URB_MEM */
	[0x2d] = 8, /* STORE_URB_MEM */
	[0x2e] = 8, /* COPY_MEM_MEM */
	[0x2f] = 8, /* ATOMIC */
	[0x31] = 8, /* BATCH_BUFFER_START */
	[0x36] = 8, /* CONDITIONAL_BATCH_BUFFER_END */
};

static unsigned int by_bits(uint32_t header, unsigned int bits)
{
	return (header & ((1u << bits) - 1)) + 2;
}

static unsigned int mi_length(uint32_t header)
{
	unsigned int opcode = MI_OPCODE(header);

	if (opcode < 0x10)
		return 1;
	return mi_length_bits[opcode] ? by_bits(header, mi_length_bits[opcode]) : 0;
}

/* Client 3, by sub-client (bits 28:27) and where needed by opcode and sub-opcode. */
static unsigned int render_length(enum engine_id engine, uint32_t header)
{
	uint32_t op = header >> 16;

	switch (header >> 27 & 3) {
	case 0:
		return by_bits(header, 8);
	case 1: /* single dwords: PIPELINE_SELECT 6904h, 3DSTATE_VF_STATISTICS 680Bh */
		return op == 0x6904 || op == 0x680b ? 1 : by_bits(header, 8);
	case 2: /* media: MFX, HCP and VDENC have 12 bits, MEDIA_* of the render engine 16 */
		return by_bits(header, engine == ENGINE_VCS0 ? 12 : 16);
	default:
		switch (op) {
		case 0x7917: /* SO_DECL_LIST */
		case 0x7843: /* BINDING_TABLE_EDIT_VS, _GS, _HS, _DS, _PS */
		case 0x7844:
		case 0x7845:
		case 0x7846:
		case 0x7847:
			return by_bits(header, 9);
		default:
			return by_bits(header, 8);
		}
	}
}

unsigned int command_length(enum engine_id engine, uint32_t header)
{
	switch (HEADER_CLIENT(header)) {
	case CLIENT_MI:
		return mi_length(header);
	case CLIENT_BLITTER:
		return engine == ENGINE_BCS ? by_bits(header, 8) : 0;
	case CLIENT_3D:
		return engine == ENGINE_BCS ? 0 : render_length(engine, header);
	default:
		return 0;
	}
}
