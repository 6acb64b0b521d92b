// SPDX-License-Identifier: GPL-2.0-or-later
#include "model-fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/workqueue.h>

#include "gpusim/gpu/gpu.h"

#define SCRATCH_BUS 0x1000ull
#define FENCES	    32u
#define RANGES_MAX  64u

struct gvt_host_range {
	uint64_t start, size;
};

struct gvt_host_context {
	struct gvt_host *host;
	gvt_host_event_fn event;
	void *owner;
	uint8_t *image;
	uint64_t roots[4];
	uint64_t submitted, ended, ran_ns;
	enum gvt_engine engine;
	bool stopped;
	struct work_struct end;
};

struct gvt_host_table {
	unsigned int page; /* of host_pages */
};

/* The host's memory that hardware reaches: page tables, from the beginning, and images and rings of contexts behind. */
static struct {
	uint8_t *memory;
	bool taken[HOST_PAGES];
} host_pages;

#define IMAGE_PAGES 4u
#define WORKS_MAX   32u

struct gvt_host {
	struct host_work works[WORKS_MAX];
	unsigned int work_count, contexts, tables;
	struct model *model;
	struct gvt_host_info info;
	struct gvt_host_range *ranges[RANGES_MAX];
	bool fences[FENCES];
	unsigned int awake;
	uint64_t occupied_start, occupied_end;
	uint32_t image[PAGE / 4]; /* the registers' page of new contexts */
};

const struct gvt_sizes model_small = { 64, 384, 4, 2, 1024, 768, 0 };
const struct gvt_sizes model_medium = { 128, 512, 4, 4, 1920, 1200, 0 };

static struct model *of(void *guest)
{
	return guest;
}

/* The host's side. */

static void must_be_awake(const struct gvt_host *host)
{
	if (!host->awake)
		fail_msg("the GPU is used while it may sleep");
}

static void bar_write(struct gvt_host *host, unsigned int bar, uint64_t offset, const void *data, size_t length)
{
	must_be_awake(host);
	assert_int_equal(gpu_bar_write(host->model->hardware, bar, offset, data, length), 0);
}

static void bar_read(struct gvt_host *host, unsigned int bar, uint64_t offset, void *data, size_t length)
{
	must_be_awake(host);
	assert_int_equal(gpu_bar_read(host->model->hardware, bar, offset, data, length), 0);
}

const struct gvt_host_info *gvt_host_info(struct gvt_host *host)
{
	return &host->info;
}

void gvt_host_log(struct gvt_host *host, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(host->model->log, sizeof(host->model->log), format, args);
	va_end(args);
	host->model->log_lines++;
}

static bool overlaps(uint64_t start, uint64_t size, uint64_t other_start, uint64_t other_end)
{
	return start < other_end && other_start < start + size;
}

struct gvt_host_range *gvt_host_range_reserve(struct gvt_host *host, u64 start, u64 size)
{
	unsigned int free = RANGES_MAX;

	must_be_awake(host);
	if (start + size > host->info.ggtt_size || start % PAGE || size % PAGE)
		fail_msg("a range that can't be");
	if (overlaps(start, size, host->occupied_start, host->occupied_end))
		return NULL;
	for (unsigned int i = 0; i < RANGES_MAX; i++) {
		const struct gvt_host_range *range = host->ranges[i];

		if (!range)
			free = i;
		else if (overlaps(start, size, range->start, range->start + range->size))
			return NULL;
	}
	assert_int_not_equal(free, RANGES_MAX);
	host->ranges[free] = malloc(sizeof(struct gvt_host_range));
	*host->ranges[free] = (struct gvt_host_range){ start, size };
	return host->ranges[free];
}

void gvt_host_range_release(struct gvt_host *host, struct gvt_host_range *range)
{
	if (!range)
		return;
	must_be_awake(host);
	for (unsigned int i = 0; i < RANGES_MAX; i++) {
		if (host->ranges[i] == range) {
			host->ranges[i] = NULL;
			free(range);
			return;
		}
	}
	fail_msg("a range is released that is not reserved");
}

int gvt_host_fence_reserve(struct gvt_host *host)
{
	must_be_awake(host);
	/* From the end: a guest's number must not be the hardware's by chance. */
	for (unsigned int i = FENCES; i-- > 0;) {
		if (!host->fences[i]) {
			host->fences[i] = true;
			return (int)i;
		}
	}
	return -ENOSPC;
}

void gvt_host_fence_release(struct gvt_host *host, unsigned int fence)
{
	assert_true(fence < FENCES && host->fences[fence]);
	gvt_host_fence_write(host, fence, 0);
	host->fences[fence] = false;
}

void gvt_host_fence_write(struct gvt_host *host, unsigned int fence, u64 value)
{
	uint32_t low = (uint32_t)value, high = (uint32_t)(value >> 32);

	assert_true(fence < FENCES && host->fences[fence]);
	bar_write(host, 0, FENCE(fence) + 4, &high, 4);
	bar_write(host, 0, FENCE(fence), &low, 4);
}

u64 gvt_host_scratch_entry(struct gvt_host *host)
{
	return SCRATCH_BUS | 1;
}

u64 gvt_host_entry(struct gvt_host *host, u64 bus_address)
{
	return bus_address | 1;
}

static bool is_reserved(const struct gvt_host *host, uint64_t start, uint64_t size)
{
	for (unsigned int i = 0; i < RANGES_MAX; i++) {
		const struct gvt_host_range *range = host->ranges[i];

		if (range && start >= range->start && start + size <= range->start + range->size)
			return true;
	}
	return false;
}

void gvt_host_ggtt_write(struct gvt_host *host, u32 first, const u64 *entries, u32 count)
{
	if (!is_reserved(host, (uint64_t)first * PAGE, (uint64_t)count * PAGE))
		fail_msg("entries %x + %x are not the vGPU's", first, count);
	for (u32 i = 0; i < count; i++)
		bar_write(host, 0, GGTT_AT + 8ull * (first + i), &entries[i], 8);
}

void gvt_host_ggtt_flush(struct gvt_host *host)
{
	uint32_t one = 1;

	bar_write(host, 0, FLUSH_GGTT, &one, 4);
}

void gvt_host_awake(struct gvt_host *host)
{
	host->awake++;
}

void gvt_host_rest(struct gvt_host *host)
{
	must_be_awake(host);
	host->awake--;
}

u32 gvt_host_read(struct gvt_host *host, u32 offset)
{
	uint32_t value;

	bar_read(host, 0, offset, &value, 4);
	return value;
}

void gvt_host_aperture_read(struct gvt_host *host, u64 offset, void *data, size_t length)
{
	bar_read(host, 2, offset, data, length);
}

void gvt_host_aperture_write(struct gvt_host *host, u64 offset, const void *data, size_t length)
{
	bar_write(host, 2, offset, data, length);
}

struct gvt_host_context *gvt_host_context_create(struct gvt_host *host, enum gvt_engine engine, u32 ring_size,
						 unsigned int levels, gvt_host_event_fn event, void *owner)
{
	struct gvt_host_context *context = calloc(1, sizeof(*context));

	assert_non_null(context);
	assert_true(levels == 3 || levels == 4);
	context->host = host;
	context->event = event;
	context->owner = owner;
	context->engine = engine;
	context->image = calloc(IMAGE_PAGES, PAGE);
	assert_non_null(context->image);
	memcpy(context->image + PAGE, host->image, sizeof(host->image));
	host->contexts++;
	return context;
}

void gvt_host_context_destroy(struct gvt_host_context *context)
{
	if (context->ended != context->submitted)
		fail_msg("a context is destroyed that has work");
	context->host->contexts--;
	free(context->image);
	free(context);
}

void gvt_host_contexts_settle(struct gvt_host *host)
{
}

void *gvt_host_context_image(struct gvt_host_context *context, unsigned int *pages)
{
	*pages = IMAGE_PAGES;
	return context->image;
}

void gvt_host_context_set_roots(struct gvt_host_context *context, const u64 *roots)
{
	memcpy(context->roots, roots, sizeof(context->roots));
}

int gvt_host_context_submit(struct gvt_host_context *context, const u32 *commands, u32 dwords)
{
	struct host_work *work = &context->host->works[context->host->work_count];

	must_be_awake(context->host);
	if (context->stopped)
		fail_msg("a context that was stopped gets work");
	if (context->host->work_count++ == WORKS_MAX)
		fail_msg("more work than the test has room for");
	work->context = context;
	work->owner = context->owner;
	work->engine = context->engine;
	memcpy(work->roots, context->roots, sizeof(work->roots));
	work->count = dwords;
	memcpy(work->commands, commands, min(sizeof(work->commands), dwords * sizeof(u32)));
	context->submitted++;
	return 0;
}

/* Elsewhere, and later: whoever stops a context holds locks that the event takes. */
static void end_all(struct work_struct *work)
{
	struct gvt_host_context *context = container_of(work, struct gvt_host_context, end);
	struct gvt_host *host = context->host;
	struct gvt_host_event event = { .error = -EIO, .saved = true };
	unsigned int left = 0;

	for (unsigned int i = 0; i < host->work_count; i++)
		if (host->works[i].context != context)
			host->works[left++] = host->works[i];
	host->work_count = left;
	event.ended = context->ended = context->submitted;
	context->event(context->owner, context, &event);
}

void gvt_host_context_stop(struct gvt_host_context *context)
{
	context->stopped = true;
	INIT_WORK(&context->end, end_all);
	queue_work(NULL, &context->end);
}

struct gvt_host_table *gvt_host_table_alloc(struct gvt_host *host)
{
	struct gvt_host_table *table = calloc(1, sizeof(*table));

	assert_non_null(table);
	while (host_pages.taken[table->page])
		assert_true(++table->page < HOST_TABLES);
	host_pages.taken[table->page] = true;
	memset(host_pages.memory + table->page * PAGE, 0, PAGE);
	host->tables++;
	return table;
}

void gvt_host_table_free(struct gvt_host *host, struct gvt_host_table *table)
{
	host->tables--;
	host_pages.taken[table->page] = false;
	free(table);
}

u64 *gvt_host_table_entries(struct gvt_host_table *table)
{
	return (u64 *)(host_pages.memory + table->page * PAGE);
}

u64 gvt_host_table_address(const struct gvt_host_table *table)
{
	return HOST_BUS + table->page * PAGE;
}

void gvt_host_tlb_invalidate(struct gvt_host *host)
{
	must_be_awake(host);
}

/* The guest's side. */

static int pin(void *guest, u64 gfn, struct gvt_guest_page *page)
{
	struct model *model = of(guest);

	if (gfn >= GUEST_PAGES)
		return -EFAULT;
	if (model->fail_pin && !--model->fail_pin)
		return -ENOMEM;
	model->pins[gfn]++;
	model->pinned++;
	page->bus_address = GUEST_BUS + gfn * PAGE;
	page->memory = model->memory + gfn * PAGE;
	return 0;
}

static void unpin(void *guest, u64 gfn, const struct gvt_guest_page *page)
{
	struct model *model = of(guest);

	if (gfn >= GUEST_PAGES || !model->pins[gfn])
		fail_msg("page %llx is unpinned, and was not pinned", (unsigned long long)gfn);
	assert_int_equal(page->bus_address, GUEST_BUS + gfn * PAGE);
	model->pins[gfn]--;
	model->pinned--;
}

static void interrupt(void *guest)
{
	of(guest)->interrupts++;
}

static int watch(void *guest, u64 gfn)
{
	struct model *model = of(guest);

	if (!model->can_watch)
		return -EOPNOTSUPP;
	assert_false(model->watched[gfn]);
	model->watched[gfn] = true;
	return 0;
}

static void unwatch(void *guest, u64 gfn)
{
	struct model *model = of(guest);

	assert_true(model->watched[gfn]);
	model->watched[gfn] = false;
}

static void protect(void *guest, unsigned int page)
{
	struct model *model = of(guest);

	if (model->cannot_protect)
		return;
	model->protects[page] = true;
	vgpu_ggtt_untouched(model->vgpu, page);
}

static const struct gvt_guest_ops guest_ops = {
	.pin = pin,
	.unpin = unpin,
	.interrupt = interrupt,
	.watch = watch,
	.unwatch = unwatch,
	.protect = protect,
};

uint8_t *host_memory(uint64_t bus)
{
	assert_true(bus - HOST_BUS < HOST_PAGES * PAGE);
	return host_pages.memory + (bus - HOST_BUS);
}

/* Both together. */

static pthread_mutex_t hardware_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hardware_spoke = PTHREAD_COND_INITIALIZER;
static unsigned long hardware_interrupts;

static void hardware_interrupt(void *opaque)
{
	pthread_mutex_lock(&hardware_lock);
	hardware_interrupts++;
	pthread_cond_broadcast(&hardware_spoke);
	pthread_mutex_unlock(&hardware_lock);
}

unsigned long hardware_interrupt_count(void)
{
	unsigned long count;

	pthread_mutex_lock(&hardware_lock);
	count = hardware_interrupts;
	pthread_mutex_unlock(&hardware_lock);
	return count;
}

void hardware_wait(unsigned long seen)
{
	struct timespec end;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 10;
	pthread_mutex_lock(&hardware_lock);
	while (hardware_interrupts == seen && !err)
		err = pthread_cond_timedwait(&hardware_spoke, &hardware_lock, &end);
	pthread_mutex_unlock(&hardware_lock);
	if (err)
		fail_msg("hardware says nothing");
}

static void hardware_log(void *opaque, int level, const char *text)
{
}

static const struct gpu_host_ops hardware_ops = {
	.interrupt = hardware_interrupt,
	.log = hardware_log,
};

static void read_info(struct gvt_host *host, struct gpu *hardware)
{
	for (unsigned int i = 0; i < GVT_CONFIG_SIZE; i += 4)
		assert_int_equal(gpu_config_read(hardware, i, host->info.config + i, 4), 0);
	host->info.aperture_address = 0xd0000000;
	host->info.aperture_size = gpu_bar_size(hardware, 2);
	host->info.ggtt_size = 4ull << 30;
	host->info.fences = FENCES;
}

struct model *model_new(const char *device, uint64_t aperture, const struct gvt_sizes *sizes, bool trap_ggtt)
{
	const struct gpu_config config = { .device = device, .aperture_size = aperture, .ops = &hardware_ops };
	struct gvt_gpu_options options = { .run_work = true, .watch_tables = true };
	struct model *model = calloc(1, sizeof(*model));

	assert_non_null(model);
	assert_int_equal(gpu_new(&config, &model->hardware), 0);
	model->host = calloc(1, sizeof(*model->host));
	assert_non_null(model->host);
	model->host->model = model;
	read_info(model->host, model->hardware);
	model->host->info.generation = strstr(device, "bdw") ? 8 : 9;
	model->memory = calloc(GUEST_PAGES, PAGE);
	assert_non_null(model->memory);
	assert_int_equal(gpu_memory_add(model->hardware, GUEST_BUS, GUEST_MEMORY, model->memory, true), 0);
	host_pages.memory = calloc(HOST_PAGES, PAGE);
	assert_non_null(host_pages.memory);
	assert_int_equal(gpu_memory_add(model->hardware, HOST_BUS, HOST_PAGES * PAGE, host_pages.memory, true), 0);
	kshim_fail_allocation(0);
	options.trap_ggtt = trap_ggtt;
	assert_int_equal(gvt_gpu_create(model->host, &options, &model->gpu), 0);
	if (sizes) {
		model->vgpu = model_create(model, sizes);
		model_open(model, model->vgpu);
	}
	return model;
}

void model_free(struct model *model)
{
	if (model->vgpu)
		vgpu_destroy(model->vgpu);
	gvt_gpu_destroy(model->gpu);
	assert_int_equal(model->pinned, 0);
	assert_int_equal(host_ranges(model), 0);
	assert_int_equal(host_fences(model), 0);
	assert_int_equal(host_awake(model), 0);
	assert_int_equal(host_contexts(model), 0);
	assert_int_equal(host_tables(model), 0);
	assert_int_equal(kshim_live_allocations(), 0);
	gpu_free(model->hardware);
	free(host_pages.memory);
	free(model->memory);
	free(model->host);
	free(model);
}

int model_setup(void **state)
{
	*state = model_new("skl-gt2", 512 * MB, &model_small, false);
	return 0;
}

int model_setup_bdw(void **state)
{
	*state = model_new("bdw-gt2", 512 * MB, &model_small, false);
	return 0;
}

int model_setup_trapped(void **state)
{
	*state = model_new("skl-gt2", 512 * MB, &model_small, true);
	return 0;
}

int model_teardown(void **state)
{
	model_free(*state);
	return 0;
}

struct vgpu *model_create(struct model *model, const struct gvt_sizes *sizes)
{
	struct vgpu *vgpu = NULL;

	assert_int_equal(vgpu_create(model->gpu, sizes, "test", &vgpu), 0);
	return vgpu;
}

void model_open(struct model *model, struct vgpu *vgpu)
{
	assert_int_equal(vgpu_open(vgpu, &guest_ops, model), 0);
	for (unsigned int page = 0; page < 2048; page++)
		model->protects[page] = true;
}

uint32_t read32(struct model *model, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(vgpu_bar0_read(model->vgpu, offset, &value, 4), 0);
	return value;
}

void write32(struct model *model, uint32_t offset, uint32_t value)
{
	assert_int_equal(vgpu_bar0_write(model->vgpu, offset, &value, 4), 0);
}

void write_entry(struct model *model, uint32_t index, uint64_t entry)
{
	unsigned int page = index / 512;

	if (model->protects[page]) {
		model->protects[page] = false;
		vgpu_ggtt_touched(model->vgpu, page);
	}
	((uint64_t *)vgpu_ggtt_page(model->vgpu, page))[index % 512] = entry;
}

uint64_t hardware_entry(struct model *model, uint32_t index)
{
	uint64_t entry;

	assert_int_equal(gpu_bar_read(model->hardware, 0, GGTT_AT + 8ull * index, &entry, 8), 0);
	return entry;
}

uint64_t hardware_scratch(struct model *model)
{
	return gvt_host_scratch_entry(model->host);
}

uint32_t hardware_register(struct model *model, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(gpu_bar_read(model->hardware, 0, offset, &value, 4), 0);
	return value;
}

void hardware_set_register(struct model *model, uint32_t offset, uint32_t value)
{
	assert_int_equal(gpu_bar_write(model->hardware, 0, offset, &value, 4), 0);
}

uint32_t first_aperture_entry(const struct model *model)
{
	return (uint32_t)(model->vgpu->aperture.start / PAGE);
}

uint32_t first_hidden_entry(const struct model *model)
{
	return (uint32_t)(model->vgpu->hidden.start / PAGE);
}

unsigned int host_ranges(const struct model *model)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < RANGES_MAX; i++)
		count += !!model->host->ranges[i];
	return count;
}

unsigned int host_fences(const struct model *model)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < FENCES; i++)
		count += model->host->fences[i];
	return count;
}

unsigned int host_awake(const struct model *model)
{
	return model->host->awake;
}

void host_occupy(struct model *model, uint64_t start, uint64_t end)
{
	model->host->occupied_start = start;
	model->host->occupied_end = end;
}

unsigned int host_contexts(const struct model *model)
{
	return model->host->contexts;
}

unsigned int host_tables(const struct model *model)
{
	return model->host->tables;
}

unsigned int host_works(const struct model *model)
{
	return model->host->work_count;
}

const struct host_work *host_work(const struct model *model, unsigned int n)
{
	assert_true(n < model->host->work_count);
	return &model->host->works[n];
}

uint32_t *host_new_image(struct model *model)
{
	return model->host->image;
}

const uint32_t *host_image(const struct model *model, unsigned int n)
{
	return (const uint32_t *)(model->host->works[n].context->image + PAGE);
}

void host_end_work(struct model *model, int error, bool saved)
{
	struct gvt_host *host = model->host;
	struct gvt_host_context *context = host->works[0].context;
	struct gvt_host_event event;

	assert_int_not_equal(host->work_count, 0);
	memmove(host->works, host->works + 1, --host->work_count * sizeof(host->works[0]));
	event.ended = ++context->ended;
	event.error = error;
	event.saved = saved && context->ended == context->submitted;
	event.ran_ns = context->ran_ns;
	context->event(context->owner, context, &event);
}

void host_run_work(struct model *model, unsigned int n, uint64_t ns)
{
	struct gvt_host_context *context = model->host->works[n].context;
	struct gvt_host_event event = { .ended = context->ended, .ran_ns = context->ran_ns += ns };

	context->event(context->owner, context, &event);
}

void model_settle(struct model *model)
{
	gvt_scheduler_settle(model->vgpu);
}
