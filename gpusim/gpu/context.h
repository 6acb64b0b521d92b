/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * context.h - the register state of a logical ring context and its image in memory
 *
 * Page 0 of the image is the per-process status page, page 1 holds the registers, each at a fixed
 * place behind MI_LOAD_REGISTER_IMM headers (PRM "Register State Context"; i915: gt/intel_lrc.c).
 */
#ifndef GPUSIM_CONTEXT_H
#define GPUSIM_CONTEXT_H

#include "engine.h"

/* With gpu->lock held. False: the image can't be reached; the engine has been faulted. */
bool context_load(struct engine *engine, uint64_t descriptor);
bool context_save(struct engine *engine);
/* Lite restore: only the ring's tail is taken anew. */
bool context_reload_tail(struct engine *engine, uint64_t descriptor);

#endif
