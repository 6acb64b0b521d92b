/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Definitions from inside. The XML document is the definition: what the library does not know stays
 * in it, and the strings beside it are what was read from it.
 */
#ifndef GVT_DEFINITION_H
#define GVT_DEFINITION_H

#include <libxml/tree.h>

#include "setting.h"

#define GVT_DEFINITION_MAX 65536

enum gvt_field {
	GVT_FIELD_UUID,
	GVT_FIELD_NAME,
	GVT_FIELD_TYPE,
	GVT_FIELD_GPU,
	GVT_FIELD_DOMAIN,
	GVT_FIELD_AUTOSTART,
	GVT_FIELD_SETTINGS, /* and those behind it: one for each enum gvt_setting */
	GVT_FIELD_COUNT = GVT_FIELD_SETTINGS + GVT_SETTING_COUNT
};

struct gvt_definition {
	unsigned int refs;
	struct gvt_ctx *ctx;
	xmlDocPtr doc;
	char *value[GVT_FIELD_COUNT];
	char *domain_uuid;
	char *hostdev[GVT_HOSTDEV_COUNT];
};

/* An attribute of <hostdev>: how its domain is to have it. */
struct gvt_hostdev_rule {
	const char *attribute;
	bool (*valid)(const char *value);
	const char *form;
};

extern const struct gvt_hostdev_rule gvt_hostdev_rules[GVT_HOSTDEV_COUNT];

/* The element of a field, its form, and the words that tell a person which form it has. */
struct gvt_field_rule {
	const char *element;
	bool (*valid)(const char *value);
	const char *form;
	const char *unit; /* the attribute of that name, and its only value; NULL: none */
};

struct gvt_field_rule gvt_field_rule(enum gvt_field field);

/* Where a vGPU's attributes are, below its device in sysfs; mdevctl and libvirt name them with it. */
#define GVT_ATTRIBUTES "gvt/"

/* What another program has for one: "gvt/aperture_mb". Others are not gvt's; a bad value is told. */
void gvt_definition_take_attribute(struct gvt_definition *def, const char *name, const char *value);

/* An empty one, without document. 0 or -ENOMEM. */
int gvt_definition_alloc(struct gvt_ctx *ctx, struct gvt_definition **def);

/*
 * Turns the caller's reference into one that does not hold the context, for the context's own
 * look at the host; gvt_definition_drop() ends it.
 */
void gvt_definition_adopt(struct gvt_definition *def);
void gvt_definition_drop(struct gvt_definition *def);
/* Another definition with the same content. 0 or a negative errno. */
int gvt_definition_copy(struct gvt_definition *def, struct gvt_definition **copy);
/*
 * Takes over the values of @from, which keeps its own. 0 or a negative errno; then @def is as
 * before.
 */
int gvt_definition_assign(struct gvt_definition *def, struct gvt_definition *from);
/* Its settings, which belong to it. */
struct gvt_settings gvt_definition_settings(struct gvt_definition *def);
/* How people know it: its name, its domain or its UUID. */
const char *gvt_definition_title(struct gvt_definition *def);

#endif
