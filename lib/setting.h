/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be set of a vGPU beyond its type, as one table: the definition's element, gvt.ko's
 * attribute, the form of its values, and when it takes effect. Knows no vGPU and no file.
 */
#ifndef GVT_SETTING_H
#define GVT_SETTING_H

#include "gvtmgr.h"

#define GVT_SETTING_MAX 16 /* of a value in its plain form, with the 0 at its end */

struct gvt_setting_rule {
	const char *name; /* of the element, and of what people type */
	const char *attribute; /* in /sys/bus/mdev/devices/UUID/gvt/ */
	bool (*valid)(const char *plain);
	const char *form; /* for people: "an even number of MiB from 16" */
	const char *unit; /* the element's attribute unit; NULL: none */
	bool any_time; /* also while a VM has the vGPU open */
};

extern const struct gvt_setting_rule gvt_setting_rules[GVT_SETTING_COUNT];

/* Plain values, borrowed; NULL: what the type says. */
struct gvt_settings {
	const char *text[GVT_SETTING_COUNT];
};

/*
 * What people write, as definitions and the kernel have it: "1G" becomes "1024".
 * 0, or -EINVAL when it is not of the setting's form.
 */
int gvt_setting_plain(enum gvt_setting setting, const char *text, char plain[GVT_SETTING_MAX]);

/* A plain value as a number, in bytes where the setting has a unit; 0 when it is none. */
uint64_t gvt_setting_number(enum gvt_setting setting, const char *plain);

#endif
