/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edid.h - EDIDs: made for a wanted mode, or looked into (VESA E-EDID 1.4, CTA-861, CVT 1.2)
 *
 * Knows bytes; no file and no GPU. gvt-gpusim makes its monitors' EDIDs with it, too, so that it
 * takes no more of the kernel's headers than a process has.
 */
#ifndef GVT_EDID_H
#define GVT_EDID_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

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
 * takes the customary smaller modes, too. `name`: up to 12 characters. Returns its size, or -EINVAL
 * (out of the ranges above) or -ERANGE (more pixels per second than an EDID can tell, or more or
 * less than HDMI 1.4 carries).
 */
int edid_make(const struct edid_mode *mode, enum edid_input input, const char *name,
	      uint8_t edid[EDID_MAX_MADE]);

/* Pixels per second of the mode as edid_make() times it; the mode is in the ranges above. */
uint32_t edid_pixel_clock(const struct edid_mode *mode);

/* The mode that an EDID with no fault prefers, without its rate; false: it says none. */
bool edid_preferred(const uint8_t *edid, struct edid_mode *mode);

/* What is wrong with an EDID, for people; NULL: nothing. */
const char *edid_fault(const uint8_t *edid, size_t size);

#endif
