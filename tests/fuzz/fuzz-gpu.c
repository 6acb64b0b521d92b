// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-gpu.c - libFuzzer target: all that software can do to the GPU
 *
 * The input is a sequence of actions (enum action), each followed by what it needs; where the input
 * ends, zeroes follow. They act on a machine in which a driver has done its part: contexts with
 * page tables that lead any address to some page, rings, an identity-mapped GGTT. All of that lies
 * in memory that the actions rewrite, some while engines run. The memory has guard pages around,
 * and what is not the GPU's at the moment can't be touched.
 *
 * Each input ends with a reset, after which nothing may run.
 *
 *   make fuzz-gpu && ./fuzz-gpu -max_len=1024 -timeout=10 CORPUS
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "gpusim/gpu/gpu.h"

#define PAGE	    4096u
#define MEMORY_SIZE (2u << 20)

/* What is at which bus address; the GGTT maps all to itself. */
#define STATUS_PAGE   0x00000u
#define CONTEXT(n)    (0x10000u + (n)*0x4000u)
#define RING(n)	      (0x20000u + (n)*0x1000u)
#define PML4	      0x30000u
#define POINTERS      0x31000u
#define DIRECTORY     0x32000u
#define TABLE	      0x33000u
#define BATCH	      0x40000u
#define DATA	      0x50000u
#define REMOVABLE     0x100000u
#define REMOVABLE_END 0x180000u
#define READ_ONLY     0x180000u

#define CONTEXTS 4

enum action {
	ACTION_BYTES, /* run them, from a ring or a batch */
	ACTION_COMMANDS, /* run some of which the length is right */
	ACTION_SUBMIT, /* any two descriptors */
	ACTION_MEMORY, /* rewrite memory */
	ACTION_WRITE, /* anywhere in a BAR */
	ACTION_READ,
	ACTION_REGISTER, /* write one of a subject */
	ACTION_GTT_ENTRY,
	ACTION_CONFIG,
	ACTION_REMOVE, /* memory from the machine, or add it */
	ACTION_RESET, /* of engines */
	ACTION_CAPTURE, /* what a pipe shows */
	ACTIONS,
};

struct input {
	const uint8_t *data;
	size_t left;
};

struct machine {
	struct gpu *gpu;
	uint8_t *memory;
	bool removed;
};

static uint64_t take(struct input *input, size_t bytes)
{
	uint64_t value = 0;
	size_t piece = bytes < input->left ? bytes : input->left;

	memcpy(&value, input->data, piece);
	input->data += piece;
	input->left -= piece;
	return value;
}

/* As many bytes as a byte says, and there are. */
static size_t take_bytes(struct input *input, const uint8_t **bytes)
{
	size_t length = take(input, 1);

	if (length > input->left)
		length = input->left;
	*bytes = input->data;
	input->data += length;
	input->left -= length;
	return length;
}

static void ignore_interrupt(void *opaque)
{
}

static void ignore_log(void *opaque, int level, const char *text)
{
}

static const struct gpu_host_ops ops = { .interrupt = ignore_interrupt, .log = ignore_log };

static void write_register(struct machine *machine, uint32_t offset, uint32_t value)
{
	gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, sizeof(value));
}

static void write_entry(struct machine *machine, uint32_t index, uint64_t entry)
{
	gpu_bar_write(machine->gpu, GPU_BAR_GTTMMADR, GPU_GGTT_OFFSET + 8 * (uint64_t)index, &entry,
		      sizeof(entry));
}

static const uint32_t engine_bases[] = { 0x2000, 0x22000, 0x12000, 0x1a000 };

#define ENGINES (sizeof(engine_bases) / sizeof(engine_bases[0]))

/* An engine is done, has hung, or waits: that takes it a moment. */
static void wait_for(struct machine *machine, unsigned int engine)
{
	static const struct timespec moment = { .tv_nsec = 50000 };
	struct gpu_engine_status status;

	for (unsigned int turns = 0; turns < 5; turns++) {
		gpu_engine_status(machine->gpu, engine, &status);
		if (status.state != GPU_ENGINE_RUNNING)
			return;
		nanosleep(&moment, NULL);
	}
}

static void submit(struct machine *machine, unsigned int engine, uint64_t first, uint64_t second)
{
	uint32_t port = engine_bases[engine] + 0x230;

	write_register(machine, port, second >> 32);
	write_register(machine, port, second);
	write_register(machine, port, first >> 32);
	write_register(machine, port, first);
}

static uint64_t descriptor(unsigned int context)
{
	return (uint64_t)(context + 1) << 32 | CONTEXT(context) | 3 << 3 | 1;
}

#define BB_START (0x31u << 23 | 1)
#define IN_PPGTT (1u << 8)

/* Run what is in the ring of this context, or in a batch that the ring starts. */
static void run(struct machine *machine, unsigned int how, const void *commands, size_t length)
{
	unsigned int context = how % CONTEXTS, engine = how / 4 % ENGINES;
	bool batch = how & 0x10, ppgtt = how & 0x20, both = how & 0x40, wait = !(how & 0x80);
	const uint32_t start[4] = { BB_START | (ppgtt ? IN_PPGTT : 0), BATCH };
	uint32_t *image = (uint32_t *)(machine->memory + CONTEXT(context) + PAGE);

	memcpy(machine->memory + (batch ? BATCH : RING(context)), commands, length);
	if (batch)
		memcpy(machine->memory + RING(context), start, sizeof(start));
	image[5] = 0; /* head */
	image[7] = batch ? sizeof(start) : (length + 7) & ~7u; /* tail */
	submit(machine, engine, descriptor(context), both ? descriptor(context ^ 1) : 0);
	if (wait)
		wait_for(machine, engine);
}

static void do_bytes(struct machine *machine, struct input *input)
{
	unsigned int how = take(input, 1);
	const uint8_t *bytes;
	size_t length = take_bytes(input, &bytes);

	run(machine, how, bytes, length);
}

#define MI(opcode, dwords)  ((uint32_t)(opcode) << 23 | ((dwords)-2))
#define BLT(opcode, dwords) (2u << 29 | (uint32_t)(opcode) << 22 | ((dwords)-2))

static const struct {
	uint32_t header;
	unsigned int dwords;
} known[] = {
#define ROW(kind, opcode, dwords)            \
	{                                    \
		kind(opcode, dwords), dwords \
	}
	ROW(MI, 0x1a, 9), /* MI_MATH */
	ROW(MI, 0x1b, 2), /* MI_SEMAPHORE_SIGNAL */
	ROW(MI, 0x1c, 4), /* MI_SEMAPHORE_WAIT */
	ROW(MI, 0x20, 5), /* MI_STORE_DATA_IMM */
	ROW(MI, 0x22, 5), /* MI_LOAD_REGISTER_IMM */
	ROW(MI, 0x24, 4), /* MI_STORE_REGISTER_MEM */
	ROW(MI, 0x26, 5), /* MI_FLUSH_DW */
	ROW(MI, 0x28, 4), /* MI_REPORT_PERF_COUNT */
	ROW(MI, 0x29, 4), /* MI_LOAD_REGISTER_MEM */
	ROW(MI, 0x2e, 5), /* MI_COPY_MEM_MEM */
	ROW(MI, 0x2f, 11), /* MI_ATOMIC */
	ROW(MI, 0x31, 3), /* MI_BATCH_BUFFER_START */
	ROW(MI, 0x36, 4), /* MI_CONDITIONAL_BATCH_BUFFER_END */
	ROW(BLT, 0x01, 8), /* XY_SETUP_BLT */
	ROW(BLT, 0x03, 3), /* XY_SETUP_CLIP_BLT */
	ROW(BLT, 0x11, 9), /* XY_SETUP_MONO_PATTERN_SL_BLT */
	ROW(BLT, 0x24, 3), /* XY_PIXEL_BLT */
	ROW(BLT, 0x25, 3), /* XY_SCANLINES_BLT */
	ROW(BLT, 0x26, 4), /* XY_TEXT_BLT */
	ROW(BLT, 0x31, 5), /* XY_TEXT_IMMEDIATE_BLT */
	ROW(BLT, 0x40, 7), /* COLOR_BLT */
	ROW(BLT, 0x42, 10), /* XY_FAST_COPY_BLT */
	ROW(BLT, 0x43, 8), /* SRC_COPY_BLT */
	ROW(BLT, 0x50, 7), /* XY_COLOR_BLT */
	ROW(BLT, 0x51, 8), /* XY_PAT_BLT */
	ROW(BLT, 0x52, 10), /* XY_MONO_PAT_BLT */
	ROW(BLT, 0x53, 10), /* XY_SRC_COPY_BLT */
	ROW(BLT, 0x54, 10), /* XY_MONO_SRC_COPY_BLT */
	ROW(BLT, 0x55, 12), /* XY_FULL_BLT */
	ROW(BLT, 0x56, 12), /* XY_FULL_MONO_SRC_BLT */
	ROW(BLT, 0x57, 14), /* XY_FULL_MONO_PATTERN_BLT */
	ROW(BLT, 0x58, 14), /* XY_FULL_MONO_PATTERN_MONO_SRC_BLT */
	ROW(BLT, 0x71, 10), /* XY_MONO_SRC_COPY_IMMEDIATE_BLT */
	ROW(BLT, 0x72, 30), /* XY_PAT_BLT_IMMEDIATE */
	ROW(BLT, 0x73, 10), /* XY_SRC_COPY_CHROMA_BLT */
#undef ROW
	{ 0x7a000004, 6 }, /* PIPE_CONTROL */
};

#define FLAGS		 0x003fff00u /* of a header, whatever the command */
#define MOST_DWORDS	 30
#define COMMANDS_AT_ONCE 8
#define BATCH_BUFFER_END (0x0au << 23)

static void do_commands(struct machine *machine, struct input *input)
{
	uint32_t commands[COMMANDS_AT_ONCE * MOST_DWORDS + 1];
	unsigned int how = take(input, 1), count = take(input, 1) % COMMANDS_AT_ONCE + 1, at = 0;

	while (count--) {
		unsigned int which = take(input, 1) % (sizeof(known) / sizeof(known[0]));

		commands[at++] = known[which].header | (take(input, 3) & FLAGS);
		for (unsigned int i = 1; i < known[which].dwords; i++)
			commands[at++] = take(input, 4);
	}
	commands[at++] = how & 0x10 ? BATCH_BUFFER_END : 0;
	run(machine, how, commands, 4 * at);
}

static void do_submit(struct machine *machine, struct input *input)
{
	unsigned int engine = take(input, 1) % ENGINES;
	uint64_t first = take(input, 8), second = take(input, 8);

	submit(machine, engine, first, second);
	wait_for(machine, engine);
}

static void do_memory(struct machine *machine, struct input *input)
{
	static const uint32_t areas[] = {
		CONTEXT(0) + PAGE, CONTEXT(1) + PAGE, RING(0), RING(1), BATCH,	    PML4,
		POINTERS,	   DIRECTORY,	      TABLE,   DATA,	STATUS_PAGE
	};
	uint32_t area = areas[take(input, 1) % (sizeof(areas) / sizeof(areas[0]))];
	uint32_t offset = 4 * (take(input, 2) % (PAGE / 4));
	const uint8_t *bytes;
	size_t length = take_bytes(input, &bytes);

	memcpy(machine->memory + area + offset, bytes, length);
}

/* Any place in any BAR: registers of the display, the aperture, the port pair. */
static void do_write(struct machine *machine, struct input *input)
{
	unsigned int bar = take(input, 1);
	uint64_t offset = take(input, 4);
	const uint8_t *bytes;
	size_t length = take_bytes(input, &bytes);

	gpu_bar_write(machine->gpu, bar % GPU_BAR_COUNT, bar & 0x80 ? offset : offset % (2u << 20),
		      bytes, length);
}

static void do_read(struct machine *machine, struct input *input)
{
	unsigned int bar = take(input, 1);
	uint64_t offset = take(input, 4);
	uint8_t bytes[256];

	gpu_bar_read(machine->gpu, bar % GPU_BAR_COUNT, bar & 0x80 ? offset : offset % (2u << 20),
		     bytes, take(input, 1));
}

/* Pages of registers that do something: engines, GT, interrupts, clocks, display, PCH, pcode. */
static const uint32_t register_pages[] = {
	0x02000, 0x22000,  0x12000,  0x1a000,  0x04000,	 0x09000, 0x0a000, 0x0c000,
	0x42000, 0x44000,  0x45000,  0x46000,  0x48000,	 0x60000, 0x61000, 0x64000,
	0x6c000, 0x70000,  0x71000,  0x72000,  0xc2000,	 0xc4000, 0xc5000, 0xc6000,
	0xc7000, 0x100000, 0x101000, 0x130000, 0x138000,
};

#define REGISTER_PAGES (sizeof(register_pages) / sizeof(register_pages[0]))

static void do_register(struct machine *machine, struct input *input)
{
	uint32_t page = register_pages[take(input, 1) % REGISTER_PAGES];
	uint32_t offset = page + (take(input, 2) & 0xffc), value;

	write_register(machine, offset, take(input, 4));
	gpu_bar_read(machine->gpu, GPU_BAR_GTTMMADR, offset, &value, sizeof(value));
}

static void do_gtt_entry(struct machine *machine, struct input *input)
{
	uint32_t index = take(input, 2) % (MEMORY_SIZE / PAGE);

	write_entry(machine, index, take(input, 8));
}

static void do_config(struct machine *machine, struct input *input)
{
	unsigned int offset = take(input, 1);
	uint32_t value = take(input, 4);
	size_t length = take(input, 1) % 5;

	gpu_config_write(machine->gpu, offset, &value, length);
	gpu_config_read(machine->gpu, offset, &value, length);
}

static void set_removed(struct machine *machine, bool removed)
{
	uint8_t *at = machine->memory + REMOVABLE;
	size_t length = REMOVABLE_END - REMOVABLE;

	if (removed == machine->removed)
		return;
	if (removed ? gpu_memory_remove(machine->gpu, REMOVABLE, length) :
		      mprotect(at, length, PROT_READ | PROT_WRITE))
		abort();
	if (removed ? mprotect(at, length, PROT_NONE) :
		      gpu_memory_add(machine->gpu, REMOVABLE, length, at, true))
		abort();
	machine->removed = removed;
}

static void do_remove(struct machine *machine, struct input *input)
{
	set_removed(machine, take(input, 1) & 1);
}

static void do_reset(struct machine *machine, struct input *input)
{
	write_register(machine, 0x941c, take(input, 1));
}

#define PIPE_SOURCE(pipe) (0x6001c + 0x1000 * (pipe))
#define SMALL		  0x01ff01ffu /* both halves below 512: a picture takes no time */

static void do_capture(struct machine *machine, struct input *input)
{
	unsigned int pipe = take(input, 1) % GPU_PIPES;
	struct gpu_image image;

	write_register(machine, PIPE_SOURCE(pipe), take(input, 4) & SMALL);
	if (!gpu_display_capture(machine->gpu, pipe, &image))
		gpu_image_release(&image);
}

static void (*const actions[ACTIONS])(struct machine *machine, struct input *input) = {
	[ACTION_BYTES] = do_bytes,	 [ACTION_COMMANDS] = do_commands,
	[ACTION_SUBMIT] = do_submit,	 [ACTION_MEMORY] = do_memory,
	[ACTION_WRITE] = do_write,	 [ACTION_READ] = do_read,
	[ACTION_REGISTER] = do_register, [ACTION_GTT_ENTRY] = do_gtt_entry,
	[ACTION_CONFIG] = do_config,	 [ACTION_REMOVE] = do_remove,
	[ACTION_RESET] = do_reset,	 [ACTION_CAPTURE] = do_capture,
};

/* A guard page on each side. */
static uint8_t *make_memory(void)
{
	uint8_t *all =
		mmap(NULL, MEMORY_SIZE + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED || mprotect(all + PAGE, READ_ONLY, PROT_READ | PROT_WRITE) ||
	    mprotect(all + PAGE + READ_ONLY, MEMORY_SIZE - READ_ONLY, PROT_READ))
		abort();
	return all + PAGE;
}

static struct machine *make_machine(void)
{
	static const uint8_t edid[128] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	static struct machine machine;
	struct gpu_config config = { .ops = &ops };

	machine.memory = make_memory();
	if (gpu_new(&config, &machine.gpu) ||
	    gpu_memory_add(machine.gpu, 0, REMOVABLE, machine.memory, true) ||
	    gpu_memory_add(machine.gpu, REMOVABLE, REMOVABLE_END - REMOVABLE,
			   machine.memory + REMOVABLE, true) ||
	    gpu_memory_add(machine.gpu, READ_ONLY, MEMORY_SIZE - READ_ONLY,
			   machine.memory + READ_ONLY, false) ||
	    gpu_monitor_plug(machine.gpu, "HDMI-B", edid, sizeof(edid)) ||
	    gpu_monitor_plug(machine.gpu, "DP-C", edid, sizeof(edid)))
		abort();
	return &machine;
}

#define PRESENT	  1u
#define WRITABLE  2u
#define LARGE	  (1u << 7)
#define TABLE_64K (1u << 11)

/* Each table repeats itself; directories lead to pages of all three sizes. */
static void make_tables(struct machine *machine)
{
	uint64_t *pml4 = (uint64_t *)(machine->memory + PML4);
	uint64_t *pointers = (uint64_t *)(machine->memory + POINTERS);
	uint64_t *directory = (uint64_t *)(machine->memory + DIRECTORY);
	uint64_t *table = (uint64_t *)(machine->memory + TABLE);

	for (unsigned int i = 0; i < PAGE / 8; i++) {
		pml4[i] = POINTERS | PRESENT | WRITABLE;
		pointers[i] = DIRECTORY | PRESENT | WRITABLE;
		directory[i] = TABLE | PRESENT | WRITABLE | (i % 8 == 6 ? TABLE_64K : 0);
		if (i % 8 == 5)
			directory[i] = PRESENT | WRITABLE | LARGE;
		table[i] = (uint64_t)i * PAGE | PRESENT | WRITABLE;
	}
}

static void make_context(struct machine *machine, unsigned int n)
{
	uint32_t *image = (uint32_t *)(machine->memory + CONTEXT(n) + PAGE);

	image[3] = 0x00090009; /* context control: restore inhibit */
	image[9] = RING(n);
	image[11] = 1; /* one page, enabled */
	image[51] = PML4;
}

/* What a driver does before it lets anybody else near. */
static void start(struct machine *machine)
{
	set_removed(machine, false);
	memset(machine->memory, 0, READ_ONLY);
	for (uint32_t page = 0; page < MEMORY_SIZE / PAGE; page++)
		write_entry(machine, page, page * PAGE | PRESENT);
	make_tables(machine);
	for (unsigned int n = 0; n < CONTEXTS; n++)
		make_context(machine, n);
	for (unsigned int i = 0; i < ENGINES; i++) {
		write_register(machine, engine_bases[i] + 0x80, STATUS_PAGE);
		write_register(machine, engine_bases[i] + 0xa8, 0);
		write_register(machine, 0x44304 + 0x10 * i, 0);
		write_register(machine, 0x4430c + 0x10 * i, ~0u);
	}
	write_register(machine, 0x44200, 1u << 31);
}

static void check_idle(const struct machine *machine)
{
	struct gpu_engine_status status;

	for (unsigned int i = 0; gpu_engine_status(machine->gpu, i, &status); i++)
		if (status.state != GPU_ENGINE_IDLE)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine *machine;
	struct input input = { data, size };

	if (!machine)
		machine = make_machine();
	start(machine);
	while (input.left)
		actions[take(&input, 1) % ACTIONS](machine, &input);
	gpu_reset(machine->gpu);
	check_idle(machine);
	return 0;
}
