/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sched.h - others run anyway */
#ifndef KSHIM_LINUX_SCHED_H
#define KSHIM_LINUX_SCHED_H

#define cond_resched() ((void)0)

#endif
