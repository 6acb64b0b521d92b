// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_restore: after a boot, start every vGPU that starts by itself. Each for itself: one that
 * fails keeps nothing from the others.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "choose.h"
#include "definition.h"
#include "journal.h"
#include "lock.h"
#include "mdev.h"
#include "snapshot.h"
#include "value.h"
#include "wait.h"

struct entry {
	struct gvt_definition *def;
	uint64_t size; /* aperture and hidden memory; 0 while its type is not known */
	bool finished;
};

struct restoration {
	struct gvt_ctx *ctx;
	const char *gpu;
	unsigned int flags;
	gvt_restore_fn fn;
	void *data;

	struct entry *entries;
	size_t count;
	int err; /* what the first that failed met, and the words for it */
	struct gvt_last_error first_error;
};

/* --- the list --------------------------------------------------------------------------------- */

static bool is_for_gpu(struct gvt_definition *def, const char *gpu)
{
	const char *own = gvt_definition_get_gpu(def);

	return !gpu || !own || !strcmp(own, gpu);
}

static int collect(struct restoration *restoration)
{
	struct gvt_vgpu *vgpu;
	size_t room = 0;

	gvt_vgpu_foreach(restoration->ctx, vgpu)
		room++;
	restoration->entries = calloc(room ? room : 1, sizeof(*restoration->entries));
	if (!restoration->entries)
		return gvt_no_memory(restoration->ctx);
	gvt_vgpu_foreach(restoration->ctx, vgpu)
		if (gvt_vgpu_is_autostart(vgpu) && is_for_gpu(vgpu->def, restoration->gpu))
			restoration->entries[restoration->count++].def =
				gvt_definition_ref(vgpu->def);
	return 0;
}

static struct gvt_type *find_type(struct gvt_ctx *ctx, struct gvt_definition *def)
{
	return gvt_find_type(ctx, gvt_definition_get_gpu(def), gvt_definition_get_type(def));
}

/* The largest range is the hardest to find, so it is taken while the GPU's memory is whole. */
static uint64_t size_of(struct gvt_definition *def, struct gvt_type *type)
{
	static const enum gvt_setting parts[] = { GVT_SETTING_APERTURE, GVT_SETTING_HIDDEN };
	uint64_t size = 0;

	for (size_t i = 0; type && i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *own = gvt_definition_get_setting(def, parts[i]);

		size += gvt_setting_number(parts[i], own ? own : type->setting[parts[i]]);
	}
	return size;
}

static int larger_first(const void *a, const void *b)
{
	const struct entry *first = a, *second = b;

	if (first->size != second->size)
		return first->size < second->size ? 1 : -1;
	return strcmp(gvt_definition_get_uuid(first->def), gvt_definition_get_uuid(second->def));
}

static void sort(struct restoration *restoration)
{
	for (size_t i = 0; i < restoration->count; i++) {
		struct entry *entry = &restoration->entries[i];

		entry->size = size_of(entry->def, find_type(restoration->ctx, entry->def));
	}
	qsort(restoration->entries, restoration->count, sizeof(*restoration->entries),
	      larger_first);
}

/* --- one of them ------------------------------------------------------------------------------ */

static void finish(struct restoration *restoration, struct entry *entry,
		   enum gvt_restore_outcome outcome, int err)
{
	struct gvt_ctx *ctx = restoration->ctx;

	entry->finished = true;
	if (err && !restoration->err) {
		restoration->err = err;
		restoration->first_error = ctx->last;
	}
	if (restoration->fn)
		restoration->fn(restoration->data, entry->def, outcome, err ? ctx->last.text : "",
				err ? ctx->last.hint : "");
}

static int check_same_type(struct gvt_ctx *ctx, struct gvt_vgpu *vgpu)
{
	const char *is = gvt_short_type_name(vgpu->type_name);
	const char *wanted = gvt_short_type_name(gvt_definition_get_type(vgpu->def));

	if (!strcasecmp(is, wanted))
		return 0;
	gvt_error(ctx, GVT_ERROR_FAILED, -EEXIST,
		  "vGPU %s is active with type %s, but defined with type %s", vgpu->uuid, is,
		  wanted);
	gvt_hint(ctx, "another program started it (mdevctl?): stop it there, then run gvt restore");
	return -EEXIST;
}

/*
 * Whether waiting can help: the GPU, its driver or its module may come yet; a wrong generation or a
 * module parameter stays as it is until the next boot.
 */
static bool may_come(struct gvt_ctx *ctx, struct gvt_definition *def)
{
	const char *address = gvt_definition_get_gpu(def);
	struct gvt_gpu *gpu = address ? gvt_gpu_find(ctx, address) : gvt_gpu_get_first(ctx);

	if (!gpu)
		return true;
	switch (gpu->state) {
	case GVT_GPU_NO_DRIVER:
	case GVT_GPU_NO_MODULE:
	case GVT_GPU_NO_TYPES:
		return true;
	default:
		return false;
	}
}

static void start(struct restoration *restoration, struct entry *entry)
{
	struct gvt_settings settings = gvt_definition_settings(entry->def);
	const char *uuid = gvt_definition_get_uuid(entry->def);
	struct gvt_ctx *ctx = restoration->ctx;
	struct gvt_type *type;
	int err;

	err = gvt_choose_type(ctx, gvt_definition_get_gpu(entry->def),
			      gvt_definition_get_type(entry->def), &type);
	if (!err && !(restoration->flags & GVT_DRY_RUN))
		err = gvt_journal_begin(ctx, GVT_JOURNAL_DEVICE, uuid, gvt_vgpu_by_uuid(ctx, uuid), NULL, NULL);
	if (!err && !(restoration->flags & GVT_DRY_RUN)) {
		err = gvt_mdev_start(ctx, type->gpu->name, type->name, uuid, &settings);
		gvt_journal_end(ctx, GVT_JOURNAL_DEVICE, true);
	}
	finish(restoration, entry, err ? GVT_RESTORE_FAILED : GVT_RESTORE_STARTED, err);
	/* It took room of the others. */
	if (!err && !(restoration->flags & GVT_DRY_RUN))
		gvt_scan(ctx);
}

static void restore_one(struct restoration *restoration, struct entry *entry, bool last_try)
{
	struct gvt_ctx *ctx = restoration->ctx;
	struct gvt_vgpu *vgpu = gvt_vgpu_by_uuid(ctx, gvt_definition_get_uuid(entry->def));

	if (!vgpu || !vgpu->def || !gvt_definition_get_autostart(vgpu->def)) {
		/* Changed by another command while we waited: nothing is owed any more. */
		entry->finished = true;
		return;
	}
	gvt_definition_ref(vgpu->def);
	gvt_definition_unref(entry->def);
	entry->def = vgpu->def;
	if (vgpu->active) {
		int err = check_same_type(ctx, vgpu);

		finish(restoration, entry, err ? GVT_RESTORE_FAILED : GVT_RESTORE_ALREADY, err);
	} else if (last_try || find_type(ctx, entry->def) || !may_come(ctx, entry->def)) {
		start(restoration, entry);
	}
}

/* --- all of them ------------------------------------------------------------------------------ */

static size_t count_open(struct restoration *restoration)
{
	size_t open = 0;

	for (size_t i = 0; i < restoration->count; i++)
		open += !restoration->entries[i].finished;
	return open;
}

/* Looks at the host and starts what can be started. The lock is held for that long only. */
static int try_all(struct restoration *restoration, bool last_try)
{
	struct gvt_ctx *ctx = restoration->ctx;
	int lock = -1, err;

	if (!(restoration->flags & GVT_DRY_RUN)) {
		lock = gvt_lock(ctx);
		if (lock < 0)
			return lock;
	}
	/* At boot libvirt waits for us. */
	err = restoration->flags & GVT_DRY_RUN ? 0 : gvt_journal_recover(ctx, false);
	if (!err)
		err = gvt_scan(ctx);
	if (!err && !restoration->entries)
		err = collect(restoration);
	if (!err) {
		sort(restoration);
		for (size_t i = 0; i < restoration->count; i++)
			if (!restoration->entries[i].finished)
				restore_one(restoration, &restoration->entries[i], last_try);
	}
	if (lock >= 0)
		gvt_unlock(lock);
	return err;
}

static int restore_all(struct restoration *restoration, struct gvt_wait *wait)
{
	bool more = true, told = false;
	int err;

	for (;;) {
		err = try_all(restoration, !more);
		if (err || !count_open(restoration))
			return err;
		if (!told)
			gvt_log(restoration->ctx, LOG_INFO, "waiting for the GPUs of %zu vGPUs",
				count_open(restoration));
		told = true;
		more = gvt_wait_next(wait);
	}
}

int gvt_restore(struct gvt_ctx *ctx, const char *gpu, unsigned int milliseconds, unsigned int flags,
		gvt_restore_fn fn, void *data)
{
	struct restoration restoration = { .ctx = ctx, .flags = flags, .fn = fn, .data = data };
	char whole[GVT_ADDRESS_SIZE];
	struct gvt_wait *wait;
	int err;

	gvt_clear_error(ctx);
	if (gpu && !gvt_valid_address(gpu))
		return gvt_error(ctx, GVT_ERROR_MISUSE, -EINVAL, "'%s' is not a PCI address", gpu);
	if (gpu) {
		gvt_whole_address(gpu, whole);
		restoration.gpu = whole;
	}
	err = gvt_wait_new(ctx, milliseconds, &wait);
	if (!err)
		err = restore_all(&restoration, wait);
	if (!err && restoration.err) {
		err = restoration.err;
		ctx->last = restoration.first_error;
	}
	gvt_wait_free(wait);
	for (size_t i = 0; i < restoration.count; i++)
		gvt_definition_unref(restoration.entries[i].def);
	free(restoration.entries);
	return err;
}
