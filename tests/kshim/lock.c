// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "kshim.h"

static void misused(const char *how)
{
	fprintf(stderr, "kshim: a lock %s\n", how);
	abort();
}

static bool is_mine(const struct kshim_lock *lock)
{
	return __atomic_load_n(&lock->held, __ATOMIC_ACQUIRE) && pthread_equal(lock->owner, pthread_self());
}

void kshim_lock_init(struct kshim_lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	lock->held = false;
}

void kshim_lock_destroy(struct kshim_lock *lock)
{
	if (lock->held)
		misused("is destroyed while it is held");
	pthread_mutex_destroy(&lock->mutex);
}

void kshim_lock(struct kshim_lock *lock)
{
	if (is_mine(lock))
		misused("is taken twice");
	pthread_mutex_lock(&lock->mutex);
	lock->owner = pthread_self();
	__atomic_store_n(&lock->held, true, __ATOMIC_RELEASE);
}

void kshim_unlock(struct kshim_lock *lock)
{
	if (!is_mine(lock))
		misused("is given up by who has it not");
	__atomic_store_n(&lock->held, false, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&lock->mutex);
}

void kshim_assert_held(const struct kshim_lock *lock)
{
	if (!is_mine(lock))
		misused("should be held, and is not");
}
