/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - the instruction set: how long a command is and what it does
 */
#ifndef GPUSIM_COMMANDS_H
#define GPUSIM_COMMANDS_H

#include "streamer.h"

/*
 * Length in dwords of the command with this header on this engine of generation 8 or 9; 0 when
 * there is no such command. (PRM Vol. 2a; i915: gt/intel_gpu_commands.h.)
 */
unsigned int command_length(unsigned int generation, enum engine_id engine, uint32_t header);

/* command-names.c: the name, or NULL for a command that has none. */
const char *command_name(enum engine_id engine, uint32_t header);
/* The bits of a header's upper half that say which command it is. */
uint16_t command_opcode(uint32_t header);

/* Execute; `command` holds all its dwords, unless it is longer than COMMAND_MAX_DWORDS. */
enum command_result command_execute(const struct command *command);

/* By client: commands-mi.c, commands-blt.c. */
enum command_result mi_execute(const struct command *command);
enum command_result blt_execute(const struct command *command);

/* commands-flush.c */
enum command_result pipe_control(const struct command *command);
enum command_result mi_flush_dw(const struct command *command);

/* For the table of commands-mi.c: commands-batch.c */
enum command_result mi_batch_buffer_end(const struct command *command);
enum command_result mi_batch_buffer_start(const struct command *command);
enum command_result mi_conditional_batch_buffer_end(const struct command *command);

/* commands-semaphore.c */
enum command_result mi_semaphore_signal(const struct command *command);
enum command_result mi_semaphore_wait(const struct command *command);

/* commands-report.c */
enum command_result mi_report_head(const struct command *command);
enum command_result mi_report_perf_count(const struct command *command);

/* commands-data.c */
enum command_result mi_atomic(const struct command *command);
enum command_result mi_copy_mem_mem(const struct command *command);
enum command_result mi_load_register_imm(const struct command *command);
enum command_result mi_load_register_mem(const struct command *command);
enum command_result mi_load_register_reg(const struct command *command);
enum command_result mi_store_data_imm(const struct command *command);
enum command_result mi_store_data_index(const struct command *command);
enum command_result mi_store_register_mem(const struct command *command);

/* commands-math.c */
enum command_result mi_math(const struct command *command);
enum command_result mi_predicate(const struct command *command);
/* What the last MI_PREDICATE left. */
bool predicate_holds(const struct command *command);

#define HEADER_CLIENT(header) ((header) >> 29)
#define CLIENT_MI	      0u
#define CLIENT_BLITTER	      2u
#define CLIENT_3D	      3u

#define MI_OPCODE(header)	   ((header) >> 23 & 0x3f)
#define GLOBAL_GTT(header)	   (!!((header) & (1u << 22)))
#define DWORD_ADDRESS(command, at) (command_address(command, at) & ~3ull)
#define REGISTER(dword)		   ((dword)&0x7ffffc)

/* The 64-bit address whose lower dword is at this place. */
static inline uint64_t command_address(const struct command *command, unsigned int at)
{
	return (uint64_t)command->dw[at + 1] << 32 | command->dw[at];
}

static inline enum command_result command_done_if(bool good)
{
	return good ? CMD_DONE : CMD_ERROR;
}

#endif
