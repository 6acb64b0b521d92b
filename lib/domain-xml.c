// SPDX-License-Identifier: LGPL-2.1-or-later
/* A domain's XML: what is in it of mediated devices, and changes of these. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "domain-xml.h"
#include "xml.h"

static bool is_mdev(xmlNodePtr node)
{
	return gvt_xml_is(node, "hostdev") && gvt_xml_has(node, "type", "mdev");
}

static xmlNodePtr mdev_address(xmlNodePtr hostdev)
{
	return gvt_xml_child(gvt_xml_child(hostdev, "source"), "address");
}

/* An mdev's UUID, to be freed with xmlFree(); NULL when it says none. */
static xmlChar *uuid_of(xmlNodePtr hostdev)
{
	xmlNodePtr address = mdev_address(hostdev);

	return address ? xmlGetNoNsProp(address, BAD_CAST "uuid") : NULL;
}

static void take_mdev(xmlNodePtr node, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlChar *found = uuid_of(node);

	if (found && !strcasecmp((const char *)found, uuid)) {
		facts->has_wanted = true;
	} else if (found) {
		facts->other_display |= gvt_xml_has(node, "display", "on");
		if (!facts->other[0])
			snprintf(facts->other, sizeof(facts->other), "%s", (const char *)found);
	}
	xmlFree(found);
}

static void take_device(xmlNodePtr node, const char *uuid, struct gvt_domain_facts *facts)
{
	if (is_mdev(node)) {
		take_mdev(node, uuid, facts);
	} else if (gvt_xml_is(node, "graphics")) {
		facts->graphics = true;
		facts->opengl |= gvt_xml_has(node, "type", "egl-headless") ||
				 gvt_xml_has(gvt_xml_child(node, "gl"), "enable", "yes");
	} else if (gvt_xml_is(node, "video")) {
		facts->video |= !gvt_xml_has(gvt_xml_child(node, "model"), "type", "none");
	}
}

static void take_facts(xmlNodePtr root, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlNodePtr devices = gvt_xml_child(root, "devices");

	facts->emulated = gvt_xml_has(root, "type", "qemu");
	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = node->next)
		take_device(node, uuid, facts);
}

int gvt_domain_xml_read(const char *xml, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlDocPtr doc = gvt_xml_parse(xml, strlen(xml));

	memset(facts, 0, sizeof(*facts));
	if (!doc)
		return -EBADMSG;
	take_facts(xmlDocGetRootElement(doc), uuid, facts);
	xmlFreeDoc(doc);
	return 0;
}

char *gvt_domain_xml_add(const char *xml, const char *hostdev)
{
	xmlDocPtr doc = gvt_xml_parse(xml, strlen(xml)), element = gvt_xml_parse(hostdev, strlen(hostdev));
	xmlNodePtr devices = doc ? gvt_xml_child(xmlDocGetRootElement(doc), "devices") : NULL;
	xmlNodePtr node = devices && element ?
				  xmlDocCopyNode(xmlDocGetRootElement(element), doc, 1) :
				  NULL;
	char *text = NULL;

	if (node && xmlAddChild(devices, node))
		text = gvt_xml_to_text(doc);
	else
		xmlFreeNode(node);
	xmlFreeDoc(element);
	xmlFreeDoc(doc);
	return text;
}

static xmlNodePtr find_mdev(xmlDocPtr doc, const char *uuid)
{
	xmlNodePtr devices = doc ? gvt_xml_child(xmlDocGetRootElement(doc), "devices") : NULL;

	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = node->next)
		if (is_mdev(node) && gvt_xml_has(mdev_address(node), "uuid", uuid))
			return node;
	return NULL;
}

int gvt_domain_xml_get(const char *xml, const char *uuid, char **element)
{
	xmlDocPtr doc = gvt_xml_parse(xml, strlen(xml));
	xmlNodePtr node = find_mdev(doc, uuid);

	*element = node ? gvt_xml_dump(doc, node) : NULL;
	xmlFreeDoc(doc);
	if (!doc)
		return -EBADMSG;
	return node && !*element ? -ENOMEM : 0;
}

char *gvt_domain_xml_take_out(const char *xml, const char *uuid)
{
	xmlDocPtr doc = gvt_xml_parse(xml, strlen(xml));
	char *text = NULL;
	xmlNodePtr node;

	while ((node = find_mdev(doc, uuid))) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	if (doc)
		text = gvt_xml_to_text(doc);
	xmlFreeDoc(doc);
	return text;
}

int gvt_domain_xml_each(const char *xml, size_t length, char uuid_of_domain[GVT_UUID_SIZE],
			char *name, size_t name_size, int (*fn)(void *data, const char *uuid),
			void *data)
{
	xmlDocPtr doc = gvt_xml_parse(xml, length);
	xmlNodePtr root = doc ? xmlDocGetRootElement(doc) : NULL, devices = gvt_xml_child(root, "devices");
	int ret = root ? 0 : -EBADMSG;

	gvt_xml_text(gvt_xml_child(root, "uuid"), NULL, uuid_of_domain, GVT_UUID_SIZE);
	gvt_xml_text(gvt_xml_child(root, "name"), NULL, name, name_size);
	for (xmlNodePtr node = devices ? devices->children : NULL; node && !ret; node = node->next) {
		xmlChar *found = is_mdev(node) ? uuid_of(node) : NULL;

		if (found && gvt_valid_uuid((const char *)found)) {
			gvt_lower_case((char *)found);
			ret = fn(data, (const char *)found);
		}
		xmlFree(found);
	}
	xmlFreeDoc(doc);
	return ret;
}
