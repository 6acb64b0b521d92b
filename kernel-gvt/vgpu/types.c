// SPDX-License-Identifier: GPL-2.0-only
#include "types.h"

const struct gvt_type gvt_types[GVT_TYPE_COUNT] = {
	{ 8, { .aperture_mb = 64, .hidden_mb = 384, .fences = 4, .weight = 2, .width = 1024, .height = 768 } },
	{ 4, { .aperture_mb = 128, .hidden_mb = 512, .fences = 4, .weight = 4, .width = 1920, .height = 1200 } },
	{ 2, { .aperture_mb = 256, .hidden_mb = 1024, .fences = 4, .weight = 8, .width = 1920, .height = 1200 } },
	{ 1, { .aperture_mb = 512, .hidden_mb = 2048, .fences = 4, .weight = 16, .width = 1920, .height = 1200 } },
};

/* What a display of these generations can scan out. */
#define WIDTH_MIN  640u
#define HEIGHT_MIN 480u
#define WIDTH_MAX  4096u
#define HEIGHT_MAX 2304u
#define RATE_MIN   24u
#define RATE_MAX   120u

/* A guest's driver needs some of both before it draws anything. */
#define APERTURE_MIN_MB 16u
#define HIDDEN_MIN_MB	32u
#define MEMORY_MAX_MB	4096u

static bool is_size(u32 mb, u32 least)
{
	return mb >= least && mb <= MEMORY_MAX_MB && mb % GVT_GRANULE_MB == 0;
}

const char *gvt_sizes_fault(const struct gvt_sizes *sizes)
{
	if (!is_size(sizes->aperture_mb, APERTURE_MIN_MB))
		return "the aperture must be an even number of MiB, at least 16";
	if (!is_size(sizes->hidden_mb, HIDDEN_MIN_MB))
		return "hidden memory must be an even number of MiB, at least 32";
	if (sizes->fences < 1 || sizes->fences > GVT_FENCES_MAX)
		return "the number of fences must be from 1 to 32";
	if (sizes->weight < 1 || sizes->weight > GVT_WEIGHT_MAX)
		return "the weight must be from 1 to 64";
	if (sizes->width < WIDTH_MIN || sizes->width > WIDTH_MAX || sizes->height < HEIGHT_MIN ||
	    sizes->height > HEIGHT_MAX)
		return "the resolution must be from 640x480 to 4096x2304";
	if (sizes->rate && (sizes->rate < RATE_MIN || sizes->rate > RATE_MAX))
		return "the rate must be from 24 to 120 pictures a second";
	return NULL;
}
