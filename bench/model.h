/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model.h - a vGPU with a guest, of gvt.ko's device model in this process, to measure what it costs */
#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include "tests/fuzz/model-host.h"

/* Made anew: the guest's memory is zeros, and has entries in the aperture. */
void model_begin(void);
void model_end(void);

#endif
