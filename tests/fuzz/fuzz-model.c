// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-model - a guest, and whoever maps its memory, against gvt.ko's device model
 *
 * The bytes are a sequence of accesses: configuration space, registers, entries by memory and by
 * trap, the aperture, memory that goes away, interrupts from inside, resets, other sizes, a second
 * vGPU beside. The host here is tables that abort when the model touches what is not the vGPU's,
 * leaves a page pinned, or forgets memory.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/err.h>
#include <linux/workqueue.h>

#include "kernel-gvt/vgpu/config.h"
#include "kernel-gvt/vgpu/gpu.h"
#include "kernel-gvt/vgpu/irq.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/kshim/kshim.h"

#define MB	    (1ull << 20)
#define PAGE	    4096u
#define ENTRIES	    (1u << 20)
#define GUEST_PAGES 64u
#define RANGES_MAX  8u
#define FENCES	    32u
#define SCRATCH	    0x1001ull

struct gvt_host_range {
	uint64_t start, size;
	bool used;
};

struct gvt_host {
	struct gvt_host_info info;
	struct gvt_host_range ranges[RANGES_MAX];
	bool fences[FENCES];
	unsigned int awake, pins[GUEST_PAGES], pinned, fail_pin;
	bool protects[2048];
	uint8_t memory[GUEST_PAGES][PAGE];
};

static struct gvt_host machine;
static struct gvt_gpu *gpu;
static struct vgpu *vgpu, *neighbour;
/* The hardware's table, and which entries are someone's. */
static uint64_t table[ENTRIES];

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "fuzz-model: %s\n", what);
	abort();
}

const struct gvt_host_info *gvt_host_info(struct gvt_host *host)
{
	return &host->info;
}

void gvt_host_log(struct gvt_host *host, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
}

struct gvt_host_range *gvt_host_range_reserve(struct gvt_host *host, u64 start, u64 size)
{
	must(host->awake, "a range is taken of a GPU that sleeps");
	must(size && start + size <= (uint64_t)ENTRIES * PAGE, "a range that can't be");
	for (unsigned int i = 0; i < RANGES_MAX; i++)
		if (host->ranges[i].used)
			must(start + size <= host->ranges[i].start ||
				     host->ranges[i].start + host->ranges[i].size <= start,
			     "two vGPUs have the same range");
	for (unsigned int i = 0; i < RANGES_MAX; i++) {
		if (!host->ranges[i].used) {
			host->ranges[i] = (struct gvt_host_range){ start, size, true };
			return &host->ranges[i];
		}
	}
	return NULL;
}

void gvt_host_range_release(struct gvt_host *host, struct gvt_host_range *range)
{
	if (!range)
		return;
	must(range->used, "a range is given back twice");
	for (uint64_t i = range->start / PAGE; i < (range->start + range->size) / PAGE; i++)
		must(!table[i] || table[i] == SCRATCH, "an entry outlives its vGPU");
	range->used = false;
}

int gvt_host_fence_reserve(struct gvt_host *host)
{
	for (unsigned int i = 0; i < FENCES; i++) {
		if (!host->fences[i]) {
			host->fences[i] = true;
			return (int)i;
		}
	}
	return -ENOSPC;
}

void gvt_host_fence_release(struct gvt_host *host, unsigned int fence)
{
	must(fence < FENCES && host->fences[fence], "a fence is given back that nobody has");
	host->fences[fence] = false;
}

static bool is_inside_one(const struct gvt_host *host, uint64_t start, uint64_t end)
{
	for (unsigned int i = 0; i < RANGES_MAX; i++)
		if (host->ranges[i].used && start >= host->ranges[i].start &&
		    end <= host->ranges[i].start + host->ranges[i].size)
			return true;
	return false;
}

void gvt_host_fence_write(struct gvt_host *host, unsigned int fence, u64 value)
{
	must(host->awake && fence < FENCES && host->fences[fence], "a fence is written that is not ours");
	if (value & 1)
		must(is_inside_one(host, value & 0xfffff000, (value >> 32 & 0xfffff000) + PAGE),
		     "a fence covers what is not the vGPU's");
}

u64 gvt_host_scratch_entry(struct gvt_host *host)
{
	return SCRATCH;
}

u64 gvt_host_entry(struct gvt_host *host, u64 bus_address)
{
	return bus_address | 1;
}

void gvt_host_ggtt_write(struct gvt_host *host, u32 first, const u64 *entries, u32 count)
{
	must(host->awake, "entries are written while the GPU sleeps");
	must(is_inside_one(host, (uint64_t)first * PAGE, ((uint64_t)first + count) * PAGE),
	     "entries that are not the vGPU's");
	for (u32 i = 0; i < count; i++) {
		uint64_t page = entries[i] / PAGE;

		must(entries[i] == SCRATCH || (page >= GUEST_PAGES && page < 2 * GUEST_PAGES &&
					       host->pins[page - GUEST_PAGES]),
		     "an entry leads to memory that is not pinned");
		table[first + i] = entries[i];
	}
}

void gvt_host_ggtt_flush(struct gvt_host *host)
{
}

void gvt_host_awake(struct gvt_host *host)
{
	host->awake++;
}

void gvt_host_rest(struct gvt_host *host)
{
	must(host->awake, "the GPU rests more often than it was awake");
	host->awake--;
}

u32 gvt_host_read(struct gvt_host *host, u32 offset)
{
	return offset * 0x9e3779b9u;
}

static void must_be_aperture(const struct gvt_host *host, uint64_t offset, size_t length)
{
	must(host->awake && is_inside_one(host, offset, offset + length) &&
		     offset + length <= host->info.aperture_size,
	     "the aperture is used where it is not the vGPU's");
}

void gvt_host_aperture_read(struct gvt_host *host, u64 offset, void *data, size_t length)
{
	must_be_aperture(host, offset, length);
	memset(data, 0x5a, length);
}

void gvt_host_aperture_write(struct gvt_host *host, u64 offset, const void *data, size_t length)
{
	must_be_aperture(host, offset, length);
}

/* Contexts whose work ends when the input says so, or when they are stopped. */
#define CONTEXTS_MAX 1024u

struct gvt_host_context {
	bool used;
	gvt_host_event_fn event;
	void *owner;
	uint64_t submitted, ended;
	struct work_struct end;
	uint8_t image[3 * PAGE];
};

struct gvt_host_table {
	uint64_t entries[512];
};

static struct gvt_host_context contexts[CONTEXTS_MAX];

static void tell(struct gvt_host_context *context, int error)
{
	struct gvt_host_event event = { context->ended, error, context->ended == context->submitted,
					context->ended * 1000 };

	context->event(context->owner, context, &event);
}

static void end_all(struct work_struct *work)
{
	struct gvt_host_context *context = container_of(work, struct gvt_host_context, end);

	context->ended = context->submitted;
	tell(context, -EIO);
}

struct gvt_host_context *gvt_host_context_create(struct gvt_host *host, enum gvt_engine engine, u32 ring_size,
						 unsigned int levels, gvt_host_event_fn event, void *owner)
{
	must(ring_size >= PAGE && ring_size <= 2 * MB, "a ring that can't be");
	for (unsigned int i = 0; i < CONTEXTS_MAX; i++) {
		if (contexts[i].used)
			continue;
		contexts[i].used = true;
		contexts[i].event = event;
		contexts[i].owner = owner;
		contexts[i].submitted = contexts[i].ended = 0;
		return &contexts[i];
	}
	return ERR_PTR(-ENOMEM);
}

void gvt_host_context_destroy(struct gvt_host_context *context)
{
	must(context->used && context->ended == context->submitted, "a context goes that has work");
	context->used = false;
}

void gvt_host_contexts_settle(struct gvt_host *host)
{
}

void *gvt_host_context_image(struct gvt_host_context *context, unsigned int *pages)
{
	*pages = 3;
	return context->image;
}

void gvt_host_context_set_roots(struct gvt_host_context *context, const u64 *roots)
{
}

int gvt_host_context_submit(struct gvt_host_context *context, const u32 *commands, u32 dwords)
{
	must(machine.awake && context->used, "work for a context that is none");
	context->submitted++;
	return 0;
}

void gvt_host_context_stop(struct gvt_host_context *context)
{
	INIT_WORK(&context->end, end_all);
	queue_work(NULL, &context->end);
}

struct gvt_host_table *gvt_host_table_alloc(struct gvt_host *host)
{
	return kshim_alloc(sizeof(struct gvt_host_table), true);
}

void gvt_host_table_free(struct gvt_host *host, struct gvt_host_table *table)
{
	kshim_free(table);
}

u64 *gvt_host_table_entries(struct gvt_host_table *table)
{
	return (u64 *)table->entries;
}

u64 gvt_host_table_address(const struct gvt_host_table *table)
{
	return 0x100000;
}

void gvt_host_tlb_invalidate(struct gvt_host *host)
{
	must(host->awake, "TLBs of a GPU that sleeps");
}

/* A page's bus address is its number and GUEST_PAGES more. */
static int pin(void *guest, u64 gfn, struct gvt_guest_page *page)
{
	if (gfn >= GUEST_PAGES)
		return -EFAULT;
	if (machine.fail_pin && !--machine.fail_pin)
		return -ENOMEM;
	must(!machine.pins[gfn]++, "a page is pinned twice");
	machine.pinned++;
	page->bus_address = (GUEST_PAGES + gfn) * PAGE;
	page->memory = machine.memory[gfn];
	return 0;
}

static void unpin(void *guest, u64 gfn, const struct gvt_guest_page *page)
{
	must(gfn < GUEST_PAGES && machine.pins[gfn], "a page is unpinned that is not pinned");
	machine.pins[gfn]--;
	machine.pinned--;
}

static void interrupt(void *guest)
{
}

static void protect(void *guest, unsigned int page)
{
	must(page < 2048, "a page of the table that is none");
	machine.protects[page] = true;
	vgpu_ggtt_untouched(vgpu, page);
}

static const struct gvt_guest_ops guest_ops = {
	.pin = pin,
	.unpin = unpin,
	.interrupt = interrupt,
	.protect = protect,
};

/* What is left of the input. */
struct input {
	const uint8_t *data;
	size_t left;
};

static uint64_t take(struct input *input, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > input->left)
		bytes = input->left;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->left -= bytes;
	return value;
}

/* An entry of the vGPU's parts, or any. */
static uint32_t take_index(struct input *input)
{
	uint32_t value = (uint32_t)take(input, 3);

	switch (value >> 22) {
	case 0:
		return (uint32_t)(vgpu->aperture.start / PAGE) + value % 1024;
	case 1:
		return (uint32_t)(vgpu->hidden.start / PAGE) + value % 1024;
	case 2:
		return (uint32_t)((vgpu->hidden.start + vgpu->hidden.size) / PAGE) - 8 + value % 16;
	default:
		return value % ENTRIES;
	}
}

static void write_by_memory(struct input *input)
{
	uint32_t index = take_index(input);
	unsigned int page = index / 512;

	if (machine.protects[page]) {
		machine.protects[page] = false;
		vgpu_ggtt_touched(vgpu, page);
	}
	((uint64_t *)vgpu_ggtt_page(vgpu, page))[index % 512] = take(input, 3);
}

static void access_bar0(struct input *input, uint64_t offset)
{
	uint8_t what = (uint8_t)take(input, 1);
	size_t length = what % 17;
	uint8_t data[16] = { 0 };
	int err;

	for (size_t i = 0; i < length; i++)
		data[i] = (uint8_t)take(input, 1);
	err = what & 0x80 ? vgpu_bar0_read(vgpu, offset, data, length) :
			    vgpu_bar0_write(vgpu, offset, data, length);
	must(!err == (offset + length <= 16 * MB), "the BAR's end is somewhere else");
}

static void access_aperture(struct input *input)
{
	uint64_t offset = take(input, 4), data[2] = { 0 };
	size_t length = take(input, 1) % 17;

	if (offset & 1)
		offset = vgpu->aperture.start + offset % vgpu->aperture.size;
	vgpu_aperture_read(vgpu, offset, data, length);
	vgpu_aperture_write(vgpu, offset, data, length);
}

static void access_config(struct input *input)
{
	uint32_t offset = (uint32_t)take(input, 1) + (uint32_t)(take(input, 1) & 1) * 0xfffffff0u;
	uint64_t value = take(input, 4);
	size_t length = take(input, 1) % 9;

	vgpu_config_write(vgpu, offset, &value, length);
	vgpu_config_read(vgpu, offset, &value, length);
}

/* A context in the guest's first pages, its ring and tables in the next; what is in them, the input says. */
static void submit_something(struct input *input)
{
	uint32_t page = (uint32_t)take(input, 1) % 32, *registers = (uint32_t *)machine.memory[page + 1];
	uint32_t base = (uint32_t)vgpu->aperture.start;

	for (uint32_t i = 0; i < GUEST_PAGES; i++) {
		unsigned int table_page = base / PAGE / 512;

		if (machine.protects[table_page]) {
			machine.protects[table_page] = false;
			vgpu_ggtt_touched(vgpu, table_page);
		}
		((uint64_t *)vgpu_ggtt_page(vgpu, table_page))[(base / PAGE + i) % 512] = i * PAGE | 1;
	}
	registers[0x07] = (uint32_t)take(input, 2) & 0x1ff8;
	registers[0x09] = base + (uint32_t)take(input, 1) % 64 * PAGE;
	registers[0x0b] = (uint32_t)take(input, 1) << 12 | 1;
	registers[0x33] = (uint32_t)take(input, 1) % 80 * PAGE;
	for (unsigned int i = 0; i < 4; i++) {
		const uint32_t elsp[4] = { (uint32_t)take(input, 1), base + (uint32_t)take(input, 1) % 64 * PAGE + 0x19,
					   0x20, base + page * PAGE + (take(input, 1) & 1 ? 0x19 : 0x09) };

		vgpu_bar0_write(vgpu, 0x2230, &elsp[i], 4);
	}
}

/* What the guest's memory holds: entries of tables, commands. */
static void write_guest_memory(struct input *input)
{
	uint8_t *page = machine.memory[take(input, 1) % GUEST_PAGES];
	size_t at = take(input, 2) % (PAGE - 32) & ~7u;

	for (size_t i = 0; i < 32; i++)
		page[at + i] = (uint8_t)take(input, 1);
}

static void end_something(struct input *input)
{
	struct gvt_host_context *context = &contexts[take(input, 1) % 16];

	if (!context->used || context->ended == context->submitted)
		return;
	context->ended++;
	tell(context, take(input, 1) & 7 ? 0 : -EIO);
}

static void raise_something(struct input *input)
{
	static const uint32_t groups[] = { IRQ_GT0, IRQ_GT1, IRQ_GT2, IRQ_GT3, IRQ_PIPE(0), IRQ_PORT, IRQ_PCH };

	vgpu_irq_raise(vgpu, groups[take(input, 1) % ARRAY_SIZE(groups)], (uint32_t)take(input, 4));
}

static void come_and_go(struct input *input)
{
	struct gvt_sizes sizes = { (uint32_t)take(input, 2), (uint32_t)take(input, 2), (uint32_t)take(input, 1), 2,
				   1024, 768 };

	vgpu_close(vgpu);
	must(!machine.pinned, "a guest has gone, and something of it is pinned");
	vgpu_resize(vgpu, &sizes);
	if (neighbour) {
		vgpu_destroy(neighbour);
		neighbour = NULL;
	} else if (vgpu_create(gpu, &sizes, "neighbour", &neighbour)) {
		must(!neighbour, "a vGPU that could not be made is there");
	}
	must(!vgpu_open(vgpu, &guest_ops, NULL), "a vGPU can't be opened again");
	memset(machine.protects, true, sizeof(machine.protects));
}

static void act(struct input *input)
{
	uint8_t what = (uint8_t)take(input, 1);

	switch (what % 16) {
	case 0 ... 3:
		access_bar0(input, take(input, 3) & 0x1fffff);
		break;
	case 4 ... 6:
		write_by_memory(input);
		break;
	case 7:
		access_bar0(input, GVT_GGTT_OFFSET + 8ull * take_index(input) + take(input, 1) % 8);
		break;
	case 8:
		if (what & 0x80)
			submit_something(input);
		else if (what & 0x40)
			write_guest_memory(input);
		else if (what & 0x20)
			end_something(input);
		else
			access_bar0(input, take(input, 4));
		break;
	case 9:
		access_config(input);
		break;
	case 10:
		access_aperture(input);
		break;
	case 11:
		vgpu_forget_memory(vgpu, take(input, 1), take(input, what & 0x10 ? 8 : 1));
		break;
	case 12:
		raise_something(input);
		break;
	case 13:
		machine.fail_pin = (unsigned int)take(input, 1) % 8;
		break;
	case 14:
		if (what & 0x10)
			gvt_gpu_restore(gpu);
		else
			vgpu_reset(vgpu);
		break;
	default:
		if (what & 0x10)
			come_and_go(input);
		else
			access_bar0(input, 0x101008);
	}
}

/* GPUs stay from input to input: their tables of registers take longer to make than an input to run. */
static struct gvt_gpu *gpu_of(uint8_t kind)
{
	static struct gvt_gpu *gpus[4];
	struct gvt_gpu **one = &gpus[kind % 4];

	machine.info.generation = kind & 1 ? 8 : 9;
	if (!*one)
		must(!gvt_gpu_create(&machine, kind & 2, true, one), "no GPU");
	return *one;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct gvt_sizes sizes = { 16, 32, 4, 2, 1024, 768 };
	struct input input = { data, size };
	unsigned long allocations;

	memset(&machine, 0, sizeof(machine));
	machine.info.aperture_size = 256 * MB;
	machine.info.ggtt_size = (uint64_t)ENTRIES * PAGE;
	machine.info.fences = FENCES;
	memset(machine.protects, true, sizeof(machine.protects));
	gpu = gpu_of((uint8_t)take(&input, 1));
	allocations = kshim_live_allocations();
	must(!vgpu_create(gpu, &sizes, "fuzzed", &vgpu), "no vGPU");
	must(!vgpu_open(vgpu, &guest_ops, NULL), "it can't be opened");
	while (input.left)
		act(&input);
	vgpu_destroy(vgpu);
	must(!machine.pinned, "a page stays pinned");
	if (neighbour)
		vgpu_destroy(neighbour);
	neighbour = NULL;
	must(!machine.awake, "the GPU stays awake");
	must(kshim_live_allocations() == allocations, "memory is lost");
	return 0;
}
