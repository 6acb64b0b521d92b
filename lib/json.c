// SPDX-License-Identifier: LGPL-2.1-or-later
/* Objects as JSON; the form is described in gvt(1) and changes with GVT_JSON_VERSION only. */
#include <json-c/json.h>
#include <stdlib.h>

#include "json.h"
#include "plan.h"
#include "snapshot.h"

bool gvt_json_add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) == 0)
		return true;
	json_object_put(value);
	return false;
}

bool gvt_json_add_text(struct json_object *object, const char *key, const char *text)
{
	struct json_object *value = text ? json_object_new_string(text) : NULL;

	return (value || !text) && gvt_json_add(object, key, value);
}

static bool add_number(struct json_object *object, const char *key, uint64_t number)
{
	struct json_object *value = json_object_new_uint64(number);

	return value && gvt_json_add(object, key, value);
}

/* 0 is how the library says that it does not know. */
static bool add_known(struct json_object *object, const char *key, uint64_t number)
{
	return number ? add_number(object, key, number) : gvt_json_add(object, key, NULL);
}

static bool add_bool(struct json_object *object, const char *key, bool truth)
{
	struct json_object *value = json_object_new_boolean(truth);

	return value && gvt_json_add(object, key, value);
}

static struct json_object *complete(struct json_object *object, bool ok)
{
	if (ok)
		return object;
	json_object_put(object);
	return NULL;
}

struct json_object *gvt_json_new(void)
{
	struct json_object *object = json_object_new_object();

	return object ? complete(object, add_number(object, "version", GVT_JSON_VERSION)) : NULL;
}

static bool add_types(struct json_object *object, struct gvt_gpu *gpu)
{
	struct json_object *types = json_object_new_array();
	struct gvt_type *type;

	if (!types)
		return false;
	gvt_type_foreach(gpu, type) {
		struct json_object *name = json_object_new_string(gvt_type_get_short_name(type));

		if (!name || json_object_array_add(types, name) < 0) {
			json_object_put(name);
			json_object_put(types);
			return false;
		}
	}
	return gvt_json_add(object, "types", types);
}

struct json_object *gvt_gpu_to_json(struct gvt_gpu *gpu)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	return complete(object,
			gvt_json_add_text(object, "address", gvt_gpu_get_name(gpu)) &&
				add_known(object, "device_id", gvt_gpu_get_device_id(gpu)) &&
				gvt_json_add_text(object, "platform", gvt_gpu_get_platform(gpu)) &&
				add_known(object, "generation", gvt_gpu_get_generation(gpu)) &&
				gvt_json_add_text(object, "driver", gvt_gpu_get_driver(gpu)) &&
				add_known(object, "aperture", gvt_gpu_get_aperture(gpu)) &&
				gvt_json_add_text(object, "state", gvt_gpu_get_state_name(gpu)) &&
				gvt_json_add_text(object, "reason", gvt_gpu_get_reason(gpu)) &&
				gvt_json_add_text(object, "advice", gvt_gpu_get_advice(gpu)) &&
				add_number(object, "active", gvt_gpu_get_active(gpu)) &&
				add_types(object, gpu));
}

struct json_object *gvt_type_to_json(struct gvt_type *type)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	return complete(object,
			gvt_json_add_text(object, "name", gvt_type_get_short_name(type)) &&
				gvt_json_add_text(object, "type", gvt_type_get_name(type)) &&
				gvt_json_add_text(object, "gpu", gvt_gpu_get_name(type->gpu)) &&
				add_number(object, "available", gvt_type_get_available(type)) &&
				add_known(object, "aperture", gvt_type_get_aperture(type)) &&
				add_known(object, "hidden", gvt_type_get_hidden(type)) &&
				add_known(object, "fences", gvt_type_get_fences(type)) &&
				gvt_json_add_text(object, "resolution", gvt_type_get_resolution(type)) &&
				add_known(object, "weight", gvt_type_get_weight(type)));
}

static bool add_user(struct json_object *object, struct gvt_vgpu *vgpu)
{
	char *who = NULL;
	bool ok = gvt_vgpu_get_user(vgpu, &who) >= 0 && gvt_json_add_text(object, "user", who);

	free(who);
	return ok;
}

static bool add_settings(struct json_object *object, struct gvt_vgpu *vgpu)
{
	bool ok = true;

	for (int i = 0; ok && i < GVT_SETTING_COUNT; i++) {
		const char *text = gvt_vgpu_get_setting(vgpu, i);
		uint64_t number = text ? gvt_setting_number(i, text) : 0;
		bool is_text = i == GVT_SETTING_RESOLUTION || i == GVT_SETTING_DISPLAY;

		ok = is_text ? gvt_json_add_text(object, gvt_setting_rules[i].name, text) :
			       add_known(object, gvt_setting_rules[i].name, number);
	}
	return ok;
}

struct json_object *gvt_vgpu_to_json(struct gvt_vgpu *vgpu)
{
	struct json_object *object = json_object_new_object();
	const char *type = gvt_vgpu_get_type_name(vgpu);

	if (!object)
		return NULL;
	return complete(object,
			gvt_json_add_text(object, "uuid", gvt_vgpu_get_uuid(vgpu)) &&
				gvt_json_add_text(object, "name", gvt_vgpu_get_name(vgpu)) &&
				gvt_json_add_text(object, "type", type) &&
				gvt_json_add_text(object, "gpu", gvt_vgpu_get_gpu_name(vgpu)) &&
				gvt_json_add_text(object, "domain", gvt_vgpu_get_domain(vgpu)) &&
				add_settings(object, vgpu) &&
				add_bool(object, "active", gvt_vgpu_is_active(vgpu)) &&
				add_bool(object, "persistent", gvt_vgpu_is_defined(vgpu)) &&
				add_bool(object, "autostart", gvt_vgpu_is_autostart(vgpu)) &&
				add_user(object, vgpu));
}

static bool append(struct json_object *array, struct json_object *element)
{
	if (element && json_object_array_add(array, element) == 0)
		return true;
	json_object_put(element);
	return false;
}

static struct json_object *piece_to_json(const struct gvt_plan_piece *piece)
{
	static const char *const uses[] = { "host", "free", "active", "wish" };
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	return complete(object, add_number(object, "start", piece->start) &&
					add_number(object, "size", piece->size) &&
					gvt_json_add_text(object, "use", uses[piece->use]) &&
					gvt_json_add_text(object, "title",
						 piece->title[0] ? piece->title : NULL));
}

static bool add_pieces(struct json_object *object, const char *key, struct gvt_plan *plan,
		       enum gvt_plan_view view, enum gvt_plan_resource resource)
{
	struct json_object *pieces = json_object_new_array();
	struct gvt_plan_piece piece;
	bool ok = pieces;

	for (unsigned int i = 0; ok && !gvt_plan_get_piece(plan, view, resource, i, &piece); i++)
		ok = append(pieces, piece_to_json(&piece));
	if (ok)
		return gvt_json_add(object, key, pieces);
	json_object_put(pieces);
	return false;
}

static bool add_view(struct json_object *object, const char *key, struct gvt_plan *plan,
		     enum gvt_plan_view view)
{
	static const char *const answers[] = { "fits", "does not fit", "uncertain" };
	struct json_object *side = json_object_new_object();
	const char *reason = gvt_plan_get_reason(plan, view);

	if (!side)
		return false;
	if (gvt_json_add_text(side, "answer", answers[gvt_plan_get_answer(plan, view)]) &&
	    gvt_json_add_text(side, "reason", reason[0] ? reason : NULL) &&
	    add_number(side, "placed", gvt_plan_get_placed(plan, view)) &&
	    add_pieces(side, "aperture", plan, view, GVT_PLAN_APERTURE) &&
	    add_pieces(side, "hidden", plan, view, GVT_PLAN_HIDDEN) &&
	    add_pieces(side, "fences", plan, view, GVT_PLAN_FENCES))
		return gvt_json_add(object, key, side);
	json_object_put(side);
	return false;
}

/* @which: the wishes, the order to start them in, or what fits in their place. */
static bool add_wishes(struct json_object *object, const char *which, struct gvt_plan *plan)
{
	struct json_object *array = json_object_new_array();
	bool ok = array;

	for (unsigned int i = 0; ok && i < gvt_plan_get_count(plan); i++) {
		struct gvt_type *type = gvt_plan_get_nearest(plan, i, NULL);
		char text[128];

		if (which[0] == 'o')
			ok = append(array, json_object_new_uint64(gvt_plan_get_order(plan, i)));
		else if (which[0] == 'w')
			ok = append(array, json_object_new_string(gvt_plan_get_wish(
						   plan, i, text, sizeof(text))));
		else if (type)
			ok = append(array, json_object_new_string(gvt_type_get_short_name(type)));
		else
			ok = json_object_array_add(array, NULL) == 0;
	}
	if (ok)
		return gvt_json_add(object, which, array);
	json_object_put(array);
	return false;
}

struct json_object *gvt_plan_to_json(struct gvt_plan *plan)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	return complete(object, gvt_json_add_text(object, "gpu", plan->gpu->name) &&
					add_wishes(object, "wishes", plan) &&
					add_view(object, "now", plan, GVT_PLAN_NOW) &&
					add_view(object, "empty", plan, GVT_PLAN_EMPTY) &&
					add_wishes(object, "order", plan) &&
					add_bool(object, "order_helps", gvt_plan_order_helps(plan)) &&
					add_wishes(object, "nearest", plan));
}
