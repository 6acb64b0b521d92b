/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wait.h - to wait until a condition holds */
#ifndef KSHIM_LINUX_WAIT_H
#define KSHIM_LINUX_WAIT_H

#include "../kshim.h"

typedef struct {
	char nothing;
} wait_queue_head_t;

#define init_waitqueue_head(queue) ((void)(queue))
#define wake_up_all(queue)	   ((void)(queue), kshim_wake())
#define wait_event(queue, condition)                    \
	do {                                            \
		unsigned long seen_;                    \
		while (seen_ = kshim_wakes(), !(condition)) \
			kshim_wait(seen_);              \
		(void)(queue);                          \
	} while (0)

#endif
