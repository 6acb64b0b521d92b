/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * execlist.h - submission through the execlist port and the reports about it
 *
 * All with gpu->lock held. (PRM "Execlists", "Context Status Buffer"; i915:
 * gt/intel_execlists_submission.c.)
 */
#ifndef GPUSIM_EXECLIST_H
#define GPUSIM_EXECLIST_H

#include "engine.h"

#define CSB_ENTRIES 6

/* One write to the port; the fourth submits. */
void execlist_port_write(struct engine *engine, uint32_t value);

/* EXECLIST_STATUS, both dwords. */
uint64_t execlist_status(const struct engine *engine);

/* Is there anything to run? */
bool execlist_has_work(const struct engine *engine);

/* Take over what was submitted meanwhile, load the context that is due. False: error, hung. */
bool execlist_prepare(struct engine *engine);

/* The running context came to its tail: report, go to the next element. */
void execlist_complete(struct engine *engine);

/* Forget everything, as a reset does. */
void execlist_reset(struct engine *engine);

#endif
