// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory interface commands (PRM Vol. 2a "MI_*"). */
#include "commands.h"
#include "device.h"
#include "regs.h"

typedef enum command_result (*mi_fn)(const struct command *command);

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

static enum command_result batch_buffer_end(const struct command *command)
{
	struct stream *stream = &command->engine->stream;

	if (stream->level == LEVEL_RING)
		return command_error(command, "MI_BATCH_BUFFER_END outside a batch");
	stream->level--;
	return CMD_JUMPED;
}

/* Step over this command now: a batch returns behind it. */
static void set_return(const struct command *command)
{
	struct engine *engine = command->engine;
	struct stream *stream = &engine->stream;

	stream->address[stream->level] += 4 * command->length;
	if (stream->level == LEVEL_RING)
		engine_set_reg(engine, RING_HEAD,
			       (engine_reg(engine, RING_HEAD) & RING_HEAD_WRAP) |
				       (uint32_t)stream->address[LEVEL_RING]);
}

#define BATCH_PREDICATED (1u << 15)

static enum command_result batch_buffer_start(const struct command *command)
{
	struct stream *stream = &command->engine->stream;
	bool second = command->dw[0] & (1u << 22);

	if (command->dw[0] & BATCH_PREDICATED && !predicate_holds(command))
		return CMD_DONE;
	/*
	 * A first-level jump inside a batch replaces it: chained, not nested. A second-level one
	 * nests once, and inside the second level chains there.
	 */
	set_return(command);
	if (stream->level == LEVEL_RING)
		stream->level = LEVEL_BATCH;
	else if (second)
		stream->level = LEVEL_SECOND;
	stream->address[stream->level] = DWORD_ADDRESS(command, 1);
	stream->global[stream->level] = !(command->dw[0] & (1u << 8));
	return CMD_JUMPED;
}

static enum command_result flush_dw(const struct command *command)
{
	struct engine *engine = command->engine;
	uint32_t header = command->dw[0];
	uint64_t address = command_address(command, 1) & ~7ull, immediate = command->dw[3];
	bool global = command->dw[1] & (1u << 2);
	enum command_result result;

	if (command->length > 4)
		immediate |= (uint64_t)command->dw[4] << 32;
	if (header & (1u << 21)) {
		address = (engine_reg(engine, RING_HWS_PGA) & ~GPU_PAGE_MASK) + (address & 0xff8);
		global = true;
	}
	result = post_sync(command, header >> 14 & 3, global, address, immediate);
	if (result == CMD_DONE && header & (1u << 8))
		return user_interrupt(command);
	return result;
}

enum {
	WAIT_GT,
	WAIT_GE,
	WAIT_LT,
	WAIT_LE,
	WAIT_EQ,
	WAIT_NE
};

/* The condition is "semaphore address data OP semaphore data dword". */
static bool semaphore_passes(unsigned int operation, uint32_t in_memory, uint32_t wanted)
{
	switch (operation) {
	case WAIT_GT:
		return in_memory > wanted;
	case WAIT_GE:
		return in_memory >= wanted;
	case WAIT_LT:
		return in_memory < wanted;
	case WAIT_LE:
		return in_memory <= wanted;
	case WAIT_EQ:
		return in_memory == wanted;
	case WAIT_NE:
		return in_memory != wanted;
	default:
		return true;
	}
}

static enum command_result semaphore_wait(const struct command *command)
{
	uint32_t header = command->dw[0], value;

	if (!command_read(command, GLOBAL_GTT(header), DWORD_ADDRESS(command, 2), &value,
			  sizeof(value)))
		return CMD_ERROR;
	return semaphore_passes(header >> 12 & 7, value, command->dw[1]) ? CMD_ARBITRATE :
									   CMD_RETRY;
}

/* Ends the batch unless the dword in memory is greater than the command's. */
static enum command_result conditional_batch_buffer_end(const struct command *command)
{
	uint32_t header = command->dw[0], value;

	if (!command_read(command, GLOBAL_GTT(header), DWORD_ADDRESS(command, 2), &value,
			  sizeof(value)))
		return CMD_ERROR;
	return value > command->dw[1] ? CMD_DONE : batch_buffer_end(command);
}

struct mi_command {
	mi_fn execute;
	uint8_t least; /* dwords that it reads */
};

static const struct mi_command commands[64] = {
	[0x02] = { user_interrupt, 1 },
	[0x05] = { arb_check, 1 },
	[0x08] = { arb_on_off, 1 },
	[0x0a] = { batch_buffer_end, 1 },
	[0x0c] = { mi_predicate, 1 },
	[0x1a] = { mi_math, 2 },
	[0x1c] = { semaphore_wait, 4 },
	[0x20] = { mi_store_data_imm, 4 },
	[0x21] = { mi_store_data_index, 3 },
	[0x22] = { mi_load_register_imm, 3 },
	[0x24] = { mi_store_register_mem, 4 },
	[0x26] = { flush_dw, 4 },
	[0x29] = { mi_load_register_mem, 4 },
	[0x2a] = { mi_load_register_reg, 3 },
	[0x2e] = { mi_copy_mem_mem, 5 },
	[0x2f] = { mi_atomic, 3 },
	[0x31] = { batch_buffer_start, 3 },
	[0x36] = { conditional_batch_buffer_end, 4 },
};

enum command_result mi_execute(const struct command *command)
{
	const struct mi_command *mi = &commands[MI_OPCODE(command->dw[0])];

	if (!mi->execute)
		return CMD_DONE;
	if (command->length < mi->least)
		return command_error(command, "command is too short");
	return mi->execute(command);
}
