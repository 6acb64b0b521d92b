// SPDX-License-Identifier: LGPL-2.1-or-later
/* The files of definitions. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "definition.h"
#include "store.h"
#include "value.h"

#define SUFFIX ".xml"

/* UUID.xml, in lower case as the kernel names its devices. Leaves the UUID in @name. */
static bool is_definition_file(char *name)
{
	size_t len = strlen(name);

	if (len != GVT_UUID_SIZE - 1 + strlen(SUFFIX) || strcmp(name + GVT_UUID_SIZE - 1, SUFFIX))
		return false;
	name[GVT_UUID_SIZE - 1] = '\0';
	if (gvt_valid_uuid(name) && !strpbrk(name, "ABCDEF"))
		return true;
	name[GVT_UUID_SIZE - 1] = SUFFIX[0];
	return false;
}

int gvt_store_list(struct gvt_ctx *ctx, struct gvt_names *uuids)
{
	size_t kept = 0;
	int err = gvt_list_folder(ctx, uuids, GVT_STORE_FOLDER);

	if (err == -ENOMEM)
		return err;
	if (err)
		gvt_log(ctx, LOG_WARNING, "cannot read the definitions in %s%s: %s", ctx->root,
			GVT_STORE_FOLDER, strerror(-err));
	for (size_t i = 0; i < uuids->count; i++) {
		if (is_definition_file(uuids->name[i])) {
			uuids->name[kept++] = uuids->name[i];
			continue;
		}
		gvt_log(ctx, LOG_WARNING, "%s%s/%s is not named UUID.xml and is left out",
			ctx->root, GVT_STORE_FOLDER, uuids->name[i]);
		free(uuids->name[i]);
	}
	uuids->count = kept;
	return 0;
}

static char *file_path(struct gvt_ctx *ctx, const char *uuid)
{
	return gvt_path(ctx, GVT_STORE_FOLDER "/%s" SUFFIX, uuid);
}

static int file_error(struct gvt_ctx *ctx, int err, const char *verb, const char *path)
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

/* Unlike an attribute, a definition is read as it is: names may hold any UTF-8. */
static int read_bytes(const char *path, char *buf, size_t size, size_t *len)
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

static int read_definition(struct gvt_ctx *ctx, const char *path, const char *uuid,
			   struct gvt_definition **def)
{
	size_t size = GVT_DEFINITION_MAX + 1, len;
	char *buf = malloc(size), why[512];
	int err;

	if (!buf)
		return gvt_no_memory(ctx);
	err = read_bytes(path, buf, size, &len);
	if (err) {
		free(buf);
		return file_error(ctx, err, "read", path);
	}
	err = gvt_definition_from_xml(ctx, buf, len, def);
	free(buf);
	if (err == -ENOMEM)
		return err;
	if (err) {
		snprintf(why, sizeof(why), "%s", gvt_get_error(ctx));
		gvt_error(ctx, GVT_ERROR_FAILED, err, "%s is %s", path, why);
	} else if (strcmp(gvt_definition_get_uuid(*def), uuid)) {
		err = gvt_error(ctx, GVT_ERROR_FAILED, -EBADMSG,
				"%s is the definition of another vGPU, %s", path,
				gvt_definition_get_uuid(*def));
		*def = gvt_definition_unref(*def);
	}
	if (err)
		gvt_hint(ctx, "correct the file as gvt-vgpu(5) describes it, or remove it");
	return err;
}

int gvt_store_read(struct gvt_ctx *ctx, const char *uuid, struct gvt_definition **def)
{
	char *path = file_path(ctx, uuid);
	int err;

	*def = NULL;
	if (!path)
		return gvt_no_memory(ctx);
	err = read_definition(ctx, path, uuid, def);
	free(path);
	return err;
}

static int sync_folder(const char *path)
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
static int replace_file(const char *folder, const char *path, const char *text)
{
	char *temporary;
	int fd, err;

	if (asprintf(&temporary, "%s/.new-XXXXXX", folder) < 0)
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
		err = sync_folder(folder);
	free(temporary);
	return err;
}

int gvt_store_write(struct gvt_ctx *ctx, struct gvt_definition *def)
{
	char *folder = gvt_path(ctx, GVT_STORE_FOLDER);
	char *path = file_path(ctx, gvt_definition_get_uuid(def));
	char *text = NULL;
	int err;

	if (!folder || !path || gvt_definition_to_xml(def, &text) < 0) {
		err = gvt_no_memory(ctx);
	} else {
		err = gvt_make_folders(ctx, GVT_STORE_FOLDER);
		if (!err)
			err = replace_file(folder, path, text);
		if (err)
			file_error(ctx, err, "write", path);
	}
	free(text);
	free(path);
	free(folder);
	return err;
}

int gvt_store_remove(struct gvt_ctx *ctx, const char *uuid)
{
	char *folder = gvt_path(ctx, GVT_STORE_FOLDER);
	char *path = file_path(ctx, uuid);
	int err = 0;

	if (!folder || !path)
		err = gvt_no_memory(ctx);
	else if (unlink(path) < 0)
		err = errno == ENOENT ? 0 : file_error(ctx, -errno, "remove", path);
	else
		err = sync_folder(folder);
	free(path);
	free(folder);
	return err;
}

bool gvt_store_has(struct gvt_ctx *ctx, const char *uuid)
{
	return gvt_exists(ctx, GVT_STORE_FOLDER "/%s" SUFFIX, uuid);
}
