/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a new vGPU, or one with a new name, would be taken for another. */
#ifndef GVT_TAKEN_H
#define GVT_TAKEN_H

#include "ctx.h"

/* 0, or -EEXIST when there is a vGPU or a file of a definition with that UUID. */
int gvt_check_uuid_free(struct gvt_ctx *ctx, const char *uuid);
/* 0, or -EEXIST when another vGPU than @uuid has that name. */
int gvt_check_name_free(struct gvt_ctx *ctx, const char *name, const char *uuid);

#endif
