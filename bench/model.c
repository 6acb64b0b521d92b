// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.h"

#include <stddef.h>

#include "kernel-gvt/vgpu/gpu.h"
#include "kernel-gvt/vgpu/vgpu.h"

void model_begin(void)
{
	static const struct gvt_sizes sizes = { 64, 384, 4, 4, 1920, 1080, 0 };
	const uint32_t one = 1;

	must(!vgpu_create(model_host_reset(0), &sizes, "measured", &model_vgpu), "no vGPU");
	must(!vgpu_open(model_vgpu, &model_guest_ops, NULL), "it can't be opened");
	model_host_map_guest();
	vgpu_bar0_write(model_vgpu, 0x101008, &one, sizeof(one));
}

void model_end(void)
{
	vgpu_destroy(model_vgpu);
}
