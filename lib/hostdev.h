/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A vGPU as libvirt's XML says it, and how a domain is to have it. Knows no libvirt call. */
#ifndef GVT_HOSTDEV_H
#define GVT_HOSTDEV_H

#include "domain-xml.h"
#include "gvtmgr.h"

/* A vGPU in a domain, as its XML says it. */
struct gvt_hostdev {
	const char *uuid;
	bool display, ramfb;
	const char *rom; /* the path of a file, or "off"; NULL: not said */
};

/* The element, to be freed; NULL without memory. */
char *gvt_hostdev_to_xml(const struct gvt_hostdev *hostdev);

/* How a viewer gets a vGPU's picture. */
enum gvt_picture {
	GVT_PICTURE_REGION, /* a copy, for every viewer */
	GVT_PICTURE_DMABUF, /* needs OpenGL on the host */
};

/*
 * How a domain of that name and with those facts is to have the vGPU: as its definition says it, or
 * as it can start. 0; -ENOTSUP: the domain can't have it as the definition says.
 */
int gvt_hostdev_choose(struct gvt_definition *def, const struct gvt_domain_facts *facts,
		       enum gvt_picture picture, const char *domain, struct gvt_hostdev *hostdev);

#endif
