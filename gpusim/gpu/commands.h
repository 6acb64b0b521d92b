/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - the instruction set: how long a command is and what it does
 */
#ifndef GPUSIM_COMMANDS_H
#define GPUSIM_COMMANDS_H

#include "streamer.h"

/*
 * Length in dwords of the command with this header on this engine; 0 when there is no such command.
 * (PRM Vol. 2a; i915: gt/intel_gpu_commands.h.)
 */
unsigned int command_length(enum engine_id engine, uint32_t header);

/* Execute; `command` holds all its dwords, unless it is longer than COMMAND_MAX_DWORDS. */
enum command_result command_execute(const struct command *command);

/* By client: commands-mi.c, commands-3d.c. */
enum command_result mi_execute(const struct command *command);
enum command_result pipe_control_execute(const struct command *command);

/* Store the engine's timestamp or an immediate as a post-sync operation does. */
enum command_result post_sync(const struct command *command, unsigned int operation, bool global,
			      uint64_t address, uint64_t immediate);

#define HEADER_CLIENT(header) ((header) >> 29)
#define CLIENT_MI 0u
#define CLIENT_BLITTER 2u
#define CLIENT_3D 3u

#define MI_OPCODE(header) ((header) >> 23 & 0x3f)

#endif
