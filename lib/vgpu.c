// SPDX-License-Identifier: LGPL-2.1-or-later
/* vGPUs: what is active in sysfs, joined by UUID with what is defined in /etc. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uuid/uuid.h>

#include "definition.h"
#include "snapshot.h"
#include "store.h"
#include "files.h"
#include "value.h"

#define UUID_LEN	36
#define UUID_PREFIX_MIN 4
#define MDEVS		"/sys/bus/mdev/devices"

static struct gvt_vgpu *find_exact(struct gvt_snapshot *snapshot, const char *uuid)
{
	for (struct gvt_vgpu *vgpu = snapshot->vgpus; vgpu; vgpu = vgpu->next)
		if (!strcasecmp(vgpu->uuid, uuid))
			return vgpu;
	return NULL;
}

/* The one with this UUID, added in order if it is not listed yet; NULL without memory. */
static struct gvt_vgpu *find_or_add(struct gvt_snapshot *snapshot, const char *uuid)
{
	struct gvt_vgpu *vgpu = find_exact(snapshot, uuid), **at;

	if (vgpu)
		return vgpu;
	vgpu = calloc(1, sizeof(*vgpu));
	if (!vgpu)
		return NULL;
	vgpu->snapshot = snapshot;
	memcpy(vgpu->uuid, uuid, UUID_LEN);
	for (at = &snapshot->vgpus; *at && strcmp((*at)->uuid, uuid) < 0; at = &(*at)->next)
		;
	vgpu->next = *at;
	*at = vgpu;
	return vgpu;
}

static int add_active(struct gvt_snapshot *snapshot, const char *uuid, const char *gpu_name,
		      const char *type_name)
{
	struct gvt_vgpu *vgpu = find_or_add(snapshot, uuid);

	if (!vgpu)
		return -ENOMEM;
	if (vgpu->active)
		return 0;
	vgpu->active = true;
	vgpu->gpu_name = strdup(gpu_name);
	vgpu->type_name = strdup(type_name);
	return vgpu->gpu_name && vgpu->type_name ? 0 : -ENOMEM;
}

/*
 * An active device's type is a link that ends in PARENT/mdev_supported_types/TYPE. Other drivers'
 * mdevs live in the same folder and are none of ours.
 */
static int read_active(struct gvt_snapshot *snapshot, const char *uuid)
{
	char *link, target[PATH_MAX], *type, *folder, *parent;
	uuid_t binary;
	int err = 0;

	if (uuid_parse(uuid, binary) < 0)
		return 0;
	link = gvt_path(snapshot->ctx, MDEVS "/%s/mdev_type", uuid);
	if (!link)
		return -ENOMEM;
	if (realpath(link, target) && (type = strrchr(target, '/'))) {
		*type++ = '\0';
		folder = strrchr(target, '/');
		if (folder && !strcmp(folder, "/mdev_supported_types") && gvt_is_gvt_type(type)) {
			*folder = '\0';
			parent = strrchr(target, '/');
			if (parent)
				err = add_active(snapshot, uuid, parent + 1, type);
		}
	}
	free(link);
	return err;
}

static int read_all_active(struct gvt_snapshot *snapshot)
{
	struct gvt_names names;
	int err;

	err = gvt_list_folder(snapshot->ctx, &names, MDEVS);
	for (size_t i = 0; !err && i < names.count; i++)
		err = read_active(snapshot, names.name[i]);
	gvt_names_free(&names);
	return err;
}

static int read_all_defined(struct gvt_snapshot *snapshot)
{
	struct gvt_names uuids;
	int err;

	err = gvt_store_list(snapshot->ctx, &uuids);
	for (size_t i = 0; !err && i < uuids.count; i++) {
		struct gvt_definition *def;
		struct gvt_vgpu *vgpu;

		/* A broken file must not hide the others; who asks for this one is told. */
		if (gvt_store_read(snapshot->ctx, uuids.name[i], &def) < 0) {
			gvt_log(snapshot->ctx, LOG_WARNING, "%s", gvt_get_error(snapshot->ctx));
			gvt_clear_error(snapshot->ctx);
			continue;
		}
		vgpu = find_or_add(snapshot, uuids.name[i]);
		if (vgpu) {
			vgpu->def = def;
			gvt_definition_adopt(def);
		} else {
			gvt_definition_unref(def);
			err = -ENOMEM;
		}
	}
	gvt_names_free(&uuids);
	return err;
}

int gvt_vgpus_read(struct gvt_snapshot *snapshot)
{
	int err = read_all_active(snapshot);

	if (!err)
		err = read_all_defined(snapshot);
	for (struct gvt_gpu *gpu = snapshot->gpus; !err && gpu; gpu = gpu->next)
		for (struct gvt_vgpu *vgpu = snapshot->vgpus; vgpu; vgpu = vgpu->next)
			gpu->active += vgpu->active && !strcmp(vgpu->gpu_name, gpu->name);
	return err;
}

void gvt_vgpus_free(struct gvt_vgpu *vgpu)
{
	while (vgpu) {
		struct gvt_vgpu *next = vgpu->next;

		gvt_definition_drop(vgpu->def);
		free(vgpu->gpu_name);
		free(vgpu->type_name);
		for (int i = 0; i < GVT_SETTING_COUNT; i++)
			free(vgpu->setting[i]);
		free(vgpu);
		vgpu = next;
	}
}

struct gvt_vgpu *gvt_vgpu_get_first(struct gvt_ctx *ctx)
{
	struct gvt_snapshot *snapshot = gvt_snapshot_get(ctx);

	return snapshot ? snapshot->vgpus : NULL;
}

struct gvt_vgpu *gvt_vgpu_get_next(struct gvt_vgpu *vgpu)
{
	return vgpu->next;
}

struct gvt_vgpu *gvt_vgpu_ref(struct gvt_vgpu *vgpu)
{
	if (vgpu)
		gvt_snapshot_ref(vgpu->snapshot);
	return vgpu;
}

struct gvt_vgpu *gvt_vgpu_unref(struct gvt_vgpu *vgpu)
{
	if (vgpu)
		gvt_snapshot_unref(vgpu->snapshot);
	return NULL;
}

struct gvt_ctx *gvt_vgpu_get_ctx(struct gvt_vgpu *vgpu)
{
	return vgpu->snapshot->ctx;
}

struct gvt_vgpu *gvt_vgpu_by_uuid(struct gvt_ctx *ctx, const char *uuid)
{
	struct gvt_snapshot *snapshot = gvt_snapshot_get(ctx);

	return snapshot ? find_exact(snapshot, uuid) : NULL;
}

static bool has_name(struct gvt_vgpu *vgpu, const char *what)
{
	const char *name = gvt_vgpu_get_name(vgpu);

	return name && !strcmp(name, what);
}

static bool has_domain(struct gvt_vgpu *vgpu, const char *what)
{
	const char *domain = gvt_vgpu_get_domain(vgpu);
	const char *uuid = vgpu->def ? gvt_definition_get_domain_uuid(vgpu->def) : NULL;

	return (domain && !strcmp(domain, what)) || (uuid && !strcasecmp(uuid, what));
}

struct gvt_vgpu *gvt_vgpu_of_domain(struct gvt_ctx *ctx, const char *domain_uuid,
				    const char *except)
{
	struct gvt_vgpu *vgpu;

	gvt_vgpu_foreach(ctx, vgpu)
		if (has_domain(vgpu, domain_uuid) && strcmp(vgpu->uuid, except))
			return vgpu;
	return NULL;
}

static bool has_prefix(struct gvt_vgpu *vgpu, const char *what)
{
	size_t len = strlen(what);

	return len >= UUID_PREFIX_MIN && !strncasecmp(vgpu->uuid, what, len);
}

/* A name wins over a VM, and both over a piece of a UUID. */
int gvt_vgpu_find(struct gvt_ctx *ctx, const char *what, struct gvt_vgpu **out)
{
	static bool (*const fits[])(struct gvt_vgpu *, const char *) = {
		has_name,
		has_domain,
		has_prefix,
	};
	struct gvt_vgpu *vgpu;

	*out = NULL;
	if (!gvt_snapshot_get(ctx))
		return gvt_no_memory(ctx);
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		gvt_vgpu_foreach(ctx, vgpu) {
			if (!fits[i](vgpu, what))
				continue;
			if (*out) {
				int err = gvt_error(ctx, GVT_ERROR_MISUSE, -ENOTUNIQ,
						    "'%s' fits several vGPUs: %s, %s", what,
						    (*out)->uuid, vgpu->uuid);

				*out = NULL;
				gvt_hint(ctx, "name it by its whole UUID");
				return err;
			}
			*out = vgpu;
		}
		if (*out)
			return 0;
	}
	gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "there is no vGPU '%s'", what);
	gvt_hint(ctx, "see 'gvt list' for the UUIDs, names and VMs of those there are");
	return -ENOENT;
}

const char *gvt_vgpu_title(struct gvt_vgpu *vgpu)
{
	const char *name = gvt_vgpu_get_name(vgpu);

	if (!name)
		name = gvt_vgpu_get_domain(vgpu);
	return name ? name : vgpu->uuid;
}

const char *gvt_vgpu_get_uuid(struct gvt_vgpu *vgpu)
{
	return vgpu->uuid;
}

const char *gvt_vgpu_get_name(struct gvt_vgpu *vgpu)
{
	return vgpu->def ? gvt_definition_get_name(vgpu->def) : NULL;
}

const char *gvt_vgpu_get_domain(struct gvt_vgpu *vgpu)
{
	return vgpu->def ? gvt_definition_get_domain(vgpu->def) : NULL;
}

const char *gvt_vgpu_get_type_name(struct gvt_vgpu *vgpu)
{
	return vgpu->active ? vgpu->type_name : gvt_definition_get_type(vgpu->def);
}

const char *gvt_vgpu_get_short_type_name(struct gvt_vgpu *vgpu)
{
	return gvt_short_type_name(gvt_vgpu_get_type_name(vgpu));
}

const char *gvt_vgpu_get_gpu_name(struct gvt_vgpu *vgpu)
{
	return vgpu->active ? vgpu->gpu_name : gvt_definition_get_gpu(vgpu->def);
}

struct gvt_type *gvt_vgpu_get_type(struct gvt_vgpu *vgpu)
{
	const char *gpu_name = gvt_vgpu_get_gpu_name(vgpu);
	const char *type_name = gvt_vgpu_get_type_name(vgpu);

	for (struct gvt_gpu *gpu = vgpu->snapshot->gpus; gpu; gpu = gpu->next)
		if (gpu_name && type_name && !strcmp(gpu->name, gpu_name))
			return gvt_type_find(gpu, type_name);
	return NULL;
}

int gvt_vgpu_settings(struct gvt_vgpu *vgpu, struct gvt_settings *settings)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	char text[64];

	for (int i = 0; vgpu->active && !vgpu->settings_read && i < GVT_SETTING_COUNT; i++) {
		const struct gvt_setting_rule *rule = &gvt_setting_rules[i];

		if (gvt_read_attr(ctx, text, sizeof(text), MDEVS "/%s/gvt/%s", vgpu->uuid,
				  rule->attribute) ||
		    !rule->valid(text))
			continue;
		free(vgpu->setting[i]);
		vgpu->setting[i] = strdup(text);
		if (!vgpu->setting[i])
			return gvt_no_memory(ctx);
	}
	vgpu->settings_read = true;
	for (int i = 0; i < GVT_SETTING_COUNT; i++)
		settings->text[i] = vgpu->setting[i];
	return 0;
}

const char *gvt_vgpu_get_setting(struct gvt_vgpu *vgpu, enum gvt_setting setting)
{
	struct gvt_type *type = gvt_vgpu_get_type(vgpu);
	struct gvt_settings settings = { { NULL } };
	const char *defined = NULL;

	if ((unsigned int)setting >= GVT_SETTING_COUNT)
		return NULL;
	gvt_vgpu_settings(vgpu, &settings);
	if (settings.text[setting])
		return settings.text[setting];
	if (vgpu->def && !vgpu->active)
		defined = gvt_definition_get_setting(vgpu->def, setting);
	if (defined)
		return defined;
	return type && type->setting[setting][0] ? type->setting[setting] : NULL;
}

bool gvt_vgpu_is_active(struct gvt_vgpu *vgpu)
{
	return vgpu->active;
}

bool gvt_vgpu_is_defined(struct gvt_vgpu *vgpu)
{
	return vgpu->def != NULL;
}

bool gvt_vgpu_is_autostart(struct gvt_vgpu *vgpu)
{
	return vgpu->def && gvt_definition_get_autostart(vgpu->def);
}

struct gvt_definition *gvt_vgpu_get_definition(struct gvt_vgpu *vgpu)
{
	return vgpu->def;
}
