/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gmbus.h - the I2C controller of the display, behind which are the monitors' EEPROMs
 *
 * (PRM Vol. 12 "Display": GMBUS; i915: intel_gmbus.c.) A transaction's bytes pass at once; what
 * takes its time is software, four bytes at a time.
 */
#ifndef GPUSIM_DISPLAY_GMBUS_H
#define GPUSIM_DISPLAY_GMBUS_H

#include <stdbool.h>
#include <stdint.h>

struct ddc;

struct gmbus {
	struct ddc *slave; /* that has acknowledged; NULL: no transaction */
	uint8_t address;
	bool reads;
	uint32_t count; /* bytes that the transaction began with, */
	uint32_t left; /* and those to come */
	uint32_t status; /* GMBUS2 */
};

void gmbus_reset(struct gmbus *gmbus);

/* The monitor is gone: so is a transaction with it. */
void gmbus_forget(struct gmbus *gmbus, const struct ddc *slave);

#endif
