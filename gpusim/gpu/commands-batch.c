// SPDX-License-Identifier: GPL-2.0-or-later
/* MI commands that start and end batches, conditionally or not (PRM Vol. 2a "MI_BATCH_*"). */
#include "commands.h"
#include "device.h"
#include "regs.h"

#define START_PPGTT	 (1u << 8)
#define START_PREDICATED (1u << 15)
#define START_OFFSET	 (1u << 16)
#define START_SECOND	 (1u << 22)

#define COMPARE_MASKED (1u << 19)

enum command_result mi_batch_buffer_end(const struct command *command)
{
	struct stream *stream = &command->engine->stream;

	if (stream->level == LEVEL_RING)
		return command_error(command, "MI_BATCH_BUFFER_END outside a batch");
	stream->level--;
	/* MI_SET_PREDICATE holds inside a batch only. */
	if (stream->level == LEVEL_RING)
		stream->predicate = 0;
	return CMD_JUMPED;
}

/*
 * A first-level jump inside a batch replaces it: chained, not nested. A second-level one nests
 * once, and inside the second level chains there.
 */
static enum stream_level level_of_start(const struct stream *stream, bool second)
{
	if (stream->level == LEVEL_RING)
		return LEVEL_BATCH;
	return second ? LEVEL_SECOND : stream->level;
}

enum command_result mi_batch_buffer_start(const struct command *command)
{
	struct engine *engine = command->engine;
	struct stream *stream = &engine->stream;
	uint32_t header = command->dw[0];
	uint64_t address = DWORD_ADDRESS(command, 1);
	/* A batch can't give more rights than it has: in a non-privileged one all are so. */
	bool global = !(header & START_PPGTT) && command_is_privileged(command);

	if (header & START_PREDICATED && !(engine_reg(engine, RING_PREDICATE_RESULT_1) & 1))
		return CMD_DONE;
	if (header & START_OFFSET)
		address += engine_reg(engine, RING_BB_OFFSET) & ~3u;
	/* Step over this command now: a batch returns behind it. */
	stream_advance(engine, command->length);
	stream->level = level_of_start(stream, header & START_SECOND);
	stream->address[stream->level] = address;
	stream->global[stream->level] = global;
	return CMD_JUMPED;
}

/*
 * Ends the batch unless the dword in memory is greater than the command's. In mask mode a mask for
 * the memory's dword lies before it.
 */
enum command_result mi_conditional_batch_buffer_end(const struct command *command)
{
	uint32_t header = command->dw[0], memory[2];
	bool masked = header & COMPARE_MASKED && command->engine->gpu->info->generation >= 9;
	uint32_t value;

	if (!command_read(command, GLOBAL_GTT(header),
			  command_address(command, 2) & (masked ? ~7ull : ~3ull), memory,
			  masked ? 8 : 4))
		return CMD_ERROR;
	value = masked ? memory[0] & memory[1] : memory[0];
	return value > command->dw[1] ? CMD_DONE : mi_batch_buffer_end(command);
}
