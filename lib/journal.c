// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a change was about to do, and undoing one that was interrupted. */
#include <errno.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "definition.h"
#include "domain.h"
#include "files.h"
#include "journal.h"
#include "json.h"
#include "mdev.h"
#include "snapshot.h"
#include "store.h"

#define JOURNAL_MAX (4 * GVT_DEFINITION_MAX)

static const struct place {
	const char *folder, *file;
} places[] = {
	[GVT_JOURNAL_ALL] = { GVT_STORE_FOLDER, GVT_STORE_FOLDER "/.pending" },
	[GVT_JOURNAL_DEVICE] = { "/run/gvt", "/run/gvt/pending" },
};

/* --- writing ---------------------------------------------------------------------------------- */

static bool add_object(struct json_object *object, const char *name, struct json_object *value, bool ok)
{
	if (value && ok)
		return gvt_json_add(object, name, value);
	json_object_put(value);
	return false;
}

static bool add_device(struct json_object *object, struct gvt_vgpu *vgpu)
{
	struct json_object *device = json_object_new_object(), *settings = json_object_new_object();
	struct gvt_settings now;
	bool ok = device && settings && !gvt_vgpu_settings(vgpu, &now) &&
		  gvt_json_add_text(device, "gpu", vgpu->gpu_name) && gvt_json_add_text(device, "type", vgpu->type_name);

	for (int i = 0; ok && i < GVT_SETTING_COUNT; i++)
		ok = !now.text[i] || gvt_json_add_text(settings, gvt_setting_rules[i].name, now.text[i]);
	if (!ok) {
		json_object_put(settings);
		json_object_put(device);
		return false;
	}
	ok = add_object(device, "settings", settings, true);
	return add_object(object, "device", device, ok);
}

static bool add_definition(struct json_object *object, struct gvt_definition *def)
{
	char *xml;
	bool ok;

	if (gvt_definition_to_xml(def, &xml))
		return false;
	ok = gvt_json_add_text(object, "definition", xml);
	free(xml);
	return ok;
}

static bool add_domain(struct json_object *object, const char *uuid, const char *element)
{
	struct json_object *domain = json_object_new_object();

	return add_object(object, "domain", domain,
			  domain && gvt_json_add_text(domain, "uuid", uuid) &&
				  gvt_json_add_text(domain, "element", element));
}

static int write_journal(struct gvt_ctx *ctx, enum gvt_journal_scope scope, struct json_object *object)
{
	char *folder = gvt_path(ctx, "%s", places[scope].folder);
	char *path = gvt_path(ctx, "%s", places[scope].file);
	const char *text = json_object_to_json_string(object);
	int err;

	if (!folder || !path || !text) {
		err = gvt_no_memory(ctx);
	} else {
		err = gvt_make_folders(ctx, places[scope].folder);
		if (!err)
			err = gvt_replace_file(folder, path, text);
		if (err)
			gvt_file_error(ctx, err, "write", path);
	}
	free(path);
	free(folder);
	return err;
}

/* A signal that ends the program would leave half a change behind: it waits. */
static void hold_signals(struct gvt_ctx *ctx)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, &ctx->signals);
}

static void let_signals_come(struct gvt_ctx *ctx)
{
	pthread_sigmask(SIG_SETMASK, &ctx->signals, NULL);
}

/* What gvt_journal_recover() has left there waits for libvirt. */
static int check_none_left(struct gvt_ctx *ctx, enum gvt_journal_scope scope)
{
	char *path = gvt_path(ctx, "%s", places[scope].file);
	int err = 0;

	if (!path) {
		err = gvt_no_memory(ctx);
	} else if (!access(path, F_OK)) {
		err = gvt_error(ctx, GVT_ERROR_FAILED, -EBUSY,
				"an earlier change was interrupted, and what it did to a libvirt domain is not undone yet");
		gvt_hint(ctx, "start libvirt (systemctl start libvirtd), then try again");
	}
	free(path);
	return err;
}

int gvt_journal_begin(struct gvt_ctx *ctx, enum gvt_journal_scope scope, const char *uuid,
		      struct gvt_vgpu *before, const char *domain, const char *element)
{
	struct json_object *object;
	int err = check_none_left(ctx, scope);

	if (err)
		return err;
	object = json_object_new_object();
	hold_signals(ctx);

	if (!object || !gvt_json_add_text(object, "uuid", uuid) ||
	    (before && before->def && !add_definition(object, before->def)) ||
	    (before && before->active && !add_device(object, before)) ||
	    (domain && !add_domain(object, domain, element)))
		err = gvt_no_memory(ctx);
	else
		err = write_journal(ctx, scope, object);
	json_object_put(object);
	if (err)
		let_signals_come(ctx);
	return err;
}

static void remove_journal(struct gvt_ctx *ctx, enum gvt_journal_scope scope)
{
	char *path = gvt_path(ctx, "%s", places[scope].file);
	char *folder = gvt_path(ctx, "%s", places[scope].folder);

	if (path && folder && !unlink(path))
		gvt_sync_folder(folder);
	free(path);
	free(folder);
}

void gvt_journal_end(struct gvt_ctx *ctx, enum gvt_journal_scope scope, bool whole)
{
	if (whole)
		remove_journal(ctx, scope);
	let_signals_come(ctx);
}

/* --- undoing ---------------------------------------------------------------------------------- */

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(object, name, &value) ? json_object_get_string(value) : NULL;
}

/* NULL in @object when there is none; *broken when nobody can make sense of it. */
static int read_journal(struct gvt_ctx *ctx, enum gvt_journal_scope scope, struct json_object **object,
			bool *broken)
{
	char *path = gvt_path(ctx, "%s", places[scope].file), *text = malloc(JOURNAL_MAX + 1);
	size_t length = 0;
	int err = path && text ? gvt_read_bytes(path, text, JOURNAL_MAX, &length) : gvt_no_memory(ctx);

	*object = NULL;
	*broken = err == -EFBIG;
	if (!err) {
		text[length] = '\0';
		*object = json_tokener_parse(text);
		*broken = !*object || !member(*object, "uuid") || !gvt_valid_uuid(member(*object, "uuid"));
	} else if (err == -ENOENT || err == -EFBIG) {
		err = 0;
	} else if (err != -ENOMEM) {
		gvt_file_error(ctx, err, "read", path);
	}
	free(text);
	free(path);
	return err;
}

static void undo_definition(struct gvt_ctx *ctx, struct json_object *object, const char *uuid)
{
	const char *xml = member(object, "definition");
	struct gvt_definition *def;
	int err;

	if (!xml) {
		err = gvt_store_remove(ctx, uuid);
	} else {
		err = gvt_definition_from_xml(ctx, xml, strlen(xml), &def);
		if (!err)
			err = gvt_store_write(ctx, def);
		gvt_definition_unref(def);
	}
	if (err)
		gvt_log(ctx, LOG_WARNING, "%s", gvt_get_error(ctx));
}

static void take_settings(struct json_object *device, struct gvt_settings *settings)
{
	struct json_object *texts = NULL;

	json_object_object_get_ex(device, "settings", &texts);
	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		settings->text[i] = texts ? member(texts, gvt_setting_rules[i].name) : NULL;
		if (settings->text[i] && !gvt_setting_rules[i].valid(settings->text[i]))
			settings->text[i] = NULL;
	}
}

/* One that is on and was on before: what can change at any time is what it was. */
static int undo_settings(struct gvt_ctx *ctx, struct gvt_vgpu *vgpu, const struct gvt_settings *before)
{
	struct gvt_settings now;
	int err = gvt_vgpu_settings(vgpu, &now);

	for (int i = 0; !err && i < GVT_SETTING_COUNT; i++)
		if (before->text[i] && now.text[i] && strcmp(before->text[i], now.text[i]))
			err = gvt_mdev_set(ctx, vgpu->uuid, i, before->text[i]);
	return err;
}

static void undo_device(struct gvt_ctx *ctx, struct json_object *object, const char *uuid)
{
	struct gvt_vgpu *vgpu = gvt_vgpu_by_uuid(ctx, uuid);
	struct json_object *device = NULL;
	struct gvt_settings settings;
	bool on = vgpu && vgpu->active;
	int err = 0;

	if (json_object_object_get_ex(object, "device", &device)) {
		const char *gpu = member(device, "gpu"), *type = member(device, "type");

		take_settings(device, &settings);
		if (on)
			err = undo_settings(ctx, vgpu, &settings);
		else if (gpu && type && gvt_valid_address(gpu) && gvt_valid_type(type))
			err = gvt_mdev_start(ctx, gpu, type, uuid, &settings);
	} else if (on) {
		err = gvt_vgpu_check_unused(vgpu);
		if (!err)
			err = gvt_mdev_remove(ctx, uuid);
	}
	if (err)
		gvt_log(ctx, LOG_WARNING, "%s", gvt_get_error(ctx));
}

/* Returns true when there is nothing left to be done. */
static bool undo_domain(struct gvt_ctx *ctx, struct json_object *object, const char *uuid, bool libvirt)
{
	struct json_object *part;
	struct gvt_domain *domain;
	const char *element;
	int err;

	if (!json_object_object_get_ex(object, "domain", &part) || !member(part, "uuid"))
		return true;
	if (!libvirt)
		return false;
	err = gvt_domain_open(ctx, member(part, "uuid"), &domain);
	if (err)
		return err != -ENOTCONN && err != -EACCES;
	element = member(part, "element");
	err = gvt_domain_make(domain, uuid, element);
	gvt_domain_close(domain);
	/* It would not take it the next time either, and no change could be made any more. */
	if (err)
		gvt_log(ctx, LOG_WARNING, "%s", gvt_get_error(ctx));
	return true;
}

/* Of what was done, the domain's part alone is left. */
static void keep_domain_part(struct gvt_ctx *ctx, struct json_object *object)
{
	gvt_log(ctx, LOG_WARNING,
		"what a change that was interrupted did to a domain is undone by the next one, when libvirt "
		"is there");
	json_object_object_add(object, "done", json_object_new_boolean(1));
	write_journal(ctx, GVT_JOURNAL_ALL, object);
}

static int undo(struct gvt_ctx *ctx, enum gvt_journal_scope scope, struct json_object *object,
		bool libvirt)
{
	const char *uuid = member(object, "uuid");
	struct json_object *done;
	int err = gvt_scan(ctx);

	if (err)
		return err;
	if (!json_object_object_get_ex(object, "done", &done)) {
		gvt_log(ctx, LOG_WARNING, "a change of vGPU %s was interrupted, and is undone", uuid);
		undo_device(ctx, object, uuid);
		if (scope == GVT_JOURNAL_ALL)
			undo_definition(ctx, object, uuid);
	}
	if (undo_domain(ctx, object, uuid, libvirt))
		remove_journal(ctx, scope);
	else
		keep_domain_part(ctx, object);
	gvt_clear_error(ctx);
	return 0;
}

static int recover(struct gvt_ctx *ctx, enum gvt_journal_scope scope, bool libvirt)
{
	struct json_object *object;
	bool broken;
	int err = read_journal(ctx, scope, &object, &broken);

	if (broken) {
		gvt_log(ctx, LOG_WARNING, "%s%s can't be read and is removed", ctx->root,
			places[scope].file);
		remove_journal(ctx, scope);
	} else if (object) {
		err = undo(ctx, scope, object, libvirt);
	}
	json_object_put(object);
	return err;
}

int gvt_journal_recover(struct gvt_ctx *ctx, bool libvirt)
{
	int err = recover(ctx, GVT_JOURNAL_DEVICE, libvirt);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		gvt_remove_temporary(ctx, places[i].folder);
	return err ? err : recover(ctx, GVT_JOURNAL_ALL, libvirt);
}
