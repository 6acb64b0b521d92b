// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands.h"
#include "device.h"
#include "regs.h"

/* What MI_SET_PREDICATE asks for. */
enum {
	PREDICATE_OFF,
	NOOP_ON_RESULT_2_CLEAR,
	NOOP_ON_RESULT_2_SET,
	NOOP_ON_RESULT_CLEAR,
	NOOP_ON_RESULT_SET,
	EXECUTE_ON_ONE_SLICE,
	EXECUTE_ON_TWO_SLICES,
	EXECUTE_ON_THREE_SLICES,
	NOOP_ALWAYS = 15,
};

#define SLICES(fuse) ((unsigned int)__builtin_popcount((fuse) >> 25 & 7))

static bool predicated_away(const struct engine *engine)
{
	unsigned int slices = SLICES(engine->gpu->info->slice_fuse);

	switch (engine->stream.predicate) {
	case NOOP_ON_RESULT_2_CLEAR:
		return !(engine_reg(engine, RING_PREDICATE_RESULT_2) & 1);
	case NOOP_ON_RESULT_2_SET:
		return engine_reg(engine, RING_PREDICATE_RESULT_2) & 1;
	case NOOP_ON_RESULT_CLEAR:
		return !(engine_reg(engine, RING_PREDICATE_RESULT) & 1);
	case NOOP_ON_RESULT_SET:
		return engine_reg(engine, RING_PREDICATE_RESULT) & 1;
	case EXECUTE_ON_ONE_SLICE:
	case EXECUTE_ON_TWO_SLICES:
	case EXECUTE_ON_THREE_SLICES:
		return slices != engine->stream.predicate - EXECUTE_ON_ONE_SLICE + 1u;
	case NOOP_ALWAYS:
		return true;
	default:
		return false;
	}
}

/* The commands that end the predication's scope are never skipped. */
#define IS_SET_PREDICATE(header)    ((header) >> 23 == 0x01)
#define IS_BATCH_BUFFER_END(header) ((header) >> 23 == 0x0a)

#define RENDER_OPCODE(header) ((header) >> 16)

/* The pipeline's commands with an effect outside it: results, or a place to be preempted at. */
static enum command_result render_execute(const struct command *command)
{
	switch (RENDER_OPCODE(command->dw[0])) {
	case 0x7a00:
		return pipe_control(command);
	case 0x7b00: /* 3DPRIMITIVE */
	case 0x7105: /* GPGPU_WALKER */
	case 0x7004: /* MEDIA_STATE_FLUSH */
		return CMD_ARBITRATE;
	default:
		return CMD_DONE;
	}
}

enum command_result command_execute(const struct command *command)
{
	uint32_t header = command->dw[0];

	if (command->engine->stream.predicate && !IS_SET_PREDICATE(header) &&
	    !IS_BATCH_BUFFER_END(header) && predicated_away(command->engine))
		return CMD_DONE;
	if (HEADER_CLIENT(header) == CLIENT_MI)
		return mi_execute(command);
	if (HEADER_CLIENT(header) == CLIENT_BLITTER)
		return blt_execute(command);
	if (command->engine->info == &engine_info[ENGINE_RCS])
		return render_execute(command);
	return CMD_DONE;
}
