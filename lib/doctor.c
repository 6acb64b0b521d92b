// SPDX-License-Identifier: LGPL-2.1-or-later
/* gvt_doctor: all that people get stuck on, and what to do about it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "files.h"
#include "lock.h"

#define CONF_MAX 65536

#define OURS "# Written by gvt doctor"

static const char options_folder[] = "/etc/modprobe.d";
static const char options_file[] = "/etc/modprobe.d/gvt.conf";
static const char options_text[] = OURS " --fix: i915 makes vGPUs possible.\n"
				   "options i915 enable_gvt=1 enable_guc=0\n";
static const char module_folder[] = "/etc/modules-load.d";
static const char module_file[] = "/etc/modules-load.d/gvt.conf";

/* --- words ------------------------------------------------------------------------------------ */

void gvt_doctor_tell(struct gvt_doctor *doctor, enum gvt_finding_level level, const char *advice,
		     const char *fmt, ...)
{
	struct gvt_finding finding = { .subject = doctor->subject, .level = level, .advice = advice };
	char text[768];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	finding.text = text;
	doctor->told = true;
	doctor->errors += level == GVT_FINDING_ERROR;
	if (doctor->fn)
		doctor->fn(doctor->data, &finding);
}

/* --- files of modprobe and modules-load ------------------------------------------------------- */

/* Without @second, it is the only word. */
static bool line_has(char *line, const char *first, const char *second, const char *word)
{
	char *save, *token = strtok_r(line, " \t", &save);

	if (!token || strcmp(token, first))
		return false;
	token = strtok_r(NULL, " \t", &save);
	if (!second)
		return !token;
	if (!token || strcmp(token, second))
		return false;
	if (!word)
		return true;
	while ((token = strtok_r(NULL, " \t", &save)))
		if (!strcmp(token, word))
			return true;
	return false;
}

static bool file_has(struct gvt_ctx *ctx, const char *folder, const char *name, const char *first,
		     const char *second, const char *word)
{
	char *path = gvt_path(ctx, "%s/%s", folder, name);
	char *text = malloc(CONF_MAX + 1), *save, *line;
	bool found = false;
	size_t len = 0;

	if (text && path && !gvt_read_bytes(path, text, CONF_MAX, &len)) {
		text[len] = '\0';
		for (line = strtok_r(text, "\n", &save); line && !found;
		     line = strtok_r(NULL, "\n", &save))
			found = line_has(line, first, second, word);
	}
	free(path);
	free(text);
	return found;
}

/* Nobody reads other files there. */
static bool is_conf(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && !strcmp(dot, ".conf");
}

static bool any_has(struct gvt_ctx *ctx, const char *const *folders, size_t count, const char *first,
		    const char *second, const char *word)
{
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		struct gvt_names names;

		if (gvt_list_folder(ctx, &names, "%s", folders[i]))
			continue;
		for (size_t j = 0; j < names.count && !found; j++)
			found = is_conf(names.name[j]) &&
				file_has(ctx, folders[i], names.name[j], first, second, word);
		gvt_names_free(&names);
	}
	return found;
}

bool gvt_doctor_conf_has(struct gvt_ctx *ctx, const char *first, const char *second, const char *word)
{
	static const char *const folders[] = { "/etc/modprobe.d", "/run/modprobe.d",
					       "/usr/lib/modprobe.d", "/lib/modprobe.d" };

	return any_has(ctx, folders, sizeof(folders) / sizeof(folders[0]), first, second, word);
}

bool gvt_doctor_loads_at_boot(struct gvt_ctx *ctx, const char *module)
{
	static const char *const folders[] = { "/etc/modules-load.d", "/run/modules-load.d",
					       "/usr/lib/modules-load.d" };

	return any_has(ctx, folders, sizeof(folders) / sizeof(folders[0]), module, NULL, NULL);
}

/* --- mending ---------------------------------------------------------------------------------- */

/* A file of that name that somebody else wrote stays as it is. */
static int check_ours(struct gvt_doctor *doctor, const char *path, const char *text)
{
	char begin[sizeof(OURS) - 1];
	size_t length;
	int err = gvt_read_bytes(path, begin, sizeof(begin), &length);

	if (err == -ENOENT || (!err && !length) ||
	    (!err && length == sizeof(begin) && !memcmp(begin, OURS, length)))
		return 0;
	gvt_error(doctor->ctx, GVT_ERROR_FAILED, -EEXIST,
		  "%s is there, and was not written by gvt doctor: it stays as it is", path);
	gvt_hint(doctor->ctx, "add the line: %s", strchr(text, '\n') + 1);
	return -EEXIST;
}

static int write_file(struct gvt_doctor *doctor, const char *folder, const char *file,
		      const char *text, bool dry_run)
{
	char *below = gvt_path(doctor->ctx, "%s", folder), *path = gvt_path(doctor->ctx, "%s", file);
	int err = below && path ? check_ours(doctor, path, text) : gvt_no_memory(doctor->ctx);

	if (!err && !dry_run) {
		err = gvt_make_folders(doctor->ctx, folder);
		if (!err)
			err = gvt_replace_file(below, path, text);
		if (err)
			gvt_file_error(doctor->ctx, err, "write", path);
	}
	if (!err)
		gvt_log(doctor->ctx, LOG_NOTICE, "%s %s: %s", dry_run ? "would write" : "wrote", path,
			strrchr(text, '#') ? strchr(text, '\n') + 1 : text);
	free(below);
	free(path);
	return err;
}

static int fix(struct gvt_doctor *doctor, bool dry_run)
{
	char module_text[128];
	int err = 0;

	snprintf(module_text, sizeof(module_text), OURS " --fix.\n%s\n", doctor->module);
	if (doctor->fix_options)
		err = write_file(doctor, options_folder, options_file, options_text, dry_run);
	if (!err && doctor->fix_module)
		err = write_file(doctor, module_folder, module_file, module_text, dry_run);
	if (!err && (doctor->fix_options || doctor->fix_module) && !dry_run)
		gvt_log(doctor->ctx, LOG_NOTICE,
			"now, if i915 is in the initramfs, as on Debian: update-initramfs -u; then reboot");
	return err;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void run_checks(struct gvt_doctor *doctor, const struct gvt_check *checks)
{
	for (; checks->run; checks++) {
		doctor->subject = checks->subject;
		doctor->told = false;
		checks->run(doctor);
		if (!doctor->told)
			gvt_doctor_tell(doctor, GVT_FINDING_OK, "", "ok");
	}
}

static int find_broken(struct gvt_doctor *doctor)
{
	if (!doctor->errors)
		return 0;
	gvt_error(doctor->ctx, GVT_ERROR_FAILED, -ENOTRECOVERABLE, "%u %s", doctor->errors,
		  doctor->errors == 1 ? "thing is wrong" : "things are wrong");
	gvt_hint(doctor->ctx, "what to do stands with each");
	return -ENOTRECOVERABLE;
}

int gvt_doctor(struct gvt_ctx *ctx, const char *const *types, size_t count, unsigned int flags,
	       gvt_finding_fn fn, void *data)
{
	struct gvt_doctor doctor = {
		.ctx = ctx, .fn = fn, .data = data, .types = types, .type_count = count
	};
	bool dry_run = flags & GVT_DRY_RUN;
	int lock = -1, err;

	gvt_clear_error(ctx);
	err = gvt_scan(ctx);
	if (err)
		return err;
	run_checks(&doctor, gvt_host_checks);
	run_checks(&doctor, gvt_gpu_checks);
	run_checks(&doctor, gvt_libvirt_checks);
	run_checks(&doctor, gvt_vgpu_checks);
	gvt_clear_error(ctx);
	if (flags & GVT_FIX) {
		if (!dry_run)
			lock = gvt_lock(ctx);
		err = !dry_run && lock < 0 ? lock : fix(&doctor, dry_run);
		if (lock >= 0)
			gvt_unlock(lock);
		if (err)
			return err;
	}
	return find_broken(&doctor);
}
