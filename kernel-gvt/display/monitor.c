// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor on port B, and the ports: what a guest asks to know whether it is there (Skylake PRM,
 * vol. 12, "South Display Engine" and "DDI").
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../vgpu/irq.h"
#include "../vgpu/mmio.h"
#include "../vgpu/vgpu.h"
#include "display.h"

#define DDI_BUF_CTL(n) (0x64000u + 0x100 * (n))
#define AUX_CTL(n)     (0x64010u + 0x100 * (n))
#define PORT_STRAPS    0xc2014u
#define HOTPLUG	       0xc4030u

#define DDI_BUF_ENABLE BIT(31)
#define DDI_BUF_IDLE   BIT(7)
#define AUX_BUSY       BIT(31)
#define AUX_DONE       BIT(30)
#define AUX_TIME_OUT   BIT(28)
#define AUX_RECEIVE_ERROR BIT(25)
#define AUX_STATUS     (AUX_DONE | AUX_TIME_OUT | AUX_RECEIVE_ERROR)
#define STRAP_PORT_B   BIT(2)

/* Port B's in HOTPLUG and in the PCH's interrupts. */
#define HOTPLUG_ENABLE BIT(4)
#define HOTPLUG_LONG   BIT(1)
#define HOTPLUG_STATUS 0x00030303u /* of ports B to D */
#define PCH_PORT_B     BIT(21)

/* Of HDMI 1.4 that these GPUs drive, and of every monitor that takes it. */
#define HDMI_CLOCK_MOST	 300000000u
#define HDMI_CLOCK_LEAST 25000000u
/* What 12 bits of an EDID can say. */
#define SIDE_MOST	 4094u

#define DEFAULT_RATE 60u

static bool fits_hdmi(const struct edid_mode *mode)
{
	u32 clock = edid_pixel_clock(mode);

	return clock >= HDMI_CLOCK_LEAST && clock <= HDMI_CLOCK_MOST;
}

/* The wanted rate, or else what HDMI has time for: large pictures come less often. */
static void choose_rate(struct edid_mode *mode, u32 wanted)
{
	const u32 rates[] = { wanted, 60, 50, 30, 24, 75, 85 };

	for (unsigned int i = 0; i < ARRAY_SIZE(rates); i++) {
		mode->rate = rates[i];
		if (fits_hdmi(mode))
			return;
	}
}

static u32 limited(u32 wished, u32 own)
{
	/* Pipes fetch pixels in pairs. */
	return min3(wished ?: own, own, SIDE_MOST) & ~1u;
}

static void tell(struct vgpu *vgpu)
{
	u32 hotplug = vgpu_reg(vgpu, HOTPLUG);

	if (!vgpu->open || !(hotplug & HOTPLUG_ENABLE))
		return;
	vgpu_set_reg(vgpu, HOTPLUG, hotplug | HOTPLUG_LONG);
	vgpu_irq_raise(vgpu, IRQ_PCH, PCH_PORT_B);
}

void vgpu_monitor_update(struct vgpu *vgpu)
{
	struct vgpu_monitor *monitor = &vgpu->display.monitor;
	struct edid_mode mode = {
		.width = limited(monitor->wished_width, vgpu->sizes.width),
		.height = limited(monitor->wished_height, vgpu->sizes.height),
	};
	int size;

	choose_rate(&mode, vgpu->sizes.rate ?: DEFAULT_RATE);
	if (mode.width == monitor->width && mode.height == monitor->height && mode.rate == monitor->rate)
		return;
	size = edid_make(&mode, EDID_HDMI, "gvt", monitor->edid);
	monitor->edid_size = size > 0 ? size : 0;
	monitor->width = mode.width;
	monitor->height = mode.height;
	monitor->rate = mode.rate;
	if (!monitor->unplugged)
		tell(vgpu);
}

void vgpu_monitor_wish(struct vgpu *vgpu, u32 width, u32 height)
{
	vgpu->display.monitor.wished_width = width;
	vgpu->display.monitor.wished_height = height;
	vgpu_monitor_update(vgpu);
}

static void set_live(struct vgpu *vgpu)
{
	vgpu_irq_set_level(vgpu, IRQ_PCH, PCH_PORT_B, !vgpu->display.monitor.unplugged);
}

void vgpu_monitor_plug(struct vgpu *vgpu, bool plugged)
{
	if (vgpu->display.monitor.unplugged != plugged)
		return;
	vgpu->display.monitor.unplugged = !plugged;
	vgpu->display.gmbus.device = 0;
	set_live(vgpu);
	tell(vgpu);
}

void vgpu_monitor_reset(struct vgpu *vgpu)
{
	set_live(vgpu);
}

/*
 * A port that is asked while nothing is there lets the driver know, at once. The bits that say how
 * it went are cleared by ones, which drivers write as they ask.
 */
static void write_aux(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 status = vgpu_reg(vgpu, offset) & AUX_STATUS & ~value;

	if (value & AUX_BUSY)
		status |= AUX_DONE | AUX_TIME_OUT;
	vgpu_set_reg(vgpu, offset, (value & ~(AUX_BUSY | AUX_STATUS)) | status);
}

static void write_ddi(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, (value & ~DDI_BUF_IDLE) | (value & DDI_BUF_ENABLE ? 0 : DDI_BUF_IDLE));
}

/* What has happened at a port is cleared by ones; all else is stored. */
static void write_hotplug(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 status = vgpu_reg(vgpu, offset) & HOTPLUG_STATUS & ~value;

	vgpu_set_reg(vgpu, offset, (value & ~HOTPLUG_STATUS) | status);
}

#define DDI(n)                                                                        \
	{ .offset = DDI_BUF_CTL(n), .initial = DDI_BUF_IDLE, .write = write_ddi },    \
	{ .offset = AUX_CTL(n), .write = write_aux }

static const struct gvt_reg regs[] = {
	DDI(0), DDI(1), DDI(2), DDI(3), DDI(4),
	{ .offset = PORT_STRAPS, .kind = REG_READ_ONLY, .initial = STRAP_PORT_B },
	{ .offset = HOTPLUG, .write = write_hotplug },
};

GVT_REG_TABLE(gvt_regs_monitor, regs);
