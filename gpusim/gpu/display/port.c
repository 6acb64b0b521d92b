// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gpusim/gpu/device.h"
#include "gpusim/gpu/interrupt.h"
#include "gpusim/gpu/mmio.h"

#define DDI_BUF_CTL(n)	(0x64000 + (n)*0x100) /* port A first */
#define DP_TP_CTL(n)	(0x64040 + (n)*0x100)
#define DP_TP_STATUS(n) (0x64044 + (n)*0x100)
#define DDIS		5
#define SHOTPLUG_CTL	0xc4030
#define SFUSE_STRAP	0xc2014

#define DDI_BUF_ENABLE	  (1u << 31)
#define DDI_BUF_IDLE	  (1u << 7)
#define TP_ENABLE	  (1u << 31)
#define TP_PATTERN(value) ((value) >> 8 & 7)
#define TP_PATTERN_IDLE	  2
#define TP_IDLE_DONE	  (1u << 25)

/* A port's field of SHOTPLUG_CTL, from its shift on. */
#define HOTPLUG_ENABLE	   (1u << 4)
#define HOTPLUG_STATUS	   3u
#define HOTPLUG_LONG_PULSE 2u

/* Ports B, C and D have pins. */
#define SFUSE_PORTS 7u

/* (PRM Vol. 12 "Display": South Display Engine; i915: i915_reg.h, of a Sunrise Point.) */
static const struct {
	const char *names[3]; /* by enum connector */
	uint8_t pins; /* of GMBUS */
	uint32_t live; /* bit of SDEISR and SDEIIR */
	uint8_t hotplug_shift;
} ports[PORTS] = {
	{ { NULL, "HDMI-B", "DP-B" }, 5, 1u << 21, 0 },
	{ { NULL, "HDMI-C", "DP-C" }, 4, 1u << 22, 8 },
	{ { NULL, "HDMI-D", "DP-D" }, 6, 1u << 23, 16 },
};

#define HOTPLUG_ALL_STATUS (HOTPLUG_STATUS << 0 | HOTPLUG_STATUS << 8 | HOTPLUG_STATUS << 16)

const char *gpu_connector_name(unsigned int index)
{
	return index < 2 * PORTS ? ports[index / 2].names[CONNECTOR_HDMI + index % 2] : NULL;
}

static bool find_connector(const char *name, unsigned int *port, enum connector *connector)
{
	for (unsigned int i = 0; gpu_connector_name(i); i++) {
		if (!strcmp(gpu_connector_name(i), name)) {
			*port = i / 2;
			*connector = CONNECTOR_HDMI + i % 2;
			return true;
		}
	}
	return false;
}

struct ddc *port_on_pins(struct gpu *gpu, unsigned int pins)
{
	for (unsigned int i = 0; i < PORTS; i++)
		if (ports[i].pins == pins && gpu->display.ports[i].connector == CONNECTOR_HDMI)
			return &gpu->display.ports[i].ddc;
	return NULL;
}

/* Channel A is that of the panel, which is not there. */
struct port *port_on_aux(struct gpu *gpu, unsigned int channel)
{
	struct port *port = channel && channel <= PORTS ? &gpu->display.ports[channel - 1] : NULL;

	return port && port->connector == CONNECTOR_DP ? port : NULL;
}

/* Tell of a change, where the driver has asked for it. */
static void pulse(struct gpu *gpu, unsigned int port)
{
	uint32_t *hotplug = &gpu->regs[SHOTPLUG_CTL / 4];
	unsigned int shift = ports[port].hotplug_shift;

	if (!(*hotplug >> shift & HOTPLUG_ENABLE))
		return;
	*hotplug |= HOTPLUG_LONG_PULSE << shift;
	irq_raise(gpu, IRQ_SDE, ports[port].live);
}

static void set_live(struct gpu *gpu, unsigned int port)
{
	bool live = gpu->display.ports[port].connector != CONNECTOR_NONE;

	irq_set_level(gpu, IRQ_SDE, ports[port].live, live ? ports[port].live : 0);
}

static void unplug(struct gpu *gpu, unsigned int port)
{
	struct port *state = &gpu->display.ports[port];

	gmbus_forget(&gpu->display.gmbus, &state->ddc);
	free(state->ddc.edid);
	*state = (struct port){ .connector = CONNECTOR_NONE };
	set_live(gpu, port);
}

int gpu_monitor_plug(struct gpu *gpu, const char *connector, const void *edid, size_t size)
{
	enum connector kind;
	struct port *state;
	unsigned int port;
	uint8_t *copy;
	int ret = 0;

	if (!find_connector(connector, &port, &kind) || !size || size % 128 || size > DDC_EDID_MAX)
		return -EINVAL;
	copy = malloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, edid, size);
	state = &gpu->display.ports[port];
	gpu_lock(gpu);
	if (state->connector == CONNECTOR_NONE || state->connector == kind) {
		unplug(gpu, port);
		state->connector = kind;
		state->ddc = (struct ddc){ .edid = copy, .size = size };
		dpcd_reset(&state->dpcd);
		set_live(gpu, port);
		pulse(gpu, port);
	} else {
		ret = -EBUSY;
	}
	gpu_unlock(gpu);
	if (ret)
		free(copy);
	return ret;
}

int gpu_monitor_unplug(struct gpu *gpu, const char *connector)
{
	enum connector kind;
	unsigned int port;
	int ret = 0;

	if (!find_connector(connector, &port, &kind))
		return -EINVAL;
	gpu_lock(gpu);
	if (gpu->display.ports[port].connector == kind) {
		unplug(gpu, port);
		pulse(gpu, port);
	} else {
		ret = -ENODEV;
	}
	gpu_unlock(gpu);
	return ret;
}

size_t gpu_monitor_edid(struct gpu *gpu, const char *connector, void *edid, size_t size)
{
	enum connector kind;
	unsigned int port;
	size_t found = 0;

	if (!find_connector(connector, &port, &kind))
		return 0;
	gpu_lock(gpu);
	if (gpu->display.ports[port].connector == kind) {
		const struct ddc *ddc = &gpu->display.ports[port].ddc;

		found = ddc->size;
		memcpy(edid, ddc->edid, found < size ? found : size);
	}
	gpu_unlock(gpu);
	return found;
}

void ports_reset(struct gpu *gpu)
{
	for (unsigned int i = 0; i < PORTS; i++)
		set_live(gpu, i);
}

void ports_release(struct gpu *gpu)
{
	for (unsigned int i = 0; i < PORTS; i++)
		free(gpu->display.ports[i].ddc.edid);
}

static void write_hotplug(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t status = gpu->regs[offset / 4] & HOTPLUG_ALL_STATUS & ~value;

	gpu->regs[offset / 4] = (value & ~HOTPLUG_ALL_STATUS) | status;
}

static void write_buffer(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] =
		(value & ~DDI_BUF_IDLE) | (value & DDI_BUF_ENABLE ? 0 : DDI_BUF_IDLE);
}

static void write_transport(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value;
	if (value & TP_ENABLE && TP_PATTERN(value) == TP_PATTERN_IDLE)
		gpu->regs[(offset + DP_TP_STATUS(0) - DP_TP_CTL(0)) / 4] |= TP_IDLE_DONE;
}

static void write_transport_status(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] &= ~value;
}

static const struct reg_rule rules[] = {
	{ .offset = DDI_BUF_CTL(0),
	  .count = DDIS,
	  .stride = 0x100,
	  .reset = DDI_BUF_IDLE,
	  .write = write_buffer },
	{ .offset = DP_TP_CTL(0), .count = DDIS, .stride = 0x100, .write = write_transport },
	{ .offset = DP_TP_STATUS(0),
	  .count = DDIS,
	  .stride = 0x100,
	  .write = write_transport_status },
	{ .offset = SHOTPLUG_CTL, .count = 1, .write = write_hotplug },
	{ .offset = SFUSE_STRAP, .count = 1, .kind = REG_READ_ONLY, .reset = SFUSE_PORTS },
};

const struct reg_table regs_port = REG_TABLE(rules);
