// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: fills and copies of the blitter, in every tiling, depth and raster operation. */
#include <string.h>

#include "blit-fixture.h"

static uint32_t tiled(const struct area *area, uint32_t flag)
{
	return area->layout == LINEAR ? 0 : flag;
}

static uint32_t swctrl(enum layout from, enum layout to)
{
	return 3u << 16 | (from == Y ? 1 : 0) | (to == Y ? 2 : 0);
}

/* A rectangle that crosses tiles; all bytes are compared. */
static void check_fill(struct machine *machine, enum layout layout, uint32_t depth,
		       unsigned int bytes, int x1, int x2)
{
	const struct area to = { DESTINATION, layout, 2048, bytes };
	const uint32_t color = 0xa1b2c3d4;
	const int y1 = 5, y2 = 100;
	uint8_t *expected;

	fill_with_noise(machine, DESTINATION, AREA, depth + layout);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = y1; y < y2; y++)
		for (int x = x1; x < x2; x++)
			put_pixel(expected, &to, x, y, color);
	RUN(machine, LRI, BCS_SWCTRL, swctrl(LINEAR, layout),
	    COLOR(RGB | ALPHA | tiled(&to, DST_TILED)), depth | ROP(0xf0) | pitch_field(&to),
	    AT(x1, y1), AT(x2, y2), DESTINATION, 0, color);
	assert_destination(machine, expected, AREA);
}

static void test_fills(void **state)
{
	static const int edges[][2] = { { 13, 301 }, { 128, 256 }, { 0, 512 } };

	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		for (unsigned int i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
			check_fill(*state, layout, DEPTH_8, 1, edges[i][0], edges[i][1]);
			check_fill(*state, layout, DEPTH_565, 2, edges[i][0], edges[i][1]);
			check_fill(*state, layout, DEPTH_1555, 2, edges[i][0], edges[i][1]);
			check_fill(*state, layout, DEPTH_32, 4, edges[i][0], edges[i][1]);
		}
	}
}

/* Rows longer than anything that is worked on at once. */
static void test_wide_fill(void **state)
{
	const struct area to = { DESTINATION, LINEAR, 0x7ffc, 4 };
	struct machine *machine = *state;
	uint8_t *expected;

	fill_with_noise(machine, DESTINATION, AREA, 1);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = 1; y < 20; y++)
		for (int x = 3; x < 8000; x++)
			put_pixel(expected, &to, x, y, 0x55667788);
	RUN(machine, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 0x7ffc, AT(3, 1), AT(8000, 20),
	    DESTINATION, 0, 0x55667788);
	assert_destination(machine, expected, AREA);
}

/* By size and address, without coordinates. */
static void test_sized_fill_and_copy(void **state)
{
	const struct area area = { 0, LINEAR, 256, 2 };
	struct machine *machine = *state;
	uint8_t *expected;

	fill_with_noise(machine, SOURCE, AREA, 1);
	fill_with_noise(machine, DESTINATION, AREA, 2);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = 0; y < 7; y++)
		for (int x = 0; x < 11; x++)
			put_pixel(expected + 6, &area, x, y, 0x1234);
	for (int y = 0; y < 5; y++)
		for (int x = 0; x < 9; x++)
			put_pixel(expected + 0x8000, &area, x, -y,
				  get_pixel(machine->ram + SOURCE + 10, &area, x, y));
	RUN(machine, BLT(0x40) | 4, DEPTH_565 | ROP(0xf0) | 256, 7u << 16 | 22, DESTINATION + 6, 0,
	    0x1234,
	    /* From the lowest row up, and from the right: addresses are those of the first byte. */
	    BLT(0x43) | 6, 1u << 30 | DEPTH_565 | ROP(0xcc) | (uint16_t)-256, 5u << 16 | 18,
	    DESTINATION + 0x8000 + 17, 0, 256, SOURCE + 10 + 17, 0);
	assert_destination(machine, expected, AREA);
}

static void check_copy(struct machine *machine, enum layout from, enum layout to)
{
	const int sx = 7, sy = 11, dx = 130, dy = 33, width = 200, height = 77;
	const struct area source = { SOURCE, from, 2048, 4 };
	const struct area target = { DESTINATION, to, 2048, 4 };
	uint8_t *expected;

	fill_with_noise(machine, SOURCE, AREA, from);
	fill_with_noise(machine, DESTINATION, AREA, 100 + to);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			put_pixel(expected, &target, dx + x, dy + y,
				  get_pixel(machine->ram + SOURCE, &source, sx + x, sy + y));
	RUN(machine, LRI, BCS_SWCTRL, swctrl(from, to),
	    COPY(RGB | ALPHA | tiled(&source, SRC_TILED) | tiled(&target, DST_TILED)),
	    DEPTH_32 | ROP(0xcc) | pitch_field(&target), AT(dx, dy), AT(dx + width, dy + height),
	    DESTINATION, 0, AT(sx, sy), pitch_field(&source), SOURCE, 0);
	assert_destination(machine, expected, AREA);
}

static void test_copies_between_layouts(void **state)
{
	for (enum layout from = LINEAR; from <= Y; from++)
		for (enum layout to = LINEAR; to <= Y; to++)
			check_copy(*state, from, to);
}

/* What XY_FAST_COPY_BLT calls a layout: Y and Yf share a number, and a bit tells them apart. */
static const uint32_t fast_number[] = { [LINEAR] = 0, [X] = 1, [Y] = 2, [YF] = 2, [YS] = 3 };

/* Bytes and rows; bytes are multiples of all pixels. */
struct move {
	int sx, sy, dx, dy, width, height;
};

static void check_fast_copy(struct machine *machine, enum layout from, enum layout to,
			    uint32_t depth, unsigned int bytes, const struct move *move)
{
	const struct area source = { SOURCE, from, 2048, bytes };
	const struct area target = { DESTINATION, to, 2048, bytes };
	const int size = (int)bytes;
	uint8_t *expected;

	fill_with_noise(machine, SOURCE, AREA, from);
	fill_with_noise(machine, DESTINATION, AREA, 100 + to);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = 0; y < move->height; y++)
		for (int x = 0; x < move->width; x++)
			expected[place(&target, move->dx + x, move->dy + y)] =
				machine->ram[SOURCE + place(&source, move->sx + x, move->sy + y)];
	RUN(machine, FAST(fast_number[from], fast_number[to]),
	    (from == YF ? 1u << 31 : 0) | (to == YF ? 1u << 30 : 0) | depth << 24 |
		    pitch_field(&target),
	    AT(move->dx / size, move->dy),
	    AT((move->dx + move->width) / size, move->dy + move->height), DESTINATION, 0,
	    AT(move->sx / size, move->sy), pitch_field(&source), SOURCE, 0);
	assert_destination(machine, expected, AREA);
}

static const struct {
	uint32_t number;
	unsigned int bytes;
} fast_depths[] = { { 0, 1 }, { 1, 2 }, { 3, 4 }, { 4, 8 }, { 5, 16 } };

#define FAST_DEPTHS (sizeof(fast_depths) / sizeof(fast_depths[0]))

static void test_fast_copies(void **state)
{
	/* Both rectangles cross tiles of 64 KiB. */
	static const struct move move = { 112, 51, 832, 39, 400, 110 };

	for (enum layout from = LINEAR; from <= YS; from++)
		for (enum layout to = LINEAR; to <= YS; to++)
			for (unsigned int i = 0; i < FAST_DEPTHS; i++)
				check_fast_copy(*state, from, to, fast_depths[i].number,
						fast_depths[i].bytes, &move);
}

/* Such that whole tiles become whole tiles, with parts of some around them. */
static void test_fast_copies_of_whole_tiles(void **state)
{
	static const struct move moves[] = { { 0, 0, 0, 0, 2048, 256 },
					     { 0, 0, 512, 64, 1024, 128 },
					     { 48, 13, 560, 77, 1200, 170 },
					     { 560, 77, 48, 13, 1200, 170 },
					     /* And not quite such. */
					     { 0, 4, 0, 0, 2048, 200 },
					     { 16, 0, 0, 0, 1024, 256 } };

	for (enum layout layout = X; layout <= YS; layout++)
		for (unsigned int i = 0; i < FAST_DEPTHS; i++)
			for (unsigned int k = 0; k < sizeof(moves) / sizeof(moves[0]); k++)
				check_fast_copy(*state, layout, layout, fast_depths[i].number,
						fast_depths[i].bytes, &moves[k]);
}

/* The pictures of Yf and Ys by their corners: what lies at the end of each power of two. */
static void test_places_in_a_tile_of_64k(void **state)
{
	static const struct {
		int x, y;
		uint32_t offset;
	} places[] = {
		{ 1, 0, 0x4 },	      { 4, 0, 0x80 },	 { 8, 0, 0x200 },   { 16, 0, 0x800 },
		{ 32, 0, 0x2000 },    { 64, 0, 0x8000 }, { 0, 1, 0x10 },    { 0, 4, 0x40 },
		{ 0, 8, 0x100 },      { 0, 16, 0x400 },	 { 0, 32, 0x1000 }, { 0, 64, 0x4000 },
		{ 127, 127, 0xfffc },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		set_ram32(machine, SOURCE, 0x10000 + i);
		RUN(machine, FAST(0, 3), 3u << 24 | 512 / 4, AT(places[i].x, places[i].y),
		    AT(places[i].x + 1, places[i].y + 1), DESTINATION, 0, AT(0, 0), 64, SOURCE, 0);
		assert_int_equal(ram32(machine, DESTINATION + places[i].offset), 0x10000 + i);
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
		RUN(machine, COLOR(RGB | ALPHA), DEPTH_32 | ROP(rop) | 64, AT(0, 0), AT(1, 1),
		    DESTINATION, 0, 0xf0f0f0f0);
		assert_int_equal(ram32(machine, DESTINATION),
				 combine(rop, 0xf0f0f0f0, 0, 0xaaaaaaaa));
		set_ram32(machine, DESTINATION, 0xaaaaaaaa);
		/* No pattern in a copy: black. */
		RUN(machine, COPY(RGB | ALPHA), DEPTH_32 | ROP(rop) | 64, AT(0, 0), AT(1, 1),
		    DESTINATION, 0, AT(0, 0), 64, SOURCE, 0);
		assert_int_equal(ram32(machine, DESTINATION),
				 combine(rop, 0, 0xcccccccc, 0xaaaaaaaa));
	}
}

static void test_write_mask(void **state)
{
	static const struct {
		uint32_t channels, result;
	} cases[] = {
		{ 0, 0x11223344 },
		{ RGB, 0x11bbccdd },
		{ ALPHA, 0xaa223344 },
		{ RGB | ALPHA, 0xaabbccdd },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 4; i++) {
		set_ram32(machine, DESTINATION, 0x11223344);
		RUN(machine, COLOR(cases[i].channels), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0),
		    AT(1, 1), DESTINATION, 0, 0xaabbccdd);
		assert_int_equal(ram32(machine, DESTINATION), cases[i].result);
	}
	/* Smaller pixels have no channels. */
	set_ram32(machine, DESTINATION, 0x11223344);
	RUN(machine, COLOR(0), DEPTH_565 | ROP(0xf0) | 64, AT(0, 0), AT(1, 1), DESTINATION, 0,
	    0xaabbccdd);
	assert_int_equal(ram32(machine, DESTINATION), 0x1122ccdd);
}

static void test_clip_moves_the_source_along(void **state)
{
	struct machine *machine = *state;

	for (uint32_t i = 0; i < 64; i++) {
		set_ram32(machine, SOURCE + 4 * i, i);
		set_ram32(machine, DESTINATION + 4 * i, 1000);
	}
	RUN(machine, SETUP_CLIP, AT(3, 0), AT(6, 1), COPY(RGB | ALPHA),
	    CLIPPED | DEPTH_32 | ROP(0xcc) | 256, AT(0, 0), AT(64, 1), DESTINATION, 0, AT(0, 0),
	    256, SOURCE, 0);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(ram32(machine, DESTINATION + 4 * i), i >= 3 && i < 6 ? i : 1000);
}

static void test_clip_from_negative_coordinates(void **state)
{
	const struct area to = { DESTINATION, X, 512, 4 };
	struct machine *machine = *state;
	uint8_t *expected;

	fill_with_noise(machine, DESTINATION, AREA, 3);
	expected = snapshot(machine, DESTINATION, AREA);
	for (int y = 0; y < 9; y++)
		for (int x = 0; x < 20; x++)
			put_pixel(expected, &to, x, y, 0x01020304);
	RUN(machine, SETUP_CLIP, AT(0, 0), AT(20, 9), COLOR(RGB | ALPHA | DST_TILED),
	    CLIPPED | DEPTH_32 | ROP(0xf0) | pitch_field(&to), AT(-32768, -32768), AT(32767, 32767),
	    DESTINATION, 0, 0x01020304);
	assert_destination(machine, expected, AREA);
}

static void test_empty_and_turned_rectangles_do_nothing(void **state)
{
	struct machine *machine = *state;

	set_ram32(machine, DESTINATION, 0x11223344);
	RUN(machine, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(0, 5), DESTINATION,
	    0, 0xaabbccdd, COLOR(RGB | ALPHA), DEPTH_32 | ROP(0xf0) | 64, AT(9, 9), AT(0, 0),
	    DESTINATION, 0, 0xaabbccdd,
	    /* Outside of the clip rectangle, and clipped by one that is empty. */
	    SETUP_CLIP, AT(5, 5), AT(9, 9), COLOR(RGB | ALPHA), CLIPPED | DEPTH_32 | ROP(0xf0) | 64,
	    AT(0, 0), AT(5, 5), DESTINATION, 0, 0xaabbccdd, SETUP_CLIP, AT(0, 0), AT(0, 0),
	    COLOR(RGB | ALPHA), CLIPPED | DEPTH_32 | ROP(0xf0) | 64, AT(0, 0), AT(5, 5),
	    DESTINATION, 0, 0xaabbccdd, BLT(0x40) | 4, DEPTH_32 | ROP(0xf0) | 64, 3u << 16 | 3,
	    DESTINATION, 0, 0xaabbccdd);
	assert_int_equal(ram32(machine, DESTINATION), 0x11223344);
}

/* The upper half of what is written to BCS_SWCTRL selects the bits of the lower. */
static void test_swctrl_is_masked(void **state)
{
	struct machine *machine = *state;

	mmio_write32(machine, BCS_SWCTRL, 0x00030003);
	mmio_write32(machine, BCS_SWCTRL, 0x00010000);
	assert_int_equal(mmio_read32(machine, BCS_SWCTRL), 2);
	mmio_write32(machine, BCS_SWCTRL, 0x0000ffff);
	assert_int_equal(mmio_read32(machine, BCS_SWCTRL), 2);
	RUN(machine, LRI, BCS_SWCTRL, 0x00010001);
	assert_int_equal(mmio_read32(machine, BCS_SWCTRL), 3);
	RUN(machine, LRI, BCS_SWCTRL, 0x00020000);
	assert_int_equal(mmio_read32(machine, BCS_SWCTRL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fills, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_wide_fill, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_sized_fill_and_copy, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_copies_between_layouts, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_fast_copies, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_fast_copies_of_whole_tiles, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_places_in_a_tile_of_64k, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_every_raster_operation, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_write_mask, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_clip_moves_the_source_along, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_clip_from_negative_coordinates, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_empty_and_turned_rectangles_do_nothing,
						blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_swctrl_is_masked, blit_setup, blit_teardown),
	};

	return cmocka_run_group_tests_name("gpusim: fills and copies", tests, NULL, NULL);
}
