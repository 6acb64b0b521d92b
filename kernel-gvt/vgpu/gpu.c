// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "gpu.h"
#include "vgpu.h"

#define MB (1ull << 20)

static unsigned int fences_for_vgpus(const struct gvt_host_info *info)
{
	unsigned int fences = min(info->fences, GVT_FENCES_MAX);

	return fences > GVT_HOST_FENCES ? fences - GVT_HOST_FENCES : 0;
}

int gvt_gpu_create(struct gvt_host *host, const struct gvt_gpu_options *options, struct gvt_gpu **out)
{
	const struct gvt_host_info *info = gvt_host_info(host);
	struct gvt_gpu *gpu;
	int err;

	if (info->generation != 8 && info->generation != 9)
		return -EOPNOTSUPP;
	gpu = kzalloc(sizeof(*gpu), GFP_KERNEL);
	if (!gpu)
		return -ENOMEM;
	gpu->host = host;
	gpu->info = info;
	gpu->options = *options;
	gpu->fences_free = fences_for_vgpus(info);
	mutex_init(&gpu->lock);
	INIT_LIST_HEAD(&gpu->vgpus);
	/* The host's own things: low in the aperture, and at the end of hidden memory. */
	gvt_space_init(&gpu->aperture, GVT_HOST_APERTURE_MB * MB, info->aperture_size);
	gvt_space_init(&gpu->hidden, info->aperture_size,
		       info->ggtt_size - min(info->ggtt_size, GVT_HOST_HIDDEN_MB * MB));
	err = gvt_mmio_init(&gpu->mmio, host, info->generation);
	if (err) {
		kfree(gpu);
		return err;
	}
	for (unsigned int i = 0; i < GVT_ENGINES; i++)
		gvt_scheduler_init(&gpu->schedulers[i]);
	*out = gpu;
	return 0;
}

void gvt_gpu_destroy(struct gvt_gpu *gpu)
{
	for (unsigned int i = 0; i < GVT_ENGINES; i++)
		gvt_scheduler_fini(&gpu->schedulers[i]);
	gvt_mmio_fini(&gpu->mmio);
	mutex_destroy(&gpu->lock);
	kfree(gpu);
}

void gvt_gpu_restore(struct gvt_gpu *gpu)
{
	struct vgpu *vgpu;

	mutex_lock(&gpu->lock);
	list_for_each_entry(vgpu, &gpu->vgpus, node)
		vgpu_restore(vgpu);
	mutex_unlock(&gpu->lock);
}

bool gvt_gpu_has_type(const struct gvt_gpu *gpu, const struct gvt_type *type)
{
	return type->sizes.aperture_mb * MB <= gpu->aperture.end - gpu->aperture.start &&
	       type->sizes.hidden_mb * MB <= gpu->hidden.end - gpu->hidden.start &&
	       type->sizes.fences <= fences_for_vgpus(gpu->info);
}

unsigned int gvt_gpu_available(struct gvt_gpu *gpu, const struct gvt_type *type)
{
	unsigned int count;

	mutex_lock(&gpu->lock);
	count = gpu->fences_free / type->sizes.fences;
	count = min(count, gvt_space_fits(&gpu->aperture, type->sizes.aperture_mb * MB));
	count = min(count, gvt_space_fits(&gpu->hidden, type->sizes.hidden_mb * MB));
	mutex_unlock(&gpu->lock);
	return count;
}

void gvt_gpu_room(struct gvt_gpu *gpu, struct gvt_room *room)
{
	mutex_lock(&gpu->lock);
	room->aperture = gpu->aperture.end - gpu->aperture.start;
	room->aperture_free = gvt_space_free(&gpu->aperture);
	room->aperture_largest = gvt_space_largest(&gpu->aperture);
	room->hidden = gpu->hidden.end - gpu->hidden.start;
	room->hidden_free = gvt_space_free(&gpu->hidden);
	room->hidden_largest = gvt_space_largest(&gpu->hidden);
	room->fences = fences_for_vgpus(gpu->info);
	room->fences_free = gpu->fences_free;
	mutex_unlock(&gpu->lock);
}

struct claim {
	struct gvt_host *host;
	struct gvt_host_range *held;
};

static bool claim_range(void *opaque, u64 start, u64 size)
{
	struct claim *claim = opaque;

	claim->held = gvt_host_range_reserve(claim->host, start, size);
	return claim->held;
}

/* Part of a space, which the host must give, too. */
static int allot_range(struct gvt_gpu *gpu, struct gvt_space *space, struct gvt_range *range, u64 size,
		       struct gvt_host_range **held)
{
	struct claim claim = { .host = gpu->host };
	int err = gvt_space_take(space, range, size, claim_range, &claim);

	if (!err)
		*held = claim.held;
	return err;
}

static void take_back_range(struct gvt_gpu *gpu, struct gvt_range *range, struct gvt_host_range **held)
{
	gvt_host_range_release(gpu->host, *held);
	*held = NULL;
	gvt_space_give(range);
}

static void give_fences(struct gvt_gpu *gpu, struct vgpu *vgpu)
{
	while (vgpu->fence_count) {
		gvt_host_fence_release(gpu->host, vgpu->fence_ids[--vgpu->fence_count]);
		gpu->fences_free++;
	}
}

static int allot_fences(struct gvt_gpu *gpu, struct vgpu *vgpu)
{
	while (vgpu->fence_count < vgpu->sizes.fences) {
		int fence = gpu->fences_free ? gvt_host_fence_reserve(gpu->host) : -ENOSPC;

		if (fence < 0) {
			give_fences(gpu, vgpu);
			return fence;
		}
		gpu->fences_free--;
		vgpu->fence_ids[vgpu->fence_count++] = fence;
	}
	return 0;
}

static void say_short(char *why, size_t size, const char *what, u32 wanted_mb, const struct gvt_space *space)
{
	snprintf(why, size, "%u MiB of %s wanted, %llu MiB free, the largest piece has %llu MiB", wanted_mb,
		 what, gvt_space_free(space) / MB, gvt_space_largest(space) / MB);
}

int gvt_gpu_allot(struct gvt_gpu *gpu, struct vgpu *vgpu, char *why, size_t why_size)
{
	const struct gvt_sizes *sizes = &vgpu->sizes;
	int err;

	err = allot_range(gpu, &gpu->aperture, &vgpu->aperture, sizes->aperture_mb * MB, &vgpu->aperture_held);
	if (err) {
		say_short(why, why_size, "aperture", sizes->aperture_mb, &gpu->aperture);
		return err;
	}
	err = allot_range(gpu, &gpu->hidden, &vgpu->hidden, sizes->hidden_mb * MB, &vgpu->hidden_held);
	if (err) {
		say_short(why, why_size, "hidden graphics memory", sizes->hidden_mb, &gpu->hidden);
		goto give_aperture;
	}
	err = allot_fences(gpu, vgpu);
	if (err) {
		snprintf(why, why_size, "%u fences wanted, %u free", sizes->fences, gpu->fences_free);
		goto give_hidden;
	}
	return 0;

give_hidden:
	take_back_range(gpu, &vgpu->hidden, &vgpu->hidden_held);
give_aperture:
	take_back_range(gpu, &vgpu->aperture, &vgpu->aperture_held);
	return err;
}

void gvt_gpu_take_back(struct gvt_gpu *gpu, struct vgpu *vgpu)
{
	give_fences(gpu, vgpu);
	take_back_range(gpu, &vgpu->hidden, &vgpu->hidden_held);
	take_back_range(gpu, &vgpu->aperture, &vgpu->aperture_held);
}
