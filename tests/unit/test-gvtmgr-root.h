/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host in a folder: /sys, /proc, /etc and /run as a machine with a Skylake has them, and a
 * stand-in for the kernel's answer to what is written to "create" and "remove", which plain files
 * can't give.
 */
#ifndef TEST_GVTMGR_ROOT_H
#define TEST_GVTMGR_ROOT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/ctx.h"

#define GPU    "0000:00:02.0"
#define UUID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define UUID_B "bbbbbbbb-0000-4000-8000-000000000002"
#define UUID_C "cccccccc-0000-4000-8000-000000000003"

struct root {
	char path[64];
	struct gvt_ctx *ctx;

	/* The kernel's stand-in: what to answer, and what it was asked. */
	int create_answer, remove_answer; /* 0 or a negative errno */
	bool gvt; /* its driver is gvt, whose vGPUs have attributes */
	int set_answer; /* to a write to one of them, ... */
	const char *set_answer_to; /* ... this one */
	char created[16][37];
	unsigned int created_count;

	const char *fail_step; /* this step of a change fails with -EIO, as does ... */
	unsigned int step_count;

	char log[8192]; /* all lines at LOG_NOTICE or more urgent */
};

/* An empty host; root_free() removes it. */
struct root *root_new(void);
void root_free(struct root *root);

/* Each path is below the root; folders above are made. */
void root_write(struct root *root, const char *text, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void root_write_bytes(struct root *root, const void *bytes, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void root_folder(struct root *root, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void root_link(struct root *root, const char *target, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void root_remove(struct root *root, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool root_has(struct root *root, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The file's text, to be freed. */
char *root_read(struct root *root, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* How many files, folders and links there are below a folder that may be missing. */
unsigned int root_count(struct root *root, const char *folder);

/* A Skylake with 512 MiB of aperture at GPU, bound to i915. */
void root_add_gpu(struct root *root);
/* enable_gvt, enable_guc and kvmgt as they have to be. */
void root_add_module(struct root *root);
/* A type of GPU; name is V5_4 or the like, sizes in MiB. */
void root_add_type(struct root *root, const char *name, unsigned int available, unsigned int low,
		   unsigned int high);
/* All of the above with V5_1 (0), V5_2 (1), V5_4 (3), V5_8 (6): a host that is ready. */
struct root *root_new_ready(void);
/* An active vGPU. */
void root_add_mdev(struct root *root, const char *uuid, const char *type);
/* What gvt shows of a vGPU of that type. */
void root_add_attributes(struct root *root, const char *uuid, const char *type);
/* A process that has the vGPU's VFIO group open. */
void root_add_user(struct root *root, const char *uuid, unsigned int pid, const char *guest);
/* A definition's file. */
void root_add_definition(struct root *root, const char *uuid, const char *type, const char *more);

/* The text of a file that a wrong definition has. */
#define root_assert_error(root, kind, part)                                                    \
	do {                                                                                   \
		assert_int_equal(gvt_get_error_kind((root)->ctx), kind);                       \
		if (!strstr(gvt_get_error((root)->ctx), part))                                 \
			fail_msg("\"%s\" is not in \"%s\"", part, gvt_get_error((root)->ctx)); \
		assert_true(gvt_get_hint((root)->ctx)[0]);                                     \
	} while (0)

#endif
