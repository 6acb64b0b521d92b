// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands.h"
#include "device.h"

#define IS_PIPE_CONTROL(header) ((header) >> 16 == 0x7a00)

enum command_result post_sync(const struct command *command, unsigned int operation, bool global,
			      uint64_t address, uint64_t immediate)
{
	uint64_t value;

	switch (operation) {
	case 0:
		return CMD_DONE;
	case 1:
		value = immediate;
		break;
	case 3:
		value = gpu_timestamp(command->engine->gpu);
		break;
	default: /* PS_DEPTH_COUNT: no pixel is ever drawn */
		value = 0;
		break;
	}
	return command_done_if(
		command_write(command, global, address & ~7ull, &value, sizeof(value)));
}

enum command_result command_execute(const struct command *command)
{
	uint32_t header = command->dw[0];

	if (HEADER_CLIENT(header) == CLIENT_MI)
		return mi_execute(command);
	if (HEADER_CLIENT(header) == CLIENT_BLITTER)
		return blt_execute(command);
	if (command->engine->info == &engine_info[ENGINE_RCS] && IS_PIPE_CONTROL(header))
		return pipe_control_execute(command);
	return CMD_DONE;
}
