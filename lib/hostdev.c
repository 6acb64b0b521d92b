// SPDX-License-Identifier: LGPL-2.1-or-later
/* A vGPU as libvirt's XML says it, and how a domain is to have it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctx.h"
#include "definition.h"
#include "hostdev.h"
#include "xml.h"

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

char *gvt_hostdev_to_xml(const struct gvt_hostdev *hostdev)
{
	xmlNodePtr node = new_hostdev(hostdev);
	char *xml = node ? gvt_xml_dump(NULL, node) : NULL;

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
