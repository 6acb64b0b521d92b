/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A vGPU as libvirt's XML says it, and vGPUs found in a domain's XML. Knows no libvirt call. */
#ifndef GVT_HOSTDEV_H
#define GVT_HOSTDEV_H

#include "ctx.h"
#include "value.h"

/* A vGPU in a domain, as its XML says it. */
struct gvt_hostdev {
	const char *uuid;
	bool display, ramfb;
	const char *rom; /* the path of a file, or "off"; NULL: not said */
};

/* The element, to be freed; NULL without memory. */
char *gvt_hostdev_to_xml(const struct gvt_hostdev *hostdev);

/* What the library wants to know of a domain's XML. */
struct gvt_domain_facts {
	bool emulated; /* type='qemu': runs without KVM */
	bool has_wanted; /* the UUID asked for is among its mediated devices */
	bool graphics; /* something shows its screens */
	bool opengl; /* and with OpenGL */
	bool video; /* it has a video device that is none of the vGPUs */
	bool other_display; /* another <hostdev> has its display on */
	char other[GVT_UUID_SIZE]; /* the first mediated device that is another one, or "" */
};

/* 0, -EBADMSG, -ENOMEM */
int gvt_domain_xml_read(const char *xml, const char *uuid, struct gvt_domain_facts *facts);

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

/* The element that a domain has for the vGPU, to be freed; NULL when there is none. */
char *gvt_domain_xml_get(const char *xml, const char *uuid);
/*
 * The domain's XML with such an element added, or taken out; to be freed. NULL when that is not
 * possible.
 */
char *gvt_domain_xml_add(const char *xml, const char *hostdev);
char *gvt_domain_xml_take_out(const char *xml, const char *uuid);

/*
 * Calls @fn with the UUID of each mediated device of a domain's XML, in lower case, until it returns
 * other than 0. Returns that, 0, or -EBADMSG. @uuid_of_domain and @name receive what the domain is
 * called, "" when that is not said.
 */
int gvt_domain_xml_each(const char *xml, size_t length, char uuid_of_domain[GVT_UUID_SIZE],
			char *name, size_t name_size, int (*fn)(void *data, const char *uuid),
			void *data);

#endif
