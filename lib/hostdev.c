// SPDX-License-Identifier: LGPL-2.1-or-later
/* A vGPU as libvirt's XML says it. */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "definition.h"
#include "hostdev.h"

#define DOMAIN_XML_MAX (16u << 20)

/* --- the element ------------------------------------------------------------------------------ */

static bool set(xmlNodePtr node, const char *name, const char *value)
{
	return xmlSetProp(node, BAD_CAST name, BAD_CAST value) != NULL;
}

static bool add_rom(xmlNodePtr hostdev, const char *path)
{
	xmlNodePtr rom = xmlNewChild(hostdev, NULL, BAD_CAST "rom", NULL);

	return rom && (strcmp(path, "off") ? set(rom, "file", path) : set(rom, "bar", "off"));
}

/* A ramfb that is off is left out: said, it kept domains from starting until libvirt 7.10. */
static bool fill_hostdev(xmlNodePtr node, const struct gvt_hostdev *hostdev)
{
	xmlNodePtr source, address;

	if (!set(node, "mode", "subsystem") || !set(node, "type", "mdev") ||
	    !set(node, "model", "vfio-pci") ||
	    (hostdev->display && !set(node, "display", "on")) ||
	    (hostdev->ramfb && !set(node, "ramfb", "on")))
		return false;
	source = xmlNewChild(node, NULL, BAD_CAST "source", NULL);
	address = source ? xmlNewChild(source, NULL, BAD_CAST "address", NULL) : NULL;
	return address && set(address, "uuid", hostdev->uuid) &&
	       (!hostdev->rom || add_rom(node, hostdev->rom));
}

static xmlNodePtr new_hostdev(const struct gvt_hostdev *hostdev)
{
	xmlNodePtr node = xmlNewNode(NULL, BAD_CAST "hostdev");

	if (node && fill_hostdev(node, hostdev))
		return node;
	xmlFreeNode(node);
	return NULL;
}

static char *dump(xmlDocPtr doc, xmlNodePtr node)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	char *text = NULL;

	if (buffer && xmlNodeDump(buffer, doc, node, 0, 1) >= 0)
		text = strdup((const char *)xmlBufferContent(buffer));
	if (buffer)
		xmlBufferFree(buffer);
	return text;
}

char *gvt_hostdev_to_xml(const struct gvt_hostdev *hostdev)
{
	xmlNodePtr node = new_hostdev(hostdev);
	char *xml = node ? dump(NULL, node) : NULL;

	xmlFreeNode(node);
	return xml;
}

static bool is_on(struct gvt_definition *def, enum gvt_hostdev_option option)
{
	const char *text = gvt_definition_get_hostdev(def, option);

	return text && !strcmp(text, "on");
}

int gvt_definition_to_hostdev_xml(struct gvt_definition *def, char **xml)
{
	struct gvt_hostdev hostdev = {
		.uuid = gvt_definition_get_uuid(def),
		.display = is_on(def, GVT_HOSTDEV_DISPLAY),
		.ramfb = is_on(def, GVT_HOSTDEV_DISPLAY) && is_on(def, GVT_HOSTDEV_RAMFB),
		.rom = gvt_definition_get_hostdev(def, GVT_HOSTDEV_ROM),
	};
	char *text;

	*xml = NULL;
	if (!hostdev.uuid)
		return -EINVAL;
	text = gvt_hostdev_to_xml(&hostdev);
	if (text && asprintf(xml, "%s\n", text) < 0)
		*xml = NULL;
	free(text);
	return *xml ? 0 : -ENOMEM;
}

/* --- a domain's XML --------------------------------------------------------------------------- */

static xmlDocPtr parse(const char *xml, size_t length)
{
	if (length > DOMAIN_XML_MAX)
		return NULL;
	return xmlReadMemory(xml, (int)length, NULL, NULL,
			     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static bool is_element(xmlNodePtr node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

static xmlNodePtr child(xmlNodePtr parent, const char *name)
{
	for (xmlNodePtr node = parent ? parent->children : NULL; node; node = node->next)
		if (is_element(node, name))
			return node;
	return NULL;
}

static bool has_attribute(xmlNodePtr node, const char *name, const char *value)
{
	xmlChar *found = node ? xmlGetNoNsProp(node, BAD_CAST name) : NULL;
	bool same = found && !strcasecmp((const char *)found, value);

	xmlFree(found);
	return same;
}

static bool is_mdev(xmlNodePtr node)
{
	return is_element(node, "hostdev") && has_attribute(node, "type", "mdev");
}

static xmlNodePtr mdev_address(xmlNodePtr hostdev)
{
	return child(child(hostdev, "source"), "address");
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
		facts->other_display |= has_attribute(node, "display", "on");
		if (!facts->other[0])
			snprintf(facts->other, sizeof(facts->other), "%s", (const char *)found);
	}
	xmlFree(found);
}

static void take_device(xmlNodePtr node, const char *uuid, struct gvt_domain_facts *facts)
{
	if (is_mdev(node)) {
		take_mdev(node, uuid, facts);
	} else if (is_element(node, "graphics")) {
		facts->graphics = true;
		facts->opengl |= has_attribute(node, "type", "egl-headless") ||
				 has_attribute(child(node, "gl"), "enable", "yes");
	} else if (is_element(node, "video")) {
		facts->video |= !has_attribute(child(node, "model"), "type", "none");
	}
}

static void take_facts(xmlNodePtr root, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlNodePtr devices = child(root, "devices");

	facts->emulated = has_attribute(root, "type", "qemu");
	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = node->next)
		take_device(node, uuid, facts);
}

int gvt_domain_xml_read(const char *xml, const char *uuid, struct gvt_domain_facts *facts)
{
	xmlDocPtr doc = parse(xml, strlen(xml));

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

char *gvt_domain_xml_add(const char *xml, const char *hostdev)
{
	xmlDocPtr doc = parse(xml, strlen(xml)), element = parse(hostdev, strlen(hostdev));
	xmlNodePtr devices = doc ? child(xmlDocGetRootElement(doc), "devices") : NULL;
	xmlNodePtr node = devices && element ?
				  xmlDocCopyNode(xmlDocGetRootElement(element), doc, 1) :
				  NULL;
	char *text = NULL;

	if (node && xmlAddChild(devices, node))
		text = to_text(doc);
	else
		xmlFreeNode(node);
	xmlFreeDoc(element);
	xmlFreeDoc(doc);
	return text;
}

static xmlNodePtr find_mdev(xmlDocPtr doc, const char *uuid)
{
	xmlNodePtr devices = doc ? child(xmlDocGetRootElement(doc), "devices") : NULL;

	for (xmlNodePtr node = devices ? devices->children : NULL; node; node = node->next)
		if (is_mdev(node) && has_attribute(mdev_address(node), "uuid", uuid))
			return node;
	return NULL;
}

char *gvt_domain_xml_get(const char *xml, const char *uuid)
{
	xmlDocPtr doc = parse(xml, strlen(xml));
	xmlNodePtr node = find_mdev(doc, uuid);
	char *text = node ? dump(doc, node) : NULL;

	xmlFreeDoc(doc);
	return text;
}

char *gvt_domain_xml_take_out(const char *xml, const char *uuid)
{
	xmlDocPtr doc = parse(xml, strlen(xml));
	char *text = NULL;
	xmlNodePtr node;

	while ((node = find_mdev(doc, uuid))) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	if (doc)
		text = to_text(doc);
	xmlFreeDoc(doc);
	return text;
}

/* The text of a child element, "" when there is none or it is too long. */
static void take_text(xmlNodePtr parent, const char *name, char *text, size_t size)
{
	xmlNodePtr node = child(parent, name);
	xmlChar *content = node ? xmlNodeGetContent(node) : NULL;

	text[0] = '\0';
	if (content && strlen((const char *)content) < size)
		strcpy(text, (const char *)content);
	xmlFree(content);
}

int gvt_domain_xml_each(const char *xml, size_t length, char uuid_of_domain[GVT_UUID_SIZE],
			char *name, size_t name_size, int (*fn)(void *data, const char *uuid),
			void *data)
{
	xmlDocPtr doc = parse(xml, length);
	xmlNodePtr root = doc ? xmlDocGetRootElement(doc) : NULL, devices = child(root, "devices");
	int ret = root ? 0 : -EBADMSG;

	take_text(root, "uuid", uuid_of_domain, GVT_UUID_SIZE);
	take_text(root, "name", name, name_size);
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

/* --- how a domain is to have it --------------------------------------------------------------- */

static int no_graphics(struct gvt_ctx *ctx, const char *domain)
{
	gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP,
		  "domain %s has no graphics that could show the vGPU's screen", domain);
	gvt_hint(ctx, "add <graphics type='vnc'/> or <graphics type='spice'/> to its devices (virsh edit "
		      "%s), or leave the display off",
		 domain);
	return -ENOTSUP;
}

static int no_opengl(struct gvt_ctx *ctx, const char *domain)
{
	gvt_error(ctx, GVT_ERROR_FAILED, -ENOTSUP,
		  "this vGPU shows its screen as a dma-buf, for which the graphics of domain %s need "
		  "OpenGL",
		  domain);
	gvt_hint(ctx,
		 "add <graphics type='egl-headless'/> beside VNC or SPICE (virsh edit %s); with gvt.ko, "
		 "the setting display=region needs none",
		 domain);
	return -ENOTSUP;
}

static int choose_display(struct gvt_definition *def, const struct gvt_domain_facts *facts,
			  enum gvt_picture picture, const char *domain, bool *display)
{
	const char *asked = gvt_definition_get_hostdev(def, GVT_HOSTDEV_DISPLAY);
	bool opengl = picture == GVT_PICTURE_REGION || facts->opengl;

	*display = facts->graphics && opengl && !facts->other_display;
	if (!asked || *display == !strcmp(asked, "on"))
		return 0;
	*display = false;
	if (!strcmp(asked, "off"))
		return 0;
	if (facts->graphics && opengl)
		return gvt_error(def->ctx, GVT_ERROR_FAILED, -ENOTSUP,
				 "domain %s shows another mediated device already", domain);
	return facts->graphics ? no_opengl(def->ctx, domain) : no_graphics(def->ctx, domain);
}

static int choose_ramfb(struct gvt_definition *def, const struct gvt_domain_facts *facts,
			bool display, bool *ramfb)
{
	const char *asked = gvt_definition_get_hostdev(def, GVT_HOSTDEV_RAMFB);

	*ramfb = asked ? !strcmp(asked, "on") : display && !facts->video;
	if (display || !*ramfb)
		return 0;
	gvt_error(def->ctx, GVT_ERROR_FAILED, -ENOTSUP, "a vGPU whose display is off can't have ramfb");
	gvt_hint(def->ctx, "ask for the display, too: --display on");
	return -ENOTSUP;
}

int gvt_hostdev_choose(struct gvt_definition *def, const struct gvt_domain_facts *facts,
		       enum gvt_picture picture, const char *domain, struct gvt_hostdev *hostdev)
{
	int err;

	*hostdev = (struct gvt_hostdev){ .uuid = gvt_definition_get_uuid(def),
					 .rom = gvt_definition_get_hostdev(def, GVT_HOSTDEV_ROM) };
	err = choose_display(def, facts, picture, domain, &hostdev->display);
	if (!err)
		err = choose_ramfb(def, facts, hostdev->display, &hostdev->ramfb);
	if (!err && hostdev->ramfb && facts->video)
		gvt_log(def->ctx, LOG_NOTICE,
			"domain %s has another video device, which its firmware may take for its "
			"screen; <video><model type='none'/></video> leaves the vGPU's alone",
			domain);
	return err;
}
