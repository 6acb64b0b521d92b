/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files of definitions, /etc/gvt/vgpus/UUID.xml: a reader sees the old or the new one, whole,
 * also after a power cut. Writers hold the lock (lock.h).
 */
#ifndef GVT_STORE_H
#define GVT_STORE_H

#include "ctx.h"
#include "files.h"

#define GVT_STORE_FOLDER "/etc/gvt/vgpus"

/* The UUIDs that have a file. 0 or -ENOMEM. */
int gvt_store_list(struct gvt_ctx *ctx, struct gvt_names *uuids);
int gvt_store_read(struct gvt_ctx *ctx, const char *uuid, struct gvt_definition **def);
int gvt_store_write(struct gvt_ctx *ctx, struct gvt_definition *def);
/* Puts @after in the place of @before; on failure, it is @before that is there. */
int gvt_store_replace(struct gvt_ctx *ctx, struct gvt_definition *before,
		      struct gvt_definition *after);
/* One that is not there is no error. */
int gvt_store_remove(struct gvt_ctx *ctx, const char *uuid);
/* Whether a file is there, readable or not. */
bool gvt_store_has(struct gvt_ctx *ctx, const char *uuid);

#endif
