/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - trace files: header, records, and a GPU's events as records
 *
 * The format is gvt-gpusim-trace(5). All numbers are little-endian; a record says its own length,
 * so that a reader steps over what it does not know. Knows no files: bytes in, bytes out.
 */
#ifndef GPUSIM_TRACE_FORMAT_H
#define GPUSIM_TRACE_FORMAT_H

#include <stddef.h>

#include "gpusim/gpu/event.h"

#define TRACE_MAGIC	    "GVTTRACE"
#define TRACE_MAGIC_SIZE    8
#define TRACE_VERSION	    1
#define TRACE_HEADER_SIZE   64
#define TRACE_DEVICE_SIZE   32 /* with its NUL */
#define TRACE_RECORD_HEAD   16
#define TRACE_RECORD_MAX    (TRACE_RECORD_HEAD + 16 + 4 * GPU_EVENT_MAX_DWORDS)
#define TRACE_END	    0xffff /* type of the last record, which has no payload */
#define TRACE_RECORD_LENGTH 65535 /* that the format allows */

struct trace_header {
	uint16_t version;
	uint16_t size; /* of the header: where the first record begins */
	uint64_t start; /* ns since 1970: when the trace began */
	char device[TRACE_DEVICE_SIZE]; /* gpu_device_name() */
};

/* One record, its payload not looked at. */
struct trace_record {
	uint16_t type; /* enum gpu_event_kind, or TRACE_END, or one that is not known */
	uint16_t length; /* in bytes, with its head */
	uint8_t from;
	uint64_t time; /* ns since the trace began */
};

void trace_header_put(const struct trace_header *header, uint8_t bytes[TRACE_HEADER_SIZE]);
/* NULL, or what is wrong with these bytes. */
const char *trace_header_get(const uint8_t bytes[TRACE_HEADER_SIZE], struct trace_header *header);

/* The record of an event; returns its length, TRACE_RECORD_MAX at most. */
size_t trace_event_put(const struct gpu_event *event, uint64_t time,
		       uint8_t bytes[TRACE_RECORD_MAX]);
size_t trace_end_put(uint64_t time, uint8_t bytes[TRACE_RECORD_MAX]);

void trace_record_get(const uint8_t bytes[TRACE_RECORD_HEAD], struct trace_record *record);

/*
 * The event of a whole record at `bytes`; a command's dwords go to `dwords`. Returns NULL, or what
 * is wrong with the record.
 */
const char *trace_event_get(const struct trace_record *record, const uint8_t *bytes,
			    struct gpu_event *event, uint32_t dwords[GPU_EVENT_MAX_DWORDS]);

#endif
