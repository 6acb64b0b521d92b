// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers that each command streamer has, from its base on. */
#include "device.h"
#include "execlist.h"
#include "mmio.h"
#include "regs.h"

#define RESET_REQUEST (1u << 0)
#define RESET_READY   (1u << 1)

static struct engine *engine_at(struct gpu *gpu, uint32_t offset)
{
	for (unsigned int id = 0; id < ENGINE_COUNT; id++)
		if (offset - engine_info[id].base < BASE_SIZE)
			return &gpu->engines[id];
	return NULL;
}

static void write_port(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	struct engine *engine = engine_at(gpu, offset);

	execlist_port_write(engine, value);
	if (execlist_has_work(engine))
		engine_wake(engine);
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

	return gpu->regs[offset / 4] | (engine_is_busy(engine) ? 0 : MODE_IDLE);
}

static void write_mi_mode(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value & ~MODE_IDLE;
	engine_wake(engine_at(gpu, offset));
}

static void write_reset_ctl(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	gpu->regs[offset / 4] = value & RESET_REQUEST ? RESET_REQUEST | RESET_READY : 0;
}

/* A bit for each unit, up where that has nothing to do; no unit but the streamer ever has. */
static uint32_t read_instdone(struct gpu *gpu, uint32_t offset)
{
	const struct engine *engine = engine_at(gpu, offset);

	return engine_is_busy(engine) ? ~engine->info->streamer_done : ~0u;
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
	{ .offset = RING_INSTDONE, .count = 1, .kind = REG_READ_ONLY, .read = read_instdone },
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
