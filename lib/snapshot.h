/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One look at the host: GPUs with their types, and vGPUs. The context holds the newest one; whoever
 * takes a reference to an object of it keeps it whole. It never changes once it is made, but for
 * what is read when it is first asked for.
 */
#ifndef GVT_SNAPSHOT_H
#define GVT_SNAPSHOT_H

#include "ctx.h"
#include "setting.h"

struct gvt_type {
	struct gvt_type *next;
	struct gvt_gpu *gpu;
	char *name;
	unsigned int available;
	char setting[GVT_SETTING_COUNT][GVT_SETTING_MAX]; /* in plain form; "": not said */
};

struct gvt_platform;

struct gvt_gpu {
	struct gvt_gpu *next;
	struct gvt_snapshot *snapshot;
	char *name;
	unsigned int device_id;
	const struct gvt_platform *platform; /* NULL: not known */
	char *driver;
	uint64_t aperture;
	unsigned int active;
	enum gvt_gpu_state state;
	char *reason, *advice;
	struct gvt_type *types;
};

struct gvt_vgpu {
	struct gvt_vgpu *next;
	struct gvt_snapshot *snapshot;
	char uuid[37];
	struct gvt_definition *def; /* NULL: not defined */
	bool active;
	char *gpu_name, *type_name; /* of the active device, else NULL */
	bool settings_read; /* a list of many vGPUs need not read them */
	char *setting[GVT_SETTING_COUNT]; /* the same; NULL as well where the driver does not say */
};

struct gvt_snapshot {
	struct gvt_ctx *ctx;
	unsigned int refs;
	struct gvt_gpu *gpus;
	struct gvt_vgpu *vgpus;
};

/* Drops the context's own reference. */
void gvt_snapshot_drop(struct gvt_snapshot *snapshot);
/* References from outside hold the context as well. */
void gvt_snapshot_ref(struct gvt_snapshot *snapshot);
void gvt_snapshot_unref(struct gvt_snapshot *snapshot);
/* The context's newest look, taken now if there is none; NULL without memory. */
struct gvt_snapshot *gvt_snapshot_get(struct gvt_ctx *ctx);

/* gpu.c, type.c, vgpu.c: fill the lists, in this order. 0 or -ENOMEM. */
int gvt_gpus_read(struct gvt_snapshot *snapshot);
int gvt_types_read(struct gvt_gpu *gpu);
int gvt_vgpus_read(struct gvt_snapshot *snapshot);
/* gpu.c: says why a GPU without types has none. */
int gvt_gpu_diagnose(struct gvt_gpu *gpu);

void gvt_gpus_free(struct gvt_gpu *gpus);
void gvt_types_free(struct gvt_type *types);
void gvt_vgpus_free(struct gvt_vgpu *vgpus);

/* type.c: a type's name without "i915-GVTg_". */
const char *gvt_short_type_name(const char *name);
/* type.c: whether an mdev type is one of GVT-g's. */
bool gvt_is_gvt_type(const char *name);
/* type.c: the folder of a GPU's folder with its mdev_supported_types. */
const char *gvt_types_folder(struct gvt_ctx *ctx, const char *gpu);
/* vgpu.c: the vGPU with exactly this UUID, or NULL. */
struct gvt_vgpu *gvt_vgpu_by_uuid(struct gvt_ctx *ctx, const char *uuid);
/* vgpu.c: the vGPU that is defined for a domain, other than this UUID; or NULL. */
struct gvt_vgpu *gvt_vgpu_of_domain(struct gvt_ctx *ctx, const char *domain_uuid,
				    const char *except);
/* vgpu.c: those of an active one; 0 or -ENOMEM. They belong to it. */
int gvt_vgpu_settings(struct gvt_vgpu *vgpu, struct gvt_settings *settings);
/* users.c: 0, or -EBUSY with the words for who has it open. */
int gvt_vgpu_check_unused(struct gvt_vgpu *vgpu);
/* vgpu.c: how people know it: its name, its VM or its UUID. */
const char *gvt_vgpu_title(struct gvt_vgpu *vgpu);

#endif
