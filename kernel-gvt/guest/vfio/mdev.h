/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mdev.h - each GPU as a parent of mediated devices, and its vGPUs as these devices
 *
 * What main.c needs of this folder. The types have the names and numbers of kvmgt, which libvirt,
 * mdevctl and people know.
 */
#ifndef GVT_VFIO_MDEV_H
#define GVT_VFIO_MDEV_H

#include <linux/types.h>

struct device;
struct gvt_gpu_options;
struct gvt_host;

int gvt_mdev_register(void);
/* All vGPUs of all parents are gone when this returns; waits for those in use. */
void gvt_mdev_unregister(void);

/* Offer vGPUs of this GPU. Returns what gvt_mdev_parent_destroy() wants, or an ERR_PTR(). */
void *gvt_mdev_parent_create(struct gvt_host *host, struct device *device,
			     const struct gvt_gpu_options *options);
/* The GPU has lost what its vGPUs had written to it. */
void gvt_mdev_parent_resumed(void *parent);
void gvt_mdev_parent_destroy(void *parent);

#endif
