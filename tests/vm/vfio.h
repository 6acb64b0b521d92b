/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio.h - a vGPU as a VMM has it, for programs in a host VM that play one
 *
 * What fails ends the program with a line that says what.
 */
#ifndef TESTS_VM_VFIO_H
#define TESTS_VM_VFIO_H

#include <stdint.h>

struct vfio {
	int container, group, device;
};

/* By the UUID of an mdev that nobody else has open. */
struct vfio vfio_open(const char *uuid);
void vfio_close(struct vfio *vfio);

/* Memory of this process is the guest's from `iova` on; and no more. */
void vfio_map(const struct vfio *vfio, void *memory, uint64_t iova, uint64_t size);
void vfio_unmap(const struct vfio *vfio, uint64_t iova, uint64_t size);

struct vfio_region {
	uint64_t offset, size; /* in the device's file */
};

struct vfio_region vfio_region(const struct vfio *vfio, unsigned int index);

#endif
