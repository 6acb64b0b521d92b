// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: copies whose source and destination overlap come out as if the source had been read as a
 * whole before.
 */
#include <string.h>

#include "blit-fixture.h"

#define LENGTH 0x80000u

struct copy {
	struct area from, to; /* anywhere from DESTINATION on */
	int sx, sy, dx, dy, width, height;
	uint8_t rop;
};

static void check(struct machine *machine, const struct copy *copy)
{
	const struct area *from = &copy->from, *to = &copy->to;
	uint8_t *before, *expected;

	fill_with_noise(machine, DESTINATION, LENGTH, copy->dx + 1000 * copy->dy);
	before = snapshot(machine, DESTINATION, LENGTH);
	expected = snapshot(machine, DESTINATION, LENGTH);
	for (int y = 0; y < copy->height; y++) {
		for (int x = 0; x < copy->width; x++) {
			uint8_t *target = expected + (to->address - DESTINATION);
			uint32_t source = get_pixel(before + (from->address - DESTINATION), from,
						    copy->sx + x, copy->sy + y);
			uint32_t old = get_pixel(target, to, copy->dx + x, copy->dy + y);

			put_pixel(target, to, copy->dx + x, copy->dy + y,
				  combine(copy->rop, 0, source, old));
		}
	}
	RUN(machine, LRI, BCS_SWCTRL,
	    3u << 16 | (from->layout == Y ? 1 : 0) | (to->layout == Y ? 2 : 0),
	    COPY(RGB | ALPHA | (from->layout == LINEAR ? 0 : SRC_TILED) |
		 (to->layout == LINEAR ? 0 : DST_TILED)),
	    DEPTH_32 | ROP(copy->rop) | pitch_field(to), AT(copy->dx, copy->dy),
	    AT(copy->dx + copy->width, copy->dy + copy->height), to->address, 0,
	    AT(copy->sx, copy->sy), pitch_field(from), from->address, 0);
	test_free(before);
	assert_destination(machine, expected, LENGTH);
}

static const int moves[][2] = { { 5, 0 },   { -5, 0 }, { 0, 3 },  { 0, -3 }, { 7, 9 },
				{ -7, -9 }, { 6, -4 }, { -6, 4 }, { 0, 0 },  { 300, 1 } };

#define MOVES (sizeof(moves) / sizeof(moves[0]))

static void test_within_a_surface(void **state)
{
	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		const struct area area = { DESTINATION, layout, 4096, 4 };

		for (unsigned int i = 0; i < 2 * MOVES; i++) {
			const struct copy copy = { area,
						   area,
						   320,
						   20,
						   320 + moves[i / 2][0],
						   20 + moves[i / 2][1],
						   330,
						   50,
						   i & 1 ? 0x66 : 0xcc };

			check(*state, &copy);
		}
	}
}

/* Rows longer than what is worked on at once, that move by less than a row. */
static void test_wide_rows(void **state)
{
	static const int distances[] = { 1, -1, 900, -900, 1500, -1500 };
	const struct area area = { DESTINATION, LINEAR, 16384, 4 };

	for (unsigned int i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		const struct copy copy = { area, area, 1510, 2,	  1510 + distances[i],
					   2,	 2400, 5,    0xcc };

		check(*state, &copy);
	}
}

/* The same memory by another address: all bytes still move by one distance. */
static void test_other_bases_of_the_same_pitch(void **state)
{
	static const int distances[] = { 4, -4, 40, -40, 2048, -2048, 2052, 6000, -6000 };

	for (unsigned int i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		const struct area from = { DESTINATION + 0x10000, LINEAR, 2048, 4 };
		struct area to = from;

		to.address += (uint32_t)distances[i];
		check(*state, &(struct copy){ from, to, 3, 2, 3, 2, 400, 40, 0xcc });
		check(*state, &(struct copy){ from, to, 3, 2, 3, 3, 400, 40, 0xcc });
		check(*state, &(struct copy){ from, to, 3, 3, 3, 2, 400, 40, 0x5a ^ 0xcc });
	}
}

static void test_negative_pitch(void **state)
{
	const struct area area = { DESTINATION + 0x40000, LINEAR, -2048, 4 };

	for (unsigned int i = 0; i < MOVES; i++)
		check(*state, &(struct copy){ area, area, 20, 20, 20 + moves[i][0] % 100,
					      20 + moves[i][1], 200, 50, 0xcc });
}

/* No order of rows is right where the layouts differ. */
static void test_different_layouts(void **state)
{
	static const struct area areas[] = {
		{ DESTINATION, LINEAR, 2048, 4 },
		{ DESTINATION, LINEAR, 1024, 4 },
		{ DESTINATION + 0x8000, LINEAR, -2048, 4 },
		{ DESTINATION, X, 2048, 4 },
		{ DESTINATION, X, 1024, 4 },
		{ DESTINATION + 4096, X, 2048, 4 },
		{ DESTINATION, Y, 2048, 4 },
		{ DESTINATION + 8192, Y, 2048, 4 },
	};
	const unsigned int count = sizeof(areas) / sizeof(areas[0]);

	for (unsigned int from = 0; from < count; from++)
		for (unsigned int to = 0; to < count; to++)
			check(*state, &(struct copy){ areas[from], areas[to], 3, 1, 7, 5, 240, 11,
						      (from ^ to) & 1 ? 0xcc : 0x66 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_within_a_surface, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_wide_rows, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_other_bases_of_the_same_pitch, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_negative_pitch, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_different_layouts, blit_setup, blit_teardown),
	};

	return cmocka_run_group_tests_name("gpusim: blits that overlap", tests, NULL, NULL);
}
