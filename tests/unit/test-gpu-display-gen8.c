// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: Broadwell's display: PLLs, planes, panel fitter, interrupts, the AUX channels of the PCH.
 */
#include <string.h>
#include <time.h>

#include "gpu-fixture.h"

#define ENABLE (1u << 31)

#define HTOTAL_A   0x60000u
#define VTOTAL_A   0x6000cu
#define VBLANK_A   0x60010u
#define PIPESRC_A  0x6001cu
#define LINK_M_A   0x60040u
#define LINK_N_A   0x60044u
#define DDI_FUNC_A 0x60400u
#define PIPECONF_A 0x70008u
#define FRAME_A	   0x70040u
#define SPLL	   0x46020u
#define WRPLL1	   0x46040u
#define WRPLL2	   0x46060u
#define CLK_SEL_B  0x46104u

#define DSPCNTR	   0x70180u
#define DSPSTRIDE  0x70188u
#define DSPSURF	   0x7019cu
#define DSPOFFSET  0x701a4u
#define SPRCTL	   0x70280u
#define SPRSTRIDE  0x70288u
#define SPRPOS	   0x7028cu
#define SPRSIZE	   0x70290u
#define SPRKEYVAL  0x70294u
#define SPRKEYMSK  0x70298u
#define SPRSURF	   0x7029cu
#define SPRKEYMAX  0x702a0u
#define PF_WIN_POS 0x68070u
#define PF_WIN_SZ  0x68074u
#define PF_CTL	   0x68080u

#define PIPE_A_IMR 0x44404u
#define PIPE_A_IIR 0x44408u
#define PIPE_A_IER 0x4440cu

#define XRGB8888 (6u << 26)
#define TILED	 (1u << 10)
#define TURNED	 (1u << 15)

#define WIDTH	64u
#define HEIGHT	48u
#define STRIDE	512u
#define SURFACE 0x400000u
#define SPRITE	0x500000u

static int setup(void **state)
{
	struct machine *machine = machine_new_device("bdw-gt2");

	mmio_write32(machine, HTOTAL_A, 79u << 16 | (WIDTH - 1));
	mmio_write32(machine, VTOTAL_A, 59u << 16 | (HEIGHT - 1));
	mmio_write32(machine, VBLANK_A, 59u << 16 | (HEIGHT - 1));
	mmio_write32(machine, PIPESRC_A, (WIDTH - 1) << 16 | (HEIGHT - 1));
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Frames between two readings, each between two looks at the clock. */
static void expect_rate(struct machine *machine, uint64_t millihertz)
{
	uint64_t clock[4];
	uint32_t frames;

	clock[0] = now_ns();
	frames = mmio_read32(machine, FRAME_A);
	clock[1] = now_ns();
	while (now_ns() - clock[1] < 200000000)
		;
	clock[2] = now_ns();
	frames = mmio_read32(machine, FRAME_A) - frames;
	clock[3] = now_ns();
	assert_true(frames + 2 >= (clock[2] - clock[1]) * millihertz / 1000000000000);
	assert_true(frames <= (clock[3] - clock[0]) * millihertz / 1000000000000 + 2);
}

/* A frame has 1344 by 806 pixels: with 32.5 million of them a second, 30.002 Hz. */
static void test_port_clocks(void **state)
{
	static const struct {
		uint32_t select; /* the port's clock */
		uint32_t mode; /* of the transcoder: HDMI 0, DisplayPort 2 */
		uint32_t m, n; /* pixels to symbols, for DisplayPort */
		uint32_t wrpll1, wrpll2, spll;
	} ports[] = {
		/* 2700 MHz * 26 / 12 / 36 / 5 */
		{ 4, 0, 0, 0, ENABLE | 3u << 28 | 26u << 16 | 36u << 8 | 12, 0, 0 },
		{ 5, 0, 0, 0, 0, ENABLE | 3u << 28 | 26u << 16 | 36u << 8 | 12, 0 },
		/* 135 MHz * 130 / 12 / 9 / 5 */
		{ 4, 0, 0, 0, ENABLE | 1u << 28 | 130u << 16 | 9u << 8 | 12, 0, 0 },
		/* 540, 270 and 162 million symbols of LCPLL; 270 million of SPLL */
		{ 0, 2, 65, 1080, 0, 0, 0 },
		{ 1, 2, 65, 540, 0, 0, 0 },
		{ 2, 2, 65, 324, 0, 0, 0 },
		{ 3, 2, 65, 540, 0, 0, ENABLE | 1u << 26 },
	};
	struct machine *machine = *state;

	/* None is clocked. */
	for (uint32_t port = 0; port < 5; port++)
		assert_int_equal(mmio_read32(machine, 0x46100 + 4 * port), 7u << 29);
	mmio_write32(machine, HTOTAL_A, 1343u << 16 | 1023);
	mmio_write32(machine, VTOTAL_A, 805u << 16 | 767);
	mmio_write32(machine, VBLANK_A, 805u << 16 | 767);
	for (unsigned int i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		mmio_write32(machine, WRPLL1, ports[i].wrpll1);
		mmio_write32(machine, WRPLL2, ports[i].wrpll2);
		mmio_write32(machine, SPLL, ports[i].spll);
		mmio_write32(machine, CLK_SEL_B, ports[i].select << 29);
		mmio_write32(machine, LINK_M_A, ports[i].m);
		mmio_write32(machine, LINK_N_A, ports[i].n);
		mmio_write32(machine, DDI_FUNC_A, ENABLE | 1u << 28 | ports[i].mode << 24);
		mmio_write32(machine, PIPECONF_A, ENABLE);
		expect_rate(machine, 30002);
		mmio_write32(machine, PIPECONF_A, 0);
	}
}

/* No clock, a PLL that is off, dividers of zero: a frame has some length all the same. */
static void test_clocks_that_are_none(void **state)
{
	static const uint32_t plls[] = { 0, ENABLE | 3u << 28, 3u << 28 | 26u << 16 | 36u << 8 | 12,
					 ENABLE | 26u << 16 | 36u << 8 | 12 };
	struct machine *machine = *state;

	mmio_write32(machine, DDI_FUNC_A, ENABLE | 1u << 28);
	for (unsigned int select = 0; select < 8; select++) {
		for (unsigned int i = 0; i < sizeof(plls) / sizeof(plls[0]); i++) {
			mmio_write32(machine, WRPLL1, plls[i]);
			mmio_write32(machine, SPLL, plls[i] | 3u << 26);
			mmio_write32(machine, CLK_SEL_B, select << 29);
			mmio_write32(machine, PIPECONF_A, ENABLE);
			mmio_read32(machine, FRAME_A);
			mmio_write32(machine, PIPECONF_A, 0);
		}
	}
}

/* A colour for each place, and another for each surface. */
static uint32_t color(uint32_t surface, uint32_t x, uint32_t y)
{
	return (surface >> 16 & 0xff) << 16 | x << 8 | y;
}

static void fill(struct machine *machine, uint32_t surface, bool tiled)
{
	for (uint32_t y = 0; y < 2 * HEIGHT; y++) {
		for (uint32_t x = 0; x < STRIDE / 4; x++) {
			/* One tile in a row: 512 bytes by 8 rows. */
			uint32_t at = tiled ? (y >> 3) * 4096 + (y & 7) * 512 + 4 * x :
					      y * STRIDE + 4 * x;

			set_ram32(machine, surface + at, color(surface, x, y));
		}
	}
}

/* The picture's pixel at x, y is the surface's at surface_x, surface_y. */
static void expect_pixel(const struct gpu_image *image, uint32_t x, uint32_t y, uint32_t surface,
			 uint32_t surface_x, uint32_t surface_y)
{
	assert_int_equal(image->pixels[y * image->width + x], color(surface, surface_x, surface_y));
}

static struct gpu_image capture(struct machine *machine)
{
	struct gpu_image image;

	assert_int_equal(gpu_display_capture(machine->gpu, 0, &image), 0);
	assert_int_equal(image.width, WIDTH);
	assert_int_equal(image.height, HEIGHT);
	return image;
}

static void show_primary(struct machine *machine, uint32_t control, uint32_t x, uint32_t y)
{
	mmio_write32(machine, DSPCNTR, ENABLE | XRGB8888 | control);
	mmio_write32(machine, DSPSTRIDE, STRIDE);
	mmio_write32(machine, DSPOFFSET, y << 16 | x);
	mmio_write32(machine, DSPSURF, SURFACE);
}

/* It covers the pipe's source, from the offset on; turned, it is read from its end. */
static void test_primary_plane(void **state)
{
	static const uint32_t controls[] = { 0, TILED, TURNED, TILED | TURNED };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 4; i++) {
		const uint32_t left = 5, top = 11;
		struct gpu_image image;

		fill(machine, SURFACE, controls[i] & TILED);
		show_primary(machine, controls[i], left, top);
		mmio_write32(machine, PIPECONF_A, ENABLE);
		image = capture(machine);
		for (uint32_t y = 0; y < HEIGHT; y++)
			for (uint32_t x = 0; x < WIDTH; x++)
				expect_pixel(&image, x, y, SURFACE,
					     left + (controls[i] & TURNED ? WIDTH - 1 - x : x),
					     top + (controls[i] & TURNED ? HEIGHT - 1 - y : y));
		gpu_image_release(&image);
		mmio_write32(machine, PIPECONF_A, 0);
	}
}

static void test_primary_formats(void **state)
{
	static const struct {
		uint32_t format, pixel, expected;
	} formats[] = {
		{ 2, 0x000000a5, 0x123456 }, /* by the palette */
		{ 5, 0x0000f81f, 0xff00ff }, /* RGB565 */
		{ 6, 0x00c08040, 0xc08040 }, /* XRGB8888 */
		{ 8, 0x100802ff,
		  0xbf8040 }, /* XBGR2101010: blue 100h, green 200h, red 2ffh of 3ffh */
		{ 10, 0x3ff00000, 0xff0000 }, /* XRGB2101010 */
		{ 14, 0x00c08040, 0x4080c0 }, /* XBGR8888 */
	};
	struct machine *machine = *state;

	mmio_write32(machine, 0x4a000 + 4 * 0xa5, 0x123456);
	for (unsigned int i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct gpu_image image;

		set_ram32(machine, SURFACE, formats[i].pixel);
		mmio_write32(machine, DSPCNTR, ENABLE | formats[i].format << 26);
		mmio_write32(machine, DSPSTRIDE, STRIDE);
		mmio_write32(machine, DSPSURF, SURFACE);
		mmio_write32(machine, PIPECONF_A, ENABLE);
		image = capture(machine);
		assert_int_equal(image.pixels[0], formats[i].expected);
		gpu_image_release(&image);
		mmio_write32(machine, PIPECONF_A, 0);
	}
}

static void show_sprite(struct machine *machine, uint32_t control)
{
	mmio_write32(machine, SPRCTL, ENABLE | 2u << 25 | control);
	mmio_write32(machine, SPRSTRIDE, STRIDE);
	mmio_write32(machine, SPRPOS, 7u << 16 | 20);
	mmio_write32(machine, SPRSIZE, 9u << 16 | 15);
	mmio_write32(machine, SPRSURF, SPRITE);
}

static void test_sprite_lies_above(void **state)
{
	struct machine *machine = *state;
	struct gpu_image image;

	fill(machine, SURFACE, false);
	fill(machine, SPRITE, false);
	show_primary(machine, 0, 0, 0);
	show_sprite(machine, 0);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	image = capture(machine);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		for (uint32_t x = 0; x < WIDTH; x++) {
			bool sprite = x >= 20 && x < 36 && y >= 7 && y < 17;

			expect_pixel(&image, x, y, sprite ? SPRITE : SURFACE, sprite ? x - 20 : x,
				     sprite ? y - 7 : y);
		}
	}
	gpu_image_release(&image);
}

/* Green from 3 to 5 is not there; the other channels do not matter. */
static void test_sprite_color_key(void **state)
{
	struct machine *machine = *state;
	struct gpu_image image;

	fill(machine, SURFACE, false);
	fill(machine, SPRITE, false);
	show_primary(machine, 0, 0, 0);
	mmio_write32(machine, SPRKEYVAL, 0x000300);
	mmio_write32(machine, SPRKEYMAX, 0x000500);
	mmio_write32(machine, SPRKEYMSK, 1u << 25);
	show_sprite(machine, 1u << 22);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	image = capture(machine);
	for (uint32_t x = 20; x < 36; x++) {
		bool keyed = x - 20 >= 3 && x - 20 <= 5;

		expect_pixel(&image, x, 8, keyed ? SURFACE : SPRITE, keyed ? x : x - 20,
			     keyed ? 8 : 1);
	}
	gpu_image_release(&image);
}

/* Half the source in each direction, put into a window twice as large that is not at the corner. */
static void test_panel_fitter(void **state)
{
	struct machine *machine = *state;
	struct gpu_image image;

	fill(machine, SURFACE, false);
	mmio_write32(machine, PIPESRC_A, 15u << 16 | 11);
	show_primary(machine, 0, 0, 0);
	mmio_write32(machine, PF_CTL, ENABLE | 1u << 23);
	mmio_write32(machine, PF_WIN_POS, 8u << 16 | 4);
	mmio_write32(machine, PF_WIN_SZ, 32u << 16 | 24);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	image = capture(machine);
	assert_int_equal(image.pixels[0], 0);
	assert_int_equal(image.pixels[4 * WIDTH + 7], 0);
	expect_pixel(&image, 8, 4, SURFACE, 0, 0);
	expect_pixel(&image, 39, 27, SURFACE, 15, 11);
	assert_int_equal(image.pixels[27 * WIDTH + 40], 0);
	gpu_image_release(&image);
}

static void wait_pipe_event(struct machine *machine, uint32_t bits)
{
	uint64_t end = now_ns() + 10000000000;

	while ((mmio_read32(machine, PIPE_A_IIR) & bits) != bits)
		assert_true(now_ns() < end);
}

/* A new surface is shown from the next frame on; then its bit is set. */
static void test_flip_interrupts(void **state)
{
	struct machine *machine = *state;
	const uint32_t primary = 1u << 4, sprite = 1u << 5, vblank = 1u << 0;

	mmio_write32(machine, PIPE_A_IMR, 0);
	mmio_write32(machine, PIPE_A_IER, primary | sprite | vblank);
	show_primary(machine, 0, 0, 0);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	mmio_write32(machine, PIPE_A_IIR, 0xffffffff);
	wait_pipe_event(machine, vblank);
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR) & (primary | sprite), 0);
	mmio_write32(machine, DSPSURF, SPRITE);
	wait_pipe_event(machine, primary);
	assert_int_equal(mmio_read32(machine, 0x701ac), SPRITE);
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR) & sprite, 0);
	mmio_write32(machine, SPRSURF, SURFACE);
	wait_pipe_event(machine, sprite);
}

/* Read DPCD byte 0, the revision; returns the control register's status. */
static uint32_t aux_read(struct machine *machine, uint32_t control)
{
	mmio_write32(machine, control + 4, 0x90000000);
	mmio_write32(machine, control,
		     1u << 31 | 1u << 30 | 1u << 29 | 1u << 28 | 1u << 25 | 4u << 20);
	return mmio_read32(machine, control);
}

/* Ports B to D have their channels in the PCH, and their interrupts there, too. */
static void test_aux_channels_of_the_pch(void **state)
{
	const uint32_t done = 1u << 30, time_out = 1u << 28;
	struct machine *machine = *state;
	uint8_t edid[128] = { 0x00, 0xff };

	assert_int_equal(gpu_monitor_plug(machine->gpu, "DP-C", edid, sizeof(edid)), 0);
	mmio_write32(machine, 0xc4004, 0);
	mmio_write32(machine, 0xc400c, 0xffffffff);
	mmio_write32(machine, 0xc4008, 0xffffffff);
	assert_int_equal(aux_read(machine, 0xe4210) & (done | time_out), done);
	assert_int_equal(mmio_read32(machine, 0xe4214) >> 24, 0);
	assert_in_range(mmio_read32(machine, 0xe4214) >> 16 & 0xff, 0x10, 0x14);
	assert_int_equal(mmio_read32(machine, 0xc4008), 1u << 26);
	/* Nothing on the others, and none where Gen9 has its channel C. */
	assert_int_equal(aux_read(machine, 0xe4110) & (done | time_out), done | time_out);
	assert_int_equal(aux_read(machine, 0x64010) & (done | time_out), done | time_out);
	mmio_write32(machine, 0x64210, 1u << 31);
	assert_int_equal(mmio_read32(machine, 0x64210), 1u << 31);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_port_clocks),
		TEST(test_clocks_that_are_none),
		TEST(test_primary_plane),
		TEST(test_primary_formats),
		TEST(test_sprite_lies_above),
		TEST(test_sprite_color_key),
		TEST(test_panel_fitter),
		TEST(test_flip_interrupts),
		TEST(test_aux_channels_of_the_pch),
	};

	return cmocka_run_group_tests_name("gpusim: display of Gen8", tests, NULL, NULL);
}
