/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock that keeps two changes apart: flock on /run/gvt/lock; it ends with its process. */
#ifndef GVT_LOCK_H
#define GVT_LOCK_H

#include "ctx.h"

/* Returns a file descriptor to be given to gvt_unlock(), or a negative errno. */
int gvt_lock(struct gvt_ctx *ctx);
void gvt_unlock(int fd);

#endif
