/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which GPU takes a vGPU of a type, and in words why none does. Changes nothing. */
#ifndef GVT_CHOOSE_H
#define GVT_CHOOSE_H

#include "ctx.h"

/*
 * @gpu: an address, or NULL for any; then the GPU with the most room left is taken, so that vGPUs
 * spread.
 * -ENODEV: no such GPU or none that offers vGPUs; -ENOENT: no such type; -ENOSPC: no room.
 */
int gvt_choose_type(struct gvt_ctx *ctx, const char *gpu, const char *type_name,
		    struct gvt_type **type);

/* The first GPU's that offers it, with room or without; NULL. @gpu as above. */
struct gvt_type *gvt_find_type(struct gvt_ctx *ctx, const char *gpu, const char *type_name);
/*
 * Gives a definition's type its whole name. A type that no GPU offers now is let pass, with a
 * warning. 0 or a negative errno.
 */
int gvt_complete_type(struct gvt_ctx *ctx, struct gvt_definition *def);

#endif
