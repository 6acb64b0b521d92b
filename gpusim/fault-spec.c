// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fault-spec.h"

#define MAX_EVENTS 1000000000u /* N and K */
#define MAX_MS	   3600000u

enum what {
	WHAT_NOTHING,
	WHAT_ENGINE,
	WHAT_MS,
	WHAT_MS_OR_NOTHING,
};

/* In the order of enum gpu_fault_kind. */
static const struct kind {
	const char *name;
	enum what what;
	bool at_once; /* where nothing is said of when */
	const char *usage;
	const char *help;
} kinds[] = {
	[GPU_FAULT_HANG] = { "hang", WHAT_ENGINE, false, "hang:ENGINE[@N|/K]",
			     "the engine takes its Nth submission and runs nothing until reset" },
	[GPU_FAULT_DROP_INTERRUPT] = { "drop-interrupt", WHAT_NOTHING, false,
				       "drop-interrupt[@N|/K]", "the Nth interrupt is lost" },
	[GPU_FAULT_DELAY_INTERRUPT] = { "delay-interrupt", WHAT_MS, false,
					"delay-interrupt:MS[@N|/K]",
					"the Nth interrupt comes late" },
	[GPU_FAULT_CORRUPT_CSB] = { "corrupt-csb", WHAT_ENGINE, false, "corrupt-csb:ENGINE[@N|/K]",
				    "the engine's Nth context status entry has random bits" },
	[GPU_FAULT_GONE] = { "gone", WHAT_MS_OR_NOTHING, true, "gone[:MS][@N|/K]",
			     "at once, or at the Nth submission, the device is off the bus" },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/* One reading of a text. */
struct reading {
	const char *text; /* the whole */
	const char *at; /* what is not read yet */
	char *why;
	size_t size;
};

const char *fault_spec_usage(unsigned int index)
{
	return index < KIND_COUNT ? kinds[index].usage : NULL;
}

const char *fault_spec_help(unsigned int index)
{
	return index < KIND_COUNT ? kinds[index].help : NULL;
}

static int refuse(const struct reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(const struct reading *reading, const char *format, ...)
{
	va_list arguments;
	int length = snprintf(reading->why, reading->size, "fault \"%.64s\": ", reading->text);

	if (length < 0 || (size_t)length >= reading->size)
		return -EINVAL;
	va_start(arguments, format);
	vsnprintf(reading->why + length, reading->size - (size_t)length, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static void list(char *text, size_t size, const char *(*name)(unsigned int index))
{
	size_t length = 0;

	text[0] = '\0';
	for (unsigned int i = 0; name(i) && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "",
					   name(i));
}

static bool take(struct reading *reading, char c)
{
	if (*reading->at != c)
		return false;
	reading->at++;
	return true;
}

static const char *kind_name(unsigned int index)
{
	return index < KIND_COUNT ? kinds[index].name : NULL;
}

static int read_kind(struct reading *reading, struct gpu_fault *fault)
{
	size_t length = strcspn(reading->at, ":@/");
	char known[128];

	for (unsigned int i = 0; i < KIND_COUNT; i++) {
		if (strlen(kinds[i].name) != length || strncmp(kinds[i].name, reading->at, length))
			continue;
		reading->at += length;
		fault->kind = (enum gpu_fault_kind)i;
		return 0;
	}
	list(known, sizeof(known), kind_name);
	return refuse(reading, "the kinds of faults are %s", known);
}

static int read_engine(struct reading *reading, struct gpu_fault *fault)
{
	size_t length = strcspn(reading->at, "@/");
	char known[128];

	for (unsigned int i = 0; gpu_engine_name(i); i++) {
		if (strlen(gpu_engine_name(i)) != length ||
		    strncasecmp(gpu_engine_name(i), reading->at, length))
			continue;
		reading->at += length;
		fault->engine = i;
		return 0;
	}
	list(known, sizeof(known), gpu_engine_name);
	return refuse(reading, "the engines are %s", known);
}

/* A number from 1 on. */
static int read_number(struct reading *reading, uint64_t most, const char *name, uint64_t *number)
{
	uint64_t value = 0;
	const char *at = reading->at;

	while (*at >= '0' && *at <= '9' && value <= most)
		value = 10 * value + (uint64_t)(*at++ - '0');
	if (!value || value > most)
		return refuse(reading, "%s is a number from 1 to %" PRIu64, name, most);
	reading->at = at;
	*number = value;
	return 0;
}

static int read_ms(struct reading *reading, struct gpu_fault *fault)
{
	uint64_t ms = 0;
	int ret = read_number(reading, MAX_MS, "MS, the milliseconds,", &ms);

	fault->ms = (uint32_t)ms;
	return ret;
}

static int read_what(struct reading *reading, struct gpu_fault *fault)
{
	const struct kind *kind = &kinds[fault->kind];

	if (!take(reading, ':')) {
		if (kind->what == WHAT_NOTHING || kind->what == WHAT_MS_OR_NOTHING)
			return 0;
		return refuse(reading, "this fault is written %s", kind->usage);
	}
	switch (kind->what) {
	case WHAT_ENGINE:
		return read_engine(reading, fault);
	case WHAT_MS:
	case WHAT_MS_OR_NOTHING:
		return read_ms(reading, fault);
	default:
		return refuse(reading, "this fault is written %s", kind->usage);
	}
}

static int read_when(struct reading *reading, struct gpu_fault *fault)
{
	if (take(reading, '@'))
		return read_number(reading, MAX_EVENTS, "N", &fault->nth);
	if (take(reading, '/'))
		return read_number(reading, MAX_EVENTS, "K", &fault->one_in);
	fault->nth = kinds[fault->kind].at_once ? 0 : 1;
	return 0;
}

int fault_spec_parse(const char *text, struct gpu_fault *fault, char *why, size_t size)
{
	struct reading reading = { .text = text, .at = text, .why = why, .size = size };
	int ret;

	*fault = (struct gpu_fault){ .kind = GPU_FAULT_HANG };
	ret = read_kind(&reading, fault);
	if (!ret)
		ret = read_what(&reading, fault);
	if (!ret)
		ret = read_when(&reading, fault);
	if (!ret && *reading.at)
		ret = refuse(&reading, "\"%.16s\" is too much: it is written %s", reading.at,
			     kinds[fault->kind].usage);
	return ret;
}

void fault_spec_format(const struct gpu_fault *fault, char *text, size_t size)
{
	const struct kind *kind = &kinds[fault->kind];
	char what[32] = "", when[32] = "";

	if (kind->what == WHAT_ENGINE)
		snprintf(what, sizeof(what), ":%s", gpu_engine_name(fault->engine));
	else if (fault->ms)
		snprintf(what, sizeof(what), ":%" PRIu32, fault->ms);
	if (fault->nth)
		snprintf(when, sizeof(when), "@%" PRIu64, fault->nth);
	else if (fault->one_in)
		snprintf(when, sizeof(when), "/%" PRIu64, fault->one_in);
	snprintf(text, size, "%s%s%s", kind->name, what, when);
}
