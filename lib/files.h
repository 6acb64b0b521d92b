/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files below the context's root, read with bounds: their text is not trusted. Knows nothing of
 * GPUs.
 */
#ifndef GVT_FILES_H
#define GVT_FILES_H

#include "ctx.h"

/* Longest text taken from an attribute; the kernel gives at most a page. */
#define GVT_ATTR_MAX 4096

/* The root followed by the formatted path, to be freed; NULL without memory. */
char *gvt_path(struct gvt_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Reads a regular file of less than @size bytes into @buf, ends it with 0, strips white space at
 * the end; other control characters than newline become '?'.
 * Returns 0, -EFBIG, -EINVAL for what is no regular file, or what open and read say.
 */
int gvt_read_file(const char *path, char *buf, size_t size);
/* The same for a path below the root. */
int gvt_read_attr(struct gvt_ctx *ctx, char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Reads a number in C notation. -EINVAL when the file holds anything else. */
int gvt_read_number(struct gvt_ctx *ctx, uint64_t *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The last component of what a symbolic link points to, to be freed; NULL when it is none. */
char *gvt_read_link_name(struct gvt_ctx *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool gvt_exists(struct gvt_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Writes to an existing file, in one write as sysfs wants it. 0 or a negative errno. */
int gvt_sysfs_write_file(struct gvt_ctx *ctx, const char *path, const char *text);

/* Makes the folder and those above it, below the root. 0 or a negative errno. */
int gvt_make_folders(struct gvt_ctx *ctx, const char *folder);

/* The names in a folder, sorted, without those that begin with a dot. */
struct gvt_names {
	char **name;
	size_t count;
};

/* A folder that is not there is empty. Names beyond the first 4096 are left out. 0 or -errno. */
int gvt_list_folder(struct gvt_ctx *ctx, struct gvt_names *names, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void gvt_names_free(struct gvt_names *names);

/* Sets the error that a file operation ended with, and what to do about it. Returns @err. */
int gvt_file_error(struct gvt_ctx *ctx, int err, const char *verb, const char *path);
/* Reads up to @size bytes of a regular file as they are, where text may be any UTF-8. 0 or -errno. */
int gvt_read_bytes(const char *path, char *buf, size_t size, size_t *len);
/* What the temporary files of gvt_replace_file() begin with. */
#define GVT_TEMPORARY ".new-"
/* A reader sees the old file or the new one, also after a power cut. @path is in @folder. 0 or -errno. */
int gvt_replace_file(const char *folder, const char *path, const char *text);
/* With the lock held: removes what a writer that was killed has left in a folder below the root. */
void gvt_remove_temporary(struct gvt_ctx *ctx, const char *folder);
int gvt_sync_folder(const char *path);

#endif
