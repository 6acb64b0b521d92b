/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edid.h - EDIDs: made for a wanted mode, or checked (VESA E-EDID 1.4, CTA-861, CVT 1.2)
 *
 * Knows bytes; no file and no GPU.
 */
#ifndef GPUSIM_EDID_H
#define GPUSIM_EDID_H

#include <stddef.h>
#include <stdint.h>

#define EDID_BLOCK    128u
#define EDID_MAX_SIZE (256 * EDID_BLOCK)
#define EDID_MAX_MADE (2 * EDID_BLOCK)

struct edid_mode {
	unsigned int width, height; /* pixels: 320 to 4095, 200 to 4095 */
	unsigned int rate; /* frames per second: 24 to 240 */
};

enum edid_input {
	EDID_HDMI,
	EDID_DISPLAYPORT
};

/*
 * The EDID of a monitor whose preferred mode this is, with the timing of CVT's reduced blanking; it
 * takes the small standard modes, too. Returns its size, or -EINVAL (out of the ranges above) or
 * -ERANGE (more pixels per second than an EDID can tell, or more or less than HDMI 1.4 carries).
 */
int edid_make(const struct edid_mode *mode, enum edid_input input, uint8_t edid[EDID_MAX_MADE]);

/* What is wrong with an EDID, for people; NULL: nothing. */
const char *edid_fault(const uint8_t *edid, size_t size);

#endif
