// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Making and removing mediated devices; the answers are those of Linux' drivers/vfio/mdev and of
 * kvmgt.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "mdev.h"
#include "setting.h"
#include "snapshot.h"

static const struct answer {
	int err;
	enum gvt_error_kind kind;
	const char *why, *next;
} create_answers[] = {
	{ EEXIST, GVT_ERROR_FAILED, "the kernel has a mediated device with this UUID already",
	  "choose another UUID; 'ls /sys/bus/mdev/devices' lists those in use" },
	{ ENOSPC, GVT_ERROR_NO_CAPACITY,
	  "the GPU has no contiguous range of graphics memory left that is large enough",
	  "destroy a vGPU, or take a smaller type; restoring all vGPUs before the desktop starts "
	  "keeps the GPU's memory from being scattered" },
	{ EUSERS, GVT_ERROR_NO_CAPACITY, "the GPU takes no further vGPU",
	  "destroy a vGPU that is not needed ('gvt list')" },
	{ ENODEV, GVT_ERROR_UNSUPPORTED, "the GPU's driver is just going away",
	  "look whether kvmgt or gvt is still loaded: gvt gpus" },
	{ ENOENT, GVT_ERROR_UNSUPPORTED, "the GPU no longer offers this type",
	  "look at what it offers now: gvt types" },
	{ EACCES, GVT_ERROR_NOT_PERMITTED, "permission denied", "run the command as root (sudo)" },
	{ EPERM, GVT_ERROR_NOT_PERMITTED, "not permitted",
	  "run the command as root (sudo), outside of a container" },
	{ EROFS, GVT_ERROR_NOT_PERMITTED, "/sys is mounted read-only",
	  "run the command on the host itself, outside of a container" },
	{ EAGAIN, GVT_ERROR_FAILED, "the kernel is busy with this device", "try again" },
};

static const struct answer remove_answers[] = {
	{ EBUSY, GVT_ERROR_IN_USE, "it is in use", "shut its VM down first" },
	{ EAGAIN, GVT_ERROR_FAILED, "another program is removing it right now",
	  "look with 'gvt list' whether it is gone" },
	{ EACCES, GVT_ERROR_NOT_PERMITTED, "permission denied", "run the command as root (sudo)" },
	{ EPERM, GVT_ERROR_NOT_PERMITTED, "not permitted",
	  "run the command as root (sudo), outside of a container" },
	{ EROFS, GVT_ERROR_NOT_PERMITTED, "/sys is mounted read-only",
	  "run the command on the host itself, outside of a container" },
};

static int explain(struct gvt_ctx *ctx, const struct answer *answers, size_t count, int err,
		   const char *what)
{
	for (size_t i = 0; i < count; i++) {
		if (answers[i].err != -err)
			continue;
		gvt_error(ctx, answers[i].kind, err, "%s: %s", what, answers[i].why);
		gvt_hint(ctx, "%s", answers[i].next);
		return err;
	}
	gvt_error(ctx, GVT_ERROR_FAILED, err, "%s: %s", what, strerror(-err));
	gvt_hint(ctx, "look for the reason in the kernel's log: dmesg | tail");
	return err;
}

static int create(struct gvt_ctx *ctx, const char *gpu, const char *type, const char *uuid)
{
	char *path = gvt_path(ctx, "%s/%s/mdev_supported_types/%s/create",
			      gvt_types_folder(ctx, gpu), gpu, type);
	char line[64], what[256];
	int err;

	if (!path)
		return gvt_no_memory(ctx);
	/* The kernel takes 36 characters and a newline, and nothing else. */
	snprintf(line, sizeof(line), "%s\n", uuid);
	err = ctx->seams.sysfs_write(ctx, path, line);
	free(path);
	if (!err)
		return 0;
	snprintf(what, sizeof(what), "cannot start vGPU %s (%s) on %s", uuid,
		 gvt_short_type_name(type), gpu);
	return explain(ctx, create_answers, sizeof(create_answers) / sizeof(create_answers[0]), err,
		       what);
}

static const struct answer set_answers[] = {
	{ ENOENT, GVT_ERROR_UNSUPPORTED,
	  "its driver is kvmgt, whose types have fixed sizes, weights and resolutions",
	  "load gvt.ko in its place, see gvt-module(5), or leave the setting out" },
	{ ENOSPC, GVT_ERROR_NO_CAPACITY, "the GPU has no contiguous range that is large enough",
	  "'gvt plan' shows what is free; take less, or destroy a vGPU" },
	{ EBUSY, GVT_ERROR_IN_USE, "a VM has the vGPU open",
	  "shut the VM down first; weight, cap, resolution and display can be set at any time" },
	{ EINVAL, GVT_ERROR_FAILED, "the kernel refuses the value",
	  "look for the reason in the kernel's log: dmesg | tail" },
	{ EACCES, GVT_ERROR_NOT_PERMITTED, "permission denied", "run the command as root (sudo)" },
};

int gvt_mdev_set(struct gvt_ctx *ctx, const char *uuid, enum gvt_setting setting, const char *plain)
{
	const struct gvt_setting_rule *rule = &gvt_setting_rules[setting];
	char *path = gvt_path(ctx, "/sys/bus/mdev/devices/%s/gvt/%s", uuid, rule->attribute);
	char what[256];
	int err;

	if (!path)
		return gvt_no_memory(ctx);
	err = ctx->seams.sysfs_write(ctx, path, plain);
	free(path);
	if (!err)
		return 0;
	snprintf(what, sizeof(what), "cannot set the %s of vGPU %s to %s%s%s", rule->name, uuid,
		 plain, rule->unit ? " " : "", rule->unit ? rule->unit : "");
	return explain(ctx, set_answers, sizeof(set_answers) / sizeof(set_answers[0]), err, what);
}

/* Taken away again with the words of what went wrong, not of that. */
static int take_back(struct gvt_ctx *ctx, const char *uuid, int err)
{
	struct gvt_last_error first = ctx->last;

	if (gvt_mdev_remove(ctx, uuid))
		gvt_log(ctx, LOG_ERR, "%s", ctx->last.text);
	ctx->last = first;
	return err;
}

int gvt_mdev_start(struct gvt_ctx *ctx, const char *gpu, const char *type, const char *uuid,
		   const struct gvt_settings *settings)
{
	int err = create(ctx, gpu, type, uuid);

	if (err)
		return err;
	for (unsigned int i = 0; !err && i < GVT_SETTING_COUNT; i++)
		if (settings->text[i])
			err = gvt_mdev_set(ctx, uuid, i, settings->text[i]);
	return err ? take_back(ctx, uuid, err) : 0;
}

int gvt_mdev_remove(struct gvt_ctx *ctx, const char *uuid)
{
	char *path = gvt_path(ctx, "/sys/bus/mdev/devices/%s/remove", uuid);
	char what[256];
	int err;

	if (!path)
		return gvt_no_memory(ctx);
	err = ctx->seams.sysfs_write(ctx, path, "1\n");
	free(path);
	/* Its GPU's driver took it away meanwhile: that is what was wanted. */
	if (!err || err == -ENOENT || err == -ENODEV)
		return 0;
	snprintf(what, sizeof(what), "cannot remove vGPU %s", uuid);
	return explain(ctx, remove_answers, sizeof(remove_answers) / sizeof(remove_answers[0]), err,
		       what);
}
