/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spinlock.h - the same as mutexes; there are no interrupts to keep off */
#ifndef KSHIM_LINUX_SPINLOCK_H
#define KSHIM_LINUX_SPINLOCK_H

#include "../kshim.h"

typedef struct {
	struct kshim_lock lock;
} spinlock_t;

#define spin_lock_init(spinlock) kshim_lock_init(&(spinlock)->lock)
#define spin_lock(spinlock)	 kshim_lock(&(spinlock)->lock)
#define spin_unlock(spinlock)	 kshim_unlock(&(spinlock)->lock)
#define spin_lock_irq(spinlock)	 spin_lock(spinlock)
#define spin_unlock_irq(spinlock) spin_unlock(spinlock)
#define spin_lock_irqsave(spinlock, flags) ((flags) = 0, spin_lock(spinlock))
#define spin_unlock_irqrestore(spinlock, flags) ((void)(flags), spin_unlock(spinlock))

#endif
