/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol.h - vfio-user messages as they lie on the wire
 *
 * Names, offsets and sizes are those of the "vfio-user Protocol Specification" in QEMU's manual
 * (docs/interop/vfio-user), whose section names stand beside each structure. Flags and indexes that
 * it takes over from VFIO keep their names and come from <linux/vfio.h>. All numbers are in the
 * host's byte order; every field is naturally aligned, so no structure needs packing. Knows no
 * state.
 */
#ifndef GPUSIM_VFIO_USER_PROTOCOL_H
#define GPUSIM_VFIO_USER_PROTOCOL_H

#include <assert.h>
#include <linux/vfio.h>
#include <stdint.h>

#define VU_VERSION_MAJOR 0
#define VU_VERSION_MINOR 0

/* "Commands" */
enum vu_command {
	VU_VERSION = 1,
	VU_DMA_MAP = 2,
	VU_DMA_UNMAP = 3,
	VU_DEVICE_GET_INFO = 4,
	VU_DEVICE_GET_REGION_INFO = 5,
	VU_DEVICE_GET_REGION_IO_FDS = 6,
	VU_DEVICE_GET_IRQ_INFO = 7,
	VU_DEVICE_SET_IRQS = 8,
	VU_REGION_READ = 9,
	VU_REGION_WRITE = 10,
	VU_DMA_READ = 11,
	VU_DMA_WRITE = 12,
	VU_DEVICE_RESET = 13,
	VU_REGION_WRITE_MULTI = 15,
	VU_DEVICE_FEATURE = 16,
	VU_MIG_DATA_READ = 17,
	VU_MIG_DATA_WRITE = 18,
	VU_COMMAND_COUNT
};

/* "Header" */
struct vu_header {
	uint16_t id;
	uint16_t command;
	uint32_t size; /* of the whole message */
	uint32_t flags;
	uint32_t error; /* an errno value, in replies with VU_FLAG_ERROR */
};

#define VU_FLAG_TYPE_MASK    0xfu
#define VU_FLAG_TYPE_COMMAND 0x0u
#define VU_FLAG_TYPE_REPLY   0x1u
#define VU_FLAG_NO_REPLY     (1u << 4)
#define VU_FLAG_ERROR	     (1u << 5)

/* "VFIO_USER_VERSION"; JSON with its terminating NUL follows. */
struct vu_version {
	uint16_t major;
	uint16_t minor;
};

/* "VFIO_USER_DMA_MAP" */
struct vu_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset;
	uint64_t address;
	uint64_t size;
};

#define VU_DMA_MAP_READ	     (1u << 0)
#define VU_DMA_MAP_WRITE     (1u << 1)
#define VU_DMA_MAP_BY_MMAP   (1u << 2)
#define VU_DMA_MAP_BY_FILEIO (1u << 3)
#define VU_DMA_MAP_FLAGS     0xfu

/* "VFIO_USER_DMA_UNMAP"; the reply repeats it. Flags: VFIO_DMA_UNMAP_FLAG_*. */
struct vu_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

/* "VFIO_USER_DEVICE_GET_INFO". Flags: VFIO_DEVICE_FLAGS_*. */
struct vu_device_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t num_regions;
	uint32_t num_irqs;
};

/* "VFIO_USER_DEVICE_GET_REGION_INFO". Flags: VFIO_REGION_INFO_FLAG_*. */
struct vu_region_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t cap_offset;
	uint64_t size;
	uint64_t offset;
};

/* "VFIO sparse mmap cap header" with a single area. */
struct vu_region_sparse_mmap {
	uint16_t id;
	uint16_t version;
	uint32_t next;
	uint32_t nr_areas;
	uint32_t reserved;
	uint64_t area_offset;
	uint64_t area_size;
};

/* "VFIO_USER_DEVICE_GET_REGION_IO_FDS" */
struct vu_region_io_fds {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

/* "VFIO_USER_DEVICE_GET_IRQ_INFO". Flags: VFIO_IRQ_INFO_*. */
struct vu_irq_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

/* "VFIO_USER_DEVICE_SET_IRQS"; booleans follow with VFIO_IRQ_SET_DATA_BOOL. */
struct vu_irq_set {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
};

/* "VFIO_USER_REGION_READ" and "VFIO_USER_REGION_WRITE"; data follows what is read or written. */
struct vu_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

/* "VFIO_USER_REGION_WRITE_MULTI": the number of writes, then as many of these. */
struct vu_region_write_multi {
	uint64_t wr_cnt;
};

struct vu_region_write_one {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
	uint8_t data[8];
};

static_assert(sizeof(struct vu_header) == 16, "header");
static_assert(sizeof(struct vu_version) == 4, "VERSION");
static_assert(sizeof(struct vu_dma_map) == 32, "DMA_MAP");
static_assert(sizeof(struct vu_dma_unmap) == 24, "DMA_UNMAP");
static_assert(sizeof(struct vu_device_info) == 16, "DEVICE_GET_INFO");
static_assert(sizeof(struct vu_region_info) == 32, "DEVICE_GET_REGION_INFO");
static_assert(sizeof(struct vu_region_sparse_mmap) == 32, "sparse mmap capability");
static_assert(sizeof(struct vu_region_io_fds) == 16, "DEVICE_GET_REGION_IO_FDS");
static_assert(sizeof(struct vu_irq_info) == 16, "DEVICE_GET_IRQ_INFO");
static_assert(sizeof(struct vu_irq_set) == 20, "DEVICE_SET_IRQS");
static_assert(sizeof(struct vu_region_access) == 16, "REGION_READ, REGION_WRITE");
static_assert(sizeof(struct vu_region_write_one) == 24, "REGION_WRITE_MULTI");

#endif
