/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for a GPU to become a parent of vGPUs. Knows only that something may have changed. */
#ifndef GVT_WAIT_H
#define GVT_WAIT_H

#include "ctx.h"

struct gvt_wait;

/* Starts to listen; what happens from now on ends gvt_wait_next(). */
int gvt_wait_new(struct gvt_ctx *ctx, unsigned int milliseconds, struct gvt_wait **wait);
/* Returns when it is worth to look again (1), or when the time is over (0). */
int gvt_wait_next(struct gvt_wait *wait);
void gvt_wait_free(struct gvt_wait *wait);

#endif
