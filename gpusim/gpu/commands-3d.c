// SPDX-License-Identifier: GPL-2.0-or-later
/* The render engine's commands with an effect outside the 3D pipeline. */
#include "commands.h"
#include "device.h"
#include "regs.h"

#define FLAG_NOTIFY	 (1u << 8)
#define FLAG_INDEX	 (1u << 21)
#define FLAG_MMIO_WRITE	 (1u << 23)
#define FLAG_GLOBAL	 (1u << 24)
#define POST_SYNC(flags) ((flags) >> 14 & 3)

#define GT_PIPE_CONTROL_NOTIFY (1u << 4)

static void notify(const struct command *command)
{
	struct gpu *gpu = command->engine->gpu;

	gpu_lock(gpu);
	engine_interrupt(command->engine, GT_PIPE_CONTROL_NOTIFY);
	gpu_unlock(gpu);
}

enum command_result pipe_control_execute(const struct command *command)
{
	struct engine *engine = command->engine;
	const uint32_t *dw = command->dw;
	enum command_result result = CMD_DONE;
	uint64_t address, immediate;
	bool global;

	if (command->length < 6)
		return CMD_DONE;
	address = (uint64_t)dw[3] << 32 | dw[2];
	immediate = (uint64_t)dw[5] << 32 | dw[4];
	global = dw[1] & FLAG_GLOBAL;
	if (dw[1] & FLAG_MMIO_WRITE) {
		command_write_reg(command, dw[2] & 0x7ffffc, dw[4]);
	} else {
		if (dw[1] & FLAG_INDEX) {
			address = (engine_reg(engine, RING_HWS_PGA) & ~GPU_PAGE_MASK) +
				  (address & 0xff8);
			global = true;
		}
		result = post_sync(command, POST_SYNC(dw[1]), global, address, immediate);
	}
	if (result == CMD_DONE && dw[1] & FLAG_NOTIFY)
		notify(command);
	return result;
}
