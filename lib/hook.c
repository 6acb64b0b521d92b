// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_hook: what libvirt's qemu hook does. A domain that starts finds its vGPUs on; what was started
 * for it ends with it. libvirt waits for the hook, so nothing here may call libvirt.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "definition.h"
#include "files.h"
#include "hostdev.h"
#include "snapshot.h"

/* A file for each vGPU that was started for a domain, with the domain's UUID. It ends with a boot. */
#define MARKS	    "/run/gvt/started"
#define NAME_SIZE   256
#define DEVICES_MAX 64

struct call {
	struct gvt_ctx *ctx;
	char domain[GVT_UUID_SIZE]; /* its UUID, lower case */
	char name[NAME_SIZE];
	char uuids[DEVICES_MAX][GVT_UUID_SIZE]; /* its mediated devices */
	unsigned int count;
	bool started[DEVICES_MAX]; /* by this call */
};

static int take_uuid(void *data, const char *uuid)
{
	struct call *call = data;

	if (call->count == DEVICES_MAX)
		return -E2BIG;
	memcpy(call->uuids[call->count++], uuid, GVT_UUID_SIZE);
	return 0;
}

/* --- marks ------------------------------------------------------------------------------------ */

static void set_mark(struct call *call, const char *uuid)
{
	char *path = gvt_path(call->ctx, MARKS "/%s", uuid);
	int fd = -1;

	if (path && !gvt_make_folders(call->ctx, MARKS))
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || write(fd, call->domain, strlen(call->domain)) < 0)
		gvt_log(call->ctx, LOG_WARNING,
			"cannot note that vGPU %s was started for VM %s: it stays on after it", uuid,
			call->name);
	if (fd >= 0)
		close(fd);
	free(path);
}

static bool has_mark(struct call *call, const char *uuid)
{
	char text[GVT_UUID_SIZE + 1];

	return !gvt_read_attr(call->ctx, text, sizeof(text), MARKS "/%s", uuid) &&
	       !strcasecmp(text, call->domain);
}

static void remove_mark(struct call *call, const char *uuid)
{
	char *path = gvt_path(call->ctx, MARKS "/%s", uuid);

	if (path)
		unlink(path);
	free(path);
}

/* --- before a domain starts ------------------------------------------------------------------- */

static int check_owner(struct call *call, struct gvt_vgpu *vgpu)
{
	const char *owner = vgpu->def ? gvt_definition_get_domain_uuid(vgpu->def) : NULL;

	if (!owner || !strcasecmp(owner, call->domain))
		return 0;
	gvt_error(call->ctx, GVT_ERROR_IN_USE, -EBUSY, "vGPU %s of VM %s belongs to VM %s", vgpu->uuid,
		  call->name, gvt_definition_get_domain(vgpu->def));
	gvt_hint(call->ctx, "give VM %s one of its own (gvt create --vm %s), or take this one from VM %s: "
			    "gvt detach %s",
		 call->name, call->name, gvt_definition_get_domain(vgpu->def), vgpu->uuid);
	return -EBUSY;
}

static int prepare_one(struct call *call, unsigned int index)
{
	struct gvt_vgpu *vgpu = gvt_vgpu_by_uuid(call->ctx, call->uuids[index]);
	int err;

	/* Another driver's, or one that another hook makes: QEMU says what is wrong with it. */
	if (!vgpu)
		return 0;
	err = check_owner(call, vgpu);
	if (err)
		return err;
	if (vgpu->active)
		return gvt_vgpu_check_unused(vgpu);
	err = gvt_start(vgpu, 0);
	/* Somebody else was quicker. */
	if (err == -EALREADY)
		return 0;
	if (err)
		return err;
	call->started[index] = true;
	set_mark(call, call->uuids[index]);
	return 0;
}

static void stop_one(struct call *call, const char *uuid)
{
	struct gvt_vgpu *vgpu = gvt_vgpu_by_uuid(call->ctx, uuid);

	/* The mark stays with one that stays on: it is stopped when its domain ends the next time. */
	if (vgpu && vgpu->active && gvt_stop(vgpu, 0))
		gvt_log(call->ctx, LOG_WARNING, "%s", gvt_get_error(call->ctx));
	else
		remove_mark(call, uuid);
}

static int prepare(struct call *call)
{
	struct gvt_last_error reason;
	int err = 0;

	for (unsigned int i = 0; !err && i < call->count; i++)
		err = prepare_one(call, i);
	if (!err)
		return 0;
	reason = call->ctx->last;
	for (unsigned int i = call->count; i--;)
		if (call->started[i])
			stop_one(call, call->uuids[i]);
	call->ctx->last = reason;
	return err;
}

/* --- after it has ended ----------------------------------------------------------------------- */

static int release(struct call *call)
{
	for (unsigned int i = 0; i < call->count; i++)
		if (has_mark(call, call->uuids[i]))
			stop_one(call, call->uuids[i]);
	gvt_clear_error(call->ctx);
	return 0;
}

int gvt_hook(struct gvt_ctx *ctx, const char *operation, const char *sub_operation, const char *xml,
	     size_t length)
{
	bool starts = !strcmp(operation, "prepare") && !strcmp(sub_operation, "begin");
	bool ended = !strcmp(operation, "release") && !strcmp(sub_operation, "end");
	struct call *call;
	int err;

	gvt_clear_error(ctx);
	if (!starts && !ended)
		return 0;
	call = calloc(1, sizeof(*call));
	if (!call)
		return gvt_no_memory(ctx);
	call->ctx = ctx;
	ctx->no_libvirt = true;
	err = gvt_domain_xml_each(xml, length, call->domain, call->name, sizeof(call->name), take_uuid,
				  call);
	gvt_lower_case(call->domain);
	if (!err && call->count)
		err = gvt_scan(ctx);
	/* What can't be read is libvirt's to complain of, and no reason to keep a VM from starting. */
	if (err == -EBADMSG || err == -E2BIG)
		err = 0;
	else if (!err && call->count)
		err = starts ? prepare(call) : release(call);
	ctx->no_libvirt = false;
	free(call);
	return err;
}
