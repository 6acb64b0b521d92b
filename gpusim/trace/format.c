// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "format.h"

/* Flags of a record, in its head. */
#define FLAG_WRITE  0x01 /* of a register; a context is saved; a message is held back */
#define FLAG_GLOBAL 0x04 /* of a command */
#define LEVEL_MASK  0x03 /* of a command */
#define STOP_MASK   0x03

#define HEADER_VERSION 8
#define HEADER_BYTES   10
#define HEADER_START   16
#define HEADER_DEVICE  24

#define RECORD_TYPE   0
#define RECORD_LENGTH 2
#define RECORD_FROM   4
#define RECORD_FLAGS  5
#define RECORD_TIME   8

static void put(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = value >> (8 * i);
}

static uint64_t get(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

void trace_header_put(const struct trace_header *header, uint8_t bytes[TRACE_HEADER_SIZE])
{
	memset(bytes, 0, TRACE_HEADER_SIZE);
	memcpy(bytes, TRACE_MAGIC, TRACE_MAGIC_SIZE);
	put(bytes + HEADER_VERSION, header->version, 2);
	put(bytes + HEADER_BYTES, header->size, 2);
	put(bytes + HEADER_START, header->start, 8);
	memcpy(bytes + HEADER_DEVICE, header->device, TRACE_DEVICE_SIZE);
}

static void clean(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			*text = '?';
	}
}

const char *trace_header_get(const uint8_t bytes[TRACE_HEADER_SIZE], struct trace_header *header)
{
	if (memcmp(bytes, TRACE_MAGIC, TRACE_MAGIC_SIZE))
		return "this is no trace of gvt-gpusim";
	header->version = get(bytes + HEADER_VERSION, 2);
	header->size = get(bytes + HEADER_BYTES, 2);
	header->start = get(bytes + HEADER_START, 8);
	memcpy(header->device, bytes + HEADER_DEVICE, TRACE_DEVICE_SIZE);
	clean(header->device, TRACE_DEVICE_SIZE);
	if (header->version != TRACE_VERSION)
		return "the trace is of another version of the format: use the gvt-gpusim that wrote it";
	if (header->size < TRACE_HEADER_SIZE)
		return "the header is damaged: it is too short";
	return NULL;
}

/* Fields of the payload, in their order; every kind's are whole dwords. */
static uint8_t *put32(uint8_t *at, uint32_t value)
{
	put(at, value, 4);
	return at + 4;
}

static uint8_t *put64(uint8_t *at, uint64_t value)
{
	put(at, value, 8);
	return at + 8;
}

static uint8_t *put_command(const struct gpu_event *event, uint8_t *at, uint8_t *flags)
{
	*flags = event->command.level | (event->command.global ? FLAG_GLOBAL : 0);
	at = put64(at, event->command.address);
	at = put32(at, event->command.length);
	at = put32(at, event->command.count);
	for (uint32_t i = 0; i < event->command.count; i++)
		at = put32(at, event->command.dwords[i]);
	return at;
}

/* Returns where the payload ends. */
static uint8_t *put_payload(const struct gpu_event *event, uint8_t *at, uint8_t *flags)
{
	switch (event->kind) {
	case GPU_EVENT_SUBMISSION:
		return put64(put64(at, event->submission.element[0]), event->submission.element[1]);
	case GPU_EVENT_STATUS:
		return put32(put64(at, event->status.entry), event->status.index);
	case GPU_EVENT_CONTEXT:
		*flags = event->context.save ? FLAG_WRITE : 0;
		at = put64(at, event->context.descriptor);
		return put32(put32(at, event->context.head), event->context.tail);
	case GPU_EVENT_COMMAND:
		return put_command(event, at, flags);
	case GPU_EVENT_REGISTER:
		*flags = event->reg.write ? FLAG_WRITE : 0;
		return put32(put32(at, event->reg.offset), event->reg.value);
	case GPU_EVENT_INTERRUPT:
		return put32(put32(at, event->interrupt.group), event->interrupt.bits);
	case GPU_EVENT_MESSAGE:
		*flags = event->message.held_back ? FLAG_WRITE : 0;
		return at;
	case GPU_EVENT_STOP:
		*flags = event->stop.why;
		return put32(put64(at, event->stop.address), event->stop.header);
	default:
		return at;
	}
}

static size_t put_head(uint8_t *bytes, uint16_t type, uint8_t from, uint8_t flags, uint64_t time,
		       size_t length)
{
	put(bytes + RECORD_TYPE, type, 2);
	put(bytes + RECORD_LENGTH, length, 2);
	put(bytes + RECORD_FROM, from, 1);
	put(bytes + RECORD_FLAGS, flags, 1);
	put(bytes + RECORD_FLAGS + 1, 0, 2);
	put(bytes + RECORD_TIME, time, 8);
	return length;
}

size_t trace_event_put(const struct gpu_event *event, uint64_t time,
		       uint8_t bytes[TRACE_RECORD_MAX])
{
	uint8_t flags = 0;
	uint8_t *end = put_payload(event, bytes + TRACE_RECORD_HEAD, &flags);

	return put_head(bytes, event->kind, event->from, flags, time, (size_t)(end - bytes));
}

size_t trace_end_put(uint64_t time, uint8_t bytes[TRACE_RECORD_MAX])
{
	return put_head(bytes, TRACE_END, GPU_EVENT_FROM_DEVICE, 0, time, TRACE_RECORD_HEAD);
}

void trace_record_get(const uint8_t bytes[TRACE_RECORD_HEAD], struct trace_record *record)
{
	record->type = get(bytes + RECORD_TYPE, 2);
	record->length = get(bytes + RECORD_LENGTH, 2);
	record->from = get(bytes + RECORD_FROM, 1);
	record->time = get(bytes + RECORD_TIME, 8);
}

/* Bytes of the payload that a reader of this version takes; more may follow. */
static const uint8_t payload_sizes[GPU_EVENT_KINDS] = {
	[GPU_EVENT_SUBMISSION] = 16, [GPU_EVENT_STATUS] = 12,  [GPU_EVENT_CONTEXT] = 16,
	[GPU_EVENT_COMMAND] = 16,    [GPU_EVENT_REGISTER] = 8, [GPU_EVENT_INTERRUPT] = 8,
	[GPU_EVENT_MESSAGE] = 0,     [GPU_EVENT_RESET] = 0,    [GPU_EVENT_STOP] = 12,
};

static const char *get_command(size_t length, const uint8_t *at, uint8_t flags,
			       struct gpu_event *event, uint32_t *dwords)
{
	event->command.address = get(at, 8);
	event->command.length = get(at + 8, 4);
	event->command.count = get(at + 12, 4);
	event->command.level = (enum gpu_event_level)(flags & LEVEL_MASK);
	event->command.global = flags & FLAG_GLOBAL;
	event->command.dwords = dwords;
	if (event->command.level > GPU_EVENT_SECOND_BATCH)
		return "a command of no known level";
	if (!event->command.count || event->command.count > GPU_EVENT_MAX_DWORDS ||
	    event->command.count > event->command.length)
		return "a command with a wrong number of dwords";
	if (event->command.count > (length - 16) / 4)
		return "a command that is longer than its record";
	for (uint32_t i = 0; i < event->command.count; i++)
		dwords[i] = get(at + 16 + 4 * i, 4);
	return NULL;
}

static const char *get_stop(const uint8_t *at, uint8_t flags, struct gpu_event *event)
{
	event->stop.address = get(at, 8);
	event->stop.header = get(at + 8, 4);
	event->stop.why = (enum gpu_event_stop)(flags & STOP_MASK);
	return event->stop.why > GPU_EVENT_WRITE_FAULT ?
		       "an engine that stopped for no known reason" :
		       NULL;
}

static const char *get_payload(size_t length, const uint8_t *at, uint8_t flags,
			       struct gpu_event *event, uint32_t *dwords)
{
	switch (event->kind) {
	case GPU_EVENT_SUBMISSION:
		event->submission.element[0] = get(at, 8);
		event->submission.element[1] = get(at + 8, 8);
		return NULL;
	case GPU_EVENT_STATUS:
		event->status.entry = get(at, 8);
		event->status.index = get(at + 8, 4);
		return NULL;
	case GPU_EVENT_CONTEXT:
		event->context.descriptor = get(at, 8);
		event->context.head = get(at + 8, 4);
		event->context.tail = get(at + 12, 4);
		event->context.save = flags & FLAG_WRITE;
		return NULL;
	case GPU_EVENT_COMMAND:
		return get_command(length, at, flags, event, dwords);
	case GPU_EVENT_REGISTER:
		event->reg.offset = get(at, 4);
		event->reg.value = get(at + 4, 4);
		event->reg.write = flags & FLAG_WRITE;
		return NULL;
	case GPU_EVENT_INTERRUPT:
		event->interrupt.group = get(at, 4);
		event->interrupt.bits = get(at + 4, 4);
		return NULL;
	case GPU_EVENT_MESSAGE:
		event->message.held_back = flags & FLAG_WRITE;
		return NULL;
	case GPU_EVENT_STOP:
		return get_stop(at, flags, event);
	default:
		return NULL;
	}
}

const char *trace_event_get(const struct trace_record *record, const uint8_t *bytes,
			    struct gpu_event *event, uint32_t dwords[GPU_EVENT_MAX_DWORDS])
{
	size_t length = record->length - TRACE_RECORD_HEAD;

	*event = (struct gpu_event){ .kind = (enum gpu_event_kind)record->type,
				     .from = record->from };
	if (length < payload_sizes[record->type])
		return "a record that is too short for what it is";
	return get_payload(length, bytes + TRACE_RECORD_HEAD, bytes[RECORD_FLAGS], event, dwords);
}
