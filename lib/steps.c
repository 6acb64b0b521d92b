// SPDX-License-Identifier: LGPL-2.1-or-later
/* A change as a row of steps. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"

#define STEPS_MAX 8

/* Undoes steps[count - 1] down to steps[0], and keeps the error that was the reason for it. */
static void undo_all(struct gvt_ctx *ctx, const struct gvt_step *steps, const bool *done,
		     size_t count, void *change)
{
	struct gvt_last_error reason = ctx->last;

	while (count--) {
		size_t len = strlen(reason.text);

		if (!done[count] || steps[count].undo(change) >= 0)
			continue;
		snprintf(reason.text + len, sizeof(reason.text) - len,
			 "; and what '%s' did could not be undone: %s", steps[count].name,
			 ctx->last.text);
	}
	ctx->last = reason;
}

static int run_all(struct gvt_ctx *ctx, const struct gvt_step *steps, size_t count, void *change)
{
	bool done[STEPS_MAX] = { false };

	if (count > STEPS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++) {
		int err = ctx->seams.before_step ? ctx->seams.before_step(ctx, steps[i].name) : 0;

		if (!err)
			err = steps[i].run(change);
		if (err < 0) {
			undo_all(ctx, steps, done, i, change);
			return err;
		}
		done[i] = err == GVT_STEP_DONE;
	}
	return 0;
}

/* A signal that ends the program between two steps would leave half a change behind: it waits. */
int gvt_steps_run(struct gvt_ctx *ctx, const struct gvt_step *steps, size_t count, void *change)
{
	sigset_t ending, before;
	int err;

	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, &before);
	err = run_all(ctx, steps, count, change);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}
