/* SPDX-License-Identifier: GPL-2.0-or-later */
/* workqueue.h - work that one thread does, in the order it came; and work that comes later */
#ifndef KSHIM_LINUX_WORKQUEUE_H
#define KSHIM_LINUX_WORKQUEUE_H

#include "../kshim.h"

#define INIT_WORK(work, function_)                 \
	do {                                       \
		*(work) = (struct work_struct){ 0 }; \
		(work)->function = (function_);    \
	} while (0)

struct delayed_work {
	struct work_struct work;
};

#define INIT_DELAYED_WORK(delayed, function_) INIT_WORK(&(delayed)->work, function_)
#define to_delayed_work(work_)		      container_of(work_, struct delayed_work, work)

#define queue_delayed_work(queue, delayed, ms) ((void)(queue), kshim_queue_later(&(delayed)->work, ms))
#define cancel_delayed_work_sync(delayed)      kshim_cancel(&(delayed)->work)

#define system_highpri_wq	 NULL
#define queue_work(queue, work)	 ((void)(queue), kshim_queue(work))
#define schedule_work(work)	 kshim_queue(work)
#define flush_work(work)	 kshim_flush(work)
#define cancel_work_sync(work)	 kshim_cancel(work)

#endif
