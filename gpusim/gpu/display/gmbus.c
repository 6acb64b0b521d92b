// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "gpusim/gpu/device.h"
#include "gpusim/gpu/interrupt.h"
#include "gpusim/gpu/mmio.h"

#define GPIO_CTL 0xc5010 /* and five more pin pairs */
#define GMBUS0	 0xc5100 /* clock and pins */
#define GMBUS1	 0xc5104 /* command */
#define GMBUS2	 0xc5108 /* status */
#define GMBUS3	 0xc510c /* data */
#define GMBUS4	 0xc5110 /* interrupts */
#define GMBUS5	 0xc5120 /* index of two bytes */

#define GMBUS0_PINS(value)	 ((value)&7)
#define GMBUS0_COUNT_ON		 (1u << 6) /* the count stands still: for more bytes than it can hold */
#define GMBUS1_CLEAR		 (1u << 31)
#define GMBUS1_READY		 (1u << 30)
#define GMBUS1_STOP		 (1u << 27)
#define GMBUS1_INDEX		 (1u << 26)
#define GMBUS1_WAIT		 (1u << 25)
#define GMBUS1_COUNT(value)	 ((value) >> 16 & 0x1ff)
#define GMBUS1_INDEX_BYTE(value) ((uint8_t)((value) >> 8))
#define GMBUS1_ADDRESS(value)	 ((value) >> 1 & 0x7f)
#define GMBUS1_READ		 (1u << 0)
#define GMBUS2_WAITS		 (1u << 14)
#define GMBUS2_READY		 (1u << 11)
#define GMBUS2_NAK		 (1u << 10)
#define GMBUS2_ACTIVE		 (1u << 9)
#define GMBUS5_ENABLE		 (1u << 31)

#define SDE_GMBUS_INTERRUPT (1u << 17)

/* Both lines of a pin pair: value driven, direction out, and what is on the line. */
#define GPIO_CLOCK_OUT	 (1u << 1)
#define GPIO_CLOCK_VALUE (1u << 3)
#define GPIO_CLOCK_LINE	 (1u << 4)
#define GPIO_DATA_OUT	 (1u << 9)
#define GPIO_DATA_VALUE	 (1u << 11)
#define GPIO_DATA_LINE	 (1u << 12)

void gmbus_reset(struct gmbus *gmbus)
{
	*gmbus = (struct gmbus){ .status = 0 };
}

void gmbus_forget(struct gmbus *gmbus, const struct ddc *slave)
{
	if (gmbus->slave == slave)
		*gmbus = (struct gmbus){ .status = GMBUS2_NAK };
}

/* What GMBUS4 enables, by bits of GMBUS2; "idle" is the absence of one. */
static bool event_enabled(uint32_t enabled, uint32_t status)
{
	return (enabled & 1u << 0 && status & GMBUS2_READY) ||
	       (enabled & 1u << 1 && status & GMBUS2_WAITS) ||
	       (enabled & 1u << 2 && !(status & GMBUS2_ACTIVE)) ||
	       (enabled & 1u << 3 && status & GMBUS2_NAK);
}

static void set_status(struct gpu *gpu, uint32_t status)
{
	uint32_t enabled = gpu->regs[GMBUS4 / 4], before = gpu->display.gmbus.status;

	gpu->display.gmbus.status = status;
	if (event_enabled(enabled, status) && !event_enabled(enabled, before))
		irq_raise(gpu, IRQ_SDE, SDE_GMBUS_INTERRUPT);
}

static void stop(struct gpu *gpu)
{
	struct gmbus *gmbus = &gpu->display.gmbus;

	if (gmbus->slave)
		ddc_stop(gmbus->slave);
	gmbus->slave = NULL;
	gmbus->left = 0;
	set_status(gpu, gmbus->status & GMBUS2_NAK);
}

/* All bytes have passed: the bus is held for the next transaction, or let go. */
static void finish(struct gpu *gpu)
{
	uint32_t command = gpu->regs[GMBUS1 / 4];

	if (command & GMBUS1_STOP)
		stop(gpu);
	else if (command & GMBUS1_WAIT)
		set_status(gpu, GMBUS2_WAITS | GMBUS2_ACTIVE);
	else
		set_status(gpu, 0);
}

/* How many of the bytes in GMBUS3 take part, and what is left after them. */
static uint32_t take_bytes(struct gpu *gpu)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	uint32_t bytes = gmbus->left < 4 ? gmbus->left : 4;
	bool stands = gpu->regs[GMBUS0 / 4] & GMBUS0_COUNT_ON && gmbus->left + 4 == gmbus->count;

	if (!stands)
		gmbus->left -= bytes;
	return bytes;
}

static void load_data(struct gpu *gpu)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	uint32_t bytes = take_bytes(gpu), value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint32_t)ddc_read(gmbus->slave) << 8 * i;
	gpu->regs[GMBUS3 / 4] = value;
	set_status(gpu, GMBUS2_READY | GMBUS2_ACTIVE);
}

static void store_data(struct gpu *gpu)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	uint32_t bytes = take_bytes(gpu), value = gpu->regs[GMBUS3 / 4];

	for (unsigned int i = 0; i < bytes; i++)
		ddc_write(gmbus->slave, gmbus->address, (uint8_t)(value >> 8 * i));
	if (gmbus->left)
		set_status(gpu, GMBUS2_READY | GMBUS2_ACTIVE);
	else
		finish(gpu);
}

static void send_index(struct gpu *gpu, uint32_t command)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	uint32_t wide = gpu->regs[GMBUS5 / 4];

	if (wide & GMBUS5_ENABLE) {
		ddc_write(gmbus->slave, gmbus->address, (uint8_t)(wide >> 8));
		ddc_write(gmbus->slave, gmbus->address, (uint8_t)wide);
	} else if (command & GMBUS1_INDEX) {
		ddc_write(gmbus->slave, gmbus->address, GMBUS1_INDEX_BYTE(command));
	}
}

static void start(struct gpu *gpu, uint32_t command)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	struct ddc *slave = port_on_pins(gpu, GMBUS0_PINS(gpu->regs[GMBUS0 / 4]));

	gmbus->address = GMBUS1_ADDRESS(command);
	gmbus->reads = command & GMBUS1_READ;
	gmbus->count = gmbus->left = GMBUS1_COUNT(command);
	if (!slave || !ddc_start(slave, gmbus->address, gmbus->reads)) {
		gmbus->slave = NULL;
		gmbus->left = 0;
		set_status(gpu, GMBUS2_NAK);
		return;
	}
	gmbus->slave = slave;
	send_index(gpu, command);
	if (!gmbus->left)
		finish(gpu);
	else if (gmbus->reads)
		load_data(gpu);
	else
		store_data(gpu);
}

static void write_command(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value;
	if (value & GMBUS1_CLEAR) {
		gpu->display.gmbus.status = 0;
		stop(gpu);
	} else if (!(value & GMBUS1_READY)) {
		return;
	} else if (value & (GMBUS1_WAIT | GMBUS1_INDEX)) {
		start(gpu, value);
	} else if (value & GMBUS1_STOP) {
		stop(gpu);
	}
}

static uint32_t read_status(struct gpu *gpu, uint32_t offset)
{
	return gpu->display.gmbus.status;
}

/* Reading what is there makes room for more. */
static uint32_t read_data(struct gpu *gpu, uint32_t offset)
{
	struct gmbus *gmbus = &gpu->display.gmbus;
	uint32_t value = gpu->regs[offset / 4];

	if (!gmbus->slave || !gmbus->reads || !(gmbus->status & GMBUS2_READY))
		return value;
	if (gmbus->left)
		load_data(gpu);
	else
		finish(gpu);
	return value;
}

/* The first bytes are there before the command. */
static void write_data(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	struct gmbus *gmbus = &gpu->display.gmbus;

	gpu->regs[offset / 4] = value;
	if (gmbus->slave && !gmbus->reads && gmbus->left)
		store_data(gpu);
}

static void write_enable(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	bool before = event_enabled(gpu->regs[offset / 4], gpu->display.gmbus.status);

	gpu->regs[offset / 4] = value;
	if (!before && event_enabled(value, gpu->display.gmbus.status))
		irq_raise(gpu, IRQ_SDE, SDE_GMBUS_INTERRUPT);
}

/*
 * The same pins by hand. Lines are pulled up, and no monitor listens here: drivers come this way
 * only after GMBUS has found nothing.
 */
static uint32_t read_gpio(struct gpu *gpu, uint32_t offset)
{
	uint32_t value = gpu->regs[offset / 4] & ~(GPIO_CLOCK_LINE | GPIO_DATA_LINE);

	if (!(value & GPIO_CLOCK_OUT) || value & GPIO_CLOCK_VALUE)
		value |= GPIO_CLOCK_LINE;
	if (!(value & GPIO_DATA_OUT) || value & GPIO_DATA_VALUE)
		value |= GPIO_DATA_LINE;
	return value;
}

static const struct reg_rule rules[] = {
	{ .offset = GPIO_CTL, .count = 6, .read = read_gpio },
	{ .offset = GMBUS1, .count = 1, .write = write_command },
	{ .offset = GMBUS2, .count = 1, .kind = REG_READ_ONLY, .read = read_status },
	{ .offset = GMBUS3, .count = 1, .read = read_data, .write = write_data },
	{ .offset = GMBUS4, .count = 1, .write = write_enable },
};

const struct reg_table regs_gmbus = REG_TABLE(rules);
