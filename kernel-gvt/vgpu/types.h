/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h - the sizes that a vGPU can have, and the classic sets of them
 *
 * Knows no GPU: whether something fits is partition.h's.
 */
#ifndef GVT_TYPES_H
#define GVT_TYPES_H

#include <linux/types.h>

#define GVT_FENCES_MAX 32u
#define GVT_WEIGHT_MAX 64u

/* MiB; both parts start and end at multiples of what one page of GGTT entries covers. */
#define GVT_GRANULE_MB 2u

struct gvt_sizes {
	u32 aperture_mb; /* graphics memory that the CPU sees, too */
	u32 hidden_mb; /* graphics memory for the GPU alone */
	u32 fences;
	u32 weight; /* share of the GPU's time beside other vGPUs */
	u32 width, height; /* of the largest picture */
	u32 rate; /* pictures a second that its monitor prefers; 0: 60 */
};

struct gvt_type {
	unsigned int share; /* of a GPU with the classic aperture: 1, 2, 4 or 8 of them */
	struct gvt_sizes sizes;
};

#define GVT_TYPE_COUNT 4

/* From small to large. */
extern const struct gvt_type gvt_types[GVT_TYPE_COUNT];

/*
 * Can a vGPU have these sizes, on any GPU?
 * Returns NULL, or what is wrong, for a person.
 */
const char *gvt_sizes_fault(const struct gvt_sizes *sizes);

#endif
