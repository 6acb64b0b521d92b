// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading a definition's XML, see gvt-vgpu(5): every value is checked, and what is wrong is told
 * with its line.
 */
#include <errno.h>
#include <libxml/parser.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "definition.h"
#include "value.h"

struct reader {
	struct gvt_definition *def;
	gvt_problem_fn fn; /* NULL: only the first problem is of interest */
	void *data;
	int err; /* of the first fatal problem */
};

static void problem(struct reader *reader, bool fatal, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void problem(struct reader *reader, bool fatal, unsigned int line, const char *fmt, ...)
{
	struct gvt_ctx *ctx = reader->def->ctx;
	char text[512], where[32] = "";
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (reader->fn)
		reader->fn(reader->data, line, fatal, text);
	if (!fatal || reader->err)
		return;
	if (line)
		snprintf(where, sizeof(where), "line %u: ", line);
	reader->err = gvt_error(ctx, GVT_ERROR_FAILED, -EBADMSG, "not a vGPU definition: %s%s",
				where, text);
}

/* A DOCTYPE is the door to entities and to other files; no definition needs one. */
static void refuse_doctype(void *data, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxtPtr parser = data;
	bool *refused = parser->_private;

	*refused = true;
	xmlStopParser(parser);
}

/* libxml2 ends its messages with a newline. */
static void tell_syntax(struct reader *reader, const xmlError *last)
{
	const char *message = last && last->message ? last->message : "no XML";

	problem(reader, true, last && last->line > 0 ? last->line : 0, "%.*s",
		(int)strcspn(message, "\n"), message);
}

static void parse(struct reader *reader, const char *xml, size_t length)
{
	struct gvt_definition *def = reader->def;
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	bool doctype = false;

	if (!parser) {
		reader->err = gvt_no_memory(def->ctx);
		return;
	}
	parser->_private = &doctype;
	parser->sax->internalSubset = refuse_doctype;
	def->doc = xmlCtxtReadMemory(parser, xml, (int)length, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					     XML_PARSE_NOBLANKS);
	if (doctype)
		problem(reader, true, 0, "it has a DOCTYPE");
	else if (!def->doc)
		tell_syntax(reader, xmlCtxtGetLastError(parser));
	xmlFreeParserCtxt(parser);
}

static unsigned int line_of(xmlNodePtr node)
{
	long line = xmlGetLineNo(node);

	return line > 0 ? (unsigned int)line : 0;
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

/* NULL when there is none, or no memory for it. */
static char *take_attribute(struct reader *reader, xmlNodePtr node, const char *name)
{
	xmlChar *found = xmlGetNoNsProp(node, BAD_CAST name);
	char *text = found ? trimmed(found) : NULL;

	if (found && !text && !reader->err)
		reader->err = gvt_no_memory(reader->def->ctx);
	xmlFree(found);
	return text;
}

static void check_unit(struct reader *reader, xmlNodePtr node, const char *unit)
{
	char *found = unit ? take_attribute(reader, node, "unit") : NULL;

	if (found && strcmp(found, unit))
		problem(reader, true, line_of(node), "<%s> has the unit '%.20s'; it must be %s",
			(const char *)node->name, found, unit);
	free(found);
}

static void take_domain_uuid(struct reader *reader, xmlNodePtr node)
{
	struct gvt_definition *def = reader->def;

	if (def->domain_uuid)
		return;
	def->domain_uuid = take_attribute(reader, node, "uuid");
	if (def->domain_uuid && !gvt_valid_uuid(def->domain_uuid))
		problem(reader, true, line_of(node), "the uuid of <domain> is '%.40s', not a UUID",
			def->domain_uuid);
}

static void take_value(struct reader *reader, enum gvt_field field, xmlNodePtr node)
{
	struct gvt_field_rule rule = gvt_field_rule(field);
	struct gvt_definition *def = reader->def;
	xmlChar *content;

	if (def->value[field]) {
		problem(reader, true, line_of(node), "<%s> stands here a second time",
			rule.element);
		return;
	}
	if (!holds_text_only(node)) {
		problem(reader, true, line_of(node), "<%s> holds more than plain text",
			rule.element);
		return;
	}
	content = xmlNodeGetContent(node);
	def->value[field] = trimmed(content);
	xmlFree(content);
	if (!def->value[field]) {
		reader->err = gvt_no_memory(def->ctx);
		return;
	}
	if (!rule.valid(def->value[field]))
		problem(reader, true, line_of(node), "<%s> is '%.80s', not %s", rule.element,
			def->value[field], rule.form);
	check_unit(reader, node, rule.unit);
	if (field == GVT_FIELD_DOMAIN)
		take_domain_uuid(reader, node);
}

static void take_hostdev(struct reader *reader, xmlNodePtr node)
{
	struct gvt_definition *def = reader->def;

	for (int i = 0; i < GVT_HOSTDEV_COUNT; i++) {
		const struct gvt_hostdev_rule *rule = &gvt_hostdev_rules[i];

		if (def->hostdev[i]) {
			problem(reader, true, line_of(node),
				"the %s of <hostdev> stands here a second time", rule->attribute);
			continue;
		}
		def->hostdev[i] = take_attribute(reader, node, rule->attribute);
		if (def->hostdev[i] && !rule->valid(def->hostdev[i]))
			problem(reader, true, line_of(node), "the %s of <hostdev> is '%.80s', not %s",
				rule->attribute, def->hostdev[i], rule->form);
	}
}

static void take_element(struct reader *reader, xmlNodePtr node)
{
	for (int i = 0; i < GVT_FIELD_COUNT; i++) {
		if (!xmlStrEqual(node->name, BAD_CAST gvt_field_rule(i).element))
			continue;
		take_value(reader, i, node);
		return;
	}
	if (xmlStrEqual(node->name, BAD_CAST "hostdev")) {
		take_hostdev(reader, node);
		return;
	}
	problem(reader, false, line_of(node), "<%.80s> is not known: it is kept, and means nothing",
		(const char *)node->name);
}

static void take_document(struct reader *reader)
{
	struct gvt_definition *def = reader->def;
	xmlNodePtr root = xmlDocGetRootElement(def->doc);

	if (!root || root->ns || !xmlStrEqual(root->name, BAD_CAST "vgpu")) {
		problem(reader, true, root ? line_of(root) : 0,
			"the outermost element is not <vgpu>");
		return;
	}
	for (xmlNodePtr node = root->children; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE && !node->ns)
			take_element(reader, node);
	if (!def->value[GVT_FIELD_TYPE])
		problem(reader, true, line_of(root), "<type> is missing");
	if (def->value[GVT_FIELD_UUID])
		gvt_lower_case(def->value[GVT_FIELD_UUID]);
}

static int read_xml(struct gvt_ctx *ctx, const char *xml, size_t length, struct reader *reader)
{
	if (length > GVT_DEFINITION_MAX)
		return gvt_error(ctx, GVT_ERROR_FAILED, -EFBIG,
				 "not a vGPU definition: it is longer than %d bytes",
				 GVT_DEFINITION_MAX);
	if (gvt_definition_alloc(ctx, &reader->def))
		return -ENOMEM;
	parse(reader, xml, length);
	if (!reader->err)
		take_document(reader);
	return reader->err;
}

int gvt_definition_from_xml(struct gvt_ctx *ctx, const char *xml, size_t length,
			    struct gvt_definition **out)
{
	struct reader reader = { .def = NULL };
	int err = read_xml(ctx, xml, length, &reader);

	*out = reader.def;
	if (err)
		*out = gvt_definition_unref(reader.def);
	return err;
}

int gvt_validate(struct gvt_ctx *ctx, const char *xml, size_t length, gvt_problem_fn fn, void *data)
{
	struct reader reader = { .fn = fn, .data = data };
	int err;

	gvt_clear_error(ctx);
	err = read_xml(ctx, xml, length, &reader);
	gvt_definition_unref(reader.def);
	return err;
}
