// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_attach, gvt_detach: a vGPU in a domain's configuration, and the record of it in its
 * definition.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "definition.h"
#include "domain.h"
#include "snapshot.h"
#include "store.h"

struct binding {
	struct gvt_change change;
	struct gvt_definition *after; /* its definition as it is to become */
	struct gvt_domain *domain; /* NULL: the domain is gone */
	struct gvt_hostdev hostdev; /* how it is to have it */
	char *removed; /* what it had */
	bool live;
};

static int record(void *change)
{
	struct binding *binding = change;

	return gvt_store_replace(binding->change.ctx, binding->change.vgpu->def, binding->after);
}

static int record_before(void *change)
{
	struct binding *binding = change;

	return gvt_store_write(binding->change.ctx, binding->change.vgpu->def);
}

static int add(void *change)
{
	struct binding *binding = change;
	int ret = gvt_domain_add_vgpu(binding->domain, &binding->hostdev);

	if (ret == 0)
		gvt_log(binding->change.ctx, LOG_NOTICE,
			"attached vGPU %s to the configuration of VM %s%s",
			binding->change.vgpu->uuid, gvt_domain_get_name(binding->domain),
			binding->hostdev.display ? ", with its display" : "");
	return ret;
}

static int take_out(void *change)
{
	struct binding *binding = change;
	int ret;

	if (!binding->domain)
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_remove_vgpu(binding->domain, binding->change.vgpu->uuid, &binding->removed);
	if (ret == 0)
		gvt_log(binding->change.ctx, LOG_NOTICE,
			"detached vGPU %s from the configuration of VM %s",
			binding->change.vgpu->uuid, gvt_domain_get_name(binding->domain));
	return ret;
}

static int put_back(void *change)
{
	struct binding *binding = change;

	return gvt_domain_put_back(binding->domain, binding->change.vgpu->uuid, binding->removed);
}

static int plug(void *change)
{
	struct binding *binding = change;
	int ret;

	if (!binding->live)
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_plug_vgpu(binding->domain, binding->change.vgpu->uuid);
	if (ret == 0)
		gvt_log(binding->change.ctx, LOG_NOTICE, "plugged it into the running VM %s",
			gvt_domain_get_name(binding->domain));
	return ret;
}

static int unplug(void *change)
{
	struct binding *binding = change;
	int ret;

	if (!binding->live || !binding->domain || !gvt_domain_is_running(binding->domain))
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_unplug_vgpu(binding->domain, binding->change.vgpu->uuid);
	if (ret == 0)
		gvt_log(binding->change.ctx, LOG_NOTICE, "unplugged it from the running VM %s",
			gvt_domain_get_name(binding->domain));
	return ret;
}

static const struct gvt_step attach_steps[] = {
	{ "record", record, record_before },
	{ "attach", add, take_out },
	{ "plug", plug, unplug },
};

/* The guest may refuse to let it go: that comes first. */
static const struct gvt_step detach_steps[] = {
	{ "unplug", unplug, plug },
	{ "detach", take_out, put_back },
	{ "record", record, record_before },
};

static int check_defined(struct binding *binding)
{
	if (binding->change.vgpu->def)
		return 0;
	gvt_error(
		binding->change.ctx, GVT_ERROR_FAILED, -ENOTSUP,
		"vGPU %s has no definition: it would be gone after the next boot, and its VM could "
		"not start",
		binding->change.vgpu->uuid);
	gvt_hint(binding->change.ctx, "make one that lasts: gvt create --type %s --vm VM",
		 gvt_short_type_name(binding->change.vgpu->type_name));
	return -ENOTSUP;
}

static int choose_hostdev(struct binding *binding)
{
	struct gvt_vgpu *vgpu = binding->change.vgpu;
	enum gvt_picture picture =
		gvt_picture_of(binding->change.ctx, gvt_vgpu_get_gpu_name(vgpu),
			       gvt_vgpu_get_type_name(vgpu),
			       gvt_vgpu_get_setting(vgpu, GVT_SETTING_DISPLAY));

	return gvt_domain_choose(binding->domain, binding->after, picture, &binding->hostdev);
}

static int check_pluggable(struct binding *binding)
{
	struct gvt_ctx *ctx = binding->change.ctx;

	if (!binding->live)
		return 0;
	if (!gvt_domain_is_running(binding->domain)) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP, "VM %s is not running",
			  gvt_domain_get_name(binding->domain));
		gvt_hint(ctx, "leave out --live: it has the vGPU when it starts");
		return -ENOTSUP;
	}
	if (binding->change.vgpu->active)
		return 0;
	gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP, "vGPU %s is off", binding->change.vgpu->uuid);
	gvt_hint(ctx, "start it first: gvt start %s", binding->change.vgpu->uuid);
	return -ENOTSUP;
}

static int prepare_attach(struct binding *binding, const char *domain)
{
	struct gvt_ctx *ctx = binding->change.ctx;
	const char *bound;
	int err;

	bound = gvt_definition_get_domain(binding->change.vgpu->def);
	err = gvt_domain_open(ctx, domain, &binding->domain);
	if (err)
		return err;
	if (bound && strcmp(bound, gvt_domain_get_name(binding->domain))) {
		gvt_error(ctx, GVT_ERROR_FAILED, -EEXIST, "vGPU %s belongs to VM %s already",
			  binding->change.vgpu->uuid, bound);
		gvt_hint(ctx, "take it from that one first: gvt detach %s", binding->change.vgpu->uuid);
		return -EEXIST;
	}
	err = gvt_domain_check(binding->domain, binding->change.vgpu->uuid);
	if (!err)
		err = gvt_definition_set_domain(binding->after,
						gvt_domain_get_name(binding->domain),
						gvt_domain_get_uuid(binding->domain));
	if (!err)
		err = choose_hostdev(binding);
	return err ? err : check_pluggable(binding);
}

static int prepare_detach(struct binding *binding)
{
	struct gvt_ctx *ctx = binding->change.ctx;
	struct gvt_definition *def = binding->change.vgpu->def;
	const char *wanted;
	int err;

	if (!def || !gvt_definition_get_domain(def)) {
		gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "vGPU %s belongs to no VM",
			  binding->change.vgpu->uuid);
		gvt_hint(ctx, "'gvt list' shows which ones do");
		return -ENOENT;
	}
	wanted = gvt_definition_get_domain_uuid(def);
	if (!wanted)
		wanted = gvt_definition_get_domain(def);
	err = gvt_domain_open(ctx, wanted, &binding->domain);
	if (err == -ENOENT) {
		gvt_log(ctx, LOG_NOTICE, "VM %s does not exist any more",
			gvt_definition_get_domain(def));
		gvt_clear_error(ctx);
		err = 0;
	}
	if (!err)
		err = gvt_definition_copy(def, &binding->after);
	if (!err)
		err = gvt_definition_set_domain(binding->after, NULL, NULL);
	return err;
}

static void tell(struct binding *binding, bool attaching, bool dry_run)
{
	if (dry_run && binding->domain)
		gvt_log(binding->change.ctx, LOG_NOTICE, "would %s vGPU %s %s the configuration of VM %s",
			attaching ? "attach" : "detach", binding->change.vgpu->uuid,
			attaching ? "to" : "from", gvt_domain_get_name(binding->domain));
	else if (binding->domain && !binding->live && gvt_domain_is_running(binding->domain))
		gvt_log(binding->change.ctx, LOG_NOTICE,
			"VM %s is running; this takes effect when it is started the next time (--live: "
			"now, too)",
			gvt_domain_get_name(binding->domain));
}

static int run(struct binding *binding, bool attaching)
{
	int err = 0;

	if (!binding->change.dry_run)
		err = gvt_change_run(&binding->change, binding->domain,
				     attaching ? attach_steps : detach_steps, 3, binding);
	if (!err)
		tell(binding, attaching, binding->change.dry_run);
	return err;
}

static int end(struct binding *binding, int err)
{
	gvt_domain_close(binding->domain);
	gvt_definition_unref(binding->after);
	free(binding->removed);
	return gvt_change_end(&binding->change, err);
}

int gvt_attach(struct gvt_vgpu *vgpu, const char *domain, const struct gvt_hostdev_value *values,
	       size_t count, unsigned int flags)
{
	struct binding binding = { .live = flags & GVT_LIVE };
	int err = gvt_change_begin(&binding.change, vgpu, flags);

	if (!err)
		err = check_defined(&binding);
	if (!err)
		err = gvt_definition_copy(binding.change.vgpu->def, &binding.after);
	for (size_t i = 0; !err && i < count; i++)
		err = gvt_definition_set_hostdev(binding.after, values[i].option, values[i].text);
	if (!err)
		err = prepare_attach(&binding, domain);
	if (!err)
		err = run(&binding, true);
	return end(&binding, err);
}

int gvt_detach(struct gvt_vgpu *vgpu, unsigned int flags)
{
	struct binding binding = { .live = flags & GVT_LIVE };
	int err = gvt_change_begin(&binding.change, vgpu, flags);

	if (!err)
		err = prepare_detach(&binding);
	if (!err)
		err = run(&binding, false);
	return end(&binding, err);
}
