// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "blit-fixture.h"

#define TABLES	       0x200000u
#define BB_START_PPGTT (0x31u << 23 | 1u << 8 | 1)

int blit_setup(void **state)
{
	*state = machine_new();
	return 0;
}

int blit_teardown(void **state)
{
	machine_free(*state);
	return 0;
}

/* 16 MiB of 2 MiB pages, one to one. */
static uint64_t context_with_tables(struct machine *machine)
{
	uint64_t context = context_make(machine, 0);

	set_ram64(machine, TABLES, (TABLES + 0x1000) | 3);
	set_ram64(machine, TABLES + 0x1000, (TABLES + 0x2000) | 3);
	for (unsigned int i = 0; i < RAM_SIZE >> 21; i++)
		set_ram64(machine, TABLES + 0x2000 + 8 * i, (uint64_t)i << 21 | 0x83);
	set_ram32(machine, CONTEXT(0) + PAGE + 4 * (0x21 + 2 * 9), TABLES);
	return context;
}

void start(struct machine *machine, const uint32_t *dwords, size_t count)
{
	uint64_t context = context_with_tables(machine);

	put(machine, BATCH, dwords, count);
	set_ram32(machine, BATCH + 4 * count, BATCH_END);
	RING_FILL(machine, 0, BB_START_PPGTT, BATCH, 0);
	engine_enable(machine, BCS);
	mmio_write32(machine, BCS + 0x3a0, 0xffff0505);
	elsp(machine, BCS, context, 0);
}

void run(struct machine *machine, const uint32_t *dwords, size_t count)
{
	start(machine, dwords, count);
	wait_reports(machine, BCS, 2);
}

void refuse(struct machine *machine, const char *words, const uint32_t *dwords, size_t count)
{
	start(machine, dwords, count);
	wait_mmio32(machine, BCS_EIR, 1, 1);
	mmio_write32(machine, 0x941c, 1u << 3);
	if (!strstr(machine->last_log, words))
		fail_msg("refused with \"%s\"", machine->last_log);
}

uint32_t noise(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	/* The low bits of such a row repeat soon. */
	return below ? (*seed >> 8) % below : *seed ^ *seed >> 16;
}

void fill_with_noise(struct machine *machine, uint32_t address, size_t length, uint32_t seed)
{
	for (size_t i = 0; i < length; i += 4) {
		uint32_t value = noise(&seed, 0);

		memcpy(machine->ram + address + i, &value, 4);
	}
}

uint8_t *snapshot(struct machine *machine, uint32_t address, size_t length)
{
	uint8_t *copy = test_malloc(length);

	memcpy(copy, machine->ram + address, length);
	return copy;
}

uint32_t pitch_field(const struct area *area)
{
	return (uint16_t)(area->layout == LINEAR ? area->pitch : area->pitch / 4);
}

/* From the uppermost bit of the offset into a tile: whose next bit it is. */
static const char *picture(const struct area *area)
{
	static const char *const yf[] = { "xyxyyyyyxxxx", "xyxyxyyyxxxx", "xyxyxyyyxxxx",
					  "xyxyxxyyxxxx", "xyxyxxyyxxxx" };
	static const char *const ys[] = { "xyxyxyxyyyyyxxxx", "xyxyxyxyxyyyxxxx",
					  "xyxyxyxyxyyyxxxx", "xyxyxyxyxxyyxxxx",
					  "xyxyxyxyxxyyxxxx" };
	unsigned int size = 0;

	while (1u << size < area->bytes)
		size++;
	switch (area->layout) {
	case X:
		return "yyyxxxxxxxxx";
	case Y:
		return "xxxyyyyyxxxx";
	case YF:
		return yf[size];
	default:
		return ys[size];
	}
}

int64_t place(const struct area *area, int32_t x, int32_t y)
{
	const char *bits;
	unsigned int x_bits = 0, y_bits = 0, offset = 0, count;

	if (area->layout == LINEAR)
		return (int64_t)y * area->pitch + x;
	bits = picture(area);
	count = strlen(bits);
	for (unsigned int bit = 0; bit < count; bit++) {
		if (bits[count - 1 - bit] == 'x')
			offset |= (x >> x_bits++ & 1u) << bit;
		else
			offset |= (y >> y_bits++ & 1u) << bit;
	}
	/* A row of tiles is as long as all the rows of pixels in it. */
	return (int64_t)(y >> y_bits) * (area->pitch << y_bits) +
	       ((int64_t)(x >> x_bits) << count) + offset;
}

uint32_t get_pixel(const uint8_t *memory, const struct area *area, int32_t x, int32_t y)
{
	uint32_t pixel = 0;

	for (unsigned int i = 0; i < area->bytes; i++)
		pixel |= (uint32_t)memory[place(area, x * (int32_t)area->bytes + (int32_t)i, y)]
			 << (8 * i);
	return pixel;
}

void put_pixel(uint8_t *memory, const struct area *area, int32_t x, int32_t y, uint32_t pixel)
{
	for (unsigned int i = 0; i < area->bytes; i++)
		memory[place(area, x * (int32_t)area->bytes + (int32_t)i, y)] = pixel >> (8 * i);
}

uint32_t combine(uint8_t rop, uint32_t pattern, uint32_t source, uint32_t destination)
{
	uint32_t result = 0;

	for (unsigned int bit = 0; bit < 32; bit++) {
		unsigned int p = pattern >> bit & 1, s = source >> bit & 1,
			     d = destination >> bit & 1;

		result |= (rop >> (4 * p + 2 * s + d) & 1u) << bit;
	}
	return result;
}

uint32_t writable(uint32_t header, unsigned int bytes)
{
	if (bytes < 4)
		return 0xffffffff;
	return (header & ALPHA ? 0xff000000 : 0) | (header & RGB ? 0x00ffffff : 0);
}

void assert_destination(struct machine *machine, uint8_t *expected, size_t length)
{
	assert_memory_equal(machine->ram + DESTINATION, expected, length);
	test_free(expected);
}
