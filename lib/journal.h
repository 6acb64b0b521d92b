/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a change was about to do, written down before it begins and taken away when it is whole. If the
 * program was killed in between, the next change puts back what there was before: definition, device
 * and the domain's element.
 */
#ifndef GVT_JOURNAL_H
#define GVT_JOURNAL_H

#include "ctx.h"
#include "setting.h"

enum gvt_journal_scope {
	GVT_JOURNAL_ALL, /* in /etc: it outlives a boot, as definitions and domains do */
	GVT_JOURNAL_DEVICE, /* in /run: only the device is changed, and ends with the boot, too */
};

/*
 * Before a change of that vGPU, which signals that end a program don't interrupt from now on. @before: as it is now; NULL when there is none. @domain: the UUID of
 * the domain whose configuration is changed, too, or NULL; @element: what it has now for the vGPU, or
 * NULL. 0 or a negative errno; then nothing may be changed.
 */
int gvt_journal_begin(struct gvt_ctx *ctx, enum gvt_journal_scope scope, const char *uuid,
		      struct gvt_vgpu *before, const char *domain, const char *element);
/* @whole: it is all done, or all undone. Else the next change undoes it once more. */
void gvt_journal_end(struct gvt_ctx *ctx, enum gvt_journal_scope scope, bool whole);

/*
 * With the lock held: undoes what was interrupted. @libvirt: whether libvirt may be called; if not, and
 * if it is not there, a domain's part waits for the next time. What can't be undone is told as a
 * warning, and does not keep the next change from being made, but for a domain's part: gvt_journal_begin()
 * refuses until that is undone. 0 or a negative errno.
 */
int gvt_journal_recover(struct gvt_ctx *ctx, bool libvirt);

#endif
