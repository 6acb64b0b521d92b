// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <time.h>

#include "device.h"
#include "injection.h"

#define NS_PER_MS 1000000ull
#define NS_PER_S  1000000000ull

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators": SplitMix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static bool is_over(const struct planned_fault *planned)
{
	return planned->fault.nth && planned->seen >= planned->fault.nth;
}

static bool strikes(struct planned_fault *planned)
{
	const struct gpu_fault *fault = &planned->fault;
	bool hit;

	if (is_over(planned))
		return false;
	planned->seen++;
	hit = fault->nth ? planned->seen == fault->nth :
			   next_random(&planned->random) % fault->one_in == 0;
	planned->struck += hit;
	return hit;
}

/* One event of this kind, on engine `id` where the kind has engines; every fault counts it. */
static struct planned_fault *meet(struct gpu *gpu, enum gpu_fault_kind kind, unsigned int id)
{
	struct injection *injection = &gpu->injection;
	struct planned_fault *first = NULL;

	for (unsigned int i = 0; i < injection->count; i++) {
		struct planned_fault *planned = &injection->faults[i];

		if (planned->fault.kind == kind && planned->fault.engine == id &&
		    strikes(planned) && !first)
			first = planned;
	}
	return first;
}

static void vanish(struct gpu *gpu, uint32_t ms)
{
	struct injection *injection = &gpu->injection;

	__atomic_store_n(&injection->gone, true, __ATOMIC_RELAXED);
	injection->vanishing = true;
	injection->back_at = ms ? now_ns() + ms * NS_PER_MS : 0;
	pthread_cond_broadcast(&injection->change);
	gpu_log(gpu, GPU_LOG_INFO, "fault: the GPU is gone");
}

bool injection_hangs(struct engine *engine)
{
	struct gpu *gpu = engine->gpu;
	struct planned_fault *gone;

	if (!gpu->injection.count)
		return false;
	gone = meet(gpu, GPU_FAULT_GONE, 0);
	if (gone)
		vanish(gpu, gone->fault.ms);
	if (!meet(gpu, GPU_FAULT_HANG, engine->info - engine_info))
		return false;
	gpu_log(gpu, GPU_LOG_INFO, "fault: %s hangs with its next context", engine->info->name);
	return true;
}

uint64_t injection_report(struct engine *engine, uint64_t entry)
{
	struct gpu *gpu = engine->gpu;
	struct planned_fault *planned;
	uint64_t bad;

	if (!gpu->injection.count)
		return entry;
	planned = meet(gpu, GPU_FAULT_CORRUPT_CSB, engine->info - engine_info);
	if (!planned)
		return entry;
	do
		bad = next_random(&planned->random);
	while (bad == entry);
	gpu_log(gpu, GPU_LOG_INFO, "fault: %s reports %016llx instead of %016llx",
		engine->info->name, (unsigned long long)bad, (unsigned long long)entry);
	return bad;
}

static bool delay(struct gpu *gpu, uint32_t ms)
{
	struct injection *injection = &gpu->injection;

	if (injection->delayed_count == INJECTION_MAX_DELAYED)
		return false;
	injection->delayed[injection->delayed_count++] = now_ns() + ms * NS_PER_MS;
	pthread_cond_broadcast(&injection->change);
	gpu_log(gpu, GPU_LOG_INFO, "fault: an interrupt comes %u ms late", ms);
	return true;
}

bool injection_delivers(struct gpu *gpu)
{
	struct planned_fault *planned;

	if (gpu_is_gone(gpu))
		return false;
	if (!gpu->injection.count)
		return true;
	if (meet(gpu, GPU_FAULT_DROP_INTERRUPT, 0)) {
		gpu_log(gpu, GPU_LOG_INFO, "fault: an interrupt is lost");
		return false;
	}
	planned = meet(gpu, GPU_FAULT_DELAY_INTERRUPT, 0);
	return !planned || !delay(gpu, planned->fault.ms);
}

/* Take out an interrupt that is due. */
static bool take_delayed(struct injection *injection, uint64_t now)
{
	for (unsigned int i = 0; i < injection->delayed_count; i++) {
		if (injection->delayed[i] > now)
			continue;
		injection->delayed[i] = injection->delayed[--injection->delayed_count];
		return true;
	}
	return false;
}

static uint64_t next_due(const struct injection *injection)
{
	uint64_t due = injection->gone && injection->back_at ? injection->back_at : UINT64_MAX;

	for (unsigned int i = 0; i < injection->delayed_count; i++)
		if (injection->delayed[i] < due)
			due = injection->delayed[i];
	return due;
}

static void wait_for_change(struct gpu *gpu)
{
	struct injection *injection = &gpu->injection;
	uint64_t due = next_due(injection);
	struct timespec end = { .tv_sec = due / NS_PER_S, .tv_nsec = due % NS_PER_S };

	if (due == UINT64_MAX)
		pthread_cond_wait(&injection->change, &gpu->lock);
	else
		pthread_cond_timedwait(&injection->change, &gpu->lock, &end);
}

/* The engines stop; what was on its way to the machine is lost. */
static void finish_vanishing(struct gpu *gpu)
{
	gpu->injection.vanishing = false;
	gpu_unlock(gpu);
	gpu_reset(gpu);
	gpu_lock(gpu);
}

static void come_back(struct gpu *gpu)
{
	__atomic_store_n(&gpu->injection.gone, false, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&gpu->injection.change);
	gpu_log(gpu, GPU_LOG_INFO, "fault: the GPU is back");
}

static void *later(void *opaque)
{
	struct gpu *gpu = opaque;
	struct injection *injection = &gpu->injection;

	gpu_lock(gpu);
	while (!injection->exit) {
		uint64_t now = now_ns();

		if (injection->vanishing) {
			finish_vanishing(gpu);
		} else if (injection->gone && injection->back_at && injection->back_at <= now) {
			come_back(gpu);
		} else if (take_delayed(injection, now)) {
			gpu_unlock(gpu);
			gpu->ops->interrupt(gpu->opaque);
			gpu_lock(gpu);
		} else {
			wait_for_change(gpu);
		}
	}
	gpu_unlock(gpu);
	return NULL;
}

void injection_init(struct gpu *gpu, uint64_t seed)
{
	pthread_condattr_t attr;

	gpu->injection.seed = seed;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&gpu->injection.change, &attr);
	pthread_condattr_destroy(&attr);
}

void injection_fini(struct gpu *gpu)
{
	struct injection *injection = &gpu->injection;

	gpu_lock(gpu);
	injection->exit = true;
	/* The engines still run: nothing may strike any more. */
	injection->count = 0;
	pthread_cond_broadcast(&injection->change);
	gpu_unlock(gpu);
	if (injection->has_thread)
		pthread_join(injection->thread, NULL);
	pthread_cond_destroy(&injection->change);
}

void injection_reset(struct gpu *gpu)
{
	gpu->injection.delayed_count = 0;
}

static bool has_engine(enum gpu_fault_kind kind)
{
	return kind == GPU_FAULT_HANG || kind == GPU_FAULT_CORRUPT_CSB;
}

static bool needs_thread(enum gpu_fault_kind kind)
{
	return kind == GPU_FAULT_DELAY_INTERRUPT || kind == GPU_FAULT_GONE;
}

static int start_thread(struct gpu *gpu)
{
	struct injection *injection = &gpu->injection;
	int ret;

	if (injection->has_thread)
		return 0;
	ret = pthread_create(&injection->thread, NULL, later, gpu);
	injection->has_thread = !ret;
	return -ret;
}

/* Room for a new one: behind the others, or in the place of one that is over. */
static struct planned_fault *find_room(struct injection *injection)
{
	if (injection->count < GPU_MAX_FAULTS)
		return &injection->faults[injection->count++];
	for (unsigned int i = 0; i < GPU_MAX_FAULTS; i++)
		if (is_over(&injection->faults[i]))
			return &injection->faults[i];
	return NULL;
}

static int plan(struct gpu *gpu, const struct gpu_fault *fault)
{
	struct injection *injection = &gpu->injection;
	struct planned_fault *planned;
	int ret = needs_thread(fault->kind) ? start_thread(gpu) : 0;

	if (ret)
		return ret;
	if (fault->kind == GPU_FAULT_GONE && !fault->nth && !fault->one_in) {
		vanish(gpu, fault->ms);
		return 0;
	}
	planned = find_room(injection);
	if (!planned)
		return -ENOSPC;
	*planned = (struct planned_fault){ .fault = *fault, .random = injection->seed };
	if (!has_engine(fault->kind))
		planned->fault.engine = 0;
	/* Not the seed plus a number: neighbours' sequences would overlap. */
	planned->random ^= next_random(&injection->planned);
	return 0;
}

static bool is_sound(const struct gpu_fault *fault)
{
	bool now = !fault->nth && !fault->one_in;

	return fault->engine < ENGINE_COUNT && !(fault->nth && fault->one_in) &&
	       (!now || fault->kind == GPU_FAULT_GONE);
}

int gpu_fault_inject(struct gpu *gpu, const struct gpu_fault *fault)
{
	int ret;

	if (!is_sound(fault))
		return -EINVAL;
	gpu_lock(gpu);
	ret = plan(gpu, fault);
	gpu_unlock(gpu);
	return ret;
}

void gpu_fault_forget(struct gpu *gpu)
{
	gpu_lock(gpu);
	gpu->injection.count = 0;
	gpu_unlock(gpu);
}

bool gpu_fault_get(struct gpu *gpu, unsigned int index, struct gpu_fault_state *state)
{
	const struct planned_fault *planned = &gpu->injection.faults[index];
	bool found;

	gpu_lock(gpu);
	found = index < gpu->injection.count;
	if (found)
		*state = (struct gpu_fault_state){ .fault = planned->fault,
						   .seen = planned->seen,
						   .struck = planned->struck };
	gpu_unlock(gpu);
	return found;
}

void gpu_fault_end_gone(struct gpu *gpu)
{
	struct injection *injection = &gpu->injection;

	gpu_lock(gpu);
	/* By the thread, for it may still have the reset before it. */
	if (injection->gone)
		injection->back_at = now_ns();
	pthread_cond_broadcast(&injection->change);
	while (injection->gone)
		pthread_cond_wait(&injection->change, &gpu->lock);
	gpu_unlock(gpu);
}
