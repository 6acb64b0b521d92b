/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screenshot.h - what a pipe shows, as a PNG file; on demand, or at each SIGUSR1
 */
#ifndef GPUSIM_SCREENSHOT_H
#define GPUSIM_SCREENSHOT_H

#include "gpusim/gpu/gpu.h"

/*
 * Write what pipe 0 to 2 shows. The file is replaced as a whole: nobody sees half a picture.
 * Returns 0, -ENODATA (the pipe is off) or another negative errno.
 */
int screenshot_write(struct gpu *gpu, unsigned int pipe, const char *path);

struct screenshot_config {
	struct gpu *gpu;
	const char *directory;
	void (*log)(void *opaque, int level, const char *text); /* levels of gpu.h */
	void *opaque;
};

struct screenshot_service;

/*
 * From now on, each SIGUSR1 writes pipe-A.png and so on for all pipes that are on. All
 * threads must have the signal blocked. *config must live until the stop. 0 or a negative errno.
 */
int screenshot_start(const struct screenshot_config *config, struct screenshot_service **out);

/* NULL is fine. */
void screenshot_stop(struct screenshot_service *service);

#endif
