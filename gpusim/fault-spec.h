/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault-spec.h - faults on demand as people write them
 *
 * KIND[:WHAT][@N|/K]: which kind, of what (an engine, or milliseconds), and when: at the Nth event
 * from now on, which is 1 where nothing is said, or at each one with a chance of one in K.
 */
#ifndef GPUSIM_FAULT_SPEC_H
#define GPUSIM_FAULT_SPEC_H

#include <stddef.h>
#include <stdio.h>

#include "gpusim/gpu/gpu.h"

/*
 * Read `text` into *fault. Returns 0, or -EINVAL with what is wrong and what is allowed in the
 * `size` bytes at `why`.
 */
int fault_spec_parse(const char *text, struct gpu_fault *fault, char *why, size_t size);

/* The text that fault_spec_parse() reads as *fault. */
void fault_spec_format(const struct gpu_fault *fault, char *text, size_t size);

/* How the kind 0, 1, … is written, and what it does; until NULL. */
const char *fault_spec_usage(unsigned int index);
const char *fault_spec_help(unsigned int index);

#endif
