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

#define BASE_RCS  0x2000
#define BASE_VCS0 0x12000
#define BASE_VECS 0x1a000
#define BASE_BCS  0x22000

/* Fault ids: i915, intel_engine_cs.c and RING_FAULT's source field. */
const struct engine_info engine_info[ENGINE_COUNT] = {
	[ENGINE_RCS] = { "RCS", BASE_RCS, IRQ_GT0, 0, 1u << 1, 0 },
	[ENGINE_BCS] = { "BCS", BASE_BCS, IRQ_GT0, 16, 1u << 3, 2 },
	[ENGINE_VCS0] = { "VCS0", BASE_VCS0, IRQ_GT1, 0, 1u << 2, 1 },
	[ENGINE_VECS] = { "VECS", BASE_VECS, IRQ_GT3, 0, 1u << 4, 3 },
};

#define RESET_REQUEST	      (1u << 0)
#define RESET_READY	      (1u << 1)
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

static void set_attention(struct engine *engine, bool on)
{
	__atomic_store_n(&engine->attention, on, __ATOMIC_RELEASE);
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
	set_attention(engine, false);
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

/* Something that the thread decides by has changed. */
static void wake(struct engine *engine)
{
	set_attention(engine, true);
	pthread_cond_signal(&engine->work);
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
	engine->hold = true; /* long commands look at this */
	wake(engine);
	gpu_unlock(engine->gpu);
	pthread_join(engine->thread, NULL);
	pthread_cond_destroy(&engine->work);
	pthread_cond_destroy(&engine->quiet);
}

void engine_reset(struct engine *engine)
{
	engine->hold = true;
	watch_reset(engine->gpu, engine);
	wake(engine);
	while (engine->running)
		pthread_cond_wait(&engine->quiet, &engine->gpu->lock);
	execlist_reset(engine);
	tlb_invalidate(&engine->tlb);
	engine->blitter = (struct blitter_setup){ 0 };
	engine->hung = false;
	engine_set_reg(engine, RING_HEAD, 0);
	engine_set_reg(engine, RING_TAIL, 0);
	engine_set_reg(engine, RING_START, 0);
	engine_set_reg(engine, RING_CTL, 0);
	engine_set_reg(engine, RING_EIR, 0);
	engine_set_reg(engine, RING_RESET_CTL, 0);
	engine_set_reg(engine, RING_MI_MODE, 0);
	engine->hold = false;
}

static struct engine *engine_at(struct gpu *gpu, uint32_t offset)
{
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		if (offset - engine_info[id].base < 0x1000)
			return &gpu->engines[id];
	return NULL;
}

static void write_port(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	struct engine *engine = engine_at(gpu, offset);

	execlist_port_write(engine, value);
	if (execlist_has_work(engine))
		wake(engine);
}

static uint32_t read_status(struct gpu *gpu, uint32_t offset)
{
	struct engine *engine = engine_at(gpu, offset);
	uint64_t status = execlist_status(engine);

	return offset - engine->info->base == RING_EXECLIST_STATUS_LO ? status : status >> 32;
}

static uint32_t read_mi_mode(struct gpu *gpu, uint32_t offset)
{
	struct engine *engine = engine_at(gpu, offset);

	return gpu->regs[offset / 4] | (engine->running || engine->hung ? 0 : MODE_IDLE);
}

static void write_mi_mode(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value & ~MODE_IDLE;
	wake(engine_at(gpu, offset));
}

static void write_reset_ctl(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value & RESET_REQUEST ? RESET_REQUEST | RESET_READY : 0;
}

static uint32_t read_timestamp(struct gpu *gpu, uint32_t offset)
{
	uint64_t now = engine_timestamp(engine_at(gpu, offset));

	return (offset & 0xfff) == RING_TIMESTAMP ? now : now >> 32;
}

/* It counts while the context runs. */
static uint32_t read_context_timestamp(struct gpu *gpu, uint32_t offset)
{
	const struct engine *engine = engine_at(gpu, offset);
	uint32_t ran = engine->loaded ? gpu_timestamp(gpu) - engine->loaded_at : 0;

	return gpu->regs[offset / 4] + ran;
}

static void write_context_timestamp(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	engine_at(gpu, offset)->loaded_at = gpu_timestamp(gpu);
	gpu->regs[offset / 4] = value;
}

static uint32_t read_csb_pointer(struct gpu *gpu, uint32_t offset)
{
	return (gpu->regs[offset / 4] & 0x700) | engine_at(gpu, offset)->csb_write;
}

static void write_csb_pointer(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	engine_at(gpu, offset)->csb_write = value & 7;
	gpu->regs[offset / 4] = value & 0x700;
}

static void write_eir(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] &= ~value;
}

static const struct reg_rule rules[] = {
	{ .offset = RING_MI_MODE,
	  .count = 1,
	  .kind = REG_MASKED,
	  .read = read_mi_mode,
	  .write = write_mi_mode },
	{ .offset = RING_IMR, .count = 1, .reset = 0xffffffff },
	{ .offset = RING_EIR, .count = 1, .write = write_eir },
	{ .offset = RING_EMR, .count = 1, .reset = 0xffffffff },
	{ .offset = RING_INSTPM, .count = 1, .kind = REG_MASKED },
	{ .offset = RING_RESET_CTL, .count = 1, .kind = REG_MASKED, .write = write_reset_ctl },
	{ .offset = RING_ELSP, .count = 1, .write = write_port },
	{ .offset = RING_EXECLIST_STATUS_LO,
	  .count = 2,
	  .kind = REG_READ_ONLY,
	  .read = read_status },
	{ .offset = RING_CONTEXT_CONTROL, .count = 1, .kind = REG_MASKED },
	{ .offset = RING_MODE, .count = 1, .kind = REG_MASKED },
	{ .offset = RING_TIMESTAMP, .count = 2, .kind = REG_READ_ONLY, .read = read_timestamp },
	{ .offset = RING_CTX_TIMESTAMP,
	  .count = 1,
	  .read = read_context_timestamp,
	  .write = write_context_timestamp },
	{ .offset = RING_CSB, .count = 2 * CSB_ENTRIES, .kind = REG_READ_ONLY },
	{ .offset = RING_CONTEXT_STATUS_PTR,
	  .count = 1,
	  .kind = REG_MASKED,
	  .read = read_csb_pointer,
	  .write = write_csb_pointer },
};

#define ENGINE_TABLE(engine_base)                                      \
	{                                                              \
		rules, sizeof(rules) / sizeof(rules[0]), (engine_base) \
	}

const struct reg_table regs_engine[ENGINE_COUNT] = {
	ENGINE_TABLE(BASE_RCS),
	ENGINE_TABLE(BASE_BCS),
	ENGINE_TABLE(BASE_VCS0),
	ENGINE_TABLE(BASE_VECS),
};
