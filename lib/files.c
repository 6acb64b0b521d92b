// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files below the context's root. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

#define NAMES_MAX 4096

static char *path_va(struct gvt_ctx *ctx, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
static int read_attr_va(struct gvt_ctx *ctx, char *buf, size_t size, const char *fmt, va_list args)
	__attribute__((format(printf, 4, 0)));

static char *path_va(struct gvt_ctx *ctx, const char *fmt, va_list args)
{
	char *below, *path;

	if (vasprintf(&below, fmt, args) < 0)
		return NULL;
	if (asprintf(&path, "%s%s", ctx->root, below) < 0)
		path = NULL;
	free(below);
	return path;
}

char *gvt_path(struct gvt_ctx *ctx, const char *fmt, ...)
{
	va_list args;
	char *path;

	va_start(args, fmt);
	path = path_va(ctx, fmt, args);
	va_end(args);
	return path;
}

static void clean_text(char *buf, size_t len)
{
	while (len && (buf[len - 1] == '\n' || buf[len - 1] == ' ' || buf[len - 1] == '\t'))
		len--;
	buf[len] = '\0';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = buf[i];

		if ((c < ' ' && c != '\n') || c >= 0x7f)
			buf[i] = '?';
	}
}

int gvt_read_file(const char *path, char *buf, size_t size)
{
	size_t len;
	int err = gvt_read_bytes(path, buf, size, &len);

	/* The 0 at its end needs room, too. */
	if (!err && len == size)
		err = -EFBIG;
	if (!err)
		clean_text(buf, len);
	return err;
}

static int read_attr_va(struct gvt_ctx *ctx, char *buf, size_t size, const char *fmt, va_list args)
{
	char *path = path_va(ctx, fmt, args);
	int err;

	if (!path)
		return -ENOMEM;
	err = gvt_read_file(path, buf, size);
	if (err && err != -ENOENT)
		gvt_log(ctx, LOG_DEBUG, "cannot read %s: %s", path, strerror(-err));
	free(path);
	return err;
}

int gvt_read_attr(struct gvt_ctx *ctx, char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = read_attr_va(ctx, buf, size, fmt, args);
	va_end(args);
	return err;
}

int gvt_read_number(struct gvt_ctx *ctx, uint64_t *value, const char *fmt, ...)
{
	char text[64], *end;
	va_list args;
	int err;

	va_start(args, fmt);
	err = read_attr_va(ctx, text, sizeof(text), fmt, args);
	va_end(args);
	if (err)
		return err;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno || *end ? -EINVAL : 0;
}

char *gvt_read_link_name(struct gvt_ctx *ctx, const char *fmt, ...)
{
	char target[PATH_MAX];
	const char *slash;
	va_list args;
	ssize_t len;
	char *path;

	va_start(args, fmt);
	path = path_va(ctx, fmt, args);
	va_end(args);
	if (!path)
		return NULL;
	len = readlink(path, target, sizeof(target) - 1);
	free(path);
	if (len <= 0)
		return NULL;
	target[len] = '\0';
	slash = strrchr(target, '/');
	return strdup(slash ? slash + 1 : target);
}

bool gvt_exists(struct gvt_ctx *ctx, const char *fmt, ...)
{
	va_list args;
	char *path;
	bool found;

	va_start(args, fmt);
	path = path_va(ctx, fmt, args);
	va_end(args);
	found = path && access(path, F_OK) == 0;
	free(path);
	return found;
}

int gvt_sysfs_write_file(struct gvt_ctx *ctx, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t len = strlen(text);
	int err = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		err = -errno;
	else if ((size_t)n != len)
		err = -EIO;
	close(fd);
	return err;
}

int gvt_make_folders(struct gvt_ctx *ctx, const char *folder)
{
	char *path = gvt_path(ctx, "%s", folder), *slash;
	int err = 0;

	if (!path)
		return -ENOMEM;
	/* What is above the root is not ours to make. */
	for (slash = path + strlen(ctx->root); slash && !err;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err = -errno;
		if (slash)
			*slash = '/';
	}
	free(path);
	return err;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(struct gvt_names *names, const char *name)
{
	/* Grows at powers of two, from 16. */
	if (!(names->count & (names->count - 1)) && (names->count >= 16 || !names->count)) {
		size_t room = names->count ? names->count * 2 : 16;
		char **more = realloc(names->name, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		names->name = more;
	}
	names->name[names->count] = strdup(name);
	if (!names->name[names->count])
		return -ENOMEM;
	names->count++;
	return 0;
}

int gvt_list_folder(struct gvt_ctx *ctx, struct gvt_names *names, const char *fmt, ...)
{
	struct dirent *entry;
	va_list args;
	int err = 0;
	char *path;
	DIR *dir;

	memset(names, 0, sizeof(*names));
	va_start(args, fmt);
	path = path_va(ctx, fmt, args);
	va_end(args);
	if (!path)
		return -ENOMEM;
	dir = opendir(path);
	if (!dir) {
		err = errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
		free(path);
		return err;
	}
	while (!err && (entry = readdir(dir))) {
		if (!visible(entry))
			continue;
		if (names->count == NAMES_MAX) {
			gvt_log(ctx, LOG_WARNING,
				"%s holds more than %d names; the rest is not read", path,
				NAMES_MAX);
			break;
		}
		err = add_name(names, entry->d_name);
	}
	closedir(dir);
	free(path);
	if (err)
		gvt_names_free(names);
	else if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), by_name);
	return err;
}

void gvt_names_free(struct gvt_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	memset(names, 0, sizeof(*names));
}

/* --- whole files ------------------------------------------------------------------------------ */

int gvt_file_error(struct gvt_ctx *ctx, int err, const char *verb, const char *path)
{
	gvt_error(ctx, gvt_kind_of_errno(err), err, "cannot %s %s: %s", verb, path, strerror(-err));
	if (gvt_kind_of_errno(err) == GVT_ERROR_NOT_PERMITTED)
		gvt_hint(ctx, "run the command as root (sudo)");
	else if (err == -ENOSPC || err == -EDQUOT)
		gvt_hint(ctx, "make room on that file system, then try again");
	else if (err == -EROFS)
		gvt_hint(ctx, "make that file system writable, then try again");
	return err;
}

/* O_NONBLOCK: a pipe that somebody put there must not stop us. */
int gvt_read_bytes(const char *path, char *buf, size_t size, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t n = 0;
	int err = 0;

	*len = 0;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EINVAL;
	while (!err && *len < size && (n = read(fd, buf + *len, size - *len)) != 0) {
		if (n > 0)
			*len += n;
		else if (errno != EINTR)
			err = -errno;
	}
	close(fd);
	return err;
}

int gvt_sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int write_whole(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		left -= n;
	}
	return fchmod(fd, 0644) < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* Temporary file, sync, rename, sync of the folder. */
int gvt_replace_file(const char *folder, const char *path, const char *text)
{
	char *temporary;
	int fd, err;

	if (asprintf(&temporary, "%s/" GVT_TEMPORARY "XXXXXX", folder) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		free(temporary);
		return err;
	}
	err = write_whole(fd, text);
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && rename(temporary, path) < 0)
		err = -errno;
	if (err)
		unlink(temporary);
	else
		err = gvt_sync_folder(folder);
	free(temporary);
	return err;
}

void gvt_remove_temporary(struct gvt_ctx *ctx, const char *below)
{
	char *folder = gvt_path(ctx, "%s", below);
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, GVT_TEMPORARY, strlen(GVT_TEMPORARY)))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	free(folder);
}
