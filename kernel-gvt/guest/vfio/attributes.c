// SPDX-License-Identifier: GPL-2.0-only
/* What people and tools see and set in sysfs: gvt/ of a vGPU, and gvt/ of its GPU. gvt-module(5) says what each means. */
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "internal.h"

static struct vgpu *to_vgpu(struct device *dev)
{
	struct gvt_vfio *device = dev_get_drvdata(dev);

	return device->vgpu;
}

/* Change one of the sizes; the others stay. */
static ssize_t set_size(struct device *dev, u32 *(*which)(struct gvt_sizes *sizes), const char *text, size_t count)
{
	struct vgpu *vgpu = to_vgpu(dev);
	struct gvt_sizes sizes;
	int err;

	mutex_lock(&vgpu->gpu->lock);
	sizes = vgpu->sizes;
	mutex_unlock(&vgpu->gpu->lock);
	err = kstrtou32(text, 10, which(&sizes));
	if (!err)
		err = vgpu_resize(vgpu, &sizes);
	return err ?: count;
}

#define SIZE_ATTRIBUTE(name)                                                                         \
	static u32 *which_##name(struct gvt_sizes *sizes)                                            \
	{                                                                                            \
		return &sizes->name;                                                                 \
	}                                                                                            \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, char *buffer)  \
	{                                                                                            \
		return sysfs_emit(buffer, "%u\n", to_vgpu(dev)->sizes.name);                         \
	}                                                                                            \
	static ssize_t name##_store(struct device *dev, struct device_attribute *attr,               \
				    const char *text, size_t count)                                  \
	{                                                                                            \
		return set_size(dev, which_##name, text, count);                                     \
	}                                                                                            \
	static DEVICE_ATTR_RW(name)

SIZE_ATTRIBUTE(aperture_mb);
SIZE_ATTRIBUTE(hidden_mb);
SIZE_ATTRIBUTE(fences);
SIZE_ATTRIBUTE(weight);

static ssize_t resolution_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	const struct gvt_sizes *sizes = &to_vgpu(dev)->sizes;

	if (sizes->rate)
		return sysfs_emit(buffer, "%ux%u@%u\n", sizes->width, sizes->height, sizes->rate);
	return sysfs_emit(buffer, "%ux%u\n", sizes->width, sizes->height);
}

static ssize_t resolution_store(struct device *dev, struct device_attribute *attr, const char *text, size_t count)
{
	struct vgpu *vgpu = to_vgpu(dev);
	struct gvt_sizes sizes;
	char rest;
	int err;

	mutex_lock(&vgpu->gpu->lock);
	sizes = vgpu->sizes;
	mutex_unlock(&vgpu->gpu->lock);
	sizes.rate = 0;
	if (sscanf(text, "%ux%u %c", &sizes.width, &sizes.height, &rest) != 2 &&
	    sscanf(text, "%ux%u@%u %c", &sizes.width, &sizes.height, &sizes.rate, &rest) != 3)
		return -EINVAL;
	err = vgpu_resize(vgpu, &sizes);
	return err ?: count;
}
static DEVICE_ATTR_RW(resolution);

static ssize_t id_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%u\n", to_vgpu(dev)->id);
}
static DEVICE_ATTR_RO(id);

static ssize_t cap_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return sysfs_emit(buffer, "%u\n", to_vgpu(dev)->shares[0].cap);
}

static ssize_t cap_store(struct device *dev, struct device_attribute *attr, const char *text, size_t count)
{
	u32 percent;
	int err = kstrtou32(text, 10, &percent);

	if (!err)
		err = vgpu_set_cap(to_vgpu(dev), percent);
	return err ?: count;
}
static DEVICE_ATTR_RW(cap);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	struct vgpu *vgpu = to_vgpu(dev);
	const char *state;

	mutex_lock(&vgpu->lock);
	state = vgpu->failed ? "failed" : vgpu->open ? "in use" : "idle";
	mutex_unlock(&vgpu->lock);
	return sysfs_emit(buffer, "%s\n", state);
}
static DEVICE_ATTR_RO(state);

/* Which kind a viewer is offered first: gfx.c. */
static ssize_t display_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	const struct gvt_vfio *device = dev_get_drvdata(dev);

	return sysfs_emit(buffer, "%s\n", READ_ONCE(device->prefers_dmabuf) ? "dmabuf" : "region");
}

static ssize_t display_store(struct device *dev, struct device_attribute *attr, const char *text, size_t count)
{
	struct gvt_vfio *device = dev_get_drvdata(dev);

	if (sysfs_streq(text, "dmabuf"))
		WRITE_ONCE(device->prefers_dmabuf, true);
	else if (sysfs_streq(text, "region"))
		WRITE_ONCE(device->prefers_dmabuf, false);
	else
		return -EINVAL;
	return count;
}
static DEVICE_ATTR_RW(display);

static const char *const engine_names[GVT_ENGINES] = {
	[GVT_RCS] = "render",
	[GVT_BCS] = "copy",
	[GVT_VCS0] = "video",
	[GVT_VECS] = "enhance",
};

static ssize_t statistics_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	struct vgpu *vgpu = to_vgpu(dev);
	struct vgpu_stats stats;
	u64 pinned, mapped;
	u32 tables;
	int at;

	mutex_lock(&vgpu->lock);
	stats = vgpu->stats;
	pinned = vgpu->pages.pinned;
	tables = vgpu->ppgtts.count;
	mapped = vgpu->ppgtts.mapped;
	mutex_unlock(&vgpu->lock);
	at = sysfs_emit(buffer,
			"register_reads %llu\nregister_writes %llu\nggtt_writes %llu\nggtt_checked %llu\n"
			"ggtt_dropped %llu\nggtt_flushes %llu\nunknown_reads %llu\nunknown_writes %llu\n"
			"ppgtt_checked %llu\nppgtt_dropped %llu\nppgtt_compared %llu\nppgtt_tables %u\nppgtt_entries %llu\n"
			"outside %llu\ninterrupts %llu\npages_pinned %llu\n",
			stats.register_reads, stats.register_writes, stats.ggtt_writes, stats.ggtt_checked,
			stats.ggtt_dropped, stats.ggtt_flushes, stats.unknown_reads, stats.unknown_writes,
			stats.ppgtt_checked, stats.ppgtt_dropped, stats.ppgtt_compared, tables, mapped,
			stats.outside, stats.interrupts, pinned);
	at += sysfs_emit_at(buffer, at,
			    "scanned_bytes %llu\nworkloads %llu\nrejected %llu\nhangs %llu\nresets %llu\n",
			    stats.scanned_bytes, stats.workloads, stats.rejected, stats.hangs, stats.resets);
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		at += sysfs_emit_at(buffer, at, "gpu_ns_%s %llu\n", engine_names[engine],
				    gvt_scheduler_time(vgpu, engine));
	return at;
}
static DEVICE_ATTR_RO(statistics);

static struct attribute *vgpu_attributes[] = {
	&dev_attr_aperture_mb.attr,
	&dev_attr_cap.attr,
	&dev_attr_display.attr,
	&dev_attr_fences.attr,
	&dev_attr_hidden_mb.attr,
	&dev_attr_id.attr,
	&dev_attr_resolution.attr,
	&dev_attr_state.attr,
	&dev_attr_statistics.attr,
	&dev_attr_weight.attr,
	NULL,
};

static struct bin_attribute *vgpu_bin_attributes[] = { &gvt_screen_attribute, NULL };

static const struct attribute_group vgpu_group = {
	.name = "gvt",
	.attrs = vgpu_attributes,
	.bin_attrs = vgpu_bin_attributes,
};

/* kvmgt's name for the same number. */
static ssize_t vgpu_id_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	return id_show(dev, attr, buffer);
}
static DEVICE_ATTR_RO(vgpu_id);

static struct attribute *classic_attributes[] = { &dev_attr_vgpu_id.attr, NULL };

static const struct attribute_group classic_group = {
	.name = "intel_vgpu",
	.attrs = classic_attributes,
};

const struct attribute_group *gvt_vgpu_groups[] = { &vgpu_group, &classic_group, NULL };

/* The parent of a GPU whose attributes are being read: they are gone before it is. */
static struct gvt_gpu *to_gpu(struct device *dev)
{
	return gvt_mdev_parent_of(dev)->gpu;
}

#define ROOM_ATTRIBUTE(name, value)                                                                 \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, char *buffer) \
	{                                                                                           \
		struct gvt_room room;                                                               \
	    \
		gvt_gpu_room(to_gpu(dev), &room);                                                   \
		return sysfs_emit(buffer, "%llu\n", (u64)(value));                                  \
	}                                                                                           \
	static DEVICE_ATTR_RO(name)

ROOM_ATTRIBUTE(total_aperture_mb, room.aperture >> 20);
ROOM_ATTRIBUTE(free_aperture_mb, room.aperture_free >> 20);
ROOM_ATTRIBUTE(largest_aperture_mb, room.aperture_largest >> 20);
ROOM_ATTRIBUTE(total_hidden_mb, room.hidden >> 20);
ROOM_ATTRIBUTE(free_hidden_mb, room.hidden_free >> 20);
ROOM_ATTRIBUTE(largest_hidden_mb, room.hidden_largest >> 20);
ROOM_ATTRIBUTE(total_fences, room.fences);
ROOM_ATTRIBUTE(free_fences, room.fences_free);

/* A line for each: its name, where its parts begin and how large they are in MiB, its fences. */
static ssize_t holders_show(struct device *dev, struct device_attribute *attr, char *buffer)
{
	struct gvt_gpu *gpu = to_gpu(dev);
	const struct vgpu *vgpu;
	int at = 0;

	mutex_lock(&gpu->lock);
	list_for_each_entry(vgpu, &gpu->vgpus, node)
		at += sysfs_emit_at(buffer, at, "%s aperture %llu+%u hidden %llu+%u fences %u\n", vgpu->name,
				    vgpu->aperture.start >> 20, vgpu->sizes.aperture_mb, vgpu->hidden.start >> 20,
				    vgpu->sizes.hidden_mb, vgpu->sizes.fences);
	mutex_unlock(&gpu->lock);
	return at;
}
static DEVICE_ATTR_RO(holders);

static struct attribute *parent_attributes[] = {
	&dev_attr_free_aperture_mb.attr,
	&dev_attr_free_fences.attr,
	&dev_attr_free_hidden_mb.attr,
	&dev_attr_holders.attr,
	&dev_attr_largest_aperture_mb.attr,
	&dev_attr_largest_hidden_mb.attr,
	&dev_attr_total_aperture_mb.attr,
	&dev_attr_total_fences.attr,
	&dev_attr_total_hidden_mb.attr,
	NULL,
};

static const struct attribute_group parent_group = {
	.name = "gvt",
	.attrs = parent_attributes,
};

const struct attribute_group *gvt_parent_groups[] = { &parent_group, NULL };
