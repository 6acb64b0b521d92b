/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - where the vfio-user server's lines for people go
 *
 * The program decides; the server only writes lines. Levels are enum gpu_log_level of gpu.h.
 */
#ifndef GPUSIM_VFIO_USER_LOG_H
#define GPUSIM_VFIO_USER_LOG_H

#include "gpusim/gpu/gpu.h"

struct vu_log {
	void (*write)(void *opaque, int level, const char *text);
	void *opaque;
};

/* One line, without newline; what does not fit 512 bytes is cut off. */
void vu_logf(const struct vu_log *log, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
