// SPDX-License-Identifier: GPL-2.0-or-later
/* The clock, and timers: they go off in the thread that lets time pass, the earliest first. */
#include <time.h>

#include <linux/hrtimer.h>

static unsigned long long standing; /* what the test's clock says; 0: the machine's */
static struct hrtimer *timers;
static struct kshim_lock lock = KSHIM_LOCK_INIT;

unsigned long long kshim_now(void)
{
	struct timespec now;

	if (standing)
		return standing;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec;
}

static void remove(struct hrtimer *timer)
{
	struct hrtimer **at = &timers;

	while (*at && *at != timer)
		at = &(*at)->next;
	if (*at)
		*at = timer->next;
	timer->queued = false;
}

void kshim_timer_start(struct hrtimer *timer, ktime_t expires)
{
	kshim_lock(&lock);
	remove(timer);
	timer->expires = expires;
	timer->queued = true;
	timer->next = timers;
	timers = timer;
	kshim_unlock(&lock);
}

void kshim_timer_cancel(struct hrtimer *timer)
{
	kshim_lock(&lock);
	remove(timer);
	kshim_unlock(&lock);
}

/* The earliest that is due until then, taken off the list; NULL: none. */
static struct hrtimer *take_due(unsigned long long until)
{
	struct hrtimer *first = NULL;

	kshim_lock(&lock);
	for (struct hrtimer *timer = timers; timer; timer = timer->next)
		if ((unsigned long long)timer->expires <= until &&
		    (!first || timer->expires < first->expires))
			first = timer;
	if (first)
		remove(first);
	kshim_unlock(&lock);
	return first;
}

void kshim_pass_time(unsigned long long ns)
{
	unsigned long long until = kshim_now() + ns;
	struct hrtimer *timer;

	while ((timer = take_due(until))) {
		if ((unsigned long long)timer->expires > kshim_now() || !standing)
			standing = (unsigned long long)timer->expires;
		if (timer->function(timer) == HRTIMER_RESTART && !timer->queued)
			kshim_timer_start(timer, timer->expires);
	}
	standing = until;
}

unsigned int kshim_timers(void)
{
	unsigned int count = 0;

	kshim_lock(&lock);
	for (const struct hrtimer *timer = timers; timer; timer = timer->next)
		count++;
	kshim_unlock(&lock);
	return count;
}
