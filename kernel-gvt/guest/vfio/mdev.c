// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"
#include "mdev.h"

/* The GPU's device belongs to i915, so it can't say which parent it is. */
static LIST_HEAD(parents);
static DEFINE_MUTEX(parents_lock);

struct gvt_vfio_parent *gvt_mdev_parent_of(const struct device *device)
{
	struct gvt_vfio_parent *parent, *found = NULL;

	mutex_lock(&parents_lock);
	list_for_each_entry(parent, &parents, node)
		if (parent->mdev.dev == device)
			found = parent;
	mutex_unlock(&parents_lock);
	return found;
}

static void list_parent(struct gvt_vfio_parent *parent)
{
	mutex_lock(&parents_lock);
	list_add(&parent->node, &parents);
	mutex_unlock(&parents_lock);
}

static void unlist_parent(struct gvt_vfio_parent *parent)
{
	mutex_lock(&parents_lock);
	list_del(&parent->node);
	mutex_unlock(&parents_lock);
}

static struct gvt_vfio_type *to_type(struct mdev_type *mdev)
{
	return container_of(mdev, struct gvt_vfio_type, mdev);
}

static unsigned int get_available(struct mdev_type *mdev)
{
	return gvt_gpu_available(to_parent(mdev->parent)->gpu, to_type(mdev)->type);
}

/* As kvmgt writes it: tools read these lines. */
static ssize_t show_description(struct mdev_type *mdev, char *buffer)
{
	const struct gvt_sizes *sizes = &to_type(mdev)->type->sizes;

	return sysfs_emit(buffer,
			  "low_gm_size: %uMB\nhigh_gm_size: %uMB\nfence: %u\nresolution: %ux%u\nweight: %u\n",
			  sizes->aperture_mb, sizes->hidden_mb, sizes->fences, sizes->width, sizes->height,
			  sizes->weight);
}

static int probe(struct mdev_device *mdev)
{
	struct gvt_vfio *device = vfio_alloc_device(gvt_vfio, vdev, &mdev->dev, &gvt_vfio_ops);
	int err;

	if (IS_ERR(device))
		return PTR_ERR(device);
	dev_set_drvdata(&mdev->dev, device);
	err = vfio_register_emulated_iommu_dev(&device->vdev);
	if (err)
		vfio_put_device(&device->vdev);
	return err;
}

static void remove(struct mdev_device *mdev)
{
	struct gvt_vfio *device = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&device->vdev);
	vfio_put_device(&device->vdev);
}

static struct mdev_driver driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = {
		.name = "gvt_mdev",
		.owner = THIS_MODULE,
		.dev_groups = gvt_vgpu_groups,
	},
	.probe = probe,
	.remove = remove,
	.get_available = get_available,
	.show_description = show_description,
};

int gvt_mdev_register(void)
{
	return mdev_register_driver(&driver);
}

void gvt_mdev_unregister(void)
{
	mdev_unregister_driver(&driver);
}

/* The kernel puts the driver's name before it: i915-GVTg_V5_4. */
static void add_types(struct gvt_vfio_parent *parent)
{
	unsigned int version = parent->gpu->info->generation == 8 ? 4 : 5;

	for (unsigned int i = 0; i < GVT_TYPE_COUNT; i++) {
		struct gvt_vfio_type *type = &parent->types[parent->type_count];

		if (!gvt_gpu_has_type(parent->gpu, &gvt_types[i]))
			continue;
		type->type = &gvt_types[i];
		snprintf(type->name, sizeof(type->name), "GVTg_V%u_%u", version, gvt_types[i].share);
		type->mdev.sysfs_name = type->name;
		parent->type_list[parent->type_count++] = &type->mdev;
	}
}

void *gvt_mdev_parent_create(struct gvt_host *host, struct device *device,
			     const struct gvt_gpu_options *options)
{
	struct gvt_vfio_parent *parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	int err = -ENOMEM;

	if (!parent)
		return ERR_PTR(err);
	err = gvt_gpu_create(host, options, &parent->gpu);
	if (err)
		goto free;
	add_types(parent);
	if (!parent->type_count) {
		dev_err(device, "gvt: an aperture of %llu MiB is too small for any vGPU\n",
			parent->gpu->info->aperture_size >> 20);
		err = -ENOSPC;
		goto destroy;
	}
	err = mdev_register_parent(&parent->mdev, device, &driver, parent->type_list, parent->type_count);
	if (err)
		goto destroy;
	list_parent(parent);
	err = device_add_groups(device, gvt_parent_groups);
	if (err)
		goto unregister;
	return parent;

unregister:
	unlist_parent(parent);
	mdev_unregister_parent(&parent->mdev);
destroy:
	gvt_gpu_destroy(parent->gpu);
free:
	kfree(parent);
	return ERR_PTR(err);
}

void gvt_mdev_parent_resumed(void *opaque)
{
	struct gvt_vfio_parent *parent = opaque;

	gvt_gpu_restore(parent->gpu);
}

void gvt_mdev_parent_destroy(void *opaque)
{
	struct gvt_vfio_parent *parent = opaque;

	device_remove_groups(parent->mdev.dev, gvt_parent_groups);
	unlist_parent(parent);
	mdev_unregister_parent(&parent->mdev);
	gvt_gpu_destroy(parent->gpu);
	kfree(parent);
}
