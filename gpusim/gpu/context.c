// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "context-layout.h"
#include "context.h"
#include "device.h"
#include "mmio.h"
#include "regs.h"
#include "streamer.h"
#include "watch.h"

#define STATE_PAGE	  1
#define LRI_OPCODE	  0x22u
#define LRI_HEADER(count) (LRI_OPCODE << 23 | (2 * (count)-1))
#define LRI_POSTED	  (1u << 12)

#define BATCH_BUFFER_END (0x0au << 23)

#define CONTROL_RESTORE_INHIBIT	    (1u << 0)
#define CONTROL_ENGINE_SAVE_INHIBIT (1u << 2)

/* The first block begins with control, head and tail on every engine and generation. */
#define RING_BLOCK_HEADER 0x01
#define CONTROL_DWORD	  0x03
#define TAIL_DWORD	  0x07

static uint64_t state_address(uint64_t descriptor)
{
	return (uint64_t)CTX_LRCA(descriptor) + STATE_PAGE * GPU_PAGE_SIZE;
}

/* The image is reached through the GGTT; what is not mapped there ends the engine. */
static bool read_image(struct engine *engine, uint64_t descriptor, uint32_t *image)
{
	struct address_space space = gpu_global_space(engine->gpu);
	struct gtt_fault fault;

	if (gtt_read(&space, state_address(descriptor), image, LAYOUT_DWORDS * 4, &fault))
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
	stream_enter_batches(engine);
}

static void stop_timestamp(struct engine *engine)
{
	uint32_t offset = engine->info->base + RING_CTX_TIMESTAMP;

	mmio_write(engine->gpu, offset, mmio_read(engine->gpu, offset));
}

/* A block that no engine has saved yet, and no driver made up, holds nothing to load. */
static bool loads_engine_state(const uint32_t *image, const struct image_block *block)
{
	return !(image[CONTROL_DWORD] & CONTROL_RESTORE_INHIBIT) &&
	       image[block->header] >> 23 == LRI_OPCODE;
}

bool context_load(struct engine *engine, uint64_t descriptor)
{
	struct image_layout layout = context_layout(engine);
	uint32_t image[LAYOUT_DWORDS];

	if (!read_image(engine, descriptor, image))
		return false;
	for (unsigned int i = 0; i < layout.count; i++)
		if (!layout.blocks[i].engine_state || loads_engine_state(image, &layout.blocks[i]))
			walk_block(engine, &layout.blocks[i], image, load_register);
	load_stream(engine, descriptor);
	/* Its page tables are other ones, or have changed since it ran. */
	tlb_invalidate(&engine->tlb);
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

static bool save_end(struct engine *engine, uint64_t descriptor, const struct image_block *last,
		     uint32_t *image)
{
	unsigned int at = last->header + 1 + 2 * last->registers;

	image[at] = BATCH_BUFFER_END;
	return write_image(engine, descriptor, image, at, at + 1);
}

bool context_save(struct engine *engine)
{
	struct image_layout layout = context_layout(engine);
	uint32_t image[LAYOUT_DWORDS];
	uint64_t descriptor = engine->loaded;
	bool inhibit = engine_reg(engine, RING_CONTEXT_CONTROL) & CONTROL_ENGINE_SAVE_INHIBIT;
	bool good = true;

	if (!descriptor)
		return true;
	watch_context(engine, descriptor, true);
	stream_show_batches(engine);
	stop_timestamp(engine);
	engine->loaded = 0;
	for (unsigned int i = 0; good && i < layout.count; i++)
		if (!(inhibit && layout.blocks[i].engine_state))
			good = save_block(engine, descriptor, &layout.blocks[i], image);
	if (good && !inhibit)
		good = save_end(engine, descriptor, &layout.blocks[layout.count - 1], image);
	return good;
}

bool context_reload_tail(struct engine *engine, uint64_t descriptor)
{
	uint32_t image[LAYOUT_DWORDS];

	if (!read_image(engine, descriptor, image))
		return false;
	engine_set_reg(engine, RING_TAIL, image[TAIL_DWORD]);
	engine->loaded = descriptor;
	return true;
}
