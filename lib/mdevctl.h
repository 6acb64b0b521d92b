/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mdevctl's definitions, /etc/mdevctl.d/PARENT/UUID, see mdevctl(8): JSON with the type, whether it
 * starts by itself, and attributes that are written in sysfs. They are read, never written.
 */
#ifndef GVT_MDEVCTL_H
#define GVT_MDEVCTL_H

#include "ctx.h"

#define GVT_MDEVCTL_FOLDER "/etc/mdevctl.d"

/*
 * Calls @fn with each of a GVT-g type, as a definition of ours that is borrowed, until it returns
 * other than 0. A file that is no such definition is left out with a warning. Returns 0, what @fn
 * returned, or -ENOMEM.
 */
int gvt_mdevctl_each(struct gvt_ctx *ctx, int (*fn)(void *data, struct gvt_definition *def),
		     void *data);

/* A definition as mdevctl has it, for "mdevctl define --jsonfile"; to be freed. NULL without memory. */
char *gvt_mdevctl_json(struct gvt_definition *def);

#endif
