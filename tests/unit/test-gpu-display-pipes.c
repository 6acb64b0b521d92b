// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: a pipe's frames on Gen9: clocks, counters, interrupts, what takes effect when, CRCs. */
#include <string.h>
#include <time.h>

#include "gpu-fixture.h"

#define ENABLE	   (1u << 31)
#define STATE	   (1u << 30)
#define HTOTAL_A   0x60000u
#define VTOTAL_A   0x6000cu
#define VBLANK_A   0x60010u
#define PIPESRC_A  0x6001cu
#define LINK_M_A   0x60040u
#define LINK_N_A   0x60044u
#define CRC_CTL_A  0x60050u
#define CRC_RES_A  0x60064u
#define DDI_FUNC_A 0x60400u
#define SCANLINE_A 0x70000u
#define PIPECONF_A 0x70008u
#define FRAME_A	   0x70040u
#define FLIPS_A	   0x70044u
#define DPLL_CTRL1 0x6c058u
#define DPLL_CTRL2 0x6c05cu
#define DPLL1_CFG1 0x6c040u
#define DPLL1_CFG2 0x6c044u

#define PLANE(n)     (0x70180u + 0x100 * (n))
#define PLANE_STRIDE 0x08
#define PLANE_SIZE   0x10
#define PLANE_SURF   0x1c
#define PLANE_LIVE   0x2c
#define XRGB8888     (4u << 24)
#define ASYNC	     (1u << 9)

#define PIPE_A_IMR 0x44404u
#define PIPE_A_IIR 0x44408u
#define PIPE_A_IER 0x4440cu
#define VBLANK	   (1u << 0)
#define FLIP(n)	   (1u << (3 + (n)))
#define CRC_DONE   (1u << 28)

#define MASTER 0x44200u

#define WIDTH	64u
#define HEIGHT	48u
#define SURFACE 0x400000u
#define OTHER	0x500000u

/* A DisplayPort link of 270 million symbols a second on port B, with m pixels for n symbols. */
static void set_link(struct machine *machine, uint32_t m, uint32_t n)
{
	mmio_write32(machine, DPLL_CTRL1, 1u << 6 | 1u << 7);
	mmio_write32(machine, DPLL_CTRL2, 1u << 3 | 1u << 4);
	mmio_write32(machine, LINK_M_A, m);
	mmio_write32(machine, LINK_N_A, n);
	mmio_write32(machine, DDI_FUNC_A, ENABLE | 1u << 28 | 2u << 24);
}

static void set_timing(struct machine *machine, uint32_t htotal, uint32_t vtotal)
{
	mmio_write32(machine, HTOTAL_A, (htotal - 1) << 16 | (WIDTH - 1));
	mmio_write32(machine, VTOTAL_A, (vtotal - 1) << 16 | (HEIGHT - 1));
	mmio_write32(machine, VBLANK_A, (vtotal - 1) << 16 | (HEIGHT - 1));
	mmio_write32(machine, PIPESRC_A, (WIDTH - 1) << 16 | (HEIGHT - 1));
}

/* 100 by 60 pixels: 50 frames a second. */
static int setup(void **state)
{
	struct machine *machine = machine_new();

	set_timing(machine, 100, 60);
	set_link(machine, 3, 2700);
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
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/*
 * Frames between two readings, each between two looks at the clock. A reading can hold a frame up
 * by half of one.
 */
static void expect_rate(struct machine *machine, uint64_t millihertz)
{
	uint64_t clock[4];
	uint32_t frames;

	clock[0] = now_ns();
	frames = mmio_read32(machine, FRAME_A);
	clock[1] = now_ns();
	while (now_ns() - clock[1] < 300000000)
		;
	clock[2] = now_ns();
	frames = mmio_read32(machine, FRAME_A) - frames;
	clock[3] = now_ns();
	assert_true(frames + 2 >= (clock[2] - clock[1]) * millihertz / 1000000000000);
	assert_true(frames <= (clock[3] - clock[0]) * millihertz / 1000000000000 + 2);
}

static void show(struct machine *machine, unsigned int n, uint32_t control, uint32_t surface)
{
	mmio_write32(machine, PLANE(n), ENABLE | XRGB8888 | control);
	mmio_write32(machine, PLANE(n) + PLANE_STRIDE, 4);
	mmio_write32(machine, PLANE(n) + PLANE_SIZE, (HEIGHT - 1) << 16 | (WIDTH - 1));
	mmio_write32(machine, PLANE(n) + PLANE_SURF, surface);
}

static void listen(struct machine *machine, uint32_t bits)
{
	mmio_write32(machine, PIPE_A_IER, bits);
	mmio_write32(machine, PIPE_A_IMR, ~bits);
}

static unsigned int interrupts(struct machine *machine)
{
	unsigned int count;

	pthread_mutex_lock(&machine->lock);
	count = machine->interrupts;
	pthread_mutex_unlock(&machine->lock);
	return count;
}

static void wait_interrupt(struct machine *machine, unsigned int seen)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += 10;
	pthread_mutex_lock(&machine->lock);
	while (machine->interrupts == seen)
		assert_int_equal(pthread_cond_timedwait(&machine->changed, &machine->lock, &end),
				 0);
	pthread_mutex_unlock(&machine->lock);
}

static void wait_events(struct machine *machine, uint32_t bits)
{
	wait_mmio32(machine, PIPE_A_IIR, bits, bits);
}

/* 100 pixels by 60 lines. */
static void test_clock_of_a_displayport_link(void **state)
{
	static const struct {
		uint32_t rate,
			symbols; /* field of DPLL_CTRL1, and what it stands for, in millions */
	} rates[] = { { 0, 540 }, { 1, 270 }, { 2, 162 }, { 3, 324 } };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		/* 240,000 pixels a second. */
		set_link(machine, 24, rates[i].symbols * 100);
		mmio_write32(machine, DPLL_CTRL1, 1u << 6 | rates[i].rate << 7);
		mmio_write32(machine, PIPECONF_A, ENABLE);
		expect_rate(machine, 40000);
		mmio_write32(machine, PIPECONF_A, 0);
	}
}

/* 1056 pixels by 628 lines, 40 million a second: 60.317 Hz. */
static void test_clock_of_an_hdmi_port(void **state)
{
	static const struct {
		uint32_t depth; /* field of TRANS_DDI_FUNC_CTL */
		uint64_t rate;
	} depths[] = { { 0, 60317 }, { 1, 48253 }, { 3, 40211 } };
	struct machine *machine = *state;

	set_timing(machine, 1056, 628);
	/* 24 MHz * 333.3333 / (5 * 2 * 4 * 5): P 2, K 2, Q 10. */
	mmio_write32(machine, DPLL_CTRL1, 1u << 6 | 1u << 11);
	mmio_write32(machine, DPLL_CTRL2, 1u << 3 | 1u << 4);
	mmio_write32(machine, DPLL1_CFG1, ENABLE | 10923u << 9 | 333);
	mmio_write32(machine, DPLL1_CFG2, 10u << 8 | 1u << 7 | 1u << 5 | 1u << 2);
	for (unsigned int i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		mmio_write32(machine, DDI_FUNC_A, ENABLE | 1u << 28 | depths[i].depth << 20);
		mmio_write32(machine, PIPECONF_A, ENABLE);
		expect_rate(machine, depths[i].rate);
		mmio_write32(machine, PIPECONF_A, 0);
	}
}

static void test_a_pipe_that_is_off(void **state)
{
	struct machine *machine = *state;
	uint32_t frame = mmio_read32(machine, FRAME_A);

	assert_int_equal(mmio_read32(machine, PIPECONF_A) & (ENABLE | STATE), 0);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	assert_int_equal(mmio_read32(machine, PIPECONF_A) & (ENABLE | STATE), ENABLE | STATE);
	while (mmio_read32(machine, FRAME_A) < frame + 2)
		;
	mmio_write32(machine, PIPECONF_A, STATE);
	assert_int_equal(mmio_read32(machine, PIPECONF_A) & (ENABLE | STATE), 0);
	frame = mmio_read32(machine, FRAME_A);
	for (uint64_t end = now_ns() + 50000000; now_ns() < end;)
		assert_int_equal(mmio_read32(machine, FRAME_A), frame);
	assert_int_equal(mmio_read32(machine, SCANLINE_A), 0);
	/* And on: it goes on counting. */
	mmio_write32(machine, PIPECONF_A, ENABLE);
	while (mmio_read32(machine, FRAME_A) < frame + 2)
		;
}

static void test_scan_line(void **state)
{
	struct machine *machine = *state;
	bool seen[60] = { false };
	unsigned int lines = 0;

	mmio_write32(machine, PIPECONF_A, ENABLE);
	for (uint64_t end = now_ns() + 10000000000; lines < 20 && now_ns() < end;) {
		uint32_t line = mmio_read32(machine, SCANLINE_A);

		assert_in_range(line, 0, 59);
		lines += !seen[line];
		seen[line] = true;
	}
	assert_int_equal(lines, 20);
}

/* One a frame, and none once it is masked. */
static void test_vblank_interrupt(void **state)
{
	struct machine *machine = *state;
	uint32_t frame;

	listen(machine, VBLANK);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	frame = mmio_read32(machine, FRAME_A);
	for (unsigned int i = 0; i < 5; i++) {
		unsigned int seen = interrupts(machine);

		if (i)
			mmio_write32(machine, MASTER, ENABLE);
		wait_interrupt(machine, seen);
		assert_int_equal(mmio_read32(machine, MASTER) & 1u << 16, 1u << 16);
		mmio_write32(machine, MASTER, 0);
		assert_int_equal(mmio_read32(machine, PIPE_A_IIR), VBLANK);
		mmio_write32(machine, PIPE_A_IIR, VBLANK);
	}
	assert_true(mmio_read32(machine, FRAME_A) - frame >= 5);
	mmio_write32(machine, PIPE_A_IMR, 0xffffffff);
	mmio_write32(machine, PIPE_A_IIR, VBLANK);
	frame = mmio_read32(machine, FRAME_A);
	while (mmio_read32(machine, FRAME_A) - frame < 3)
		;
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR), 0);
}

/* Of each plane alone; the surface is live then, and not before. */
static void test_flips(void **state)
{
	struct machine *machine = *state;

	for (unsigned int n = 0; n < 3; n++)
		show(machine, n, 0, SURFACE);
	listen(machine, FLIP(0) | FLIP(1) | FLIP(2));
	mmio_write32(machine, PIPECONF_A, ENABLE);
	for (unsigned int n = 0; n < 3; n++) {
		assert_int_equal(mmio_read32(machine, PIPE_A_IIR), 0);
		assert_int_equal(mmio_read32(machine, PLANE(n) + PLANE_LIVE), SURFACE);
		mmio_write32(machine, PLANE(n) + PLANE_SURF, OTHER);
		wait_events(machine, FLIP(n));
		assert_int_equal(mmio_read32(machine, PLANE(n) + PLANE_LIVE), OTHER);
		assert_int_equal(mmio_read32(machine, PIPE_A_IIR), FLIP(n));
		mmio_write32(machine, PIPE_A_IIR, FLIP(n));
	}
}

static uint32_t first_pixel(struct machine *machine)
{
	struct gpu_image image;
	uint32_t color;

	assert_int_equal(gpu_display_capture(machine->gpu, 0, &image), 0);
	color = image.pixels[0];
	gpu_image_release(&image);
	return color;
}

/* With a frame a second there is time to look between two of them. */
static void test_what_takes_effect_when(void **state)
{
	struct machine *machine = *state;
	uint32_t flips;

	set_link(machine, 1, 45000);
	set_ram32(machine, SURFACE, 0x111111);
	set_ram32(machine, OTHER, 0x222222);
	show(machine, 0, 0, SURFACE);
	listen(machine, FLIP(0));
	mmio_write32(machine, PIPECONF_A, ENABLE);
	flips = mmio_read32(machine, FLIPS_A);
	/* Nothing without the register that arms. */
	mmio_write32(machine, PLANE(0), 0);
	assert_int_equal(first_pixel(machine), 0x111111);
	mmio_write32(machine, PLANE(0), ENABLE | XRGB8888);
	/* Armed, it waits for the frame. */
	mmio_write32(machine, PLANE(0) + PLANE_SURF, OTHER);
	assert_int_equal(mmio_read32(machine, PLANE(0) + PLANE_LIVE), SURFACE);
	assert_int_equal(first_pixel(machine), 0x111111);
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR), 0);
	wait_events(machine, FLIP(0));
	assert_int_equal(first_pixel(machine), 0x222222);
	assert_int_equal(mmio_read32(machine, FLIPS_A), flips + 1);
	mmio_write32(machine, PIPE_A_IIR, FLIP(0));
	/* Asynchronous, it waits for nothing. */
	mmio_write32(machine, PLANE(0), ENABLE | XRGB8888 | ASYNC);
	mmio_write32(machine, PLANE(0) + PLANE_SURF, SURFACE);
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR), FLIP(0));
	assert_int_equal(first_pixel(machine), 0x111111);
}

/* Five sums in a row, each with its interrupt. */
static void take_crcs(struct machine *machine, uint32_t crcs[5])
{
	for (unsigned int i = 0; i < 5; i++) {
		mmio_write32(machine, PIPE_A_IIR, CRC_DONE);
		wait_events(machine, CRC_DONE);
		crcs[i] = mmio_read32(machine, CRC_RES_A);
	}
}

static void test_crc(void **state)
{
	struct machine *machine = *state;
	uint32_t before[5], after[5];

	show(machine, 0, 0, SURFACE);
	listen(machine, CRC_DONE);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	mmio_write32(machine, CRC_CTL_A, ENABLE);
	take_crcs(machine, before);
	for (unsigned int i = 1; i < 5; i++)
		assert_int_equal(before[i], before[0]);
	/* The last pixel, its lowest bit. Sums that were begun before still come. */
	set_ram32(machine, SURFACE + (HEIGHT - 1) * 256 + (WIDTH - 1) * 4, 1);
	take_crcs(machine, after);
	take_crcs(machine, after);
	for (unsigned int i = 0; i < 5; i++) {
		assert_int_equal(after[i], after[0]);
		assert_int_not_equal(after[i], before[0]);
	}
	/* And back. */
	set_ram32(machine, SURFACE + (HEIGHT - 1) * 256 + (WIDTH - 1) * 4, 0);
	take_crcs(machine, after);
	take_crcs(machine, after);
	assert_int_equal(after[0], before[0]);
	mmio_write32(machine, CRC_CTL_A, 0);
	mmio_write32(machine, PIPE_A_IIR, CRC_DONE);
	for (uint32_t frame = mmio_read32(machine, FRAME_A);
	     mmio_read32(machine, FRAME_A) - frame < 3;)
		;
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR), 0);
}

/* Nothing, or everything, in all registers of time: a frame has some length. */
static void test_timings_that_are_none(void **state)
{
	static const uint32_t values[] = { 0, 0xffffffff, 0x0000ffff, 0xffff0000, 1, ENABLE };
	static const uint32_t registers[] = { HTOTAL_A,	  VTOTAL_A,   VBLANK_A,	  LINK_M_A,
					      LINK_N_A,	  DDI_FUNC_A, DPLL_CTRL1, DPLL_CTRL2,
					      DPLL1_CFG1, DPLL1_CFG2 };
	struct machine *machine = *state;
	uint32_t seed = 7;

	listen(machine, VBLANK);
	for (unsigned int round = 0; round < 2000; round++) {
		for (unsigned int i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
			seed = seed * 1664525 + 1013904223;
			mmio_write32(machine, registers[i], values[(seed >> 16) % 6]);
		}
		mmio_write32(machine, PIPECONF_A, round & 1 ? ENABLE : 0);
		mmio_read32(machine, SCANLINE_A);
		mmio_read32(machine, FRAME_A);
	}
}

static void test_reset_ends_it(void **state)
{
	struct machine *machine = *state;

	listen(machine, VBLANK);
	mmio_write32(machine, PIPECONF_A, ENABLE);
	wait_events(machine, VBLANK);
	gpu_reset(machine->gpu);
	assert_int_equal(mmio_read32(machine, PIPECONF_A), 0);
	assert_int_equal(mmio_read32(machine, PIPE_A_IIR), 0);
	assert_int_equal(mmio_read32(machine, FRAME_A), 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_clock_of_a_displayport_link),
		TEST(test_clock_of_an_hdmi_port),
		TEST(test_a_pipe_that_is_off),
		TEST(test_scan_line),
		TEST(test_vblank_interrupt),
		TEST(test_flips),
		TEST(test_what_takes_effect_when),
		TEST(test_crc),
		TEST(test_timings_that_are_none),
		TEST(test_reset_ends_it),
	};

	return cmocka_run_group_tests_name("gpusim: pipes of Gen9", tests, NULL, NULL);
}
