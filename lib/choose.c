// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which GPU takes a vGPU of a type. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "choose.h"
#include "snapshot.h"

/* A list in a sentence, which ends quietly where its room does. */
struct list {
	char text[512];
	size_t len;
};

static void add_item(struct list *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add_item(struct list *list, const char *fmt, ...)
{
	size_t room = sizeof(list->text) - list->len;
	va_list args;
	int len;

	if (list->len && room > 2) {
		memcpy(list->text + list->len, ", ", 3);
		list->len += 2;
		room -= 2;
	}
	va_start(args, fmt);
	len = vsnprintf(list->text + list->len, room, fmt, args);
	va_end(args);
	if (len > 0)
		list->len += (size_t)len < room ? (size_t)len : room - 1;
}

static int no_such_gpu(struct gvt_ctx *ctx, const char *address)
{
	struct list list = { "", 0 };
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		add_item(&list, "%s", gpu->name);
	gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENODEV, "there is no Intel GPU at %s", address);
	gvt_hint(ctx, "this host's GPUs: %s", list.text);
	return -ENODEV;
}

static int not_ready(struct gvt_ctx *ctx, struct gvt_gpu *gpu)
{
	gvt_error(ctx, GVT_ERROR_UNSUPPORTED, -ENODEV, "GPU %s offers no vGPUs: %s", gpu->name,
		  gpu->reason);
	gvt_hint(ctx, "%s", gpu->advice);
	return -ENODEV;
}

static int no_gpu(struct gvt_ctx *ctx)
{
	gvt_error(ctx, GVT_ERROR_UNSUPPORTED, -ENODEV,
		  "this host has no Intel GPU: no PCI device of vendor 8086 and class 03xx");
	gvt_hint(ctx, "check that the firmware does not switch the integrated GPU off; "
		      "gvt-gpusim(1) simulates one for tests");
	return -ENODEV;
}

/* The GPUs to choose from: @address alone, or all. */
static int check_gpus(struct gvt_ctx *ctx, const char *address)
{
	struct gvt_gpu *gpu, *first = gvt_gpu_get_first(ctx);

	if (!first)
		return no_gpu(ctx);
	if (address) {
		gpu = gvt_gpu_find(ctx, address);
		if (!gpu)
			return no_such_gpu(ctx, address);
		return gpu->state == GVT_GPU_READY ? 0 : not_ready(ctx, gpu);
	}
	gvt_gpu_foreach(ctx, gpu)
		if (gpu->state == GVT_GPU_READY)
			return 0;
	/* One that could work says more than one that never will. */
	gvt_gpu_foreach(ctx, gpu)
		if (gpu->state != GVT_GPU_UNSUPPORTED)
			return not_ready(ctx, gpu);
	return not_ready(ctx, first);
}

static bool is_candidate(struct gvt_ctx *ctx, const char *address, struct gvt_gpu *gpu)
{
	return !address || gpu == gvt_gpu_find(ctx, address);
}

static int no_such_type(struct gvt_ctx *ctx, const char *address, const char *name)
{
	struct list list = { "", 0 };
	struct gvt_type *type;
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		if (is_candidate(ctx, address, gpu))
			gvt_type_foreach(gpu, type)
				add_item(&list, "%s (%u available on %s)",
					 gvt_short_type_name(type->name), type->available,
					 gpu->name);
	gvt_error(ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "no GPU here offers the vGPU type '%s'", name);
	gvt_hint(ctx,
		 "the known types are: %s; larger ones appear with a larger aperture "
		 "(firmware setup)",
		 list.text);
	return -ENOENT;
}

static void list_users(struct gvt_gpu *gpu, struct list *list)
{
	for (struct gvt_vgpu *vgpu = gpu->snapshot->vgpus; vgpu; vgpu = vgpu->next) {
		const char *domain = gvt_vgpu_get_domain(vgpu);

		if (!vgpu->active || strcmp(vgpu->gpu_name, gpu->name))
			continue;
		if (domain)
			add_item(list, "%s by VM %s (%s)", gvt_short_type_name(vgpu->type_name),
				 domain, vgpu->uuid);
		else
			add_item(list, "%s by %s", gvt_short_type_name(vgpu->type_name),
				 vgpu->uuid);
	}
}

static int no_room(struct gvt_ctx *ctx, struct gvt_type *type)
{
	struct list users = { "", 0 }, smaller = { "", 0 };
	struct gvt_type *other;

	list_users(type->gpu, &users);
	gvt_type_foreach(type->gpu, other)
		if (other->available)
			add_item(&smaller, "%s", gvt_short_type_name(other->name));
	gvt_error(ctx, GVT_ERROR_NO_CAPACITY, -ENOSPC,
		  "GPU %s has no room for a vGPU of type %s: %s%s", type->gpu->name,
		  gvt_short_type_name(type->name),
		  users.len ? "in use are " : "the host itself uses its graphics memory",
		  users.text);
	if (smaller.len)
		gvt_hint(ctx,
			 "take a type that still fits (%s), or destroy a vGPU: gvt destroy UUID",
			 smaller.text);
	else if (users.len)
		gvt_hint(ctx, "destroy a vGPU that is not needed: gvt destroy UUID");
	else
		gvt_hint(ctx,
			 "give the GPU a larger aperture in the firmware setup, or free it of the "
			 "host's desktop");
	return -ENOSPC;
}

struct gvt_type *gvt_find_type(struct gvt_ctx *ctx, const char *address, const char *type_name)
{
	struct gvt_type *type = NULL;
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		if (!type && is_candidate(ctx, address, gpu))
			type = gvt_type_find(gpu, type_name);
	return type;
}

/* "V5_4" is i915-GVTg_V5_4 also where no GPU says so now. */
static int complete_unseen(struct gvt_definition *def, const char *name)
{
	char whole[80];

	if (gvt_is_gvt_type(name))
		return 0;
	snprintf(whole, sizeof(whole), "i915-GVTg_%s", name);
	return gvt_definition_set_type(def, whole);
}

int gvt_complete_type(struct gvt_ctx *ctx, struct gvt_definition *def)
{
	const char *name = gvt_definition_get_type(def), *address = gvt_definition_get_gpu(def);
	struct gvt_type *type = gvt_find_type(ctx, address, name);

	if (type)
		return gvt_definition_set_type(def, type->name);
	gvt_log(ctx, LOG_WARNING, "no GPU here offers the vGPU type '%s' now; it can't be started",
		name);
	return complete_unseen(def, name);
}

int gvt_choose_type(struct gvt_ctx *ctx, const char *address, const char *type_name,
		    struct gvt_type **out)
{
	struct gvt_type *best = NULL;
	struct gvt_gpu *gpu;
	int err = check_gpus(ctx, address);

	*out = NULL;
	if (err)
		return err;
	gvt_gpu_foreach(ctx, gpu) {
		struct gvt_type *type = gvt_type_find(gpu, type_name);

		if (type && is_candidate(ctx, address, gpu) &&
		    (!best || type->available > best->available))
			best = type;
	}
	if (!best)
		return no_such_type(ctx, address, type_name);
	if (!best->available)
		return no_room(ctx, best);
	*out = best;
	return 0;
}
