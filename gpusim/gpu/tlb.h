/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlb.h - what an engine remembers of the translations it made
 *
 * Bus addresses, never the machine's memory itself: an entry that is out of date leads to the page
 * that was there, if that still is memory. Only entries that are present are remembered, so a
 * driver that maps a page which was not there needs no invalidation; one that maps another page in
 * its place does (PRM Vol. "Memory Views", TLBs).
 */
#ifndef GPUSIM_TLB_H
#define GPUSIM_TLB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLB_ENTRIES 256

/* Where a graphics address leads. */
struct translation {
	uint64_t bus;
	size_t room; /* bytes from there to the page's end */
	bool write; /* a page that is read-only swallows what is written */
};

struct tlb {
	uint32_t invalidations; /* atomic: how many were asked for, */
	uint32_t done; /* and carried out */
	struct tlb_entry {
		uint64_t tag; /* of a page of 4 KiB; TLB_NO_PAGE: none */
		struct translation to; /* its first byte */
	} entries[TLB_ENTRIES];
};

void tlb_init(struct tlb *tlb);

/* Forget everything. From any thread; the owner does so before its next access. */
void tlb_invalidate(struct tlb *tlb);

/* The functions below are the owner's, who runs the engine's commands. */

/* Is `address`, of the GGTT if `global`, remembered with the right to write if that is needed? */
bool tlb_find(struct tlb *tlb, bool global, uint64_t address, bool write, struct translation *to);
/*
 * Remember what a walk after a tlb_find() of this address found. An invalidation that came during
 * the walk holds good for it, too.
 */
void tlb_insert(struct tlb *tlb, bool global, uint64_t address, const struct translation *to);

#endif
