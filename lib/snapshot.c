// SPDX-License-Identifier: LGPL-2.1-or-later
/* One look at the host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

static void snapshot_free(struct gvt_snapshot *snapshot)
{
	gvt_vgpus_free(snapshot->vgpus);
	gvt_gpus_free(snapshot->gpus);
	free(snapshot);
}

void gvt_snapshot_drop(struct gvt_snapshot *snapshot)
{
	if (snapshot && !--snapshot->refs)
		snapshot_free(snapshot);
}

void gvt_snapshot_ref(struct gvt_snapshot *snapshot)
{
	snapshot->refs++;
	gvt_ref(snapshot->ctx);
}

void gvt_snapshot_unref(struct gvt_snapshot *snapshot)
{
	struct gvt_ctx *ctx = snapshot->ctx;

	gvt_snapshot_drop(snapshot);
	gvt_unref(ctx);
}

int gvt_scan(struct gvt_ctx *ctx)
{
	struct gvt_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	int err;

	if (!snapshot)
		return gvt_no_memory(ctx);
	snapshot->ctx = ctx;
	snapshot->refs = 1;
	err = gvt_gpus_read(snapshot);
	if (!err)
		err = gvt_vgpus_read(snapshot);
	if (err) {
		gvt_snapshot_drop(snapshot);
		if (err == -ENOMEM)
			return gvt_no_memory(ctx);
		return gvt_error(ctx, gvt_kind_of_errno(err), err, "cannot look at the host's GPUs and vGPUs: %s",
				 strerror(-err));
	}
	gvt_snapshot_drop(ctx->snapshot);
	ctx->snapshot = snapshot;
	return 0;
}

struct gvt_snapshot *gvt_snapshot_get(struct gvt_ctx *ctx)
{
	if (!ctx->snapshot && gvt_scan(ctx) < 0)
		return NULL;
	return ctx->snapshot;
}
