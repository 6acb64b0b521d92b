/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's domains and the mediated devices in their persistent configuration. */
#ifndef GVT_DOMAIN_H
#define GVT_DOMAIN_H

#include "ctx.h"

struct gvt_domain;

/* Connects if need be. -ENOENT with GVT_ERROR_NOT_FOUND when there is no such domain. */
int gvt_domain_open(struct gvt_ctx *ctx, const char *name_or_uuid, struct gvt_domain **domain);
void gvt_domain_close(struct gvt_domain *domain);
const char *gvt_domain_get_name(struct gvt_domain *domain);
const char *gvt_domain_get_uuid(struct gvt_domain *domain);
bool gvt_domain_is_running(struct gvt_domain *domain);

/* Whether the vGPU can become its first one: persistent, under KVM, no other vGPU. */
int gvt_domain_check(struct gvt_domain *domain, const char *uuid);
/* Both return 1 when there was nothing to do. */
int gvt_domain_add_vgpu(struct gvt_domain *domain, const char *uuid);
int gvt_domain_remove_vgpu(struct gvt_domain *domain, const char *uuid);

/* Ends the context's connection, if it has one. */
void gvt_domain_disconnect(struct gvt_ctx *ctx);

#endif
