/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - mappings of files that somebody else can cut short
 *
 * A client may truncate the file behind its memory after mapping it, and the next access to what is
 * gone is a SIGBUS, in the thread of an engine. The guard catches it, puts zeroes in the mapping's
 * place and remembers: the session ends over it, the process does not. Any other SIGBUS ends the
 * process as ever. The table of mappings is the process's, as signal handlers are.
 */
#ifndef GPUSIM_VFIO_USER_GUARD_H
#define GPUSIM_VFIO_USER_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#define VU_GUARD_MAX 512u

/* Catch SIGBUS. To be called once, before anything is mapped. */
void vu_guard_install(void);

/* Guard a mapping. False when VU_GUARD_MAX are guarded. From one thread only, as is removing. */
bool vu_guard_add(void *mapping, size_t size);

/* Before the mapping, which nobody touches any more, is unmapped. */
void vu_guard_remove(void *mapping);

/* True once after guarded memory was found gone. */
bool vu_guard_was_hit(void);

#endif
