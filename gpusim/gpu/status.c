// SPDX-License-Identifier: GPL-2.0-or-later
/* What the GPU does right now, for people. */
#include "device.h"
#include "execlist.h"
#include "regs.h"

void gpu_status(struct gpu *gpu, struct gpu_status *status)
{
	gpu_lock(gpu);
	*status = (struct gpu_status){ .device = gpu->info->name,
				       .aperture_size = gpu->aperture_size,
				       .interrupts = gpu->interrupts,
				       .gone = gpu_is_gone(gpu) };
	gpu_unlock(gpu);
}

const char *gpu_engine_name(unsigned int index)
{
	return index < ENGINE_COUNT ? engine_info[index].name : NULL;
}

static enum gpu_engine_state state(const struct engine *engine)
{
	if (engine->hung)
		return GPU_ENGINE_HUNG;
	return execlist_has_work(engine) ? GPU_ENGINE_RUNNING : GPU_ENGINE_IDLE;
}

bool gpu_engine_status(struct gpu *gpu, unsigned int index, struct gpu_engine_status *status)
{
	const struct engine *engine = &gpu->engines[index];

	if (index >= ENGINE_COUNT)
		return false;
	gpu_lock(gpu);
	*status = (struct gpu_engine_status){
		.name = engine->info->name,
		.state = state(engine),
		.head = engine_reg(engine, RING_HEAD) & RING_HEAD_ADDRESS,
		.tail = engine_reg(engine, RING_TAIL) & RING_TAIL_ADDRESS,
		.acthd = (uint64_t)engine_reg(engine, RING_ACTHD_UDW) << 32 |
			 engine_reg(engine, RING_ACTHD),
		.submissions = engine->submissions,
		.interrupts = engine->interrupts,
	};
	gpu_unlock(gpu);
	return true;
}
