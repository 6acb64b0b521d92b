// SPDX-License-Identifier: GPL-2.0-or-later
#include "gpusim/gpu/device.h"
#include "gpusim/gpu/interrupt.h"
#include "gpusim/gpu/mmio.h"
#include "regs-display.h"
#include "scanout.h"

#define PIPE_CRC_CTL	0x50
#define PIPE_CRC_RESULT 0x64 /* and four more */
#define CRC_ENABLE	(1u << 31)

#define CRC_DONE_INTERRUPT (1u << 28)

#define POLYNOMIAL 0xedb88320u /* CRC-32 of IEEE 802.3, reflected */

bool crc_enabled(const struct gpu *gpu, unsigned int pipe)
{
	return gpu->regs[(TRANSCODER(pipe) + PIPE_CRC_CTL) / 4] & CRC_ENABLE;
}

void crc_reset(struct gpu *gpu)
{
	gpu->display.crc.wanted = 0;
	gpu->display.crc.ready = 0;
}

void crc_frame(struct gpu *gpu, unsigned int pipe)
{
	struct crc *crc = &gpu->display.crc;

	if (!crc_enabled(gpu, pipe))
		return;
	if (crc->ready & 1u << pipe) {
		gpu->regs[(TRANSCODER(pipe) + PIPE_CRC_RESULT) / 4] = crc->value[pipe];
		irq_raise(gpu, IRQ_PIPE_A + pipe, CRC_DONE_INTERRUPT);
	}
	crc->ready &= ~(1u << pipe);
	crc->wanted |= 1u << pipe;
	pthread_cond_signal(&crc->work);
}

static void make_table(uint32_t table[256])
{
	for (unsigned int i = 0; i < 256; i++) {
		uint32_t value = i;

		for (unsigned int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
		table[i] = value;
	}
}

static uint32_t checksum(const uint32_t table[256], const struct gpu_image *image)
{
	size_t count = (size_t)image->width * image->height;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < count; i++)
		for (unsigned int shift = 0; shift < 24; shift += 8)
			crc = crc >> 8 ^ table[(crc ^ image->pixels[i] >> shift) & 0xff];
	return ~crc;
}

/* With gpu->lock held, which is released while the picture is composed. */
static void sum_up(struct gpu *gpu, unsigned int pipe, const uint32_t table[256])
{
	struct crc *crc = &gpu->display.crc;
	struct pipe_view view;
	struct gpu_image image;
	uint32_t value;
	int ret = -1;

	crc->wanted &= ~(1u << pipe);
	if (!pipe_look(gpu, pipe, &view))
		return;
	gpu_unlock(gpu);
	ret = scanout_compose(gpu, &view, &image);
	if (!ret) {
		value = checksum(table, &image);
		gpu_image_release(&image);
	}
	gpu_lock(gpu);
	if (!ret && crc_enabled(gpu, pipe)) {
		crc->value[pipe] = value;
		crc->ready |= 1u << pipe;
	}
}

static void *run(void *opaque)
{
	struct gpu *gpu = opaque;
	struct crc *crc = &gpu->display.crc;
	uint32_t table[256];

	make_table(table);
	gpu_lock(gpu);
	while (!crc->exit) {
		if (crc->wanted)
			sum_up(gpu, (unsigned int)__builtin_ctz(crc->wanted), table);
		else
			pthread_cond_wait(&crc->work, &gpu->lock);
	}
	gpu_unlock(gpu);
	return NULL;
}

int crc_start(struct gpu *gpu)
{
	struct crc *crc = &gpu->display.crc;
	int ret;

	pthread_cond_init(&crc->work, NULL);
	ret = -pthread_create(&crc->thread, NULL, run, gpu);
	if (ret)
		pthread_cond_destroy(&crc->work);
	return ret;
}

void crc_stop(struct gpu *gpu)
{
	struct crc *crc = &gpu->display.crc;

	gpu_lock(gpu);
	crc->exit = true;
	pthread_cond_signal(&crc->work);
	gpu_unlock(gpu);
	pthread_join(crc->thread, NULL);
	pthread_cond_destroy(&crc->work);
}

/* A sum that was begun under another control value is not shown. */
static void write_control(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	unsigned int pipe = (offset - TRANSCODER(0)) / (TRANSCODER(1) - TRANSCODER(0));

	gpu->regs[offset / 4] = value;
	gpu->display.crc.ready &= ~(1u << pipe);
	display_wake(gpu);
}

static const struct reg_rule rules[] = {
	{ .offset = TRANSCODER(0) + PIPE_CRC_CTL,
	  .count = 3,
	  .stride = 0x1000,
	  .write = write_control },
	{ .offset = TRANSCODER(0) + PIPE_CRC_RESULT, .count = 5, .kind = REG_READ_ONLY },
	{ .offset = TRANSCODER(1) + PIPE_CRC_RESULT, .count = 5, .kind = REG_READ_ONLY },
	{ .offset = TRANSCODER(2) + PIPE_CRC_RESULT, .count = 5, .kind = REG_READ_ONLY },
};

const struct reg_table regs_crc = REG_TABLE(rules);
