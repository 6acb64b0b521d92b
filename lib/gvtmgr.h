/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libgvtmgr - share an Intel GPU among virtual machines
 *
 * What it offers, in the order of this file:
 *
 *	context		gvt_ctx: where to look, whom to tell, what failed last
 *	GPUs		gvt_gpu: Intel GPUs of this host, and why one offers no vGPUs
 *	types		gvt_type: the kinds of vGPU that a GPU offers, and how many fit
 *	vGPUs		gvt_vgpu: what is defined and what is active, joined by UUID
 *	definitions	gvt_definition: what stands in /etc/gvt/vgpus/UUID.xml
 *	changes		gvt_create, gvt_destroy, gvt_attach, gvt_detach, gvt_restore
 *	forms		hostdev XML for libvirt, json-c objects
 *
 * Rules for all of it:
 *
 * - A function that can fail returns 0 or a negative errno, and leaves in the context what
 *   failed, why and what to do next (gvt_get_error, gvt_get_hint) and of which kind that is
 *   (gvt_get_error_kind). Getters can't fail: an unknown text is NULL, an unknown number 0.
 * - A context and everything got from it belong to one thread at a time; different contexts are
 *   independent. The library has no state outside of contexts but libvirt's library, once that is
 *   loaded; it never prints and never exits.
 * - GPUs, types and vGPUs are borrowed from the context's last look at the host (gvt_scan);
 *   they end with the next look, and every change takes one. A reference (..._ref) keeps an
 *   object, and with it its context, but does not keep it up to date.
 * - Strings got belong to the object; what is handed over to the caller says so.
 */
#ifndef GVTMGR_H
#define GVTMGR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gvt_ctx;
struct gvt_gpu;
struct gvt_type;
struct gvt_vgpu;
struct gvt_definition;
struct json_object; /* of json-c */

/* --- context ---------------------------------------------------------------------------------- */

/**
 * gvt_new - make a context
 * @ctx: receives it; drop with gvt_unref()
 *
 * Looks at "/", talks to libvirt at qemu:///system, waits up to 10 s for the lock, logs to nobody.
 *
 * Returns 0 or -ENOMEM.
 */
int gvt_new(struct gvt_ctx **ctx);
/** gvt_ref - one more reference. Returns @ctx */
struct gvt_ctx *gvt_ref(struct gvt_ctx *ctx);
/** gvt_unref - drop a reference; NULL is fine. Returns NULL. */
struct gvt_ctx *gvt_unref(struct gvt_ctx *ctx);

/**
 * gvt_set_root - put the host's /sys, /proc, /etc and /run below another folder
 * @root: an existing folder; "/" is the default
 *
 * Returns 0, -ENOENT or -ENOTDIR when @root is no folder, -ENOMEM.
 */
int gvt_set_root(struct gvt_ctx *ctx, const char *root);
/** gvt_get_root - the folder that stands for /, "" for / itself; the context's */
const char *gvt_get_root(struct gvt_ctx *ctx);

/** gvt_set_libvirt_uri - the libvirt to use; NULL is qemu:///system. Returns 0 or -ENOMEM. */
int gvt_set_libvirt_uri(struct gvt_ctx *ctx, const char *uri);
/** gvt_get_libvirt_uri - the libvirt that is asked; the context's */
const char *gvt_get_libvirt_uri(struct gvt_ctx *ctx);

/** gvt_set_lock_timeout - how long a change waits for another one to end, in milliseconds. */
void gvt_set_lock_timeout(struct gvt_ctx *ctx, unsigned int milliseconds);

/**
 * gvt_log_fn - receives a line of log
 * @priority: as in syslog(3); LOG_NOTICE tells each change that was made
 * @message: without newline, valid during the call
 */
typedef void (*gvt_log_fn)(void *data, int priority, const char *message);
/** gvt_set_log_fn - hand all lines over to @fn instead of dropping them; NULL: drop them again */
void gvt_set_log_fn(struct gvt_ctx *ctx, gvt_log_fn fn, void *data);
/** gvt_set_log_priority - lines above @priority are not made; LOG_WARNING is the default. */
void gvt_set_log_priority(struct gvt_ctx *ctx, int priority);
/** gvt_get_log_priority - the least urgent lines that are handed over, LOG_ERR to LOG_DEBUG */
int gvt_get_log_priority(struct gvt_ctx *ctx);

/** enum gvt_error_kind - what a person or a script does about an error */
enum gvt_error_kind {
	GVT_ERROR_NONE,
	GVT_ERROR_FAILED, /* something did not work; the text says what */
	GVT_ERROR_MISUSE, /* the request itself is wrong */
	GVT_ERROR_NOT_FOUND, /* no such type, vGPU, domain, GPU */
	GVT_ERROR_NO_CAPACITY, /* the GPU has no room left */
	GVT_ERROR_IN_USE, /* a VM has it open, or another command holds the lock */
	GVT_ERROR_UNSUPPORTED, /* this host has no GPU that can be shared now */
	GVT_ERROR_NOT_PERMITTED, /* root is needed */
};

/** gvt_get_error - what failed last, and why; "" when nothing did. One sentence, no newline. */
const char *gvt_get_error(struct gvt_ctx *ctx);
/** gvt_get_hint - what to do next about it; "" when there is nothing to say. */
const char *gvt_get_hint(struct gvt_ctx *ctx);
/** gvt_get_error_kind - of which kind the last error is; GVT_ERROR_NONE after a success */
enum gvt_error_kind gvt_get_error_kind(struct gvt_ctx *ctx);

/**
 * gvt_scan - look at the host again
 *
 * The lists below take the first look by themselves. A file that can't be read leaves its object
 * out with a warning in the log; it does not fail the look.
 *
 * Returns 0 or -ENOMEM.
 */
int gvt_scan(struct gvt_ctx *ctx);

/* --- GPUs ------------------------------------------------------------------------------------- */

/** enum gvt_gpu_state - whether a GPU offers vGPUs; if not, the first reason found */
enum gvt_gpu_state {
	GVT_GPU_READY,
	GVT_GPU_UNSUPPORTED, /* a generation without GVT-g */
	GVT_GPU_NO_DRIVER, /* no driver is bound */
	GVT_GPU_OTHER_DRIVER, /* another driver than i915 is bound */
	GVT_GPU_NOT_BUILT, /* this i915 was built without GVT-g */
	GVT_GPU_NOT_ENABLED, /* i915.enable_gvt is not set */
	GVT_GPU_GUC, /* GuC submission is on, which GVT-g excludes */
	GVT_GPU_NO_MODULE, /* neither kvmgt nor gvt is loaded */
	GVT_GPU_NO_TYPES, /* a module is loaded and offers no type */
};

/**
 * gvt_gpu_get_first - of the last look, in the order of their addresses; looks now if none was
 *	 made. NULL: none
 */
struct gvt_gpu *gvt_gpu_get_first(struct gvt_ctx *ctx);
/** gvt_gpu_get_next - NULL behind the last */
struct gvt_gpu *gvt_gpu_get_next(struct gvt_gpu *gpu);
#define gvt_gpu_foreach(ctx, gpu) \
	for ((gpu) = gvt_gpu_get_first(ctx); (gpu); (gpu) = gvt_gpu_get_next(gpu))

/** gvt_gpu_ref - keeps it and its look beyond the next one. Returns @gpu */
struct gvt_gpu *gvt_gpu_ref(struct gvt_gpu *gpu);
/** gvt_gpu_unref - NULL is fine. Returns NULL */
struct gvt_gpu *gvt_gpu_unref(struct gvt_gpu *gpu);
/** gvt_gpu_get_ctx - the context of its look; not referenced */
struct gvt_ctx *gvt_gpu_get_ctx(struct gvt_gpu *gpu);
/**
 * gvt_gpu_find - the GPU at a PCI address, with or without domain (0000:00:02.0, 00:02.0); or
 * NULL
 */
struct gvt_gpu *gvt_gpu_find(struct gvt_ctx *ctx, const char *address);

/** gvt_gpu_get_name - its PCI address, 0000:00:02.0 */
const char *gvt_gpu_get_name(struct gvt_gpu *gpu);
/** gvt_gpu_get_device_id - the PCI device ID, 0x1912 for instance */
unsigned int gvt_gpu_get_device_id(struct gvt_gpu *gpu);
/** gvt_gpu_get_platform - "Skylake"; NULL for a device that the library does not know */
const char *gvt_gpu_get_platform(struct gvt_gpu *gpu);
/** gvt_gpu_get_generation - 8, 9, 12; 0 when unknown */
unsigned int gvt_gpu_get_generation(struct gvt_gpu *gpu);
/** gvt_gpu_get_driver - the name of the driver that is bound, or NULL */
const char *gvt_gpu_get_driver(struct gvt_gpu *gpu);
/** gvt_gpu_get_aperture - size of BAR 2 in bytes */
uint64_t gvt_gpu_get_aperture(struct gvt_gpu *gpu);
/** gvt_gpu_get_state - whether it can be shared, and if not, what is in the way */
enum gvt_gpu_state gvt_gpu_get_state(struct gvt_gpu *gpu);
/** gvt_gpu_get_state_name - the state as one word, "ready", "no-module" */
const char *gvt_gpu_get_state_name(struct gvt_gpu *gpu);
/** gvt_gpu_get_reason - why it offers no vGPUs, a sentence; NULL when it is ready */
const char *gvt_gpu_get_reason(struct gvt_gpu *gpu);
/** gvt_gpu_get_advice - what to do about it; NULL when it is ready */
const char *gvt_gpu_get_advice(struct gvt_gpu *gpu);
/** gvt_gpu_get_active - how many vGPUs are active on it */
unsigned int gvt_gpu_get_active(struct gvt_gpu *gpu);

/* --- types ------------------------------------------------------------------------------------ */

/** gvt_type_get_first - of those that the GPU offers, in the order of their names; NULL: none */
struct gvt_type *gvt_type_get_first(struct gvt_gpu *gpu);
/** gvt_type_get_next - NULL behind the last */
struct gvt_type *gvt_type_get_next(struct gvt_type *type);
#define gvt_type_foreach(gpu, type) \
	for ((type) = gvt_type_get_first(gpu); (type); (type) = gvt_type_get_next(type))

/** gvt_type_ref - keeps it and its look beyond the next one. Returns @type */
struct gvt_type *gvt_type_ref(struct gvt_type *type);
/** gvt_type_unref - NULL is fine. Returns NULL */
struct gvt_type *gvt_type_unref(struct gvt_type *type);
/** gvt_type_get_gpu - the GPU that offers it; not referenced */
struct gvt_gpu *gvt_type_get_gpu(struct gvt_type *type);
/** gvt_type_find - a GPU's type by its name or short name; or NULL */
struct gvt_type *gvt_type_find(struct gvt_gpu *gpu, const char *name);

/** gvt_type_get_name - as in sysfs, i915-GVTg_V5_4 */
const char *gvt_type_get_name(struct gvt_type *type);
/** gvt_type_get_short_name - what people type, V5_4 */
const char *gvt_type_get_short_name(struct gvt_type *type);
/** gvt_type_get_available - how many more of it the GPU says it can hold */
unsigned int gvt_type_get_available(struct gvt_type *type);
/** gvt_type_get_aperture, gvt_type_get_hidden - graphics memory in bytes; 0 when not said */
uint64_t gvt_type_get_aperture(struct gvt_type *type);
/** gvt_type_get_hidden - bytes of the GGTT that only the GPU reaches; 0: the driver does not say */
uint64_t gvt_type_get_hidden(struct gvt_type *type);
/** gvt_type_get_fences - fence registers; 0: the driver does not say */
unsigned int gvt_type_get_fences(struct gvt_type *type);
/**
 * gvt_type_get_weight - its share of the engines beside other vGPUs'; 0: the driver does not say
 */
unsigned int gvt_type_get_weight(struct gvt_type *type);
/** gvt_type_get_resolution - "1920x1200"; NULL when not said */
const char *gvt_type_get_resolution(struct gvt_type *type);

/* --- settings --------------------------------------------------------------------------------- */

/**
 * enum gvt_setting - what can be set of a vGPU beyond its type, with gvt.ko
 *
 * Values are texts in the form of gvt-vgpu(5). Those of graphics memory are numbers of MiB; where
 * one is taken, a unit may follow ("96M", "1 GiB").
 */
enum gvt_setting {
	GVT_SETTING_APERTURE, /* graphics memory that the CPU sees, too */
	GVT_SETTING_HIDDEN, /* graphics memory for the GPU alone */
	GVT_SETTING_FENCES,
	GVT_SETTING_RESOLUTION, /* what its monitor prefers, "1920x1200" or "1920x1080@75" */
	GVT_SETTING_WEIGHT, /* share of the GPU's time beside others */
	GVT_SETTING_CAP, /* percent of the GPU's time, at most */
	GVT_SETTING_DISPLAY, /* what a viewer is offered: "region" or "dmabuf" */
	GVT_SETTING_COUNT
};

/** struct gvt_value - a setting with its value; NULL as text is what its type says */
struct gvt_value {
	enum gvt_setting setting;
	const char *text;
};

/** gvt_setting_get_name - "aperture"; NULL for what is no setting */
const char *gvt_setting_get_name(enum gvt_setting setting);
/** gvt_setting_get_form - its values in words for people, "a number from 1 to 32" */
const char *gvt_setting_get_form(enum gvt_setting setting);
/** gvt_setting_find - the setting of that name. Returns 0 or -ENOENT. */
int gvt_setting_find(const char *name, enum gvt_setting *setting);

/* --- vGPUs ------------------------------------------------------------------------------------ */

/**
 * gvt_vgpu_get_first - of the last look, active or defined; looks now if none was made. NULL:
 *	 none
 */
struct gvt_vgpu *gvt_vgpu_get_first(struct gvt_ctx *ctx);
/** gvt_vgpu_get_next - NULL behind the last */
struct gvt_vgpu *gvt_vgpu_get_next(struct gvt_vgpu *vgpu);
#define gvt_vgpu_foreach(ctx, vgpu) \
	for ((vgpu) = gvt_vgpu_get_first(ctx); (vgpu); (vgpu) = gvt_vgpu_get_next(vgpu))

/** gvt_vgpu_ref - keeps it and its look beyond the next one. Returns @vgpu */
struct gvt_vgpu *gvt_vgpu_ref(struct gvt_vgpu *vgpu);
/** gvt_vgpu_unref - NULL is fine. Returns NULL */
struct gvt_vgpu *gvt_vgpu_unref(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_ctx - the context of its look; not referenced */
struct gvt_ctx *gvt_vgpu_get_ctx(struct gvt_vgpu *vgpu);

/**
 * gvt_vgpu_find - the vGPU that a person means
 * @what: its UUID, its name, the name of its VM, or the beginning of its UUID (4 characters or
 * more)
 * @vgpu: receives it, borrowed
 *
 * Returns 0, -ENOENT, or -ENOTUNIQ when several fit.
 */
int gvt_vgpu_find(struct gvt_ctx *ctx, const char *what, struct gvt_vgpu **vgpu);

/** gvt_vgpu_get_uuid - 36 characters, lower case */
const char *gvt_vgpu_get_uuid(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_name - from its definition; NULL: it has none */
const char *gvt_vgpu_get_name(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_type_name - as in sysfs; what it is when active, else what is defined */
const char *gvt_vgpu_get_type_name(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_short_type_name - the same as people type it, V5_4 */
const char *gvt_vgpu_get_short_type_name(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_gpu_name - the address of its GPU, which need not be present */
const char *gvt_vgpu_get_gpu_name(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_type - its type, or NULL when its GPU is not present or does not offer it */
struct gvt_type *gvt_vgpu_get_type(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_domain - the name of the domain that its definition gives it to; NULL: to none */
const char *gvt_vgpu_get_domain(struct gvt_vgpu *vgpu);
/** gvt_vgpu_is_active - the kernel has it now */
bool gvt_vgpu_is_active(struct gvt_vgpu *vgpu);
/** gvt_vgpu_is_defined - it has a definition, and can be restored */
bool gvt_vgpu_is_defined(struct gvt_vgpu *vgpu);
/** gvt_vgpu_is_autostart - it is started at boot */
bool gvt_vgpu_is_autostart(struct gvt_vgpu *vgpu);
/** gvt_vgpu_get_definition - borrowed; NULL when nothing is defined */
struct gvt_definition *gvt_vgpu_get_definition(struct gvt_vgpu *vgpu);

/**
 * gvt_vgpu_get_user - who has it open
 * @who: receives "qemu-system-x86 (pid 812, VM win10)", to be freed by the caller; may be NULL
 *
 * Looks for open files of its VFIO group or device in /proc; without root it sees one's own only.
 *
 * Returns 1 when somebody has, 0 when nobody was seen, -ENOMEM.
 */
int gvt_vgpu_get_user(struct gvt_vgpu *vgpu, char **who);

/**
 * gvt_vgpu_get_setting - what it is when active, what is defined, or what its type says
 *
 * NULL when nothing says it: kvmgt's vGPUs have no cap, for example. An active one's is read when
 * it is asked for the first time.
 */
const char *gvt_vgpu_get_setting(struct gvt_vgpu *vgpu, enum gvt_setting setting);

/**
 * gvt_vgpu_screenshot - what it shows now, the cursor included, as a PNG file
 * @file: its path; it is replaced whole or not at all
 * @width, @height: receive its size in pixels; may be NULL
 *
 * Neither the guest nor its viewer notices. Needs root, and gvt.ko.
 *
 * Returns 0; -ENODATA: it is not on, or its display is off; -ENOENT with GVT_ERROR_UNSUPPORTED: a
 * vGPU of kvmgt; -EACCES; and what the file answers.
 */
int gvt_vgpu_screenshot(struct gvt_vgpu *vgpu, const char *file, unsigned int *width,
			unsigned int *height);

/* --- definitions ------------------------------------------------------------------------------ */

/**
 * gvt_definition_new - an empty definition, which starts by itself
 *
 * Returns 0 or -ENOMEM.
 */
int gvt_definition_new(struct gvt_ctx *ctx, struct gvt_definition **def);
/**
 * gvt_definition_from_xml - read one; see gvt-vgpu(5)
 * @xml: @length bytes, 65536 at most, UTF-8, without DOCTYPE
 *
 * Elements and attributes that the library does not know are kept and written again.
 *
 * Returns 0, -EBADMSG when it is not a definition, -EFBIG, -ENOMEM.
 */
int gvt_definition_from_xml(struct gvt_ctx *ctx, const char *xml, size_t length,
			    struct gvt_definition **def);

/**
 * gvt_problem_fn - told of a problem in a definition's text
 * @line: from 1; 0 when it belongs to none
 * @fatal: false for what is only worth a look, as an element that is not known
 */
typedef void (*gvt_problem_fn)(void *data, unsigned int line, bool fatal, const char *message);

/**
 * gvt_validate - tell all that is wrong with a definition's text
 * @fn: may be NULL
 *
 * Returns 0 when gvt_definition_from_xml() would take it, else what that would return.
 */
int gvt_validate(struct gvt_ctx *ctx, const char *xml, size_t length, gvt_problem_fn fn,
		 void *data);

/** gvt_definition_to_xml - @xml receives the text, to be freed by the caller. 0 or -ENOMEM. */
int gvt_definition_to_xml(struct gvt_definition *def, char **xml);
/** gvt_definition_ref - one more reference. Returns @def */
struct gvt_definition *gvt_definition_ref(struct gvt_definition *def);
/** gvt_definition_unref - NULL is fine. Returns NULL */
struct gvt_definition *gvt_definition_unref(struct gvt_definition *def);

/** gvt_definition_get_uuid - in lower case; NULL: none yet */
const char *gvt_definition_get_uuid(struct gvt_definition *def);
/** gvt_definition_get_name - NULL: none */
const char *gvt_definition_get_name(struct gvt_definition *def);
/** gvt_definition_get_type - the whole name, "i915-GVTg_V5_4"; NULL: none yet */
const char *gvt_definition_get_type(struct gvt_definition *def);
/** gvt_definition_get_gpu - the PCI address of the GPU that it is bound to; NULL: to any */
const char *gvt_definition_get_gpu(struct gvt_definition *def);
/** gvt_definition_get_domain - the name of its libvirt domain; NULL: none */
const char *gvt_definition_get_domain(struct gvt_definition *def);
/** gvt_definition_get_domain_uuid - the same domain's UUID; NULL: not known */
const char *gvt_definition_get_domain_uuid(struct gvt_definition *def);
/** gvt_definition_get_autostart - it is started at boot; true where nothing is said */
bool gvt_definition_get_autostart(struct gvt_definition *def);
/**
 * enum gvt_hostdev_option - how its domain has a vGPU, as in libvirt's <hostdev>
 *
 * GVT_HOSTDEV_DISPLAY: "on", "off"; by default it is on where the domain's graphics can show it.
 * GVT_HOSTDEV_RAMFB: "on", "off", a picture before the guest's driver runs; by default it is on where
 * it is shown and the domain has no other video device.
 * GVT_HOSTDEV_ROM: the path of a ROM file, or "off".
 */
enum gvt_hostdev_option {
	GVT_HOSTDEV_DISPLAY,
	GVT_HOSTDEV_RAMFB,
	GVT_HOSTDEV_ROM,
	GVT_HOSTDEV_COUNT
};

/** gvt_definition_get_hostdev - NULL where the default is meant */
const char *gvt_definition_get_hostdev(struct gvt_definition *def, enum gvt_hostdev_option option);
/** gvt_definition_get_setting - NULL where the type's is meant */
const char *gvt_definition_get_setting(struct gvt_definition *def, enum gvt_setting setting);

/*
 * NULL takes a value away. -EINVAL: not of the form that gvt-vgpu(5) gives; -ENOMEM. The UUID is
 * kept in lower case.
 */
int gvt_definition_set_uuid(struct gvt_definition *def, const char *uuid);
/** gvt_definition_set_name - 1 to 64 characters; NULL: none. 0, -EINVAL, -ENOMEM */
int gvt_definition_set_name(struct gvt_definition *def, const char *name);
/** gvt_definition_set_type - short ("V5_4") or whole. 0, -EINVAL, -ENOMEM */
int gvt_definition_set_type(struct gvt_definition *def, const char *type);
/**
 * gvt_definition_set_gpu - a PCI address, with or without domain; NULL: any GPU. 0, -EINVAL,
 *	 -ENOMEM
 */
int gvt_definition_set_gpu(struct gvt_definition *def, const char *address);
/**
 * gvt_definition_set_domain - name and UUID of a libvirt domain, which may be NULL. 0, -EINVAL,
 *	 -ENOMEM
 */
int gvt_definition_set_domain(struct gvt_definition *def, const char *name, const char *uuid);
/** gvt_definition_set_autostart - 0 or -ENOMEM */
int gvt_definition_set_autostart(struct gvt_definition *def, bool autostart);
int gvt_definition_set_setting(struct gvt_definition *def, enum gvt_setting setting,
			       const char *text);
int gvt_definition_set_hostdev(struct gvt_definition *def, enum gvt_hostdev_option option,
			       const char *text);

/* --- changes ---------------------------------------------------------------------------------- */

/*
 * Each takes the lock, looks at the host, checks everything that can be checked, then changes one
 * thing after the other; when one fails, what was changed before is undone. Each change is told
 * at LOG_NOTICE.
 * SIGHUP, SIGINT and SIGTERM wait until a change is whole.
 */

#define GVT_DRY_RUN   (1u << 0) /* check, tell what would be changed, change nothing */
#define GVT_TRANSIENT (1u << 1) /* gvt_create: write no definition; it ends with the next boot */
#define GVT_NO_DETACH (1u << 2) /* gvt_destroy: leave the domain's configuration as it is */
#define GVT_NO_START  (1u << 3) /* gvt_create: only define it */
#define GVT_NO_STOP   (1u << 4) /* gvt_destroy: only remove the definition; what is on stays on */
#define GVT_LIVE      (1u << 5) /* gvt_set: only the active vGPU; gvt_attach: also the running VM */
#define GVT_CONFIG    (1u << 6) /* gvt_set: only the definition */

/**
 * gvt_create - define a vGPU, start it, attach it to its domain
 * @def: its type (short or whole name) at least; the GPU is chosen when it says none, a UUID is
 *	 made when it has none; with a domain (name or UUID), the vGPU becomes part of the
 *	 persistent configuration of that domain; with a resolution, its monitor prefers that,
 *	 which needs gvt.ko. Filled in with what was chosen when it succeeds.
 * @flags: GVT_DRY_RUN, GVT_TRANSIENT, GVT_NO_START
 *
 * With GVT_NO_START, a vGPU that is active and has no definition is given one.
 *
 * Returns 0; -ENODEV: no GPU can be shared, or not that one; -ENOENT: no such type or domain;
 * -ENOSPC with GVT_ERROR_NO_CAPACITY: no room; -EEXIST: UUID or name is taken, or the domain has a
 * vGPU already; -ETIMEDOUT: the lock; -EINVAL; and what the files and libvirt answer.
 */
int gvt_create(struct gvt_ctx *ctx, struct gvt_definition *def, unsigned int flags);

/**
 * gvt_destroy - detach a vGPU from its domain, remove it, remove its definition
 * @flags: GVT_DRY_RUN, GVT_NO_DETACH, GVT_NO_STOP
 *
 * Returns 0; -EBUSY: a VM has it open; and the rest as gvt_create().
 */
int gvt_destroy(struct gvt_vgpu *vgpu, unsigned int flags);

/**
 * gvt_start - make a defined vGPU active, with its settings
 * @flags: GVT_DRY_RUN
 *
 * Returns 0; -EALREADY: it is active; and the rest as gvt_create().
 */
int gvt_start(struct gvt_vgpu *vgpu, unsigned int flags);
/**
 * gvt_stop - the reverse; its definition stays. One without definition ends by it.
 *
 * Returns 0; -EALREADY: it is not active; -EBUSY: a VM has it open; the rest as gvt_create().
 */
int gvt_stop(struct gvt_vgpu *vgpu, unsigned int flags);

/**
 * gvt_redefine - put another definition in the place of a vGPU's
 * @def: the same UUID and domain
 * @flags: GVT_DRY_RUN
 *
 * An active one becomes what it says when it is started the next time.
 *
 * Returns 0; -EINVAL; -EEXIST: another vGPU has that name; -ENOTSUP: it has no definition; the
 * rest as gvt_create().
 */
int gvt_redefine(struct gvt_vgpu *vgpu, struct gvt_definition *def, unsigned int flags);
/** gvt_rename - give it another name, or none with NULL; as gvt_redefine() */
int gvt_rename(struct gvt_vgpu *vgpu, const char *name, unsigned int flags);
/** gvt_set_autostart - whether gvt_restore() starts it; as gvt_redefine() */
int gvt_set_autostart(struct gvt_vgpu *vgpu, bool autostart, unsigned int flags);
/**
 * gvt_set - change settings of a vGPU, all of them or none
 * @values: @count of them
 * @flags: GVT_DRY_RUN; GVT_LIVE or GVT_CONFIG
 *
 * Without GVT_LIVE and GVT_CONFIG, a value goes into the definition, and into the active vGPU if it
 * is of those that can change at any time: resolution, weight, cap, display. The others change
 * when it is started the next time; with GVT_LIVE at once, if no VM has it open.
 *
 * Returns 0; -EINVAL: not of the setting's form; -ENOTSUP: kvmgt's vGPUs have fixed sizes and
 * weights; -ENOSPC with GVT_ERROR_NO_CAPACITY; -EBUSY: a VM has it open; the rest as gvt_create().
 */
int gvt_set(struct gvt_vgpu *vgpu, const struct gvt_value *values, size_t count,
	    unsigned int flags);

/** struct gvt_hostdev_value - an option with its value; NULL as text is the default */
struct gvt_hostdev_value {
	enum gvt_hostdev_option option;
	const char *text;
};

/**
 * gvt_attach - add a defined vGPU to a domain's persistent configuration and record that
 * @domain: name or UUID
 * @values: @count options that are recorded in its definition before
 * @flags: GVT_DRY_RUN; GVT_LIVE: add it to the running domain, too, without its display, which QEMU
 *	   takes at its start alone
 *
 * The whole domain is looked at: a display that its graphics could not show, so that it would not
 * start, is refused when it is asked for, and else left out.
 *
 * Returns 0; -EEXIST: it has a domain or the domain has a vGPU; -ENOTSUP: the domain can't have it,
 * or not so; the rest as gvt_create().
 */
int gvt_attach(struct gvt_vgpu *vgpu, const char *domain, const struct gvt_hostdev_value *values,
	       size_t count, unsigned int flags);
/**
 * gvt_detach - the reverse
 * @flags: GVT_DRY_RUN; GVT_LIVE: take it out of the running domain, too, for which the guest has to let
 *	   it go within ten seconds
 *
 * Returns 0; -ENOENT when it has no domain; -EBUSY: the guest keeps it; the rest as gvt_create().
 */
int gvt_detach(struct gvt_vgpu *vgpu, unsigned int flags);

/** enum gvt_restore_outcome - what became of one definition */
enum gvt_restore_outcome {
	GVT_RESTORE_STARTED, /* it was started now, or with GVT_DRY_RUN would be */
	GVT_RESTORE_ALREADY, /* it was active with the right type */
	GVT_RESTORE_FAILED,
};

/**
 * gvt_restore_fn - told about each definition
 * @error, @hint: as gvt_get_error(), gvt_get_hint(); "" unless it failed
 */
typedef void (*gvt_restore_fn)(void *data, struct gvt_definition *def,
			       enum gvt_restore_outcome outcome, const char *error,
			       const char *hint);

/**
 * gvt_restore - start every defined vGPU that starts by itself, the largest first
 * @gpu: only those of this GPU; NULL for all
 * @wait: how long to wait for GPUs that are not there yet, in milliseconds; the lock is free
 * meanwhile
 * @flags: GVT_DRY_RUN
 * @fn, @data: told about each; @fn may be NULL
 *
 * One that fails does not keep the others from starting, and is not undone with them.
 *
 * Returns 0 when all are active; else what the first that failed met.
 */
int gvt_restore(struct gvt_ctx *ctx, const char *gpu, unsigned int wait, unsigned int flags,
		gvt_restore_fn fn, void *data);

/**
 * gvt_hook - what libvirt's qemu hook does; see hooks.html of libvirt
 * @operation, @sub_operation: its second and third argument; others than "prepare" "begin" and
 *	"release" "end" do nothing
 * @xml: the domain's, @length bytes, as it comes on standard input; it need not be well-formed
 *
 * Before a domain starts, those of its vGPUs that are defined and off are started, and a vGPU that
 * belongs to another domain or is in use is refused. When it has ended, those are stopped that were
 * started for it. libvirt is not called.
 *
 * Returns 0; -EBUSY with GVT_ERROR_IN_USE; and what gvt_start() returns. The domain must not start
 * then; nothing that was started for it is left.
 */
int gvt_hook(struct gvt_ctx *ctx, const char *operation, const char *sub_operation, const char *xml,
	     size_t length);

/* --- counters --------------------------------------------------------------------------------- */

/** gvt_statistic_fn - told a counter; gvt-module(5) describes them */
typedef void (*gvt_statistic_fn)(void *data, const char *name, uint64_t value);

/**
 * gvt_vgpu_statistics - what gvt.ko has counted of a vGPU since it was made
 *
 * Returns 0; -ENODATA: it is off; -ENOENT with GVT_ERROR_UNSUPPORTED: kvmgt counts nothing.
 */
int gvt_vgpu_statistics(struct gvt_vgpu *vgpu, gvt_statistic_fn fn, void *data);

/** struct gvt_sample - the counters of all active vGPUs at one time */
struct gvt_sample;

/** gvt_sample_take - takes a new look at the host, too. Returns 0 or -ENOMEM. */
int gvt_sample_take(struct gvt_ctx *ctx, struct gvt_sample **sample);
/** gvt_sample_free - NULL is fine */
void gvt_sample_free(struct gvt_sample *sample);
/** gvt_sample_get - a counter of a vGPU. Returns 0; -ENODATA, with @value 0, when there is none. */
int gvt_sample_get(const struct gvt_sample *sample, const char *uuid, const char *name,
		   uint64_t *value);
/** gvt_sample_rate - by how much a counter grew in a second; 0 when that is not known */
double gvt_sample_rate(const struct gvt_sample *before, const struct gvt_sample *after,
		       const char *uuid, const char *name);

/**
 * gvt_metrics - GPUs, types, vGPUs and their counters as OpenMetrics text
 * @text: receives it, to be freed by the caller
 *
 * Returns 0 or -ENOMEM.
 */
int gvt_metrics(struct gvt_ctx *ctx, char **text);

/* --- events ----------------------------------------------------------------------------------- */

enum gvt_event_kind {
	GVT_EVENT_STARTED, /* a mediated device came, a vGPU or another driver's */
	GVT_EVENT_STOPPED,
	GVT_EVENT_DEFINED, /* a definition was written, for the first time or again */
	GVT_EVENT_UNDEFINED,
	GVT_EVENT_GPU_READY, /* a GPU became able to hold vGPUs */
	GVT_EVENT_GPU_GONE,
};

/** struct gvt_event - name: a UUID, or the address of a GPU */
struct gvt_event {
	enum gvt_event_kind kind;
	char name[40];
};

struct gvt_monitor;

/**
 * gvt_monitor_new - listen for what comes and goes
 * @monitor: receives it; drop with gvt_monitor_unref()
 *
 * Events tell that it is time for gvt_scan(); the objects of the last look stay as they are. Devices are
 * those of this host, whatever the context's root.
 *
 * Returns 0 or a negative errno.
 */
int gvt_monitor_new(struct gvt_ctx *ctx, struct gvt_monitor **monitor);
/** gvt_monitor_ref - one more reference. Returns @monitor */
struct gvt_monitor *gvt_monitor_ref(struct gvt_monitor *monitor);
/** gvt_monitor_unref - NULL is fine. Returns NULL */
struct gvt_monitor *gvt_monitor_unref(struct gvt_monitor *monitor);
/** gvt_monitor_get_fd - for poll(2), POLLIN; then call gvt_monitor_receive() until it returns 0 */
int gvt_monitor_get_fd(struct gvt_monitor *monitor);
/** gvt_monitor_receive - the next event, without waiting. Returns 1, or 0 when there is none. */
int gvt_monitor_receive(struct gvt_monitor *monitor, struct gvt_event *event);

/* --- doctor ----------------------------------------------------------------------------------- */

enum gvt_finding_level {
	GVT_FINDING_OK,
	GVT_FINDING_NOTE, /* worth knowing */
	GVT_FINDING_WARNING, /* works now, or may not need to */
	GVT_FINDING_ERROR, /* keeps vGPUs from working */
};

/** struct gvt_finding - what a check found; valid during the call. More members may follow. */
struct gvt_finding {
	const char *subject; /* "KVM", "i915 options" */
	enum gvt_finding_level level;
	const char *text; /* one sentence, without full stop */
	const char *advice; /* what to do; "" when there is nothing */
};

typedef void (*gvt_finding_fn)(void *data, const struct gvt_finding *finding);

#define GVT_FIX (1u << 7) /* gvt_doctor: write what can be written safely */

/**
 * gvt_doctor - check the host for all that keeps vGPUs from working
 * @types: @count types that are wanted, whose need for aperture is checked; may be NULL with 0
 * @flags: GVT_FIX: write /etc/modprobe.d/gvt.conf and /etc/modules-load.d/gvt.conf where something is
 *	   missing at boot; GVT_DRY_RUN: with it, only tell
 * @fn: told of each finding, those that are ok as well
 *
 * Returns 0; -ENOTRECOVERABLE when there is an error among the findings; else why it could not check
 * or mend.
 */
int gvt_doctor(struct gvt_ctx *ctx, const char *const *types, size_t count, unsigned int flags,
	       gvt_finding_fn fn, void *data);

/* --- other programs --------------------------------------------------------------------------- */

enum gvt_import_source {
	GVT_IMPORT_MDEVCTL, /* what stands in /etc/mdevctl.d */
	GVT_IMPORT_LIBVIRT, /* libvirt's node devices, active or not */
};

enum gvt_import_outcome {
	GVT_IMPORTED, /* it is defined now, or with GVT_DRY_RUN would be */
	GVT_IMPORT_ALREADY, /* it was defined before, and stays as it was */
	GVT_IMPORT_FAILED,
};

/** gvt_import_fn - told about each; @error and @hint are "" unless it failed */
typedef void (*gvt_import_fn)(void *data, struct gvt_definition *def,
			      enum gvt_import_outcome outcome, const char *error, const char *hint);

/**
 * gvt_import - define what mdevctl or libvirt has
 * @uuid: this one alone; NULL for all of GVT-g's types
 * @flags: GVT_DRY_RUN
 *
 * What is active is not touched; the other program keeps its definition. Both may start the vGPU:
 * whoever comes second finds it there.
 *
 * Returns 0 when all are defined; -ENOENT: no such one; else what the first that failed met.
 */
int gvt_import(struct gvt_ctx *ctx, enum gvt_import_source source, const char *uuid,
	       unsigned int flags, gvt_import_fn fn, void *data);

enum gvt_export_format {
	GVT_EXPORT_XML, /* as in /etc/gvt/vgpus */
	GVT_EXPORT_MDEVCTL, /* for mdevctl define --uuid UUID --parent GPU --jsonfile FILE */
	GVT_EXPORT_LIBVIRT, /* for virsh nodedev-define FILE */
	GVT_EXPORT_KUBEVIRT, /* a KubeVirt resource */
	GVT_EXPORT_NOVA, /* a part of nova.conf */
	GVT_EXPORT_PROXMOX, /* a part of /etc/pve/mapping/pci.cfg */
};

/**
 * gvt_export - a defined vGPU for another program: XML, mdevctl or libvirt
 * @text: receives it, to be freed by the caller
 *
 * Returns 0; -ENOTSUP: it has no definition; -EINVAL: another format; -ENOMEM.
 */
int gvt_export(struct gvt_vgpu *vgpu, enum gvt_export_format format, char **text);
/** gvt_export_fleet - the same of a type, for KubeVirt, Nova or Proxmox, which make the vGPUs themselves */
int gvt_export_fleet(struct gvt_type *type, enum gvt_export_format format, char **text);

/* --- plans ------------------------------------------------------------------------------------ */

/*
 * Whether vGPUs would fit on a GPU, now and if it were empty, where they would lie, in which order
 * they are started best, and what fits instead. Nothing is changed by it. Where the host's own
 * things (a desktop) lie in the way of a vGPU, the kernel may refuse what fits here.
 */

struct gvt_plan;

enum gvt_plan_view {
	GVT_PLAN_NOW, /* beside what is active */
	GVT_PLAN_EMPTY, /* on the same GPU without any vGPU */
};

enum gvt_plan_answer {
	GVT_PLAN_FITS,
	GVT_PLAN_DOES_NOT_FIT,
	GVT_PLAN_UNCERTAIN, /* there is enough, but kvmgt does not say whether it is in one piece */
};

enum gvt_plan_resource {
	GVT_PLAN_APERTURE, /* bytes */
	GVT_PLAN_HIDDEN, /* bytes */
	GVT_PLAN_FENCES, /* a number; which ones is not said */
};

enum gvt_plan_use {
	GVT_PLAN_HOST, /* kept by the host */
	GVT_PLAN_FREE,
	GVT_PLAN_ACTIVE, /* of a vGPU that is active */
	GVT_PLAN_WISH, /* of one of the plan's wishes */
};

/** struct gvt_plan_piece - a piece of one of the GPU's resources */
struct gvt_plan_piece {
	uint64_t start, size;
	enum gvt_plan_use use;
	unsigned int index; /* of the wish, or among the active ones; from 0 */
	char title[128]; /* "win10 (V5_4)", "V5_8"; "" for the host's and for what is free */
};

/**
 * gvt_plan_new - a plan for a GPU, without wishes
 * @plan: receives it; drop with gvt_plan_unref()
 *
 * Returns 0; -ENODEV: that GPU offers no vGPUs; -ENODATA: its driver does not say how large it is;
 * -ENOMEM.
 */
int gvt_plan_new(struct gvt_gpu *gpu, struct gvt_plan **plan);
/** gvt_plan_ref - one more reference. Returns @plan */
struct gvt_plan *gvt_plan_ref(struct gvt_plan *plan);
/** gvt_plan_unref - NULL is fine. Returns NULL */
struct gvt_plan *gvt_plan_unref(struct gvt_plan *plan);
/**
 * gvt_plan_add - wish for one more vGPU, started behind the others
 * @type: its short or whole name; NULL: the smallest that the GPU offers
 * @values: @count settings of its own; those that are no sizes do not matter here
 *
 * Returns 0; -ENOENT: no such type; -EINVAL; -ENOTSUP: kvmgt's sizes are fixed; -E2BIG: more than 32.
 */
int gvt_plan_add(struct gvt_plan *plan, const char *type, const struct gvt_value *values,
		 size_t count);
/** gvt_plan_get_count - how many wishes there are */
unsigned int gvt_plan_get_count(struct gvt_plan *plan);
/** gvt_plan_get_wish - "V5_4" or "V5_8, aperture 96 MiB", in @text; NULL behind the last */
const char *gvt_plan_get_wish(struct gvt_plan *plan, unsigned int index, char *text, size_t size);
/**
 * gvt_plan_get_answer - whether the wishes fit, in the order given, on the GPU as it is or on an
 *	 empty one
 */
enum gvt_plan_answer gvt_plan_get_answer(struct gvt_plan *plan, enum gvt_plan_view view);
/** gvt_plan_get_reason - what is short for the first that does not fit; "" when all fit */
const char *gvt_plan_get_reason(struct gvt_plan *plan, enum gvt_plan_view view);
/** gvt_plan_get_placed - how many of the wishes fit, one after the other */
unsigned int gvt_plan_get_placed(struct gvt_plan *plan, enum gvt_plan_view view);
/** gvt_plan_get_sure - how many of those, the first ones, are beyond doubt; see GVT_PLAN_UNCERTAIN */
unsigned int gvt_plan_get_sure(struct gvt_plan *plan, enum gvt_plan_view view);
/**
 * gvt_plan_get_piece - a piece of a resource, by address
 *
 * Returns 0, or -ENOENT behind the last.
 */
int gvt_plan_get_piece(struct gvt_plan *plan, enum gvt_plan_view view,
		       enum gvt_plan_resource resource, unsigned int index,
		       struct gvt_plan_piece *piece);
/**
 * gvt_plan_get_order - which wish to start as the @index-th so that the GPU stays whole
 *
 * The largest comes first, unless all fit now in another order alone. Returns the wish's index.
 */
unsigned int gvt_plan_get_order(struct gvt_plan *plan, unsigned int index);
/** gvt_plan_order_helps - all fit now in that order, and not in the given one */
bool gvt_plan_order_helps(struct gvt_plan *plan);
/**
 * gvt_plan_get_nearest - the type to take for a wish in the nearest plan that fits now; NULL: none
 * @own_sizes: receives whether the wish's own sizes can stay; may be NULL
 */
struct gvt_type *gvt_plan_get_nearest(struct gvt_plan *plan, unsigned int index, bool *own_sizes);
/**
 * gvt_plan_to_svg - a drawing of where everything lies
 * @svg: receives the document, to be freed by the caller
 *
 * Returns 0 or -ENOMEM.
 */
int gvt_plan_to_svg(struct gvt_plan *plan, enum gvt_plan_view view, char **svg);

/* --- forms ------------------------------------------------------------------------------------ */

/**
 * gvt_definition_to_hostdev_xml - the element that gives a vGPU to a libvirt domain
 * @def: its UUID and its options count; no domain is looked at, so that what is not said is off
 * @xml: receives it, to be freed by the caller
 *
 * Returns 0, -EINVAL when it has no UUID, -ENOMEM.
 */
int gvt_definition_to_hostdev_xml(struct gvt_definition *def, char **xml);

/**
 * GVT_JSON_VERSION - of the form described in gvt(1); a change that can break a reader raises it
 */
#define GVT_JSON_VERSION 1

/*
 * New objects, to be dropped with json_object_put(); NULL without memory. Sizes are bytes, what is
 * unknown is null. gvt_json_new() is the outermost object: it has the version.
 */
struct json_object *gvt_json_new(void);
struct json_object *gvt_gpu_to_json(struct gvt_gpu *gpu);
struct json_object *gvt_type_to_json(struct gvt_type *type);
struct json_object *gvt_vgpu_to_json(struct gvt_vgpu *vgpu);
struct json_object *gvt_plan_to_json(struct gvt_plan *plan);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* GVTMGR_H */
