/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - gvt-gpusim's command line
 *
 * A new option is a row of the table in options.c, a line of its help and a field here.
 */
#ifndef GPUSIM_OPTIONS_H
#define GPUSIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "gpusim/gpu/gpu.h"

struct options {
	const char *socket;
	const char *control; /* NULL: no control socket */
	const char *device;
	const char *log; /* NULL: standard error; "-": standard output */
	uint64_t aperture; /* bytes */
	bool verbose;
	const char *trace; /* NULL: none */
	uint32_t trace_wants; /* as in trace/writer.h */
	uint64_t seed;
	struct gpu_fault faults[GPU_MAX_FAULTS];
	unsigned int fault_count;

	const char *decode; /* a trace file to print; nothing else is done then */
	const char *ask; /* the control socket of another gvt-gpusim: be its client, */
	char **command; /* with these words, up to NULL */
};

/*
 * Fill *options from the command line, defaults included; strings stay argv's. What is wrong is
 * said on standard error, --help and the like are answered on standard output.
 * Returns -1 to go on, else the program's exit status.
 */
int options_parse(int argc, char **argv, struct options *options);

#endif
