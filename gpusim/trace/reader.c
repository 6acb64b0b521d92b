// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "reader.h"

static int broken(struct trace_reader *reader, const char *fault)
{
	reader->fault = fault;
	return -EPROTO;
}

/* False at the file's end, or where it can't be read. */
static bool take(struct trace_reader *reader, uint8_t *bytes, size_t length)
{
	size_t n = fread(bytes, 1, length, reader->file);

	reader->next += n;
	return n == length;
}

int trace_reader_open(struct trace_reader *reader, FILE *file)
{
	const char *fault;

	*reader = (struct trace_reader){ .file = file };
	if (!take(reader, reader->bytes, TRACE_HEADER_SIZE))
		return broken(reader, ferror(file) ? "it can't be read" :
						     "it is too short for a trace of gvt-gpusim");
	fault = trace_header_get(reader->bytes, &reader->header);
	if (fault)
		return broken(reader, fault);
	/* A later writer may have put more into it. */
	if (!take(reader, reader->bytes, reader->header.size - TRACE_HEADER_SIZE))
		return broken(reader, "it ends inside its header");
	return 0;
}

static int next_record(struct trace_reader *reader, struct trace_record *record)
{
	static const char cut_off[] = "it was cut off: its last record is missing";

	reader->offset = reader->next;
	if (!take(reader, reader->bytes, TRACE_RECORD_HEAD))
		return broken(reader, ferror(reader->file) ? "it can't be read" : cut_off);
	trace_record_get(reader->bytes, record);
	if (record->length < TRACE_RECORD_HEAD)
		return broken(reader, "a record that is shorter than its head");
	if (!take(reader, reader->bytes + TRACE_RECORD_HEAD, record->length - TRACE_RECORD_HEAD))
		return broken(reader, cut_off);
	return 0;
}

int trace_reader_next(struct trace_reader *reader, struct gpu_event *event)
{
	struct trace_record record;
	const char *fault;

	for (;;) {
		if (next_record(reader, &record))
			return -EPROTO;
		reader->time = record.time;
		if (record.type == TRACE_END)
			return 0;
		if (record.type && record.type < GPU_EVENT_KINDS)
			break;
		reader->unknown++;
	}
	fault = trace_event_get(&record, reader->bytes, event, reader->dwords);
	return fault ? broken(reader, fault) : 1;
}
