// SPDX-License-Identifier: GPL-2.0-or-later
/* MI_SEMAPHORE_WAIT and MI_SEMAPHORE_SIGNAL (PRM Vol. 2a). */
#include "commands.h"
#include "device.h"

#define WAIT_POLL	       (1u << 15)
#define WAIT_REGISTER	       (1u << 16)
#define WAIT_OPERATION(header) ((header) >> 12 & 7)
#define SIGNAL_TARGET(header)  ((header) >> 15 & 7)

enum {
	WAIT_GT,
	WAIT_GE,
	WAIT_LT,
	WAIT_LE,
	WAIT_EQ,
	WAIT_NE
};

/* The condition is "semaphore address data OP semaphore data dword". */
static bool passes(unsigned int operation, uint32_t in_memory, uint32_t wanted)
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

/* The driver is told once that a context waits, and may give its time to another one. */
static void begin_to_wait(const struct command *command)
{
	struct gpu *gpu = command->engine->gpu;

	command->engine->stream.waiting = true;
	gpu_lock(gpu);
	engine_interrupt(command->engine, GT_WAIT_SEMAPHORE_INTERRUPT);
	gpu_unlock(gpu);
}

static bool read_semaphore(const struct command *command, uint32_t *value)
{
	uint32_t header = command->dw[0];

	if (header & WAIT_REGISTER && command->engine->gpu->info->generation >= 9) {
		*value = command_read_reg(command, REGISTER(command->dw[2]));
		return true;
	}
	return command_read(command, GLOBAL_GTT(header), DWORD_ADDRESS(command, 2), value,
			    sizeof(*value));
}

enum command_result mi_semaphore_wait(const struct command *command)
{
	struct engine *engine = command->engine;
	struct stream *stream = &engine->stream;
	uint32_t signals = __atomic_load_n(&engine->signals, __ATOMIC_ACQUIRE);
	uint32_t header = command->dw[0], value;

	/* In signal mode memory is looked at again when somebody says so. */
	if (stream->waiting && !(header & WAIT_POLL) && signals == stream->signals_seen)
		return CMD_RETRY;
	stream->signals_seen = signals;
	if (!read_semaphore(command, &value))
		return CMD_ERROR;
	if (!passes(WAIT_OPERATION(header), value, command->dw[1])) {
		if (!stream->waiting)
			begin_to_wait(command);
		return CMD_RETRY;
	}
	stream->waiting = false;
	return CMD_ARBITRATE;
}

/* A context that is not running needs no signal: it looks at its semaphore when it is back. */
enum command_result mi_semaphore_signal(const struct command *command)
{
	static const enum engine_id targets[8] = { ENGINE_RCS,	 ENGINE_VCS0,  ENGINE_BCS,
						   ENGINE_VECS,	 ENGINE_COUNT, ENGINE_COUNT,
						   ENGINE_COUNT, ENGINE_COUNT };
	struct gpu *gpu = command->engine->gpu;
	enum engine_id target = targets[SIGNAL_TARGET(command->dw[0])];

	if (target == ENGINE_COUNT)
		return CMD_DONE;
	gpu_lock(gpu);
	if (gpu->engines[target].loaded && CTX_ID(gpu->engines[target].loaded) == command->dw[1])
		__atomic_add_fetch(&gpu->engines[target].signals, 1, __ATOMIC_RELEASE);
	gpu_unlock(gpu);
	return CMD_DONE;
}
