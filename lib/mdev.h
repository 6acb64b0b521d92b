/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and removing mediated devices through sysfs, and what the kernel's answers mean. */
#ifndef GVT_MDEV_H
#define GVT_MDEV_H

#include "ctx.h"
#include "setting.h"

/*
 * Make it on that GPU, with that type and those settings. -ENOSPC with GVT_ERROR_NO_CAPACITY when
 * the GPU has no room for it; then, as on all errors, there is none.
 */
int gvt_mdev_start(struct gvt_ctx *ctx, const char *gpu, const char *type, const char *uuid,
		   const struct gvt_settings *settings);
/* Change one setting of an active one. -EBUSY with GVT_ERROR_IN_USE while a VM has it open. */
int gvt_mdev_set(struct gvt_ctx *ctx, const char *uuid, enum gvt_setting setting,
		 const char *plain);
/* One that is not there is no error. The caller has made sure that nobody has it open. */
int gvt_mdev_remove(struct gvt_ctx *ctx, const char *uuid);

#endif
