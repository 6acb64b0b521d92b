// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: what setup commands leave to the blitter, and pixels, scan lines and text drawn so. */
#include <string.h>

#include "blit-fixture.h"

#define LENGTH 0x40000u
#define PITCH  1024

#define SETUP(flags)	  (BLT(0x01) | (flags) | 8)
#define SETUP_MONO(flags) (BLT(0x11) | (flags) | 8)
#define PIXEL(flags)	  (BLT(0x24) | (flags))
#define SCANLINES(flags)  (BLT(0x25) | (flags) | 1)
#define TEXT(flags)	  (BLT(0x26) | (flags) | 3)
#define BYTE_PACKED	  (1u << 16)
#define SEEDS(x, y)	  ((uint32_t)(x) << 12 | (uint32_t)(y) << 8)
#define TEXT_CLEAR	  (1u << 29) /* zeroes are transparent: of text, */
#define PATTERN_CLEAR	  (1u << 28) /* of patterns */
#define SOLID		  (1u << 31)

#define BACKGROUND 0xb0b1b2b3u
#define FOREGROUND 0xf0f1f2f3u

static const struct area target = { DESTINATION, LINEAR, PITCH, 4 };

static uint8_t *prepare(struct machine *machine, uint32_t seed)
{
	fill_with_noise(machine, DESTINATION, LENGTH, seed);
	return snapshot(machine, DESTINATION, LENGTH);
}

static void test_pixels(void **state)
{
	static const int points[][2] = { { 0, 0 },  { 9, 3 },  { 10, 3 }, { 19, 7 },
					 { 20, 7 }, { 19, 8 }, { -1, 4 } };
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 1);

	/* Inside are those from 10, 3 to 19, 7. */
	put_pixel(expected, &target, 10, 3, BACKGROUND);
	put_pixel(expected, &target, 19, 7, BACKGROUND);
	RUN(machine, SETUP(RGB | ALPHA), CLIPPED | DEPTH_32 | ROP(0xf0) | PITCH, AT(10, 3),
	    AT(20, 8), DESTINATION, 0, BACKGROUND, FOREGROUND, PATTERN, 0);
	for (unsigned int i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		RUN(machine, PIXEL(0), AT(points[i][0], points[i][1]));
	assert_destination(machine, expected, LENGTH);
}

/* The setup's operation and channels hold for what is drawn with it. */
static void test_pixel_operation_and_channels(void **state)
{
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 2);
	uint32_t old = get_pixel(expected, &target, 5, 6);

	put_pixel(expected, &target, 5, 6, old ^ (BACKGROUND & 0x00ffffff));
	RUN(machine, SETUP(RGB), DEPTH_32 | ROP(0x5a) | PITCH, 0, 0, DESTINATION, 0, BACKGROUND,
	    FOREGROUND, PATTERN, 0, PIXEL(0), AT(5, 6));
	assert_destination(machine, expected, LENGTH);
}

static void test_scanlines_of_a_color_pattern(void **state)
{
	const struct area pattern = { PATTERN, LINEAR, 32, 4 };
	const struct area to = { DESTINATION, Y, PITCH, 4 };
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 3);

	fill_with_noise(machine, PATTERN, 256, 4);
	for (int y = 2; y < 40; y++)
		for (int x = 1; x < 90; x++)
			if (x >= 7 && y >= 5 && x < 80 && y < 33)
				put_pixel(expected, &to, x, y,
					  get_pixel(machine->ram + PATTERN, &pattern, (x + 3) % 8,
						    (y + 6) % 8));
	/* The address of a pattern has no bits below 6. */
	RUN(machine, LRI, BCS_SWCTRL, 0x00020002, SETUP(RGB | ALPHA | DST_TILED),
	    CLIPPED | DEPTH_32 | ROP(0xf0) | PITCH / 4, AT(7, 5), AT(80, 33), DESTINATION, 0,
	    BACKGROUND, FOREGROUND, PATTERN + 17, 0, SCANLINES(DST_TILED | SEEDS(3, 6)), AT(1, 2),
	    AT(90, 40));
	assert_destination(machine, expected, LENGTH);
}

static void check_mono_scanlines(struct machine *machine, uint32_t flags)
{
	const uint64_t bits = 0x8142c3187e00ff5a;
	uint8_t *expected = prepare(machine, 5);

	for (int y = 3; y < 30; y++) {
		for (int x = 2; x < 50; x++) {
			bool bit = !(flags & SOLID) &&
				   bits >> (8 * ((y + 1) % 8) + 7 - (x + 5) % 8) & 1;

			if (bit || !(flags & PATTERN_CLEAR))
				put_pixel(expected, &target, x, y, bit ? FOREGROUND : BACKGROUND);
		}
	}
	RUN(machine, SETUP_MONO(RGB | ALPHA), flags | DEPTH_32 | ROP(0xf0) | PITCH, 0, 0,
	    DESTINATION, 0, BACKGROUND, FOREGROUND, (uint32_t)bits, bits >> 32,
	    SCANLINES(SEEDS(5, 1)), AT(2, 3), AT(50, 30));
	assert_destination(machine, expected, LENGTH);
}

static void test_scanlines_of_a_mono_pattern(void **state)
{
	check_mono_scanlines(*state, 0);
	check_mono_scanlines(*state, PATTERN_CLEAR);
	check_mono_scanlines(*state, SOLID);
}

/* Text of `width` pixels, with its bits in memory or in the command. */
struct text {
	bool immediate, byte_packed, transparent, clipped;
	int width, height;
};

static void expect_text(const struct text *text, uint8_t *expected, const uint8_t *bits)
{
	int stride = text->byte_packed ? (text->width + 7) / 8 * 8 : text->width;

	for (int y = 0; y < text->height; y++) {
		for (int x = 0; x < text->width; x++) {
			int at = y * stride + x;
			bool bit = bits[at / 8] >> (7 - at % 8) & 1;

			if (text->clipped && (x < 2 || y < 1 || x >= 7 || y >= 9))
				continue;
			if (bit || !text->transparent)
				put_pixel(expected, &target, 40 + x, 20 + y,
					  bit ? FOREGROUND : BACKGROUND);
		}
	}
}

static void check_text(struct machine *machine, const struct text *text)
{
	uint8_t *expected = prepare(machine, 6);
	uint32_t dwords[80] = {
		SETUP(RGB | ALPHA),
		DEPTH_32 | ROP(0xcc) | PITCH | (text->clipped ? CLIPPED : 0) |
			(text->transparent ? TEXT_CLEAR : 0),
		AT(42, 21),
		AT(47, 29),
		DESTINATION,
		0,
		BACKGROUND,
		FOREGROUND,
		PATTERN,
		0,
		(text->immediate ? BLT(0x31) | 33 : TEXT(0)) |
			(text->byte_packed ? BYTE_PACKED : 0),
		AT(40, 20),
		AT(40 + text->width, 20 + text->height),
	};

	fill_with_noise(machine, SOURCE, 256, 7);
	if (text->immediate) {
		memcpy(dwords + 13, machine->ram + SOURCE + 3, 128);
	} else {
		dwords[13] = SOURCE + 3;
		dwords[14] = 0;
	}
	expect_text(text, expected, machine->ram + SOURCE + 3);
	run(machine, dwords, text->immediate ? 45 : 15);
	assert_destination(machine, expected, LENGTH);
}

static void test_text(void **state)
{
	static const int sizes[][2] = { { 8, 16 }, { 5, 7 }, { 9, 14 }, { 1, 1 }, { 31, 31 } };

	for (unsigned int i = 0; i < 16 * 5; i++) {
		const struct text text = { i & 1,      i >> 1 & 1,	 i >> 2 & 1,
					   i >> 3 & 1, sizes[i / 16][0], sizes[i / 16][1] };

		check_text(*state, &text);
	}
}

/* Two letters as they look, bit by bit and byte by byte. */
static void test_letters(void **state)
{
	static const struct {
		uint32_t flags, bits;
	} letters[] = {
		{ 0, 0x0000002f }, /* 001 011 11.: rows follow without a gap */
		{ BYTE_PACKED, 0x00c06020 }, /* each begins at a byte */
	};
	static const char *const rows[] = { "..#", ".##", "##." };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 2; i++) {
		RUN(machine, SETUP(0), DEPTH_8 | ROP(0xcc) | 64, 0, 0, DESTINATION, 0, '.', '#',
		    PATTERN, 0, BLT(0x31) | letters[i].flags | 3, AT(0, 0), AT(3, 3),
		    letters[i].bits, 0);
		for (unsigned int y = 0; y < 2; y++)
			assert_memory_equal(machine->ram + DESTINATION + 64 * y, rows[y], 3);
		if (letters[i].flags)
			assert_memory_equal(machine->ram + DESTINATION + 128, rows[2], 3);
	}
}

static void test_clip_alone(void **state)
{
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 8);

	put_pixel(expected, &target, 30, 30, BACKGROUND);
	/* The rest of the setup stays as it was. */
	RUN(machine, SETUP(RGB | ALPHA), CLIPPED | DEPTH_32 | ROP(0xf0) | PITCH, AT(0, 0), AT(5, 5),
	    DESTINATION, 0, BACKGROUND, FOREGROUND, PATTERN, 0, PIXEL(0), AT(30, 30), SETUP_CLIP,
	    AT(30, 30), AT(31, 31), PIXEL(0), AT(30, 30), PIXEL(0), AT(31, 30));
	assert_destination(machine, expected, LENGTH);
}

/* The clip rectangle of a setup is that of all blits after it. */
static void test_setup_clips_other_blits(void **state)
{
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 10);

	for (int y = 2; y < 4; y++)
		for (int x = 1; x < 3; x++)
			put_pixel(expected, &target, x, y, 0x13579bdf);
	RUN(machine, SETUP(RGB | ALPHA), DEPTH_8 | ROP(0) | 64, AT(1, 2), AT(3, 4), DESTINATION, 0,
	    BACKGROUND, FOREGROUND, PATTERN, 0, COLOR(RGB | ALPHA),
	    CLIPPED | DEPTH_32 | ROP(0xf0) | PITCH, AT(0, 0), AT(50, 50), DESTINATION, 0,
	    0x13579bdf);
	assert_destination(machine, expected, LENGTH);
}

/* A reset leaves no setup: the clip rectangle is empty. */
static void test_reset_forgets_the_setup(void **state)
{
	struct machine *machine = *state;
	uint8_t *expected = prepare(machine, 9);

	RUN(machine, SETUP_CLIP, AT(0, 0), AT(100, 100));
	mmio_write32(machine, 0x941c, 1u << 3);
	RUN(machine, COLOR(RGB | ALPHA), CLIPPED | DEPTH_32 | ROP(0xf0) | PITCH, AT(0, 0),
	    AT(50, 50), DESTINATION, 0, 1);
	assert_destination(machine, expected, LENGTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pixels, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_pixel_operation_and_channels, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_scanlines_of_a_color_pattern, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_scanlines_of_a_mono_pattern, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_text, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_letters, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_clip_alone, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_setup_clips_other_blits, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_reset_forgets_the_setup, blit_setup,
						blit_teardown),
	};

	return cmocka_run_group_tests_name("gpusim: setup of blits, and text", tests, NULL, NULL);
}
