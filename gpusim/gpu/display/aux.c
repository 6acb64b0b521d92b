// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The AUX channels A to D: transactions with a DisplayPort monitor (PRM Vol. 12 "Display": DDI AUX
 * Channel; VESA DisplayPort 1.2, section 2.7). A request is answered before its write returns;
 * where nothing is plugged in it ends in a time-out, which is said at once and costs the driver no
 * wait.
 */
#include <string.h>

#include "gpusim/gpu/device.h"
#include "gpusim/gpu/interrupt.h"
#include "gpusim/gpu/mmio.h"

#define AUX_CTL_A	    0x64010
#define AUX_CTL_B	    0x64110
#define PCH_AUX_CTL_B	    0xe4110 /* a Broadwell's channels B to D are the PCH's */
#define AUX_CHANNEL(offset) ((offset) >> 8 & 3)
#define AUX_IN_PCH(offset)  ((offset) >= 0xe4000)
#define AUX_DATA	    0x04 /* from the control register: five dwords, first byte highest */
#define AUX_BYTES	    20

#define AUX_BUSY	  (1u << 31)
#define AUX_DONE	  (1u << 30)
#define AUX_INTERRUPT	  (1u << 29)
#define AUX_TIME_OUT	  (1u << 28)
#define AUX_RECEIVE_ERROR (1u << 25)
#define AUX_SIZE_SHIFT	  20
#define AUX_SIZE	  (0x1fu << AUX_SIZE_SHIFT)
/* Status bits that software clears by writing them. */
#define AUX_STATUS (AUX_DONE | AUX_TIME_OUT | AUX_RECEIVE_ERROR)

/* Bits of channels A to D in the interrupt group of the ports, or of the PCH. */
static const uint32_t interrupts[] = { 1u << 0, 1u << 25, 1u << 26, 1u << 27 };

enum aux_command {
	I2C_WRITE = 0,
	I2C_READ = 1,
	I2C_STATUS = 2,
	I2C_MIDDLE = 4, /* of a transaction: no stop follows */
	NATIVE_WRITE = 8,
	NATIVE_READ = 9,
};

/* The reply's first byte. */
#define ACK	0x00
#define NAK	0x10
#define I2C_NAK 0x40

#define HEADER 4 /* command and address, and length less one; without the length: address only */

struct message {
	unsigned int length;
	uint8_t bytes[AUX_BYTES];
};

static uint32_t address_of(const struct message *request)
{
	return (uint32_t)(request->bytes[0] & 0xf) << 16 | (uint32_t)request->bytes[1] << 8 |
	       request->bytes[2];
}

/* Bytes that are asked for or announced: 1 to 16; 0 without a length. */
static unsigned int size_of(const struct message *request)
{
	return request->length < HEADER ? 0 : (request->bytes[3] & 0xf) + 1u;
}

static void native_read(struct port *port, const struct message *request, struct message *reply)
{
	unsigned int size = size_of(request);

	for (unsigned int i = 0; i < size; i++)
		reply->bytes[reply->length++] = dpcd_read(&port->dpcd, address_of(request) + i);
}

static void native_write(struct port *port, const struct message *request, struct message *reply)
{
	unsigned int size = size_of(request);

	if (request->length < HEADER + size) {
		reply->bytes[0] = NAK;
		return;
	}
	for (unsigned int i = 0; i < size; i++)
		dpcd_write(&port->dpcd, address_of(request) + i, request->bytes[HEADER + i]);
}

static void i2c(struct port *port, const struct message *request, struct message *reply)
{
	unsigned int command = request->bytes[0] >> 4, size = size_of(request);
	uint8_t address = address_of(request) & 0x7f;
	bool reads = command & I2C_READ;

	if (!ddc_start(&port->ddc, address, reads)) {
		reply->bytes[0] = I2C_NAK;
	} else if (reads) {
		for (unsigned int i = 0; i < size; i++)
			reply->bytes[reply->length++] = ddc_read(&port->ddc);
	} else if (!(command & I2C_STATUS)) {
		for (unsigned int i = 0; i < size && HEADER + i < request->length; i++)
			ddc_write(&port->ddc, address, request->bytes[HEADER + i]);
	}
	if (!(command & I2C_MIDDLE))
		ddc_stop(&port->ddc);
}

static void answer(struct port *port, const struct message *request, struct message *reply)
{
	*reply = (struct message){ .length = 1, .bytes = { ACK } };
	switch (request->bytes[0] >> 4) {
	case NATIVE_READ:
		native_read(port, request, reply);
		break;
	case NATIVE_WRITE:
		native_write(port, request, reply);
		break;
	case I2C_WRITE:
	case I2C_READ:
	case I2C_STATUS:
	case I2C_WRITE | I2C_MIDDLE:
	case I2C_READ | I2C_MIDDLE:
	case I2C_STATUS | I2C_MIDDLE:
		i2c(port, request, reply);
		break;
	default:
		reply->bytes[0] = NAK;
	}
}

static void read_message(const struct gpu *gpu, uint32_t data, struct message *message)
{
	for (unsigned int i = 0; i < AUX_BYTES; i++)
		message->bytes[i] = (uint8_t)(gpu->regs[data / 4 + i / 4] >> (24 - i % 4 * 8));
}

static void write_message(struct gpu *gpu, uint32_t data, const struct message *message)
{
	memset(&gpu->regs[data / 4], 0, AUX_BYTES);
	for (unsigned int i = 0; i < message->length; i++)
		gpu->regs[data / 4 + i / 4] |= (uint32_t)message->bytes[i] << (24 - i % 4 * 8);
}

/* The control register's status bits and size after a transaction. */
static uint32_t transact(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	struct port *port = port_on_aux(gpu, AUX_CHANNEL(offset));
	struct message request = { .length = value >> AUX_SIZE_SHIFT & 0x1f }, reply;

	if (!port)
		return AUX_DONE | AUX_TIME_OUT;
	/* A command and an address at least. */
	if (request.length < 3 || request.length > AUX_BYTES)
		return AUX_DONE | AUX_RECEIVE_ERROR;
	read_message(gpu, offset + AUX_DATA, &request);
	answer(port, &request, &reply);
	write_message(gpu, offset + AUX_DATA, &reply);
	return AUX_DONE | reply.length << AUX_SIZE_SHIFT;
}

static void write_aux(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t status = gpu->regs[offset / 4] & AUX_STATUS & ~value;

	if (!(value & AUX_BUSY)) {
		gpu->regs[offset / 4] = (value & ~AUX_STATUS) | status;
		return;
	}
	status = transact(gpu, offset, value);
	gpu->regs[offset / 4] = (value & ~(AUX_BUSY | AUX_STATUS | AUX_SIZE)) | status;
	if (value & AUX_INTERRUPT)
		irq_raise(gpu, AUX_IN_PCH(offset) ? IRQ_SDE : IRQ_PORT,
			  interrupts[AUX_CHANNEL(offset)]);
}

static const struct reg_rule rules[] = {
	{ .offset = AUX_CTL_A, .count = 1, .write = write_aux },
	{ .offset = AUX_CTL_B, .count = 3, .stride = 0x100, .since = 9, .write = write_aux },
	{ .offset = PCH_AUX_CTL_B, .count = 3, .stride = 0x100, .until = 8, .write = write_aux },
};

const struct reg_table regs_aux = REG_TABLE(rules);
