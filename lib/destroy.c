// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_destroy: detach a vGPU from its domain, remove its definition, remove it; or none of these.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "definition.h"
#include "domain.h"
#include "lock.h"
#include "mdev.h"
#include "snapshot.h"
#include "steps.h"
#include "store.h"
#include "value.h"

struct destruction {
	struct gvt_ctx *ctx;
	struct gvt_vgpu *vgpu; /* of the look that was taken under the lock */
	struct gvt_domain *domain; /* NULL: nothing to detach from */
};

/* A domain that is gone holds nothing any more. */
static int find_domain(struct destruction *destruction)
{
	struct gvt_definition *def = destruction->vgpu->def;
	struct gvt_ctx *ctx = destruction->ctx;
	const char *wanted;
	int err;

	if (!def || !gvt_definition_get_domain(def))
		return 0;
	wanted = gvt_definition_get_domain_uuid(def);
	if (!wanted)
		wanted = gvt_definition_get_domain(def);
	err = gvt_domain_open(ctx, wanted, &destruction->domain);
	if (err == -ENOENT) {
		gvt_log(ctx, LOG_NOTICE, "VM %s does not exist any more",
			gvt_definition_get_domain(def));
		gvt_clear_error(ctx);
		return 0;
	}
	if (err == -ENOTCONN)
		gvt_hint(ctx, "start libvirt (systemctl start libvirtd), or leave the VM's "
			      "configuration as it is: gvt destroy --no-detach");
	return err;
}

static int check_unused(struct destruction *destruction)
{
	struct gvt_vgpu *vgpu = destruction->vgpu;
	char *who;
	int ret = gvt_vgpu_get_user(vgpu, &who);

	if (ret <= 0)
		return ret;
	gvt_error(destruction->ctx, GVT_ERROR_IN_USE, -EBUSY, "vGPU %s is in use by %s",
		  gvt_vgpu_title(vgpu), who);
	if (gvt_vgpu_get_domain(vgpu))
		gvt_hint(destruction->ctx, "shut its VM down first: virsh shutdown %s",
			 gvt_vgpu_get_domain(vgpu));
	else
		gvt_hint(destruction->ctx, "shut its VM down or end that process first");
	free(who);
	return -EBUSY;
}

static int detach(void *change)
{
	struct destruction *destruction = change;
	int ret;

	if (!destruction->domain)
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_remove_vgpu(destruction->domain, destruction->vgpu->uuid);
	if (ret == 0)
		gvt_log(destruction->ctx, LOG_NOTICE, "detached it from the configuration of VM %s",
			gvt_domain_get_name(destruction->domain));
	return ret;
}

static int attach(void *change)
{
	struct destruction *destruction = change;

	return gvt_domain_add_vgpu(destruction->domain, destruction->vgpu->uuid);
}

static int undefine(void *change)
{
	struct destruction *destruction = change;
	int err;

	if (!destruction->vgpu->def)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_store_remove(destruction->ctx, destruction->vgpu->uuid);
	if (!err)
		gvt_log(destruction->ctx, LOG_NOTICE, "removed the definition of %s",
			destruction->vgpu->uuid);
	return err;
}

static int define(void *change)
{
	struct destruction *destruction = change;

	return gvt_store_write(destruction->ctx, destruction->vgpu->def);
}

static int stop(void *change)
{
	struct destruction *destruction = change;
	int err;

	if (!destruction->vgpu->active)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_mdev_remove(destruction->ctx, destruction->vgpu->uuid);
	if (!err)
		gvt_log(destruction->ctx, LOG_NOTICE, "removed vGPU %s", destruction->vgpu->uuid);
	return err;
}

static int start(void *change)
{
	struct destruction *destruction = change;
	struct gvt_vgpu *vgpu = destruction->vgpu;

	return gvt_mdev_start(destruction->ctx, vgpu->gpu_name, vgpu->type_name, vgpu->uuid,
			      vgpu->resolution);
}

/* The device goes last: its range of graphics memory may not be had a second time. */
static const struct gvt_step steps[] = {
	{ "detach", detach, attach },
	{ "undefine", undefine, define },
	{ "stop", stop, start },
};

static void tell_plan(struct destruction *destruction)
{
	struct gvt_ctx *ctx = destruction->ctx;

	if (destruction->domain)
		gvt_log(ctx, LOG_NOTICE, "would detach it from the configuration of VM %s",
			gvt_domain_get_name(destruction->domain));
	if (destruction->vgpu->def)
		gvt_log(ctx, LOG_NOTICE, "would remove the definition of %s",
			destruction->vgpu->uuid);
	if (destruction->vgpu->active)
		gvt_log(ctx, LOG_NOTICE, "would remove vGPU %s", destruction->vgpu->uuid);
}

static int destroy_locked(struct destruction *destruction, const char *uuid, unsigned int flags)
{
	int err = gvt_scan(destruction->ctx);

	if (err)
		return err;
	destruction->vgpu = gvt_vgpu_ref(gvt_vgpu_by_uuid(destruction->ctx, uuid));
	if (!destruction->vgpu)
		return gvt_error(destruction->ctx, GVT_ERROR_NOT_FOUND, -ENOENT,
				 "vGPU %s does not exist any more", uuid);
	err = check_unused(destruction);
	if (!err && !(flags & GVT_NO_DETACH))
		err = find_domain(destruction);
	if (err)
		return err;
	if (flags & GVT_DRY_RUN) {
		tell_plan(destruction);
		return 0;
	}
	return gvt_steps_run(destruction->ctx, steps, sizeof(steps) / sizeof(steps[0]),
			     destruction);
}

int gvt_destroy(struct gvt_vgpu *vgpu, unsigned int flags)
{
	struct gvt_ctx *ctx = gvt_ref(gvt_vgpu_get_ctx(vgpu));
	struct destruction destruction = { .ctx = ctx };
	char uuid[GVT_UUID_SIZE];
	int lock = -1, err = 0;

	/* The look that follows ends the object we were given. */
	memcpy(uuid, vgpu->uuid, sizeof(uuid));
	gvt_clear_error(ctx);
	if (!(flags & GVT_DRY_RUN)) {
		lock = gvt_lock(ctx);
		err = lock < 0 ? lock : 0;
	}
	if (!err)
		err = destroy_locked(&destruction, uuid, flags);
	if (lock >= 0)
		gvt_unlock(lock);
	gvt_domain_close(destruction.domain);
	gvt_vgpu_unref(destruction.vgpu);
	if (!err)
		err = gvt_scan(ctx);
	gvt_unref(ctx);
	return err;
}
