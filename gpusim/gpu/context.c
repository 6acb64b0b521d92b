// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "context.h"
#include "device.h"
#include "mmio.h"
#include "regs.h"
#include "watch.h"

#define STATE_PAGE	  1
#define STATE_DWORDS	  1024
#define LRI_HEADER(count) (0x22u << 23 | (2 * (count)-1))
#define LRI_POSTED	  (1u << 12)

#define CONTROL_RESTORE_INHIBIT 1u

/* The first block begins with control, head and tail on every engine and generation. */
#define RING_BLOCK_HEADER 0x01
#define CONTROL_DWORD	  0x03
#define TAIL_DWORD	  0x07

/* `count` registers from an engine offset on, `step` apart. */
struct reg_run {
	uint16_t first;
	uint8_t count;
	int8_t step;
};

/* One MI_LOAD_REGISTER_IMM of the image: its header's dword, then offset and value in turn. */
struct image_block {
	uint16_t header;
	uint8_t registers;
	bool posted;
	bool engine_state; /* not loaded when the context says "restore inhibit" */
	const struct reg_run *runs; /* at least as many registers */
};

/* The first eleven registers are the ring's; gen8_xcs has no more. */
static const struct reg_run ring_runs[] = {
	{ RING_CONTEXT_CONTROL, 1, 0 }, { RING_HEAD, 1, 0 },	{ RING_TAIL, 1, 0 },
	{ RING_START, 2, 4 }, /* and RING_CTL */
	{ RING_BBADDR_UDW, 1, 0 },	{ RING_BBADDR, 1, 0 },	{ RING_BBSTATE, 1, 0 },
	{ RING_SBBADDR_UDW, 1, 0 },	{ RING_SBBADDR, 2, 4 }, /* and RING_SBBSTATE */
	{ RING_BB_PER_CTX_PTR, 3, 4 },
};

/* PDP3's upper dword comes first, PDP0's lower last. */
static const struct reg_run pointer_runs[] = {
	{ RING_CTX_TIMESTAMP, 1, 0 },
	{ RING_PDP0_LDW + 0x1c, 8, -4 },
};

static const struct reg_run power_runs[] = { { RING_R_PWR_CLK_STATE, 1, 0 } };
static const struct reg_run gen9_xcs_runs[] = { { 0x200, 1, 0 } };
static const struct reg_run gen8_xcs_runs[] = { { 0x200, 1, 0 }, { RING_EXCC, 1, 0 } };

static const struct reg_run gen9_state_runs[] = {
	{ RING_EXCC, 1, 0 },	  { RING_MI_MODE, 1, 0 },
	{ RING_INSTPM, 1, 0 },	  { 0x178, 2, 4 },
	{ RING_TIMESTAMP, 1, 0 }, { 0x170, 1, 0 },
	{ 0x150, 3, 4 },	  { RING_PREDICATE_RESULT_1, 1, 0 },
	{ RING_GPR, 32, 4 },	  { RING_IPEHR, 1, 0 },
};

/*
 * Gen8's render engine. Drivers rely on the place of MI_MODE, 58h; the others' order matters to the
 * engine alone, which reads what it has written.
 */
static const struct reg_run gen8_state_runs[] = {
	{ RING_EXCC, 1, 0 },
	{ 0x94, 1, 0 }, /* NOPID */
	{ RING_INSTPM, 1, 0 },
	{ RING_MI_MODE, 1, 0 },
	{ 0x178, 2, 4 },
	{ RING_TIMESTAMP, 1, 0 },
	{ RING_PREDICATE_RESULT_1, 1, 0 },
	{ RING_GPR, 32, 4 },
	{ RING_IPEHR, 1, 0 },
};

static const struct image_block gen9_rcs[] = {
	{ RING_BLOCK_HEADER, 14, true, false, ring_runs },
	{ 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, false, true, power_runs },
	{ 0x51, 44, true, true, gen9_state_runs },
};

static const struct image_block gen9_xcs[] = {
	{ RING_BLOCK_HEADER, 14, true, false, ring_runs },
	{ 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, true, true, gen9_xcs_runs },
	{ 0x51, 44, true, true, gen9_state_runs },
};

static const struct image_block gen8_rcs[] = {
	{ RING_BLOCK_HEADER, 14, true, false, ring_runs },
	{ 0x21, 9, true, false, pointer_runs },
	{ 0x41, 1, false, true, power_runs },
	{ 0x51, 41, true, true, gen8_state_runs },
};

static const struct image_block gen8_xcs[] = {
	{ RING_BLOCK_HEADER, 11, false, false, ring_runs },
	{ 0x21, 9, false, false, pointer_runs },
	{ 0x41, 2, false, true, gen8_xcs_runs },
};

struct layout {
	const struct image_block *blocks;
	unsigned int count;
};

#define LAYOUT(array)                                       \
	{                                                   \
		(array), sizeof(array) / sizeof((array)[0]) \
	}

/* By generation; for the render engine and for the others. */
static const struct {
	struct layout rcs, xcs;
} layouts[] = {
	[8] = { LAYOUT(gen8_rcs), LAYOUT(gen8_xcs) },
	[9] = { LAYOUT(gen9_rcs), LAYOUT(gen9_xcs) },
};

static struct layout layout_of(const struct engine *engine)
{
	unsigned int generation = engine->gpu->info->generation;

	return engine->info == &engine_info[ENGINE_RCS] ? layouts[generation].rcs :
							  layouts[generation].xcs;
}

static uint64_t state_address(uint64_t descriptor)
{
	return (uint64_t)CTX_LRCA(descriptor) + STATE_PAGE * GPU_PAGE_SIZE;
}

/* The image is reached through the GGTT; what is not mapped there ends the engine. */
static bool read_image(struct engine *engine, uint64_t descriptor, uint32_t *image)
{
	struct address_space space = gpu_global_space(engine->gpu);
	struct gtt_fault fault;

	if (gtt_read(&space, state_address(descriptor), image, STATE_DWORDS * 4, &fault))
		return true;
	engine_fault(engine, &fault);
	return false;
}

/* Dwords [from, to) of the image. */
static bool write_image(struct engine *engine, uint64_t descriptor, const uint32_t *image,
			unsigned int from, unsigned int to)
{
	struct address_space space = gpu_global_space(engine->gpu);
	struct gtt_fault fault;

	if (gtt_write(&space, state_address(descriptor) + from * 4, &image[from], (to - from) * 4,
		      &fault))
		return true;
	engine_fault(engine, &fault);
	return false;
}

typedef void (*image_fn)(struct engine *engine, uint32_t offset, uint32_t *dword);

/* Call `fn` for each register's value dword of one block. */
static void walk_block(struct engine *engine, const struct image_block *block, uint32_t *image,
		       image_fn fn)
{
	unsigned int at = block->header + 1, left = block->registers;

	for (const struct reg_run *run = block->runs; left; run++) {
		for (unsigned int i = 0; i < run->count; i++, at += 2, left--)
			fn(engine, run->first + i * run->step, &image[at + 1]);
	}
}

static void load_register(struct engine *engine, uint32_t offset, uint32_t *dword)
{
	if (offset == RING_TIMESTAMP)
		return;
	mmio_write(engine->gpu, engine->info->base + offset, *dword);
}

static void save_register(struct engine *engine, uint32_t offset, uint32_t *dword)
{
	uint32_t address = engine->info->base + offset;

	dword[-1] = address;
	*dword = mmio_read(engine->gpu, address);
	if (mmio_kind(engine->gpu, address) == REG_MASKED)
		*dword |= 0xffff0000;
	if (offset == RING_CONTEXT_CONTROL)
		*dword &= ~CONTROL_RESTORE_INHIBIT;
	if (offset == RING_MI_MODE)
		*dword &= ~MODE_IDLE;
}

static void load_stream(struct engine *engine, uint64_t descriptor)
{
	struct stream *stream = &engine->stream;

	memset(stream, 0, sizeof(*stream));
	stream->arbitration = true;
	stream->ppgtt.kind = CTX_ADDRESSING(descriptor) == CTX_ADDRESSING_PPGTT64 ?
				     GTT_PPGTT_4LEVEL :
				     GTT_PPGTT_3LEVEL;
	stream->ppgtt.memory = &engine->gpu->memory;
	for (unsigned int i = 0; i < 4; i++)
		stream->ppgtt.pdp[i] = (uint64_t)engine_reg(engine, RING_PDP0_LDW + 8 * i + 4)
					       << 32 |
				       engine_reg(engine, RING_PDP0_LDW + 8 * i);
	stream->address[LEVEL_RING] = engine_reg(engine, RING_HEAD) & RING_HEAD_ADDRESS;
	stream->global[LEVEL_RING] = true;
	if (engine_reg(engine, RING_BBADDR) & BB_VALID) {
		stream->level = LEVEL_BATCH;
		stream->address[LEVEL_BATCH] = (uint64_t)engine_reg(engine, RING_BBADDR_UDW) << 32 |
					       (engine_reg(engine, RING_BBADDR) & ~3u);
		stream->global[LEVEL_BATCH] = !(engine_reg(engine, RING_BBSTATE) & BBSTATE_PPGTT);
	}
	if (stream->level == LEVEL_BATCH && engine_reg(engine, RING_SBBADDR) & BB_VALID) {
		stream->level = LEVEL_SECOND;
		stream->address[LEVEL_SECOND] = (uint64_t)engine_reg(engine, RING_SBBADDR_UDW)
							<< 32 |
						(engine_reg(engine, RING_SBBADDR) & ~3u);
		stream->global[LEVEL_SECOND] = !(engine_reg(engine, RING_SBBSTATE) & BBSTATE_PPGTT);
	}
}

static void save_stream(struct engine *engine)
{
	const struct stream *stream = &engine->stream;
	bool batch = stream->level >= LEVEL_BATCH, second = stream->level == LEVEL_SECOND;

	engine_set_reg(engine, RING_BBADDR,
		       batch ? (uint32_t)stream->address[LEVEL_BATCH] | BB_VALID : 0);
	engine_set_reg(engine, RING_BBADDR_UDW, batch ? stream->address[LEVEL_BATCH] >> 32 : 0);
	engine_set_reg(engine, RING_BBSTATE,
		       batch && !stream->global[LEVEL_BATCH] ? BBSTATE_PPGTT : 0);
	engine_set_reg(engine, RING_SBBADDR,
		       second ? (uint32_t)stream->address[LEVEL_SECOND] | BB_VALID : 0);
	engine_set_reg(engine, RING_SBBADDR_UDW, second ? stream->address[LEVEL_SECOND] >> 32 : 0);
	engine_set_reg(engine, RING_SBBSTATE,
		       second && !stream->global[LEVEL_SECOND] ? BBSTATE_PPGTT : 0);
}

bool context_load(struct engine *engine, uint64_t descriptor)
{
	struct layout layout = layout_of(engine);
	uint32_t image[STATE_DWORDS];
	bool inhibit;

	if (!read_image(engine, descriptor, image))
		return false;
	inhibit = image[CONTROL_DWORD] & CONTROL_RESTORE_INHIBIT;
	for (unsigned int i = 0; i < layout.count; i++)
		if (!(inhibit && layout.blocks[i].engine_state))
			walk_block(engine, &layout.blocks[i], image, load_register);
	load_stream(engine, descriptor);
	engine->stream.prologue = true;
	engine->loaded = descriptor;
	engine->loaded_at = gpu_timestamp(engine->gpu);
	watch_context(engine, descriptor, false);
	return true;
}

/*
 * The driver moves TAIL in the image while the context runs, and its value there is the newer one:
 * that dword is never written.
 */
static bool save_block(struct engine *engine, uint64_t descriptor, const struct image_block *block,
		       uint32_t *image)
{
	unsigned int from = block->header, end = from + 1 + 2 * block->registers;

	image[from] = LRI_HEADER(block->registers) | (block->posted ? LRI_POSTED : 0);
	walk_block(engine, block, image, save_register);
	if (from == RING_BLOCK_HEADER) {
		if (!write_image(engine, descriptor, image, from, TAIL_DWORD))
			return false;
		from = TAIL_DWORD + 1;
	}
	return write_image(engine, descriptor, image, from, end);
}

bool context_save(struct engine *engine)
{
	struct layout layout = layout_of(engine);
	uint32_t image[STATE_DWORDS];
	uint64_t descriptor = engine->loaded;
	bool good = true;

	if (!descriptor)
		return true;
	watch_context(engine, descriptor, true);
	save_stream(engine);
	for (unsigned int i = 0; good && i < layout.count; i++)
		good = save_block(engine, descriptor, &layout.blocks[i], image);
	engine->loaded = 0;
	return good;
}

bool context_reload_tail(struct engine *engine, uint64_t descriptor)
{
	uint32_t image[STATE_DWORDS];

	if (!read_image(engine, descriptor, image))
		return false;
	engine_set_reg(engine, RING_TAIL, image[TAIL_DWORD]);
	engine->loaded = descriptor;
	return true;
}
