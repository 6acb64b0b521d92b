/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kshim.h - as much of the kernel as the device model needs to run in a process
 *
 * linux/ has headers by the kernel's names, for what kernel-gvt's vgpu/ and parser/ include; this is
 * what they stand on, and what tests ask of it: allocations that fail on demand, and locks that
 * abort when they are used in a way that the kernel would not forgive.
 */
#ifndef KSHIM_H
#define KSHIM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

void *kshim_alloc(size_t size, bool zero);
void *kshim_alloc_array(size_t count, size_t size, bool zero);
void kshim_free(const void *pointer);

/* The n-th allocation from now on fails, and all behind it; 0: none. */
void kshim_fail_allocation(unsigned long n);
/* Allocations made since kshim_fail_allocation(), and those that are not freed. */
unsigned long kshim_allocations(void);
unsigned long kshim_live_allocations(void);

struct kshim_lock {
	pthread_mutex_t mutex;
	pthread_t owner;
	bool held;
};

#define KSHIM_LOCK_INIT { .mutex = PTHREAD_MUTEX_INITIALIZER }

void kshim_lock_init(struct kshim_lock *lock);
void kshim_lock_destroy(struct kshim_lock *lock);
void kshim_lock(struct kshim_lock *lock);
void kshim_unlock(struct kshim_lock *lock);
void kshim_assert_held(const struct kshim_lock *lock);

/* The clock, ns; it stands still once time has been let pass, but for what is let pass then. */
unsigned long long kshim_now(void);
/* Timers go off meanwhile, at their time, in this thread. */
void kshim_pass_time(unsigned long long ns);
/* How many are set. */
unsigned int kshim_timers(void);

struct work_struct {
	void (*function)(struct work_struct *work);
	struct work_struct *next;
	bool queued;
	unsigned long long due; /* ns; not before then */
};

/* Returns whether it was not queued already; to begin now, or in so many milliseconds. */
bool kshim_queue(struct work_struct *work);
bool kshim_queue_later(struct work_struct *work, unsigned int ms);
void kshim_flush(struct work_struct *work);
void kshim_cancel(struct work_struct *work);

/* Wakes that have been; kshim_wait() returns when there are others than `seen`. */
unsigned long kshim_wakes(void);
void kshim_wait(unsigned long seen);
void kshim_wake(void);

#endif
