// SPDX-License-Identifier: GPL-2.0-or-later
#include <sched.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "device.h"
#include "mmio.h"
#include "privilege.h"
#include "regs.h"
#include "streamer.h"
#include "watch.h"

/* A batch that waits by jumping to itself, or polls a semaphore, gives its CPU to others. */
#define WAIT_NS		   20000
#define JUMPS_BEFORE_YIELD 64

struct address_space stream_space(struct engine *engine, bool global)
{
	struct address_space space = global ? gpu_global_space(engine->gpu) : engine->stream.ppgtt;

	space.tlb = &engine->tlb;
	return space;
}

static void fault(struct engine *engine, const struct gtt_fault *what)
{
	gpu_lock(engine->gpu);
	engine_fault(engine, what);
	gpu_unlock(engine->gpu);
}

static void error(struct engine *engine, const char *what, uint32_t header)
{
	gpu_lock(engine->gpu);
	engine_error(engine, what, header);
	gpu_unlock(engine->gpu);
}

bool command_read(const struct command *command, bool global, uint64_t address, void *data,
		  size_t length)
{
	struct address_space space = stream_space(command->engine, global);
	struct gtt_fault what;

	if (gtt_read(&space, address, data, length, &what))
		return true;
	fault(command->engine, &what);
	return false;
}

bool command_write(const struct command *command, bool global, uint64_t address, const void *data,
		   size_t length)
{
	struct address_space space = stream_space(command->engine, global);
	struct gtt_fault what;

	if (gtt_write(&space, address, data, length, &what))
		return true;
	fault(command->engine, &what);
	return false;
}

bool command_update(const struct command *command, bool global, uint64_t address, size_t length,
		    uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old)
{
	struct address_space space = stream_space(command->engine, global);
	struct gtt_fault what;

	if (gtt_update(&space, address, length, update, opaque, old, &what))
		return true;
	fault(command->engine, &what);
	return false;
}

enum command_result command_error(const struct command *command, const char *what)
{
	error(command->engine, what, command->dw[0]);
	return CMD_ERROR;
}

enum command_result command_fault(const struct command *command, const struct gtt_fault *what)
{
	fault(command->engine, what);
	return CMD_ERROR;
}

bool command_is_privileged(const struct command *command)
{
	const struct stream *stream = &command->engine->stream;

	return stream->level == LEVEL_RING || stream->global[stream->level];
}

uint32_t command_read_reg(const struct command *command, uint32_t offset)
{
	struct gpu *gpu = command->engine->gpu;
	uint32_t value;

	offset &= ~3u;
	if (offset >= MMIO_SIZE)
		return 0;
	if (mmio_is_storage(gpu, offset)) {
		value = __atomic_load_n(&gpu->regs[offset / 4], __ATOMIC_RELAXED);
	} else {
		gpu_lock(gpu);
		value = mmio_read(gpu, offset);
		gpu_unlock(gpu);
	}
	watch_register(gpu, command->engine->info - engine_info, offset, value, false);
	return value;
}

void command_write_reg(const struct command *command, uint32_t offset, uint32_t value)
{
	struct gpu *gpu = command->engine->gpu;

	offset &= ~3u;
	/* A reset waits for the engine, which would wait for the reset. */
	if (offset >= MMIO_SIZE || offset == GDRST ||
	    (!command_is_privileged(command) && !privilege_allows_write(command->engine, offset)))
		return;
	watch_register(gpu, command->engine->info - engine_info, offset, value, true);
	if (mmio_is_storage(gpu, offset)) {
		__atomic_store_n(&gpu->regs[offset / 4], value, __ATOMIC_RELAXED);
		return;
	}
	gpu_lock(gpu);
	mmio_write(gpu, offset, value);
	gpu_unlock(gpu);
}

static uint32_t ring_length(const struct engine *engine)
{
	return (engine_reg(engine, RING_CTL) & RING_CTL_LENGTH) + GPU_PAGE_SIZE;
}

static bool ring_empty(const struct engine *engine)
{
	return engine->stream.level == LEVEL_RING &&
	       engine->stream.address[LEVEL_RING] ==
		       (engine_reg(engine, RING_TAIL) & RING_TAIL_ADDRESS);
}

/* Graphics address of the next command. */
static uint64_t fetch_address(const struct engine *engine)
{
	const struct stream *stream = &engine->stream;

	if (stream->level == LEVEL_RING)
		return (engine_reg(engine, RING_START) & ~(uint64_t)GPU_PAGE_MASK) +
		       stream->address[LEVEL_RING];
	return stream->address[stream->level];
}

/* A command does not wrap in the ring: drivers pad its end. */
static bool fits(const struct engine *engine, unsigned int dwords)
{
	return engine->stream.level != LEVEL_RING ||
	       engine->stream.address[LEVEL_RING] + 4 * dwords <= ring_length(engine);
}

void stream_advance(struct engine *engine, unsigned int dwords)
{
	struct stream *stream = &engine->stream;
	uint32_t wrap;

	stream->address[stream->level] += 4 * dwords;
	if (stream->level != LEVEL_RING)
		return;
	wrap = engine_reg(engine, RING_HEAD) & RING_HEAD_WRAP;
	if (stream->address[LEVEL_RING] >= ring_length(engine)) {
		stream->address[LEVEL_RING] = 0;
		wrap += RING_HEAD_WRAP_ONE;
	}
	engine_set_reg(engine, RING_HEAD, wrap | (uint32_t)stream->address[LEVEL_RING]);
}

/* Most commands are whole in so many dwords. */
#define FETCH_DWORDS 16

/* How many dwords to fetch before the command's length is known: none of the next page. */
static unsigned int fetch_room(uint64_t address)
{
	unsigned int room = (GPU_PAGE_SIZE - (address & GPU_PAGE_MASK)) / 4;

	return room < FETCH_DWORDS ? room : FETCH_DWORDS;
}

static bool fetch_dwords(struct engine *engine, struct command *command, unsigned int from,
			 unsigned int to)
{
	struct address_space space =
		stream_space(engine, engine->stream.global[engine->stream.level]);
	struct gtt_fault what;

	if (gtt_read(&space, command->address + 4 * from, &command->dw[from], 4 * (to - from),
		     &what))
		return true;
	fault(engine, &what);
	return false;
}

/* Of the batches of both levels. */
static const struct {
	uint16_t address, address_udw, state;
} batch_registers[STREAM_LEVELS] = {
	[LEVEL_BATCH] = { RING_BBADDR, RING_BBADDR_UDW, RING_BBSTATE },
	[LEVEL_SECOND] = { RING_SBBADDR, RING_SBBADDR_UDW, RING_SBBSTATE },
};

static void show_batch(struct engine *engine, enum stream_level level)
{
	const struct stream *stream = &engine->stream;
	bool inside = stream->level >= level;
	uint64_t address = inside ? stream->address[level] | BB_VALID : 0;

	engine_set_reg(engine, batch_registers[level].address, address);
	engine_set_reg(engine, batch_registers[level].address_udw, address >> 32);
	engine_set_reg(engine, batch_registers[level].state,
		       inside && !stream->global[level] ? BBSTATE_PPGTT : 0);
}

void stream_show_batches(struct engine *engine)
{
	show_batch(engine, LEVEL_BATCH);
	show_batch(engine, LEVEL_SECOND);
}

void stream_enter_batches(struct engine *engine)
{
	struct stream *stream = &engine->stream;

	for (enum stream_level level = LEVEL_BATCH; level < STREAM_LEVELS; level++) {
		uint32_t address = engine_reg(engine, batch_registers[level].address);
		uint64_t upper = engine_reg(engine, batch_registers[level].address_udw);
		uint32_t state = engine_reg(engine, batch_registers[level].state);

		if (!(address & BB_VALID))
			break;
		stream->level = level;
		stream->address[level] = upper << 32 | (address & ~3u);
		stream->global[level] = !(state & BBSTATE_PPGTT);
	}
}

static void show_command(struct engine *engine, const struct command *command)
{
	engine_set_reg(engine, RING_ACTHD, command->address);
	engine_set_reg(engine, RING_ACTHD_UDW, command->address >> 32);
	engine_set_reg(engine, RING_IPEHR, command->dw[0]);
	if (engine->stream.level != LEVEL_RING)
		show_batch(engine, engine->stream.level);
}

/* Fetch what is at the stream's place; false: the engine has been told. */
static bool fetch(struct engine *engine, struct command *command)
{
	unsigned int room, wanted;

	command->engine = engine;
	command->address = fetch_address(engine);
	room = fetch_room(command->address);
	if (!fetch_dwords(engine, command, 0, room))
		return false;
	show_command(engine, command);
	command->length = command_length(engine->gpu->info->generation, engine->info - engine_info,
					 command->dw[0]);
	if (!command->length) {
		error(engine, "no such command", command->dw[0]);
		return false;
	}
	if (!fits(engine, command->length)) {
		error(engine, "command runs past the ring's end", command->dw[0]);
		return false;
	}
	wanted = command->length <= COMMAND_MAX_DWORDS ? command->length : COMMAND_MAX_DWORDS;
	return wanted <= room || fetch_dwords(engine, command, room, wanted);
}

static enum command_result step(struct engine *engine)
{
	struct command command;
	enum command_result result;

	if (!fetch(engine, &command))
		return CMD_ERROR;
	if (!engine->stream.waiting)
		watch_command(engine->gpu, &command);
	result = command_execute(&command);
	if (result == CMD_DONE || result == CMD_ARBITRATE)
		stream_advance(engine, command.length);
	else if (result == CMD_JUMPED)
		stream_show_batches(engine);
	return result;
}

static void yield(void)
{
	static const struct timespec wait = { .tv_nsec = WAIT_NS };

	nanosleep(&wait, NULL);
}

static void give_way(enum command_result result, unsigned int *jumps)
{
	if (result == CMD_RETRY || (result == CMD_JUMPED && !(++*jumps % JUMPS_BEFORE_YIELD)))
		yield();
}

/* Where a batch without an end command ends; 0: at its command. */
static bool is_at_end(const struct stream *stream, uint64_t end)
{
	return stream->level == LEVEL_RING ||
	       (end && stream->level == LEVEL_BATCH && stream->address[LEVEL_BATCH] >= end);
}

/*
 * Run a workaround batch of the GGTT until `end` (exclusive), or until its MI_BATCH_BUFFER_END
 * where end is 0. The stream's own place is put aside meanwhile.
 */
static bool run_workaround(struct engine *engine, uint64_t address, uint64_t end)
{
	struct stream saved = engine->stream;
	enum command_result result = CMD_DONE;
	unsigned int jumps = 0;

	engine->stream.level = LEVEL_BATCH;
	engine->stream.address[LEVEL_BATCH] = address;
	engine->stream.global[LEVEL_BATCH] = true;
	engine->stream.arbitration = false;
	while (result != CMD_ERROR && !is_at_end(&engine->stream, end) &&
	       !flag_is_up(&engine->hold)) {
		result = step(engine);
		give_way(result, &jumps);
	}
	engine->stream = saved;
	stream_show_batches(engine);
	return result != CMD_ERROR;
}

static bool run_prologue(struct engine *engine)
{
	uint32_t indirect = engine_reg(engine, RING_INDIRECT_CTX);
	uint32_t per_context = engine_reg(engine, RING_BB_PER_CTX_PTR);

	engine->stream.prologue = false;
	if (indirect & 0x3f) {
		uint64_t start = indirect & ~0x3fu;

		/* Its size is in cache lines; it has no end command. */
		if (!run_workaround(engine, start, start + 64 * (indirect & 0x3f)))
			return false;
	}
	return !(per_context & 1) || run_workaround(engine, per_context & ~GPU_PAGE_MASK, 0);
}

/* What MI_SET_PREDICATE says is not saved: drivers have no arbitration point in its scope. */
static bool may_switch(const struct engine *engine)
{
	return engine->stream.arbitration && !engine->stream.predicate;
}

enum stream_end stream_run(struct engine *engine)
{
	unsigned int jumps = 0;

	if (engine->stream.prologue && !run_prologue(engine))
		return STREAM_HUNG;
	while (!ring_empty(engine)) {
		enum command_result result = step(engine);

		if (result == CMD_ERROR)
			return STREAM_HUNG;
		if ((result == CMD_ARBITRATE || result == CMD_RETRY) && may_switch(engine) &&
		    flag_is_up(&engine->preempt))
			return STREAM_PREEMPT;
		if (flag_is_up(&engine->attention))
			return STREAM_STOPPED;
		give_way(result, &jumps);
	}
	return STREAM_IDLE;
}
