// SPDX-License-Identifier: LGPL-2.1-or-later
/* gvt_create: define a vGPU, start it, attach it to its domain; or none of these. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

#include "choose.h"
#include "definition.h"
#include "domain.h"
#include "journal.h"
#include "lock.h"
#include "mdev.h"
#include "snapshot.h"
#include "steps.h"
#include "store.h"
#include "taken.h"
#include "value.h"

struct creation {
	struct gvt_ctx *ctx;
	struct gvt_definition *def; /* our copy, completed */
	struct gvt_domain *domain; /* NULL without one */
	struct gvt_hostdev hostdev; /* how it has it */
	bool transient, no_start;
};

/* --- checks ----------------------------------------------------------------------------------- */

/* A vGPU that somebody else started gets a definition that says what it is. */
static int adopt(struct creation *creation, struct gvt_vgpu *vgpu)
{
	const char *type = gvt_definition_get_type(creation->def);

	if (!strcmp(type, vgpu->type_name))
		return gvt_definition_set_gpu(creation->def, vgpu->gpu_name);
	gvt_error(creation->ctx, GVT_ERROR_FAILED, -EEXIST, "vGPU %s is on, and of another type: %s",
		  vgpu->uuid, gvt_short_type_name(vgpu->type_name));
	gvt_hint(creation->ctx, "define it with that type");
	return -EEXIST;
}

static int check_uuid(struct creation *creation)
{
	const char *uuid = gvt_definition_get_uuid(creation->def);
	struct gvt_vgpu *vgpu;
	char made[GVT_UUID_SIZE];
	uuid_t binary;

	if (!uuid) {
		uuid_generate_random(binary);
		uuid_unparse_lower(binary, made);
		return gvt_definition_set_uuid(creation->def, made);
	}
	vgpu = gvt_vgpu_by_uuid(creation->ctx, uuid);
	if (creation->no_start && vgpu && vgpu->active && !vgpu->def)
		return adopt(creation, vgpu);
	return gvt_check_uuid_free(creation->ctx, uuid);
}

static int check_name(struct creation *creation)
{
	const char *name = gvt_definition_get_name(creation->def);

	return name ? gvt_check_name_free(creation->ctx, name,
					  gvt_definition_get_uuid(creation->def)) :
		      0;
}

static int check_type(struct creation *creation)
{
	struct gvt_definition *def = creation->def;
	struct gvt_type *type;
	int err;

	if (!gvt_definition_get_type(def)) {
		gvt_error(creation->ctx, GVT_ERROR_MISUSE, -EINVAL, "a vGPU needs a type");
		gvt_hint(creation->ctx, "'gvt types' lists what the GPUs of this host offer");
		return -EINVAL;
	}
	if (creation->no_start)
		return gvt_complete_type(creation->ctx, def);
	err = gvt_choose_type(creation->ctx, gvt_definition_get_gpu(def),
			      gvt_definition_get_type(def), &type);
	if (!err)
		err = gvt_definition_set_type(def, type->name);
	if (!err)
		err = gvt_definition_set_gpu(def, type->gpu->name);
	return err;
}

static int check_domain(struct creation *creation)
{
	const char *wanted = gvt_definition_get_domain(creation->def);
	struct gvt_definition *def = creation->def;
	enum gvt_picture picture;
	int err;

	if (!wanted)
		return 0;
	if (creation->transient) {
		gvt_error(
			creation->ctx, GVT_ERROR_MISUSE, -EINVAL,
			"a transient vGPU can't be attached to a VM: the VM's configuration would "
			"outlive it");
		gvt_hint(creation->ctx, "leave out one of the two");
		return -EINVAL;
	}
	err = gvt_domain_open(creation->ctx, wanted, &creation->domain);
	if (!err)
		err = gvt_domain_check(creation->domain, gvt_definition_get_uuid(def));
	if (!err)
		err = gvt_definition_set_domain(def, gvt_domain_get_name(creation->domain),
						gvt_domain_get_uuid(creation->domain));
	if (err)
		return err;
	picture = gvt_picture_of(creation->ctx, gvt_definition_get_gpu(def),
				 gvt_definition_get_type(def),
				 gvt_definition_get_setting(def, GVT_SETTING_DISPLAY));
	return gvt_domain_choose(creation->domain, def, picture, &creation->hostdev);
}

static int prepare(struct creation *creation)
{
	static int (*const checks[])(struct creation *) = {
		check_type,
		check_uuid,
		check_name,
		check_domain,
	};
	int err = gvt_scan(creation->ctx);

	for (size_t i = 0; !err && i < sizeof(checks) / sizeof(checks[0]); i++)
		err = checks[i](creation);
	return err;
}

/* --- steps ------------------------------------------------------------------------------------ */

static int undefine(void *change)
{
	struct creation *creation = change;

	return gvt_store_remove(creation->ctx, gvt_definition_get_uuid(creation->def));
}

static int define(void *change)
{
	struct creation *creation = change;
	int err;

	if (creation->transient)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_store_write(creation->ctx, creation->def);
	/* It may be in place already when only the folder could not be synced. */
	if (err) {
		struct gvt_last_error reason = creation->ctx->last;

		undefine(change);
		creation->ctx->last = reason;
		return err;
	}
	gvt_log(creation->ctx, LOG_NOTICE, "defined %s in %s%s/%s.xml",
		gvt_definition_title(creation->def), creation->ctx->root, GVT_STORE_FOLDER,
		gvt_definition_get_uuid(creation->def));
	return 0;
}

static int start(void *change)
{
	struct creation *creation = change;
	struct gvt_definition *def = creation->def;
	struct gvt_settings settings = gvt_definition_settings(def);
	int err;

	if (creation->no_start)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_mdev_start(creation->ctx, gvt_definition_get_gpu(def),
			     gvt_definition_get_type(def), gvt_definition_get_uuid(def), &settings);
	if (!err)
		gvt_log(creation->ctx, LOG_NOTICE, "started vGPU %s (%s) on GPU %s",
			gvt_definition_get_uuid(def),
			gvt_short_type_name(gvt_definition_get_type(def)),
			gvt_definition_get_gpu(def));
	return err;
}

static int stop(void *change)
{
	struct creation *creation = change;

	return gvt_mdev_remove(creation->ctx, gvt_definition_get_uuid(creation->def));
}

static int attach(void *change)
{
	struct creation *creation = change;
	int ret;

	if (!creation->domain)
		return GVT_STEP_NOTHING_TO_DO;
	ret = gvt_domain_add_vgpu(creation->domain, &creation->hostdev);
	if (ret == 0)
		gvt_log(creation->ctx, LOG_NOTICE, "attached it to the configuration of VM %s%s",
			gvt_domain_get_name(creation->domain),
			creation->hostdev.display ? ", with its display" : "");
	return ret;
}

static int detach(void *change)
{
	struct creation *creation = change;

	char *removed;
	int err = gvt_domain_remove_vgpu(creation->domain, creation->hostdev.uuid, &removed);

	free(removed);
	return err;
}

static const struct gvt_step steps[] = {
	{ "define", define, undefine },
	{ "start", start, stop },
	{ "attach", attach, detach },
};

static void tell_plan(struct creation *creation)
{
	struct gvt_definition *def = creation->def;
	struct gvt_ctx *ctx = creation->ctx;

	if (!creation->transient)
		gvt_log(ctx, LOG_NOTICE, "would define a vGPU in %s%s", ctx->root,
			GVT_STORE_FOLDER);
	if (!creation->no_start)
		gvt_log(ctx, LOG_NOTICE, "would start a vGPU of type %s on GPU %s",
		gvt_short_type_name(gvt_definition_get_type(def)), gvt_definition_get_gpu(def));
	if (creation->domain)
		gvt_log(ctx, LOG_NOTICE, "would attach it to the configuration of VM %s%s",
			gvt_domain_get_name(creation->domain),
			creation->hostdev.display ? ", with its display" : "");
}

static int run(struct creation *creation)
{
	const char *uuid = gvt_definition_get_uuid(creation->def);
	const char *domain = creation->domain ? gvt_domain_get_uuid(creation->domain) : NULL;
	enum gvt_journal_scope scope = creation->transient ? GVT_JOURNAL_DEVICE : GVT_JOURNAL_ALL;
	int err = gvt_journal_begin(creation->ctx, scope, uuid, gvt_vgpu_by_uuid(creation->ctx, uuid),
				    domain, NULL);
	bool whole;

	if (err)
		return err;
	err = gvt_steps_run(creation->ctx, steps, sizeof(steps) / sizeof(steps[0]), creation, &whole);
	gvt_journal_end(creation->ctx, scope, whole);
	return err;
}

static int create_locked(struct creation *creation, struct gvt_definition *def, bool dry_run)
{
	int err = prepare(creation);

	if (!err && dry_run) {
		tell_plan(creation);
		return 0;
	}
	if (!err)
		err = run(creation);
	if (!err && creation->domain && gvt_domain_is_running(creation->domain))
		gvt_log(creation->ctx, LOG_NOTICE,
			"VM %s is running: shut it down, it gets the vGPU when it starts again",
			gvt_domain_get_name(creation->domain));
	return err ? err : gvt_definition_assign(def, creation->def);
}

int gvt_create(struct gvt_ctx *ctx, struct gvt_definition *def, unsigned int flags)
{
	struct creation creation = { .ctx = ctx,
				     .transient = flags & GVT_TRANSIENT,
				     .no_start = flags & GVT_NO_START };
	bool dry_run = flags & GVT_DRY_RUN;
	int lock = -1, err;

	gvt_clear_error(ctx);
	if (!dry_run) {
		lock = gvt_lock(ctx);
		if (lock < 0)
			return lock;
	}
	err = dry_run ? 0 : gvt_journal_recover(ctx, !ctx->no_libvirt);
	if (!err)
		err = gvt_definition_copy(def, &creation.def);
	if (!err)
		err = create_locked(&creation, def, dry_run);
	if (lock >= 0)
		gvt_unlock(lock);
	gvt_domain_close(creation.domain);
	gvt_definition_unref(creation.def);
	return err ? err : gvt_scan(ctx);
}
