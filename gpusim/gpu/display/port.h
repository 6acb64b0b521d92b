/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.h - ports B to D, each an HDMI or a DisplayPort connector, and the monitors behind them
 *
 * What is plugged in, live status and hot-plug interrupts of the south display engine, the DDI
 * buffers and the DisplayPort transport. A monitor is its EDID, which is copied and not looked
 * into. Monitors stay plugged in when the GPU is reset.
 */
#ifndef GPUSIM_DISPLAY_PORT_H
#define GPUSIM_DISPLAY_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ddc.h"
#include "dpcd.h"

#define PORTS 3 /* B, C, D */

enum connector {
	CONNECTOR_NONE,
	CONNECTOR_HDMI,
	CONNECTOR_DP,
};

struct port {
	enum connector connector; /* of the monitor that is plugged in */
	struct ddc ddc;
	struct dpcd dpcd;
};

struct gpu;

/* With gpu->lock held, after the registers were reset. */
void ports_reset(struct gpu *gpu);

/* The monitors' EDIDs are freed. */
void ports_release(struct gpu *gpu);

/*
 * The monitor's EEPROM on the GMBUS pin pair, or the port on AUX channel A, B … (0, 1 …); NULL when
 * nothing is connected there that would answer.
 */
struct ddc *port_on_pins(struct gpu *gpu, unsigned int pins);
struct port *port_on_aux(struct gpu *gpu, unsigned int channel);

#endif
