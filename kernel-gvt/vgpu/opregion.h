/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * opregion.h - the 8 KiB in which firmware tells a driver what ports the machine has
 *
 * ACPI IGD OpRegion Specification, and the video BIOS tables as drivers read them. Knows nothing
 * of how it gets into a guest's memory.
 */
#ifndef GVT_OPREGION_H
#define GVT_OPREGION_H

#include <linux/types.h>

#define GVT_OPREGION_SIZE 0x2000u

/* Fill GVT_OPREGION_SIZE bytes: one HDMI connector, on port B. */
void gvt_opregion_fill(u8 *opregion);

#endif
