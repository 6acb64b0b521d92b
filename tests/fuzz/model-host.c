// SPDX-License-Identifier: GPL-2.0-or-later
#include "model-host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/err.h>
#include <linux/workqueue.h>

#include "kernel-gvt/vgpu/gpu.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "tests/kshim/kshim.h"

struct gvt_host model_host;
struct vgpu *model_vgpu;
/* The hardware's table, and which entries are someone's. */
static uint64_t table[ENTRIES];

void must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "model-host: %s\n", what);
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
	uint8_t image[MODEL_IMAGE_PAGES * PAGE];
};

/* Hardware walks them by bus addresses, which are their numbers. */
#define TABLES_MAX 32768u
#define TABLES_AT  0x100000000ull

struct gvt_host_table {
	uint64_t entries[512];
	uint32_t number;
};

static struct gvt_host_table *tables[TABLES_MAX];

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
		memcpy(contexts[i].image, model_host.image, sizeof(contexts[i].image));
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
	*pages = MODEL_IMAGE_PAGES;
	return context->image;
}

void gvt_host_context_set_roots(struct gvt_host_context *context, const u64 *roots)
{
}

int gvt_host_context_submit(struct gvt_host_context *context, const u32 *commands, u32 dwords)
{
	must(model_host.awake && context->used, "work for a context that is none");
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
	static uint32_t last;
	struct gvt_host_table *made = kshim_alloc(sizeof(*made), true);

	if (!made)
		return NULL;
	while (tables[++last % TABLES_MAX])
		;
	made->number = last % TABLES_MAX;
	tables[made->number] = made;
	return made;
}

void gvt_host_table_free(struct gvt_host *host, struct gvt_host_table *gone)
{
	tables[gone->number] = NULL;
	kshim_free(gone);
}

u64 *gvt_host_table_entries(struct gvt_host_table *of)
{
	return (u64 *)of->entries;
}

u64 gvt_host_table_address(const struct gvt_host_table *of)
{
	return TABLES_AT + (uint64_t)of->number * PAGE;
}

const uint64_t *model_host_table(uint64_t address)
{
	const struct gvt_host_table *found = tables[(address - TABLES_AT) / PAGE % TABLES_MAX];

	must(address >= TABLES_AT && found, "hardware walks a table that is gone");
	return found->entries;
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
	if (model_host.fail_pin && !--model_host.fail_pin)
		return -ENOMEM;
	must(!model_host.pins[gfn]++, "a page is pinned twice");
	model_host.pinned++;
	page->bus_address = (GUEST_PAGES + gfn) * PAGE;
	page->memory = model_host.memory[gfn];
	return 0;
}

static void unpin(void *guest, u64 gfn, const struct gvt_guest_page *page)
{
	must(gfn < GUEST_PAGES && model_host.pins[gfn], "a page is unpinned that is not pinned");
	model_host.pins[gfn]--;
	model_host.pinned--;
}

static void interrupt(void *guest)
{
}

static int watch(void *guest, u64 gfn)
{
	must(gfn < GUEST_PAGES && !model_host.watched[gfn], "a page is watched twice");
	model_host.watched[gfn] = true;
	return 0;
}

static void unwatch(void *guest, u64 gfn)
{
	must(gfn < GUEST_PAGES && model_host.watched[gfn], "a page is not watched any more that was not");
	model_host.watched[gfn] = false;
}

static void protect(void *guest, unsigned int page)
{
	must(page < 2048, "a page of the table that is none");
	model_host.protects[page] = true;
	vgpu_ggtt_untouched(model_vgpu, page);
}

const struct gvt_guest_ops model_guest_ops = {
	.pin = pin,
	.unpin = unpin,
	.interrupt = interrupt,
	.watch = watch,
	.unwatch = unwatch,
	.protect = protect,
};

const uint32_t *model_host_image(unsigned int n)
{
	return n < CONTEXTS_MAX && contexts[n].used ? (const uint32_t *)contexts[n].image : NULL;
}

void model_host_map_guest(void)
{
	uint32_t first = (uint32_t)(model_vgpu->aperture.start / PAGE);

	for (uint32_t i = 0; i < GUEST_PAGES; i++) {
		unsigned int page = (first + i) / 512;

		if (model_host.protects[page]) {
			model_host.protects[page] = false;
			vgpu_ggtt_touched(model_vgpu, page);
		}
		((uint64_t *)vgpu_ggtt_page(model_vgpu, page))[(first + i) % 512] = i * PAGE | 1;
	}
}

void model_host_end(unsigned int n, int error)
{
	struct gvt_host_context *context = &contexts[n % CONTEXTS_MAX];

	if (!context->used || context->ended == context->submitted)
		return;
	context->ended++;
	tell(context, error);
}

uint64_t take(struct input *input, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > input->left)
		bytes = input->left;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->left -= bytes;
	return value;
}

/* GPUs stay from input to input: their tables of registers take longer to make than an input to run. */
struct gvt_gpu *model_host_reset(uint8_t kind)
{
	static struct gvt_gpu *gpus[4];
	const struct gvt_gpu_options options = { .trap_ggtt = kind & 2, .run_work = true, .watch_tables = true };
	struct gvt_gpu **one = &gpus[kind % 4];

	memset(&model_host, 0, sizeof(model_host));
	model_host.info.generation = kind & 1 ? 8 : 9;
	model_host.info.aperture_size = 256 * MB;
	model_host.info.ggtt_size = (uint64_t)ENTRIES * PAGE;
	model_host.info.fences = FENCES;
	memset(model_host.protects, true, sizeof(model_host.protects));
	if (!*one)
		must(!gvt_gpu_create(&model_host, &options, one), "no GPU");
	return *one;
}

void model_host_keep(uint8_t kind)
{
	static const struct gvt_sizes sizes = { 16, 32, 4, 2, 1024, 768, 0 };
	const uint32_t one = 1;

	if (!model_vgpu) {
		must(!vgpu_create(model_host_reset(kind), &sizes, "kept", &model_vgpu), "no vGPU");
		must(!vgpu_open(model_vgpu, &model_guest_ops, NULL), "it can't be opened");
		model_host_map_guest();
		vgpu_bar0_write(model_vgpu, 0x101008, &one, sizeof(one));
	}
	memset(model_host.memory, 0, sizeof(model_host.memory));
}
