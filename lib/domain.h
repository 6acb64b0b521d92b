/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's domains and the mediated devices in their persistent configuration. */
#ifndef GVT_DOMAIN_H
#define GVT_DOMAIN_H

#include "ctx.h"
#include "hostdev.h"

struct gvt_domain;

/* Connects if need be. -ENOENT with GVT_ERROR_NOT_FOUND when there is no such domain. */
int gvt_domain_open(struct gvt_ctx *ctx, const char *name_or_uuid, struct gvt_domain **domain);
void gvt_domain_close(struct gvt_domain *domain);
const char *gvt_domain_get_name(struct gvt_domain *domain);
const char *gvt_domain_get_uuid(struct gvt_domain *domain);
bool gvt_domain_is_running(struct gvt_domain *domain);

/* Whether the vGPU can become its first one: persistent, under KVM, no other vGPU. */
int gvt_domain_check(struct gvt_domain *domain, const char *uuid);
/*
 * How a vGPU shows its picture. @gpu: NULL where none is chosen yet; then the first that offers its
 * type stands for it. @display: its setting of that name, or NULL.
 */
enum gvt_picture gvt_picture_of(struct gvt_ctx *ctx, const char *gpu, const char *type_name,
				const char *display);
/* How it is to have the vGPU; see gvt_hostdev_choose(). @hostdev borrows from @def. */
int gvt_domain_choose(struct gvt_domain *domain, struct gvt_definition *def,
		      enum gvt_picture picture, struct gvt_hostdev *hostdev);
/* 1 when it has it already. */
int gvt_domain_add_vgpu(struct gvt_domain *domain, const struct gvt_hostdev *hostdev);
/* @removed: the element as it was, for gvt_domain_put_back(); to be freed. 1 when it has it not. */
int gvt_domain_remove_vgpu(struct gvt_domain *domain, const char *uuid, char **removed);
int gvt_domain_put_back(struct gvt_domain *domain, const char *uuid, const char *removed);
/* The element that it has for the vGPU, to be freed; NULL when it has none. 0 or a negative errno. */
int gvt_domain_element(struct gvt_domain *domain, const char *uuid, char **element);
/* Makes it so: that element, or none. */
int gvt_domain_make(struct gvt_domain *domain, const char *uuid, const char *element);
/*
 * The same for the running domain, without display. -EBUSY when the guest did not let it go in ten
 * seconds: libvirt has no other word for that than silence.
 */
int gvt_domain_plug_vgpu(struct gvt_domain *domain, const char *uuid);
int gvt_domain_unplug_vgpu(struct gvt_domain *domain, const char *uuid);

/* The context's connection, a virConnectPtr, made now if need be; NULL with the error set. */
void *gvt_libvirt(struct gvt_ctx *ctx);
/* Sets the error from what libvirt said last: not permitted, or @err. */
int gvt_libvirt_error(struct gvt_ctx *ctx, int err, const char *what);
/* Ends the context's connection, if it has one. */
void gvt_domain_disconnect(struct gvt_ctx *ctx);

#endif
