// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Planes: every format in every tiling, turned, scaled, above each other, against expectations that are
 * written from the manuals' definitions: places by formulas for each tiling, colours in floating point.
 */
#include "display-fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH  320u
#define HEIGHT 200u

enum tiling { LINEAR, X, Y, YF };

/* By Gen9's plane control register. */
struct format {
	const char *name;
	uint32_t ctl;
	uint32_t bytes;
};

static const struct format formats[] = {
	{ "C8", 12u << 24, 1 },
	{ "RGB565", 14u << 24, 2 },
	{ "XRGB8888", 4u << 24, 4 },
	{ "XBGR8888", 4u << 24 | 1u << 20, 4 },
	{ "XRGB2101010", 2u << 24, 4 },
	{ "XBGR2101010", 2u << 24 | 1u << 20, 4 },
	{ "XRGB16161616F", 6u << 24, 8 },
	{ "XBGR16161616F", 6u << 24 | 1u << 20, 8 },
	{ "YUYV", 0u << 16, 2 },
	{ "UYVY", 1u << 16, 2 },
	{ "YVYU", 2u << 16, 2 },
	{ "VYUY", 3u << 16, 2 },
	{ "XYUV8888", 8u << 24, 4 },
};

static const uint32_t tiling_ctl[] = { 0, 1u << 10, 4u << 10, 5u << 10 };

static const struct format *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	fail();
	return NULL;
}

/* --- where a byte is --------------------------------------------------------------------------- */

static uint32_t bit(uint32_t value, unsigned int n)
{
	return value >> n & 1;
}

static void tile_size(enum tiling tiling, uint32_t bytes, uint32_t *width, uint32_t *height)
{
	*width = tiling == X ? 512 : 128;
	*height = tiling == X ? 8 : 32;
	if (tiling == YF && bytes == 1)
		*width = *height = 64;
	if (tiling == YF && bytes == 8) {
		*width = 256;
		*height = 16;
	}
}

static uint32_t offset_in_tile(enum tiling tiling, uint32_t bytes, uint32_t x, uint32_t y)
{
	switch (tiling) {
	case X:
		return y * 512 + x;
	case Y:
		return x / 16 * 512 + y * 16 + x % 16;
	default:
		break;
	}
	/* Yf: columns of 16 bytes; rows and columns of those take turns above. */
	switch (bytes) {
	case 1:
		return x % 16 + y % 32 * 16 + bit(x, 4) * 512 + bit(y, 5) * 1024 + bit(x, 5) * 2048;
	case 8:
		return x % 16 + y % 4 * 16 + bit(x, 4) * 64 + bit(x, 5) * 128 + bit(y, 2) * 256 + bit(x, 6) * 512 +
		       bit(y, 3) * 1024 + bit(x, 7) * 2048;
	default:
		return x % 16 + y % 8 * 16 + bit(x, 4) * 128 + bit(y, 3) * 256 + bit(x, 5) * 512 +
		       bit(y, 4) * 1024 + bit(x, 6) * 2048;
	}
}

static uint32_t offset_of(enum tiling tiling, uint32_t bytes, uint32_t pitch, uint32_t x, uint32_t y)
{
	uint32_t width, height;

	if (tiling == LINEAR)
		return y * pitch + x * bytes;
	tile_size(tiling, bytes, &width, &height);
	return (y / height * (pitch / width) + x * bytes / width) * 4096 +
	       offset_in_tile(tiling, bytes, x * bytes % width, y % height);
}

/* --- what colour it is ------------------------------------------------------------------------- */

static double unit(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

static double half(const uint8_t *bytes)
{
	uint32_t value = bytes[0] | (uint32_t)bytes[1] << 8;
	int exponent = value >> 10 & 31;
	double magnitude = exponent ? ldexp(1024 + (value & 1023), exponent - 25) : ldexp(value & 1023, -24);

	if (exponent == 31)
		magnitude = 1e9;
	return value & 0x8000 ? -magnitude : magnitude;
}

static void from_yuv(uint8_t y, uint8_t u, uint8_t v, bool bt709, bool full, double rgb[3])
{
	double kr = bt709 ? 0.2126 : 0.299, kb = bt709 ? 0.0722 : 0.114, kg = 1 - kr - kb;
	double luma = full ? y / 255.0 : (y - 16) / 219.0;
	double pb = (u - 128) / (full ? 255.0 : 224.0), pr = (v - 128) / (full ? 255.0 : 224.0);

	rgb[0] = luma + 2 * (1 - kr) * pr;
	rgb[2] = luma + 2 * (1 - kb) * pb;
	rgb[1] = (luma - kr * rgb[0] - kb * rgb[2]) / kg;
}

struct memory_layout {
	const uint8_t *memory;
	enum tiling tiling;
	uint32_t pitch;
};

static const uint8_t *at(const struct memory_layout *layout, const struct format *format, uint32_t x, uint32_t y)
{
	return layout->memory + offset_of(layout->tiling, format->bytes, layout->pitch, x, y);
}

static void swap(double rgb[3])
{
	double red = rgb[0];

	rgb[0] = rgb[2];
	rgb[2] = red;
}

static uint32_t word(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void yuv422(const struct memory_layout *layout, const struct format *format, uint32_t x, uint32_t y,
		   bool bt709, bool full, double rgb[3])
{
	const char *place = format->name;
	uint8_t pair[4];

	memcpy(pair, at(layout, format, x & ~1u, y), 2);
	memcpy(pair + 2, at(layout, format, x | 1, y), 2);
	/* The names tell the order of the bytes; the second Y is the odd pixel's. */
	uint32_t first_y = (uint32_t)(strchr(place, 'Y') - place);

	from_yuv(pair[first_y + (x & 1) * 2], pair[strchr(place, 'U') - place], pair[strchr(place, 'V') - place], bt709,
		 full, rgb);
}

static void expected_colour(const struct memory_layout *layout, const struct format *format, uint32_t x, uint32_t y,
			    bool bt709, bool full, double rgb[3])
{
	const uint8_t *p = at(layout, format, x, y);
	bool reversed = !strncmp(format->name, "XBGR", 4);

	if (strlen(format->name) == 4 && format->bytes == 2) {
		yuv422(layout, format, x, y, bt709, full, rgb);
	} else if (!strcmp(format->name, "XYUV8888")) {
		from_yuv(p[2], p[1], p[0], bt709, full, rgb);
	} else if (format->bytes == 1) {
		/* The palette that the test has written: red up, green down, blue the number's complement. */
		rgb[0] = p[0] / 255.0;
		rgb[1] = (255 - p[0]) / 255.0;
		rgb[2] = (p[0] ^ 0x55) / 255.0;
	} else if (format->bytes == 2) {
		uint32_t value = p[0] | (uint32_t)p[1] << 8;

		rgb[0] = (value >> 11) / 31.0;
		rgb[1] = (value >> 5 & 63) / 63.0;
		rgb[2] = (value & 31) / 31.0;
	} else if (format->bytes == 8) {
		rgb[0] = unit(half(p + 4));
		rgb[1] = unit(half(p + 2));
		rgb[2] = unit(half(p));
	} else if (strstr(format->name, "2101010")) {
		rgb[0] = (word(p) >> 20 & 1023) / 1023.0;
		rgb[1] = (word(p) >> 10 & 1023) / 1023.0;
		rgb[2] = (word(p) & 1023) / 1023.0;
	} else {
		rgb[0] = p[2] / 255.0;
		rgb[1] = p[1] / 255.0;
		rgb[2] = p[0] / 255.0;
	}
	if (reversed)
		swap(rgb);
}

static void expect_colour(const char *what, uint32_t x, uint32_t y, uint32_t seen, const double rgb[3])
{
	assert_int_equal(seen >> 24, 0);
	for (unsigned int i = 0; i < 3; i++) {
		double channel = seen >> (16 - 8 * i) & 0xff, wanted = unit(rgb[i]) * 255;

		/* One for what is cut off, and one for rounding. */
		if (fabs(channel - wanted) > 1.01)
			fail_msg("%s at %u,%u: channel %u is %.0f, should be %.1f", what, x, y, i, channel, wanted);
	}
}

/* --- the tests --------------------------------------------------------------------------------- */

static void fill_random(struct model *model, uint32_t bytes)
{
	srand(20261127);
	for (uint32_t i = 0; i < bytes; i++)
		model->memory[i] = (uint8_t)(rand() >> 7);
}

static void write_palette(struct model *model)
{
	for (uint32_t i = 0; i < 256; i++)
		write32(model, 0x4a000 + 4 * i, i << 16 | (255 - i) << 8 | (i ^ 0x55));
}

static uint32_t stride_field(enum tiling tiling, uint32_t bytes, uint32_t pitch)
{
	uint32_t width, height;

	tile_size(tiling, bytes, &width, &height);
	return tiling == LINEAR ? pitch / 64 : pitch / width;
}

/* A surface of that pitch, shown from a place in its midst. */
static void check_format(struct model *model, const struct format *format, enum tiling tiling, uint32_t extra)
{
	const uint32_t pitch = 4096, from_x = 20, from_y = 13;
	struct memory_layout layout = { model->memory, tiling, pitch };
	bool bt709 = extra & 1u << 18, full = extra & 1u << 28;
	uint32_t *picture;

	display_plane(model, 0, format->ctl | tiling_ctl[tiling] | extra, stride_field(tiling, format->bytes, pitch), WIDTH,
		      HEIGHT);
	write32(model, PLANE(0) + 0x24, from_y << 16 | from_x);
	write32(model, PLANE(0) + 0x1c, display_base(model));
	picture = display_look(model, WIDTH, HEIGHT);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		for (uint32_t x = 0; x < WIDTH; x++) {
			double rgb[3];

			expected_colour(&layout, format, x + from_x, y + from_y, bt709, full, rgb);
			expect_colour(format->name, x, y, picture[y * WIDTH + x], rgb);
		}
	}
	free(picture);
}

static void test_every_format_in_every_tiling(void **state)
{
	struct model *model = *state;
	const uint32_t bytes = 4096 * 256;

	fill_random(model, bytes);
	write_palette(model);
	display_map(model, 0, bytes);
	display_on(model, WIDTH, HEIGHT);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		for (enum tiling tiling = LINEAR; tiling <= YF; tiling++)
			check_format(model, &formats[i], tiling, 0);
	for (size_t i = 8; i < ARRAY_SIZE(formats); i++) {
		check_format(model, &formats[i], LINEAR, 1u << 18);
		check_format(model, &formats[i], LINEAR, 1u << 28);
		check_format(model, &formats[i], LINEAR, 1u << 18 | 1u << 28);
	}
}

/*
 * A picture of 4 by 3 tiles, and a view of it as i915 makes it for turned planes: column by column, each
 * from its lowest tile up. Shown, the picture is turned: by a quarter clockwise, and with the other
 * half turn back.
 */
static void check_turned(struct model *model, enum tiling tiling, const struct format *format)
{
	const uint32_t columns = 4, rows = 3, first = first_aperture_entry(model);
	struct memory_layout layout = { model->memory, tiling, 0 };
	uint32_t tile_width, tile_height, width, height, *picture, entry = first;

	tile_size(tiling, format->bytes, &tile_width, &tile_height);
	layout.pitch = columns * tile_width;
	width = layout.pitch / format->bytes;
	height = rows * tile_height;
	for (uint32_t column = 0; column < columns; column++)
		for (uint32_t row = rows; row--;)
			write_entry(model, entry++, (uint64_t)(row * columns + column) * PAGE | 1);
	write32(model, FLUSH_GGTT, 1);
	display_on(model, height, width);
	for (uint32_t quarters = 1; quarters <= 3; quarters += 2) {
		display_plane(model, 0, format->ctl | tiling_ctl[tiling] | quarters, rows, height, width);
		picture = display_look(model, height, width);
		for (uint32_t y = 0; y < width; y++) {
			for (uint32_t x = 0; x < height; x++) {
				uint32_t from_x = quarters == 1 ? y : width - 1 - y;
				uint32_t from_y = quarters == 1 ? height - 1 - x : x;
				double rgb[3];

				expected_colour(&layout, format, from_x, from_y, false, false, rgb);
				expect_colour("turned", x, y, picture[y * height + x], rgb);
			}
		}
		free(picture);
	}
	write32(model, PIPE_A + 8, 0);
}

static void test_turned_planes(void **state)
{
	struct model *model = *state;

	fill_random(model, 64 * PAGE);
	check_turned(model, Y, find("XRGB8888"));
	check_turned(model, YF, find("XRGB8888"));
	check_turned(model, Y, find("XRGB2101010"));
	check_turned(model, YF, find("XRGB16161616F"));
	/* Of linear surfaces and of X tiles there is no such thing. */
	display_on(model, 64, 64);
	display_plane(model, 0, find("XRGB8888")->ctl | tiling_ctl[X] | 1, 1, 64, 64);
	uint32_t *picture = display_look(model, 64, 64);

	for (unsigned int i = 0; i < 64 * 64; i++)
		assert_int_equal(picture[i], 0);
	free(picture);
}

/* XRGB8888, 64 bytes times `stride` a row, at the beginning of the guest's memory. */
static uint32_t *pixels(struct model *model)
{
	return (uint32_t *)(void *)model->memory;
}

static void plain(struct model *model, uint32_t width, uint32_t height)
{
	display_map(model, 0, (uint64_t)width * height * 4);
	display_on(model, width, height);
	display_plane(model, 0, 4u << 24, width * 4 / 64, width, height);
}

static void test_half_a_turn(void **state)
{
	struct model *model = *state;
	uint32_t *picture;

	fill_random(model, 128 * 100 * 4);
	plain(model, 128, 100);
	display_plane(model, 0, 4u << 24 | 2, 128 * 4 / 64, 128, 100);
	picture = display_look(model, 128, 100);
	for (uint32_t i = 0; i < 128 * 100; i++)
		assert_int_equal(picture[i], pixels(model)[128 * 100 - 1 - i] & 0xffffff);
	free(picture);
}

static void test_only_what_differs_is_copied(void **state)
{
	struct model *model = *state;
	uint64_t copied;

	fill_random(model, 512 * 300 * 4);
	plain(model, 512, 300);
	free(display_look(model, 512, 300));
	copied = model->vgpu->screen.copied;
	assert_true(copied >= 512 * 299 * 4);
	free(display_look(model, 512, 300));
	assert_int_equal(model->vgpu->screen.copied, copied);
	pixels(model)[512 * 77 + 5] ^= 0xff;
	free(display_look(model, 512, 300));
	assert_in_range(model->vgpu->screen.copied - copied, 4, 4096);
	/* What the hardware does not show is no difference. */
	copied = model->vgpu->screen.copied;
	pixels(model)[512 * 77 + 5] ^= 0xff000000;
	free(display_look(model, 512, 300));
	assert_int_equal(model->vgpu->screen.copied, copied);
}

static void cursor(struct model *model, uint32_t page, int x, int y)
{
	write_entry(model, first_aperture_entry(model) + 512, (uint64_t)page * PAGE | 1);
	for (uint32_t i = 1; i < 4; i++)
		write_entry(model, first_aperture_entry(model) + 512 + i, (uint64_t)(page + i) * PAGE | 1);
	write32(model, FLUSH_GGTT, 1);
	write32(model, CURSOR, 0x27);
	write32(model, CURSOR + 8, (uint32_t)(y < 0 ? 0x8000 | -y : y) << 16 | (uint32_t)(x < 0 ? 0x8000 | -x : x));
	write32(model, CURSOR + 4, display_base(model) + 512 * PAGE);
}

static void test_the_cursor_is_where_it_should_be(void **state)
{
	struct model *model = *state;
	const uint32_t page = 1024, ground = 0x204060;
	uint32_t *image = (uint32_t *)(void *)(model->memory + page * PAGE);
	static const int places[][2] = { { 10, 20 }, { -30, -40 }, { 300, 190 }, { -64, 0 }, { 5000, 5000 }, { 256, 136 } };

	for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
		pixels(model)[i] = ground;
	plain(model, WIDTH, HEIGHT);
	/* Opaque white, half of a premultiplied red, and nothing, by thirds of its columns. */
	for (uint32_t i = 0; i < 64 * 64; i++)
		image[i] = i % 64 < 20 ? 0xffffffff : i % 64 < 40 ? 0x80800000 : 0;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int left = places[i][0], top = places[i][1];
		uint32_t *picture;

		cursor(model, page, left, top);
		picture = display_look(model, WIDTH, HEIGHT);
		for (int y = 0; y < (int)HEIGHT; y++) {
			for (int x = 0; x < (int)WIDTH; x++) {
				bool inside = x >= left && x < left + 64 && y >= top && y < top + 64;
				int column = x - left;
				uint32_t seen = picture[y * (int)WIDTH + x];

				if (!inside || column >= 40)
					assert_int_equal(seen, ground);
				else if (column < 20)
					assert_int_equal(seen, 0xffffff);
				else
					expect_colour("cursor", (uint32_t)x, (uint32_t)y, seen,
						      (const double[]){ (0x80 + 0x20 * 127 / 255.0) / 255,
									0x40 * 127 / 255.0 / 255, 0x60 * 127 / 255.0 / 255 });
			}
		}
		free(picture);
	}
	/* A write of its position alone moves it; it needs no other. */
	write32(model, CURSOR + 8, 100 << 16 | 100);
	uint32_t *picture = display_look(model, WIDTH, HEIGHT);

	assert_int_equal(picture[100 * WIDTH + 100], 0xffffff);
	free(picture);
	/* Behind a new control register it waits for its base. */
	write32(model, CURSOR, 0);
	write32(model, CURSOR + 8, 0);
	picture = display_look(model, WIDTH, HEIGHT);
	assert_int_equal(picture[100 * WIDTH + 100], 0xffffff);
	free(picture);
	write32(model, CURSOR + 4, 0);
	picture = display_look(model, WIDTH, HEIGHT);
	assert_int_equal(picture[100 * WIDTH + 100], ground);
	free(picture);
}

/* A second plane of 40 by 30 above the first, out of the same memory. */
static void sprite(struct model *model, uint32_t ctl, int left, int top)
{
	write32(model, PLANE(1), 0x80000000 | 4u << 24 | ctl);
	write32(model, PLANE(1) + 0x08, WIDTH * 4 / 64);
	write32(model, PLANE(1) + 0x0c, (uint32_t)top << 16 | (uint32_t)(left & 0xffff));
	write32(model, PLANE(1) + 0x10, 29u << 16 | 39);
	write32(model, PLANE(1) + 0x24, 100u << 16 | 100);
	write32(model, PLANE(1) + 0x1c, display_base(model));
}

static uint32_t look_at(struct model *model, uint32_t x, uint32_t y)
{
	uint32_t *picture = display_look(model, WIDTH, HEIGHT), pixel = picture[y * WIDTH + x];

	free(picture);
	return pixel;
}

static void test_a_sprite_above_the_primary(void **state)
{
	struct model *model = *state;

	for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
		pixels(model)[i] = i % WIDTH < 50 ? 0x0000ff : 0xff00ff00;
	plain(model, WIDTH, HEIGHT);
	sprite(model, 0, 10, 20);
	assert_int_equal(look_at(model, 9, 20), 0x0000ff);
	assert_int_equal(look_at(model, 10, 20), 0x00ff00);
	assert_int_equal(look_at(model, 49, 49), 0x00ff00);
	assert_int_equal(look_at(model, 10, 50), 0x0000ff);
	/* A quarter of it, by a constant alpha. */
	write32(model, PLANE(1) + 0x18, 0x80000000);
	write32(model, PLANE(1) + 0x20, 0x40000000);
	sprite(model, 0, 10, 20);
	expect_colour("opacity", 10, 20, look_at(model, 10, 20), (const double[]){ 0, 64 / 255.0, 191 / 255.0 });
	/* Its own colour is not there. */
	write32(model, PLANE(1) + 0x14, 0x00f000);
	write32(model, PLANE(1) + 0x18, 7u << 24);
	write32(model, PLANE(1) + 0x20, 0x00ff00);
	sprite(model, 1u << 21, 10, 20);
	assert_int_equal(look_at(model, 10, 20), 0x0000ff);
	/* Only above blue. */
	write32(model, PLANE(1) + 0x14, 0x0000ff);
	write32(model, PLANE(1) + 0x18, 0xffffff);
	sprite(model, 2u << 21, 30, 20);
	assert_int_equal(look_at(model, 49, 20), 0x00ff00);
	pixels(model)[20 * WIDTH + 49] = 0x123456;
	assert_int_equal(look_at(model, 49, 20), 0x123456);
	write32(model, PLANE(1), 0);
	write32(model, PLANE(1) + 0x1c, 0);
	assert_int_equal(look_at(model, 30, 20), 0x0000ff);
}

static void scaler(struct model *model, uint32_t of, uint32_t left, uint32_t top, uint32_t width, uint32_t height)
{
	write32(model, SCALER + 0x20, 0x80000000 | of << 25);
	write32(model, SCALER + 0x10, left << 16 | top);
	write32(model, SCALER + 0x14, width << 16 | height);
}

static void test_scalers(void **state)
{
	struct model *model = *state;
	uint32_t *picture;

	fill_random(model, WIDTH * HEIGHT * 4);
	plain(model, WIDTH, HEIGHT);
	/* The sprite's 40 by 30, doubled. */
	sprite(model, 0, 0, 0);
	scaler(model, 2, 50, 60, 80, 60);
	picture = display_look(model, WIDTH, HEIGHT);
	for (uint32_t y = 0; y < 60; y++)
		for (uint32_t x = 0; x < 80; x++)
			assert_int_equal(picture[(y + 60) * WIDTH + x + 50],
					 pixels(model)[(100 + y / 2) * WIDTH + 100 + x / 2] & 0xffffff);
	free(picture);
	/* All of half the size, in the midst of the picture, black around. */
	write32(model, PLANE(1), 0);
	write32(model, PLANE(1) + 0x1c, 0);
	scaler(model, 0, 80, 50, 160, 100);
	picture = display_look(model, WIDTH, HEIGHT);
	assert_int_equal(picture[49 * WIDTH + 80], 0);
	assert_int_equal(picture[50 * WIDTH + 79], 0);
	assert_int_equal(picture[50 * WIDTH + 80], pixels(model)[0] & 0xffffff);
	assert_int_equal(picture[149 * WIDTH + 239], pixels(model)[198 * WIDTH + 318] & 0xffffff);
	assert_int_equal(picture[150 * WIDTH + 239], 0);
	free(picture);
}

static void test_gamma_goes_through_the_palette(void **state)
{
	struct model *model = *state;

	pixels(model)[0] = 0x102030;
	plain(model, WIDTH, HEIGHT);
	for (uint32_t i = 0; i < 256; i++)
		write32(model, 0x4a000 + 4 * i, (255 - i) * 0x010101);
	assert_int_equal(look_at(model, 0, 0), 0x102030);
	display_plane(model, 0, 4u << 24 | 1u << 30, WIDTH * 4 / 64, WIDTH, HEIGHT);
	assert_int_equal(look_at(model, 0, 0), 0xefdfcf);
	/* A table of more than 256 is not this one. */
	write32(model, 0x4a480, 1);
	assert_int_equal(look_at(model, 0, 0), 0x102030);
}

static void test_what_is_not_mapped_is_black(void **state)
{
	struct model *model = *state;

	memset(model->memory, 0xff, WIDTH * HEIGHT * 4);
	plain(model, WIDTH, HEIGHT);
	assert_int_equal(look_at(model, 5, 5), 0xffffff);
	write_entry(model, first_aperture_entry(model) + 1, 0);
	write32(model, FLUSH_GGTT, 1);
	assert_int_equal(look_at(model, 5, 2), 0xffffff);
	assert_int_equal(look_at(model, 5, 5), 0);
	/* Nor is anything that is another's. */
	write32(model, PLANE(0) + 0x1c, 0x1000);
	assert_int_equal(look_at(model, 5, 2), 0);
}

static void test_off(void **state)
{
	struct model *model = *state;
	uint32_t width, height;
	uint8_t byte;

	assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), -ENODATA);
	plain(model, WIDTH, HEIGHT);
	/* Not for a port where no monitor is. */
	write32(model, 0x60400, 0x80000000 | 2u << 28);
	assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), -ENODATA);
	write32(model, 0x60400, 0x80000000 | 1u << 28);
	assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), 0);
	vgpu_reset(model->vgpu);
	assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), -ENODATA);
	plain(model, WIDTH, HEIGHT);
	free(display_look(model, WIDTH, HEIGHT));
	vgpu_close(model->vgpu);
	assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), -ENODATA);
	assert_int_equal(vgpu_screen_read(model->vgpu, 0, &byte, 1), 0);
}

static void test_without_memory_there_is_no_picture(void **state)
{
	struct model *model = *state;
	uint32_t width, height;

	plain(model, WIDTH, HEIGHT);
	for (unsigned int n = 1; n < 5; n++) {
		kshim_fail_allocation(n);
		assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), -ENOMEM);
		assert_int_equal(width, 0);
		kshim_fail_allocation(0);
	}
	free(display_look(model, WIDTH, HEIGHT));
}

/* Broadwell: a primary plane as large as its pipe, with formats of its own. */
static void test_broadwell(void **state)
{
	struct model *model = *state;

	pixels(model)[0] = 0x00102030;
	display_map(model, 0, WIDTH * HEIGHT * 4);
	display_on(model, WIDTH, HEIGHT);
	display_plane(model, 0, 6u << 26, WIDTH * 4, WIDTH, HEIGHT);
	assert_int_equal(look_at(model, 0, 0), 0x102030);
	display_plane(model, 0, 14u << 26, WIDTH * 4, WIDTH, HEIGHT);
	assert_int_equal(look_at(model, 0, 0), 0x302010);
	display_plane(model, 0, 5u << 26, WIDTH * 2, WIDTH, HEIGHT);
	expect_colour("RGB565", 0, 0, look_at(model, 0, 0), (const double[]){ 4 / 31.0, 1 / 63.0, 16 / 31.0 });
	/* Its sprite. */
	display_plane(model, 0, 6u << 26, WIDTH * 4, WIDTH, HEIGHT);
	write32(model, PLANE(1), 0x80000000 | 2u << 25);
	write32(model, PLANE(1) + 0x08, WIDTH * 4);
	write32(model, PLANE(1) + 0x0c, 7 << 16 | 9);
	write32(model, PLANE(1) + 0x10, 3 << 16 | 3);
	write32(model, PLANE(1) + 0x1c, display_base(model));
	assert_int_equal(look_at(model, 9, 7), 0x102030);
	assert_int_equal(look_at(model, 8, 7), 0);
}

/* Registers are anything; nothing outside is read, and nothing goes on for ever. */
static void test_any_registers(void **state)
{
	struct model *model = *state;
	uint32_t width, height;

	fill_random(model, 512 * PAGE);
	display_map(model, 0, 512 * PAGE);
	srand(1);
	for (unsigned int i = 0; i < 300; i++) {
		uint32_t block = PIPE_A + 0x80 + 0x100 * (uint32_t)(rand() % 4);

		display_on(model, 1 + (uint32_t)rand() % 700, 1 + (uint32_t)rand() % 300);
		for (unsigned int n = 0; n < 12; n++)
			write32(model, block + 4 * (uint32_t)(rand() % 12), (uint32_t)rand() << 1 ^ (uint32_t)rand());
		write32(model, block, (uint32_t)rand() << 1 | 0x80000000);
		write32(model, block + 0x1c, display_base(model) + (uint32_t)rand() % 512 * PAGE);
		scaler(model, (uint32_t)rand() % 4, (uint32_t)rand() % 8192, (uint32_t)rand() % 8192,
		       (uint32_t)rand() % 8192, (uint32_t)rand() % 8192);
		assert_int_equal(vgpu_screen_refresh(model->vgpu, &width, &height), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_format_in_every_tiling),
		TEST(test_turned_planes),
		TEST(test_half_a_turn),
		TEST(test_only_what_differs_is_copied),
		TEST(test_the_cursor_is_where_it_should_be),
		TEST(test_a_sprite_above_the_primary),
		TEST(test_scalers),
		TEST(test_gamma_goes_through_the_palette),
		TEST(test_what_is_not_mapped_is_black),
		TEST(test_off),
		TEST(test_without_memory_there_is_no_picture),
		TEST(test_any_registers),
		cmocka_unit_test_setup_teardown(test_broadwell, model_setup_bdw, model_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
