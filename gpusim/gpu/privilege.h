/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privilege.h - which registers a non-privileged batch may write
 *
 * Rings, and batches that are fetched through the GGTT, are privileged; batches in a PPGTT are not,
 * and neither is what these start. What they may read is not limited.
 */
#ifndef GPUSIM_PRIVILEGE_H
#define GPUSIM_PRIVILEGE_H

#include "engine.h"

/*
 * On the hardware's own list, or on that of the engine's FORCE_TO_NONPRIV registers. Needs no lock.
 * (PRM Vol. "User Mode Non-Privileged Registers"; i915: gt/intel_workarounds.c for the latter.)
 */
bool privilege_allows_write(const struct engine *engine, uint32_t offset);

#endif
