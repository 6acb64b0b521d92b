// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a look at a screen of 1920x1080 costs, by how much of it has changed since the last; beside a
 * memcpy() of a whole picture. The names tell how many bytes were copied.
 */
#include <string.h>

#include "bench.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "model.h"

#define WIDTH	 1920u
#define HEIGHT	 1080u
#define PICTURE	 ((size_t)WIDTH * HEIGHT * 4)
#define CURSOR	 (GUEST_PAGES - 4) /* pages of its own, behind the picture */
#define ENABLE	 0x80000000u
#define XRGB8888 (4u << 24)
#define TILED_X	 (1u << 10)
#define TILED_Y	 (4u << 10)

static void reg(uint32_t offset, uint32_t value)
{
	vgpu_bar0_write(model_vgpu, offset, &value, sizeof(value));
}

static void show(uint32_t tiling, uint32_t stride)
{
	uint32_t base = (uint32_t)model_vgpu->aperture.start;

	reg(0x60000, 2199u << 16 | (WIDTH - 1));
	reg(0x6000c, 1124u << 16 | (HEIGHT - 1));
	reg(0x6001c, (WIDTH - 1) << 16 | (HEIGHT - 1));
	reg(0x60400, ENABLE | 1u << 28);
	reg(0x70008, ENABLE);
	reg(0x70180, ENABLE | XRGB8888 | tiling);
	reg(0x70188, stride);
	reg(0x70190, (HEIGHT - 1) << 16 | (WIDTH - 1));
	reg(0x7019c, base);
	reg(0x70080, 0x27);
	reg(0x70084, base + CURSOR * PAGE);
}

static void look(void)
{
	u32 width, height;

	must(!vgpu_screen_refresh(model_vgpu, &width, &height) && width == WIDTH, "nothing is shown");
}

/* So many of a hundred pages of the picture are other than before. */
static void change(unsigned int percent)
{
	for (unsigned int page = 0; page < PICTURE / PAGE; page++)
		if (page % 100 < percent)
			model_host.memory[page][page % PAGE & ~3u]++;
}

static void run_nothing(void *opaque, uint64_t times)
{
	while (times--)
		look();
}

static void run_cursor(void *opaque, uint64_t times)
{
	static uint32_t x;

	while (times--) {
		reg(0x70088, 500u << 16 | (x++ % 1000));
		look();
	}
}

static void run_tenth(void *opaque, uint64_t times)
{
	while (times--) {
		change(10);
		look();
	}
}

static void run_everything(void *opaque, uint64_t times)
{
	while (times--) {
		change(100);
		look();
	}
}

static void run_copy(void *opaque, uint64_t times)
{
	static uint8_t to[WIDTH * HEIGHT * 4];

	while (times--) {
		memcpy(to, model_host.memory, PICTURE);
		__asm__ volatile("" ::"r"(to) : "memory");
	}
}

static void report(const char *what, void (*run)(void *opaque, uint64_t times))
{
	struct bench_rate rate = { run, NULL, 1 }, limit = { run_copy, NULL, 1 };
	char name[64];
	uint64_t before;

	look();
	before = model_vgpu->screen.copied;
	run(NULL, 8);
	snprintf(name, sizeof(name), "%s: %llu KiB", what,
		 (unsigned long long)(model_vgpu->screen.copied - before) / 8 / 1024);
	bench_report(&(struct bench_result){ "screen", name, BENCH_TRIPS, bench_measure(&rate), bench_measure(&limit),
					     "memcpy" });
}

void bench_screen(void)
{
	model_begin();
	memset(model_host.memory[CURSOR], 0xff, 4 * PAGE);
	show(0, WIDTH * 4 / 64);
	report("nothing changes", run_nothing);
	report("the cursor moves", run_cursor);
	report("a tenth changes", run_tenth);
	report("everything changes", run_everything);
	show(TILED_X, WIDTH * 4 / 512);
	report("nothing changes, X tiles", run_nothing);
	show(TILED_Y, WIDTH * 4 / 128);
	report("nothing changes, Y tiles", run_nothing);
	model_end();
}
