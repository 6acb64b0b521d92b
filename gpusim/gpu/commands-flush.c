// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PIPE_CONTROL and MI_FLUSH_DW: there is no cache that would have to be flushed. What remains is
 * the TLB, what they write when the flush is over, and the interrupt.
 */
#include "commands.h"
#include "device.h"
#include "regs.h"

#define PIPE_NOTIFY	      (1u << 8)
#define PIPE_TLB_INVALIDATE   (1u << 18)
#define PIPE_POST_SYNC(flags) ((flags) >> 14 & 3)
#define PIPE_INDEX	      (1u << 21)
#define PIPE_MMIO_WRITE	      (1u << 23)
#define PIPE_GLOBAL	      (1u << 24)

#define FLUSH_NOTIFY		(1u << 8)
#define FLUSH_TLB_INVALIDATE	(1u << 18)
#define FLUSH_POST_SYNC(header) ((header) >> 14 & 3)
#define FLUSH_INDEX		(1u << 21)
#define FLUSH_GLOBAL		(1u << 2) /* in the second dword */

#define GT_PIPE_CONTROL_NOTIFY (1u << 4)

enum {
	POST_SYNC_NONE,
	POST_SYNC_IMMEDIATE,
	POST_SYNC_DEPTH_COUNT,
	POST_SYNC_TIMESTAMP
};

struct post_sync {
	unsigned int operation;
	bool global;
	bool index; /* the address is an offset into a status page */
	uint64_t address;
	uint64_t immediate;
	size_t immediate_bytes;
};

/* An index with a per-process address means the context's own status page. */
static void find_status_page(const struct engine *engine, struct post_sync *what)
{
	uint64_t page = what->global ? engine_reg(engine, RING_HWS_PGA) & ~GPU_PAGE_MASK :
				       CTX_LRCA(engine->loaded);

	what->address = page + (what->address & 0xff8);
	what->global = true;
}

static enum command_result write_post_sync(const struct command *command, struct post_sync *what)
{
	struct engine *engine = command->engine;
	uint64_t value = what->immediate;
	size_t bytes = sizeof(value);

	if (what->operation == POST_SYNC_NONE)
		return CMD_DONE;
	if ((what->global || what->index) && !command_is_privileged(command))
		return CMD_DONE;
	if (what->index)
		find_status_page(engine, what);
	if (what->operation == POST_SYNC_IMMEDIATE)
		bytes = what->immediate_bytes;
	else if (what->operation == POST_SYNC_TIMESTAMP)
		value = engine_timestamp(engine);
	else
		value = engine_reg64(engine, RING_PS_DEPTH_COUNT);
	return command_done_if(command_write(command, what->global, what->address, &value, bytes));
}

static void interrupt(const struct command *command, uint32_t bits)
{
	struct gpu *gpu = command->engine->gpu;

	gpu_lock(gpu);
	engine_interrupt(command->engine, bits);
	gpu_unlock(gpu);
}

enum command_result pipe_control(const struct command *command)
{
	const uint32_t *dw = command->dw;
	struct post_sync what = { .immediate_bytes = 8 };
	enum command_result result = CMD_DONE;

	if (command->length < 6)
		return CMD_DONE;
	if (dw[1] & PIPE_TLB_INVALIDATE)
		tlb_invalidate(&command->engine->tlb);
	what.operation = PIPE_POST_SYNC(dw[1]);
	what.global = dw[1] & PIPE_GLOBAL;
	what.index = dw[1] & PIPE_INDEX;
	what.address = command_address(command, 2) & ~7ull;
	what.immediate = (uint64_t)dw[5] << 32 | dw[4];
	if (dw[1] & PIPE_MMIO_WRITE)
		command_write_reg(command, REGISTER(dw[2]), dw[4]);
	else
		result = write_post_sync(command, &what);
	if (result == CMD_DONE && dw[1] & PIPE_NOTIFY)
		interrupt(command, GT_PIPE_CONTROL_NOTIFY);
	return result;
}

/* The command's length says whether the immediate is a dword or a qword. */
enum command_result mi_flush_dw(const struct command *command)
{
	const uint32_t *dw = command->dw;
	bool qword = command->length > 4;
	struct post_sync what = {
		.operation = FLUSH_POST_SYNC(dw[0]),
		.global = dw[1] & FLUSH_GLOBAL,
		.index = dw[0] & FLUSH_INDEX,
		.address = command_address(command, 1) & ~7ull,
		.immediate = dw[3] | (qword ? (uint64_t)dw[4] << 32 : 0),
		.immediate_bytes = qword ? 8 : 4,
	};
	enum command_result result;

	if (dw[0] & FLUSH_TLB_INVALIDATE)
		tlb_invalidate(&command->engine->tlb);
	result = write_post_sync(command, &what);
	if (result == CMD_DONE && dw[0] & FLUSH_NOTIFY)
		interrupt(command, GT_USER_INTERRUPT);
	return result;
}
