/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The context from inside: settings, log, last error, and the two seams through which a unit test
 * makes happen what a plain folder can't (a kernel that refuses, a step that fails).
 */
#ifndef GVT_CTX_H
#define GVT_CTX_H

#include <signal.h>
#include <syslog.h>

#include "gvtmgr.h"

struct gvt_snapshot;

struct gvt_seams {
	/* Writes @text to a file of sysfs. Returns 0 or a negative errno. */
	int (*sysfs_write)(struct gvt_ctx *ctx, const char *path, const char *text);
	/* Asked before each step of a change; not 0 makes the step fail. NULL outside of tests. */
	int (*before_step)(struct gvt_ctx *ctx, const char *step);
	void *data;
};

struct gvt_last_error {
	enum gvt_error_kind kind;
	char text[1024];
	char hint[1024];
};

struct gvt_ctx {
	unsigned int refs;
	char *root; /* "" for "/", else without trailing slash */
	char *libvirt_uri;
	unsigned int lock_timeout_ms;

	gvt_log_fn log_fn;
	void *log_data;
	int log_priority;

	struct gvt_last_error last; /* copied to keep it across a call that may fail too */

	struct gvt_snapshot *snapshot; /* NULL before the first look */
	sigset_t signals; /* that were blocked before the change that is under way; see journal.c */
	bool no_libvirt; /* for now: libvirt waits for us */
	void *libvirt; /* virConnectPtr, see domain.c */
	struct gvt_seams seams;
};

/* Sets the error (what and why, one sentence) and forgets the old hint. Returns @err. */
int gvt_error(struct gvt_ctx *ctx, enum gvt_error_kind kind, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Adds what to do next to the error just set. */
void gvt_hint(struct gvt_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void gvt_clear_error(struct gvt_ctx *ctx);
int gvt_no_memory(struct gvt_ctx *ctx);
/* The kind that a failed file operation has: not permitted, or failed. */
enum gvt_error_kind gvt_kind_of_errno(int err);

void gvt_log(struct gvt_ctx *ctx, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
