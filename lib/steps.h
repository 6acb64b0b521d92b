/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A change as a row of steps: when one fails, those before it are undone, the last one first. */
#ifndef GVT_STEPS_H
#define GVT_STEPS_H

#include "ctx.h"

enum gvt_step_result {
	GVT_STEP_DONE = 0,
	GVT_STEP_NOTHING_TO_DO = 1, /* and so nothing to undo */
};

struct gvt_step {
	const char *name;
	/* An enum gvt_step_result, or a negative errno; then it has left nothing behind. */
	int (*run)(void *change);
	int (*undo)(void *change);
};

/*
 * 0, or the error of the step that failed; the context says too what could not be undone, and then
 * @whole is false.
 */
int gvt_steps_run(struct gvt_ctx *ctx, const struct gvt_step *steps, size_t count, void *change,
		  bool *whole);

#endif
