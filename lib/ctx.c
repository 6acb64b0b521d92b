// SPDX-License-Identifier: LGPL-2.1-or-later
/* The context: settings, log, last error. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctx.h"
#include "domain.h"
#include "snapshot.h"
#include "files.h"

#define LIBVIRT_URI	"qemu:///system"
#define LOCK_TIMEOUT_MS 20000 /* a guest has half of it to let a vGPU go */

int gvt_new(struct gvt_ctx **out)
{
	struct gvt_ctx *ctx = calloc(1, sizeof(*ctx));

	*out = NULL;
	if (!ctx)
		return -ENOMEM;
	ctx->refs = 1;
	ctx->root = strdup("");
	ctx->libvirt_uri = strdup(LIBVIRT_URI);
	if (!ctx->root || !ctx->libvirt_uri) {
		gvt_unref(ctx);
		return -ENOMEM;
	}
	ctx->lock_timeout_ms = LOCK_TIMEOUT_MS;
	ctx->log_priority = LOG_WARNING;
	ctx->seams.sysfs_write = gvt_sysfs_write_file;
	*out = ctx;
	return 0;
}

struct gvt_ctx *gvt_ref(struct gvt_ctx *ctx)
{
	if (ctx)
		ctx->refs++;
	return ctx;
}

struct gvt_ctx *gvt_unref(struct gvt_ctx *ctx)
{
	if (!ctx || --ctx->refs)
		return NULL;
	gvt_snapshot_drop(ctx->snapshot);
	gvt_domain_disconnect(ctx);
	free(ctx->root);
	free(ctx->libvirt_uri);
	free(ctx);
	return NULL;
}

int gvt_set_root(struct gvt_ctx *ctx, const char *root)
{
	struct stat st;
	size_t len;
	char *copy;

	if (stat(root, &st) < 0) {
		int err = errno;

		return gvt_error(ctx, gvt_kind_of_errno(err), -err, "cannot use %s as root: %s",
				 root, strerror(err));
	}
	if (!S_ISDIR(st.st_mode))
		return gvt_error(ctx, GVT_ERROR_FAILED, -ENOTDIR,
				 "cannot use %s as root: it is not a folder", root);
	copy = strdup(root);
	if (!copy)
		return gvt_no_memory(ctx);
	for (len = strlen(copy); len && copy[len - 1] == '/'; len--)
		copy[len - 1] = '\0';
	free(ctx->root);
	ctx->root = copy;
	gvt_snapshot_drop(ctx->snapshot);
	ctx->snapshot = NULL;
	return 0;
}

const char *gvt_get_root(struct gvt_ctx *ctx)
{
	return ctx->root[0] ? ctx->root : "/";
}

int gvt_set_libvirt_uri(struct gvt_ctx *ctx, const char *uri)
{
	char *copy = strdup(uri ? uri : LIBVIRT_URI);

	if (!copy)
		return gvt_no_memory(ctx);
	gvt_domain_disconnect(ctx);
	free(ctx->libvirt_uri);
	ctx->libvirt_uri = copy;
	return 0;
}

const char *gvt_get_libvirt_uri(struct gvt_ctx *ctx)
{
	return ctx->libvirt_uri;
}

void gvt_set_lock_timeout(struct gvt_ctx *ctx, unsigned int milliseconds)
{
	ctx->lock_timeout_ms = milliseconds;
}

void gvt_set_log_fn(struct gvt_ctx *ctx, gvt_log_fn fn, void *data)
{
	ctx->log_fn = fn;
	ctx->log_data = data;
}

void gvt_set_log_priority(struct gvt_ctx *ctx, int priority)
{
	ctx->log_priority = priority;
}

int gvt_get_log_priority(struct gvt_ctx *ctx)
{
	return ctx->log_priority;
}

/* What people read must stay one line, whatever a file or libvirt put into it. */
static void make_one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
}

void gvt_log(struct gvt_ctx *ctx, int priority, const char *fmt, ...)
{
	char line[1024];
	va_list args;

	if (!ctx->log_fn || priority > ctx->log_priority)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	make_one_line(line);
	ctx->log_fn(ctx->log_data, priority, line);
}

/*
 * The new text is made aside: an error may quote the one before it ("could not undo: ...").
 */
int gvt_error(struct gvt_ctx *ctx, enum gvt_error_kind kind, int err, const char *fmt, ...)
{
	char text[sizeof(ctx->last.text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	make_one_line(text);
	memcpy(ctx->last.text, text, sizeof(text));
	ctx->last.hint[0] = '\0';
	ctx->last.kind = kind;
	return err;
}

void gvt_hint(struct gvt_ctx *ctx, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(ctx->last.hint, sizeof(ctx->last.hint), fmt, args);
	va_end(args);
	make_one_line(ctx->last.hint);
}

void gvt_clear_error(struct gvt_ctx *ctx)
{
	ctx->last.text[0] = '\0';
	ctx->last.hint[0] = '\0';
	ctx->last.kind = GVT_ERROR_NONE;
}

int gvt_no_memory(struct gvt_ctx *ctx)
{
	return gvt_error(ctx, GVT_ERROR_FAILED, -ENOMEM, "out of memory");
}

enum gvt_error_kind gvt_kind_of_errno(int err)
{
	switch (err < 0 ? -err : err) {
	case EACCES:
	case EPERM:
		return GVT_ERROR_NOT_PERMITTED;
	default:
		return GVT_ERROR_FAILED;
	}
}

const char *gvt_get_error(struct gvt_ctx *ctx)
{
	return ctx->last.text;
}

const char *gvt_get_hint(struct gvt_ctx *ctx)
{
	return ctx->last.hint;
}

enum gvt_error_kind gvt_get_error_kind(struct gvt_ctx *ctx)
{
	return ctx->last.kind;
}
