// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: EDIDs that are made or read from files, and pictures in PNG files. */
#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gpu-fixture.h"
#include "kernel-gvt/display/edid.h"
#include "gpusim/monitor.h"
#include "gpusim/screenshot.h"

#define ENABLE (1u << 31)

static char folder[64];

static int setup(void **state)
{
	strcpy(folder, "/tmp/test-monitor.XXXXXX");
	assert_non_null(mkdtemp(folder));
	*state = machine_new();
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	machine_free(*state);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	FILE *file = fopen(in_folder(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* What VESA's table of CVT timings (reduced blanking) has. */
static const struct {
	struct edid_mode mode;
	unsigned int clock, htotal, vtotal, vsync; /* clock in 10 kHz */
} modes[] = {
	{ { 800, 600, 60 }, 3550, 960, 618, 4 },      { { 1024, 768, 60 }, 5600, 1184, 790, 4 },
	{ { 1280, 1024, 60 }, 9100, 1440, 1054, 7 },  { { 1920, 1080, 60 }, 13850, 2080, 1111, 5 },
	{ { 1920, 1200, 60 }, 15400, 2080, 1235, 6 }, { { 2560, 1600, 60 }, 26850, 2720, 1646, 6 },
};

static void check_blocks(const uint8_t *edid, int size)
{
	static const uint8_t header[] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };

	assert_memory_equal(edid, header, 8);
	assert_int_equal(size, 128 * (1 + edid[126]));
	for (int block = 0; block < size; block += 128) {
		uint8_t sum = 0;

		for (int i = 0; i < 128; i++)
			sum += edid[block + i];
		assert_int_equal(sum, 0);
	}
	assert_null(edid_fault(edid, (size_t)size));
}

static void test_edids_that_are_made(void **state)
{
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		for (enum edid_input input = EDID_HDMI; input <= EDID_DISPLAYPORT; input++) {
			uint8_t edid[EDID_MAX_MADE];
			const uint8_t *timing = edid + 54;
			unsigned int width, height;

			check_blocks(edid, edid_make(&modes[i].mode, input, "gvt", edid));
			width = timing[2] | (timing[4] & 0xf0u) << 4;
			height = timing[5] | (timing[7] & 0xf0u) << 4;
			assert_int_equal(width, modes[i].mode.width);
			assert_int_equal(height, modes[i].mode.height);
			assert_int_equal(timing[0] | timing[1] << 8, modes[i].clock);
			assert_int_equal(width + (timing[3] | (timing[4] & 0xfu) << 8),
					 modes[i].htotal);
			assert_int_equal(height + (timing[6] | (timing[7] & 0xfu) << 8),
					 modes[i].vtotal);
			assert_int_equal(timing[10] & 0xf, modes[i].vsync);
		}
	}
}

static void test_modes_that_are_none(void **state)
{
	static const struct {
		struct edid_mode mode;
		enum edid_input input;
		int result;
	} cases[] = {
		{ { 0, 0, 0 }, EDID_HDMI, -EINVAL },
		{ { 319, 240, 60 }, EDID_DISPLAYPORT, -EINVAL },
		{ { 4096, 2160, 30 }, EDID_DISPLAYPORT, -EINVAL },
		{ { 640, 480, 23 }, EDID_DISPLAYPORT, -EINVAL },
		{ { 640, 480, 241 }, EDID_DISPLAYPORT, -EINVAL },
		{ { 640, 480, 60 }, EDID_HDMI, -ERANGE },
		{ { 3840, 2160, 60 }, EDID_HDMI, -ERANGE },
		{ { 4095, 4095, 240 }, EDID_DISPLAYPORT, -ERANGE },
	};
	uint8_t edid[EDID_MAX_MADE];

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(edid_make(&cases[i].mode, cases[i].input, "gvt", edid), cases[i].result);
	/* 3840x2160 at 60 Hz is for DisplayPort, or slower for HDMI. */
	assert_int_equal(edid_make(&(struct edid_mode){ 3840, 2160, 60 }, EDID_DISPLAYPORT, "gvt", edid),
			 128);
	assert_int_equal(edid_make(&(struct edid_mode){ 3840, 2160, 30 }, EDID_HDMI, "gvt", edid), 256);
}

/* plug CONNECTOR what is refused, with these words. */
static void refuse(struct machine *machine, const char *what, int result, const char *words)
{
	char fault[MONITOR_FAULT_SIZE] = "";

	assert_int_equal(monitor_plug(machine->gpu, "HDMI-B", what, fault), result);
	if (!strstr(fault, words))
		fail_msg("\"%s\" says nothing of \"%s\"", fault, words);
}

static void test_files(void **state)
{
	struct machine *machine = *state;
	uint8_t edid[EDID_MAX_MADE], copy[EDID_MAX_MADE];
	char fault[MONITOR_FAULT_SIZE];
	const struct edid_mode mode = { 1024, 768, 60 };

	assert_int_equal(edid_make(&mode, EDID_HDMI, "gvt", edid), 256);
	write_file("good", edid, 256);
	write_file("empty", edid, 0);
	write_file("half", edid, 128);
	write_file("odd", edid, 200);
	edid[20] ^= 1;
	write_file("sum", edid, 256);
	edid[20] ^= 1;
	edid[0] = 1;
	write_file("text", edid, 256);
	edid[0] = 0;
	refuse(machine, in_folder("none"), -ENOENT, "No such file");
	refuse(machine, in_folder("empty"), -EINVAL, "size");
	refuse(machine, in_folder("odd"), -EINVAL, "size");
	refuse(machine, in_folder("half"), -EINVAL, "blocks");
	refuse(machine, in_folder("sum"), -EINVAL, "checksum");
	refuse(machine, in_folder("text"), -EINVAL, "begin");
	refuse(machine, "/dev/zero", -EINVAL, "size");
	refuse(machine, "1x1", -EINVAL, "320x200");
	refuse(machine, "3840x2160", -ERANGE, "DP");
	assert_int_equal(gpu_monitor_edid(machine->gpu, "HDMI-B", copy, 256), 0);
	assert_int_equal(monitor_plug(machine->gpu, "HDMI-B", in_folder("good"), fault), 0);
	assert_int_equal(gpu_monitor_edid(machine->gpu, "HDMI-B", copy, 256), 256);
	assert_memory_equal(copy, edid, 256);
	assert_int_equal(monitor_plug(machine->gpu, "DP-B", "1024x768@75", fault), -EBUSY);
	assert_non_null(strstr(fault, "unplug"));
	/* What looks like a mode, but is not quite one, is a file's name. */
	refuse(machine, "1024x768@", -ENOENT, "1024x768@");
	refuse(machine, "1024x", -ENOENT, "1024x");
}

static void show_four_pixels(struct machine *machine)
{
	static const uint32_t pixels[] = { 0xff0000, 0x00ff00, 0x0000ff, 0x123456 };

	put(machine, 0x400000, pixels, 4);
	mmio_write32(machine, 0x60000, 15u << 16 | 1);
	mmio_write32(machine, 0x6000c, 15u << 16 | 1);
	mmio_write32(machine, 0x6001c, 1u << 16 | 1);
	mmio_write32(machine, 0x70180, ENABLE | 4u << 24);
	mmio_write32(machine, 0x70188, 1);
	mmio_write32(machine, 0x70190, 1u << 16 | 1);
	put(machine, 0x400040, pixels + 2, 2);
	mmio_write32(machine, 0x7019c, 0x400000);
	mmio_write32(machine, 0x70008, ENABLE);
}

static void expect_four_pixels(const char *path)
{
	static const uint8_t expected[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 0x12, 0x34, 0x56 };
	png_image png = { .version = PNG_IMAGE_VERSION };
	uint8_t pixels[12];

	assert_int_not_equal(png_image_begin_read_from_file(&png, path), 0);
	assert_int_equal(png.width, 2);
	assert_int_equal(png.height, 2);
	png.format = PNG_FORMAT_RGB;
	assert_int_not_equal(png_image_finish_read(&png, NULL, pixels, 0, NULL), 0);
	assert_memory_equal(pixels, expected, 12);
}

static void test_screenshot(void **state)
{
	struct machine *machine = *state;

	assert_int_equal(screenshot_write(machine->gpu, 0, in_folder("a.png")), -ENODATA);
	assert_int_not_equal(access(in_folder("a.png"), F_OK), 0);
	show_four_pixels(machine);
	assert_int_equal(screenshot_write(machine->gpu, 0, in_folder("none/a.png")), -ENOENT);
	write_file("a.png", "what was there", 5);
	assert_int_equal(screenshot_write(machine->gpu, 0, in_folder("a.png")), 0);
	expect_four_pixels(in_folder("a.png"));
	assert_int_not_equal(access(in_folder("a.png.new"), F_OK), 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_edids_that_are_made),
		TEST(test_modes_that_are_none),
		TEST(test_files),
		TEST(test_screenshot),
	};

	return cmocka_run_group_tests_name("gpusim: monitors", tests, NULL, NULL);
}
