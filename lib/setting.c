// SPDX-License-Identifier: LGPL-2.1-or-later
/* What can be set of a vGPU; ranges as in gvt-module(5). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "setting.h"
#include "value.h"

#define MIB_SHIFT 20
#define DIGITS	  "0123456789"

/* A decimal number without sign or leading zeros, in a range. */
static bool is_number(const char *text, unsigned long least, unsigned long most)
{
	size_t digits = strspn(text, DIGITS);
	unsigned long value;

	if (!digits || digits > 4 || text[digits] || text[0] == '0')
		return false;
	value = strtoul(text, NULL, 10);
	return value >= least && value <= most;
}

/* Ranges of graphics memory begin and end at what one page of GGTT entries covers: 2 MiB. */
static bool is_memory(const char *text, unsigned long least)
{
	return is_number(text, least, 4096) && strtoul(text, NULL, 10) % 2 == 0;
}

static bool valid_aperture(const char *text)
{
	return is_memory(text, 16);
}

static bool valid_hidden(const char *text)
{
	return is_memory(text, 32);
}

static bool valid_fences(const char *text)
{
	return is_number(text, 1, 32);
}

static bool valid_weight(const char *text)
{
	return is_number(text, 1, 64);
}

static bool valid_cap(const char *text)
{
	return is_number(text, 1, 100);
}

static bool valid_display(const char *text)
{
	return !strcmp(text, "region") || !strcmp(text, "dmabuf");
}

const struct gvt_setting_rule gvt_setting_rules[GVT_SETTING_COUNT] = {
	[GVT_SETTING_APERTURE] = { "aperture", "aperture_mb", valid_aperture,
				   "an even number of MiB from 16 to 4096", "MiB", false },
	[GVT_SETTING_HIDDEN] = { "hidden", "hidden_mb", valid_hidden,
				 "an even number of MiB from 32 to 4096", "MiB", false },
	[GVT_SETTING_FENCES] = { "fences", "fences", valid_fences, "a number from 1 to 32", NULL,
				 false },
	[GVT_SETTING_RESOLUTION] = { "resolution", "resolution", gvt_valid_resolution,
				     "WIDTHxHEIGHT or WIDTHxHEIGHT@RATE, from 640x480 to 4096x2304 "
				     "and 24 to 120 Hz",
				     NULL, true },
	[GVT_SETTING_WEIGHT] = { "weight", "weight", valid_weight, "a number from 1 to 64", NULL,
				 true },
	[GVT_SETTING_CAP] = { "cap", "cap", valid_cap, "a percentage from 1 to 100", NULL, true },
	[GVT_SETTING_DISPLAY] = { "display", "display", valid_display, "region or dmabuf", NULL,
				  true },
};

/* Multiples of a MiB by the endings that people write; the number ends where this begins. */
static unsigned long mib_of_unit(const char *unit)
{
	static const char *const mega[] = { "", "M", "MB", "MiB" };
	static const char *const giga[] = { "G", "GB", "GiB" };

	unit += strspn(unit, " ");
	for (size_t i = 0; i < sizeof(mega) / sizeof(mega[0]); i++)
		if (!strcasecmp(unit, mega[i]))
			return 1;
	for (size_t i = 0; i < sizeof(giga) / sizeof(giga[0]); i++)
		if (!strcasecmp(unit, giga[i]))
			return 1024;
	return 0;
}

int gvt_setting_plain(enum gvt_setting setting, const char *text, char plain[GVT_SETTING_MAX])
{
	const struct gvt_setting_rule *rule = &gvt_setting_rules[setting];
	size_t digits = strspn(text, DIGITS);
	int len;

	if (!rule->unit) {
		len = snprintf(plain, GVT_SETTING_MAX, "%s", text);
	} else {
		unsigned long mib = digits && digits <= 4 ? mib_of_unit(text + digits) : 0;

		len = snprintf(plain, GVT_SETTING_MAX, "%lu", mib * strtoul(text, NULL, 10));
	}
	return len < GVT_SETTING_MAX && rule->valid(plain) ? 0 : -EINVAL;
}

uint64_t gvt_setting_number(enum gvt_setting setting, const char *plain)
{
	uint64_t number = strtoull(plain, NULL, 10);

	return gvt_setting_rules[setting].unit ? number << MIB_SHIFT : number;
}

const char *gvt_setting_get_name(enum gvt_setting setting)
{
	return (unsigned int)setting < GVT_SETTING_COUNT ? gvt_setting_rules[setting].name : NULL;
}

const char *gvt_setting_get_form(enum gvt_setting setting)
{
	return (unsigned int)setting < GVT_SETTING_COUNT ? gvt_setting_rules[setting].form : NULL;
}

int gvt_setting_find(const char *name, enum gvt_setting *setting)
{
	for (unsigned int i = 0; i < GVT_SETTING_COUNT; i++) {
		if (strcasecmp(gvt_setting_rules[i].name, name))
			continue;
		*setting = i;
		return 0;
	}
	return -ENOENT;
}
