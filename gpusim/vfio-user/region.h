/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * region.h - the GPU's BARs and configuration space as VFIO regions
 *
 * The commands DEVICE_GET_INFO, DEVICE_GET_REGION_INFO, DEVICE_GET_REGION_IO_FDS, REGION_READ,
 * REGION_WRITE, REGION_WRITE_MULTI. Regions 0 to 5 are the BARs, VFIO_PCI_CONFIG_REGION_INDEX is
 * the configuration space, the others are empty. The GGTT half of BAR0 is offered as memory to map;
 * everything else costs a message an access, with the guest's processor waiting for the answer:
 * read and write do no more than check and call.
 */
#ifndef GPUSIM_VFIO_USER_REGION_H
#define GPUSIM_VFIO_USER_REGION_H

#include "gpusim/gpu/gpu.h"
#include "request.h"

int vu_region_get_device_info(struct gpu *gpu, struct vu_request *request);
int vu_region_get_info(struct gpu *gpu, struct vu_request *request);
int vu_region_get_io_fds(struct gpu *gpu, struct vu_request *request);
int vu_region_read(struct gpu *gpu, struct vu_request *request);
int vu_region_write(struct gpu *gpu, struct vu_request *request);
int vu_region_write_multi(struct gpu *gpu, struct vu_request *request);

#endif
