/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt's XML is read and written with. Knows no element by name. */
#ifndef GVT_XML_H
#define GVT_XML_H

#include <libxml/tree.h>
#include <stdbool.h>

/* NULL when it is not well-formed, or absurdly long. Nothing is fetched, no entity from outside read. */
xmlDocPtr gvt_xml_parse(const char *xml, size_t length);
/* Whether it is an element of that name. */
bool gvt_xml_is(xmlNodePtr node, const char *name);
/* The first child element of that name; NULL when there is none, or no @parent. */
xmlNodePtr gvt_xml_child(xmlNodePtr parent, const char *name);
/* Whether it has the attribute with that value, in whatever case; a node that is NULL has none. */
bool gvt_xml_has(xmlNodePtr node, const char *attribute, const char *value);
/* An element's text, or that of an attribute; "" when there is none, or it does not fit. */
void gvt_xml_text(xmlNodePtr node, const char *attribute, char *text, size_t size);

/* Text to be freed; NULL without memory. */
char *gvt_xml_dump(xmlDocPtr doc, xmlNodePtr node);
char *gvt_xml_to_text(xmlDocPtr doc);

#endif
