/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crc.h - a checksum of what a pipe shows, once a frame while a driver asks for it
 *
 * PIPE_CRC_CTL and PIPE_CRC_RES (i915: i915_reg.h; used by debugfs' crc interface and by IGT). The
 * sum is that of the whole picture, whatever source is selected, and no hardware's polynomial is
 * copied: equal pictures have equal sums, which is what it is for. A picture is composed in a
 * thread of its own while its frame lasts; on a machine too slow for that, fewer frames have a sum.
 */
#ifndef GPUSIM_DISPLAY_CRC_H
#define GPUSIM_DISPLAY_CRC_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct gpu;

struct crc {
	pthread_t thread;
	pthread_cond_t work;
	bool exit;
	uint32_t wanted; /* bits of pipes: a frame has begun */
	uint32_t ready; /* bits of pipes: `value` is that of the frame that passes */
	uint32_t value[3];
};

/* With gpu->lock held, but for start and stop. */
int crc_start(struct gpu *gpu);
void crc_stop(struct gpu *gpu);
void crc_reset(struct gpu *gpu);
bool crc_enabled(const struct gpu *gpu, unsigned int pipe);
/* A frame of the pipe begins. */
void crc_frame(struct gpu *gpu, unsigned int pipe);

#endif
