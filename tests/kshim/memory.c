// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "kshim.h"

static atomic_ulong allocations, live, fail_at;

void kshim_fail_allocation(unsigned long n)
{
	atomic_store(&allocations, 0);
	atomic_store(&fail_at, n);
}

unsigned long kshim_allocations(void)
{
	return atomic_load(&allocations);
}

unsigned long kshim_live_allocations(void)
{
	return atomic_load(&live);
}

static bool must_fail(void)
{
	unsigned long n = atomic_fetch_add(&allocations, 1) + 1, at = atomic_load(&fail_at);

	return at && n >= at;
}

void *kshim_alloc(size_t size, bool zero)
{
	void *memory;

	if (must_fail())
		return NULL;
	memory = zero ? calloc(1, size ? size : 1) : malloc(size ? size : 1);
	if (!memory)
		abort();
	atomic_fetch_add(&live, 1);
	return memory;
}

void *kshim_alloc_array(size_t count, size_t size, bool zero)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return kshim_alloc(total, zero);
}

void kshim_free(const void *pointer)
{
	if (!pointer)
		return;
	atomic_fetch_sub(&live, 1);
	free((void *)(uintptr_t)pointer);
}
