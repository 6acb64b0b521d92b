/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - the seam to the physical GPU: all that the device model may ask of it
 *
 * One folder below host/ implements these functions (host/i915/ on the distribution's i915; the
 * unit tests on gpusim). It knows its driver's types; nobody else does. Graphics addresses and
 * entries are the hardware's: a vGPU's ranges lie at the same addresses for guest and host
 * (ballooning), so an index into the GGTT means the same to both.
 *
 * All functions may sleep unless they say otherwise, and are called with no spinlock held.
 */
#ifndef GVT_HOST_H
#define GVT_HOST_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

#define GVT_CONFIG_SIZE 256

struct gvt_host;
struct gvt_host_range;

/* What the GPU is; fixed for as long as it is there. */
struct gvt_host_info {
	u8 generation; /* 8: Broadwell, 9: Skylake to Comet Lake */
	u8 config[GVT_CONFIG_SIZE]; /* PCI configuration space */
	u64 aperture_address; /* where the CPU sees it: BAR2 */
	u64 aperture_size; /* bytes */
	u64 ggtt_size; /* bytes of graphics addresses, the aperture included */
	unsigned int fences; /* fence registers of the hardware */
};

const struct gvt_host_info *gvt_host_info(struct gvt_host *host);

/* A line about the GPU for whoever reads the machine's log. Rate-limited: guests can cause them. */
__printf(2, 3) void gvt_host_log(struct gvt_host *host, const char *format, ...);

/*
 * Keep [start, start + size) of the graphics addresses for a vGPU; multiples of 4 KiB.
 * Returns NULL when the host itself holds something there that can't be moved.
 */
struct gvt_host_range *gvt_host_range_reserve(struct gvt_host *host, u64 start, u64 size);
/* Give it back. NULL is ignored. Entries point at the host's scratch page before and afterwards. */
void gvt_host_range_release(struct gvt_host *host, struct gvt_host_range *range);

/* Fence registers: returns the number of one that is the caller's, or -ENOSPC. */
int gvt_host_fence_reserve(struct gvt_host *host);
/* Turns it off, and gives it back. */
void gvt_host_fence_release(struct gvt_host *host, unsigned int fence);
/* As the register: valid bit, tiling, pages; 0 turns it off. */
void gvt_host_fence_write(struct gvt_host *host, unsigned int fence, u64 value);

/* The entry that hardware may follow where a guest has none of its own. */
u64 gvt_host_scratch_entry(struct gvt_host *host);
/* The entry for a page of memory at a bus address. */
u64 gvt_host_entry(struct gvt_host *host, u64 bus_address);
/* Write `count` entries from index `first` on; inside reserved ranges, the GPU awake. */
void gvt_host_ggtt_write(struct gvt_host *host, u32 first, const u64 *entries, u32 count);
/* All entries written so far are what the GPU and the aperture use when this returns. */
void gvt_host_ggtt_flush(struct gvt_host *host);

/*
 * Keep the GPU powered until gvt_host_rest(); counted. Needed for fences, entries, registers and
 * whatever a guest may touch straight, such as its part of the aperture.
 */
void gvt_host_awake(struct gvt_host *host);
void gvt_host_rest(struct gvt_host *host);

/* A register's value, the GPU awake; the offset is a multiple of 4. */
u32 gvt_host_read(struct gvt_host *host, u32 offset);

/* Bytes of the aperture, the GPU awake; the caller has checked offset and length. */
void gvt_host_aperture_read(struct gvt_host *host, u64 offset, void *data, size_t length);
void gvt_host_aperture_write(struct gvt_host *host, u64 offset, const void *data, size_t length);

#endif
