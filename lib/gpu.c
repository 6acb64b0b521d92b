// SPDX-License-Identifier: LGPL-2.1-or-later
/* Intel's GPUs of this host. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "platform.h"
#include "snapshot.h"
#include "files.h"

#define PCI_DEVICES   "/sys/bus/pci/devices"
#define MDEV_PARENTS  "/sys/class/mdev_bus"
#define VENDOR_INTEL  0x8086
#define CLASS_DISPLAY 0x03
#define APERTURE_BAR  2

static bool is_intel_gpu(struct gvt_ctx *ctx, const char *folder, const char *name)
{
	uint64_t vendor, class;

	return !gvt_read_number(ctx, &vendor, "%s/%s/vendor", folder, name) &&
	       !gvt_read_number(ctx, &class, "%s/%s/class", folder, name) &&
	       vendor == VENDOR_INTEL && class >> 16 == CLASS_DISPLAY;
}

/* Line n of "resource" is "first last flags" of BAR n, in hexadecimal. */
static uint64_t read_aperture(struct gvt_ctx *ctx, const char *folder, const char *name)
{
	char text[GVT_ATTR_MAX], *line = text;
	uint64_t first, last;

	if (gvt_read_attr(ctx, text, sizeof(text), "%s/%s/resource", folder, name))
		return 0;
	for (int bar = 0; bar < APERTURE_BAR; bar++) {
		line = strchr(line, '\n');
		if (!line)
			return 0;
		line++;
	}
	if (sscanf(line, "%" SCNx64 " %" SCNx64, &first, &last) != 2 || last <= first)
		return 0;
	return last - first + 1;
}

static struct gvt_gpu *gpu_new(struct gvt_snapshot *snapshot, const char *folder, const char *name)
{
	struct gvt_gpu *gpu = calloc(1, sizeof(*gpu));
	struct gvt_ctx *ctx = snapshot->ctx;
	uint64_t device;

	if (!gpu)
		return NULL;
	gpu->snapshot = snapshot;
	gpu->name = strdup(name);
	if (!gpu->name) {
		gvt_gpus_free(gpu);
		return NULL;
	}
	if (!gvt_read_number(ctx, &device, "%s/%s/device", folder, name) && device <= 0xffff) {
		gpu->device_id = device;
		gpu->platform = gvt_platform_find(device);
	}
	gpu->driver = gvt_read_link_name(ctx, "%s/%s/driver", folder, name);
	gpu->aperture = read_aperture(ctx, folder, name);
	return gpu;
}

static int add_gpu(struct gvt_snapshot *snapshot, struct gvt_gpu ***tail, const char *folder,
		   const char *name)
{
	struct gvt_gpu *gpu = gpu_new(snapshot, folder, name);
	int err;

	if (!gpu)
		return -ENOMEM;
	err = gvt_types_read(gpu);
	if (!err && !gpu->types)
		err = gvt_gpu_diagnose(gpu);
	if (err) {
		gvt_gpus_free(gpu);
		return err;
	}
	**tail = gpu;
	*tail = &gpu->next;
	return 0;
}

static bool is_listed(struct gvt_snapshot *snapshot, const char *name)
{
	for (struct gvt_gpu *gpu = snapshot->gpus; gpu; gpu = gpu->next)
		if (!strcmp(gpu->name, name))
			return true;
	return false;
}

/* A parent whose types are GVT-g's counts, whatever else sysfs says or hides about it. */
static bool offers_gvt_types(struct gvt_ctx *ctx, const char *parent)
{
	struct gvt_names types;
	bool found = false;

	if (gvt_list_folder(ctx, &types, "%s/%s/mdev_supported_types", MDEV_PARENTS, parent) < 0)
		return false;
	for (size_t i = 0; i < types.count; i++)
		found |= gvt_is_gvt_type(types.name[i]);
	gvt_names_free(&types);
	return found;
}

int gvt_gpus_read(struct gvt_snapshot *snapshot)
{
	struct gvt_gpu **tail = &snapshot->gpus;
	struct gvt_ctx *ctx = snapshot->ctx;
	struct gvt_names names;
	int err;

	err = gvt_list_folder(ctx, &names, PCI_DEVICES);
	for (size_t i = 0; !err && i < names.count; i++)
		if (is_intel_gpu(ctx, PCI_DEVICES, names.name[i]))
			err = add_gpu(snapshot, &tail, PCI_DEVICES, names.name[i]);
	gvt_names_free(&names);
	if (err)
		return err;
	err = gvt_list_folder(ctx, &names, MDEV_PARENTS);
	for (size_t i = 0; !err && i < names.count; i++)
		if (!is_listed(snapshot, names.name[i]) && offers_gvt_types(ctx, names.name[i]))
			err = add_gpu(snapshot, &tail, MDEV_PARENTS, names.name[i]);
	gvt_names_free(&names);
	return err;
}

void gvt_gpus_free(struct gvt_gpu *gpu)
{
	while (gpu) {
		struct gvt_gpu *next = gpu->next;

		gvt_types_free(gpu->types);
		free(gpu->name);
		free(gpu->driver);
		free(gpu->reason);
		free(gpu->advice);
		free(gpu);
		gpu = next;
	}
}

struct gvt_gpu *gvt_gpu_get_first(struct gvt_ctx *ctx)
{
	struct gvt_snapshot *snapshot = gvt_snapshot_get(ctx);

	return snapshot ? snapshot->gpus : NULL;
}

struct gvt_gpu *gvt_gpu_get_next(struct gvt_gpu *gpu)
{
	return gpu->next;
}

struct gvt_gpu *gvt_gpu_ref(struct gvt_gpu *gpu)
{
	if (gpu)
		gvt_snapshot_ref(gpu->snapshot);
	return gpu;
}

struct gvt_gpu *gvt_gpu_unref(struct gvt_gpu *gpu)
{
	if (gpu)
		gvt_snapshot_unref(gpu->snapshot);
	return NULL;
}

struct gvt_ctx *gvt_gpu_get_ctx(struct gvt_gpu *gpu)
{
	return gpu->snapshot->ctx;
}

/* "00:02.0" means domain 0000, as in lspci. */
static bool is_address_of(const char *address, const char *name)
{
	return !strcasecmp(address, name) ||
	       (!strncmp(name, "0000:", 5) && !strcasecmp(address, name + 5));
}

struct gvt_gpu *gvt_gpu_find(struct gvt_ctx *ctx, const char *address)
{
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		if (is_address_of(address, gpu->name))
			return gpu;
	return NULL;
}

const char *gvt_gpu_get_name(struct gvt_gpu *gpu)
{
	return gpu->name;
}

unsigned int gvt_gpu_get_device_id(struct gvt_gpu *gpu)
{
	return gpu->device_id;
}

const char *gvt_gpu_get_platform(struct gvt_gpu *gpu)
{
	return gpu->platform ? gpu->platform->name : NULL;
}

unsigned int gvt_gpu_get_generation(struct gvt_gpu *gpu)
{
	return gpu->platform ? gpu->platform->generation : 0;
}

const char *gvt_gpu_get_driver(struct gvt_gpu *gpu)
{
	return gpu->driver;
}

uint64_t gvt_gpu_get_aperture(struct gvt_gpu *gpu)
{
	return gpu->aperture;
}

unsigned int gvt_gpu_get_active(struct gvt_gpu *gpu)
{
	return gpu->active;
}

enum gvt_gpu_state gvt_gpu_get_state(struct gvt_gpu *gpu)
{
	return gpu->state;
}

const char *gvt_gpu_get_reason(struct gvt_gpu *gpu)
{
	return gpu->reason;
}

const char *gvt_gpu_get_advice(struct gvt_gpu *gpu)
{
	return gpu->advice;
}
