// SPDX-License-Identifier: LGPL-2.1-or-later
/* mdevctl's definitions. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "definition.h"
#include "files.h"
#include "json.h"
#include "mdevctl.h"
#include "snapshot.h"
#include "value.h"

#define FILE_MAX_LEN 65536
#define ATTRS_MAX    64

/* --- reading ---------------------------------------------------------------------------------- */

static void take_attributes(struct gvt_definition *def, struct json_object *attrs)
{
	size_t count = json_object_is_type(attrs, json_type_array) ?
			       json_object_array_length(attrs) :
			       0;

	for (size_t i = 0; i < count && i < ATTRS_MAX; i++) {
		struct json_object *one = json_object_array_get_idx(attrs, i);

		if (!json_object_is_type(one, json_type_object))
			continue;
		json_object_object_foreach(one, name, value)
			gvt_definition_take_attribute(def, name, json_object_get_string(value));
	}
}

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(object, name, &value) &&
			       json_object_is_type(value, json_type_string) ?
		       json_object_get_string(value) :
		       NULL;
}

/* Returns 1 when it is another driver's. */
static int fill(struct gvt_definition *def, struct json_object *object, const char *gpu,
		const char *uuid)
{
	const char *type = member(object, "mdev_type"), *start = member(object, "start");
	struct json_object *attrs;

	if (!type || !gvt_is_gvt_type(type))
		return type ? 1 : -EBADMSG;
	if (gvt_definition_set_type(def, type) || gvt_definition_set_gpu(def, gpu) ||
	    gvt_definition_set_uuid(def, uuid) ||
	    gvt_definition_set_autostart(def, start && !strcmp(start, "auto")))
		return -EBADMSG;
	if (json_object_object_get_ex(object, "attrs", &attrs))
		take_attributes(def, attrs);
	return 0;
}

static int read_json(const char *path, struct json_object **object)
{
	char *text = malloc(FILE_MAX_LEN + 1);
	struct json_tokener *parser;
	size_t length = 0;
	int err;

	*object = NULL;
	if (!text)
		return -ENOMEM;
	err = gvt_read_bytes(path, text, FILE_MAX_LEN, &length);
	parser = err ? NULL : json_tokener_new();
	if (parser) {
		*object = json_tokener_parse_ex(parser, text, (int)length);
		json_tokener_free(parser);
	}
	free(text);
	if (err)
		return err;
	if (json_object_is_type(*object, json_type_object))
		return 0;
	json_object_put(*object);
	*object = NULL;
	return -EBADMSG;
}

/* Returns 1 when it is another driver's. */
static int read_one(struct gvt_ctx *ctx, const char *gpu, const char *uuid,
		    struct gvt_definition **def)
{
	char *path = gvt_path(ctx, GVT_MDEVCTL_FOLDER "/%s/%s", gpu, uuid);
	struct json_object *object = NULL;
	int err = path ? read_json(path, &object) : -ENOMEM;

	*def = NULL;
	if (!err)
		err = gvt_definition_new(ctx, def);
	if (!err)
		err = fill(*def, object, gpu, uuid);
	if (err < 0 && err != -ENOMEM)
		gvt_log(ctx, LOG_WARNING, "%s is left out: it is no definition of mdevctl", path);
	json_object_put(object);
	free(path);
	return err;
}

static int each_of_parent(struct gvt_ctx *ctx, const char *parent,
			  int (*fn)(void *data, struct gvt_definition *def), void *data)
{
	struct gvt_names names;
	int ret = gvt_list_folder(ctx, &names, GVT_MDEVCTL_FOLDER "/%s", parent);

	if (ret && ret != -ENOMEM)
		ret = 0;
	for (size_t i = 0; !ret && i < names.count; i++) {
		struct gvt_definition *def;

		if (!gvt_valid_uuid(names.name[i]))
			continue;
		ret = read_one(ctx, parent, names.name[i], &def);
		if (!ret)
			ret = fn(data, def);
		else if (ret != -ENOMEM)
			ret = 0;
		gvt_definition_unref(def);
	}
	gvt_names_free(&names);
	return ret;
}

int gvt_mdevctl_each(struct gvt_ctx *ctx, int (*fn)(void *data, struct gvt_definition *def),
		     void *data)
{
	struct gvt_names parents;
	int ret = gvt_list_folder(ctx, &parents, GVT_MDEVCTL_FOLDER);

	if (ret && ret != -ENOMEM)
		ret = 0;
	for (size_t i = 0; !ret && i < parents.count; i++)
		if (gvt_valid_address(parents.name[i]))
			ret = each_of_parent(ctx, parents.name[i], fn, data);
	gvt_names_free(&parents);
	return ret;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* An array of objects with one member each keeps the order in which they are written. */
static bool add_settings(struct json_object *attrs, struct gvt_definition *def)
{
	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		const char *text = gvt_definition_get_setting(def, i);
		struct json_object *one = text ? json_object_new_object() : NULL;
		char name[32];

		if (!text)
			continue;
		snprintf(name, sizeof(name), GVT_ATTRIBUTES "%s", gvt_setting_rules[i].attribute);
		if (!one || !gvt_json_add_text(one, name, text) || json_object_array_add(attrs, one) < 0) {
			json_object_put(one);
			return false;
		}
	}
	return true;
}

char *gvt_mdevctl_json(struct gvt_definition *def)
{
	struct json_object *object = json_object_new_object(), *attrs = json_object_new_array();
	const char *start = gvt_definition_get_autostart(def) ? "auto" : "manual";
	char *text = NULL;

	if (object && attrs && gvt_json_add_text(object, "mdev_type", gvt_definition_get_type(def)) &&
	    gvt_json_add_text(object, "start", start) && add_settings(attrs, def) &&
	    json_object_object_add(object, "attrs", attrs) == 0) {
		attrs = NULL; /* it belongs to the object now */
		if (asprintf(&text, "%s\n",
			     json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
									    JSON_C_TO_STRING_SPACED |
									    JSON_C_TO_STRING_NOSLASHESCAPE)) <
		    0)
			text = NULL;
	}
	json_object_put(attrs);
	json_object_put(object);
	return text;
}
