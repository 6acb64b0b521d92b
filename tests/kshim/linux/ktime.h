/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ktime.h - the clock: the machine's, until a test takes it over (kshim_pass_time) */
#ifndef KSHIM_LINUX_KTIME_H
#define KSHIM_LINUX_KTIME_H

#include <linux/types.h>

#include "../kshim.h"

typedef s64 ktime_t;

#define ktime_get_ns() ((u64)kshim_now())
#define ns_to_ktime(ns) ((ktime_t)(ns))

#endif
