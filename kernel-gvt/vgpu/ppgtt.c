// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "gpu.h"
#include "ppgtt.h"
#include "vgpu.h"

/* Of an entry; all levels have the first ones in common. */
#define ENTRY_PRESENT BIT_ULL(0)
#define ENTRY_WRITE   BIT_ULL(1)
#define ENTRY_PWT     BIT_ULL(3)
#define ENTRY_PCD     BIT_ULL(4)
#define PTE_PAT	      BIT_ULL(7)
#define PDE_2M	      BIT_ULL(7)
#define PDPE_1G	      BIT_ULL(7)
#define PDE_64K	      BIT_ULL(11) /* its table has entries of 64 KiB; Gen9 */
#define ENTRY_ADDRESS 0x00003ffffffff000ull

/* What a guest may say of the page or table beside its address. */
#define FLAGS_TABLE (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_PWT | ENTRY_PCD)
#define FLAGS_PAGE  (FLAGS_TABLE | PTE_PAT)

/* Gen9: lets PDE_64K mean something. */
#define GAMW_ECO_DEV_RW_IA 0x4080u
#define ENABLE_64K	   0xfu

#define PAGES_OF_64K 16u
#define TABLES_MAX   16384u
#define LEAVING_MAX  512u
#define NO_GFN	     (~0ull)

/* The shadow of one page of entries. */
struct table {
	struct list_head dead; /* of vgpu_ppgtts.dead */
	enum ppgtt_level level;
	u64 gfn; /* of the guest's table; NO_GFN: the pages of one 2 MiB page */
	const u64 *guest; /* its entries, pinned; NULL: its memory went away */
	unsigned int users; /* entries and roots that name it */
	u64 round; /* when it was compared last */
	bool watched; /* writes to it are told */
	bool stale; /* of what it had, something was forgotten: it must be compared */
	unsigned int quiet; /* times that it was compared, and was the same */
	struct gvt_host_table *host;
	u64 seen[PPGTT_ENTRIES]; /* the guest's entries, as shadowed */
	union {
		struct table *children[PPGTT_ENTRIES]; /* of a directory */
		u64 pages[PPGTT_ENTRIES]; /* gfns that a table's entries lead to, or NO_GFN */
	};
};

struct vgpu_ppgtt {
	unsigned int levels;
	struct table *roots[4];
};

static struct vgpu_ppgtts *all(struct vgpu *vgpu)
{
	return &vgpu->ppgtts;
}

static bool is_directory(const struct table *table)
{
	return table->level >= PPGTT_PD;
}

static u64 entry_gfn(u64 entry)
{
	return (entry & ENTRY_ADDRESS) >> 12;
}

static void set_entry(struct table *table, unsigned int i, u64 entry)
{
	WRITE_ONCE(gvt_host_table_entries(table->host)[i], entry);
}

static void unwatch(struct vgpu *vgpu, struct table *table)
{
	if (table->watched)
		vgpu_written_unwatch(vgpu, table->gfn);
	table->watched = false;
	table->quiet = 0;
}

static void free_table(struct vgpu *vgpu, struct table *table)
{
	unwatch(vgpu, table);
	if (table->guest)
		vgpu_page_put(vgpu, table->gfn);
	gvt_host_table_free(vgpu->gpu->host, table->host);
	kfree(table);
	all(vgpu)->count--;
}

/* Nothing names it any more: it lives on until hardware can't be in it. */
static void put_table(struct vgpu *vgpu, struct table *table)
{
	if (--table->users)
		return;
	if (table->gfn != NO_GFN)
		xa_erase(&all(vgpu)->tables[table->level], table->gfn);
	list_add_tail(&table->dead, &all(vgpu)->dead);
}

static void drop_contents(struct vgpu *vgpu, struct table *table)
{
	for (unsigned int i = 0; i < PPGTT_ENTRIES; i++) {
		if (is_directory(table)) {
			if (table->children[i])
				put_table(vgpu, table->children[i]);
		} else if (table->pages[i] != NO_GFN) {
			all(vgpu)->mapped--;
			vgpu_page_put(vgpu, table->pages[i]);
		}
	}
}

/* Hardware forgets what it has cached, and what only that kept goes; tables bring more tables. */
static void settle(struct vgpu *vgpu)
{
	struct vgpu_ppgtts *ppgtts = all(vgpu);

	if (list_empty(&ppgtts->dead) && !ppgtts->leaving_count)
		return;
	gvt_host_tlb_invalidate(vgpu->gpu->host);
	while (ppgtts->leaving_count)
		vgpu_page_put(vgpu, ppgtts->leaving[--ppgtts->leaving_count]);
	while (!list_empty(&ppgtts->dead)) {
		struct table *table = list_first_entry(&ppgtts->dead, struct table, dead);

		list_del(&table->dead);
		drop_contents(vgpu, table);
		free_table(vgpu, table);
	}
}

static void leave_page(struct vgpu *vgpu, u64 gfn)
{
	struct vgpu_ppgtts *ppgtts = all(vgpu);

	if (ppgtts->leaving_count == LEAVING_MAX)
		settle(vgpu);
	ppgtts->leaving[ppgtts->leaving_count++] = gfn;
}

static struct table *new_table(struct vgpu *vgpu, enum ppgtt_level level, u64 gfn)
{
	struct table *table;

	if (all(vgpu)->count >= TABLES_MAX)
		return ERR_PTR(-ENOSPC);
	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	table->host = gvt_host_table_alloc(vgpu->gpu->host);
	if (!table->host) {
		kfree(table);
		return ERR_PTR(-ENOMEM);
	}
	table->level = level;
	table->gfn = gfn;
	table->users = 1;
	if (!is_directory(table))
		memset(table->pages, 0xff, sizeof(table->pages));
	all(vgpu)->count++;
	return table;
}

static int pin_guest_table(struct vgpu *vgpu, struct table *table)
{
	u64 bus_address;
	int err = vgpu_page_get(vgpu, table->gfn, &bus_address);

	if (!err)
		table->guest = vgpu_page_find(vgpu, table->gfn)->memory;
	return err;
}

static struct table *make_table(struct vgpu *vgpu, enum ppgtt_level level, u64 gfn)
{
	struct table *table = new_table(vgpu, level, gfn);
	int err;

	if (IS_ERR(table))
		return table;
	err = pin_guest_table(vgpu, table);
	if (!err)
		err = xa_err(xa_store(&all(vgpu)->tables[level], gfn, table, GFP_KERNEL));
	if (!err)
		return table;
	free_table(vgpu, table);
	return ERR_PTR(err);
}

static struct table *get_table(struct vgpu *vgpu, enum ppgtt_level level, u64 gfn)
{
	struct table *table = xa_load(&all(vgpu)->tables[level], gfn);

	if (!table)
		return make_table(vgpu, level, gfn);
	table->users++;
	return table;
}

/* One page of 4 KiB behind entry i; where the guest has no memory, nothing is there. */
static void map_page(struct vgpu *vgpu, struct table *table, unsigned int i, u64 gfn, u64 flags)
{
	u64 old = table->pages[i], bus_address;

	table->pages[i] = NO_GFN;
	if (!(flags & ENTRY_PRESENT)) {
		set_entry(table, i, 0);
	} else if (vgpu_page_get(vgpu, gfn, &bus_address)) {
		set_entry(table, i, 0);
		vgpu->stats.ppgtt_dropped++;
	} else {
		table->pages[i] = gfn;
		set_entry(table, i, bus_address | flags);
		all(vgpu)->mapped++;
	}
	if (old == NO_GFN)
		return;
	all(vgpu)->mapped--;
	leave_page(vgpu, old);
}

/* A page of 2 MiB is a table of its 512: the host has its memory in no such piece. */
static struct table *make_pages_of_2m(struct vgpu *vgpu, u64 entry)
{
	struct table *table = new_table(vgpu, PPGTT_PT, NO_GFN);
	u64 first = entry_gfn(entry) & ~(u64)(PPGTT_ENTRIES - 1);

	if (IS_ERR(table))
		return table;
	for (unsigned int i = 0; i < PPGTT_ENTRIES; i++)
		map_page(vgpu, table, i, first + i, entry & FLAGS_TABLE);
	return table;
}

static bool has_64k_pages(const struct vgpu *vgpu, u64 entry)
{
	return entry & PDE_64K && vgpu->gpu->info->generation >= 9 &&
	       vgpu->regs[GAMW_ECO_DEV_RW_IA / 4] & ENABLE_64K;
}

/* What a directory's entry leads to; NULL: nothing. */
static struct table *child_of(struct vgpu *vgpu, const struct table *table, u64 entry)
{
	enum ppgtt_level level = table->level - 1;

	if (!(entry & ENTRY_PRESENT))
		return NULL;
	if (table->level == PPGTT_PDP && entry & PDPE_1G)
		return ERR_PTR(-EINVAL);
	if (table->level == PPGTT_PD && entry & PDE_2M)
		return make_pages_of_2m(vgpu, entry);
	if (table->level == PPGTT_PD && has_64k_pages(vgpu, entry))
		level = PPGTT_PT_64K;
	return get_table(vgpu, level, entry_gfn(entry));
}

static int shadow_directory_entry(struct vgpu *vgpu, struct table *table, unsigned int i, u64 entry)
{
	struct table *child = child_of(vgpu, table, entry), *old = table->children[i];
	int err = 0;

	if (IS_ERR(child)) {
		err = PTR_ERR(child);
		child = NULL;
		vgpu->stats.ppgtt_dropped++;
	}
	table->children[i] = child;
	set_entry(table, i, child ? gvt_host_table_address(child->host) | (entry & FLAGS_TABLE) : 0);
	if (old)
		put_table(vgpu, old);
	/* What a guest has written wrong is its own affair; that we are short of something is not. */
	return err == -ENOMEM || err == -ENOSPC ? err : 0;
}

static void shadow_64k_entry(struct vgpu *vgpu, struct table *table, unsigned int i, u64 entry)
{
	u64 first = entry_gfn(entry) & ~(u64)(PAGES_OF_64K - 1);

	if (i % PAGES_OF_64K)
		return;
	for (unsigned int n = 0; n < PAGES_OF_64K; n++)
		map_page(vgpu, table, i + n, first + n, entry & FLAGS_PAGE);
}

static int shadow_entry(struct vgpu *vgpu, struct table *table, unsigned int i, u64 entry)
{
	table->seen[i] = entry;
	vgpu->stats.ppgtt_checked++;
	if (is_directory(table))
		return shadow_directory_entry(vgpu, table, i, entry);
	if (table->level == PPGTT_PT_64K)
		shadow_64k_entry(vgpu, table, i, entry);
	else
		map_page(vgpu, table, i, entry_gfn(entry), entry & FLAGS_PAGE);
	return 0;
}

static int shadow_changes(struct vgpu *vgpu, struct table *table)
{
	int err = 0;

	for (unsigned int i = 0; i < PPGTT_ENTRIES && !err; i++) {
		u64 entry = READ_ONCE(table->guest[i]);

		if (entry != table->seen[i])
			err = shadow_entry(vgpu, table, i, entry);
	}
	return err;
}

/* A table that has stayed the same for so long is watched, and one that is written more often is not. */
#define QUIET_MAX  8u
#define WRITES_MAX 16u

/* May it be other than it was compared last? */
static bool may_differ(struct vgpu *vgpu, struct table *table)
{
	unsigned int writes;

	if (!table->watched || table->stale)
		return true;
	writes = vgpu_written_take(vgpu, table->gfn);
	if (writes > WRITES_MAX)
		unwatch(vgpu, table);
	return writes;
}

/* Returns whether it is now watched, and must be looked at once more for what was written meanwhile. */
static bool watch_if_quiet(struct vgpu *vgpu, struct table *table)
{
	if (!vgpu->gpu->options.watch_tables || table->watched || ++table->quiet < QUIET_MAX)
		return false;
	table->watched = !vgpu_written_watch(vgpu, table->gfn);
	/* Where it can't be, it is tried again, but not at once. */
	table->quiet = 0;
	return table->watched;
}

static int compare_entries(struct vgpu *vgpu, struct table *table)
{
	if (!may_differ(vgpu, table))
		return 0;
	table->stale = false;
	vgpu->stats.ppgtt_compared++;
	if (!memcmp(table->seen, table->guest, sizeof(table->seen)))
		return watch_if_quiet(vgpu, table) ? shadow_changes(vgpu, table) : 0;
	table->quiet = 0;
	return shadow_changes(vgpu, table);
}

/* This table and all below it; as deep as there are levels. */
static int compare_table(struct vgpu *vgpu, struct table *table)
{
	int err;

	if (table->round == all(vgpu)->round || table->gfn == NO_GFN)
		return 0;
	table->round = all(vgpu)->round;
	err = table->guest ? 0 : pin_guest_table(vgpu, table);
	if (!err)
		err = compare_entries(vgpu, table);
	if (!is_directory(table))
		return err;
	for (unsigned int i = 0; i < PPGTT_ENTRIES && !err; i++)
		if (table->children[i])
			err = compare_table(vgpu, table->children[i]);
	return err;
}

int vgpu_ppgtt_update(struct vgpu *vgpu, struct vgpu_ppgtt *ppgtt)
{
	int err = 0;

	all(vgpu)->round++;
	for (unsigned int n = 0; n < 4 && !err; n++)
		if (ppgtt->roots[n])
			err = compare_table(vgpu, ppgtt->roots[n]);
	settle(vgpu);
	return err;
}

int vgpu_ppgtt_get(struct vgpu *vgpu, unsigned int levels, const u64 *roots, struct vgpu_ppgtt **out)
{
	enum ppgtt_level level = levels == 4 ? PPGTT_PML4 : PPGTT_PD;
	struct vgpu_ppgtt *ppgtt;

	if (levels != 3 && levels != 4)
		return -EINVAL;
	ppgtt = kzalloc(sizeof(*ppgtt), GFP_KERNEL);
	if (!ppgtt)
		return -ENOMEM;
	ppgtt->levels = levels;
	for (unsigned int n = 0; n < (levels == 4 ? 1 : 4); n++) {
		struct table *root = get_table(vgpu, level, entry_gfn(roots[n]));

		if (IS_ERR(root)) {
			vgpu_ppgtt_put(vgpu, ppgtt);
			return PTR_ERR(root);
		}
		ppgtt->roots[n] = root;
	}
	*out = ppgtt;
	return 0;
}

void vgpu_ppgtt_put(struct vgpu *vgpu, struct vgpu_ppgtt *ppgtt)
{
	for (unsigned int n = 0; n < 4; n++)
		if (ppgtt->roots[n])
			put_table(vgpu, ppgtt->roots[n]);
	settle(vgpu);
	kfree(ppgtt);
}

/* Bits of an address that choose the entry, of the table at the lowest level first. */
#define PAGE_BITS  12u
#define LEVEL_BITS 9u

static const struct table *table_of(const struct vgpu_ppgtt *ppgtt, u64 address)
{
	const struct table *table = ppgtt->levels == 4 ? ppgtt->roots[0] : ppgtt->roots[address >> 30];
	unsigned int shift = PAGE_BITS + LEVEL_BITS * (ppgtt->levels == 4 ? 3 : 1);

	for (; table && shift > PAGE_BITS; shift -= LEVEL_BITS)
		table = table->children[address >> shift & (PPGTT_ENTRIES - 1)];
	return table;
}

const void *vgpu_ppgtt_memory(struct vgpu *vgpu, const struct vgpu_ppgtt *ppgtt, u64 address)
{
	const struct gvt_guest_page *page;
	const struct table *table;
	u64 gfn;

	if (address >> (ppgtt->levels == 4 ? 48 : 32))
		return NULL;
	table = table_of(ppgtt, address);
	gfn = table ? table->pages[address >> PAGE_BITS & (PPGTT_ENTRIES - 1)] : NO_GFN;
	page = gfn == NO_GFN ? NULL : vgpu_page_find(vgpu, gfn);
	return page ? (const u8 *)page->memory + address % 4096 : NULL;
}

u64 vgpu_ppgtt_root(const struct vgpu_ppgtt *ppgtt, unsigned int n)
{
	return ppgtt->roots[n] ? gvt_host_table_address(ppgtt->roots[n]->host) : 0;
}

unsigned int vgpu_ppgtt_levels(const struct vgpu_ppgtt *ppgtt)
{
	return ppgtt->levels;
}

static bool is_gone(u64 gfn, u64 first, u64 count)
{
	return gfn != NO_GFN && gfn - first < count;
}

/*
 * Entries that lead there lead nowhere, until the table is compared again. An entry of 64 KiB goes whole:
 * if the guest takes it away, what were left of it would not be seen to have changed.
 */
static void forget_pages(struct vgpu *vgpu, struct table *table, u64 first, u64 count)
{
	for (unsigned int i = 0; i < PPGTT_ENTRIES; i++) {
		if (!is_gone(table->pages[i], first, count))
			continue;
		shadow_entry(vgpu, table, table->level == PPGTT_PT_64K ? round_down(i, PAGES_OF_64K) : i, 0);
		table->stale = true;
	}
}

/* A table whose own memory goes is empty, and pinned again when it is used next. */
static void forget_table(struct vgpu *vgpu, struct table *table)
{
	for (unsigned int i = 0; i < PPGTT_ENTRIES; i++)
		if (table->seen[i])
			shadow_entry(vgpu, table, i, 0);
	unwatch(vgpu, table);
	table->guest = NULL;
	leave_page(vgpu, table->gfn);
}

static void forget_in(struct vgpu *vgpu, struct table *table, u64 first, u64 count)
{
	if (table->guest && is_gone(table->gfn, first, count))
		forget_table(vgpu, table);
	if (!is_directory(table)) {
		forget_pages(vgpu, table, first, count);
		return;
	}
	/* Pages of 2 MiB have no table of the guest's that would be compared: they go whole. */
	for (unsigned int i = 0; i < PPGTT_ENTRIES; i++)
		if (table->children[i] && table->children[i]->gfn == NO_GFN) {
			shadow_entry(vgpu, table, i, 0);
			table->stale = true;
		}
}

void vgpu_ppgtts_forget(struct vgpu *vgpu, u64 first, u64 count)
{
	if (!vgpu_pages_any(vgpu, first, count))
		return;
	for (enum ppgtt_level level = 0; level < PPGTT_LEVELS; level++) {
		struct table *table;
		unsigned long gfn;

		xa_for_each(&all(vgpu)->tables[level], gfn, table)
			forget_in(vgpu, table, first, count);
	}
	settle(vgpu);
}

int vgpu_ppgtts_init(struct vgpu *vgpu)
{
	struct vgpu_ppgtts *ppgtts = all(vgpu);

	for (enum ppgtt_level level = 0; level < PPGTT_LEVELS; level++)
		xa_init(&ppgtts->tables[level]);
	INIT_LIST_HEAD(&ppgtts->dead);
	ppgtts->leaving = kmalloc_array(LEAVING_MAX, sizeof(u64), GFP_KERNEL);
	return ppgtts->leaving ? 0 : -ENOMEM;
}

void vgpu_ppgtts_fini(struct vgpu *vgpu)
{
	kfree(all(vgpu)->leaving);
}
