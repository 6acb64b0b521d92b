// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: monitors behind Gen9's ports: EDID by GMBUS and AUX, DisplayPort's configuration,
 * hot-plug.
 */
#include <errno.h>
#include <string.h>

#include "blit-fixture.h"

#define GMBUS0 0xc5100u
#define GMBUS1 0xc5104u
#define GMBUS2 0xc5108u
#define GMBUS3 0xc510cu
#define GMBUS4 0xc5110u

#define PINS_B 5u
#define PINS_C 4u
#define PINS_D 6u

#define READY	 (1u << 30)
#define STOP	 (1u << 27)
#define INDEX	 (1u << 26)
#define WAIT	 (1u << 25)
#define COUNT(n) ((uint32_t)(n) << 16)
#define READ	 1u
#define CLEAR	 (1u << 31)

#define HAS_BYTES (1u << 11)
#define NAK	  (1u << 10)
#define ACTIVE	  (1u << 9)
#define WAITS	  (1u << 14)

#define SDE_ISR	     0xc4000u
#define SDE_IMR	     0xc4004u
#define SDE_IIR	     0xc4008u
#define SDE_IER	     0xc400cu
#define HOTPLUG	     0xc4030u
#define GMBUS_IN_SDE (1u << 17)

#define AUX_B	     0x64110u
#define AUX_C	     0x64210u
#define AUX_SEND     (1u << 31)
#define AUX_DONE     (1u << 30)
#define AUX_LISTEN   (1u << 29)
#define AUX_TIME_OUT (1u << 28)
#define AUX_ERROR    (1u << 25)
#define AUX_SIZE(n)  ((uint32_t)(n) << 20)

#define SEGMENT 0x30u
#define EEPROM	0x50u

#define EDID_SIZE 512u /* two segments */

static uint8_t edid[EDID_SIZE];

static int setup(void **state)
{
	struct machine *machine = machine_new();
	uint32_t seed = 3;

	for (unsigned int i = 0; i < EDID_SIZE; i++)
		edid[i] = (uint8_t)noise(&seed, 256);
	mmio_write32(machine, SDE_IER, 0xffffffff);
	mmio_write32(machine, SDE_IMR, 0);
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

static void plug(struct machine *machine, const char *connector)
{
	assert_int_equal(gpu_monitor_plug(machine->gpu, connector, edid, EDID_SIZE), 0);
}

/* Read into `bytes` what a command that was sent brings. */
static void gmbus_take(struct machine *machine, uint8_t *bytes, unsigned int count)
{
	for (unsigned int i = 0; i < count; i += 4) {
		uint32_t value;

		assert_int_equal(mmio_read32(machine, GMBUS2) & (HAS_BYTES | NAK | ACTIVE),
				 HAS_BYTES | ACTIVE);
		value = mmio_read32(machine, GMBUS3);
		for (unsigned int byte = i; byte < i + 4 && byte < count; byte++)
			bytes[byte] = (uint8_t)(value >> 8 * (byte - i));
	}
}

static void expect_edid(struct machine *machine, unsigned int from, unsigned int count)
{
	uint8_t bytes[256];

	gmbus_take(machine, bytes, count);
	assert_memory_equal(bytes, edid + from, count);
}

/* With the index in the command, in any length. */
static void test_gmbus_reads_an_edid(void **state)
{
	static const struct {
		uint8_t from;
		uint16_t count;
	} parts[] = { { 0, 128 }, { 128, 128 }, { 0, 256 }, { 5, 1 }, { 17, 2 }, { 250, 6 } };
	struct machine *machine = *state;

	plug(machine, "HDMI-B");
	mmio_write32(machine, GMBUS0, PINS_B);
	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		mmio_write32(machine, GMBUS1,
			     READY | WAIT | INDEX | COUNT(parts[i].count) |
				     (uint32_t)parts[i].from << 8 | EEPROM << 1 | READ);
		expect_edid(machine, parts[i].from, parts[i].count);
		/* The bus waits for a stop. */
		assert_int_equal(mmio_read32(machine, GMBUS2) & (WAITS | ACTIVE), WAITS | ACTIVE);
		mmio_write32(machine, GMBUS1, READY | STOP);
		assert_int_equal(mmio_read32(machine, GMBUS2), 0);
	}
}

/* What is beyond 256 bytes is in the second segment, which is the first again after a stop. */
static void test_gmbus_segments(void **state)
{
	struct machine *machine = *state;

	plug(machine, "HDMI-C");
	mmio_write32(machine, GMBUS0, PINS_C);
	mmio_write32(machine, GMBUS3, 1);
	mmio_write32(machine, GMBUS1, READY | WAIT | COUNT(1) | SEGMENT << 1);
	assert_int_equal(mmio_read32(machine, GMBUS2) & (WAITS | NAK), WAITS);
	mmio_write32(machine, GMBUS3, 128);
	mmio_write32(machine, GMBUS1, READY | WAIT | COUNT(1) | EEPROM << 1);
	assert_int_equal(mmio_read32(machine, GMBUS2) & (WAITS | NAK), WAITS);
	mmio_write32(machine, GMBUS1, READY | WAIT | STOP | COUNT(128) | EEPROM << 1 | READ);
	expect_edid(machine, 256 + 128, 128);
	assert_int_equal(mmio_read32(machine, GMBUS2), 0);
	mmio_write32(machine, GMBUS1, READY | WAIT | STOP | INDEX | COUNT(4) | EEPROM << 1 | READ);
	expect_edid(machine, 0, 4);
}

static void test_gmbus_finds_nobody(void **state)
{
	static const struct {
		uint32_t pins, address;
	} nobody[] = { { PINS_C, EEPROM }, { PINS_D, EEPROM }, { 0, EEPROM },
		       { 2, EEPROM },	   { PINS_B, 0x37 },   { PINS_B, 0 } };
	struct machine *machine = *state;

	plug(machine, "HDMI-B");
	plug(machine, "DP-D");
	for (unsigned int i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		mmio_write32(machine, GMBUS0, nobody[i].pins);
		mmio_write32(machine, GMBUS1,
			     READY | WAIT | COUNT(4) | nobody[i].address << 1 | READ);
		assert_int_equal(mmio_read32(machine, GMBUS2) & (NAK | HAS_BYTES | ACTIVE), NAK);
		mmio_write32(machine, GMBUS1, CLEAR);
		mmio_write32(machine, GMBUS1, 0);
		assert_int_equal(mmio_read32(machine, GMBUS2), 0);
	}
}

static void test_gmbus_interrupts(void **state)
{
	static const struct {
		uint32_t enable, pins;
	} events[] = { { 1u << 0, PINS_B }, { 1u << 3, PINS_C } };
	struct machine *machine = *state;

	plug(machine, "HDMI-B");
	for (unsigned int i = 0; i < 2; i++) {
		mmio_write32(machine, GMBUS4, events[i].enable);
		mmio_write32(machine, SDE_IIR, 0xffffffff);
		mmio_write32(machine, GMBUS0, events[i].pins);
		mmio_write32(machine, GMBUS1, READY | WAIT | COUNT(4) | EEPROM << 1 | READ);
		assert_int_equal(mmio_read32(machine, SDE_IIR), GMBUS_IN_SDE);
		mmio_write32(machine, GMBUS1, CLEAR);
		mmio_write32(machine, GMBUS1, 0);
	}
}

/* A monitor that goes away in the middle. */
static void test_gmbus_loses_its_monitor(void **state)
{
	struct machine *machine = *state;

	plug(machine, "HDMI-B");
	mmio_write32(machine, GMBUS0, PINS_B);
	mmio_write32(machine, GMBUS1, READY | WAIT | INDEX | COUNT(128) | EEPROM << 1 | READ);
	assert_int_equal(gpu_monitor_unplug(machine->gpu, "HDMI-B"), 0);
	mmio_read32(machine, GMBUS3);
	mmio_write32(machine, GMBUS3, 0);
	assert_int_equal(mmio_read32(machine, GMBUS2) & (NAK | HAS_BYTES), NAK);
}

struct reply {
	uint32_t status;
	unsigned int size;
	uint8_t bytes[20];
};

/* Bytes of a request, and what comes back. */
static struct reply aux(struct machine *machine, uint32_t channel, const uint8_t *request,
			unsigned int size)
{
	struct reply reply;
	uint32_t control;

	for (unsigned int i = 0; i < 20; i += 4) {
		uint32_t value = 0;

		for (unsigned int byte = i; byte < i + 4 && byte < size; byte++)
			value |= (uint32_t)request[byte] << (24 - 8 * (byte - i));
		mmio_write32(machine, channel + 4 + i, value);
	}
	mmio_write32(machine, channel,
		     AUX_SEND | AUX_LISTEN | AUX_DONE | AUX_TIME_OUT | AUX_ERROR | AUX_SIZE(size));
	control = mmio_read32(machine, channel);
	assert_int_equal(control & AUX_SEND, 0);
	reply.status = control & (AUX_DONE | AUX_TIME_OUT | AUX_ERROR);
	reply.size = control >> 20 & 0x1f;
	for (unsigned int i = 0; i < 20; i++)
		reply.bytes[i] = (uint8_t)(mmio_read32(machine, channel + 4 + i / 4 * 4) >>
					   (24 - i % 4 * 8));
	return reply;
}

#define AUX(machine, channel, ...)                              \
	aux(machine, channel, (const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))

static uint8_t dpcd(struct machine *machine, uint32_t address)
{
	struct reply reply = AUX(machine, AUX_C, 0x90 | address >> 16, (uint8_t)(address >> 8),
				 (uint8_t)address, 0);

	assert_int_equal(reply.status, AUX_DONE);
	assert_int_equal(reply.size, 2);
	assert_int_equal(reply.bytes[0], 0);
	return reply.bytes[1];
}

static void set_dpcd(struct machine *machine, uint32_t address, uint8_t value)
{
	struct reply reply = AUX(machine, AUX_C, 0x80 | address >> 16, (uint8_t)(address >> 8),
				 (uint8_t)address, 0, value);

	assert_int_equal(reply.status, AUX_DONE);
	assert_int_equal(reply.bytes[0], 0);
}

static void test_aux_times_out_where_nothing_is(void **state)
{
	struct machine *machine = *state;
	struct reply reply;

	plug(machine, "HDMI-C");
	mmio_write32(machine, 0x4444c, 1u << 26);
	mmio_write32(machine, 0x44444, 0);
	reply = AUX(machine, AUX_C, 0x90, 0, 0, 0);
	assert_int_equal(reply.status, AUX_DONE | AUX_TIME_OUT);
	/* It is an event of the channel all the same. */
	assert_int_equal(mmio_read32(machine, 0x44448), 1u << 26);
}

static void test_aux_reads_an_edid(void **state)
{
	struct machine *machine = *state;
	struct reply reply;

	plug(machine, "DP-C");
	/* The second segment; then its byte 16, in a transaction that goes on. */
	reply = AUX(machine, AUX_C, 0x40, 0, SEGMENT, 0, 1);
	assert_int_equal(reply.bytes[0], 0);
	reply = AUX(machine, AUX_C, 0x40, 0, EEPROM, 0, 16);
	assert_int_equal(reply.bytes[0], 0);
	for (unsigned int from = 16; from < 128; from += 16) {
		reply = AUX(machine, AUX_C, 0x50, 0, EEPROM, 15);
		assert_int_equal(reply.status, AUX_DONE);
		assert_int_equal(reply.size, 17);
		assert_int_equal(reply.bytes[0], 0);
		assert_memory_equal(reply.bytes + 1, edid + 256 + from, 16);
	}
	/* Address only: the stop. */
	AUX(machine, AUX_C, 0x10, 0, EEPROM);
	AUX(machine, AUX_C, 0x40, 0, EEPROM, 0, 0);
	reply = AUX(machine, AUX_C, 0x10, 0, EEPROM, 3);
	assert_memory_equal(reply.bytes + 1, edid, 4);
	/* An address that nobody has, and a command that there is not. */
	reply = AUX(machine, AUX_C, 0x50, 0, 0x37, 0);
	assert_int_equal(reply.bytes[0], 0x40);
	reply = AUX(machine, AUX_C, 0xf0, 0, 0, 0);
	assert_int_equal(reply.bytes[0], 0x10);
}

/* As a driver trains a link: of two lanes in four, those that are used. */
static void test_link_training(void **state)
{
	struct machine *machine = *state;

	plug(machine, "DP-C");
	assert_int_equal(dpcd(machine, 0x000), 0x12);
	assert_int_equal(dpcd(machine, 0x001), 0x14);
	assert_int_equal(dpcd(machine, 0x002) & 0x1f, 4);
	assert_int_equal(dpcd(machine, 0x200), 1);
	assert_int_equal(dpcd(machine, 0x600), 1);
	set_dpcd(machine, 0x100, 0x0a);
	set_dpcd(machine, 0x101, 0x82);
	assert_int_equal(dpcd(machine, 0x202), 0);
	set_dpcd(machine, 0x102, 0x21);
	assert_int_equal(dpcd(machine, 0x202), 0x11);
	set_dpcd(machine, 0x102, 0x22);
	assert_int_equal(dpcd(machine, 0x202), 0x77);
	assert_int_equal(dpcd(machine, 0x203), 0);
	assert_int_equal(dpcd(machine, 0x204) & 1, 1);
	set_dpcd(machine, 0x102, 0);
	assert_int_equal(dpcd(machine, 0x202), 0x77);
	/* What the monitor is can't be written. */
	set_dpcd(machine, 0x000, 0x55);
	assert_int_equal(dpcd(machine, 0x000), 0x12);
	/* Another one does not know of it. */
	assert_int_equal(gpu_monitor_unplug(machine->gpu, "DP-C"), 0);
	plug(machine, "DP-C");
	assert_int_equal(dpcd(machine, 0x202), 0);
}

static void test_hot_plug(void **state)
{
	static const struct {
		const char *connector;
		uint32_t live, enable, pulse;
	} ports[] = {
		{ "HDMI-B", 1u << 21, 1u << 4, 2u << 0 },
		{ "DP-C", 1u << 22, 1u << 12, 2u << 8 },
		{ "HDMI-D", 1u << 23, 1u << 20, 2u << 16 },
	};
	struct machine *machine = *state;

	assert_int_equal(mmio_read32(machine, 0xc2014) & 7, 7);
	for (unsigned int i = 0; i < 3; i++) {
		/* Not asked for, nothing is said; but it can be seen. */
		plug(machine, ports[i].connector);
		assert_int_equal(mmio_read32(machine, SDE_ISR), ports[i].live);
		assert_int_equal(mmio_read32(machine, SDE_IIR), 0);
		mmio_write32(machine, HOTPLUG, ports[i].enable);
		assert_int_equal(gpu_monitor_unplug(machine->gpu, ports[i].connector), 0);
		assert_int_equal(mmio_read32(machine, SDE_ISR), 0);
		assert_int_equal(mmio_read32(machine, SDE_IIR), ports[i].live);
		assert_int_equal(mmio_read32(machine, HOTPLUG), ports[i].enable | ports[i].pulse);
		mmio_write32(machine, HOTPLUG, ports[i].enable | ports[i].pulse);
		assert_int_equal(mmio_read32(machine, HOTPLUG), ports[i].enable);
		mmio_write32(machine, SDE_IIR, 0xffffffff);
		mmio_write32(machine, HOTPLUG, 0);
	}
}

static void test_connectors(void **state)
{
	struct machine *machine = *state;
	struct gpu *gpu = machine->gpu;
	uint8_t copy[EDID_SIZE];
	unsigned int count = 0;

	while (gpu_connector_name(count))
		count++;
	assert_int_equal(count, 6);
	assert_int_equal(gpu_monitor_plug(gpu, "VGA-1", edid, 128), -EINVAL);
	assert_int_equal(gpu_monitor_plug(gpu, "HDMI-B", edid, 0), -EINVAL);
	assert_int_equal(gpu_monitor_plug(gpu, "HDMI-B", edid, 127), -EINVAL);
	assert_int_equal(gpu_monitor_unplug(gpu, "HDMI-B"), -ENODEV);
	assert_int_equal(gpu_monitor_unplug(gpu, "VGA-1"), -EINVAL);
	plug(machine, "HDMI-B");
	assert_int_equal(gpu_monitor_plug(gpu, "DP-B", edid, 128), -EBUSY);
	assert_int_equal(gpu_monitor_unplug(gpu, "DP-B"), -ENODEV);
	assert_int_equal(gpu_monitor_edid(gpu, "HDMI-B", copy, sizeof(copy)), EDID_SIZE);
	assert_memory_equal(copy, edid, EDID_SIZE);
	assert_int_equal(gpu_monitor_edid(gpu, "DP-B", copy, sizeof(copy)), 0);
	/* In its place; and a reset takes nothing away. */
	assert_int_equal(gpu_monitor_plug(gpu, "HDMI-B", edid + 128, 128), 0);
	gpu_reset(gpu);
	assert_int_equal(mmio_read32(machine, SDE_ISR), 1u << 21);
	assert_int_equal(gpu_monitor_edid(gpu, "HDMI-B", copy, sizeof(copy)), 128);
	assert_memory_equal(copy, edid + 128, 128);
}

static void test_port_buffers(void **state)
{
	struct machine *machine = *state;

	for (uint32_t port = 0; port < 5; port++) {
		uint32_t buffer = 0x64000 + 0x100 * port, transport = buffer + 0x40;

		assert_int_equal(mmio_read32(machine, buffer), 1u << 7);
		mmio_write32(machine, buffer, 1u << 31);
		assert_int_equal(mmio_read32(machine, buffer), 1u << 31);
		mmio_write32(machine, buffer, 0);
		assert_int_equal(mmio_read32(machine, buffer), 1u << 7);
		/* The idle pattern is sent at once. */
		mmio_write32(machine, transport, 1u << 31 | 2u << 8);
		assert_int_equal(mmio_read32(machine, transport + 4) & 1u << 25, 1u << 25);
		mmio_write32(machine, transport + 4, 1u << 25);
		assert_int_equal(mmio_read32(machine, transport + 4) & 1u << 25, 0);
	}
}

/* Whatever is written to the controllers, they answer. */
static void test_any_bytes_at_all(void **state)
{
	static const uint32_t registers[] = { GMBUS0,  GMBUS1, GMBUS2, GMBUS3, GMBUS4,
					      0xc5120, AUX_B,  AUX_C,  HOTPLUG };
	struct machine *machine = *state;
	uint32_t seed = 11;

	plug(machine, "HDMI-B");
	plug(machine, "DP-C");
	for (unsigned int round = 0; round < 50000; round++) {
		uint32_t value = noise(&seed, 0);

		if (noise(&seed, 2))
			value |= READY;
		if (noise(&seed, 2))
			value = (value & ~0xffu) | EEPROM << 1 | (value & 1);
		for (unsigned int i = 0; i < 5; i++)
			mmio_write32(machine, AUX_C + 4 + 4 * i, noise(&seed, 0));
		mmio_write32(machine, registers[noise(&seed, 9)], value);
		mmio_read32(machine, GMBUS3);
		mmio_write32(machine, GMBUS0, noise(&seed, 8) | (noise(&seed, 2) << 6));
	}
	mmio_write32(machine, GMBUS1, CLEAR);
	mmio_write32(machine, GMBUS1, 0);
	mmio_write32(machine, 0xc5120, 0);
	mmio_write32(machine, GMBUS0, PINS_B);
	mmio_write32(machine, GMBUS1, READY | WAIT | INDEX | COUNT(128) | EEPROM << 1 | READ);
	expect_edid(machine, 0, 128);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_gmbus_reads_an_edid),
		TEST(test_gmbus_segments),
		TEST(test_gmbus_finds_nobody),
		TEST(test_gmbus_interrupts),
		TEST(test_gmbus_loses_its_monitor),
		TEST(test_aux_times_out_where_nothing_is),
		TEST(test_aux_reads_an_edid),
		TEST(test_link_training),
		TEST(test_hot_plug),
		TEST(test_connectors),
		TEST(test_port_buffers),
		TEST(test_any_bytes_at_all),
	};

	return cmocka_run_group_tests_name("gpusim: ports of Gen9", tests, NULL, NULL);
}
