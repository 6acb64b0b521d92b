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
struct gvt_host_context;
struct gvt_host_table;

/* Command streamers that vGPUs have. */
enum gvt_engine {
	GVT_RCS,
	GVT_BCS,
	GVT_VCS0,
	GVT_VECS,
	GVT_ENGINES,
};

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

/* A page of entries that the GPU walks; zeroed. NULL without memory. */
struct gvt_host_table *gvt_host_table_alloc(struct gvt_host *host);
void gvt_host_table_free(struct gvt_host *host, struct gvt_host_table *table);
u64 *gvt_host_table_entries(struct gvt_host_table *table);
u64 gvt_host_table_address(const struct gvt_host_table *table);
/* No engine uses entries of page tables that are no longer there when this returns. The GPU is awake. */
void gvt_host_tlb_invalidate(struct gvt_host *host);

/*
 * A context on an engine, for one context of a guest: an image of its own, a ring of its own, and
 * page tables that the caller names. What is submitted to it runs in order.
 *
 * The event comes when submissions have ended, or the image has become complete: `ended` of them
 * have, the last with that error (0, or -EIO: the engine hung, or the context was stopped);
 * `saved` if nothing of it is on the engine, so that the image may be read and written; and how long
 * it was on the engine, all in all, when it left that last, by the context's own clock. It comes
 * from a thread that holds no lock, and may come more often than needed, and late: the owner knows
 * by the pointer whether it still has that context.
 */
struct gvt_host_event {
	u64 ended;
	int error;
	bool saved;
	u64 ran_ns;
};

typedef void (*gvt_host_event_fn)(void *owner, struct gvt_host_context *context,
				  const struct gvt_host_event *event);

/*
 * `ring_size`: bytes, a power of two from 4 KiB to 2 MiB; more than any submission. `levels`: of the
 * page tables, 3 or 4. Returns an ERR_PTR() without memory, or when the GPU has given up.
 */
struct gvt_host_context *gvt_host_context_create(struct gvt_host *host, enum gvt_engine engine,
						 u32 ring_size, unsigned int levels,
						 gvt_host_event_fn event, void *owner);
/* Only when everything submitted has ended and was saved. No event begins afterwards. */
void gvt_host_context_destroy(struct gvt_host_context *context);
/* Wait for events that have begun, of all contexts; with no lock held that an event takes. */
void gvt_host_contexts_settle(struct gvt_host *host);

/* The image: this many pages, the second of them the registers. As that of a new context, at first. */
void *gvt_host_context_image(struct gvt_host_context *context, unsigned int *pages);
/* Bus addresses of its page directories: of one for 4 levels, of four for 3. */
void gvt_host_context_set_roots(struct gvt_host_context *context, const u64 *roots);

/*
 * Run these commands, which nobody can change any more, behind all that was submitted before.
 * Returns 0 or a negative errno, and nothing was submitted. May sleep.
 */
int gvt_host_context_submit(struct gvt_host_context *context, const u32 *commands, u32 dwords);
/* End all that was submitted, whatever it does; events tell when. It takes no submission any more. May sleep. */
void gvt_host_context_stop(struct gvt_host_context *context);

/* Bytes of the aperture, the GPU awake; the caller has checked offset and length. */
void gvt_host_aperture_read(struct gvt_host *host, u64 offset, void *data, size_t length);
void gvt_host_aperture_write(struct gvt_host *host, u64 offset, const void *data, size_t length);

#endif
