/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's XML: what is in it of mediated devices, and changes of these. Knows no libvirt call. */
#ifndef GVT_DOMAIN_XML_H
#define GVT_DOMAIN_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "value.h"

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

/* The element that a domain has for the vGPU, to be freed; NULL when there is none. 0, -EBADMSG, -ENOMEM */
int gvt_domain_xml_get(const char *xml, const char *uuid, char **element);
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
