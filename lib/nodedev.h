/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvirt's node devices: mediated devices as libvirt lists and defines them (formatnode.html). They
 * are mdevctl's, seen through libvirt.
 */
#ifndef GVT_NODEDEV_H
#define GVT_NODEDEV_H

#include "ctx.h"

/*
 * Calls @fn with each of a GVT-g type, active or not, as a definition of ours that is borrowed, until
 * it returns other than 0. Returns 0, what @fn returned, or what libvirt met.
 */
int gvt_nodedev_each(struct gvt_ctx *ctx, int (*fn)(void *data, struct gvt_definition *def),
		     void *data);

/* A definition as libvirt has it, for "virsh nodedev-define"; to be freed. NULL without memory. */
char *gvt_nodedev_xml(struct gvt_definition *def);
/* The other way; @autostart is not in the XML. 0; 1: no vGPU of GVT-g; -EBADMSG; -ENOMEM. */
int gvt_nodedev_read(struct gvt_ctx *ctx, const char *xml, struct gvt_definition **def);

#endif
