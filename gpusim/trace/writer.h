/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writer.h - a GPU's watcher that writes a trace file
 *
 * Buffered: what is told is in the file when the buffer is full, and all of it after trace_close().
 * Where the file can't be written any more the trace ends, with a line in the log; the GPU goes on.
 */
#ifndef GPUSIM_TRACE_WRITER_H
#define GPUSIM_TRACE_WRITER_H

#include "gpusim/gpu/event.h"

struct trace_config {
	const char *path; /* of the file, which is made anew */
	const char *device; /* gpu_device_name() */
	uint32_t wants; /* bits 1 << enum gpu_event_kind */
	/* As in struct gpu_host_ops. */
	void (*log)(void *opaque, int level, const char *text);
	void *opaque;
};

struct trace;

/*
 * Make the file and its header. *config may go, its strings and opaque stay the caller's. Returns
 * 0, -ENOMEM or why the file can't be written.
 */
int trace_open(const struct trace_config *config, struct trace **out);

/* For struct gpu_config; valid until trace_close(), which must come after gpu_free(). */
struct gpu_watcher *trace_watcher(struct trace *trace);

/* Write what is left and the last record. NULL is fine. */
void trace_close(struct trace *trace);

/*
 * The `wants` of a list of names, separated by commas: submissions (with context switches and
 * statuses), commands, registers, interrupts. Resets and errors are always wanted. Returns 0 for a
 * list that is none.
 */
uint32_t trace_parse_filter(const char *text);

#define TRACE_FILTERS "submissions, commands, registers, interrupts"
/* Everything. */
#define TRACE_ALL (~0u)

#endif
