// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vfio.h"

static int open_group(const char *uuid)
{
	char path[128], target[256];
	ssize_t length;
	int group;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		err(1, "%s", path);
	target[length] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%.100s", strrchr(target, '/') + 1);
	group = open(path, O_RDWR | O_CLOEXEC);
	if (group < 0)
		err(1, "%s", path);
	return group;
}

struct vfio vfio_open(const char *uuid)
{
	struct vfio vfio = { .container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC) };

	if (vfio.container < 0)
		err(1, "/dev/vfio/vfio");
	vfio.group = open_group(uuid);
	/* Drivers may pin memory only with the second version. */
	if (ioctl(vfio.group, VFIO_GROUP_SET_CONTAINER, &vfio.container) ||
	    ioctl(vfio.container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		err(1, "%s: no IOMMU for it", uuid);
	vfio.device = ioctl(vfio.group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	if (vfio.device < 0)
		err(1, "%s: VFIO_GROUP_GET_DEVICE_FD", uuid);
	return vfio;
}

void vfio_close(struct vfio *vfio)
{
	close(vfio->device);
	close(vfio->group);
	close(vfio->container);
	*vfio = (struct vfio){ -1, -1, -1 };
}

void vfio_map(const struct vfio *vfio, void *memory, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	if (ioctl(vfio->container, VFIO_IOMMU_MAP_DMA, &map))
		err(1, "VFIO_IOMMU_MAP_DMA");
}

void vfio_unmap(const struct vfio *vfio, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap), .iova = iova, .size = size };

	if (ioctl(vfio->container, VFIO_IOMMU_UNMAP_DMA, &unmap))
		err(1, "VFIO_IOMMU_UNMAP_DMA");
}

struct vfio_region vfio_region(const struct vfio *vfio, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		err(1, "VFIO_DEVICE_GET_REGION_INFO %u", index);
	return (struct vfio_region){ info.offset, info.size };
}
