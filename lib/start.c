// SPDX-License-Identifier: LGPL-2.1-or-later
/* gvt_start, gvt_stop: a defined vGPU comes and goes; its definition stays. */
#include <errno.h>

#include "change.h"
#include "choose.h"
#include "definition.h"
#include "journal.h"
#include "mdev.h"
#include "snapshot.h"

static int check_startable(struct gvt_change *change)
{
	struct gvt_vgpu *vgpu = change->vgpu;

	if (!vgpu->active)
		return 0;
	gvt_error(change->ctx, GVT_ERROR_FAILED, -EALREADY, "vGPU %s is on already",
		  gvt_vgpu_title(vgpu));
	gvt_hint(change->ctx, "'gvt show %s' tells what it is", vgpu->uuid);
	return -EALREADY;
}

static int start(struct gvt_change *change)
{
	struct gvt_definition *def = change->vgpu->def;
	struct gvt_settings settings = gvt_definition_settings(def);
	struct gvt_type *type;
	int err = gvt_choose_type(change->ctx, gvt_definition_get_gpu(def),
				  gvt_definition_get_type(def), &type);

	if (err)
		return err;
	if (!change->dry_run)
		err = gvt_journal_begin(change->ctx, GVT_JOURNAL_DEVICE, change->vgpu->uuid, change->vgpu, NULL, NULL);
	if (!err && !change->dry_run) {
		err = gvt_mdev_start(change->ctx, type->gpu->name, type->name, change->vgpu->uuid,
				     &settings);
		gvt_journal_end(change->ctx, GVT_JOURNAL_DEVICE, true);
	}
	if (!err)
		gvt_log(change->ctx, LOG_NOTICE, "%s vGPU %s (%s) on GPU %s",
			change->dry_run ? "would start" : "started", change->vgpu->uuid,
			gvt_short_type_name(type->name), type->gpu->name);
	return err;
}

int gvt_start(struct gvt_vgpu *vgpu, unsigned int flags)
{
	struct gvt_change change;
	int err = gvt_change_begin(&change, vgpu, flags);

	if (!err)
		err = check_startable(&change);
	if (!err)
		err = start(&change);
	return gvt_change_end(&change, err);
}

static int check_stoppable(struct gvt_change *change)
{
	if (change->vgpu->active)
		return gvt_vgpu_check_unused(change->vgpu);
	gvt_error(change->ctx, GVT_ERROR_FAILED, -EALREADY, "vGPU %s is off already",
		  gvt_vgpu_title(change->vgpu));
	gvt_hint(change->ctx, "'gvt start %s' starts it", change->vgpu->uuid);
	return -EALREADY;
}

int gvt_stop(struct gvt_vgpu *vgpu, unsigned int flags)
{
	struct gvt_change change;
	int err = gvt_change_begin(&change, vgpu, flags);

	if (!err)
		err = check_stoppable(&change);
	/* One write, which the kernel does whole: nothing is half done if we are killed. */
	if (!err && !change.dry_run)
		err = gvt_mdev_remove(change.ctx, change.vgpu->uuid);
	if (!err)
		gvt_log(change.ctx, LOG_NOTICE, "%s vGPU %s%s",
			change.dry_run ? "would stop" : "stopped", change.vgpu->uuid,
			change.vgpu->def ? "" : ", which has no definition and ends by it");
	return gvt_change_end(&change, err);
}
