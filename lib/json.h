/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of json-c's objects. */
#ifndef GVT_JSON_H
#define GVT_JSON_H

#include <json-c/json.h>
#include <stdbool.h>

/*
 * One member; it takes @value over. json-c has NULL for null as well as for no memory, so a value
 * that must be there is checked by its caller.
 */
bool gvt_json_add(struct json_object *object, const char *key, struct json_object *value);
/* NULL is null. False without memory. */
bool gvt_json_add_text(struct json_object *object, const char *key, const char *text);

#endif
