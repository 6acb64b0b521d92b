/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hrtimer.h - timers that go off when a test lets time pass (kshim_pass_time) */
#ifndef KSHIM_LINUX_HRTIMER_H
#define KSHIM_LINUX_HRTIMER_H

#include <linux/ktime.h>

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

#define HRTIMER_MODE_ABS 0

struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	struct hrtimer *next;
	ktime_t expires;
	bool queued;
};

void kshim_timer_start(struct hrtimer *timer, ktime_t expires);
void kshim_timer_cancel(struct hrtimer *timer);

#define hrtimer_init(timer, clock, mode) ((void)(*(timer) = (struct hrtimer){ .queued = false }))
#define hrtimer_start(timer, expires, mode) kshim_timer_start(timer, expires)
#define hrtimer_cancel(timer)		    kshim_timer_cancel(timer)
#define hrtimer_set_expires(timer, time)    ((void)((timer)->expires = (time)))
#define hrtimer_is_queued(timer)	    ((timer)->queued)

#endif
