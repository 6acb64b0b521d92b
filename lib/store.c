// SPDX-License-Identifier: LGPL-2.1-or-later
/* The files of definitions. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int read_definition(struct gvt_ctx *ctx, const char *path, const char *uuid,
			   struct gvt_definition **def)
{
	size_t size = GVT_DEFINITION_MAX + 1, len;
	char *buf = malloc(size), why[512];
	int err;

	if (!buf)
		return gvt_no_memory(ctx);
	err = gvt_read_bytes(path, buf, size, &len);
	if (err) {
		free(buf);
		return gvt_file_error(ctx, err, "read", path);
	}
	err = gvt_definition_from_xml(ctx, buf, len, def);
	free(buf);
	if (err == -ENOMEM)
		return err;
	if (err) {
		snprintf(why, sizeof(why), "%s", gvt_get_error(ctx));
		gvt_error(ctx, GVT_ERROR_FAILED, err, "%s is %s", path, why);
	} else if (!gvt_definition_get_uuid(*def) || strcmp(gvt_definition_get_uuid(*def), uuid)) {
		const char *other = gvt_definition_get_uuid(*def);

		err = gvt_error(ctx, GVT_ERROR_FAILED, -EBADMSG,
				"%s is the definition of another vGPU, %s", path,
				other ? other : "without <uuid>");
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

int gvt_store_write(struct gvt_ctx *ctx, struct gvt_definition *def)
{
	char *folder = gvt_path(ctx, GVT_STORE_FOLDER);
	char *path = file_path(ctx, gvt_definition_get_uuid(def));
	char *text = NULL;
	int err;

	if (!folder || !path || gvt_definition_to_xml(def, &text) < 0) {
		err = gvt_no_memory(ctx);
	} else if (strlen(text) > GVT_DEFINITION_MAX) {
		err = gvt_error(ctx, GVT_ERROR_FAILED, -EFBIG,
				"the definition of vGPU %s would be longer than %d bytes",
				gvt_definition_get_uuid(def), GVT_DEFINITION_MAX);
	} else {
		err = gvt_make_folders(ctx, GVT_STORE_FOLDER);
		if (!err)
			err = gvt_replace_file(folder, path, text);
		if (err)
			gvt_file_error(ctx, err, "write", path);
	}
	free(text);
	free(path);
	free(folder);
	return err;
}

/* The new one may be in place when only the folder could not be synced. */
int gvt_store_replace(struct gvt_ctx *ctx, struct gvt_definition *before,
		      struct gvt_definition *after)
{
	int err = gvt_store_write(ctx, after);

	if (err) {
		struct gvt_last_error reason = ctx->last;

		gvt_store_write(ctx, before);
		ctx->last = reason;
	}
	return err;
}

int gvt_store_remove(struct gvt_ctx *ctx, const char *uuid)
{
	char *folder = gvt_path(ctx, GVT_STORE_FOLDER);
	char *path = file_path(ctx, uuid);
	int err = 0;

	if (!folder || !path) {
		err = gvt_no_memory(ctx);
	} else if (unlink(path) < 0) {
		err = errno == ENOENT ? 0 : gvt_file_error(ctx, -errno, "remove", path);
	} else {
		err = gvt_sync_folder(folder);
		if (err)
			gvt_file_error(ctx, err, "sync", folder);
	}
	free(path);
	free(folder);
	return err;
}

bool gvt_store_has(struct gvt_ctx *ctx, const char *uuid)
{
	return gvt_exists(ctx, GVT_STORE_FOLDER "/%s" SUFFIX, uuid);
}
