/* SPDX-License-Identifier: GPL-2.0-or-later */
/* atomic.h - one value for another, if nobody was faster */
#ifndef KSHIM_LINUX_ATOMIC_H
#define KSHIM_LINUX_ATOMIC_H

#define cmpxchg(pointer, old, new) __sync_val_compare_and_swap(pointer, old, new)

#endif
