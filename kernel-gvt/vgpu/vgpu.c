// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "config.h"
#include "gpu.h"
#include "mmio.h"
#include "pvinfo.h"
#include "vgpu.h"

#define WHY_SIZE 128

static bool range_has(const struct gvt_range *range, u64 address)
{
	return address - range->start < range->size;
}

bool vgpu_owns(const struct vgpu *vgpu, u64 address)
{
	return range_has(&vgpu->aperture, address) || range_has(&vgpu->hidden, address);
}

/* Take the sizes' part of the GPU, and what describes it; gpu->lock is held. */
static int allot(struct vgpu *vgpu, const struct gvt_sizes *sizes, char *why)
{
	int err;

	vgpu->sizes = *sizes;
	err = gvt_gpu_allot(vgpu->gpu, vgpu, why, WHY_SIZE);
	if (err)
		return err;
	err = vgpu_ggtt_init(vgpu);
	if (!err)
		err = vgpu_ppgtts_init(vgpu);
	if (err) {
		vgpu_ggtt_fini(vgpu);
		strscpy(why, "no memory for the tables", WHY_SIZE);
		gvt_gpu_take_back(vgpu->gpu, vgpu);
	}
	return err;
}

static void take_back(struct vgpu *vgpu)
{
	vgpu_ppgtts_fini(vgpu);
	vgpu_ggtt_fini(vgpu);
	gvt_gpu_take_back(vgpu->gpu, vgpu);
}

static struct vgpu *new_vgpu(struct gvt_gpu *gpu, const char *name)
{
	struct vgpu *vgpu = kzalloc(sizeof(*vgpu), GFP_KERNEL);

	if (!vgpu)
		return NULL;
	vgpu->gpu = gpu;
	vgpu->regs = vzalloc(GVT_MMIO_SIZE);
	if (!vgpu->regs || vgpu_screen_init(vgpu)) {
		vfree(vgpu->regs);
		kfree(vgpu);
		return NULL;
	}
	strscpy(vgpu->name, name, sizeof(vgpu->name));
	mutex_init(&vgpu->lock);
	spin_lock_init(&vgpu->irq_lock);
	vgpu_pages_init(&vgpu->pages);
	vgpu_written_init(&vgpu->written);
	vgpu_execlists_init(vgpu);
	init_waitqueue_head(&vgpu->contexts_gone);
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		vgpu_share_init(&vgpu->shares[engine], vgpu, engine);
	return vgpu;
}

static void free_vgpu(struct vgpu *vgpu)
{
	vgpu_screen_fini(vgpu);
	mutex_destroy(&vgpu->lock);
	vfree(vgpu->regs);
	kfree(vgpu);
}

static int check_sizes(struct gvt_gpu *gpu, const struct gvt_sizes *sizes, const char *name)
{
	const char *fault = gvt_sizes_fault(sizes);

	if (!fault)
		return 0;
	gvt_host_log(gpu->host, "vGPU %s: %s", name, fault);
	return -EINVAL;
}

int vgpu_create(struct gvt_gpu *gpu, const struct gvt_sizes *sizes, const char *name, struct vgpu **out)
{
	char why[WHY_SIZE] = "";
	struct vgpu *vgpu;
	int err;

	err = check_sizes(gpu, sizes, name);
	if (err)
		return err;
	vgpu = new_vgpu(gpu, name);
	if (!vgpu)
		return -ENOMEM;
	gvt_host_awake(gpu->host);
	mutex_lock(&gpu->lock);
	err = allot(vgpu, sizes, why);
	if (!err) {
		gvt_scheduler_set(vgpu, sizes->weight, GVT_CAP_MAX);
		vgpu_display_init(vgpu);
		vgpu->id = ++gpu->last_id;
		list_add_tail(&vgpu->node, &gpu->vgpus);
	}
	mutex_unlock(&gpu->lock);
	gvt_host_rest(gpu->host);
	if (err) {
		gvt_host_log(gpu->host, "no room for vGPU %s: %s", name, why);
		free_vgpu(vgpu);
		return err;
	}
	*out = vgpu;
	return 0;
}

void vgpu_destroy(struct vgpu *vgpu)
{
	struct gvt_gpu *gpu = vgpu->gpu;

	vgpu_close(vgpu);
	vgpu_display_fini(vgpu);
	gvt_host_awake(gpu->host);
	mutex_lock(&gpu->lock);
	list_del(&vgpu->node);
	take_back(vgpu);
	mutex_unlock(&gpu->lock);
	gvt_host_rest(gpu->host);
	gvt_host_contexts_settle(gpu->host);
	free_vgpu(vgpu);
}

/* Only weight and resolution differ: nothing has to move, and it may happen while a guest is there. */
static bool same_part(const struct gvt_sizes *a, const struct gvt_sizes *b)
{
	return a->aperture_mb == b->aperture_mb && a->hidden_mb == b->hidden_mb && a->fences == b->fences;
}

/* With both locks held. What the vGPU had is free while the new part is sought, and fits again if that fails. */
static int move(struct vgpu *vgpu, const struct gvt_sizes *sizes, char *why)
{
	struct gvt_sizes old = vgpu->sizes;
	char again[WHY_SIZE];
	int err;

	if (same_part(&old, sizes)) {
		vgpu->sizes = *sizes;
		gvt_scheduler_set(vgpu, sizes->weight, vgpu->shares[0].cap);
		vgpu_monitor_update(vgpu);
		return 0;
	}
	take_back(vgpu);
	err = allot(vgpu, sizes, why);
	if (!err)
		vgpu_monitor_update(vgpu);
	else if (allot(vgpu, &old, again))
		gvt_host_log(vgpu->gpu->host, "vGPU %s has lost its part of the GPU: %s", vgpu->name, again);
	return err;
}

int vgpu_resize(struct vgpu *vgpu, const struct gvt_sizes *sizes)
{
	struct gvt_gpu *gpu = vgpu->gpu;
	char why[WHY_SIZE] = "";
	int err = check_sizes(gpu, sizes, vgpu->name);

	if (err)
		return err;
	gvt_host_awake(gpu->host);
	mutex_lock(&gpu->lock);
	mutex_lock(&vgpu->lock);
	if (vgpu->open && !same_part(&vgpu->sizes, sizes))
		err = -EBUSY;
	else
		err = move(vgpu, sizes, why);
	mutex_unlock(&vgpu->lock);
	mutex_unlock(&gpu->lock);
	gvt_host_rest(gpu->host);
	if (err == -EBUSY)
		gvt_host_log(gpu->host, "vGPU %s is in use: its part of the GPU stays what it is", vgpu->name);
	else if (err)
		gvt_host_log(gpu->host, "no room for vGPU %s: %s", vgpu->name, why);
	return err;
}

int vgpu_set_cap(struct vgpu *vgpu, u32 percent)
{
	struct gvt_gpu *gpu = vgpu->gpu;

	if (percent < 1 || percent > GVT_CAP_MAX) {
		gvt_host_log(gpu->host, "vGPU %s: the cap must be from 1 to 100 percent", vgpu->name);
		return -EINVAL;
	}
	mutex_lock(&gpu->lock);
	gvt_scheduler_set(vgpu, vgpu->sizes.weight, percent);
	mutex_unlock(&gpu->lock);
	return 0;
}

static void power_on(struct vgpu *vgpu)
{
	vgpu_config_reset(vgpu);
	vgpu_mmio_reset(vgpu);
	vgpu_pvinfo_reset(vgpu);
	vgpu_display_reset(vgpu);
	vgpu->stopping = false;
}

static void drop_work(struct vgpu *vgpu)
{
	vgpu_ggtt_clear(vgpu);
	for (unsigned int i = 0; i < vgpu->fence_count; i++)
		gvt_host_fence_write(vgpu->gpu->host, vgpu->fence_ids[i], 0);
}

int vgpu_open(struct vgpu *vgpu, const struct gvt_guest_ops *ops, void *guest)
{
	int err = -EBUSY;

	mutex_lock(&vgpu->lock);
	/* Without tables it has lost its part of the GPU. */
	if (!vgpu->open && !vgpu->ggtt.shadow) {
		err = -ENOSPC;
	} else if (vgpu->failed) {
		gvt_host_log(vgpu->gpu->host, "vGPU %s has failed: destroy it and create it anew", vgpu->name);
		err = -EIO;
	} else if (!vgpu->open) {
		gvt_host_awake(vgpu->gpu->host);
		vgpu->guest_ops = ops;
		vgpu->display.monitor.unplugged = false;
		vgpu_monitor_wish(vgpu, 0, 0);
		vgpu->guest = guest;
		power_on(vgpu);
		vgpu->open = true;
		err = 0;
	}
	mutex_unlock(&vgpu->lock);
	return err;
}

static bool all_gone(struct vgpu *vgpu)
{
	bool gone;

	mutex_lock(&vgpu->lock);
	gone = vgpu_execlists_empty(vgpu);
	mutex_unlock(&vgpu->lock);
	return gone;
}

/* Nothing of it runs when this returns, and nothing is taken to run until `stopping` is off again. */
static void stop_work(struct vgpu *vgpu)
{
	mutex_lock(&vgpu->lock);
	vgpu->stopping = true;
	vgpu_execlists_stop(vgpu);
	mutex_unlock(&vgpu->lock);
	gvt_scheduler_settle(vgpu);
	wait_event(vgpu->contexts_gone, all_gone(vgpu));
}

void vgpu_close(struct vgpu *vgpu)
{
	unsigned long flags;

	stop_work(vgpu);
	mutex_lock(&vgpu->lock);
	if (vgpu->open) {
		drop_work(vgpu);
		spin_lock_irqsave(&vgpu->irq_lock, flags);
		vgpu->open = false;
		spin_unlock_irqrestore(&vgpu->irq_lock, flags);
		vgpu_display_stop(vgpu);
		vgpu->guest_ops = NULL;
		vgpu->guest = NULL;
		gvt_host_rest(vgpu->gpu->host);
	}
	mutex_unlock(&vgpu->lock);
	vgpu_screen_clear(vgpu);
}

void vgpu_reset(struct vgpu *vgpu)
{
	stop_work(vgpu);
	mutex_lock(&vgpu->lock);
	if (vgpu->open) {
		drop_work(vgpu);
		power_on(vgpu);
	}
	mutex_unlock(&vgpu->lock);
}

void vgpu_restore(struct vgpu *vgpu)
{
	mutex_lock(&vgpu->lock);
	if (vgpu->open) {
		vgpu_ggtt_restore(vgpu);
		vgpu_fences_restore(vgpu);
	}
	mutex_unlock(&vgpu->lock);
}

/* How much of an access at `offset` lies below `end`. */
static size_t part_below(u64 offset, size_t length, u64 end)
{
	return offset >= end ? 0 : min_t(u64, length, end - offset);
}

static bool is_inside(u64 offset, size_t length, u64 size)
{
	return offset <= size && length <= size - offset;
}

int vgpu_bar0_read(struct vgpu *vgpu, u64 offset, void *data, size_t length)
{
	size_t regs = part_below(offset, length, GVT_MMIO_SIZE), hole, start = 0;

	if (!is_inside(offset, length, vgpu_bar_size(vgpu, 0)))
		return -EINVAL;
	mutex_lock(&vgpu->lock);
	vgpu_mmio_read(vgpu, offset, data, regs);
	start += regs;
	hole = part_below(offset + start, length - start, GVT_GGTT_OFFSET);
	memset(data + start, 0, hole);
	start += hole;
	if (length > start)
		vgpu_ggtt_read(vgpu, offset + start - GVT_GGTT_OFFSET, data + start, length - start);
	mutex_unlock(&vgpu->lock);
	return 0;
}

int vgpu_bar0_write(struct vgpu *vgpu, u64 offset, const void *data, size_t length)
{
	size_t start = part_below(offset, length, GVT_MMIO_SIZE);

	if (!is_inside(offset, length, vgpu_bar_size(vgpu, 0)))
		return -EINVAL;
	mutex_lock(&vgpu->lock);
	vgpu_mmio_write(vgpu, offset, data, start);
	start += part_below(offset + start, length - start, GVT_GGTT_OFFSET);
	if (length > start)
		vgpu_ggtt_write(vgpu, offset + start - GVT_GGTT_OFFSET, data + start, length - start);
	mutex_unlock(&vgpu->lock);
	return 0;
}

/* The part of an access that is the vGPU's: [*skip, *skip + returned) of it. */
static size_t own_part(const struct vgpu *vgpu, u64 offset, size_t length, size_t *skip)
{
	*skip = part_below(offset, length, vgpu->aperture.start);
	return part_below(offset + *skip, length - *skip, vgpu->aperture.start + vgpu->aperture.size);
}

int vgpu_aperture_read(struct vgpu *vgpu, u64 offset, void *data, size_t length)
{
	size_t skip, own;

	if (!is_inside(offset, length, vgpu_bar_size(vgpu, 2)))
		return -EINVAL;
	mutex_lock(&vgpu->lock);
	own = own_part(vgpu, offset, length, &skip);
	memset(data, 0xff, length);
	if (own)
		gvt_host_aperture_read(vgpu->gpu->host, offset + skip, data + skip, own);
	vgpu->stats.outside += own < length;
	mutex_unlock(&vgpu->lock);
	return 0;
}

int vgpu_aperture_write(struct vgpu *vgpu, u64 offset, const void *data, size_t length)
{
	size_t skip, own;

	if (!is_inside(offset, length, vgpu_bar_size(vgpu, 2)))
		return -EINVAL;
	mutex_lock(&vgpu->lock);
	own = own_part(vgpu, offset, length, &skip);
	if (own)
		gvt_host_aperture_write(vgpu->gpu->host, offset + skip, data + skip, own);
	vgpu->stats.outside += own < length;
	mutex_unlock(&vgpu->lock);
	return 0;
}

void vgpu_forget_memory(struct vgpu *vgpu, u64 first, u64 count)
{
	mutex_lock(&vgpu->lock);
	if (vgpu->open) {
		vgpu_ggtt_forget(vgpu, first, count);
		vgpu_ppgtts_forget(vgpu, first, count);
	}
	mutex_unlock(&vgpu->lock);
}
