// SPDX-License-Identifier: GPL-2.0-or-later
#include "regs.h"
#include "streamer.h"
#include "watch.h"

static void tell(const struct gpu *gpu, const struct gpu_event *event)
{
	gpu->watcher->tell(gpu->watcher, event);
}

static uint8_t id_of(const struct engine *engine)
{
	return engine->info - engine_info;
}

void watch_tell_command(const struct command *command)
{
	const struct engine *engine = command->engine;
	const struct stream *stream = &engine->stream;
	uint32_t count =
		command->length < GPU_EVENT_MAX_DWORDS ? command->length : GPU_EVENT_MAX_DWORDS;
	struct gpu_event event = { .kind = GPU_EVENT_COMMAND, .from = id_of(engine) };

	event.command.address = command->address;
	event.command.level = (enum gpu_event_level)stream->level;
	event.command.global = stream->global[stream->level];
	event.command.length = command->length;
	event.command.count = count;
	event.command.dwords = command->dw;
	tell(engine->gpu, &event);
}

void watch_tell_context(const struct engine *engine, uint64_t descriptor, bool save)
{
	struct gpu_event event = { .kind = GPU_EVENT_CONTEXT, .from = id_of(engine) };

	event.context.descriptor = descriptor;
	event.context.head = engine_reg(engine, RING_HEAD) & RING_HEAD_ADDRESS;
	event.context.tail = engine_reg(engine, RING_TAIL) & RING_TAIL_ADDRESS;
	event.context.save = save;
	tell(engine->gpu, &event);
}

void watch_tell_register(struct gpu *gpu, uint8_t from, uint32_t offset, uint32_t value, bool write)
{
	struct gpu_event event = { .kind = GPU_EVENT_REGISTER, .from = from };

	event.reg.offset = offset;
	event.reg.value = value;
	event.reg.write = write;
	tell(gpu, &event);
}

void watch_submission(const struct engine *engine, const uint64_t element[2])
{
	struct gpu_event event = { .kind = GPU_EVENT_SUBMISSION, .from = id_of(engine) };

	if (!watched(engine->gpu, event.kind))
		return;
	event.submission.element[0] = element[0];
	event.submission.element[1] = element[1];
	tell(engine->gpu, &event);
}

void watch_status(const struct engine *engine, uint32_t index, uint64_t entry)
{
	struct gpu_event event = { .kind = GPU_EVENT_STATUS, .from = id_of(engine) };

	if (!watched(engine->gpu, event.kind))
		return;
	event.status.entry = entry;
	event.status.index = index;
	tell(engine->gpu, &event);
}

void watch_interrupt(struct gpu *gpu, uint32_t group, uint32_t bits)
{
	struct gpu_event event = { .kind = GPU_EVENT_INTERRUPT, .from = GPU_EVENT_FROM_DEVICE };

	if (!watched(gpu, event.kind))
		return;
	event.interrupt.group = group;
	event.interrupt.bits = bits;
	tell(gpu, &event);
}

void watch_message(struct gpu *gpu, bool held_back)
{
	struct gpu_event event = { .kind = GPU_EVENT_MESSAGE, .from = GPU_EVENT_FROM_DEVICE };

	if (!watched(gpu, event.kind))
		return;
	event.message.held_back = held_back;
	tell(gpu, &event);
}

void watch_reset(struct gpu *gpu, const struct engine *engine)
{
	struct gpu_event event = { .kind = GPU_EVENT_RESET,
				   .from = engine ? id_of(engine) : GPU_EVENT_FROM_DEVICE };

	if (watched(gpu, event.kind))
		tell(gpu, &event);
}

void watch_fault(const struct engine *engine, const struct gtt_fault *fault)
{
	struct gpu_event event = { .kind = GPU_EVENT_STOP, .from = id_of(engine) };

	if (!watched(engine->gpu, event.kind))
		return;
	event.stop.why = fault->write ? GPU_EVENT_WRITE_FAULT : GPU_EVENT_READ_FAULT;
	event.stop.address = fault->address;
	tell(engine->gpu, &event);
}

void watch_bad_command(const struct engine *engine, uint32_t header)
{
	struct gpu_event event = { .kind = GPU_EVENT_STOP, .from = id_of(engine) };

	if (!watched(engine->gpu, event.kind))
		return;
	event.stop.why = GPU_EVENT_BAD_COMMAND;
	event.stop.header = header;
	tell(engine->gpu, &event);
}
