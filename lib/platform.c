// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Intel's graphics devices; ids and families from Linux 6.1, include/drm/i915_pciids.h; those
 * with GVT-g are the ones that its i915/intel_gvt.c lets in.
 */
#include <stddef.h>

#include "platform.h"

static const struct gvt_platform platforms[] = {
	{ 0x0042, 0x0046, 5, false, "Ironlake" },
	{ 0x0102, 0x0126, 6, false, "Sandy Bridge" },
	{ 0x0152, 0x016a, 7, false, "Ivy Bridge" },
	{ 0x0402, 0x042e, 7, false, "Haswell" },
	{ 0x0a02, 0x0a2e, 7, false, "Haswell" },
	{ 0x0a84, 0x0a84, 9, true, "Broxton" },
	{ 0x0c02, 0x0c2e, 7, false, "Haswell" },
	{ 0x0d02, 0x0d2e, 7, false, "Haswell" },
	{ 0x0f30, 0x0f33, 7, false, "Bay Trail" },
	{ 0x1602, 0x163e, 8, true, "Broadwell" },
	{ 0x1902, 0x193d, 9, true, "Skylake" },
	{ 0x1a84, 0x1a85, 9, true, "Broxton" },
	{ 0x22b0, 0x22b3, 8, false, "Cherryview" },
	{ 0x3184, 0x3185, 9, false, "Gemini Lake" },
	{ 0x3e90, 0x3ea9, 9, true, "Coffee Lake" },
	{ 0x4541, 0x4571, 11, false, "Elkhart Lake" },
	{ 0x4626, 0x462a, 12, false, "Alder Lake" },
	{ 0x4680, 0x46d4, 12, false, "Alder Lake" },
	{ 0x4905, 0x4909, 12, false, "DG1" },
	{ 0x4c80, 0x4c9a, 12, false, "Rocket Lake" },
	{ 0x4e51, 0x4e71, 11, false, "Jasper Lake" },
	{ 0x5690, 0x56c2, 12, false, "Arc (Alchemist)" },
	{ 0x5902, 0x593b, 9, true, "Kaby Lake" },
	{ 0x5a40, 0x5a5c, 10, false, "Cannon Lake" },
	{ 0x5a84, 0x5a85, 9, true, "Broxton" },
	{ 0x7d40, 0x7dd5, 12, false, "Meteor Lake" },
	{ 0x87c0, 0x87c0, 9, true, "Kaby Lake" },
	{ 0x87ca, 0x87ca, 9, true, "Coffee Lake" },
	{ 0x8a50, 0x8a71, 11, false, "Ice Lake" },
	{ 0x9a40, 0x9af8, 12, false, "Tiger Lake" },
	{ 0x9b21, 0x9b41, 9, true, "Comet Lake" },
	{ 0x9ba2, 0x9bf6, 9, true, "Comet Lake" },
	{ 0xa720, 0xa7ab, 12, false, "Raptor Lake" },
};

const struct gvt_platform *gvt_platform_find(unsigned int device_id)
{
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
		if (device_id >= platforms[i].first && device_id <= platforms[i].last)
			return &platforms[i];
	return NULL;
}
