// SPDX-License-Identifier: GPL-2.0-only
/*
 * The I2C controller, behind which is the monitor's EEPROM with its EDID (Skylake PRM, vol. 12,
 * "GMBUS"; VESA E-DDC 1.3). Bytes pass at once: four of them wait for the guest, never it for them.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../vgpu/irq.h"
#include "../vgpu/mmio.h"
#include "../vgpu/vgpu.h"
#include "display.h"

#define GPIO   0xc5010u /* of six pairs of pins */
#define GMBUS0 0xc5100u /* pins */
#define GMBUS1 0xc5104u /* command */
#define GMBUS2 0xc5108u /* status */
#define GMBUS3 0xc510cu /* data */
#define GMBUS4 0xc5110u /* interrupts */

#define PINS(value)    ((value) & 7)
#define PINS_PORT_B    5u
#define COMMAND_CLEAR  BIT(31)
#define COMMAND_READY  BIT(30)
#define COMMAND_STOP   BIT(27)
#define COMMAND_INDEX  BIT(26)
#define COMMAND_WAIT   BIT(25)
#define COMMAND_BYTES(value)  ((value) >> 16 & 0x1ff)
#define COMMAND_OFFSET(value) ((value) >> 8 & 0xff)
#define COMMAND_DEVICE(value) ((value) >> 1 & 0x7f)
#define COMMAND_READ   BIT(0)
#define STATUS_WAITS   BIT(14)
#define STATUS_READY   BIT(11)
#define STATUS_NAK     BIT(10)
#define STATUS_ACTIVE  BIT(9)

/* Both lines of a pair of pins: driven, to this value, and what is on the line. */
#define CLOCK_DRIVEN BIT(1)
#define CLOCK_VALUE  BIT(3)
#define CLOCK_LINE   BIT(4)
#define DATA_DRIVEN  BIT(9)
#define DATA_VALUE   BIT(11)
#define DATA_LINE    BIT(12)

/* By bits of GMBUS4: what of the status is an event; the third is the bus that becomes idle. */
#define EVENT_READY BIT(0)
#define EVENT_WAITS BIT(1)
#define EVENT_IDLE  BIT(2)
#define EVENT_NAK   BIT(3)
#define PCH_GMBUS   BIT(17)

/* I2C addresses: of the EEPROM, and of the register that says which 256 bytes of it are in reach. */
#define DEVICE_EDID    0x50u
#define DEVICE_SEGMENT 0x30u

static u32 events(u32 status)
{
	return (status & STATUS_READY ? EVENT_READY : 0) | (status & STATUS_WAITS ? EVENT_WAITS : 0) |
	       (status & STATUS_ACTIVE ? 0 : EVENT_IDLE) | (status & STATUS_NAK ? EVENT_NAK : 0);
}

static void set_status(struct vgpu *vgpu, u32 status)
{
	u32 wanted = vgpu_reg(vgpu, GMBUS4), before = vgpu_reg(vgpu, GMBUS2);

	vgpu_set_reg(vgpu, GMBUS2, status);
	if (events(status) & ~events(before) & wanted)
		vgpu_irq_raise(vgpu, IRQ_PCH, PCH_GMBUS);
}

static void end(struct vgpu *vgpu, u32 status)
{
	vgpu->display.gmbus.device = 0;
	vgpu->display.gmbus.left = 0;
	set_status(vgpu, status);
}

/* The segment that was selected holds for one transaction, up to its stop. */
static void stop(struct vgpu *vgpu)
{
	vgpu->display.gmbus.segment = 0;
	end(vgpu, vgpu_reg(vgpu, GMBUS2) & STATUS_NAK);
}

/* All bytes have passed: the bus is let go, or held for the next command. */
static void finish(struct vgpu *vgpu)
{
	u32 command = vgpu_reg(vgpu, GMBUS1);

	if (command & COMMAND_STOP)
		stop(vgpu);
	else
		end(vgpu, command & COMMAND_WAIT ? STATUS_WAITS | STATUS_ACTIVE : 0);
}

static u8 read_byte(struct vgpu *vgpu)
{
	const struct vgpu_monitor *monitor = &vgpu->display.monitor;
	struct vgpu_gmbus *gmbus = &vgpu->display.gmbus;
	unsigned int at = gmbus->segment * 256u + gmbus->offset++;

	return gmbus->device == DEVICE_EDID && at < monitor->edid_size ? monitor->edid[at] : 0;
}

static void write_byte(struct vgpu *vgpu, u8 value)
{
	if (vgpu->display.gmbus.device == DEVICE_SEGMENT)
		vgpu->display.gmbus.segment = value;
	else
		vgpu->display.gmbus.offset = value;
}

static void pass_bytes(struct vgpu *vgpu)
{
	struct vgpu_gmbus *gmbus = &vgpu->display.gmbus;
	u32 bytes = min_t(u32, gmbus->left, 4), data = gmbus->reads ? 0 : vgpu_reg(vgpu, GMBUS3);

	for (u32 i = 0; i < bytes; i++) {
		if (gmbus->reads)
			data |= (u32)read_byte(vgpu) << 8 * i;
		else
			write_byte(vgpu, data >> 8 * i);
	}
	vgpu_set_reg(vgpu, GMBUS3, data);
	gmbus->left -= bytes;
	/* What was read stays until the guest has taken it. */
	if (gmbus->reads || gmbus->left)
		set_status(vgpu, STATUS_READY | STATUS_ACTIVE);
	else
		finish(vgpu);
}

static bool acknowledges(const struct vgpu *vgpu, u8 device, bool reads)
{
	if (PINS(vgpu_reg(vgpu, GMBUS0)) != PINS_PORT_B || vgpu->display.monitor.unplugged)
		return false;
	return device == DEVICE_EDID || (device == DEVICE_SEGMENT && !reads);
}

static void start(struct vgpu *vgpu, u32 command)
{
	struct vgpu_gmbus *gmbus = &vgpu->display.gmbus;

	if (!acknowledges(vgpu, COMMAND_DEVICE(command), command & COMMAND_READ)) {
		end(vgpu, STATUS_NAK);
		return;
	}
	gmbus->device = COMMAND_DEVICE(command);
	gmbus->reads = command & COMMAND_READ;
	gmbus->left = COMMAND_BYTES(command);
	if (command & COMMAND_INDEX)
		write_byte(vgpu, COMMAND_OFFSET(command));
	if (gmbus->left)
		pass_bytes(vgpu);
	else
		finish(vgpu);
}

static void write_command(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value);
	if (value & COMMAND_CLEAR) {
		vgpu_set_reg(vgpu, GMBUS2, 0);
		stop(vgpu);
	} else if (!(value & COMMAND_READY)) {
		return;
	} else if (value & (COMMAND_WAIT | COMMAND_INDEX)) {
		start(vgpu, value);
	} else if (value & COMMAND_STOP) {
		stop(vgpu);
	}
}

static bool moves(const struct vgpu *vgpu, bool reads)
{
	const struct vgpu_gmbus *gmbus = &vgpu->display.gmbus;

	return gmbus->device && gmbus->reads == reads && vgpu_reg(vgpu, GMBUS2) & STATUS_READY;
}

/* Reading what is there makes room for more. */
static u32 read_data(struct vgpu *vgpu, u32 offset)
{
	u32 value = vgpu_reg(vgpu, offset);

	if (!moves(vgpu, true))
		return value;
	if (vgpu->display.gmbus.left)
		pass_bytes(vgpu);
	else
		finish(vgpu);
	return value;
}

/* The first bytes are there before the command. */
static void write_data(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value);
	if (moves(vgpu, false))
		pass_bytes(vgpu);
}

static void write_enable(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 before = vgpu_reg(vgpu, offset);

	vgpu_set_reg(vgpu, offset, value);
	if (events(vgpu_reg(vgpu, GMBUS2)) & value & ~before)
		vgpu_irq_raise(vgpu, IRQ_PCH, PCH_GMBUS);
}

/* The same pins by hand, after GMBUS has found nothing: both lines are pulled up, and nobody listens. */
static u32 read_gpio(struct vgpu *vgpu, u32 offset)
{
	u32 value = vgpu_reg(vgpu, offset) & ~(CLOCK_LINE | DATA_LINE);

	if (!(value & CLOCK_DRIVEN) || value & CLOCK_VALUE)
		value |= CLOCK_LINE;
	if (!(value & DATA_DRIVEN) || value & DATA_VALUE)
		value |= DATA_LINE;
	return value;
}

static const struct gvt_reg regs[] = {
	{ .offset = GPIO, .count = 6, .read = read_gpio },
	{ .offset = GMBUS1, .write = write_command },
	{ .offset = GMBUS2, .kind = REG_READ_ONLY },
	{ .offset = GMBUS3, .read = read_data, .write = write_data },
	{ .offset = GMBUS4, .write = write_enable },
};

GVT_REG_TABLE(gvt_regs_gmbus, regs);
