// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_destroy: detach a vGPU from its domain, remove its definition, remove it; or none of these.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "definition.h"
#include "domain.h"
#include "mdev.h"
#include "snapshot.h"
#include "store.h"

struct destruction {
	struct gvt_change change;
	bool no_stop;
	struct gvt_settings settings; /* of the active vGPU */
	struct gvt_domain *domain; /* NULL: nothing to detach from */
	char *removed; /* what the domain had, should it get it back */
};

/* A domain that is gone holds nothing any more. */
static int find_domain(struct destruction *destruction)
{
	struct gvt_definition *def = destruction->change.vgpu->def;
	struct gvt_ctx *ctx = destruction->change.ctx;
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

static int detach(void *change)
{
	struct destruction *destruction = change;
	int ret;

	if (!destruction->domain)
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_remove_vgpu(destruction->domain, destruction->change.vgpu->uuid,
				     &destruction->removed);
	if (ret == 0)
		gvt_log(destruction->change.ctx, LOG_NOTICE, "detached it from the configuration of VM %s",
			gvt_domain_get_name(destruction->domain));
	return ret;
}

static int attach(void *change)
{
	struct destruction *destruction = change;

	return gvt_domain_put_back(destruction->domain, destruction->change.vgpu->uuid,
				   destruction->removed);
}

static int undefine(void *change)
{
	struct destruction *destruction = change;
	int err;

	if (!destruction->change.vgpu->def)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_store_remove(destruction->change.ctx, destruction->change.vgpu->uuid);
	/* The file may be gone when only the folder could not be synced. */
	if (err) {
		struct gvt_last_error reason = destruction->change.ctx->last;

		gvt_store_write(destruction->change.ctx, destruction->change.vgpu->def);
		destruction->change.ctx->last = reason;
	} else {
		gvt_log(destruction->change.ctx, LOG_NOTICE, "removed the definition of %s",
			destruction->change.vgpu->uuid);
	}
	return err;
}

static int define(void *change)
{
	struct destruction *destruction = change;

	return gvt_store_write(destruction->change.ctx, destruction->change.vgpu->def);
}

static int stop(void *change)
{
	struct destruction *destruction = change;
	int err;

	if (!destruction->change.vgpu->active || destruction->no_stop)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_mdev_remove(destruction->change.ctx, destruction->change.vgpu->uuid);
	if (!err)
		gvt_log(destruction->change.ctx, LOG_NOTICE, "removed vGPU %s", destruction->change.vgpu->uuid);
	return err;
}

static int start(void *change)
{
	struct destruction *destruction = change;
	struct gvt_vgpu *vgpu = destruction->change.vgpu;

	return gvt_mdev_start(destruction->change.ctx, vgpu->gpu_name, vgpu->type_name, vgpu->uuid,
			      &destruction->settings);
}

/* The device goes last: its range of graphics memory may not be had a second time. */
static const struct gvt_step steps[] = {
	{ "detach", detach, attach },
	{ "undefine", undefine, define },
	{ "stop", stop, start },
};

static void tell_plan(struct destruction *destruction)
{
	struct gvt_ctx *ctx = destruction->change.ctx;

	if (destruction->domain)
		gvt_log(ctx, LOG_NOTICE, "would detach it from the configuration of VM %s",
			gvt_domain_get_name(destruction->domain));
	if (destruction->change.vgpu->def)
		gvt_log(ctx, LOG_NOTICE, "would remove the definition of %s",
			destruction->change.vgpu->uuid);
	if (destruction->change.vgpu->active && !destruction->no_stop)
		gvt_log(ctx, LOG_NOTICE, "would remove vGPU %s", destruction->change.vgpu->uuid);
}

static int check_defined(struct destruction *destruction)
{
	if (destruction->change.vgpu->def)
		return 0;
	gvt_error(destruction->change.ctx, GVT_ERROR_FAILED, -ENOTSUP,
		  "vGPU %s has no definition that could be removed", destruction->change.vgpu->uuid);
	gvt_hint(destruction->change.ctx, "it ends with the next boot, or by: gvt stop %s",
		 destruction->change.vgpu->uuid);
	return -ENOTSUP;
}

static int destroy_locked(struct destruction *destruction, unsigned int flags)
{
	int err = destruction->no_stop ? check_defined(destruction) : gvt_vgpu_check_unused(destruction->change.vgpu);

	if (!err)
		err = gvt_vgpu_settings(destruction->change.vgpu, &destruction->settings);
	if (!err && !(flags & GVT_NO_DETACH))
		err = find_domain(destruction);
	if (err)
		return err;
	if (destruction->change.dry_run) {
		tell_plan(destruction);
		return 0;
	}
	return gvt_change_run(&destruction->change, destruction->domain, steps,
			      sizeof(steps) / sizeof(steps[0]), destruction);
}

int gvt_destroy(struct gvt_vgpu *vgpu, unsigned int flags)
{
	struct destruction destruction = { .no_stop = flags & GVT_NO_STOP };
	int err = gvt_change_begin(&destruction.change, vgpu, flags);

	if (!err)
		err = destroy_locked(&destruction, flags);
	gvt_domain_close(destruction.domain);
	free(destruction.removed);
	return gvt_change_end(&destruction.change, err);
}
