// SPDX-License-Identifier: LGPL-2.1-or-later
/* The kinds of vGPU that a GPU offers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "snapshot.h"
#include "files.h"
#include "value.h"

/* kvmgt's names are "i915-GVTg_V5_4": what comes before V5_4 is the same for all. */
static const char gvt_mark[] = "GVTg_";

const char *gvt_short_type_name(const char *name)
{
	const char *mark = strstr(name, gvt_mark);

	return mark && mark[sizeof(gvt_mark) - 1] ? mark + sizeof(gvt_mark) - 1 : name;
}

bool gvt_is_gvt_type(const char *name)
{
	return strstr(name, gvt_mark) != NULL;
}

/* The number at the start of @text, if it fits and is followed by @unit. */
static bool number_with_unit(const char *text, const char *unit, unsigned int *value)
{
	char *end;
	unsigned long number;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || number > UINT32_MAX || strcasecmp(end, unit))
		return false;
	*value = number;
	return true;
}

/* The lines of a description that are settings, with the unit that kvmgt writes behind them. */
static const struct description_line {
	const char *key, *unit;
	enum gvt_setting setting;
} description_lines[] = {
	{ "low_gm_size", "MB", GVT_SETTING_APERTURE }, { "high_gm_size", "MB", GVT_SETTING_HIDDEN },
	{ "fence", "", GVT_SETTING_FENCES },	       { "weight", "", GVT_SETTING_WEIGHT },
	{ "resolution", NULL, GVT_SETTING_RESOLUTION },
};

static void take_description(struct gvt_type *type, const char *key, const char *value)
{
	for (size_t i = 0; i < sizeof(description_lines) / sizeof(description_lines[0]); i++) {
		const struct description_line *line = &description_lines[i];
		char *plain = type->setting[line->setting];
		unsigned int number;

		if (strcmp(line->key, key) || plain[0])
			continue;
		if (!line->unit && gvt_valid_resolution(value))
			snprintf(plain, GVT_SETTING_MAX, "%s", value);
		else if (line->unit && number_with_unit(value, line->unit, &number))
			snprintf(plain, GVT_SETTING_MAX, "%u", number);
	}
}

/* kvmgt writes one "key: value" a line. */
static void parse_description(struct gvt_type *type, char *text)
{
	char *save, *line;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *value = strchr(line, ':');

		if (!value)
			continue;
		*value++ = '\0';
		take_description(type, line, value + strspn(value, " \t"));
	}
}

/* Class links are a compatibility matter of mdev; the device's own folder always has its types. */
const char *gvt_types_folder(struct gvt_ctx *ctx, const char *gpu)
{
	if (gvt_exists(ctx, "/sys/class/mdev_bus/%s/mdev_supported_types", gpu))
		return "/sys/class/mdev_bus";
	return "/sys/bus/pci/devices";
}

static struct gvt_type *type_new(struct gvt_gpu *gpu, const char *folder, const char *name)
{
	struct gvt_type *type = calloc(1, sizeof(*type));
	struct gvt_ctx *ctx = gpu->snapshot->ctx;
	char text[GVT_ATTR_MAX];
	uint64_t number;

	if (!type)
		return NULL;
	type->gpu = gpu;
	type->name = strdup(name);
	if (!type->name) {
		free(type);
		return NULL;
	}
	if (!gvt_read_number(ctx, &number, "%s/%s/mdev_supported_types/%s/available_instances",
			     folder, gpu->name, name) &&
	    number <= UINT32_MAX)
		type->available = number;
	if (!gvt_read_attr(ctx, text, sizeof(text), "%s/%s/mdev_supported_types/%s/description",
			   folder, gpu->name, name))
		parse_description(type, text);
	return type;
}

int gvt_types_read(struct gvt_gpu *gpu)
{
	const char *folder = gvt_types_folder(gpu->snapshot->ctx, gpu->name);
	struct gvt_type **tail = &gpu->types;
	struct gvt_names names;
	int err;

	err = gvt_list_folder(gpu->snapshot->ctx, &names, "%s/%s/mdev_supported_types", folder,
			      gpu->name);
	if (err)
		return err == -ENOMEM ? err : 0;
	for (size_t i = 0; i < names.count; i++) {
		if (!gvt_is_gvt_type(names.name[i]))
			continue;
		*tail = type_new(gpu, folder, names.name[i]);
		if (!*tail) {
			err = -ENOMEM;
			break;
		}
		tail = &(*tail)->next;
	}
	gvt_names_free(&names);
	return err;
}

void gvt_types_free(struct gvt_type *type)
{
	while (type) {
		struct gvt_type *next = type->next;

		free(type->name);
		free(type);
		type = next;
	}
}

struct gvt_type *gvt_type_get_first(struct gvt_gpu *gpu)
{
	return gpu->types;
}

struct gvt_type *gvt_type_get_next(struct gvt_type *type)
{
	return type->next;
}

struct gvt_type *gvt_type_ref(struct gvt_type *type)
{
	if (type)
		gvt_gpu_ref(type->gpu);
	return type;
}

struct gvt_type *gvt_type_unref(struct gvt_type *type)
{
	if (type)
		gvt_gpu_unref(type->gpu);
	return NULL;
}

struct gvt_gpu *gvt_type_get_gpu(struct gvt_type *type)
{
	return type->gpu;
}

struct gvt_type *gvt_type_find(struct gvt_gpu *gpu, const char *name)
{
	for (struct gvt_type *type = gpu->types; type; type = type->next)
		if (!strcasecmp(name, type->name) ||
		    !strcasecmp(name, gvt_short_type_name(type->name)))
			return type;
	return NULL;
}

const char *gvt_type_get_name(struct gvt_type *type)
{
	return type->name;
}

const char *gvt_type_get_short_name(struct gvt_type *type)
{
	return gvt_short_type_name(type->name);
}

unsigned int gvt_type_get_available(struct gvt_type *type)
{
	return type->available;
}

uint64_t gvt_type_get_aperture(struct gvt_type *type)
{
	return gvt_setting_number(GVT_SETTING_APERTURE, type->setting[GVT_SETTING_APERTURE]);
}

uint64_t gvt_type_get_hidden(struct gvt_type *type)
{
	return gvt_setting_number(GVT_SETTING_HIDDEN, type->setting[GVT_SETTING_HIDDEN]);
}

unsigned int gvt_type_get_fences(struct gvt_type *type)
{
	return gvt_setting_number(GVT_SETTING_FENCES, type->setting[GVT_SETTING_FENCES]);
}

unsigned int gvt_type_get_weight(struct gvt_type *type)
{
	return gvt_setting_number(GVT_SETTING_WEIGHT, type->setting[GVT_SETTING_WEIGHT]);
}

const char *gvt_type_get_resolution(struct gvt_type *type)
{
	const char *text = type->setting[GVT_SETTING_RESOLUTION];

	return text[0] ? text : NULL;
}
