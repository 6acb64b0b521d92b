// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel-gvt/display/edid.h"
#include "gpusim/monitor.h"

#define RATE_DEFAULT 60

const char *monitor_connector(const char *name, size_t length)
{
	const char *known;

	for (unsigned int i = 0; (known = gpu_connector_name(i)); i++)
		if (strlen(known) == length && !strncmp(known, name, length))
			return known;
	return NULL;
}

/* Up to five digits; false when there are none. */
static bool parse_number(const char **text, unsigned int *number)
{
	size_t digits = strspn(*text, "0123456789");

	if (!digits || digits > 5)
		return false;
	*number = (unsigned int)strtoul(*text, NULL, 10);
	*text += digits;
	return true;
}

static bool skip(const char **text, char character)
{
	if (**text != character)
		return false;
	(*text)++;
	return true;
}

/* False: it is no mode, and then it is a file. */
static bool parse_mode(const char *text, struct edid_mode *mode)
{
	mode->rate = RATE_DEFAULT;
	if (!parse_number(&text, &mode->width) || !skip(&text, 'x') ||
	    !parse_number(&text, &mode->height))
		return false;
	if (skip(&text, '@') && !parse_number(&text, &mode->rate))
		return false;
	return !*text;
}

static enum edid_input input_of(const char *connector)
{
	return !strncmp(connector, "DP-", 3) ? EDID_DISPLAYPORT : EDID_HDMI;
}

static int make(const struct edid_mode *mode, const char *connector, uint8_t *edid, char *fault)
{
	int ret = edid_make(mode, input_of(connector), "gvt-gpusim", edid);

	if (ret == -EINVAL)
		snprintf(
			fault, MONITOR_FAULT_SIZE,
			"%ux%u@%u is no mode of a monitor: it may be 320x200 to 4095x4095, at 24 to 240 Hz",
			mode->width, mode->height, mode->rate);
	else if (ret == -ERANGE)
		snprintf(fault, MONITOR_FAULT_SIZE,
			 "%ux%u@%u is too much or too little for %s: choose another rate%s",
			 mode->width, mode->height, mode->rate, connector,
			 input_of(connector) == EDID_HDMI ? ", or a DP connector" : "");
	return ret;
}

static int read_edid(const char *path, uint8_t *edid, char *fault)
{
	FILE *file = fopen(path, "re");
	const char *wrong;
	size_t size;

	if (!file) {
		int error = errno;

		snprintf(fault, MONITOR_FAULT_SIZE,
			 "can't read the EDID %s: %s (a mode is written as 1920x1080)", path,
			 strerror(error));
		return -error;
	}
	/* One byte more than there may be, so that too much is seen. */
	size = fread(edid, 1, EDID_MAX_SIZE + 1, file);
	wrong = ferror(file) ? "it can't be read" : edid_fault(edid, size);
	fclose(file);
	if (!wrong)
		return (int)size;
	snprintf(fault, MONITOR_FAULT_SIZE, "%s is no EDID: %s", path, wrong);
	return -EINVAL;
}

int monitor_plug(struct gpu *gpu, const char *connector, const char *what,
		 char fault[MONITOR_FAULT_SIZE])
{
	uint8_t *edid = malloc(EDID_MAX_SIZE + 1);
	struct edid_mode mode;
	int ret = -ENOMEM;

	snprintf(fault, MONITOR_FAULT_SIZE, "out of memory");
	if (edid)
		ret = parse_mode(what, &mode) ? make(&mode, connector, edid, fault) :
						read_edid(what, edid, fault);
	if (ret > 0)
		ret = gpu_monitor_plug(gpu, connector, edid, (size_t)ret);
	if (ret == -EBUSY)
		snprintf(fault, MONITOR_FAULT_SIZE,
			 "the port of %s is in use by its other connector: unplug that one first",
			 connector);
	free(edid);
	return ret;
}
