// SPDX-License-Identifier: LGPL-2.1-or-later
/* Definitions of vGPUs and their XML, see gvt-vgpu(5). */
#include <ctype.h>
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "definition.h"
#include "value.h"

enum field {
	FIELD_UUID,
	FIELD_NAME,
	FIELD_TYPE,
	FIELD_GPU,
	FIELD_DOMAIN,
	FIELD_AUTOSTART,
	FIELD_RESOLUTION,
	FIELD_COUNT
};

/* The element of each field, its form, and the words that tell a person which form it has. */
static const struct field_rule {
	const char *element;
	bool (*valid)(const char *value);
	const char *form;
} rules[FIELD_COUNT] = {
	[FIELD_UUID] = { "uuid", gvt_valid_uuid, "a UUID" },
	[FIELD_NAME] = { "name", gvt_valid_name,
			 "1 to 64 letters, digits and . _ + - that are not a UUID" },
	[FIELD_TYPE] = { "type", gvt_valid_type, "a type's name, as i915-GVTg_V5_4" },
	[FIELD_GPU] = { "gpu", gvt_valid_address, "a PCI address, as 0000:00:02.0" },
	[FIELD_DOMAIN] = { "domain", gvt_valid_domain, "a libvirt domain's name" },
	[FIELD_AUTOSTART] = { "autostart", gvt_valid_yes_no, "yes or no" },
	[FIELD_RESOLUTION] = { "resolution", gvt_valid_resolution,
			       "WIDTHxHEIGHT or WIDTHxHEIGHT@RATE, from 640x480 to 4096x2304 and 24 to 120 Hz" },
};

struct gvt_definition {
	unsigned int refs;
	struct gvt_ctx *ctx;
	xmlDocPtr doc;
	char *value[FIELD_COUNT];
	char *domain_uuid;
};

static int definition_alloc(struct gvt_ctx *ctx, struct gvt_definition **out)
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
	int err = definition_alloc(ctx, &def);

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
	for (int i = 0; i < FIELD_COUNT; i++)
		free(def->value[i]);
	free(def->domain_uuid);
	if (def->doc)
		xmlFreeDoc(def->doc);
	free(def);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* A DOCTYPE is the door to entities and to other files; no definition needs one. */
static void refuse_doctype(void *data, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxtPtr parser = data;
	bool *refused = parser->_private;

	*refused = true;
	xmlStopParser(parser);
}

static int bad(struct gvt_definition *def, const char *why)
{
	return gvt_error(def->ctx, GVT_ERROR_FAILED, -EBADMSG, "not a vGPU definition: %s", why);
}

static int parse(struct gvt_definition *def, const char *xml, size_t length)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	bool doctype = false;
	int err = 0;

	if (!parser)
		return gvt_no_memory(def->ctx);
	parser->_private = &doctype;
	parser->sax->internalSubset = refuse_doctype;
	def->doc = xmlCtxtReadMemory(parser, xml, (int)length, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					     XML_PARSE_NOBLANKS);
	if (doctype) {
		err = bad(def, "it has a DOCTYPE");
	} else if (!def->doc) {
		const xmlError *last = xmlCtxtGetLastError(parser);

		err = gvt_error(def->ctx, GVT_ERROR_FAILED, -EBADMSG,
				"not a vGPU definition: line %d: %s", last ? last->line : 0,
				last && last->message ? last->message : "no XML");
	}
	xmlFreeParserCtxt(parser);
	return err;
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

static char *trimmed(const xmlChar *text)
{
	const char *start = text ? (const char *)text : "";
	size_t len;

	start += strspn(start, " \t\r\n");
	len = strlen(start);
	while (len && strchr(" \t\r\n", start[len - 1]))
		len--;
	return strndup(start, len);
}

static bool holds_text_only(xmlNodePtr node)
{
	for (xmlNodePtr child = node->children; child; child = child->next)
		if (child->type != XML_TEXT_NODE && child->type != XML_CDATA_SECTION_NODE &&
		    child->type != XML_COMMENT_NODE)
			return false;
	return true;
}

static int take_value(struct gvt_definition *def, enum field field, xmlNodePtr node)
{
	const struct field_rule *rule = &rules[field];
	xmlChar *content;

	if (def->value[field] || !holds_text_only(node))
		return gvt_error(def->ctx, GVT_ERROR_FAILED, -EBADMSG,
				 "not a vGPU definition: <%s> stands twice or is not plain text",
				 rule->element);
	content = xmlNodeGetContent(node);
	def->value[field] = trimmed(content);
	xmlFree(content);
	if (!def->value[field])
		return gvt_no_memory(def->ctx);
	if (!rule->valid(def->value[field]))
		return gvt_error(def->ctx, GVT_ERROR_FAILED, -EBADMSG,
				 "not a vGPU definition: <%s> is '%.80s', not %s", rule->element,
				 def->value[field], rule->form);
	return 0;
}

static int take_domain_uuid(struct gvt_definition *def, xmlNodePtr node)
{
	xmlChar *uuid = xmlGetNoNsProp(node, BAD_CAST "uuid");

	if (!uuid)
		return 0;
	def->domain_uuid = trimmed(uuid);
	xmlFree(uuid);
	if (!def->domain_uuid)
		return gvt_no_memory(def->ctx);
	return gvt_valid_uuid(def->domain_uuid) ? 0 : bad(def, "the domain's uuid is no UUID");
}

static int take_element(struct gvt_definition *def, xmlNodePtr node)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		int err;

		if (!xmlStrEqual(node->name, BAD_CAST rules[i].element))
			continue;
		err = take_value(def, i, node);
		if (!err && i == FIELD_DOMAIN)
			err = take_domain_uuid(def, node);
		return err;
	}
	return 0;
}

static int take_document(struct gvt_definition *def)
{
	xmlNodePtr root = xmlDocGetRootElement(def->doc);
	int err = 0;

	if (!root || !xmlStrEqual(root->name, BAD_CAST "vgpu"))
		return bad(def, "the outermost element is not <vgpu>");
	for (xmlNodePtr node = root->children; node && !err; node = node->next)
		if (node->type == XML_ELEMENT_NODE && !node->ns)
			err = take_element(def, node);
	if (!err && (!def->value[FIELD_UUID] || !def->value[FIELD_TYPE]))
		err = bad(def, "it needs <uuid> and <type>");
	if (!err)
		gvt_lower_case(def->value[FIELD_UUID]);
	return err;
}

int gvt_definition_from_xml(struct gvt_ctx *ctx, const char *xml, size_t length,
			    struct gvt_definition **out)
{
	struct gvt_definition *def;
	int err;

	*out = NULL;
	if (length > GVT_DEFINITION_MAX)
		return gvt_error(ctx, GVT_ERROR_FAILED, -EFBIG,
				 "not a vGPU definition: it is longer than %d bytes",
				 GVT_DEFINITION_MAX);
	err = definition_alloc(ctx, &def);
	if (err)
		return err;
	err = parse(def, xml, length);
	if (!err)
		err = take_document(def);
	if (err) {
		gvt_definition_unref(def);
		return err;
	}
	*out = def;
	return 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

int gvt_definition_to_xml(struct gvt_definition *def, char **xml)
{
	xmlChar *text = NULL;
	int len = 0;

	xmlDocDumpFormatMemoryEnc(def->doc, &text, &len, "UTF-8", 1);
	*xml = text ? strdup((const char *)text) : NULL;
	xmlFree(text);
	return *xml ? 0 : gvt_no_memory(def->ctx);
}

int gvt_definition_copy(struct gvt_definition *def, struct gvt_definition **out)
{
	struct gvt_definition *copy;
	int err = definition_alloc(def->ctx, &copy);

	*out = NULL;
	if (err)
		return err;
	copy->doc = xmlCopyDoc(def->doc, 1);
	for (int i = 0; copy->doc && !err && i < FIELD_COUNT; i++) {
		copy->value[i] = def->value[i] ? strdup(def->value[i]) : NULL;
		if (def->value[i] && !copy->value[i])
			err = -ENOMEM;
	}
	if (def->domain_uuid) {
		copy->domain_uuid = strdup(def->domain_uuid);
		if (!copy->domain_uuid)
			err = -ENOMEM;
	}
	if (err || !copy->doc) {
		gvt_definition_unref(copy);
		return gvt_no_memory(def->ctx);
	}
	*out = copy;
	return 0;
}

int gvt_definition_assign(struct gvt_definition *def, struct gvt_definition *from)
{
	struct gvt_definition *copy;
	int err = gvt_definition_copy(from, &copy);

	if (err)
		return err;
	for (int i = 0; i < FIELD_COUNT; i++) {
		free(def->value[i]);
		def->value[i] = copy->value[i];
		copy->value[i] = NULL;
	}
	free(def->domain_uuid);
	def->domain_uuid = copy->domain_uuid;
	copy->domain_uuid = NULL;
	xmlFreeDoc(def->doc);
	def->doc = copy->doc;
	copy->doc = NULL;
	gvt_definition_unref(copy);
	return 0;
}

static void remove_element(struct gvt_definition *def, enum field field)
{
	xmlNodePtr node = find_element(def, rules[field].element);

	if (node) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	free(def->value[field]);
	def->value[field] = NULL;
}

/* Keeps the element's place, attributes and what stands around it. */
static int put_element(struct gvt_definition *def, enum field field, const char *value)
{
	xmlNodePtr node = find_element(def, rules[field].element);
	char *copy = strdup(value);

	if (copy && !node)
		node = xmlNewChild(xmlDocGetRootElement(def->doc), NULL,
				   BAD_CAST rules[field].element, NULL);
	if (!copy || !node) {
		free(copy);
		return gvt_no_memory(def->ctx);
	}
	xmlNodeSetContent(node, NULL);
	xmlNodeAddContent(node, BAD_CAST value);
	free(def->value[field]);
	def->value[field] = copy;
	return 0;
}

static int set_field(struct gvt_definition *def, enum field field, const char *value)
{
	const struct field_rule *rule = &rules[field];

	if (!value) {
		remove_element(def, field);
		return 0;
	}
	if (!rule->valid(value))
		return gvt_error(def->ctx, GVT_ERROR_MISUSE, -EINVAL, "%s '%.80s' is not %s",
				 rule->element, value, rule->form);
	return put_element(def, field, value);
}

int gvt_definition_set_uuid(struct gvt_definition *def, const char *uuid)
{
	char lower[GVT_UUID_SIZE];

	if (!uuid || !gvt_valid_uuid(uuid))
		return set_field(def, FIELD_UUID, uuid);
	memcpy(lower, uuid, sizeof(lower));
	gvt_lower_case(lower);
	return set_field(def, FIELD_UUID, lower);
}

int gvt_definition_set_name(struct gvt_definition *def, const char *name)
{
	return set_field(def, FIELD_NAME, name);
}

int gvt_definition_set_type(struct gvt_definition *def, const char *type)
{
	return set_field(def, FIELD_TYPE, type);
}

int gvt_definition_set_gpu(struct gvt_definition *def, const char *address)
{
	char whole[GVT_ADDRESS_SIZE];

	if (!address || !gvt_valid_address(address))
		return set_field(def, FIELD_GPU, address);
	gvt_whole_address(address, whole);
	return set_field(def, FIELD_GPU, whole);
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
	err = set_field(def, FIELD_DOMAIN, name);
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
	return set_field(def, FIELD_AUTOSTART, autostart ? NULL : "no");
}

int gvt_definition_set_resolution(struct gvt_definition *def, const char *resolution)
{
	return set_field(def, FIELD_RESOLUTION, resolution);
}

const char *gvt_definition_get_resolution(struct gvt_definition *def)
{
	return def->value[FIELD_RESOLUTION];
}

const char *gvt_definition_get_uuid(struct gvt_definition *def)
{
	return def->value[FIELD_UUID];
}

const char *gvt_definition_get_name(struct gvt_definition *def)
{
	return def->value[FIELD_NAME];
}

const char *gvt_definition_get_type(struct gvt_definition *def)
{
	return def->value[FIELD_TYPE];
}

const char *gvt_definition_get_gpu(struct gvt_definition *def)
{
	return def->value[FIELD_GPU];
}

const char *gvt_definition_get_domain(struct gvt_definition *def)
{
	return def->value[FIELD_DOMAIN];
}

const char *gvt_definition_get_domain_uuid(struct gvt_definition *def)
{
	return def->domain_uuid;
}

bool gvt_definition_get_autostart(struct gvt_definition *def)
{
	return !def->value[FIELD_AUTOSTART] || strcmp(def->value[FIELD_AUTOSTART], "no");
}

const char *gvt_definition_title(struct gvt_definition *def)
{
	if (def->value[FIELD_NAME])
		return def->value[FIELD_NAME];
	return def->value[FIELD_DOMAIN] ? def->value[FIELD_DOMAIN] : def->value[FIELD_UUID];
}
