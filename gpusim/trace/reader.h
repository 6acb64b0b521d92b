/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.h - the events of a trace file, one after another
 *
 * The file may be anything: whatever it holds costs bounded memory and time, and is either an event
 * or a fault that is told with its place.
 */
#ifndef GPUSIM_TRACE_READER_H
#define GPUSIM_TRACE_READER_H

#include <stdio.h>

#include "format.h"

struct trace_reader {
	FILE *file;
	struct trace_header header;
	uint64_t offset; /* in the file: of the record that was read last */
	uint64_t time; /* of it: ns since the trace began */
	uint64_t unknown; /* records of no known type, which were stepped over */
	const char *fault; /* what is wrong with the file; NULL: nothing yet */
	uint32_t dwords[GPU_EVENT_MAX_DWORDS];
	uint64_t next; /* offset behind what was read */
	uint8_t bytes[TRACE_RECORD_LENGTH];
};

/* `file` stays the caller's. Returns 0 or -EPROTO; reader->fault says why. */
int trace_reader_open(struct trace_reader *reader, FILE *file);

/*
 * Returns 1: *event is filled, its dwords valid until the next call; 0: the trace's end;
 * -EPROTO: reader->fault says why.
 */
int trace_reader_next(struct trace_reader *reader, struct gpu_event *event);

#endif
