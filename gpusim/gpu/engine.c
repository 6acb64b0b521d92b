// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "context.h"
#include "device.h"
#include "engine.h"
#include "execlist.h"
#include "mmio.h"
#include "regs.h"
#include "streamer.h"
#include "watch.h"

/*
 * Fault ids: i915, intel_engine_cs.c and RING_FAULT's source field. The command streamer's bit in
 * INSTDONE is what error states of hung engines have cleared.
 */
const struct engine_info engine_info[ENGINE_COUNT] = {
	[ENGINE_RCS] = { "RCS", BASE_RCS, IRQ_GT0, 0, 1u << 1, 0, 1u << 21 },
	[ENGINE_BCS] = { "BCS", BASE_BCS, IRQ_GT0, 16, 1u << 3, 2, 1u << 0 },
	[ENGINE_VCS0] = { "VCS0", BASE_VCS0, IRQ_GT1, 0, 1u << 2, 1, 1u << 0 },
	[ENGINE_VECS] = { "VECS", BASE_VECS, IRQ_GT3, 0, 1u << 4, 3, 1u << 0 },
};

#define EIR_INSTRUCTION_ERROR 1u
#define FAULT_VALID	      1u
/* 0 PTE, 1 PDE, 2 PDPE, 3 PML4E. */
#define FAULT_TYPE(level) ((level) ? ((level)-1) << 1 : 0)
#define TIMESTAMP_MASK	  ((1ull << 36) - 1)

uint32_t engine_reg(const struct engine *engine, uint32_t offset)
{
	return __atomic_load_n(&engine->gpu->regs[(engine->info->base + offset) / 4],
			       __ATOMIC_RELAXED);
}

void engine_set_reg(struct engine *engine, uint32_t offset, uint32_t value)
{
	__atomic_store_n(&engine->gpu->regs[(engine->info->base + offset) / 4], value,
			 __ATOMIC_RELAXED);
}

uint64_t engine_reg64(const struct engine *engine, uint32_t offset)
{
	return (uint64_t)engine_reg(engine, offset + 4) << 32 | engine_reg(engine, offset);
}

uint64_t engine_timestamp(const struct engine *engine)
{
	return gpu_timestamp(engine->gpu) & TIMESTAMP_MASK;
}

void engine_interrupt(struct engine *engine, uint32_t bits)
{
	uint32_t shifted = bits << engine->info->shift;

	engine->interrupts++;
	irq_raise(engine->gpu, engine->info->irq, shifted & ~engine_reg(engine, RING_IMR));
}

void engine_fault(struct engine *engine, const struct gtt_fault *fault)
{
	struct gpu *gpu = engine->gpu;

	if (!(gpu->regs[RING_FAULT / 4] & FAULT_VALID)) {
		gpu->regs[FAULT_TLB_DATA0 / 4] = fault->address >> 12;
		gpu->regs[FAULT_TLB_DATA1 / 4] =
			(fault->address >> 44 & 0xf) | (fault->global ? 1u << 4 : 0);
		gpu->regs[RING_FAULT / 4] = (uint32_t)engine->info->fault_id << 12 |
					    (fault->global ? 1u << 11 : 0) |
					    FAULT_TYPE(fault->level) | FAULT_VALID;
	}
	engine->hung = true;
	watch_fault(engine, fault);
	gpu_log(gpu, GPU_LOG_WARNING,
		"%s stopped: %s of %s address 0x%llx finds no page (level %u entry)",
		engine->info->name, fault->write ? "write" : "read",
		fault->global ? "GGTT" : "PPGTT", (unsigned long long)fault->address, fault->level);
}

void engine_error(struct engine *engine, const char *what, uint32_t command)
{
	engine_set_reg(engine, RING_EIR, engine_reg(engine, RING_EIR) | EIR_INSTRUCTION_ERROR);
	engine->hung = true;
	watch_bad_command(engine, command);
	if (!(engine_reg(engine, RING_EMR) & EIR_INSTRUCTION_ERROR))
		engine_interrupt(engine, GT_CS_ERROR_INTERRUPT);
	gpu_log(engine->gpu, GPU_LOG_WARNING, "%s stopped: %s, command %08x", engine->info->name,
		what, command);
}

static bool may_run(const struct engine *engine)
{
	return !engine->hold && !engine->hung &&
	       !(engine_reg(engine, RING_MI_MODE) & MODE_STOP_RING) && execlist_has_work(engine);
}

static void park(struct engine *engine)
{
	engine->running = false;
	pthread_cond_broadcast(&engine->quiet);
}

/*
 * The thread owns the context's registers and stream from execlist_prepare() until it parks or
 * reports; gpu->lock is held here but while commands run.
 */
static void run_once(struct engine *engine)
{
	struct gpu *gpu = engine->gpu;
	enum stream_end end;

	engine->running = true;
	flag_set(&engine->attention, false);
	if (!execlist_prepare(engine) || engine->hung)
		return;
	gpu_unlock(gpu);
	end = stream_run(engine);
	gpu_lock(gpu);
	/* Between two elements a switch is under way anyhow. */
	engine->at_arbitration = end == STREAM_PREEMPT || end == STREAM_IDLE;
	if (end == STREAM_IDLE && !engine->hold)
		execlist_complete(engine);
}

static void *engine_thread(void *opaque)
{
	struct engine *engine = opaque;
	struct gpu *gpu = engine->gpu;

	gpu_lock(gpu);
	while (!engine->exit) {
		if (may_run(engine)) {
			run_once(engine);
		} else {
			park(engine);
			/* An interrupt raised since the lock was taken must not sleep with us. */
			gpu_unlock(gpu);
			gpu_lock(gpu);
			if (!may_run(engine) && !engine->exit)
				pthread_cond_wait(&engine->work, &gpu->lock);
		}
	}
	park(engine);
	gpu_unlock(gpu);
	return NULL;
}

void engine_wake(struct engine *engine)
{
	flag_set(&engine->attention, true);
	pthread_cond_signal(&engine->work);
}

bool engine_is_busy(const struct engine *engine)
{
	return engine->running || engine->hung;
}

int engine_start(struct gpu *gpu, enum engine_id id)
{
	struct engine *engine = &gpu->engines[id];

	engine->gpu = gpu;
	engine->info = &engine_info[id];
	pthread_cond_init(&engine->work, NULL);
	pthread_cond_init(&engine->quiet, NULL);
	tlb_init(&engine->tlb);
	execlist_reset(engine);
	return -pthread_create(&engine->thread, NULL, engine_thread, engine);
}

void engine_stop(struct engine *engine)
{
	gpu_lock(engine->gpu);
	engine->exit = true;
	flag_set(&engine->hold, true);
	engine_wake(engine);
	gpu_unlock(engine->gpu);
	pthread_join(engine->thread, NULL);
	pthread_cond_destroy(&engine->work);
	pthread_cond_destroy(&engine->quiet);
}

/*
 * Two resets at once, of the machine's and of the simulator's user, wait for the same thread: it
 * holds still until the last of them is over.
 */
void engine_reset(struct engine *engine)
{
	engine->resets++;
	flag_set(&engine->hold, true);
	watch_reset(engine->gpu, engine);
	engine_wake(engine);
	while (engine->running)
		pthread_cond_wait(&engine->quiet, &engine->gpu->lock);
	execlist_reset(engine);
	tlb_invalidate(&engine->tlb);
	engine->stream = (struct stream){ 0 };
	engine->blitter = (struct blitter_setup){ 0 };
	engine->hung = false;
	mmio_reset_block(engine->gpu, engine->info->base, BASE_SIZE);
	engine->resets--;
	flag_set(&engine->hold, engine->resets > 0);
}
