/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * surface.h - the pixels of a plane, out of a guest's graphics memory
 *
 * Knows tilings and turned surfaces; no place on the screen. What is not mapped is black, and
 * transparent.
 */
#ifndef GVT_SURFACE_H
#define GVT_SURFACE_H

#include <linux/types.h>

#include "plane.h"

struct vgpu;

#define SURFACE_UNIT 16u /* bytes that every tiling keeps together */
#define SURFACE_PAGES (8u * GVT_PLANE_MOST / 128u + 2u) /* that a row's pixels may be in */

struct gvt_surface {
	const struct gvt_plane *plane;
	u32 tile_width, tile_height; /* bytes, rows; of linear ones a page, and 1 */
	u32 run; /* bytes of a row that are together */
	u16 columns[512 / SURFACE_UNIT], rows[64]; /* in a tile: both are added */
	/* The pages that hold some rows: those that begin at row `band` times as many. */
	bool valid;
	u32 band;
	const void *pages[SURFACE_PAGES];
	u8 raw[8 * GVT_PLANE_MOST + SURFACE_UNIT]; /* a row that lies in small pieces */
};

/* The plane must outlive it. */
void gvt_surface_init(struct gvt_surface *surface, const struct gvt_plane *plane);
/* The vGPU's lock was given up since the last row: memory may have moved. */
void gvt_surface_forget(struct gvt_surface *surface);
/*
 * The plane's pixels of its row y, below its height; the vGPU's lock is held. There must be room for
 * its width, rounded up to whole groups of its format.
 */
void gvt_surface_row(struct vgpu *vgpu, struct gvt_surface *surface, u32 y, u32 *pixels);

/* From the plane's base up to the end of the last row that it shows. */
u64 gvt_surface_bytes(const struct gvt_plane *plane);

#endif
