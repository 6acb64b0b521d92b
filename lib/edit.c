// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_redefine, gvt_rename, gvt_set_autostart, gvt_set: another definition in the place of the old
 * one; and what of it takes effect at once.
 */
#include <errno.h>
#include <string.h>

#include "change.h"
#include "choose.h"
#include "definition.h"
#include "mdev.h"
#include "snapshot.h"
#include "store.h"
#include "taken.h"

struct edit {
	struct gvt_change change;
	struct gvt_definition *after; /* NULL: the definition stays as it is, or there is none */
	struct gvt_settings now; /* what is set of the active vGPU, NULL where nothing is */
	struct gvt_settings before; /* what that was */
};

/* --- steps ------------------------------------------------------------------------------------ */

static int record_before(void *opaque)
{
	struct edit *edit = opaque;

	return gvt_store_write(edit->change.ctx, edit->change.vgpu->def);
}

static int record(void *opaque)
{
	struct edit *edit = opaque;
	struct gvt_ctx *ctx = edit->change.ctx;
	int err;

	if (!edit->after)
		return GVT_STEP_NOTHING_TO_DO;
	err = gvt_store_replace(ctx, edit->change.vgpu->def, edit->after);
	if (!err)
		gvt_log(ctx, LOG_NOTICE, "changed the definition of %s",
			gvt_definition_title(edit->after));
	return err;
}

/* Sets those of @values that are not NULL, up to @count of them. */
static int set_some(struct edit *edit, const struct gvt_settings *values, int count)
{
	struct gvt_change *change = &edit->change;
	int first = 0;

	for (int i = 0; i < count; i++) {
		int err = 0;

		if (edit->now.text[i] && values->text[i])
			err = gvt_mdev_set(change->ctx, change->vgpu->uuid, i, values->text[i]);
		first = first ? first : err;
	}
	return first;
}

static int apply(void *opaque)
{
	struct edit *edit = opaque;
	struct gvt_change *change = &edit->change;
	int applied = 0;

	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		struct gvt_last_error reason;
		int err;

		if (!edit->now.text[i])
			continue;
		err = gvt_mdev_set(change->ctx, change->vgpu->uuid, i, edit->now.text[i]);
		if (err) {
			reason = change->ctx->last;
			if (set_some(edit, &edit->before, i))
				gvt_log(change->ctx, LOG_WARNING, "%s", gvt_get_error(change->ctx));
			change->ctx->last = reason;
			return err;
		}
		gvt_log(change->ctx, LOG_NOTICE, "set the %s of vGPU %s to %s",
			gvt_setting_rules[i].name, change->vgpu->uuid, edit->now.text[i]);
		applied++;
	}
	return applied ? GVT_STEP_DONE : GVT_STEP_NOTHING_TO_DO;
}

static int apply_before(void *opaque)
{
	struct edit *edit = opaque;

	return set_some(edit, &edit->before, GVT_SETTING_COUNT);
}

static const struct gvt_step steps[] = {
	{ "record", record, record_before },
	{ "apply", apply, apply_before },
};

static int run(struct edit *edit)
{
	struct gvt_ctx *ctx = edit->change.ctx;

	if (!edit->change.dry_run)
		return gvt_change_run(&edit->change, NULL, steps, sizeof(steps) / sizeof(steps[0]),
				      edit);
	if (edit->after)
		gvt_log(ctx, LOG_NOTICE, "would change the definition of %s",
			gvt_definition_title(edit->after));
	for (int i = 0; i < GVT_SETTING_COUNT; i++)
		if (edit->now.text[i])
			gvt_log(ctx, LOG_NOTICE, "would set the %s of vGPU %s to %s",
				gvt_setting_rules[i].name, edit->change.vgpu->uuid,
				edit->now.text[i]);
	return 0;
}

/* --- what the changes have in common ---------------------------------------------------------- */

static int check_defined(struct edit *edit)
{
	struct gvt_vgpu *vgpu = edit->change.vgpu;

	if (vgpu->def)
		return 0;
	gvt_error(edit->change.ctx, GVT_ERROR_FAILED, -ENOTSUP,
		  "vGPU %s has no definition that could be changed", vgpu->uuid);
	gvt_hint(edit->change.ctx, "make one of it: gvt define --type %s --uuid %s",
		 gvt_short_type_name(vgpu->type_name), vgpu->uuid);
	return -ENOTSUP;
}

/* Begins one that changes the definition, with a copy of it to change. */
static int begin(struct edit *edit, struct gvt_vgpu *vgpu, unsigned int flags)
{
	int err = gvt_change_begin(&edit->change, vgpu, flags);

	if (!err)
		err = check_defined(edit);
	if (!err)
		err = gvt_definition_copy(edit->change.vgpu->def, &edit->after);
	return err;
}

static int end(struct edit *edit, int err)
{
	if (!err)
		err = run(edit);
	gvt_definition_unref(edit->after);
	return gvt_change_end(&edit->change, err);
}

static int check_name(struct edit *edit)
{
	const char *name = gvt_definition_get_name(edit->after);

	return name ? gvt_check_name_free(edit->change.ctx, name, edit->change.vgpu->uuid) : 0;
}

int gvt_rename(struct gvt_vgpu *vgpu, const char *name, unsigned int flags)
{
	struct edit edit = { .after = NULL };
	int err = begin(&edit, vgpu, flags);

	if (!err)
		err = gvt_definition_set_name(edit.after, name);
	if (!err)
		err = check_name(&edit);
	return end(&edit, err);
}

int gvt_set_autostart(struct gvt_vgpu *vgpu, bool autostart, unsigned int flags)
{
	struct edit edit = { .after = NULL };
	int err = begin(&edit, vgpu, flags);

	if (!err)
		err = gvt_definition_set_autostart(edit.after, autostart);
	return end(&edit, err);
}

/* --- a whole definition ----------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* What other changes keep in step with the domain, or with the file's name, stays. */
static int check_kept(struct edit *edit)
{
	struct gvt_definition *old = edit->change.vgpu->def, *after = edit->after;
	struct gvt_ctx *ctx = edit->change.ctx;

	if (!same_text(gvt_definition_get_uuid(old), gvt_definition_get_uuid(after))) {
		gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL, "the UUID of a vGPU can't be changed");
		gvt_hint(ctx, "make another one with that UUID: gvt define");
		return -EINVAL;
	}
	if (!same_text(gvt_definition_get_domain(old), gvt_definition_get_domain(after)) ||
	    !same_text(gvt_definition_get_domain_uuid(old),
		       gvt_definition_get_domain_uuid(after))) {
		gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL,
			  "the domain is not changed here: its own configuration belongs to it");
		gvt_hint(ctx, "use gvt attach and gvt detach");
		return -EINVAL;
	}
	return 0;
}

int gvt_redefine(struct gvt_vgpu *vgpu, struct gvt_definition *def, unsigned int flags)
{
	struct edit edit = { .after = NULL };
	int err = begin(&edit, vgpu, flags);

	if (!err)
		err = gvt_definition_assign(edit.after, def);
	if (!err)
		err = check_kept(&edit);
	if (!err)
		err = check_name(&edit);
	if (!err)
		err = gvt_complete_type(edit.change.ctx, edit.after);
	if (!err && edit.change.vgpu->active)
		gvt_log(edit.change.ctx, LOG_NOTICE,
			"vGPU %s is on: it becomes what the definition says when it is started "
			"the next time",
			edit.change.vgpu->uuid);
	return end(&edit, err);
}

/* --- settings --------------------------------------------------------------------------------- */

/* What a setting becomes that is taken away; NULL when nobody says it. */
static const char *default_of(struct gvt_vgpu *vgpu, enum gvt_setting setting)
{
	struct gvt_type *type = gvt_vgpu_get_type(vgpu);

	if (setting == GVT_SETTING_CAP)
		return "100";
	if (setting == GVT_SETTING_DISPLAY)
		return "region";
	return type && type->setting[setting][0] ? type->setting[setting] : NULL;
}

static int fixed_by_type(struct edit *edit, enum gvt_setting setting)
{
	struct gvt_ctx *ctx = edit->change.ctx;

	gvt_error(ctx, GVT_ERROR_UNSUPPORTED, -ENOTSUP,
		  "the %s of vGPU %s is fixed by its type, as its driver is kvmgt",
		  gvt_setting_rules[setting].name, gvt_vgpu_title(edit->change.vgpu));
	gvt_hint(ctx, "load gvt.ko in its place, see gvt-module(5); --config changes the definition "
		      "alone");
	return -ENOTSUP;
}

static int set_now(struct edit *edit, enum gvt_setting setting, const char *plain)
{
	struct gvt_vgpu *vgpu = edit->change.vgpu;
	const char *text = plain ? plain : default_of(vgpu, setting);

	if (!edit->before.text[setting])
		return fixed_by_type(edit, setting);
	edit->now.text[setting] = text;
	return 0;
}

/* Where a value goes: into the definition, and into the active vGPU if that can take it now. */
static int take_value(struct edit *edit, const struct gvt_value *value, unsigned int flags)
{
	const struct gvt_setting_rule *rule = &gvt_setting_rules[value->setting];
	struct gvt_vgpu *vgpu = edit->change.vgpu;
	int err = 0;

	if (edit->after)
		err = gvt_definition_set_setting(edit->after, value->setting, value->text);
	if (err || !vgpu->active || (flags & GVT_CONFIG))
		return err;
	if (rule->any_time || !edit->after)
		return set_now(edit, value->setting, value->text);
	gvt_log(edit->change.ctx, LOG_NOTICE, "the %s of vGPU %s changes when it is started the next time",
		rule->name, vgpu->uuid);
	return 0;
}

static int check_setting(struct edit *edit, const struct gvt_value *value)
{
	if ((unsigned int)value->setting < GVT_SETTING_COUNT)
		return 0;
	return gvt_error(edit->change.ctx, GVT_ERROR_MISUSE, -EINVAL, "there is no setting %d",
			 value->setting);
}

/* The plain forms live as long as the edit: the steps use them. */
static int take_values(struct edit *edit, const struct gvt_value *values, size_t count,
		       char (*plain)[GVT_SETTING_MAX], unsigned int flags)
{
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		struct gvt_value value = values[i];

		err = check_setting(edit, &value);
		if (err)
			break;
		if (value.text) {
			if (gvt_setting_plain(value.setting, value.text, plain[value.setting]))
				return gvt_error(edit->change.ctx, GVT_ERROR_MISUSE, -EINVAL,
						 "%s '%.80s' is not %s",
						 gvt_setting_rules[value.setting].name, value.text,
						 gvt_setting_rules[value.setting].form);
			value.text = plain[value.setting];
		}
		err = take_value(edit, &value, flags);
	}
	return err;
}

static int check_reachable(struct edit *edit, unsigned int flags)
{
	struct gvt_vgpu *vgpu = edit->change.vgpu;
	struct gvt_ctx *ctx = edit->change.ctx;

	if ((flags & GVT_LIVE) && !vgpu->active) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP, "vGPU %s is off", gvt_vgpu_title(vgpu));
		gvt_hint(ctx, "start it: gvt start %s; or leave out --live", vgpu->uuid);
		return -ENOTSUP;
	}
	return flags & GVT_CONFIG ? check_defined(edit) : 0;
}

int gvt_set(struct gvt_vgpu *vgpu, const struct gvt_value *values, size_t count,
	    unsigned int flags)
{
	char plain[GVT_SETTING_COUNT][GVT_SETTING_MAX];
	struct edit edit = { .after = NULL };
	int err = gvt_change_begin(&edit.change, vgpu, flags);

	if (!err)
		err = check_reachable(&edit, flags);
	if (!err)
		err = gvt_vgpu_settings(edit.change.vgpu, &edit.before);
	if (!err && edit.change.vgpu->def && !(flags & GVT_LIVE))
		err = gvt_definition_copy(edit.change.vgpu->def, &edit.after);
	if (!err)
		err = take_values(&edit, values, count, plain, flags);
	return end(&edit, err);
}
