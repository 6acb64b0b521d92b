// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: what a pipe of Gen9 shows: formats, tilings, rotations, places, blending, scalers.
 *
 * Where a pixel lies in memory comes from blit-fixture.h; what colour it has, from the tables here.
 */
#include <string.h>

#include "blit-fixture.h"

#define ENABLE	   (1u << 31)
#define HTOTAL_A   0x60000u
#define VTOTAL_A   0x6000cu
#define VBLANK_A   0x60010u
#define PIPESRC_A  0x6001cu
#define PIPECONF_A 0x70008u

#define PLANE(n)     (0x70180u + 0x100 * (n))
#define PLANE_STRIDE 0x08
#define PLANE_POS    0x0c
#define PLANE_SIZE   0x10
#define PLANE_KEYVAL 0x14
#define PLANE_KEYMSK 0x18
#define PLANE_SURF   0x1c
#define PLANE_KEYMAX 0x20
#define PLANE_OFFSET 0x24

#define CUR_CTL	 0x70080u
#define CUR_BASE 0x70084u
#define CUR_POS	 0x70088u

#define PS_POS(n)  (0x68170u + 0x100 * (n))
#define PS_SIZE(n) (0x68174u + 0x100 * (n))
#define PS_CTRL(n) (0x68180u + 0x100 * (n))

#define XRGB8888	(4u << 24)
#define RGB565		(14u << 24)
#define ORDER_RGBX	(1u << 20)
#define PREMULTIPLIED	(2u << 4)
#define COVERAGE	(3u << 4)
#define SIZE(w, h)	(((h)-1u) << 16 | ((w)-1u))
#define POINT(x, y)	((uint32_t)(uint16_t)(y) << 16 | (uint16_t)(x))
#define SOURCE_KEY	(1u << 21)
#define DESTINATION_KEY (2u << 21)

#define WIDTH	128u
#define HEIGHT	64u
#define SURFACE 0x400000u
#define OVERLAY 0x600000u
#define VIEW	0x2000000u /* behind the memory: graphics addresses of our own */

static void set_mode(struct machine *machine, uint32_t width, uint32_t height)
{
	mmio_write32(machine, HTOTAL_A, (width + 15) << 16 | (width - 1));
	mmio_write32(machine, VTOTAL_A, (height + 11) << 16 | (height - 1));
	mmio_write32(machine, VBLANK_A, (height + 11) << 16 | (height - 1));
	mmio_write32(machine, PIPESRC_A, (width - 1) << 16 | (height - 1));
}

static int setup(void **state)
{
	struct machine *machine = machine_new();

	set_mode(machine, WIDTH, HEIGHT);
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

struct picture {
	uint32_t control;
	uint32_t stride; /* as the register wants it */
	int32_t left, top;
	uint32_t x, y, width, height;
	uint32_t surface;
};

static void show(struct machine *machine, unsigned int n, const struct picture *picture)
{
	uint32_t plane = PLANE(n);

	mmio_write32(machine, plane, picture->control ? ENABLE | picture->control : 0);
	mmio_write32(machine, plane + PLANE_STRIDE, picture->stride);
	mmio_write32(machine, plane + PLANE_POS, POINT(picture->left, picture->top));
	mmio_write32(machine, plane + PLANE_SIZE, SIZE(picture->width, picture->height));
	mmio_write32(machine, plane + PLANE_OFFSET, POINT(picture->x, picture->y));
	mmio_write32(machine, plane + PLANE_SURF, picture->surface);
}

/* The pipe is off meanwhile, so that all of it takes effect at once. */
static struct gpu_image capture(struct machine *machine)
{
	struct gpu_image image;

	mmio_write32(machine, PIPECONF_A, ENABLE);
	assert_int_equal(gpu_display_capture(machine->gpu, 0, &image), 0);
	mmio_write32(machine, PIPECONF_A, 0);
	return image;
}

static void expect(const struct gpu_image *image, uint32_t x, uint32_t y, uint32_t color)
{
	uint32_t found = image->pixels[y * image->width + x];

	if (found != color)
		fail_msg("pixel %u,%u is %06x, not %06x", x, y, found, color);
}

struct sample {
	uint32_t raw, color;
};

/* Of a pixel, or with YUV of two. */
static const struct format {
	uint32_t control;
	unsigned int bytes;
	bool pairs;
	struct sample samples[4];
} formats[] = {
	{ XRGB8888,
	  4,
	  false,
	  { { 0xffc08040, 0xc08040 },
	    { 0x00112233, 0x112233 },
	    { 0x7fffffff, 0xffffff },
	    { 0, 0 } } },
	{ XRGB8888 | ORDER_RGBX,
	  4,
	  false,
	  { { 0xff4080c0, 0xc08040 },
	    { 0x00332211, 0x112233 },
	    { 0xff0000ff, 0xff0000 },
	    { 0, 0 } } },
	{ RGB565,
	  2,
	  false,
	  { { 0xf800, 0xff0000 },
	    { 0x07e0, 0x00ff00 },
	    { 0x8410, 0x848284 },
	    { 0x001f, 0x0000ff } } },
	/* Ten bits: 3ffh is all there is, 200h and 201h are the same 80h. */
	{ 2u << 24,
	  4,
	  false,
	  { { 0x3ff00000, 0xff0000 },
	    { 0x20080200, 0x808080 },
	    { 0x20180601, 0x808080 },
	    { 0x000003ff, 0x0000ff } } },
	{ 2u << 24 | ORDER_RGBX,
	  4,
	  false,
	  { { 0x3ff00000, 0x0000ff },
	    { 0x000ffc00, 0x00ff00 },
	    { 0x000003ff, 0xff0000 },
	    { 0, 0 } } },
	/* BT.601, limited: black, white, a grey, the reddest; Y0 U Y1 V from the lowest byte on. */
	{ 0,
	  2,
	  true,
	  { { 0x80108010, 0x000000 },
	    { 0x80eb80eb, 0xffffff },
	    { 0x807e807e, 0x808080 },
	    { 0xf0515a51, 0xfe0000 } } },
	{ 1u << 16,
	  2,
	  true,
	  { { 0x10801080, 0x000000 },
	    { 0xeb80eb80, 0xffffff },
	    { 0x7e807e80, 0x808080 },
	    { 0x51f0515a, 0xfe0000 } } },
	{ 2u << 16,
	  2,
	  true,
	  { { 0x80108010, 0x000000 },
	    { 0x80eb80eb, 0xffffff },
	    { 0x807e807e, 0x808080 },
	    { 0x5a51f051, 0xfe0000 } } },
	{ 3u << 16,
	  2,
	  true,
	  { { 0x10801080, 0x000000 },
	    { 0xeb80eb80, 0xffffff },
	    { 0x7e807e80, 0x808080 },
	    { 0x515a51f0, 0xfe0000 } } },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static const struct tiling {
	enum layout layout;
	uint32_t control;
	uint32_t unit; /* bytes of PLANE_STRIDE's unit */
} tilings[] = {
	{ LINEAR, 0, 64 },
	{ X, 1u << 10, 512 },
	{ Y, 4u << 10, 128 },
	{ YF, 5u << 10, 128 },
};

#define TILINGS (sizeof(tilings) / sizeof(tilings[0]))

/* No two rows and no two columns have the same order of samples. */
static unsigned int sample_at(uint32_t x, uint32_t y)
{
	return (x * x / 3 + y * y / 5 + x * y) & 3;
}

static void draw(struct machine *machine, const struct format *format, const struct area *area,
		 uint32_t width, uint32_t height)
{
	uint8_t *memory = machine->ram + area->address;

	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			uint32_t group = format->pairs ? x / 2 : x;
			uint32_t raw = format->samples[sample_at(group, y)].raw;

			if (format->pairs && x & 1)
				raw >>= 16;
			for (unsigned int i = 0; i < format->bytes; i++)
				memory[place(area, (int32_t)(x * format->bytes + i), (int32_t)y)] =
					(uint8_t)(raw >> 8 * i);
		}
	}
}

static uint32_t color_at(const struct format *format, uint32_t x, uint32_t y)
{
	return format->samples[sample_at(format->pairs ? x / 2 : x, y)].color;
}

/* Gains and cuts of the matrices are not specified to the last bit. */
static void expect_close(const struct gpu_image *image, uint32_t x, uint32_t y, uint32_t color,
			 int tolerance)
{
	uint32_t found = image->pixels[y * image->width + x];

	for (unsigned int shift = 0; shift < 24; shift += 8) {
		int difference = (int)(found >> shift & 0xff) - (int)(color >> shift & 0xff);

		if (difference > tolerance || difference < -tolerance)
			fail_msg("pixel %u,%u is %06x, not %06x", x, y, found, color);
	}
}

static void check_straight(struct machine *machine, const struct format *format,
			   const struct tiling *tiling, bool reversed)
{
	const struct area area = { SURFACE, tiling->layout, 1024, format->bytes };
	const struct picture picture = {
		.control = format->control | tiling->control | (reversed ? 2 : 0),
		.stride = 1024 / tiling->unit,
		.x = 6,
		.y = 5,
		.width = WIDTH,
		.height = HEIGHT,
		.surface = SURFACE,
	};
	struct gpu_image image;

	draw(machine, format, &area, WIDTH + 6, HEIGHT + 5);
	show(machine, 0, &picture);
	if (!picture.control)
		mmio_write32(machine, PLANE(0), ENABLE);
	mmio_write32(machine, PLANE(0) + PLANE_SURF, SURFACE);
	image = capture(machine);
	for (uint32_t y = 0; y < HEIGHT; y++)
		for (uint32_t x = 0; x < WIDTH; x++)
			expect_close(&image, x, y,
				     color_at(format, 6 + (reversed ? WIDTH - 1 - x : x),
					      5 + (reversed ? HEIGHT - 1 - y : y)),
				     format->pairs ? 2 : 0);
	gpu_image_release(&image);
}

static void test_formats_and_tilings(void **state)
{
	for (unsigned int format = 0; format < FORMATS; format++) {
		for (unsigned int tiling = 0; tiling < TILINGS; tiling++) {
			check_straight(*state, &formats[format], &tilings[tiling], false);
			check_straight(*state, &formats[format], &tilings[tiling], true);
		}
	}
}

/*
 * A driver that wants a picture turned clockwise lays its tiles out anew in the GGTT: a column of
 * tiles, from the lowest up, becomes a row.
 */
static void turn_tiles(struct machine *machine, uint32_t columns, uint32_t rows)
{
	for (uint32_t column = 0; column < columns; column++)
		for (uint32_t row = 0; row < rows; row++)
			map_page(machine, VIEW + (column * rows + row) * PAGE,
				 SURFACE + ((rows - 1 - row) * columns + column) * PAGE);
}

/* Four by two tiles of 32 by 32 pixels of 4 bytes: 128 by 64, which turned are 64 by 128. */
static void check_turned(struct machine *machine, const struct tiling *tiling, bool reversed)
{
	const struct format *format = &formats[0];
	const struct area area = { SURFACE, tiling->layout, 4 * 128, 4 };
	const struct picture picture = {
		.control = format->control | tiling->control | (reversed ? 3 : 1),
		.stride = 2,
		.x = 3,
		.y = 9,
		.width = 60,
		.height = 110,
		.surface = VIEW,
	};
	struct gpu_image image;

	draw(machine, format, &area, 128, 64);
	turn_tiles(machine, 4, 2);
	set_mode(machine, 60, 110);
	show(machine, 0, &picture);
	image = capture(machine);
	for (uint32_t y = 0; y < 110; y++) {
		for (uint32_t x = 0; x < 60; x++) {
			/* In the picture that is turned by 90°. */
			uint32_t right = 3 + (reversed ? 59 - x : x);
			uint32_t down = 9 + (reversed ? 109 - y : y);

			expect(&image, x, y, color_at(format, down, 63 - right));
		}
	}
	gpu_image_release(&image);
}

static void test_quarter_turns(void **state)
{
	check_turned(*state, &tilings[2], false);
	check_turned(*state, &tilings[2], true);
	check_turned(*state, &tilings[3], false);
	check_turned(*state, &tilings[3], true);
}

/* Every pixel of a linear surface with rows of 512 bytes. */
static void paint(struct machine *machine, uint32_t surface, uint32_t color)
{
	for (uint32_t i = 0; i < 128 * 128; i++)
		set_ram32(machine, surface + 4 * i, color);
}

/* Two planes and a cursor, at places that are partly outside. */
static void test_places(void **state)
{
	static const struct {
		int32_t left, top;
	} places[] = { { 0, 0 }, { -10, -20 }, { 100, 50 }, { -32, 10 }, { 128, 0 }, { 5, 63 } };
	struct machine *machine = *state;
	const struct picture whole = { XRGB8888, 8, 0, 0, 0, 0, WIDTH, HEIGHT, SURFACE };

	paint(machine, SURFACE, 0x111111);
	paint(machine, OVERLAY, 0x222222);
	show(machine, 0, &whole);
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int32_t left = places[i].left, top = places[i].top;
		const struct picture part = { XRGB8888, 8, left, top, 0, 0, 32, 24, OVERLAY };
		struct gpu_image image;

		show(machine, 1, &part);
		image = capture(machine);
		for (int32_t y = 0; y < (int32_t)HEIGHT; y++)
			for (int32_t x = 0; x < (int32_t)WIDTH; x++)
				expect(&image, (uint32_t)x, (uint32_t)y,
				       x >= left && x < left + 32 && y >= top && y < top + 24 ?
					       0x222222 :
					       0x111111);
		gpu_image_release(&image);
	}
}

/* The cursor's coordinates have a sign of their own. Its colours are multiplied with its alpha. */
static void test_cursor(void **state)
{
	static const struct {
		uint32_t mode;
		int32_t size;
	} modes[] = { { 0x27, 64 }, { 0x22, 128 }, { 0x23, 256 } };
	struct machine *machine = *state;
	const struct picture whole = { XRGB8888, 8, 0, 0, 0, 0, WIDTH, HEIGHT, SURFACE };

	paint(machine, SURFACE, 0x0080ff);
	for (uint32_t i = 0; i < 256 * 256; i++)
		set_ram32(machine, OVERLAY + 4 * i, 0x80400000);
	show(machine, 0, &whole);
	for (unsigned int i = 0; i < 3; i++) {
		int32_t left = 20 - modes[i].size, top = 30 - modes[i].size;
		struct gpu_image image;

		mmio_write32(machine, CUR_CTL, modes[i].mode);
		mmio_write32(machine, CUR_POS, 0x80008000 | (uint32_t)-top << 16 | (uint32_t)-left);
		mmio_write32(machine, CUR_BASE, OVERLAY);
		image = capture(machine);
		/* 40h and 0 of the cursor, and of what is below 7fh of ffh. */
		expect(&image, 0, 0, 0x40407f);
		expect(&image, 19, 29, 0x40407f);
		expect(&image, 20, 29, 0x0080ff);
		expect(&image, 19, 30, 0x0080ff);
		gpu_image_release(&image);
	}
	mmio_write32(machine, CUR_CTL, 0);
}

static void test_blending_and_keys(void **state)
{
	static const struct {
		uint32_t control, keyval, keymsk, keymax;
		uint32_t above, color; /* of 0x406080 below */
	} cases[] = {
		{ XRGB8888, 0, 0, 0, 0x00102030, 0x102030 },
		{ XRGB8888 | PREMULTIPLIED, 0, 0, 0, 0x00102030, 0x5080b0 },
		{ XRGB8888 | PREMULTIPLIED, 0, 0, 0, 0xff102030, 0x102030 },
		{ XRGB8888 | COVERAGE, 0, 0, 0, 0x00ffffff, 0x406080 },
		{ XRGB8888 | COVERAGE, 0, 0, 0, 0xff102030, 0x102030 },
		/* The plane as a whole is there by a third: 55h of ffh. */
		{ XRGB8888, 0, ENABLE, 0x55000000, 0x00ff0000, 0x804055 },
		/* Green from 20h to 2fh is not there. */
		{ XRGB8888 | SOURCE_KEY, 0x002000, 2u << 24, 0x002fff, 0x00ff20ff, 0x406080 },
		{ XRGB8888 | SOURCE_KEY, 0x002000, 2u << 24, 0x002fff, 0x00ff30ff, 0xff30ff },
		/* The plane is there where 406080h, or nothing with that green, lies below. */
		{ XRGB8888 | DESTINATION_KEY, 0x406080, 0xffffff, 0, 0x00112233, 0x112233 },
		{ XRGB8888 | DESTINATION_KEY, 0x406081, 0xffffff, 0, 0x00112233, 0x406080 },
		{ XRGB8888 | DESTINATION_KEY, 0xff60ff, 0x00ff00, 0, 0x00112233, 0x112233 },
	};
	struct machine *machine = *state;
	const struct picture below = { XRGB8888, 8, 0, 0, 0, 0, WIDTH, HEIGHT, SURFACE };

	paint(machine, SURFACE, 0x406080);
	show(machine, 0, &below);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct picture above = { cases[i].control, 8,	 0, 0, 0, 0, WIDTH,
					       HEIGHT,		 OVERLAY };
		struct gpu_image image;

		paint(machine, OVERLAY, cases[i].above);
		mmio_write32(machine, PLANE(1) + PLANE_KEYVAL, cases[i].keyval);
		mmio_write32(machine, PLANE(1) + PLANE_KEYMSK, cases[i].keymsk);
		mmio_write32(machine, PLANE(1) + PLANE_KEYMAX, cases[i].keymax);
		show(machine, 1, &above);
		image = capture(machine);
		expect_close(&image, 17, 33, cases[i].color, 1);
		gpu_image_release(&image);
	}
}

/* Eight by four pixels, each another colour, shown by a scaler in a window of 32 by 16. */
static void check_scaled(struct machine *machine, uint32_t what)
{
	struct gpu_image image;

	mmio_write32(machine, PS_CTRL(0), ENABLE | what << 25);
	mmio_write32(machine, PS_POS(0), 16u << 16 | 8);
	mmio_write32(machine, PS_SIZE(0), 32u << 16 | 16);
	image = capture(machine);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		for (uint32_t x = 0; x < WIDTH; x++) {
			bool inside = x >= 16 && x < 48 && y >= 8 && y < 24;

			expect(&image, x, y, inside ? (y - 8) / 4 << 8 | ((x - 16) / 4 + 1) : 0);
		}
	}
	gpu_image_release(&image);
	mmio_write32(machine, PS_CTRL(0), 0);
	mmio_write32(machine, PS_SIZE(0), 0);
}

static void test_scalers(void **state)
{
	const struct picture small = { XRGB8888, 8, 0, 0, 0, 0, 8, 4, SURFACE };
	struct machine *machine = *state;

	for (uint32_t y = 0; y < 4; y++)
		for (uint32_t x = 0; x < 8; x++)
			set_ram32(machine, SURFACE + 512 * y + 4 * x, y << 8 | (x + 1));
	show(machine, 0, &small);
	check_scaled(machine, 1);
	/* The pipe's: the planes are placed on what is then scaled as a whole. */
	mmio_write32(machine, PIPESRC_A, 7u << 16 | 3);
	check_scaled(machine, 0);
}

static void test_pages_that_are_not_there(void **state)
{
	struct machine *machine = *state;
	const struct picture picture = { XRGB8888, 8, 0, 0, 0, 0, WIDTH, HEIGHT, VIEW };
	struct gpu_image image;

	paint(machine, SURFACE, 0x123456);
	map_page(machine, VIEW, SURFACE);
	show(machine, 0, &picture);
	image = capture(machine);
	expect(&image, 127, 7, 0x123456);
	expect(&image, 0, 8, 0);
	expect(&image, 127, 63, 0);
	gpu_image_release(&image);
}

static void test_nothing_to_see(void **state)
{
	struct machine *machine = *state;
	struct gpu_image image;

	assert_int_equal(gpu_display_capture(machine->gpu, 0, &image), -61 /* ENODATA */);
	assert_int_equal(gpu_display_capture(machine->gpu, 3, &image), -22 /* EINVAL */);
	image = capture(machine);
	assert_int_equal(image.width, WIDTH);
	assert_int_equal(image.height, HEIGHT);
	expect(&image, 64, 32, 0);
	gpu_image_release(&image);
}

/* Whatever is in the registers, there is a picture, and nothing outside the memory is read. */
static void test_any_registers_at_all(void **state)
{
	struct machine *machine = *state;
	uint32_t seed = 1;

	for (unsigned int round = 0; round < 60; round++) {
		struct gpu_image image;

		set_mode(machine, 1 + noise(&seed, 400), 1 + noise(&seed, 300));
		mmio_write32(machine, PIPESRC_A, noise(&seed, 0) & 0x01ff01ff);
		for (uint32_t offset = 0x70080; offset < 0x70480; offset += 4)
			mmio_write32(machine, offset, noise(&seed, 0));
		for (uint32_t offset = 0x68160; offset < 0x682a0; offset += 4)
			mmio_write32(machine, offset, noise(&seed, 0));
		/* Let them be seen, in a format that is one; sizes from 1 to all. */
		for (unsigned int n = 0; n < 3; n++) {
			mmio_write32(machine, PLANE(n),
				     ENABLE | formats[noise(&seed, FORMATS)].control |
					     tilings[noise(&seed, TILINGS)].control |
					     (noise(&seed, 0) & 0x33));
			mmio_write32(machine, PLANE(n) + PLANE_SURF, noise(&seed, 0));
		}
		mmio_write32(machine, CUR_CTL, 0x22 + noise(&seed, 6));
		mmio_write32(machine, CUR_BASE, noise(&seed, 0));
		image = capture(machine);
		gpu_image_release(&image);
	}
}

static void test_the_largest_picture(void **state)
{
	struct machine *machine = *state;
	const struct picture picture = { XRGB8888, 0xfff, 0,	0,	   0xffff,
					 0xffff,   8192,  8192, 0xfffff000 };
	struct gpu_image image;

	mmio_write32(machine, HTOTAL_A, 0xffffffff);
	mmio_write32(machine, VTOTAL_A, 0xffffffff);
	mmio_write32(machine, PIPESRC_A, 0xffffffff);
	show(machine, 0, &picture);
	image = capture(machine);
	assert_int_equal(image.width, 8192);
	assert_int_equal(image.height, 8192);
	gpu_image_release(&image);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_formats_and_tilings),
		TEST(test_quarter_turns),
		TEST(test_places),
		TEST(test_cursor),
		TEST(test_blending_and_keys),
		TEST(test_scalers),
		TEST(test_pages_that_are_not_there),
		TEST(test_nothing_to_see),
		TEST(test_any_registers_at_all),
		TEST(test_the_largest_picture),
	};

	return cmocka_run_group_tests_name("gpusim: planes of Gen9", tests, NULL, NULL);
}
