// SPDX-License-Identifier: GPL-2.0-or-later
/* One worker for all queues, begun with the first work; and waits for conditions, woken all at once. */
#include <stdlib.h>
#include <time.h>

#include "kshim.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct work_struct *first, **last = &first;
static struct work_struct *running;
static bool has_worker;
static unsigned long wakes;

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec;
}

static void take_off(struct work_struct *work)
{
	struct work_struct **at = &first;

	while (*at != work)
		at = &(*at)->next;
	*at = work->next;
	if (!*at)
		last = at;
	work->queued = false;
}

/* The first whose time has come; or how long it takes until one's has. */
static struct work_struct *find_due(unsigned long long *wake)
{
	unsigned long long now = now_ns();

	*wake = now + 3600000000000ull;
	for (struct work_struct *work = first; work; work = work->next) {
		if (work->due <= now)
			return work;
		if (work->due < *wake)
			*wake = work->due;
	}
	return NULL;
}

static void *work_on(void *nothing)
{
	pthread_mutex_lock(&lock);
	for (;;) {
		unsigned long long wake;
		struct work_struct *work = find_due(&wake);
		struct timespec until = { (time_t)(wake / 1000000000u), (long)(wake % 1000000000u) };

		if (!work) {
			pthread_cond_timedwait(&changed, &lock, &until);
			continue;
		}
		take_off(work);
		running = work;
		pthread_mutex_unlock(&lock);
		work->function(work);
		pthread_mutex_lock(&lock);
		/* It may be gone: its function may have freed it. */
		running = NULL;
		pthread_cond_broadcast(&changed);
	}
	return nothing;
}

static void begin_worker(void)
{
	pthread_t worker;

	if (has_worker)
		return;
	has_worker = true;
	if (pthread_create(&worker, NULL, work_on, NULL))
		abort();
	pthread_detach(worker);
}

bool kshim_queue_later(struct work_struct *work, unsigned int ms)
{
	bool queued;

	pthread_mutex_lock(&lock);
	queued = !work->queued;
	if (queued) {
		work->queued = true;
		work->due = ms ? now_ns() + ms * 1000000ull : 0;
		work->next = NULL;
		*last = work;
		last = &work->next;
		begin_worker();
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return queued;
}

bool kshim_queue(struct work_struct *work)
{
	return kshim_queue_later(work, 0);
}

void kshim_flush(struct work_struct *work)
{
	pthread_mutex_lock(&lock);
	while (work->queued || running == work)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

void kshim_cancel(struct work_struct *work)
{
	pthread_mutex_lock(&lock);
	if (work->queued)
		take_off(work);
	while (running == work)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

unsigned long kshim_wakes(void)
{
	return __atomic_load_n(&wakes, __ATOMIC_SEQ_CST);
}

void kshim_wake(void)
{
	pthread_mutex_lock(&lock);
	__atomic_add_fetch(&wakes, 1, __ATOMIC_SEQ_CST);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void kshim_wait(unsigned long seen)
{
	pthread_mutex_lock(&lock);
	while (kshim_wakes() == seen)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}
