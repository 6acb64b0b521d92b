// SPDX-License-Identifier: GPL-2.0-only
/* Pages of entries for guests' page tables, and what engines have cached of them. */
#include <linux/dma-mapping.h>

#include "internal.h"
#include "gt/intel_gt_regs.h"

struct gvt_host_table {
	u64 *entries;
	dma_addr_t address;
};

struct gvt_host_table *gvt_host_table_alloc(struct gvt_host *host)
{
	struct gvt_host_table *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (!table)
		return NULL;
	/* Coherent: where the GPU does not share the CPU's cache, the CPU does not cache it. */
	table->entries = dma_alloc_coherent(host->i915->drm.dev, PAGE_SIZE, &table->address, GFP_KERNEL);
	if (table->entries)
		return table;
	kfree(table);
	return NULL;
}

void gvt_host_table_free(struct gvt_host *host, struct gvt_host_table *table)
{
	dma_free_coherent(host->i915->drm.dev, PAGE_SIZE, table->entries, table->address);
	kfree(table);
}

u64 *gvt_host_table_entries(struct gvt_host_table *table)
{
	return table->entries;
}

u64 gvt_host_table_address(const struct gvt_host_table *table)
{
	return table->address;
}

/* Each engine's register: bit 0 is set until it is done (Skylake PRM, vol. 2c, "TLB_CTL"). */
void gvt_host_tlb_invalidate(struct gvt_host *host)
{
	static const u32 registers[] = { 0x4260, 0x4264, 0x426c, 0x4270 };
	struct intel_uncore *uncore = &host->i915->uncore;
	unsigned int tries = 10000;

	for (unsigned int i = 0; i < ARRAY_SIZE(registers); i++)
		intel_uncore_write(uncore, _MMIO(registers[i]), 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(registers); i++)
		while (intel_uncore_read(uncore, _MMIO(registers[i])) & 1 && --tries)
			cpu_relax();
	if (!tries)
		gvt_host_log(host, "the GPU does not invalidate its TLBs");
}
