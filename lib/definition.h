/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Definitions from inside. The XML document is the definition: what the library does not know stays
 * in it, and the strings beside it are what was read from it.
 */
#ifndef GVT_DEFINITION_H
#define GVT_DEFINITION_H

#include "gvtmgr.h"

#define GVT_DEFINITION_MAX 65536

/*
 * Turns the caller's reference into one that does not hold the context, for the context's own
 * look at the host; gvt_definition_drop() ends it.
 */
void gvt_definition_adopt(struct gvt_definition *def);
void gvt_definition_drop(struct gvt_definition *def);
/* Another definition with the same content. 0 or a negative errno. */
int gvt_definition_copy(struct gvt_definition *def, struct gvt_definition **copy);
/*
 * Takes over the values of @from, which keeps its own. 0 or a negative errno; then @def is as
 * before.
 */
int gvt_definition_assign(struct gvt_definition *def, struct gvt_definition *from);
/* How people know it: its name, its domain or its UUID. */
const char *gvt_definition_title(struct gvt_definition *def);

#endif
