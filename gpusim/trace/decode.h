/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.h - a trace file as text: a line for each event
 */
#ifndef GPUSIM_TRACE_DECODE_H
#define GPUSIM_TRACE_DECODE_H

#include <stddef.h>
#include <stdio.h>

#include "gpusim/gpu/event.h"

/* One event without its time; always ends in a NUL. */
void trace_event_text(const struct gpu_event *event, char *text, size_t size);

/*
 * Print the trace at `path` ("-": standard input) to `out`. What is wrong is said on standard
 * error. Returns the exit status: 0, or 1 where the file can't be read or is damaged; what stands
 * before the damage has been printed then.
 */
int trace_decode(const char *path, FILE *out);

#endif
