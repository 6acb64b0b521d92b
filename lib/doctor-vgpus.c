// SPDX-License-Identifier: LGPL-2.1-or-later
/* The doctor's checks of what is defined and active. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "choose.h"
#include "definition.h"
#include "doctor.h"
#include "files.h"
#include "mdevctl.h"
#include "snapshot.h"
#include "store.h"

static void check_files(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;
	struct gvt_names uuids;

	if (gvt_store_list(ctx, &uuids))
		return;
	for (size_t i = 0; i < uuids.count; i++) {
		struct gvt_definition *def;

		if (gvt_store_read(ctx, uuids.name[i], &def) < 0)
			gvt_doctor_tell(doctor, GVT_FINDING_ERROR, gvt_get_hint(ctx), "%s",
					gvt_get_error(ctx));
		gvt_definition_unref(def);
	}
	gvt_names_free(&uuids);
}

static bool is_ours(struct gvt_vgpu *vgpu, struct gvt_gpu *gpu)
{
	const char *own = vgpu->def ? gvt_definition_get_gpu(vgpu->def) : NULL;

	return vgpu->def && gvt_vgpu_is_autostart(vgpu) && (!own || !strcmp(own, gpu->name));
}

/* Adds a definition with its own sizes. Returns what gvt_plan_add() does. */
static int add_to_plan(struct gvt_plan *plan, struct gvt_definition *def)
{
	static const enum gvt_setting sizes[] = { GVT_SETTING_APERTURE, GVT_SETTING_HIDDEN,
						  GVT_SETTING_FENCES };
	struct gvt_value values[3];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const char *text = gvt_definition_get_setting(def, sizes[i]);

		if (text)
			values[count++] = (struct gvt_value){ sizes[i], text };
	}
	return gvt_plan_add(plan, gvt_definition_get_type(def), values, count);
}

/* Whether all that starts at boot fits on the empty GPU, the largest first as restore does it. */
static void check_gpu_fit(struct gvt_doctor *doctor, struct gvt_gpu *gpu)
{
	struct gvt_ctx *ctx = doctor->ctx;
	struct gvt_plan *plan;
	struct gvt_vgpu *vgpu;

	if (gpu->state != GVT_GPU_READY || gvt_plan_new(gpu, &plan))
		return;
	gvt_vgpu_foreach(ctx, vgpu)
		if (is_ours(vgpu, gpu) && add_to_plan(plan, vgpu->def))
			gvt_doctor_tell(doctor, GVT_FINDING_ERROR, gvt_get_hint(ctx),
					"vGPU %s can't be started: %s", gvt_vgpu_title(vgpu),
					gvt_get_error(ctx));
	if (gvt_plan_get_count(plan) &&
	    gvt_plan_get_answer(plan, GVT_PLAN_EMPTY) == GVT_PLAN_DOES_NOT_FIT)
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
				"let some of them start with their domain alone (gvt autostart VGPU no), or "
				"take smaller types",
				"not all vGPUs that start at boot fit on %s: %s", gpu->name,
				gvt_plan_get_reason(plan, GVT_PLAN_EMPTY));
	gvt_plan_unref(plan);
}

static void check_fit(struct gvt_doctor *doctor)
{
	struct gvt_ctx *ctx = doctor->ctx;
	struct gvt_vgpu *vgpu;
	struct gvt_gpu *gpu;

	gvt_gpu_foreach(ctx, gpu)
		check_gpu_fit(doctor, gpu);
	gvt_vgpu_foreach(ctx, vgpu) {
		const char *own = vgpu->def ? gvt_definition_get_gpu(vgpu->def) : NULL;

		if (own && !gvt_gpu_find(ctx, own))
			gvt_doctor_tell(doctor, GVT_FINDING_WARNING,
					"if the GPU has moved: gvt edit, and take <gpu> out",
					"vGPU %s is for GPU %s, which is not there", gvt_vgpu_title(vgpu), own);
	}
}

static void check_leftovers(struct gvt_doctor *doctor)
{
	struct gvt_vgpu *vgpu;

	gvt_vgpu_foreach(doctor->ctx, vgpu)
		if (vgpu->active && !vgpu->def && gvt_vgpu_get_user(vgpu, NULL) == 0)
			gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
					"keep it: gvt define --type TYPE --uuid UUID; or end it: gvt stop UUID",
					"vGPU %s (%s) is on, has no definition, and nobody uses it", vgpu->uuid,
					gvt_short_type_name(vgpu->type_name));
}

/* --- mdevctl ---------------------------------------------------------------------------------- */

static int compare_with_mdevctl(void *data, struct gvt_definition *theirs)
{
	struct gvt_doctor *doctor = data;
	const char *uuid = gvt_definition_get_uuid(theirs);
	struct gvt_vgpu *vgpu = gvt_vgpu_by_uuid(doctor->ctx, uuid);
	struct gvt_definition *ours = vgpu ? vgpu->def : NULL;

	if (!ours) {
		if (gvt_definition_get_autostart(theirs))
			gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
					"gvt import mdevctl takes it over, to be planned with the others",
					"mdevctl starts vGPU %s (%s) at boot, which is not defined here", uuid,
					gvt_short_type_name(gvt_definition_get_type(theirs)));
		return 0;
	}
	if (strcasecmp(gvt_definition_get_type(ours), gvt_definition_get_type(theirs)))
		gvt_doctor_tell(doctor, GVT_FINDING_ERROR,
				"whoever starts it first wins: mdevctl undefine -u UUID, or gvt undefine UUID",
				"vGPU %s is %s here and %s in mdevctl", uuid,
				gvt_short_type_name(gvt_definition_get_type(ours)),
				gvt_short_type_name(gvt_definition_get_type(theirs)));
	else
		gvt_doctor_tell(doctor, GVT_FINDING_NOTE,
				"a device should have one owner: mdevctl undefine -u UUID",
				"vGPU %s is defined here and in mdevctl, alike", uuid);
	return 0;
}

static void check_mdevctl(struct gvt_doctor *doctor)
{
	gvt_mdevctl_each(doctor->ctx, compare_with_mdevctl, doctor);
}

static void check_restore(struct gvt_doctor *doctor)
{
	static const char link[] = "/etc/systemd/system/multi-user.target.wants/gvt-restore.service";
	struct gvt_ctx *ctx = doctor->ctx;
	struct gvt_vgpu *vgpu;
	bool needed = false;
	char *target;

	gvt_vgpu_foreach(ctx, vgpu)
		needed |= gvt_vgpu_is_autostart(vgpu);
	if (!needed || !gvt_exists(ctx, "/run/systemd/system"))
		return;
	/* Below another root the link dangles. */
	target = gvt_read_link_name(ctx, "%s", link);
	if (!target)
		gvt_doctor_tell(doctor, GVT_FINDING_WARNING, "systemctl enable gvt-restore.service",
				"vGPUs are defined, but gvt-restore.service does not start them at boot");
	free(target);
}

const struct gvt_check gvt_vgpu_checks[] = {
	{ "definitions", check_files },	 { "room", check_fit },	    { "leftovers", check_leftovers },
	{ "mdevctl", check_mdevctl },	 { "restore", check_restore }, { NULL, NULL },
};
