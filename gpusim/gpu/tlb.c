// SPDX-License-Identifier: GPL-2.0-or-later
#include "memory.h"
#include "tlb.h"

#define TLB_NO_PAGE UINT64_MAX

static uint64_t tag_of(bool global, uint64_t address)
{
	return (address >> GPU_PAGE_SHIFT) << 1 | global;
}

static struct tlb_entry *entry_of(struct tlb *tlb, uint64_t tag)
{
	/* Buffers that a driver aligns alike should not all meet in the first entries. */
	return &tlb->entries[(tag ^ tag >> 9) % TLB_ENTRIES];
}

static void clear(struct tlb *tlb)
{
	for (unsigned int i = 0; i < TLB_ENTRIES; i++)
		tlb->entries[i].tag = TLB_NO_PAGE;
}

void tlb_init(struct tlb *tlb)
{
	tlb->invalidations = 0;
	tlb->done = 0;
	clear(tlb);
}

void tlb_invalidate(struct tlb *tlb)
{
	__atomic_add_fetch(&tlb->invalidations, 1, __ATOMIC_RELEASE);
}

bool tlb_find(struct tlb *tlb, bool global, uint64_t address, bool write, struct translation *to)
{
	uint32_t invalidations = __atomic_load_n(&tlb->invalidations, __ATOMIC_ACQUIRE);
	uint64_t tag = tag_of(global, address), offset = address & GPU_PAGE_MASK;
	const struct tlb_entry *entry = entry_of(tlb, tag);

	if (tlb->done != invalidations) {
		clear(tlb);
		tlb->done = invalidations;
	}
	if (entry->tag != tag || (write && !entry->to.write))
		return false;
	*to = entry->to;
	to->bus += offset;
	to->room -= offset;
	return true;
}

void tlb_insert(struct tlb *tlb, bool global, uint64_t address, const struct translation *to)
{
	uint64_t tag = tag_of(global, address), offset = address & GPU_PAGE_MASK;
	struct tlb_entry *entry = entry_of(tlb, tag);

	entry->tag = tag;
	entry->to = *to;
	entry->to.bus -= offset;
	entry->to.room += offset;
}
