/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A GPU cut into vGPUs, as the kernel would do it: aperture, hidden memory and fences, and who has
 * which part. The answers for what has not happened yet come from here.
 *
 * gvt.ko says where its vGPUs lie and takes for a new one the smallest gap that is large enough, at
 * the gap's start (gvt-module(5)). kvmgt says neither; of it only sums are sure: what is free of the
 * aperture less 128 MiB, of hidden memory less 384 MiB and of 28 fences (Linux 6.1,
 * drivers/gpu/drm/i915/gvt/gvt.h).
 */
#ifndef GVT_PARTITION_H
#define GVT_PARTITION_H

#include "ctx.h"
#include "setting.h"

#define GVT_RANGES_MAX 64
#define GVT_NOBODY     -1

/* What one vGPU has or wants. MiB, and a number of fences. */
struct gvt_part {
	uint32_t aperture, hidden, fences;
};

struct gvt_range {
	uint32_t start, size; /* MiB */
	int holder; /* as the caller counts them */
};

struct gvt_space {
	uint32_t start, end; /* of what vGPUs can have */
	unsigned int count;
	struct gvt_range ranges[GVT_RANGES_MAX]; /* by address */
};

struct gvt_partition {
	struct gvt_space aperture, hidden;
	uint32_t fences, fences_free; /* of those for vGPUs */
	uint32_t aperture_size, ggtt_size; /* MiB, with the host's */
	unsigned int holders;
	bool exact; /* the driver is gvt.ko: ranges are where it says */
	bool assumed; /* there are some whose places are not known */
};

enum gvt_fit {
	GVT_FIT_YES,
	GVT_FIT_NO,
	GVT_FIT_UNKNOWN, /* kvmgt: there is enough, but maybe not in one piece */
};

/* An empty GPU. 0, or -ENODATA when sysfs does not say how large it is. */
int gvt_partition_read(struct gvt_gpu *gpu, struct gvt_partition *partition);
/*
 * Puts in what is active on it, the first as holder 0 and so on; @uuids[holder] is borrowed from the
 * look at the host. 0, -ENODATA, -E2BIG.
 */
int gvt_partition_read_active(struct gvt_gpu *gpu, struct gvt_partition *partition,
			      const char *uuids[GVT_RANGES_MAX]);

struct gvt_part gvt_part_of_type(struct gvt_type *type);

/*
 * Makes a vGPU of @type, and then of it what @wanted says. On other answers than yes and unknown,
 * the partition is as before. @why, if it is no: for people.
 */
enum gvt_fit gvt_partition_take(struct gvt_partition *partition, const struct gvt_part *type,
				const struct gvt_part *wanted, int holder, char *why, size_t size);

#endif
