// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-ppgtt - a guest's page tables, written at any time, against their shadows
 *
 * The bytes are entries that are written, address spaces that come and go, memory that goes away. After
 * each update hardware's walk through the shadow must lead where a walk through the guest's tables does,
 * as the manual says it (Skylake PRM, vol. 5): to the same page, or nowhere.
 */
#include <string.h>

#include <linux/kernel.h>

#include "kernel-gvt/vgpu/ppgtt.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/fuzz/model-host.h"
#include "tests/kshim/kshim.h"

#define SPACES 3u
#define GAMW   0x4080u
#define NO_GFN (~0ull)

static struct space {
	struct vgpu_ppgtt *ppgtt;
	unsigned int levels;
	uint64_t roots[4];
} spaces[SPACES];
static bool has_64k;

static uint64_t entry_at(uint64_t table_gfn, uint64_t index)
{
	return table_gfn < GUEST_PAGES ? ((const uint64_t *)model_host.memory[table_gfn])[index & 511] : 0;
}

static uint64_t gfn_of(uint64_t entry)
{
	return (entry & 0x3ffffffff000ull) >> 12;
}

static uint64_t page_of(uint64_t gfn)
{
	return gfn < GUEST_PAGES ? gfn : NO_GFN;
}

static uint64_t walk_table(uint64_t pde, uint64_t address)
{
	uint64_t index = address >> 12 & 511, entry;

	if (pde & 1u << 7)
		return page_of((gfn_of(pde) & ~511ull) + index);
	if (has_64k && pde & 1u << 11) {
		entry = entry_at(gfn_of(pde), index & ~15ull);
		return entry & 1 ? page_of((gfn_of(entry) & ~15ull) + (index & 15)) : NO_GFN;
	}
	entry = entry_at(gfn_of(pde), index);
	return entry & 1 ? page_of(gfn_of(entry)) : NO_GFN;
}

/* Where the guest's tables lead; NO_GFN: nowhere. */
static uint64_t walk_guest(const struct space *space, uint64_t address)
{
	uint64_t table = gfn_of(space->roots[space->levels == 4 ? 0 : address >> 30]), entry;

	for (unsigned int shift = space->levels == 4 ? 39 : 21; shift > 21; shift -= 9) {
		entry = entry_at(table, address >> shift);
		if (!(entry & 1) || gfn_of(entry) >= GUEST_PAGES || (shift == 30 && entry & 1u << 7))
			return NO_GFN;
		table = gfn_of(entry);
	}
	entry = entry_at(table, address >> 21);
	if (!(entry & 1) || (!(entry & 1u << 7) && gfn_of(entry) >= GUEST_PAGES))
		return NO_GFN;
	return walk_table(entry, address);
}

/* The same by hardware, in bus addresses; 0: nowhere. */
static uint64_t walk_shadow(const struct space *space, uint64_t address)
{
	uint64_t entry = vgpu_ppgtt_root(space->ppgtt, space->levels == 4 ? 0 : (unsigned int)(address >> 30));

	for (unsigned int shift = space->levels == 4 ? 39 : 21; shift >= 12; shift -= 9) {
		entry = model_host_table(entry & ~0xfffull)[address >> shift & 511];
		if (!(entry & 1))
			return 0;
	}
	return entry & ~0xfffull;
}

static void compare(const struct space *space, uint64_t address)
{
	uint64_t gfn = walk_guest(space, address), bus = walk_shadow(space, address);

	must(bus == (gfn == NO_GFN ? 0 : GUEST_BUS(gfn)), "hardware is led elsewhere");
	must(vgpu_ppgtt_memory(model_vgpu, space->ppgtt, address) ==
		     (gfn == NO_GFN ? NULL : model_host.memory[gfn] + address % PAGE),
	     "we look elsewhere than hardware");
}

/* Few places, so that tables meet. */
static uint64_t take_index(struct input *input)
{
	static const uint16_t places[] = { 0, 1, 2, 15, 16, 17, 31, 511 };

	return places[take(input, 1) % ARRAY_SIZE(places)];
}

static uint64_t take_address(struct input *input, unsigned int levels)
{
	uint64_t address = take(input, 1) << 4 & 0xff0;

	for (unsigned int shift = 12; shift <= (levels == 4 ? 39 : 21); shift += 9)
		address |= take_index(input) << shift;
	return levels == 4 ? address : address | take(input, 1) % 4 << 30;
}

static void write_entry(struct input *input)
{
	uint64_t page = take(input, 1) % GUEST_PAGES, *table = (uint64_t *)model_host.memory[page];
	uint64_t index = take_index(input), flags = take(input, 2) & 0xfff, gfn = take(input, 1) % (GUEST_PAGES + 8);

	if (model_host.watched[page])
		vgpu_written(model_vgpu, page);
	table[index] = gfn * PAGE | flags;
}

static void update(struct input *input, struct space *space)
{
	must(!vgpu_ppgtt_update(model_vgpu, space->ppgtt), "an update fails");
	for (unsigned int i = 0; i < 4; i++)
		compare(space, take_address(input, space->levels));
}

static void come_or_go(struct input *input, struct space *space)
{
	if (space->ppgtt) {
		vgpu_ppgtt_put(model_vgpu, space->ppgtt);
		space->ppgtt = NULL;
		return;
	}
	space->levels = take(input, 1) & 1 ? 4 : 3;
	for (unsigned int i = 0; i < 4; i++)
		space->roots[i] = take(input, 1) % (GUEST_PAGES + 2) * PAGE;
	if (vgpu_ppgtt_get(model_vgpu, space->levels, (const u64 *)space->roots, &space->ppgtt))
		space->ppgtt = NULL;
}

/* So often that tables are watched. */
static void update_often(const struct space *space)
{
	for (unsigned int i = 0; i < 10; i++)
		must(!vgpu_ppgtt_update(model_vgpu, space->ppgtt), "an update fails");
}

static void act(struct input *input)
{
	uint8_t what = (uint8_t)take(input, 1);
	struct space *space = &spaces[what >> 4 & 3 ? (what >> 4 & 3) - 1 : 0];

	switch (what % 8) {
	case 0 ... 4:
		write_entry(input);
		break;
	case 5:
		come_or_go(input, space);
		break;
	case 6:
		if (space->ppgtt && what & 0x80)
			update_often(space);
		if (space->ppgtt)
			update(input, space);
		break;
	default:
		vgpu_ppgtts_forget(model_vgpu, take(input, 1) % GUEST_PAGES, take(input, 1) % 8 + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint32_t enable = take(&input, 1) & 1 ? 0xf : 0;
	unsigned long allocations;
	unsigned int pinned;

	model_host_keep(0);
	allocations = kshim_live_allocations();
	pinned = model_host.pinned;
	vgpu_bar0_write(model_vgpu, GAMW, &enable, 4);
	has_64k = enable;
	while (input.left)
		act(&input);
	for (unsigned int i = 0; i < SPACES; i++)
		if (spaces[i].ppgtt)
			come_or_go(&input, &spaces[i]);
	must(!model_vgpu->ppgtts.count && !model_vgpu->ppgtts.mapped, "tables are left");
	must(model_host.pinned == pinned, "a page stays pinned");
	must(kshim_live_allocations() == allocations, "memory is lost");
	return 0;
}
