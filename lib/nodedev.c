// SPDX-License-Identifier: LGPL-2.1-or-later
/* libvirt's node devices. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "definition.h"
#include "domain.h"
#include "libvirt-load.h"
#include "nodedev.h"
#include "snapshot.h"
#include "xml.h"


/* --- names ------------------------------------------------------------------------------------ */

/* "pci_0000_00_02_0" is 0000:00:02.0. */
static bool address_of(const char *parent, char address[GVT_ADDRESS_SIZE])
{
	unsigned int domain, bus, device, function;

	if (sscanf(parent, "pci_%4x_%2x_%2x_%1x", &domain, &bus, &device, &function) != 4)
		return false;
	snprintf(address, GVT_ADDRESS_SIZE, "%04x:%02x:%02x.%x", domain, bus, device, function);
	return gvt_valid_address(address);
}

static void parent_of(const char *address, char *parent, size_t size)
{
	snprintf(parent, size, "pci_%s", address);
	for (char *c = parent; *c; c++)
		if (*c == ':' || *c == '.')
			*c = '_';
}

/* --- reading ---------------------------------------------------------------------------------- */

static void take_attribute(struct gvt_definition *def, xmlNodePtr node)
{
	char name[64], value[64];

	gvt_xml_text(node, "name", name, sizeof(name));
	gvt_xml_text(node, "value", value, sizeof(value));
	gvt_definition_take_attribute(def, name, value);
}

static int fill(struct gvt_definition *def, xmlNodePtr device)
{
	xmlNodePtr capability = gvt_xml_child(device, "capability");
	char type[128], uuid[64], parent[64], address[GVT_ADDRESS_SIZE];

	gvt_xml_text(gvt_xml_child(capability, "type"), "id", type, sizeof(type));
	gvt_xml_text(gvt_xml_child(capability, "uuid"), NULL, uuid, sizeof(uuid));
	gvt_xml_text(gvt_xml_child(device, "parent"), NULL, parent, sizeof(parent));
	if (!gvt_is_gvt_type(type))
		return type[0] ? 1 : -EBADMSG;
	if (gvt_definition_set_type(def, type) || gvt_definition_set_uuid(def, uuid) ||
	    !address_of(parent, address) || gvt_definition_set_gpu(def, address))
		return -EBADMSG;
	for (xmlNodePtr node = capability->children; node; node = node->next)
		if (gvt_xml_is(node, "attr"))
			take_attribute(def, node);
	return 0;
}

int gvt_nodedev_read(struct gvt_ctx *ctx, const char *xml, struct gvt_definition **def)
{
	xmlDocPtr doc = gvt_xml_parse(xml, strlen(xml));
	int err = doc ? gvt_definition_new(ctx, def) : -EBADMSG;

	if (!doc)
		*def = NULL;
	if (!err)
		err = fill(*def, xmlDocGetRootElement(doc));
	if (err)
		*def = gvt_definition_unref(*def);
	if (doc)
		xmlFreeDoc(doc);
	return err;
}

static int take_device(struct gvt_ctx *ctx, virNodeDevicePtr device,
		       int (*fn)(void *data, struct gvt_definition *def), void *data)
{
	char *xml = gvt_vir.NodeDeviceGetXMLDesc(device, 0);
	struct gvt_definition *def = NULL;
	int autostart = 0, err = 0;

	if (!xml)
		return 0;
	err = gvt_nodedev_read(ctx, xml, &def);
	free(xml);
	if (!err) {
		gvt_vir.NodeDeviceGetAutostart(device, &autostart);
		err = gvt_definition_set_autostart(def, autostart == 1);
	}
	if (!err)
		err = fn(data, def);
	else if (err != -ENOMEM)
		err = 0;
	gvt_definition_unref(def);
	return err;
}

int gvt_nodedev_each(struct gvt_ctx *ctx, int (*fn)(void *data, struct gvt_definition *def),
		     void *data)
{
	const unsigned int flags = VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV |
				   VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE |
				   VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE;
	virConnectPtr libvirt = gvt_libvirt(ctx);
	virNodeDevicePtr *devices = NULL;
	int count, err = 0;

	if (!libvirt)
		return -ENOTCONN;
	count = gvt_vir.ConnectListAllNodeDevices(libvirt, &devices, flags);
	if (count < 0)
		return gvt_libvirt_error(ctx, -EIO, "cannot list libvirt's node devices");
	for (int i = 0; i < count; i++) {
		if (!err)
			err = take_device(ctx, devices[i], fn, data);
		gvt_vir.NodeDeviceFree(devices[i]);
	}
	free(devices);
	return err;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool add_settings(xmlNodePtr capability, struct gvt_definition *def)
{
	for (int i = 0; i < GVT_SETTING_COUNT; i++) {
		const char *text = gvt_definition_get_setting(def, i);
		xmlNodePtr node;
		char name[32];

		if (!text)
			continue;
		snprintf(name, sizeof(name), GVT_ATTRIBUTES "%s", gvt_setting_rules[i].attribute);
		node = xmlNewChild(capability, NULL, BAD_CAST "attr", NULL);
		if (!node || !xmlSetProp(node, BAD_CAST "name", BAD_CAST name) ||
		    !xmlSetProp(node, BAD_CAST "value", BAD_CAST text))
			return false;
	}
	return true;
}

static bool fill_device(xmlNodePtr device, struct gvt_definition *def)
{
	const char *gpu = gvt_definition_get_gpu(def);
	xmlNodePtr capability, type;
	char parent[64];

	parent_of(gpu ? gpu : "0000:00:02.0", parent, sizeof(parent));
	if (!xmlNewChild(device, NULL, BAD_CAST "parent", BAD_CAST parent))
		return false;
	capability = xmlNewChild(device, NULL, BAD_CAST "capability", NULL);
	if (!capability || !xmlSetProp(capability, BAD_CAST "type", BAD_CAST "mdev"))
		return false;
	type = xmlNewChild(capability, NULL, BAD_CAST "type", NULL);
	return type && xmlSetProp(type, BAD_CAST "id", BAD_CAST gvt_definition_get_type(def)) &&
	       xmlNewChild(capability, NULL, BAD_CAST "uuid",
			   BAD_CAST gvt_definition_get_uuid(def)) &&
	       add_settings(capability, def);
}

char *gvt_nodedev_xml(struct gvt_definition *def)
{
	xmlNodePtr device = xmlNewNode(NULL, BAD_CAST "device");
	char *xml = device && fill_device(device, def) ? gvt_xml_dump(NULL, device) : NULL;
	char *text = NULL;

	if (xml && asprintf(&text, "%s\n", xml) < 0)
		text = NULL;
	free(xml);
	xmlFreeNode(device);
	return text;
}
