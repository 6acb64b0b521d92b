// SPDX-License-Identifier: GPL-2.0-only
/* Ranges, entries and fences of the GGTT that i915 shares with us. */
#include "internal.h"
#include "gt/intel_ggtt_fencing.h"
#include "gt/intel_gt_regs.h"
#include "i915_gem_gtt.h"
#include "i915_reg.h"

struct gvt_host_range {
	struct drm_mm_node node;
};

u64 gvt_host_scratch_entry(struct gvt_host *host)
{
	return host->scratch_entry;
}

u64 gvt_host_entry(struct gvt_host *host, u64 bus_address)
{
	return bus_address | GEN8_PAGE_PRESENT;
}

static void __iomem *entry_at(struct gvt_host *host, u32 index)
{
	return host->ggtt->gsm + (size_t)index * sizeof(u64);
}

void gvt_host_ggtt_write(struct gvt_host *host, u32 first, const u64 *entries, u32 count)
{
	for (u32 i = 0; i < count; i++)
		writeq(entries[i], entry_at(host, first + i));
}

void gvt_host_ggtt_flush(struct gvt_host *host)
{
	host->ggtt->invalidate(host->ggtt);
}

static void fill_with_scratch(struct gvt_host *host, const struct drm_mm_node *node)
{
	u32 first = node->start >> PAGE_SHIFT, count = node->size >> PAGE_SHIFT;

	for (u32 i = 0; i < count; i++)
		writeq(host->scratch_entry, entry_at(host, first + i));
	gvt_host_ggtt_flush(host);
}

struct gvt_host_range *gvt_host_range_reserve(struct gvt_host *host, u64 start, u64 size)
{
	struct gvt_host_range *range = kzalloc(sizeof(*range), GFP_KERNEL);
	struct i915_address_space *vm = &host->ggtt->vm;
	int err;

	if (!range)
		return NULL;
	mutex_lock(&vm->mutex);
	/* What i915 has there, and nobody uses now, goes. */
	err = i915_gem_gtt_insert(vm, NULL, &range->node, size, I915_GTT_PAGE_SIZE, I915_COLOR_UNEVICTABLE,
				  start, start + size, 0);
	mutex_unlock(&vm->mutex);
	if (err) {
		kfree(range);
		return NULL;
	}
	fill_with_scratch(host, &range->node);
	return range;
}

void gvt_host_range_release(struct gvt_host *host, struct gvt_host_range *range)
{
	if (!range)
		return;
	fill_with_scratch(host, &range->node);
	mutex_lock(&host->ggtt->vm.mutex);
	drm_mm_remove_node(&range->node);
	mutex_unlock(&host->ggtt->vm.mutex);
	kfree(range);
}

/* The valid bit comes last, and goes first: hardware must not see half of one. */
void gvt_host_fence_write(struct gvt_host *host, unsigned int fence, u64 value)
{
	struct intel_uncore *uncore = &host->i915->uncore;
	i915_reg_t low = FENCE_REG_GEN6_LO(fence), high = FENCE_REG_GEN6_HI(fence);

	intel_uncore_write(uncore, low, 0);
	intel_uncore_posting_read(uncore, low);
	intel_uncore_write(uncore, high, upper_32_bits(value));
	intel_uncore_write(uncore, low, lower_32_bits(value));
	intel_uncore_posting_read(uncore, low);
}

int gvt_host_fence_reserve(struct gvt_host *host)
{
	struct i915_fence_reg *fence;

	mutex_lock(&host->ggtt->vm.mutex);
	fence = i915_reserve_fence(host->ggtt);
	mutex_unlock(&host->ggtt->vm.mutex);
	if (IS_ERR(fence))
		return -ENOSPC;
	if (fence->id >= ARRAY_SIZE(host->fences)) {
		mutex_lock(&host->ggtt->vm.mutex);
		i915_unreserve_fence(fence);
		mutex_unlock(&host->ggtt->vm.mutex);
		return -ENOSPC;
	}
	host->fences[fence->id] = fence;
	gvt_host_fence_write(host, fence->id, 0);
	return fence->id;
}

void gvt_host_fence_release(struct gvt_host *host, unsigned int fence)
{
	gvt_host_fence_write(host, fence, 0);
	mutex_lock(&host->ggtt->vm.mutex);
	i915_unreserve_fence(host->fences[fence]);
	mutex_unlock(&host->ggtt->vm.mutex);
	host->fences[fence] = NULL;
}
