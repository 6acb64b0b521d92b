// SPDX-License-Identifier: LGPL-2.1-or-later
/* A change as a row of steps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"

#define STEPS_MAX 8

/* Undoes steps[count - 1] down to steps[0], and keeps the error that was the reason for it. False: not all. */
static bool undo_all(struct gvt_ctx *ctx, const struct gvt_step *steps, const bool *done,
		     size_t count, void *change)
{
	struct gvt_last_error reason = ctx->last;
	bool whole = true;

	while (count--) {
		size_t len = strlen(reason.text);

		if (!done[count])
			continue;
		if (steps[count].undo(change) >= 0) {
			gvt_log(ctx, LOG_NOTICE, "took back what '%s' did", steps[count].name);
			continue;
		}
		whole = false;
		snprintf(reason.text + len, sizeof(reason.text) - len,
			 "; and what '%s' did could not be undone: %s", steps[count].name,
			 ctx->last.text);
	}
	ctx->last = reason;
	return whole;
}

int gvt_steps_run(struct gvt_ctx *ctx, const struct gvt_step *steps, size_t count, void *change,
		  bool *whole)
{
	bool done[STEPS_MAX] = { false };

	*whole = true;
	if (count > STEPS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++) {
		int err = ctx->seams.before_step ? ctx->seams.before_step(ctx, steps[i].name) : 0;

		if (!err)
			err = steps[i].run(change);
		if (err < 0) {
			*whole = undo_all(ctx, steps, done, i, change);
			return err;
		}
		done[i] = err == GVT_STEP_DONE;
	}
	return 0;
}
