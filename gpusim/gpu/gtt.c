// SPDX-License-Identifier: GPL-2.0-or-later
#include "gtt.h"

#define INDEX_MASK 511u

static bool fail(struct gtt_fault *fault, const struct address_space *space, uint64_t address,
		 bool write, unsigned int level)
{
	if (fault)
		*fault = (struct gtt_fault){ .address = address,
					     .write = write,
					     .global = space->kind == GTT_GLOBAL,
					     .level = level };
	return false;
}

static struct translation translation_of(uint64_t page, uint64_t address, uint64_t offset_mask,
					 bool write)
{
	uint64_t offset = address & offset_mask;

	return (struct translation){ .bus = (page & GTT_ADDRESS & ~offset_mask) | offset,
				     .room = offset_mask + 1 - offset,
				     .write = write };
}

static bool translate_global(const struct address_space *space, uint64_t address, bool write,
			     struct translation *to, struct gtt_fault *fault)
{
	uint64_t entry;

	if (address >> GPU_PAGE_SHIFT >= GGTT_ENTRIES)
		return fail(fault, space, address, write, 0);
	entry = __atomic_load_n(&space->ggtt[address >> GPU_PAGE_SHIFT], __ATOMIC_ACQUIRE);
	if (!(entry & GTT_PRESENT))
		return fail(fault, space, address, write, 0);
	*to = translation_of(entry, address, GPU_PAGE_MASK, true);
	return true;
}

static bool read_entry(const struct address_space *space, uint64_t table, unsigned int index,
		       uint64_t *entry)
{
	return memory_peek(space->memory, (table & GTT_ADDRESS) + index * 8, entry,
			   sizeof(*entry)) &&
	       *entry & GTT_PRESENT;
}

/* The page directory's address for `address`: where three and four levels differ. */
static bool find_directory(const struct address_space *space, uint64_t address, bool write,
			   uint64_t *directory, struct gtt_fault *fault)
{
	uint64_t table;

	if (space->kind == GTT_PPGTT_3LEVEL) {
		if (address >> 32)
			return fail(fault, space, address, write, 3);
		*directory = space->pdp[address >> 30 & 3];
		return true;
	}
	if (!read_entry(space, space->pdp[0], address >> 39 & INDEX_MASK, &table))
		return fail(fault, space, address, write, 4);
	if (!read_entry(space, table, address >> 30 & INDEX_MASK, directory))
		return fail(fault, space, address, write, 3);
	return true;
}

static bool translate_ppgtt(const struct address_space *space, uint64_t address, bool write,
			    struct translation *to, struct gtt_fault *fault)
{
	unsigned int index = address >> GPU_PAGE_SHIFT & INDEX_MASK;
	uint64_t directory, entry, table, offset_mask = GPU_PAGE_MASK;

	if (!find_directory(space, address, write, &directory, fault))
		return false;
	if (!read_entry(space, directory, address >> 21 & INDEX_MASK, &entry))
		return fail(fault, space, address, write, 2);
	if (entry & GTT_PAGE_SIZE_BIT) {
		offset_mask = (2u << 20) - 1;
	} else {
		table = entry;
		if (table & GTT_IPS_64K) {
			/* Each 16th entry stands for the 16 small pages from it on. */
			index &= ~15u;
			offset_mask = (64u << 10) - 1;
		}
		if (!read_entry(space, table, index, &entry))
			return fail(fault, space, address, write, 1);
	}
	*to = translation_of(entry, address, offset_mask, entry & GTT_WRITABLE);
	return true;
}

/* Canonical addresses repeat bit 47 upwards; only 48 bits take part. */
#define CANONICAL_BITS ((1ull << 48) - 1)

static bool is_remembered(const struct address_space *space, uint64_t address, bool write,
			  struct translation *to)
{
	return space->tlb &&
	       tlb_find(space->tlb, space->kind == GTT_GLOBAL, address & CANONICAL_BITS, write, to);
}

/* The memory is held, and the TLB was asked. */
static bool walk(const struct address_space *space, uint64_t address, bool write,
		 struct translation *to, struct gtt_fault *fault)
{
	bool global = space->kind == GTT_GLOBAL, found;

	address &= CANONICAL_BITS;
	found = global ? translate_global(space, address, write, to, fault) :
			 translate_ppgtt(space, address, write, to, fault);
	if (found && space->tlb)
		tlb_insert(space->tlb, global, address, to);
	return found;
}

static bool translate_once(const struct address_space *space, uint64_t address, bool write,
			   struct translation *to, struct gtt_fault *fault)
{
	bool good = is_remembered(space, address, write, to);

	if (!good) {
		memory_hold(space->memory);
		good = walk(space, address, write, to, fault);
		memory_release(space->memory);
	}
	return good;
}

static size_t piece_in_page(uint64_t address, size_t length)
{
	size_t room = GPU_PAGE_SIZE - (address & GPU_PAGE_MASK);

	return length < room ? length : room;
}

uint8_t *gtt_at(const struct address_space *space, uint64_t address, bool write, size_t *length,
		struct gtt_fault *fault)
{
	struct translation to;
	uint8_t *host;

	if (!is_remembered(space, address, write, &to) && !walk(space, address, write, &to, fault))
		return NULL;
	if (write && !to.write) {
		*length = piece_in_page(address, to.room);
		return space->memory->sink + (address & GPU_PAGE_MASK);
	}
	host = memory_at(space->memory, to.bus, write, length);
	if (!host)
		fail(fault, space, address, write, 0);
	else if (*length > to.room)
		*length = to.room;
	return host;
}

bool gtt_read(const struct address_space *space, uint64_t address, void *data, size_t length,
	      struct gtt_fault *fault)
{
	struct translation from;
	uint8_t *to = data;

	while (length) {
		size_t piece = piece_in_page(address, length);

		if (!translate_once(space, address, false, &from, fault))
			return false;
		if (!memory_read(space->memory, from.bus, to, piece))
			return fail(fault, space, address, false, 0);
		address += piece;
		to += piece;
		length -= piece;
	}
	return true;
}

bool gtt_write(const struct address_space *space, uint64_t address, const void *data, size_t length,
	       struct gtt_fault *fault)
{
	const uint8_t *from = data;
	struct translation to;

	while (length) {
		size_t piece = piece_in_page(address, length);

		if (!translate_once(space, address, true, &to, fault))
			return false;
		if (to.write && !memory_write(space->memory, to.bus, from, piece))
			return fail(fault, space, address, true, 0);
		address += piece;
		from += piece;
		length -= piece;
	}
	return true;
}

bool gtt_update(const struct address_space *space, uint64_t address, size_t length,
		uint64_t (*update)(void *opaque, uint64_t old), void *opaque, uint64_t *old,
		struct gtt_fault *fault)
{
	struct translation to;
	bool good;

	if (!translate_once(space, address, true, &to, fault))
		return false;
	*old = 0;
	if (to.write)
		good = memory_update(space->memory, to.bus, length, update, opaque, old);
	else
		good = memory_read(space->memory, to.bus, old, length);
	return good || fail(fault, space, address, true, 0);
}
