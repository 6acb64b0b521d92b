// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of the memory interface's commands, and the simple ones (PRM Vol. 2a "MI_*"). */
#include "commands.h"
#include "device.h"
#include "regs.h"

typedef enum command_result (*mi_fn)(const struct command *command);

#define NOPID_ENABLE (1u << 22)
#define NOPID_VALUE  0x3fffffu

static enum command_result noop(const struct command *command)
{
	if (command->dw[0] & NOPID_ENABLE && command_is_privileged(command))
		engine_set_reg(command->engine, RING_NOPID, command->dw[0] & NOPID_VALUE);
	return CMD_DONE;
}

static enum command_result user_interrupt(const struct command *command)
{
	struct gpu *gpu = command->engine->gpu;

	gpu_lock(gpu);
	engine_interrupt(command->engine, GT_USER_INTERRUPT);
	gpu_unlock(gpu);
	return CMD_DONE;
}

static enum command_result arb_check(const struct command *command)
{
	return CMD_ARBITRATE;
}

static enum command_result arb_on_off(const struct command *command)
{
	command->engine->stream.arbitration = command->dw[0] & 1;
	return CMD_DONE;
}

static enum command_result set_predicate(const struct command *command)
{
	command->engine->stream.predicate = command->dw[0] & 15;
	return CMD_DONE;
}

/* Entries of the GGTT from an address on, 64 bits each. */
static enum command_result update_gtt(const struct command *command)
{
	struct gpu *gpu = command->engine->gpu;
	uint64_t page = command->dw[1] >> GPU_PAGE_SHIFT;

	for (unsigned int at = 2; at + 1 < command->length; at += 2, page++)
		if (page < GGTT_ENTRIES)
			__atomic_store_n(&gpu->ggtt[page],
					 (uint64_t)command->dw[at + 1] << 32 | command->dw[at],
					 __ATOMIC_RELEASE);
	gpu_invalidate_tlbs(gpu);
	return CMD_DONE;
}

/*
 * What a non-privileged batch may not do is no error: the command becomes a NOOP (PRM Vol. "User
 * Mode Privileged Commands"). Post-sync writes and reports look at their own flags.
 */
#define PRIVILEGED (~0u)
#define GLOBAL	   (1u << 22)

struct mi_command {
	mi_fn execute;
	uint8_t least; /* dwords that it reads */
	uint32_t
		privileged; /* bits of the header, any of which needs the privilege; or all of it */
};

/*
 * What is not here does nothing in this GPU: there is no resource streamer, no cache to flush, no
 * display that could make an engine wait.
 */
static const struct mi_command commands[64] = {
	[0x00] = { noop, 1, 0 },
	[0x01] = { set_predicate, 1, 0 },
	[0x02] = { user_interrupt, 1, 0 },
	[0x05] = { arb_check, 1, 0 },
	[0x07] = { mi_report_head, 1, PRIVILEGED },
	[0x08] = { arb_on_off, 1, PRIVILEGED },
	[0x0a] = { mi_batch_buffer_end, 1, 0 },
	[0x0c] = { mi_predicate, 1, 0 },
	[0x1a] = { mi_math, 2, 0 },
	[0x1b] = { mi_semaphore_signal, 2, 0 },
	[0x1c] = { mi_semaphore_wait, 4, GLOBAL },
	[0x20] = { mi_store_data_imm, 4, GLOBAL },
	[0x21] = { mi_store_data_index, 3, PRIVILEGED },
	[0x22] = { mi_load_register_imm, 3, 0 },
	[0x23] = { update_gtt, 2, PRIVILEGED },
	[0x24] = { mi_store_register_mem, 4, GLOBAL },
	[0x26] = { mi_flush_dw, 4, 0 },
	[0x28] = { mi_report_perf_count, 4, 0 },
	[0x29] = { mi_load_register_mem, 4, GLOBAL },
	[0x2a] = { mi_load_register_reg, 3, 0 },
	[0x2e] = { mi_copy_mem_mem, 5, GLOBAL | 1u << 21 },
	[0x2f] = { mi_atomic, 3, GLOBAL },
	[0x31] = { mi_batch_buffer_start, 3, 0 },
	[0x36] = { mi_conditional_batch_buffer_end, 4, GLOBAL },
};

static bool is_forbidden(const struct command *command, const struct mi_command *mi)
{
	bool asks = mi->privileged == PRIVILEGED || command->dw[0] & mi->privileged;

	return asks && !command_is_privileged(command);
}

enum command_result mi_execute(const struct command *command)
{
	const struct mi_command *mi = &commands[MI_OPCODE(command->dw[0])];

	if (!mi->execute)
		return CMD_DONE;
	if (command->length < mi->least)
		return command_error(command, "command is too short");
	if (is_forbidden(command, mi))
		return CMD_DONE;
	return mi->execute(command);
}
