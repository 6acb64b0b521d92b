/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dpcd.h - a DisplayPort monitor's configuration data (VESA DisplayPort 1.2, section 2.9.3)
 *
 * A sink of revision 1.2 with four lanes of 5.4 Gbit/s and one stream. It finds the training
 * patterns that it is told of on all lanes that are in use: link training succeeds at once. Knows
 * no AUX channel.
 */
#ifndef GPUSIM_DISPLAY_DPCD_H
#define GPUSIM_DISPLAY_DPCD_H

#include <stdint.h>

/* What has storage; all else reads 0 and takes no writes. */
#define DPCD_SIZE 0x800

struct dpcd {
	uint8_t bytes[DPCD_SIZE];
};

/* As after plugging in. */
void dpcd_reset(struct dpcd *dpcd);
uint8_t dpcd_read(const struct dpcd *dpcd, uint32_t address);
void dpcd_write(struct dpcd *dpcd, uint32_t address, uint8_t value);

#endif
