// SPDX-License-Identifier: GPL-2.0-only
/* The aperture as the CPU reads and writes it, for accesses that a guest does not make itself. */
#include "internal.h"

void gvt_host_aperture_read(struct gvt_host *host, u64 offset, void *data, size_t length)
{
	memcpy_fromio(data, host->ggtt->iomap.iomem + offset, length);
}

void gvt_host_aperture_write(struct gvt_host *host, u64 offset, const void *data, size_t length)
{
	memcpy_toio(host->ggtt->iomap.iomem + offset, data, length);
}
