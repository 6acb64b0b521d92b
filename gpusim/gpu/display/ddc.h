/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ddc.h - a monitor's EEPROM on I2C, with its EDID (VESA E-DDC 1.3)
 *
 * Two I2C devices: the EEPROM at 0x50, 256 bytes of which are in reach, and the segment pointer at
 * 0x30, which selects those and falls back to 0 at a stop. Knows no controller.
 */
#ifndef GPUSIM_DISPLAY_DDC_H
#define GPUSIM_DISPLAY_DDC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DDC_EDID_MAX (256 * 128)

struct ddc {
	uint8_t *edid; /* NULL: no monitor */
	size_t size; /* at most DDC_EDID_MAX */
	uint8_t segment;
	uint8_t offset; /* of the next byte that is read */
};

/* A start condition with a 7-bit address. False: nobody acknowledges it. */
bool ddc_start(struct ddc *ddc, uint8_t address, bool read);
void ddc_write(struct ddc *ddc, uint8_t address, uint8_t value);
uint8_t ddc_read(struct ddc *ddc);
void ddc_stop(struct ddc *ddc);

#endif
