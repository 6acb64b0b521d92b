/* SPDX-License-Identifier: GPL-2.0-or-later */
/* workqueue.h - work that one thread does, in the order it came */
#ifndef KSHIM_LINUX_WORKQUEUE_H
#define KSHIM_LINUX_WORKQUEUE_H

#include "../kshim.h"

#define INIT_WORK(work, function_)                 \
	do {                                       \
		*(work) = (struct work_struct){ 0 }; \
		(work)->function = (function_);    \
	} while (0)

#define system_highpri_wq	 NULL
#define queue_work(queue, work)	 ((void)(queue), kshim_queue(work))
#define schedule_work(work)	 kshim_queue(work)
#define flush_work(work)	 kshim_flush(work)
#define cancel_work_sync(work)	 kshim_cancel(work)

#endif
