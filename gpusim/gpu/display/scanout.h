/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scanout.h - the picture that a pipe sends to its port
 *
 * Planes in their order, the cursor above, the pipe's scaler, the gamma tables. Left out is what
 * hardly shows: colour space conversion of the pipe (limited range), dithering, filters of the
 * scalers (the nearest pixel is taken). Holds no lock while it reads memory.
 */
#ifndef GPUSIM_DISPLAY_SCANOUT_H
#define GPUSIM_DISPLAY_SCANOUT_H

#include "gpusim/gpu/gpu.h"
#include "pipe.h"

/* Without gpu->lock. 0, or -ENOMEM; *image is then untouched, else gpu_image_release() is due. */
int scanout_compose(struct gpu *gpu, const struct pipe_view *view, struct gpu_image *image);

#endif
