// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "ggtt.h"
#include "gpu.h"
#include "trace.h"
#include "vgpu.h"

#define ENTRY_PRESENT 1ull
/* 39 bits of address on these generations' entries for a client part, 46 in the format. */
#define ENTRY_ADDRESS 0x00003ffffffff000ull
#define PAGE_BYTES    (GGTT_ENTRIES_PER_PAGE * 8u)

/* A page that nobody has written for so many flushes is cheaper to trap once than to compare. */
#define QUIET_FLUSHES 8u

/* Not a gfn: the entry has named none. */
#define NO_GFN (~0ull)

static u64 entry_gfn(u64 entry)
{
	return (entry & ENTRY_ADDRESS) >> 12;
}

static int init_area(struct ggtt_area *area, const struct gvt_range *range)
{
	unsigned int pages;

	area->first = range->start >> 12;
	area->count = range->size >> 12;
	pages = area->count / GGTT_ENTRIES_PER_PAGE;
	area->table = vmalloc_user((size_t)area->count * 8);
	area->seen = vzalloc((size_t)area->count * 8);
	area->mapped = bitmap_zalloc(area->count, GFP_KERNEL);
	area->warm = bitmap_zalloc(pages, GFP_KERNEL);
	area->quiet = kzalloc(pages, GFP_KERNEL);
	return area->table && area->seen && area->mapped && area->warm && area->quiet ? 0 : -ENOMEM;
}

static void fini_area(struct ggtt_area *area)
{
	vfree(area->table);
	vfree(area->seen);
	bitmap_free(area->mapped);
	bitmap_free(area->warm);
	kfree(area->quiet);
	memset(area, 0, sizeof(*area));
}

int vgpu_ggtt_init(struct vgpu *vgpu)
{
	struct vgpu_ggtt *ggtt = &vgpu->ggtt;

	ggtt->nowhere = vmalloc_user(PAGE_BYTES);
	ggtt->shadow = kzalloc(PAGE_BYTES, GFP_KERNEL);
	ggtt->leaving = kzalloc(PAGE_BYTES, GFP_KERNEL);
	if (ggtt->nowhere && ggtt->shadow && ggtt->leaving &&
	    !init_area(&ggtt->areas[GGTT_AREA_APERTURE], &vgpu->aperture) &&
	    !init_area(&ggtt->areas[GGTT_AREA_HIDDEN], &vgpu->hidden))
		return 0;
	vgpu_ggtt_fini(vgpu);
	return -ENOMEM;
}

void vgpu_ggtt_fini(struct vgpu *vgpu)
{
	struct vgpu_ggtt *ggtt = &vgpu->ggtt;

	for (unsigned int i = 0; i < GGTT_AREAS; i++)
		fini_area(&ggtt->areas[i]);
	vfree(ggtt->nowhere);
	kfree(ggtt->shadow);
	kfree(ggtt->leaving);
	memset(ggtt, 0, sizeof(*ggtt));
}

/* The hardware's entry for the guest's, whose page is pinned if there is one. */
static u64 shadow_entry(struct vgpu *vgpu, struct ggtt_area *area, u32 i, u64 entry)
{
	u64 bus_address;

	area->seen[i] = entry;
	clear_bit(i, area->mapped);
	if (!(entry & ENTRY_PRESENT))
		return gvt_host_scratch_entry(vgpu->gpu->host);
	if (vgpu_page_get(vgpu, entry_gfn(entry), &bus_address)) {
		vgpu->stats.ggtt_dropped++;
		trace_gvt_ggtt_drop(vgpu->id, area->first + i, entry);
		return gvt_host_scratch_entry(vgpu->gpu->host);
	}
	set_bit(i, area->mapped);
	return gvt_host_entry(vgpu->gpu->host, bus_address);
}

/* Hardware no longer uses what these entries named. */
static void let_leave(struct vgpu *vgpu, u32 count)
{
	u64 *leaving = vgpu->ggtt.leaving;

	gvt_host_ggtt_flush(vgpu->gpu->host);
	for (u32 n = 0; n < count; n++)
		if (leaving[n] != NO_GFN)
			vgpu_page_put(vgpu, leaving[n]);
}

/* What the hardware's entry leads to, or NO_GFN. */
static u64 mapped_gfn(const struct ggtt_area *area, u32 i)
{
	return test_bit(i, area->mapped) ? entry_gfn(area->seen[i]) : NO_GFN;
}

/*
 * Shadow entries from `i` on that have changed, as many as follow each other, up to `end`.
 * Returns how many.
 */
static u32 shadow_run(struct vgpu *vgpu, struct ggtt_area *area, u32 i, u32 end)
{
	u64 *shadow = vgpu->ggtt.shadow, *leaving = vgpu->ggtt.leaving;
	u32 count = 0;

	for (; i + count < end; count++) {
		u64 entry = READ_ONCE(area->table[i + count]);

		if (entry == area->seen[i + count])
			break;
		leaving[count] = mapped_gfn(area, i + count);
		shadow[count] = shadow_entry(vgpu, area, i + count, entry);
	}
	if (!count)
		return 0;
	vgpu->stats.ggtt_checked += count;
	trace_gvt_ggtt_shadow(vgpu->id, area->first + i, count);
	gvt_host_ggtt_write(vgpu->gpu->host, area->first + i, shadow, count);
	let_leave(vgpu, count);
	return count;
}

/* Returns whether anything in that page of the table had changed. */
static bool check_page(struct vgpu *vgpu, struct ggtt_area *area, unsigned int page)
{
	u32 i = page * GGTT_ENTRIES_PER_PAGE, end = i + GGTT_ENTRIES_PER_PAGE;
	bool changed = false;

	while (i < end) {
		u32 count = shadow_run(vgpu, area, i, end);

		changed |= count;
		i += count ?: 1;
	}
	return changed;
}

static unsigned int page_in_table(const struct ggtt_area *area, unsigned int page)
{
	return area->first / GGTT_ENTRIES_PER_PAGE + page;
}

/* The guest's next access tells; what it wrote before that is seen now. */
static void cool_page(struct vgpu *vgpu, struct ggtt_area *area, unsigned int page)
{
	vgpu->guest_ops->protect(vgpu->guest, page_in_table(area, page));
	check_page(vgpu, area, page);
}

static void flush_area(struct vgpu *vgpu, struct ggtt_area *area)
{
	unsigned int pages = area->count / GGTT_ENTRIES_PER_PAGE, page;

	for_each_set_bit(page, area->warm, pages) {
		if (check_page(vgpu, area, page))
			area->quiet[page] = 0;
		else if (++area->quiet[page] == QUIET_FLUSHES) {
			area->quiet[page] = 0;
			cool_page(vgpu, area, page);
		}
	}
}

void vgpu_ggtt_flush(struct vgpu *vgpu)
{
	vgpu->stats.ggtt_flushes++;
	for (unsigned int i = 0; i < GGTT_AREAS; i++)
		flush_area(vgpu, &vgpu->ggtt.areas[i]);
}

/* Put the scratch page in the place of all that is mapped of [i, end). */
static void unmap_entries(struct vgpu *vgpu, struct ggtt_area *area, u32 i, u32 count)
{
	u64 scratch = gvt_host_scratch_entry(vgpu->gpu->host);

	for (u32 n = 0; n < count; n++) {
		vgpu->ggtt.leaving[n] = mapped_gfn(area, i + n);
		vgpu->ggtt.shadow[n] = scratch;
		clear_bit(i + n, area->mapped);
	}
	gvt_host_ggtt_write(vgpu->gpu->host, area->first + i, vgpu->ggtt.shadow, count);
	let_leave(vgpu, count);
}

static void clear_area(struct vgpu *vgpu, struct ggtt_area *area)
{
	memset(area->table, 0, (size_t)area->count * 8);
	for (u32 i = 0; i < area->count; i += GGTT_ENTRIES_PER_PAGE) {
		if (find_next_bit(area->mapped, area->count, i) < i + GGTT_ENTRIES_PER_PAGE)
			unmap_entries(vgpu, area, i, GGTT_ENTRIES_PER_PAGE);
	}
	memset(area->seen, 0, (size_t)area->count * 8);
}

void vgpu_ggtt_clear(struct vgpu *vgpu)
{
	for (unsigned int i = 0; i < GGTT_AREAS; i++)
		clear_area(vgpu, &vgpu->ggtt.areas[i]);
}

static void restore_page(struct vgpu *vgpu, struct ggtt_area *area, u32 first)
{
	struct gvt_host *host = vgpu->gpu->host;

	for (u32 n = 0; n < GGTT_ENTRIES_PER_PAGE; n++) {
		u64 gfn = mapped_gfn(area, first + n);

		vgpu->ggtt.shadow[n] = gfn == NO_GFN ? gvt_host_scratch_entry(host) :
						       gvt_host_entry(host, vgpu_page_find(vgpu, gfn)->bus_address);
	}
	gvt_host_ggtt_write(host, area->first + first, vgpu->ggtt.shadow, GGTT_ENTRIES_PER_PAGE);
}

void vgpu_ggtt_restore(struct vgpu *vgpu)
{
	for (unsigned int n = 0; n < GGTT_AREAS; n++)
		for (u32 i = 0; i < vgpu->ggtt.areas[n].count; i += GGTT_ENTRIES_PER_PAGE)
			restore_page(vgpu, &vgpu->ggtt.areas[n], i);
	gvt_host_ggtt_flush(vgpu->gpu->host);
}

/*
 * What is seen of such an entry is forgotten, too: when the page of the table is compared next, the
 * entry has changed, and the guest may have memory there again.
 */
static void forget_area(struct vgpu *vgpu, struct ggtt_area *area, u64 first, u64 count)
{
	unsigned long i;

	for_each_set_bit(i, area->mapped, area->count) {
		if (entry_gfn(area->seen[i]) - first >= count)
			continue;
		unmap_entries(vgpu, area, i, 1);
		area->seen[i] = 0;
		set_bit(i / GGTT_ENTRIES_PER_PAGE, area->warm);
	}
}

void vgpu_ggtt_forget(struct vgpu *vgpu, u64 first, u64 count)
{
	if (!vgpu_pages_any(vgpu, first, count))
		return;
	for (unsigned int i = 0; i < GGTT_AREAS; i++)
		forget_area(vgpu, &vgpu->ggtt.areas[i], first, count);
}

/* The area with that entry, or NULL. */
static struct ggtt_area *area_of(struct vgpu *vgpu, u32 index)
{
	for (unsigned int i = 0; i < GGTT_AREAS; i++)
		if (index - vgpu->ggtt.areas[i].first < vgpu->ggtt.areas[i].count)
			return &vgpu->ggtt.areas[i];
	return NULL;
}

void *vgpu_ggtt_memory(struct vgpu *vgpu, u64 address)
{
	u64 index = address >> 12, gfn;
	struct ggtt_area *area = index < GVT_GGTT_SIZE / 8 ? area_of(vgpu, index) : NULL;

	if (!area)
		return NULL;
	gfn = mapped_gfn(area, index - area->first);
	return gfn == NO_GFN ? NULL : vgpu_page_find(vgpu, gfn)->memory + address % 4096;
}

int vgpu_ggtt_copy(struct vgpu *vgpu, u64 address, void *to, u32 bytes)
{
	while (bytes) {
		u32 part = min(bytes, 4096 - (u32)(address % 4096));
		const void *from = vgpu_ggtt_memory(vgpu, address);

		if (!from)
			return -EFAULT;
		memcpy(to, from, part);
		to += part;
		address += part;
		bytes -= part;
	}
	return 0;
}

void vgpu_ggtt_read(struct vgpu *vgpu, u32 offset, void *data, size_t length)
{
	u8 *to = data;

	while (length) {
		u32 inside = offset % 8, part = min_t(size_t, length, 8 - inside);
		struct ggtt_area *area = area_of(vgpu, offset / 8);
		u64 entry = area ? READ_ONCE(area->table[offset / 8 - area->first]) : 0;

		memcpy(to, (u8 *)&entry + inside, part);
		to += part;
		offset += part;
		length -= part;
	}
}

/* Drivers clear the very last entry, whoever it belongs to. */
static bool is_last_entry(const struct vgpu *vgpu, u32 index)
{
	return index == (vgpu->gpu->info->ggtt_size >> 12) - 1;
}

static void write_entry(struct vgpu *vgpu, u32 index, u32 inside, const u8 *from, u32 part)
{
	struct ggtt_area *area = area_of(vgpu, index);
	u64 entry;

	if (!area) {
		vgpu->stats.outside += !is_last_entry(vgpu, index);
		return;
	}
	entry = READ_ONCE(area->table[index - area->first]);
	memcpy((u8 *)&entry + inside, from, part);
	WRITE_ONCE(area->table[index - area->first], entry);
	vgpu->stats.ggtt_writes++;
	set_bit((index - area->first) / GGTT_ENTRIES_PER_PAGE, area->warm);
	/* Half an entry is none yet; the flush sees what became of it. */
	if (inside + part == 8)
		shadow_run(vgpu, area, index - area->first, index - area->first + 1);
}

void vgpu_ggtt_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length)
{
	const u8 *from = data;

	while (length) {
		u32 inside = offset % 8, part = min_t(size_t, length, 8 - inside);

		write_entry(vgpu, offset / 8, inside, from, part);
		from += part;
		offset += part;
		length -= part;
	}
}

void *vgpu_ggtt_page(struct vgpu *vgpu, unsigned int page)
{
	struct ggtt_area *area = area_of(vgpu, page * GGTT_ENTRIES_PER_PAGE);

	if (!area)
		return vgpu->ggtt.nowhere;
	return area->table + (page * GGTT_ENTRIES_PER_PAGE - area->first);
}

static unsigned int page_in_area(const struct ggtt_area *area, unsigned int page)
{
	return page - area->first / GGTT_ENTRIES_PER_PAGE;
}

void vgpu_ggtt_touched(struct vgpu *vgpu, unsigned int page)
{
	struct ggtt_area *area = area_of(vgpu, page * GGTT_ENTRIES_PER_PAGE);

	if (area)
		set_bit(page_in_area(area, page), area->warm);
}

void vgpu_ggtt_untouched(struct vgpu *vgpu, unsigned int page)
{
	struct ggtt_area *area = area_of(vgpu, page * GGTT_ENTRIES_PER_PAGE);

	if (area)
		clear_bit(page_in_area(area, page), area->warm);
}
