// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: fills and copies of the blitter. Where a pixel has to be is computed here by the address
 * bits that the manual's tiling pictures show, not by tiles and spans as the simulator does.
 */
#include <string.h>

#include "gpu-fixture.h"

#define SOURCE	    0x400000u
#define DESTINATION 0x600000u
#define AREA	    0x100000u
#define TABLES	    0x200000u

#define COLOR(flags)   (2u << 29 | 0x50u << 22 | (flags) | 5)
#define COPY(flags)    (2u << 29 | 0x53u << 22 | (flags) | 8)
#define FAST(src, dst) (2u << 29 | 0x42u << 22 | (src) << 20 | (dst) << 13 | 8)
#define SETUP_CLIP     (2u << 29 | 0x03u << 22 | 1)
#define ALL_CHANNELS   (3u << 20)
#define SRC_TILED      (1u << 15)
#define DST_TILED      (1u << 11)
#define DEPTH_8	       (0u << 24)
#define DEPTH_16       (1u << 24)
#define DEPTH_32       (3u << 24)
#define ROP(value)     ((value) << 16)
#define AT(x, y)       ((uint32_t)(y) << 16 | (uint16_t)(x))
#define LRI	       (0x22u << 23 | 1)
#define BCS_SWCTRL     0x22200
#define BB_START_PPGTT (0x31u << 23 | 1u << 8 | 1)
#define BATCH_END      (0x0au << 23)

enum layout {
	LINEAR,
	X,
	Y
};

/* Blits address the PPGTT: 16 MiB of 2 MiB pages, one to one. */
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

static void run(struct machine *machine, const uint32_t *dwords, size_t count)
{
	uint64_t context = context_with_tables(machine);

	put(machine, BATCH, dwords, count);
	set_ram32(machine, BATCH + 4 * count, BATCH_END);
	RING_FILL(machine, 0, BB_START_PPGTT, BATCH, 0);
	mmio_write32(machine, BCS + 0x3a0, 0xffff0505);
	elsp(machine, BCS, context, 0);
	wait_reports(machine, BCS, 2);
}

#define RUN(machine, ...)                               \
	run(machine, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static int setup(void **state)
{
	*state = machine_new();
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

/* Byte offset of byte x of row y. */
static uint32_t place(enum layout layout, uint32_t pitch, uint32_t x, uint32_t y)
{
	if (layout == X)
		return (y >> 3) * 8 * pitch + (x >> 9) * 4096 + ((y & 7) << 9 | (x & 511));
	if (layout == Y)
		return (y >> 5) * 32 * pitch + (x >> 7) * 4096 +
		       ((x >> 4 & 7) << 9 | (y & 31) << 4 | (x & 15));
	return y * pitch + x;
}

static void fill_with_noise(struct machine *machine, uint32_t address, uint32_t seed)
{
	for (uint32_t i = 0; i < AREA; i += 4) {
		seed = seed * 1664525 + 1013904223;
		set_ram32(machine, address + i, seed);
	}
}

static uint8_t *snapshot(struct machine *machine, uint32_t address)
{
	uint8_t *copy = test_malloc(AREA);

	memcpy(copy, machine->ram + address, AREA);
	return copy;
}

static uint32_t tiled_pitch(enum layout layout, uint32_t pitch)
{
	return layout == LINEAR ? pitch : pitch / 4;
}

/* A rectangle that crosses tiles, in every depth and layout; all bytes are compared. */
static void check_fill(struct machine *machine, enum layout layout, uint32_t depth, uint32_t bytes)
{
	const uint32_t pitch = 2048, x1 = 13, y1 = 5, x2 = 301, y2 = 70, color = 0xa1b2c3d4;
	uint8_t *expected;

	fill_with_noise(machine, DESTINATION, depth + layout);
	expected = snapshot(machine, DESTINATION);
	for (uint32_t y = y1; y < y2; y++)
		for (uint32_t x = x1 * bytes; x < x2 * bytes; x++)
			expected[place(layout, pitch, x, y)] = color >> (8 * (x % bytes));
	RUN(machine, LRI, BCS_SWCTRL, 2u << 16 | (layout == Y ? 2 : 0),
	    COLOR(ALL_CHANNELS | (layout == LINEAR ? 0 : DST_TILED)),
	    depth | ROP(0xf0) | tiled_pitch(layout, pitch), AT(x1, y1), AT(x2, y2), DESTINATION, 0,
	    color);
	assert_memory_equal(machine->ram + DESTINATION, expected, AREA);
	test_free(expected);
}

static void test_fills(void **state)
{
	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		check_fill(*state, layout, DEPTH_8, 1);
		check_fill(*state, layout, DEPTH_16, 2);
		check_fill(*state, layout, DEPTH_32, 4);
	}
}

static void check_copy(struct machine *machine, enum layout from, enum layout to, bool fast)
{
	const uint32_t pitch = 2048, sx = 7, sy = 11, dx = 130, dy = 33, width = 200, height = 77;
	uint8_t *expected;

	fill_with_noise(machine, SOURCE, from);
	fill_with_noise(machine, DESTINATION, 100 + to);
	expected = snapshot(machine, DESTINATION);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < 4 * width; x++)
			expected[place(to, pitch, 4 * dx + x, dy + y)] =
				machine->ram[SOURCE + place(from, pitch, 4 * sx + x, sy + y)];
	RUN(machine, LRI, BCS_SWCTRL, 3u << 16 | (from == Y ? 1 : 0) | (to == Y ? 2 : 0),
	    fast ? FAST((uint32_t)from, (uint32_t)to) :
		   COPY(ALL_CHANNELS | (from == LINEAR ? 0 : SRC_TILED) |
			(to == LINEAR ? 0 : DST_TILED)),
	    DEPTH_32 | (fast ? 0 : ROP(0xcc)) | tiled_pitch(to, pitch), AT(dx, dy),
	    AT(dx + width, dy + height), DESTINATION, 0, AT(sx, sy), tiled_pitch(from, pitch),
	    SOURCE, 0);
	assert_memory_equal(machine->ram + DESTINATION, expected, AREA);
	test_free(expected);
}

static void test_copies_between_layouts(void **state)
{
	for (enum layout from = LINEAR; from <= Y; from++) {
		for (enum layout to = LINEAR; to <= Y; to++) {
			check_copy(*state, from, to, false);
			check_copy(*state, from, to, true);
		}
	}
}

/* All 256 operations on eight pixels that hold every combination of the three inputs. */
static void test_every_raster_operation(void **state)
{
	struct machine *machine = *state;

	for (uint32_t rop = 0; rop < 256; rop++) {
		set_ram32(machine, SOURCE, 0xcccccccc);
		set_ram32(machine, DESTINATION, 0xaaaaaaaa);
		/* No source in a fill: it counts as 0. */
		RUN(machine, COLOR(ALL_CHANNELS), DEPTH_32 | ROP(rop) | 64, AT(0, 0), AT(1, 1),
		    DESTINATION, 0, 0xf0f0f0f0);
		for (unsigned int bit = 0; bit < 8; bit++) {
			unsigned int pattern = 0xf0 >> bit & 1, old = 0xaa >> bit & 1;

			assert_int_equal(ram32(machine, DESTINATION) >> bit & 1,
					 rop >> (4 * pattern + old) & 1);
		}
		set_ram32(machine, DESTINATION, 0xaaaaaaaa);
		/* No pattern in a copy: black. */
		RUN(machine, COPY(ALL_CHANNELS), DEPTH_32 | ROP(rop) | 64, AT(0, 0), AT(1, 1),
		    DESTINATION, 0, AT(0, 0), 64, SOURCE, 0);
		for (unsigned int bit = 0; bit < 8; bit++) {
			unsigned int source = 0xcc >> bit & 1, old = 0xaa >> bit & 1;

			assert_int_equal(ram32(machine, DESTINATION) >> bit & 1,
					 rop >> (2 * source + old) & 1);
		}
	}
}

static void test_write_mask(void **state)
{
	static const struct {
		uint32_t channels, result;
	} cases[] = {
		{ 0, 0x11223344 },
		{ 1u << 20, 0x11bbccdd },
		{ 2u << 20, 0xaa223344 },
		{ 3u << 20, 0xaabbccdd },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 4; i++) {
		set_ram32(machine, DESTINATION, 0x11223344);
		RUN(machine, COLOR(cases[i].channels), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0),
		    AT(1, 1), DESTINATION, 0, 0xaabbccdd);
		assert_int_equal(ram32(machine, DESTINATION), cases[i].result);
	}
}

static void test_overlap_in_every_direction(void **state)
{
	static const int moves[][2] = { { 5, 0 },  { -5, 0 }, { 0, 3 },
					{ 0, -3 }, { 7, 9 },  { -7, -9 } };
	const uint32_t pitch = 512, x = 20, y = 20, width = 60, height = 50;
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		uint32_t to_x = x + moves[i][0], to_y = y + moves[i][1];
		uint8_t *before, *expected;

		fill_with_noise(machine, SOURCE, i);
		before = snapshot(machine, SOURCE);
		expected = snapshot(machine, SOURCE);
		for (uint32_t row = 0; row < height; row++)
			memcpy(expected + (to_y + row) * pitch + 4 * to_x,
			       before + (y + row) * pitch + 4 * x, 4 * width);
		RUN(machine, COPY(ALL_CHANNELS), DEPTH_32 | ROP(0xcc) | pitch, AT(to_x, to_y),
		    AT(to_x + width, to_y + height), SOURCE, 0, AT(x, y), pitch, SOURCE, 0);
		assert_memory_equal(machine->ram + SOURCE, expected, AREA);
		test_free(before);
		test_free(expected);
	}
}

static void test_clip_moves_the_source_along(void **state)
{
	struct machine *machine = *state;

	for (uint32_t i = 0; i < 64; i++) {
		set_ram32(machine, SOURCE + 4 * i, i);
		set_ram32(machine, DESTINATION + 4 * i, 1000);
	}
	RUN(machine, SETUP_CLIP, AT(3, 0), AT(6, 1), COPY(ALL_CHANNELS),
	    1u << 30 | DEPTH_32 | ROP(0xcc) | 256, AT(0, 0), AT(64, 1), DESTINATION, 0, AT(0, 0),
	    256, SOURCE, 0);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(ram32(machine, DESTINATION + 4 * i), i >= 3 && i < 6 ? i : 1000);
}

static void test_empty_and_turned_rectangles_do_nothing(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, DESTINATION, 0x11223344);
	RUN(machine, COLOR(ALL_CHANNELS), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(0, 5),
	    DESTINATION, 0, 0xaabbccdd, COLOR(ALL_CHANNELS), DEPTH_32 | ROP(0xf0) | 64, AT(9, 9),
	    AT(0, 0), DESTINATION, 0, 0xaabbccdd);
	assert_int_equal(ram32(machine, DESTINATION), 0x11223344);
}

static void start(struct machine *machine, const uint32_t *dwords, size_t count)
{
	uint64_t context = context_with_tables(machine);

	put(machine, BATCH, dwords, count);
	RING_FILL(machine, 0, BB_START_PPGTT, BATCH, 0);
	elsp(machine, BCS, context, 0);
}

static void test_blit_out_of_memory_faults(void **state)
{
	static const uint32_t blit[] = { COLOR(ALL_CHANNELS),
					 DEPTH_32 | ROP(0xf0) | 64,
					 AT(0, 0),
					 AT(1, 1),
					 0x40000000,
					 0,
					 1,
					 BATCH_END };
	struct machine *machine = *state;

	start(machine, blit, 8);
	while (!(mmio_read32(machine, 0x4094) & 1))
		;
	assert_int_equal(mmio_read32(machine, 0x4b10), 0x40000);
}

static void test_tiled_surface_without_width(void **state)
{
	static const uint32_t blit[] = { COLOR(ALL_CHANNELS | DST_TILED),
					 DEPTH_32 | ROP(0xf0) | 1,
					 AT(0, 0),
					 AT(1, 1),
					 DESTINATION,
					 0,
					 1,
					 BATCH_END };
	struct machine *machine = *state;

	start(machine, blit, 8);
	while (!(mmio_read32(machine, BCS + 0xb0) & 1))
		;
}

/* The largest blit there is must not hold up a reset. */
static void test_reset_in_the_middle(void **state)
{
	static const uint32_t blit[] = { COLOR(ALL_CHANNELS),
					 DEPTH_32 | ROP(0x5a),
					 AT(0, 0),
					 AT(2048, 32767),
					 DESTINATION,
					 0,
					 0xffffffff,
					 BATCH_END };
	struct machine *machine = *state;

	start(machine, blit, 8);
	mmio_write32(machine, 0x941c, 1u << 3);
	assert_int_equal(mmio_read32(machine, BCS + 0x9c) & 1u << 9, 1u << 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fills, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copies_between_layouts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_raster_operation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_mask, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap_in_every_direction, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clip_moves_the_source_along, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_and_turned_rectangles_do_nothing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_blit_out_of_memory_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tiled_surface_without_width, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_in_the_middle, setup, teardown),
	};

	return cmocka_run_group_tests_name("gpusim: blitter", tests, NULL, NULL);
}
