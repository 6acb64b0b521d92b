// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is around every change of one vGPU. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "journal.h"
#include "lock.h"
#include "snapshot.h"
#include "store.h"

/* One that has a file which can't be read is not one that has no definition. */
static int check_no_file(struct gvt_change *change, const char *uuid)
{
	struct gvt_definition *def;
	int err = 0;

	if (gvt_store_has(change->ctx, uuid)) {
		err = gvt_store_read(change->ctx, uuid, &def);
		gvt_definition_unref(def);
		if (!err)
			err = gvt_error(change->ctx, GVT_ERROR_FAILED, -EAGAIN,
					"the definition of vGPU %s could not be read; it can now", uuid);
	}
	return err;
}

int gvt_change_begin(struct gvt_change *change, struct gvt_vgpu *vgpu, unsigned int flags)
{
	char uuid[GVT_UUID_SIZE];
	int err;

	memcpy(uuid, vgpu->uuid, sizeof(uuid));
	change->ctx = gvt_ref(gvt_vgpu_get_ctx(vgpu));
	change->vgpu = NULL;
	change->dry_run = flags & GVT_DRY_RUN;
	change->lock = -1;
	gvt_clear_error(change->ctx);
	if (!change->dry_run) {
		change->lock = gvt_lock(change->ctx);
		if (change->lock < 0)
			return change->lock;
		err = gvt_journal_recover(change->ctx, !change->ctx->no_libvirt);
		if (err)
			return err;
	}
	err = gvt_scan(change->ctx);
	if (err)
		return err;
	change->vgpu = gvt_vgpu_ref(gvt_vgpu_by_uuid(change->ctx, uuid));
	if (change->vgpu)
		return change->vgpu->def ? 0 : check_no_file(change, uuid);
	gvt_error(change->ctx, GVT_ERROR_NOT_FOUND, -ENOENT, "vGPU %s does not exist any more",
		  uuid);
	gvt_hint(change->ctx, "'gvt list' shows those that do");
	return -ENOENT;
}

int gvt_change_run(struct gvt_change *change, struct gvt_domain *domain,
		   const struct gvt_step *steps, size_t count, void *data)
{
	const char *uuid = change->vgpu->uuid;
	char *element = NULL;
	bool whole;
	int err = domain ? gvt_domain_element(domain, uuid, &element) : 0;

	if (!err)
		err = gvt_journal_begin(change->ctx, GVT_JOURNAL_ALL, uuid, change->vgpu,
					domain ? gvt_domain_get_uuid(domain) : NULL, element);
	free(element);
	if (err)
		return err;
	err = gvt_steps_run(change->ctx, steps, count, data, &whole);
	gvt_journal_end(change->ctx, GVT_JOURNAL_ALL, whole);
	return err;
}

int gvt_change_end(struct gvt_change *change, int err)
{
	if (change->lock >= 0)
		gvt_unlock(change->lock);
	gvt_vgpu_unref(change->vgpu);
	if (!err)
		err = gvt_scan(change->ctx);
	gvt_unref(change->ctx);
	return err;
}
