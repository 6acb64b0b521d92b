/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A vGPU as libvirt's XML says it, and vGPUs found in a domain's XML. Knows no libvirt call. */
#ifndef GVT_HOSTDEV_H
#define GVT_HOSTDEV_H

#include "ctx.h"
#include "value.h"

/* What the library wants to know of a domain's XML. */
struct gvt_domain_facts {
	bool emulated; /* type='qemu': runs without KVM */
	bool has_wanted; /* the UUID asked for is among its mediated devices */
	char other[GVT_UUID_SIZE]; /* the first mediated device that is another one, or "" */
};

/* 0, -EBADMSG, -ENOMEM */
int gvt_domain_xml_read(const char *xml, const char *uuid, struct gvt_domain_facts *facts);
/*
 * The domain's XML with the vGPU added, or taken out; to be freed. NULL when that is not
 * possible.
 */
char *gvt_domain_xml_add(const char *xml, const char *uuid);
char *gvt_domain_xml_take_out(const char *xml, const char *uuid);

#endif
