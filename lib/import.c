// SPDX-License-Identifier: LGPL-2.1-or-later
/* gvt_import: what mdevctl or libvirt define becomes defined here. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "definition.h"
#include "mdevctl.h"
#include "nodedev.h"
#include "snapshot.h"
#include "store.h"

struct import {
	struct gvt_ctx *ctx;
	const char *uuid; /* this one alone; NULL: all */
	unsigned int flags;
	gvt_import_fn fn;
	void *data;
	unsigned int count;
	int err; /* of the first that failed, and the words for it */
	struct gvt_last_error first_error;
};

static int take(void *opaque, struct gvt_definition *def)
{
	struct import *import = opaque;
	struct gvt_ctx *ctx = import->ctx;
	const char *uuid = gvt_definition_get_uuid(def);
	enum gvt_import_outcome outcome = GVT_IMPORTED;
	int err = 0;

	if (import->uuid && strcasecmp(import->uuid, uuid))
		return 0;
	import->count++;
	gvt_clear_error(ctx);
	if (gvt_store_has(ctx, uuid))
		outcome = GVT_IMPORT_ALREADY;
	else
		err = gvt_create(ctx, def, (import->flags & GVT_DRY_RUN) | GVT_NO_START);
	if (err)
		outcome = GVT_IMPORT_FAILED;
	if (err && !import->err) {
		import->err = err;
		import->first_error = ctx->last;
	}
	if (import->fn)
		import->fn(import->data, def, outcome, ctx->last.text, ctx->last.hint);
	return err == -ENOMEM ? err : 0;
}

static int not_found(struct import *import, enum gvt_import_source source)
{
	gvt_error(import->ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "%s has no vGPU %s",
		  source == GVT_IMPORT_MDEVCTL ? "mdevctl" : "libvirt", import->uuid);
	gvt_hint(import->ctx, "%s lists what it has",
		 source == GVT_IMPORT_MDEVCTL ? "mdevctl list -d" : "virsh nodedev-list --cap mdev --all");
	return -ENOENT;
}

int gvt_import(struct gvt_ctx *ctx, enum gvt_import_source source, const char *uuid,
	       unsigned int flags, gvt_import_fn fn, void *data)
{
	struct import import = { .ctx = ctx, .uuid = uuid, .flags = flags, .fn = fn, .data = data };
	int err;

	gvt_clear_error(ctx);
	if (source == GVT_IMPORT_MDEVCTL)
		err = gvt_mdevctl_each(ctx, take, &import);
	else
		err = gvt_nodedev_each(ctx, take, &import);
	if (err)
		return err;
	if (uuid && !import.count)
		return not_found(&import, source);
	if (import.err)
		ctx->last = import.first_error;
	return import.err;
}
