// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs about the GPU as a whole. */
#include <inttypes.h>

#include "verbs.h"

void control_reset(const struct control_call *call)
{
	gpu_reset(call->config->gpu);
}

static const char *state_name(enum gpu_engine_state state)
{
	static const char *const names[] = {
		[GPU_ENGINE_IDLE] = "idle",
		[GPU_ENGINE_RUNNING] = "running",
		[GPU_ENGINE_HUNG] = "hung",
	};

	return names[state];
}

void control_status(const struct control_call *call)
{
	const struct control_config *config = call->config;
	struct gpu_engine_status engine;
	struct gpu_status gpu;

	gpu_status(config->gpu, &gpu);
	answer_line(call->answer, "device %s, aperture %" PRIu64 " MiB%s", gpu.device,
		    gpu.aperture_size >> 20, gpu.gone ? ", gone" : "");
	answer_line(call->answer, "client %s",
		    config->connected(config->opaque) ? "connected" : "none");
	answer_line(call->answer, "interrupts %" PRIu64, gpu.interrupts);
	answer_line(call->answer, "%-7s %-8s %8s %8s %14s %12s %12s", "engine", "state", "head",
		    "tail", "acthd", "submissions", "interrupts");
	for (unsigned int i = 0; gpu_engine_status(config->gpu, i, &engine); i++)
		answer_line(call->answer,
			    "%-7s %-8s %8" PRIx32 " %8" PRIx32 " %14" PRIx64 " %12" PRIu64
			    " %12" PRIu64,
			    engine.name, state_name(engine.state), engine.head, engine.tail,
			    engine.acthd, engine.submissions, engine.interrupts);
}
