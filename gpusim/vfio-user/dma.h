/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dma.h - the machine's memory: what the client lets the GPU reach
 *
 * The commands DMA_MAP and DMA_UNMAP. A range that comes with a file descriptor is mapped and given
 * to the GPU; one without (other devices' BARs, for instance) is remembered only, so that unmapping
 * it and mapping over it are answered rightly. The GPU finds no memory there.
 */
#ifndef GPUSIM_VFIO_USER_DMA_H
#define GPUSIM_VFIO_USER_DMA_H

#include "gpusim/gpu/gpu.h"
#include "request.h"

#define VU_DMA_MAX_RANGES 512u
#define VU_DMA_PAGE_SIZE  4096u

struct vu_dma_range {
	uint64_t address;
	uint64_t size;
	void *mapping; /* NULL: no memory */
	size_t mapping_size;
};

struct vu_dma {
	struct gpu *gpu;
	unsigned int count;
	struct vu_dma_range ranges[VU_DMA_MAX_RANGES];
};

int vu_dma_map(struct vu_dma *dma, struct vu_request *request);
int vu_dma_unmap(struct vu_dma *dma, struct vu_request *request);

/* Take all memory from the GPU and unmap it. */
void vu_dma_unmap_all(struct vu_dma *dma);

#endif
