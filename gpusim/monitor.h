/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - monitors as people name them: a connector, and a mode or a file with an EDID
 *
 * For --monitor and the commands of the control socket.
 */
#ifndef GPUSIM_MONITOR_H
#define GPUSIM_MONITOR_H

#include <stddef.h>

#include "gpusim/gpu/gpu.h"

#define MONITOR_FAULT_SIZE 512

/* One of gpu_connector_name()'s, from its first `length` characters; NULL: there is none. */
const char *monitor_connector(const char *name, size_t length);

/*
 * Plug in a monitor; `what` is WIDTHxHEIGHT, WIDTHxHEIGHT@RATE, or the path of a file with an EDID.
 * Returns 0, or a negative errno with *fault saying what is wrong and what to do.
 */
int monitor_plug(struct gpu *gpu, const char *connector, const char *what,
		 char fault[MONITOR_FAULT_SIZE]);

#endif
