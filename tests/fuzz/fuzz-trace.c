// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-trace.c - libFuzzer target: any bytes as a trace file
 *
 *   make fuzz-trace && ./fuzz-trace -max_len=4096 CORPUS
 */
#include <stdlib.h>

#include "gpusim/trace/decode.h"
#include "gpusim/trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace_reader reader;
	struct gpu_event event;
	char text[256];
	FILE *file;

	if (!size)
		return 0;
	file = fmemopen((void *)data, size, "r");
	if (!file)
		abort();
	if (!trace_reader_open(&reader, file)) {
		while (trace_reader_next(&reader, &event) > 0)
			trace_event_text(&event, text, sizeof(text));
	}
	fclose(file);
	return 0;
}
