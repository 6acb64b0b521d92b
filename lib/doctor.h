/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The doctor from inside: a table of checks, each of which tells what it found. A check changes
 * nothing; what can be mended is asked for, and done by doctor.c.
 */
#ifndef GVT_DOCTOR_H
#define GVT_DOCTOR_H

#include "ctx.h"

struct gvt_doctor {
	struct gvt_ctx *ctx;
	gvt_finding_fn fn;
	void *data;
	const char *subject; /* of the check that runs */
	const char *const *types; /* wanted ones */
	size_t type_count;
	unsigned int errors;
	bool told; /* the check that runs has found something */
	bool fix_options, fix_module; /* write the files below */
	const char *module; /* the one to load at boot: gvt where it is installed, else kvmgt */
};

/* What is wrong or worth a look, and what to do about it, which may be "". */
void gvt_doctor_tell(struct gvt_doctor *doctor, enum gvt_finding_level level, const char *advice,
		     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Whether a line of a configuration file holds all these words, as modprobe.d(5) reads it. */
bool gvt_doctor_conf_has(struct gvt_ctx *ctx, const char *first, const char *second,
			 const char *word);
/* Whether a line of a configuration file is that module, as modules-load.d(5) reads it. */
bool gvt_doctor_loads_at_boot(struct gvt_ctx *ctx, const char *module);

struct gvt_check {
	const char *subject;
	void (*run)(struct gvt_doctor *doctor);
};

/* Each ends with a row of NULL. */
extern const struct gvt_check gvt_host_checks[]; /* doctor-host.c */
extern const struct gvt_check gvt_gpu_checks[]; /* doctor-gpu.c */
extern const struct gvt_check gvt_libvirt_checks[]; /* doctor-libvirt.c */
extern const struct gvt_check gvt_vgpu_checks[]; /* doctor-vgpus.c */

#endif
