// SPDX-License-Identifier: LGPL-2.1-or-later
/* A vGPU as libvirt's XML says it. */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hostdev.h"

/*
 * No display='on': kvmgt shows its screen as a dma-buf, for which QEMU wants OpenGL from the
 * domain's graphics, and a domain without it would not start.
 */
int gvt_hostdev_xml(const char *uuid, char **xml)
{
	*xml = NULL;
	if (!gvt_valid_uuid(uuid))
		return -EINVAL;
	if (asprintf(xml,
		     "<hostdev mode='subsystem' type='mdev' model='vfio-pci'>\n"
		     "  <source>\n"
		     "    <address uuid='%s'/>\n"
		     "  </source>\n"
		     "</hostdev>\n",
		     uuid) < 0) {
		*xml = NULL;
		return -ENOMEM;
	}
	return 0;
}

static xmlDocPtr parse(const char *xml)
{
	return xmlReadMemory(xml, (int)strlen(xml), NULL, NULL,
			     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static xmlNodePtr child(xmlNodePtr parent, const char *name)
{
	for (xmlNodePtr node = parent ? parent->children : NULL; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name))
			return node;
	return NULL;
}

static bool has_attribute(xmlNodePtr node, const char *name, const char *value)
{
	xmlChar *found = xmlGetNoNsProp(node, BAD_CAST name);
	bool same = found && !strcasecmp((const char *)found, value);

	xmlFree(found);
	return same;
}

static bool is_mdev(xmlNodePtr node)
{
	return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST "hostdev") &&
	       has_attribute(node, "type", "mdev");
}

static xmlNodePtr mdev_address(xmlNodePtr hostdev)
{
	return child(child(hostdev, "source"), "address");
}

static void take_facts(xmlNodePtr root, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlNodePtr devices = child(root, "devices");

	facts->emulated = has_attribute(root, "type", "qemu");
	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = node->next) {
		xmlNodePtr address;
		xmlChar *found;

		if (!is_mdev(node))
			continue;
		address = mdev_address(node);
		found = address ? xmlGetNoNsProp(address, BAD_CAST "uuid") : NULL;
		if (found && !strcasecmp((const char *)found, uuid))
			facts->has_wanted = true;
		else if (found && !facts->other[0])
			snprintf(facts->other, sizeof(facts->other), "%s", (const char *)found);
		xmlFree(found);
	}
}

int gvt_domain_xml_read(const char *xml, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlDocPtr doc = parse(xml);

	memset(facts, 0, sizeof(*facts));
	if (!doc)
		return -EBADMSG;
	take_facts(xmlDocGetRootElement(doc), uuid, facts);
	xmlFreeDoc(doc);
	return 0;
}

static char *to_text(xmlDocPtr doc)
{
	xmlChar *text = NULL;
	char *copy;
	int len;

	xmlDocDumpMemory(doc, &text, &len);
	copy = text ? strdup((const char *)text) : NULL;
	xmlFree(text);
	return copy;
}

char *gvt_domain_xml_add(const char *xml, const char *uuid)
{
	xmlDocPtr doc = parse(xml), hostdev_doc = NULL;
	xmlNodePtr devices = doc ? child(xmlDocGetRootElement(doc), "devices") : NULL, node;
	char *hostdev = NULL, *text = NULL;

	if (devices && !gvt_hostdev_xml(uuid, &hostdev))
		hostdev_doc = parse(hostdev);
	if (hostdev_doc) {
		node = xmlDocCopyNode(xmlDocGetRootElement(hostdev_doc), doc, 1);
		if (node && xmlAddChild(devices, node))
			text = to_text(doc);
	}
	free(hostdev);
	xmlFreeDoc(hostdev_doc);
	xmlFreeDoc(doc);
	return text;
}

char *gvt_domain_xml_take_out(const char *xml, const char *uuid)
{
	xmlDocPtr doc = parse(xml);
	xmlNodePtr devices = doc ? child(xmlDocGetRootElement(doc), "devices") : NULL, next;
	char *text = NULL;

	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = next) {
		next = node->next;
		if (!is_mdev(node) || !mdev_address(node) ||
		    !has_attribute(mdev_address(node), "uuid", uuid))
			continue;
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	if (devices)
		text = to_text(doc);
	xmlFreeDoc(doc);
	return text;
}
