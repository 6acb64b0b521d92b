// SPDX-License-Identifier: LGPL-2.1-or-later
/* Definitions of vGPUs: their values, and the document that holds them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "definition.h"
#include "value.h"

static const struct gvt_field_rule rules[GVT_FIELD_SETTINGS] = {
	[GVT_FIELD_UUID] = { "uuid", gvt_valid_uuid, "a UUID", NULL },
	[GVT_FIELD_NAME] = { "name", gvt_valid_name,
			     "1 to 64 letters, digits and . _ + - that are not a UUID", NULL },
	[GVT_FIELD_TYPE] = { "type", gvt_valid_type, "a type's name, as i915-GVTg_V5_4", NULL },
	[GVT_FIELD_GPU] = { "gpu", gvt_valid_address, "a PCI address, as 0000:00:02.0", NULL },
	[GVT_FIELD_DOMAIN] = { "domain", gvt_valid_domain, "a libvirt domain's name", NULL },
	[GVT_FIELD_AUTOSTART] = { "autostart", gvt_valid_yes_no, "yes or no", NULL },
};

struct gvt_field_rule gvt_field_rule(enum gvt_field field)
{
	const struct gvt_setting_rule *setting;

	if (field < GVT_FIELD_SETTINGS)
		return rules[field];
	setting = &gvt_setting_rules[field - GVT_FIELD_SETTINGS];
	return (struct gvt_field_rule){ setting->name, setting->valid, setting->form,
					setting->unit };
}

static bool valid_on_off(const char *text)
{
	return !strcmp(text, "on") || !strcmp(text, "off");
}

static bool valid_rom(const char *text)
{
	return !strcmp(text, "off") || gvt_valid_file(text);
}

const struct gvt_hostdev_rule gvt_hostdev_rules[GVT_HOSTDEV_COUNT] = {
	[GVT_HOSTDEV_DISPLAY] = { "display", valid_on_off, "on or off" },
	[GVT_HOSTDEV_RAMFB] = { "ramfb", valid_on_off, "on or off" },
	[GVT_HOSTDEV_ROM] = { "rom", valid_rom, "the whole path of a file, or off" },
};

int gvt_definition_alloc(struct gvt_ctx *ctx, struct gvt_definition **out)
{
	struct gvt_definition *def = calloc(1, sizeof(*def));

	*out = def;
	if (!def)
		return gvt_no_memory(ctx);
	def->refs = 1;
	def->ctx = gvt_ref(ctx);
	return 0;
}

int gvt_definition_new(struct gvt_ctx *ctx, struct gvt_definition **out)
{
	struct gvt_definition *def;
	xmlNodePtr root;
	int err = gvt_definition_alloc(ctx, &def);

	*out = NULL;
	if (err)
		return err;
	def->doc = xmlNewDoc(BAD_CAST "1.0");
	root = xmlNewNode(NULL, BAD_CAST "vgpu");
	if (!def->doc || !root) {
		xmlFreeNode(root);
		gvt_definition_unref(def);
		return gvt_no_memory(ctx);
	}
	xmlDocSetRootElement(def->doc, root);
	*out = def;
	return 0;
}

/* Each reference from outside holds the context; that of the context's own look must not. */
struct gvt_definition *gvt_definition_ref(struct gvt_definition *def)
{
	if (def) {
		def->refs++;
		gvt_ref(def->ctx);
	}
	return def;
}

struct gvt_definition *gvt_definition_unref(struct gvt_definition *def)
{
	if (def) {
		struct gvt_ctx *ctx = def->ctx;

		gvt_definition_drop(def);
		gvt_unref(ctx);
	}
	return NULL;
}

void gvt_definition_adopt(struct gvt_definition *def)
{
	gvt_unref(def->ctx);
}

void gvt_definition_drop(struct gvt_definition *def)
{
	if (!def || --def->refs)
		return;
	for (int i = 0; i < GVT_FIELD_COUNT; i++)
		free(def->value[i]);
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		free(def->hostdev[i]);
	free(def->domain_uuid);
	if (def->doc)
		xmlFreeDoc(def->doc);
	free(def);
}

/* --- changing ---------------------------------------------------------------------------------- */

int gvt_definition_to_xml(struct gvt_definition *def, char **xml)
{
	xmlChar *text = NULL;
	int len = 0;

	xmlDocDumpFormatMemoryEnc(def->doc, &text, &len, "UTF-8", 1);
	*xml = text ? strdup((const char *)text) : NULL;
	xmlFree(text);
	return *xml ? 0 : gvt_no_memory(def->ctx);
}

static int copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

int gvt_definition_copy(struct gvt_definition *def, struct gvt_definition **out)
{
	struct gvt_definition *copy;
	int err = gvt_definition_alloc(def->ctx, &copy);

	*out = NULL;
	if (err)
		return err;
	copy->doc = xmlCopyDoc(def->doc, 1);
	for (int i = 0; copy->doc && !err && i < GVT_FIELD_COUNT; i++)
		err = copy_text(&copy->value[i], def->value[i]);
	for (int i = 0; !err && i < GVT_HOSTDEV_COUNT; i++)
		err = copy_text(&copy->hostdev[i], def->hostdev[i]);
	if (!err)
		err = copy_text(&copy->domain_uuid, def->domain_uuid);
	if (err || !copy->doc) {
		gvt_definition_unref(copy);
		return gvt_no_memory(def->ctx);
	}
	*out = copy;
	return 0;
}

static void take_text(char **to, char **from)
{
	free(*to);
	*to = *from;
	*from = NULL;
}

int gvt_definition_assign(struct gvt_definition *def, struct gvt_definition *from)
{
	struct gvt_definition *copy;
	int err = gvt_definition_copy(from, &copy);

	if (err)
		return err;
	for (int i = 0; i < GVT_FIELD_COUNT; i++)
		take_text(&def->value[i], &copy->value[i]);
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		take_text(&def->hostdev[i], &copy->hostdev[i]);
	take_text(&def->domain_uuid, &copy->domain_uuid);
	xmlFreeDoc(def->doc);
	def->doc = copy->doc;
	copy->doc = NULL;
	gvt_definition_unref(copy);
	return 0;
}

static xmlNodePtr find_element(struct gvt_definition *def, const char *name)
{
	xmlNodePtr node = xmlDocGetRootElement(def->doc)->children;

	for (; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE && !node->ns &&
		    xmlStrEqual(node->name, BAD_CAST name))
			return node;
	return NULL;
}

static void remove_element(struct gvt_definition *def, enum gvt_field field)
{
	xmlNodePtr node = find_element(def, gvt_field_rule(field).element);

	if (node) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	free(def->value[field]);
	def->value[field] = NULL;
}

/* Keeps the element's place, attributes and what stands around it. */
static int put_element(struct gvt_definition *def, enum gvt_field field, const char *value)
{
	struct gvt_field_rule rule = gvt_field_rule(field);
	xmlNodePtr node = find_element(def, rule.element);
	char *copy = strdup(value);

	if (copy && !node)
		node = xmlNewChild(xmlDocGetRootElement(def->doc), NULL, BAD_CAST rule.element,
				   NULL);
	if (!copy || !node ||
	    (rule.unit && !xmlSetProp(node, BAD_CAST "unit", BAD_CAST rule.unit))) {
		free(copy);
		return gvt_no_memory(def->ctx);
	}
	xmlNodeSetContent(node, NULL);
	xmlNodeAddContent(node, BAD_CAST value);
	free(def->value[field]);
	def->value[field] = copy;
	return 0;
}

static int set_field(struct gvt_definition *def, enum gvt_field field, const char *value)
{
	struct gvt_field_rule rule = gvt_field_rule(field);

	if (!value) {
		remove_element(def, field);
		return 0;
	}
	if (!rule.valid(value))
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL, "%s '%.80s' is not %s",
				 rule.element, value, rule.form);
	return put_element(def, field, value);
}

int gvt_definition_set_uuid(struct gvt_definition *def, const char *uuid)
{
	char lower[GVT_UUID_SIZE];

	if (!uuid || !gvt_valid_uuid(uuid))
		return set_field(def, GVT_FIELD_UUID, uuid);
	memcpy(lower, uuid, sizeof(lower));
	gvt_lower_case(lower);
	return set_field(def, GVT_FIELD_UUID, lower);
}

int gvt_definition_set_name(struct gvt_definition *def, const char *name)
{
	return set_field(def, GVT_FIELD_NAME, name);
}

int gvt_definition_set_type(struct gvt_definition *def, const char *type)
{
	return set_field(def, GVT_FIELD_TYPE, type);
}

int gvt_definition_set_gpu(struct gvt_definition *def, const char *address)
{
	char whole[GVT_ADDRESS_SIZE];

	if (!address || !gvt_valid_address(address))
		return set_field(def, GVT_FIELD_GPU, address);
	gvt_whole_address(address, whole);
	return set_field(def, GVT_FIELD_GPU, whole);
}

int gvt_definition_set_domain(struct gvt_definition *def, const char *name, const char *uuid)
{
	char *copy;
	int err;

	if (uuid && (!name || !gvt_valid_uuid(uuid)))
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL,
				 "domain's uuid '%.80s' is not a UUID", uuid);
	copy = uuid ? strdup(uuid) : NULL;
	if (uuid && !copy)
		return gvt_no_memory(def->ctx);
	err = set_field(def, GVT_FIELD_DOMAIN, name);
	if (err) {
		free(copy);
		return err;
	}
	free(def->domain_uuid);
	def->domain_uuid = copy;
	if (!name)
		return 0;
	if (!uuid)
		xmlUnsetProp(find_element(def, "domain"), BAD_CAST "uuid");
	else if (!xmlSetProp(find_element(def, "domain"), BAD_CAST "uuid", BAD_CAST uuid))
		return gvt_no_memory(def->ctx);
	return 0;
}

/* Yes is what a definition without the element says. */
int gvt_definition_set_autostart(struct gvt_definition *def, bool autostart)
{
	return set_field(def, GVT_FIELD_AUTOSTART, autostart ? NULL : "no");
}

int gvt_definition_set_setting(struct gvt_definition *def, enum gvt_setting setting,
			       const char *text)
{
	char plain[GVT_SETTING_MAX];

	if ((unsigned int)setting >= GVT_SETTING_COUNT)
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL, "there is no setting %d",
				 setting);
	/* What has no plain form is refused with the words of the setting's rule. */
	if (text && !gvt_setting_plain(setting, text, plain))
		text = plain;
	return set_field(def, GVT_FIELD_SETTINGS + setting, text);
}

const char *gvt_definition_get_setting(struct gvt_definition *def, enum gvt_setting setting)
{
	return (unsigned int)setting < GVT_SETTING_COUNT ?
		       def->value[GVT_FIELD_SETTINGS + setting] :
		       NULL;
}

/* All of them stand in one element, which goes when nothing is said any more. */
static int write_hostdev(struct gvt_definition *def)
{
	xmlNodePtr node = find_element(def, "hostdev");
	bool any = false;

	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++)
		any |= def->hostdev[i] != NULL;
	if (!node && any)
		node = xmlNewChild(xmlDocGetRootElement(def->doc), NULL, BAD_CAST "hostdev", NULL);
	if (!node)
		return any ? gvt_no_memory(def->ctx) : 0;
	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++) {
		const xmlChar *name = BAD_CAST gvt_hostdev_rules[i].attribute;

		if (!def->hostdev[i])
			xmlUnsetProp(node, name);
		else if (!xmlSetProp(node, name, BAD_CAST def->hostdev[i]))
			return gvt_no_memory(def->ctx);
	}
	if (any || node->properties || node->children)
		return 0;
	xmlUnlinkNode(node);
	xmlFreeNode(node);
	return 0;
}

void gvt_definition_take_attribute(struct gvt_definition *def, const char *name, const char *value)
{
	if (strncmp(name, GVT_ATTRIBUTES, strlen(GVT_ATTRIBUTES)))
		return;
	name += strlen(GVT_ATTRIBUTES);
	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		if (strcmp(name, gvt_setting_rules[i].attribute) ||
		    !gvt_definition_set_setting(def, i, value))
			continue;
		gvt_log(def->ctx, LOG_WARNING, "left out: %s", gvt_get_error(def->ctx));
		gvt_clear_error(def->ctx);
	}
}

int gvt_definition_set_hostdev(struct gvt_definition *def, enum gvt_hostdev_option option,
			       const char *text)
{
	const struct gvt_hostdev_rule *rule;
	char *copy;

	if ((unsigned int)option >= GVT_HOSTDEV_COUNT)
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL, "there is no option %d",
				 option);
	rule = &gvt_hostdev_rules[option];
	if (text && !rule->valid(text))
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL, "%s '%.80s' is not %s",
				 rule->attribute, text, rule->form);
	if (copy_text(&copy, text))
		return gvt_no_memory(def->ctx);
	take_text(&def->hostdev[option], &copy);
	return write_hostdev(def);
}

const char *gvt_definition_get_hostdev(struct gvt_definition *def, enum gvt_hostdev_option option)
{
	return (unsigned int)option < GVT_HOSTDEV_COUNT ? def->hostdev[option] : NULL;
}

const char *gvt_definition_get_uuid(struct gvt_definition *def)
{
	return def->value[GVT_FIELD_UUID];
}

const char *gvt_definition_get_name(struct gvt_definition *def)
{
	return def->value[GVT_FIELD_NAME];
}

const char *gvt_definition_get_type(struct gvt_definition *def)
{
	return def->value[GVT_FIELD_TYPE];
}

const char *gvt_definition_get_gpu(struct gvt_definition *def)
{
	return def->value[GVT_FIELD_GPU];
}

const char *gvt_definition_get_domain(struct gvt_definition *def)
{
	return def->value[GVT_FIELD_DOMAIN];
}

const char *gvt_definition_get_domain_uuid(struct gvt_definition *def)
{
	return def->domain_uuid;
}

bool gvt_definition_get_autostart(struct gvt_definition *def)
{
	return !def->value[GVT_FIELD_AUTOSTART] || strcmp(def->value[GVT_FIELD_AUTOSTART], "no");
}

struct gvt_settings gvt_definition_settings(struct gvt_definition *def)
{
	struct gvt_settings settings;

	for (int i = 0; i < GVT_SETTING_COUNT; i++)
		settings.text[i] = def->value[GVT_FIELD_SETTINGS + i];
	return settings;
}

const char *gvt_definition_title(struct gvt_definition *def)
{
	if (def->value[GVT_FIELD_NAME])
		return def->value[GVT_FIELD_NAME];
	if (def->value[GVT_FIELD_DOMAIN])
		return def->value[GVT_FIELD_DOMAIN];
	return def->value[GVT_FIELD_UUID];
}
