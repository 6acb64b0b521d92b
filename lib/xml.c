// SPDX-License-Identifier: LGPL-2.1-or-later
/* What libvirt's XML is read and written with. */
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "xml.h"

#define XML_MAX (16u << 20)

xmlDocPtr gvt_xml_parse(const char *xml, size_t length)
{
	if (length > XML_MAX)
		return NULL;
	return xmlReadMemory(xml, (int)length, NULL, NULL,
			     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

bool gvt_xml_is(xmlNodePtr node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

xmlNodePtr gvt_xml_child(xmlNodePtr parent, const char *name)
{
	for (xmlNodePtr node = parent ? parent->children : NULL; node; node = node->next)
		if (gvt_xml_is(node, name))
			return node;
	return NULL;
}

bool gvt_xml_has(xmlNodePtr node, const char *attribute, const char *value)
{
	xmlChar *found = node ? xmlGetNoNsProp(node, BAD_CAST attribute) : NULL;
	bool same = found && !strcasecmp((const char *)found, value);

	xmlFree(found);
	return same;
}

void gvt_xml_text(xmlNodePtr node, const char *attribute, char *text, size_t size)
{
	xmlChar *found = NULL;

	text[0] = '\0';
	if (node)
		found = attribute ? xmlGetNoNsProp(node, BAD_CAST attribute) : xmlNodeGetContent(node);
	if (found && strlen((const char *)found) < size)
		memcpy(text, found, strlen((const char *)found) + 1);
	xmlFree(found);
}

char *gvt_xml_dump(xmlDocPtr doc, xmlNodePtr node)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	char *text = NULL;

	if (buffer && xmlNodeDump(buffer, doc, node, 0, 1) >= 0)
		text = strdup((const char *)xmlBufferContent(buffer));
	if (buffer)
		xmlBufferFree(buffer);
	return text;
}

char *gvt_xml_to_text(xmlDocPtr doc)
{
	xmlChar *text = NULL;
	char *copy;
	int len;

	xmlDocDumpMemory(doc, &text, &len);
	copy = text ? strdup((const char *)text) : NULL;
	xmlFree(text);
	return copy;
}
