/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Intel's graphics devices by PCI device id: generation, and whether GVT-g knows them. */
#ifndef GVT_PLATFORM_H
#define GVT_PLATFORM_H

#include <stdbool.h>

struct gvt_platform {
	unsigned int first, last; /* PCI device ids, both included */
	unsigned int generation;
	bool gvtg;
	const char *name;
};

/* NULL for an id that the table does not have. */
const struct gvt_platform *gvt_platform_find(unsigned int device_id);

#endif
