/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mutex.h - locks that abort when somebody takes one twice, or gives up another's */
#ifndef KSHIM_LINUX_MUTEX_H
#define KSHIM_LINUX_MUTEX_H

#include "../kshim.h"

struct mutex {
	struct kshim_lock lock;
};

#define DEFINE_MUTEX(name)  struct mutex name = { KSHIM_LOCK_INIT }
#define mutex_init(mutex)   kshim_lock_init(&(mutex)->lock)
#define mutex_destroy(mutex) kshim_lock_destroy(&(mutex)->lock)
#define mutex_lock(mutex)   kshim_lock(&(mutex)->lock)
#define mutex_unlock(mutex) kshim_unlock(&(mutex)->lock)

#define lockdep_assert_held(what) kshim_assert_held(&(what)->lock)

#endif
