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

#define OPTIONS_MAX_MONITORS 3 /* one for each port */

struct options {
	const char *socket;
	const char *control; /* NULL: no control socket */
	const char *device;
	const char *log; /* NULL: standard error; "-": standard output */
	uint64_t aperture; /* bytes */
	const char *screenshots; /* the folder that SIGUSR1 writes to */
	bool verbose;
	const char *trace; /* NULL: none */
	uint32_t trace_wants; /* as in trace/writer.h */
	uint64_t seed;
	struct gpu_fault faults[GPU_MAX_FAULTS];
	unsigned int fault_count;

	struct monitor_option {
		const char *connector; /* one of gpu_connector_name()'s */
		const char *what; /* as monitor.h takes it */
	} monitors[OPTIONS_MAX_MONITORS];
	unsigned int monitor_count;

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
