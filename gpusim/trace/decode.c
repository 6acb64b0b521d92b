// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decode.h"
#include "gpusim/complain.h"
#include "gpusim/gpu/gpu.h"
#include "gpusim/gpu/names.h"
#include "reader.h"

#define NS_PER_S ((uint64_t)1000000000)
#define MAX_TEXT 2048
#define MAX_NAME 64

/* Context status bits (PRM "Context Status"). */
static const struct {
	uint32_t bit;
	const char *name;
} status_bits[] = {
	{ 1u << 0, "IDLE_ACTIVE" },	  { 1u << 1, "PREEMPTED" },
	{ 1u << 2, "ELEMENT_SWITCH" },	  { 1u << 3, "ACTIVE_IDLE" },
	{ 1u << 4, "COMPLETE" },	  { 1u << 5, "WAIT_ON_SYNC_FLIP" },
	{ 1u << 6, "WAIT_ON_VBLANK" },	  { 1u << 7, "WAIT_ON_SEMAPHORE" },
	{ 1u << 8, "WAIT_ON_SCAN_LINE" }, { 1u << 15, "LITE_RESTORE" },
};

static const char *from_text(uint8_t from)
{
	if (from == GPU_EVENT_FROM_CPU)
		return "CPU";
	if (from == GPU_EVENT_FROM_DEVICE || !gpu_engine_name(from))
		return "-";
	return gpu_engine_name(from);
}

static void descriptor_text(uint64_t descriptor, char *text, size_t size)
{
	if (descriptor & 1)
		snprintf(text, size, "context %" PRIx32 " at %08" PRIx32 " (flags %03" PRIx32 ")",
			 (uint32_t)(descriptor >> 32), (uint32_t)descriptor & 0xfffff000,
			 (uint32_t)descriptor & 0xfff);
	else
		snprintf(text, size, "none");
}

static void submission_text(const struct gpu_event *event, char *text, size_t size)
{
	char first[MAX_NAME], second[MAX_NAME];

	descriptor_text(event->submission.element[0], first, sizeof(first));
	descriptor_text(event->submission.element[1], second, sizeof(second));
	snprintf(text, size, "submit %s, then %s", first, second);
}

static void status_text(const struct gpu_event *event, char *text, size_t size)
{
	uint32_t status = (uint32_t)event->status.entry;
	int length = snprintf(text, size, "status[%" PRIu32 "] context %" PRIx32 " %08" PRIx32,
			      event->status.index, (uint32_t)(event->status.entry >> 32), status);

	for (size_t i = 0; i < sizeof(status_bits) / sizeof(status_bits[0]); i++) {
		if (!(status & status_bits[i].bit) || length < 0 || (size_t)length >= size)
			continue;
		length +=
			snprintf(text + length, size - (size_t)length, " %s", status_bits[i].name);
	}
}

static void context_text(const struct gpu_event *event, char *text, size_t size)
{
	char descriptor[MAX_NAME];

	descriptor_text(event->context.descriptor, descriptor, sizeof(descriptor));
	snprintf(text, size, "%s %s, head %" PRIx32 ", tail %" PRIx32,
		 event->context.save ? "save" : "load", descriptor, event->context.head,
		 event->context.tail);
}

static void command_text(const struct gpu_event *event, char *text, size_t size)
{
	static const char *const levels[] = { "ring", "batch", "batch2" };
	int length = snprintf(text, size, "%s %s %012" PRIx64 "  ", levels[event->command.level],
			      event->command.global ? "ggtt" : "ppgtt", event->command.address);

	if (length < 0 || (size_t)length >= size)
		return;
	gpu_command_text(event->from, event->command.dwords, event->command.count, text + length,
			 size - (size_t)length);
}

static void register_text(const struct gpu_event *event, char *text, size_t size)
{
	char name[MAX_NAME];

	gpu_register_text(event->reg.offset, name, sizeof(name));
	snprintf(text, size, "%s %s (%06" PRIx32 ") %08" PRIx32,
		 event->reg.write ? "write" : "read", name, event->reg.offset, event->reg.value);
}

static void interrupt_text(const struct gpu_event *event, char *text, size_t size)
{
	char name[MAX_NAME];

	gpu_register_text(event->interrupt.group, name, sizeof(name));
	snprintf(text, size, "interrupt %s %08" PRIx32, name, event->interrupt.bits);
}

static void stop_text(const struct gpu_event *event, char *text, size_t size)
{
	if (event->stop.why == GPU_EVENT_BAD_COMMAND)
		snprintf(text, size, "stopped by command %08" PRIx32, event->stop.header);
	else
		snprintf(text, size, "stopped by a %s of %012" PRIx64 " that finds no page",
			 event->stop.why == GPU_EVENT_WRITE_FAULT ? "write" : "read",
			 event->stop.address);
}

void trace_event_text(const struct gpu_event *event, char *text, size_t size)
{
	text[0] = '\0';
	switch (event->kind) {
	case GPU_EVENT_SUBMISSION:
		submission_text(event, text, size);
		break;
	case GPU_EVENT_STATUS:
		status_text(event, text, size);
		break;
	case GPU_EVENT_CONTEXT:
		context_text(event, text, size);
		break;
	case GPU_EVENT_COMMAND:
		command_text(event, text, size);
		break;
	case GPU_EVENT_REGISTER:
		register_text(event, text, size);
		break;
	case GPU_EVENT_INTERRUPT:
		interrupt_text(event, text, size);
		break;
	case GPU_EVENT_MESSAGE:
		snprintf(text, size, "message%s",
			 event->message.held_back ? ", held back by a fault" : "");
		break;
	case GPU_EVENT_RESET:
		snprintf(text, size, "reset");
		break;
	case GPU_EVENT_STOP:
		stop_text(event, text, size);
		break;
	default:
		break;
	}
}

static void print_header(const struct trace_header *header, FILE *out)
{
	time_t seconds = (time_t)(header->start / NS_PER_S);
	char begun[64] = "at an unknown time";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(begun, sizeof(begun), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fprintf(out, "# gvt-gpusim trace, version %u, of %s, begun %s\n", header->version,
		header->device, begun);
}

static int print_events(struct trace_reader *reader, FILE *out)
{
	struct gpu_event event;
	char text[MAX_TEXT];
	int ret;

	while ((ret = trace_reader_next(reader, &event)) > 0) {
		trace_event_text(&event, text, sizeof(text));
		fprintf(out, "%6" PRIu64 ".%09" PRIu64 " %-4s %s\n", reader->time / NS_PER_S,
			reader->time % NS_PER_S, from_text(event.from), text);
	}
	if (reader->unknown)
		fprintf(out, "# %" PRIu64 " records of a kind that this version does not know\n",
			reader->unknown);
	return ret;
}

static int decode(const char *path, FILE *file, FILE *out)
{
	struct trace_reader *reader = malloc(sizeof(*reader));
	int ret;

	if (!reader) {
		complain("there is no memory");
		return EXIT_FAILURE;
	}
	ret = trace_reader_open(reader, file);
	if (!ret) {
		print_header(&reader->header, out);
		ret = print_events(reader, out);
	}
	if (ret)
		complain("%s, byte %" PRIu64 ": %s", path, reader->offset, reader->fault);
	free(reader);
	if (fflush(out)) {
		complain("can't write: %s", strerror(errno));
		ret = -EIO;
	}
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

int trace_decode(const char *path, FILE *out)
{
	FILE *file;
	int ret;

	if (!strcmp(path, "-"))
		return decode("standard input", stdin, out);
	file = fopen(path, "re");
	if (!file) {
		complain("can't read %s: %s", path, strerror(errno));
		return EXIT_FAILURE;
	}
	ret = decode(path, file, out);
	fclose(file);
	return ret;
}
