/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * streamer.h - fetches commands from ring and batches and has them executed
 *
 * Runs in the engine's thread, without gpu->lock. Nothing fetched is kept: what the CPU rewrites
 * while a batch spins is seen at the next turn.
 */
#ifndef GPUSIM_STREAMER_H
#define GPUSIM_STREAMER_H

#include "engine.h"

enum stream_end {
	STREAM_IDLE, /* head reached tail */
	STREAM_PREEMPT, /* at an arbitration point, with attention asked for */
	STREAM_STOPPED, /* attention asked for and arbitration is off, or a reset waits */
	STREAM_HUNG, /* an error; the engine has been told */
};

enum stream_end stream_run(struct engine *engine);

/* Step over so many dwords of the ring or batch that runs. */
void stream_advance(struct engine *engine, unsigned int dwords);
/* Between the stream and the registers of its batches (BBADDR and the like): either way. */
void stream_show_batches(struct engine *engine);
void stream_enter_batches(struct engine *engine);

#define COMMAND_MAX_DWORDS 1026 /* the longest that is executed; longer ones are skipped over */

struct command {
	struct engine *engine;
	uint64_t address; /* where it was fetched */
	unsigned int length;
	uint32_t dw[COMMAND_MAX_DWORDS];
};

enum command_result {
	CMD_DONE, /* go on behind it */
	CMD_ARBITRATE, /* the same, but this is a point where preemption may happen */
	CMD_RETRY, /* not yet: execute it again, yield meanwhile */
	CMD_JUMPED, /* the stream's address is set */
	CMD_ERROR, /* the engine has been told */
};

/* The address space that a command means when its GGTT bit is or is not set. */
struct address_space stream_space(struct engine *engine, bool global);

bool command_read(const struct command *command, bool global, uint64_t address, void *data,
		  size_t length);
bool command_write(const struct command *command, bool global, uint64_t address, const void *data,
		   size_t length);
/*
 * Replace `length` (4 or 8) aligned bytes by what `update` makes of them, in one step that no other
 * access splits; *old is what was there.
 */
bool command_update(const struct command *command, bool global, uint64_t address, size_t length,
		    uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old);
/* Does it come from the ring or a batch of the GGTT? */
bool command_is_privileged(const struct command *command);
uint32_t command_read_reg(const struct command *command, uint32_t offset);
/* Dropped where the command has not the privilege. */
void command_write_reg(const struct command *command, uint32_t offset, uint32_t value);
/* Stop the engine: the command itself is wrong. */
enum command_result command_error(const struct command *command, const char *what);
/* The same for an access that finds no page. */
enum command_result command_fault(const struct command *command, const struct gtt_fault *what);

#endif
