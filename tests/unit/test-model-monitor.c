// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor: its EDID as drivers read it, its size, hot-plug; and the rate of the pipe that feeds it. */
#include "display-fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GMBUS0 0xc5100u
#define GMBUS1 0xc5104u
#define GMBUS2 0xc5108u
#define GMBUS3 0xc510cu
#define WAITS  0x4000u
#define READY  0x800u
#define NAK    0x400u
#define ACTIVE 0x200u

#define GO    0x40000000u
#define STOP  0x08000000u
#define INDEX 0x04000000u
#define WAIT  0x02000000u

#define HOTPLUG	   0xc4030u
#define PCH(n)	   (0xc4000u + 4 * (n))
#define PORT_B	   (1u << 21)
#define SECOND_NS  1000000000ull

/* As GMBUS is used: four bytes at a time, while it is ready. */
static void read_bytes(struct model *model, uint32_t command, uint8_t *to, unsigned int count)
{
	write32(model, GMBUS1, GO | command | count << 16 | 0x50 << 1 | 1);
	for (unsigned int i = 0; i < count; i += 4) {
		uint32_t word;

		assert_int_equal(read32(model, GMBUS2) & (READY | NAK | ACTIVE), READY | ACTIVE);
		word = read32(model, GMBUS3);
		for (unsigned int n = 0; n < 4 && i + n < count; n++)
			to[i + n] = (uint8_t)(word >> 8 * n);
	}
}

static void write_byte(struct model *model, uint32_t device, uint8_t byte)
{
	write32(model, GMBUS3, byte);
	write32(model, GMBUS1, GO | WAIT | 1 << 16 | device << 1);
	assert_int_equal(read32(model, GMBUS2) & (WAITS | NAK | ACTIVE), WAITS | ACTIVE);
}

static void stop(struct model *model)
{
	write32(model, GMBUS1, GO | STOP);
	assert_int_equal(read32(model, GMBUS2) & (WAITS | READY | ACTIVE), 0);
}

static void read_edid(struct model *model, uint8_t edid[256])
{
	write32(model, GMBUS0, 5);
	read_bytes(model, WAIT | STOP | INDEX, edid, 256);
	stop(model);
}

static void test_edid_over_gmbus(void **state)
{
	struct model *model = *state;
	const struct vgpu_monitor *monitor = &model->vgpu->display.monitor;
	uint8_t edid[256], again[256];

	read_edid(model, edid);
	assert_int_equal(monitor->edid_size, 256);
	assert_memory_equal(edid, monitor->edid, 256);
	assert_null(edid_fault(edid, 256));
	/* An offset that is written first, in pieces of odd length. */
	write_byte(model, 0x50, 126);
	read_bytes(model, WAIT, again, 5);
	read_bytes(model, WAIT | STOP, again + 5, 33);
	stop(model);
	assert_memory_equal(again, edid + 126, 38);
	/* The second segment is behind its end; a stop selects the first again. */
	write_byte(model, 0x30, 1);
	read_bytes(model, WAIT | STOP | INDEX, again, 16);
	assert_int_equal(again[1], 0);
	stop(model);
	read_bytes(model, WAIT | STOP | INDEX, again, 16);
	assert_memory_equal(again, edid, 16);
}

static void test_nobody_else_is_on_the_wire(void **state)
{
	struct model *model = *state;

	for (uint32_t device = 0; device < 0x80; device++) {
		bool there = device == 0x50;

		write32(model, GMBUS0, 5);
		write32(model, GMBUS1, GO | WAIT | STOP | 1 << 16 | device << 1 | 1);
		assert_int_equal(!(read32(model, GMBUS2) & NAK), there);
		write32(model, GMBUS1, 0x80000000);
		assert_int_equal(read32(model, GMBUS2), 0);
	}
	for (uint32_t pins = 0; pins < 8; pins++) {
		write32(model, GMBUS0, pins);
		write32(model, GMBUS1, GO | WAIT | STOP | 1 << 16 | 0x50 << 1 | 1);
		assert_int_equal(!(read32(model, GMBUS2) & NAK), pins == 5);
		write32(model, GMBUS1, 0x80000000);
	}
}

static const struct {
	uint32_t width, height, rate; /* wanted */
	uint32_t seen_width, seen_height, seen_rate;
} sizes[] = {
	{ 1024, 768, 0, 1024, 768, 60 },     { 1920, 1200, 0, 1920, 1200, 60 }, { 1920, 1080, 75, 1920, 1080, 75 },
	{ 2560, 1440, 0, 2560, 1440, 60 },   { 3840, 2160, 0, 3840, 2160, 30 }, { 3840, 2160, 24, 3840, 2160, 24 },
	{ 4096, 2304, 60, 4094, 2304, 30 },  { 640, 480, 0, 640, 480, 75 },	{ 1366, 768, 0, 1366, 768, 60 },
	{ 2560, 1440, 120, 2560, 1440, 60 }, { 1367, 769, 0, 1366, 768, 60 },
};

/* edid-decode is the judge; it prints what it has to say. */
static void judge(const uint8_t *edid, size_t size)
{
	FILE *decoder = popen("edid-decode --check --skip-hex-dump - >edid.txt", "w");

	assert_non_null(decoder);
	assert_int_equal(fwrite(edid, 1, size, decoder), size);
	if (pclose(decoder)) {
		assert_int_equal(system("cat edid.txt"), 0);
		fail_msg("edid-decode finds fault with it, or is missing");
	}
	remove("edid.txt");
}

static void test_sizes(void **state)
{
	struct model *model = *state;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const struct vgpu_monitor *monitor = &model->vgpu->display.monitor;
		struct gvt_sizes wanted = model->vgpu->sizes;
		struct edid_mode mode;
		uint8_t edid[256];

		wanted.width = sizes[i].width;
		wanted.height = sizes[i].height;
		wanted.rate = sizes[i].rate;
		assert_int_equal(vgpu_resize(model->vgpu, &wanted), 0);
		read_edid(model, edid);
		assert_true(edid_preferred(edid, &mode));
		assert_int_equal(mode.width, sizes[i].seen_width);
		assert_int_equal(mode.height, sizes[i].seen_height);
		assert_int_equal(monitor->rate, sizes[i].seen_rate);
		judge(edid, sizeof(edid));
	}
}

static void test_a_wish_is_up_to_the_own_size(void **state)
{
	struct model *model = *state;
	const struct vgpu_monitor *monitor = &model->vgpu->display.monitor;

	vgpu_monitor_wish(model->vgpu, 800, 600);
	assert_int_equal(monitor->width, 800);
	assert_int_equal(monitor->height, 600);
	vgpu_monitor_wish(model->vgpu, 5000, 700);
	assert_int_equal(monitor->width, 1024);
	assert_int_equal(monitor->height, 700);
	vgpu_monitor_wish(model->vgpu, 0, 0);
	assert_int_equal(monitor->width, 1024);
	assert_int_equal(monitor->height, 768);
	/* Whatever somebody writes, there is an EDID. */
	vgpu_monitor_wish(model->vgpu, 2, 3);
	assert_true(!monitor->edid_size || !edid_fault(monitor->edid, monitor->edid_size));
}

static void test_hot_plug(void **state)
{
	struct model *model = *state;
	struct vgpu *vgpu = model->vgpu;
	uint8_t edid[256];

	assert_int_equal(read32(model, PCH(0)) & PORT_B, PORT_B);
	/* Nobody is told who has not asked for it. */
	vgpu_monitor_plug(vgpu, false);
	assert_int_equal(read32(model, HOTPLUG), 0);
	assert_int_equal(read32(model, PCH(0)) & PORT_B, 0);
	write32(model, GMBUS0, 5);
	write32(model, GMBUS1, GO | WAIT | STOP | 1 << 16 | 0x50 << 1 | 1);
	assert_true(read32(model, GMBUS2) & NAK);
	vgpu_monitor_plug(vgpu, true);

	write32(model, HOTPLUG, 0x10);
	write32(model, PCH(1), ~PORT_B);
	write32(model, PCH(3), ~0u);
	vgpu_monitor_wish(vgpu, 800, 600);
	assert_int_equal(read32(model, PCH(2)), PORT_B);
	assert_int_equal(read32(model, HOTPLUG), 0x12);
	write32(model, HOTPLUG, 0x12);
	assert_int_equal(read32(model, HOTPLUG), 0x10);
	write32(model, PCH(2), PORT_B);
	/* The same again is nothing new. */
	vgpu_monitor_wish(vgpu, 800, 600);
	vgpu_monitor_plug(vgpu, true);
	assert_int_equal(read32(model, PCH(2)), 0);
	write32(model, GMBUS1, 0x80000000);
	read_edid(model, edid);
	assert_int_equal(edid[56], 800 & 0xff);
}

static void test_frames_come_at_the_modes_rate(void **state)
{
	struct model *model = *state;
	uint32_t frames;

	kshim_pass_time(1);
	display_on(model, 1024, 768);
	frames = read32(model, PIPE_A + 0x40);
	kshim_pass_time(SECOND_NS);
	assert_int_equal(read32(model, PIPE_A + 0x40) - frames, 60);
	/* Off, the counter stands. */
	write32(model, PIPE_A + 8, 0);
	frames = read32(model, PIPE_A + 0x40);
	kshim_pass_time(SECOND_NS);
	assert_int_equal(read32(model, PIPE_A + 0x40), frames);
	/* Half the clock. */
	if (model->gpu->info->generation == 9) {
		write32(model, 0x6c044, 4 << 8 | 1 << 7 | 1 << 5 | 2 << 2);
		write32(model, PIPE_A + 8, 0x80000000);
		frames = read32(model, PIPE_A + 0x40);
		kshim_pass_time(SECOND_NS);
		assert_int_equal(read32(model, PIPE_A + 0x40) - frames, 30);
	}
}

static void test_nobody_hears_of_frames_who_does_not_listen(void **state)
{
	struct model *model = *state;
	unsigned int count = 0;

	kshim_pass_time(1);
	display_on(model, 1024, 768);
	write32(model, PIPE_A_GROUP + 0xc, 1);
	assert_int_equal(kshim_timers(), 0);
	write32(model, PIPE_A_GROUP + 4, ~1u);
	assert_int_equal(kshim_timers(), 1);
	for (unsigned int ms = 0; ms < 1000; ms++) {
		kshim_pass_time(SECOND_NS / 1000);
		if (read32(model, PIPE_A_GROUP + 8) & 1) {
			write32(model, PIPE_A_GROUP + 8, 1);
			count++;
		}
	}
	assert_int_equal(count, 60);
	write32(model, PIPE_A_GROUP + 4, ~0u);
	kshim_pass_time(SECOND_NS / 10);
	assert_int_equal(kshim_timers(), 0);
	/* And nothing goes on behind a pipe that is off, or a guest that has left. */
	write32(model, PIPE_A_GROUP + 4, ~1u);
	write32(model, PIPE_A + 8, 0);
	assert_int_equal(kshim_timers(), 0);
	write32(model, PIPE_A + 8, 0x80000000);
	assert_int_equal(kshim_timers(), 1);
	vgpu_close(model->vgpu);
	assert_int_equal(kshim_timers(), 0);
}

static void test_flips_are_done_when_a_frame_ends(void **state)
{
	struct model *model = *state;
	uint32_t done = model->gpu->info->generation == 9 ? 8 : 16;

	kshim_pass_time(1);
	display_on(model, 1024, 768);
	write32(model, PIPE_A_GROUP + 4, ~done);
	write32(model, PIPE_A_GROUP + 0xc, done);
	kshim_pass_time(SECOND_NS);
	assert_int_equal(kshim_timers(), 0);
	display_plane(model, 0, 0, 64, 1024, 768);
	assert_int_equal(read32(model, PIPE_A_GROUP + 8), 0);
	kshim_pass_time(SECOND_NS / 59);
	assert_int_equal(read32(model, PIPE_A_GROUP + 8), done);
	write32(model, PIPE_A_GROUP + 8, done);
	assert_int_equal(read32(model, PIPE_A + 0x44), 1);
	kshim_pass_time(SECOND_NS);
	assert_int_equal(read32(model, PIPE_A_GROUP + 8), 0);
	/* What asks for no waiting. */
	display_plane(model, 0, 1 << 9, 64, 1024, 768);
	assert_int_equal(read32(model, PIPE_A_GROUP + 8), done);
}

/* i915 keeps off the lines before a vertical blank: here, they are never seen. */
static void test_the_scan_line_moves(void **state)
{
	struct model *model = *state;
	bool seen[1125] = { false };
	unsigned int lines = 0;

	kshim_pass_time(1);
	display_on(model, 1024, 768);
	for (unsigned int i = 0; i < 3000; i++) {
		uint32_t line = read32(model, PIPE_A);

		assert_in_range(line, 0, 1124);
		lines += !seen[line];
		seen[line] = true;
		kshim_pass_time(SECOND_NS / 60 / 3000 + 1);
	}
	assert_in_range(lines, 1050, 1110);
	for (unsigned int line = 768 - 2 - 20; line < 768 - 3; line++)
		assert_false(seen[line]);
	assert_true(seen[768 - 2]);
	assert_true(seen[700]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_setup, model_teardown)
#define TEST_BDW(name) cmocka_unit_test_setup_teardown(name, model_setup_bdw, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_edid_over_gmbus),
		TEST(test_nobody_else_is_on_the_wire),
		TEST(test_sizes),
		TEST(test_a_wish_is_up_to_the_own_size),
		TEST(test_hot_plug),
		TEST(test_frames_come_at_the_modes_rate),
		TEST(test_nobody_hears_of_frames_who_does_not_listen),
		TEST(test_flips_are_done_when_a_frame_ends),
		TEST(test_the_scan_line_moves),
		TEST_BDW(test_edid_over_gmbus),
		TEST_BDW(test_frames_come_at_the_modes_rate),
		TEST_BDW(test_flips_are_done_when_a_frame_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
