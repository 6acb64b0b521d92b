// SPDX-License-Identifier: GPL-2.0-or-later
/* One worker for all queues, begun with the first work; and waits for conditions, woken all at once. */
#include <stdlib.h>

#include "kshim.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct work_struct *first, **last = &first;
static struct work_struct *running;
static bool has_worker;
static unsigned long wakes;

static void *work_on(void *nothing)
{
	pthread_mutex_lock(&lock);
	for (;;) {
		struct work_struct *work = first;

		if (!work) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		first = work->next;
		if (!first)
			last = &first;
		work->queued = false;
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

bool kshim_queue(struct work_struct *work)
{
	bool queued;

	pthread_mutex_lock(&lock);
	queued = !work->queued;
	if (queued) {
		work->queued = true;
		work->next = NULL;
		*last = work;
		last = &work->next;
		begin_worker();
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return queued;
}

void kshim_flush(struct work_struct *work)
{
	pthread_mutex_lock(&lock);
	while (work->queued || running == work)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
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
