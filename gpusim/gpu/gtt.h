/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gtt.h - graphics addresses: the global GTT and per-process GTTs of three and four levels
 *
 * An address space with a TLB is walked where that does not know the page; without one, as the
 * CPU's aperture and the display have it, at every access. Knows no registers; a fault is told to
 * the caller.
 */
#ifndef GPUSIM_GTT_H
#define GPUSIM_GTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpu.h"
#include "memory.h"
#include "tlb.h"

#define GGTT_ENTRIES (GPU_GGTT_SIZE / 8)

/* Entry bits (PRM Vol. "Memory Views", GTT entries; i915: gt/intel_gtt.h). */
#define GTT_PRESENT	  (1ull << 0)
#define GTT_WRITABLE	  (1ull << 1)
#define GTT_PAGE_SIZE_BIT (1ull << 7) /* in PDE: 2 MiB page */
#define GTT_IPS_64K	  (1ull << 11) /* in PDE: the page table holds 64 KiB pages */
#define GTT_ADDRESS	  0x0000007ffffff000ull /* 39 bits of bus address on these devices */

enum gtt_kind {
	GTT_GLOBAL,
	GTT_PPGTT_3LEVEL,
	GTT_PPGTT_4LEVEL
};

struct address_space {
	enum gtt_kind kind;
	uint64_t pdp[4]; /* roots: PDP0 is the PML4 with four levels */
	const uint64_t *ggtt;
	struct gpu_memory *memory;
	struct tlb *tlb; /* NULL: none */
};

struct gtt_fault {
	uint64_t address;
	bool write;
	bool global;
	/* Of the entry not present: 1 table, 2 directory, 3 PDP, 4 PML4; 0: the page itself is
	 * outside of the machine's memory, or the entry is one of the GGTT. */
	unsigned int level;
};

/*
 * Host address of what is at `address`, with in *length how many bytes lie side by side from it on:
 * to the end of its page, large ones included. Only while space->memory is held (memory_hold()), as
 * is the result. What is written to a read-only page ends in the memory's sink. NULL: a fault.
 */
uint8_t *gtt_at(const struct address_space *space, uint64_t address, bool write, size_t *length,
		struct gtt_fault *fault);

/*
 * Copy any number of bytes, page by page. False at the first page that faults, which *fault (may be
 * NULL) tells; what came before it was copied. A PPGTT page that is read-only swallows writes
 * (PRM Vol. 5 "Memory Views": R/W; i915's scratch pages are such).
 */
bool gtt_read(const struct address_space *space, uint64_t address, void *data, size_t length,
	      struct gtt_fault *fault);
bool gtt_write(const struct address_space *space, uint64_t address, const void *data, size_t length,
	       struct gtt_fault *fault);

/* As memory_update(), through the tables. */
bool gtt_update(const struct address_space *space, uint64_t address, size_t length,
		uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old,
		struct gtt_fault *fault);

#endif
