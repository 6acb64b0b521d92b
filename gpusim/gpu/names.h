/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - what the manuals call registers and commands, for people
 *
 * The execution of nothing depends on it. Others than gpu/ may use it, as event.h.
 */
#ifndef GPUSIM_NAMES_H
#define GPUSIM_NAMES_H

#include <stddef.h>
#include <stdint.h>

/*
 * The command whose first `count` dwords, 1 at least, are at `dw`, on this engine (as in
 * gpu_engine_name()): its name and the fields that matter. What has no name is "UNKNOWN". Always
 * ends in a NUL.
 */
void gpu_command_text(unsigned int engine, const uint32_t *dw, unsigned int count, char *text,
		      size_t size);

/* The name of the register at this offset, or its number where it has none. */
void gpu_register_text(uint32_t offset, char *text, size_t size);

#endif
