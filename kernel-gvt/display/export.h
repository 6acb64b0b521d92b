/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * export.h - a plane as its guest has it in memory, for those who can show that as it is
 *
 * Where the primary plane alone does not make the picture (there are others above it, it is turned,
 * scaled, or of a format that needs a palette), there is nothing to export but the picture that
 * screen.h makes.
 */
#ifndef GVT_EXPORT_H
#define GVT_EXPORT_H

#include <linux/types.h>

struct vgpu;

struct gvt_export {
	u32 format; /* <drm/drm_fourcc.h>, as the modifier */
	u64 modifier;
	u32 width, height, stride;
	s32 x, y; /* where it is shown */
	u64 address; /* graphics address, at the beginning of a page */
	u32 pages;
};

enum gvt_export_result {
	GVT_EXPORT_NOTHING, /* the display, or that plane, is off */
	GVT_EXPORT_PLANE,
	GVT_EXPORT_PICTURE, /* screen.h's, the cursor included */
};

/* The primary plane, or the cursor. The vGPU's lock is held. */
enum gvt_export_result vgpu_export_look(struct vgpu *vgpu, bool cursor, struct gvt_export *export);

/* Where in the cursor's picture its point is, as the guest's driver says; ~0: it has not said. */
void vgpu_export_hot_spot(struct vgpu *vgpu, u32 *x, u32 *y);

#endif
