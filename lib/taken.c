// SPDX-License-Identifier: LGPL-2.1-or-later
/* UUIDs and names that are taken. */
#include <errno.h>
#include <string.h>

#include "snapshot.h"
#include "store.h"
#include "taken.h"

int gvt_check_uuid_free(struct gvt_ctx *ctx, const char *uuid)
{
	if (!gvt_vgpu_by_uuid(ctx, uuid) && !gvt_store_has(ctx, uuid))
		return 0;
	gvt_error(ctx, GVT_ERROR_FAILED, -EEXIST, "there is a vGPU %s already", uuid);
	gvt_hint(ctx,
		 "leave the UUID out to have one made, or destroy that vGPU first: gvt destroy %s",
		 uuid);
	return -EEXIST;
}

int gvt_check_name_free(struct gvt_ctx *ctx, const char *name, const char *uuid)
{
	struct gvt_vgpu *vgpu;

	gvt_vgpu_foreach(ctx, vgpu) {
		const char *taken = gvt_vgpu_get_name(vgpu);

		if (!taken || strcmp(taken, name) || !strcmp(vgpu->uuid, uuid))
			continue;
		gvt_error(ctx, GVT_ERROR_FAILED, -EEXIST,
			  "the name '%s' belongs to vGPU %s already", name, vgpu->uuid);
		gvt_hint(ctx, "choose another name");
		return -EEXIST;
	}
	return 0;
}
