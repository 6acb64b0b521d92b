// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "guard.h"

/*
 * The handler reads this table while another thread may change it. It looks for the mapping that
 * its own thread is using, and that one is in the table, whole, until after the thread has done
 * with it; so all that matters is to pass over an entry that is being changed: its size is 0 in
 * between, or not the same before and after its start is read.
 */
static struct {
	_Atomic(uintptr_t) start;
	_Atomic(size_t) size; /* 0: free */
} mappings[VU_GUARD_MAX];

static atomic_bool hit;

static void replace_by_zeroes(uintptr_t start, size_t size)
{
	/* All of it: a part of a mapping of huge pages can't be replaced. */
	void *map = mmap((void *)start, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		signal(SIGBUS, SIG_DFL);
	atomic_store(&hit, true);
}

/* What it returns from happens again: on zeroes, or with nobody to catch it. */
static void handle_sigbus(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;

	for (unsigned int i = 0; i < VU_GUARD_MAX; i++) {
		size_t size = atomic_load(&mappings[i].size);
		uintptr_t start = atomic_load(&mappings[i].start);

		if (size && size == atomic_load(&mappings[i].size) && address >= start &&
		    address - start < size) {
			replace_by_zeroes(start, size);
			return;
		}
	}
	signal(SIGBUS, SIG_DFL);
}

void vu_guard_install(void)
{
	struct sigaction action = { .sa_sigaction = handle_sigbus, .sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

bool vu_guard_add(void *mapping, size_t size)
{
	for (unsigned int i = 0; i < VU_GUARD_MAX; i++) {
		if (atomic_load(&mappings[i].size))
			continue;
		atomic_store(&mappings[i].start, (uintptr_t)mapping);
		atomic_store(&mappings[i].size, size);
		return true;
	}
	return false;
}

void vu_guard_remove(void *mapping)
{
	for (unsigned int i = 0; i < VU_GUARD_MAX; i++) {
		if (atomic_load(&mappings[i].size) &&
		    atomic_load(&mappings[i].start) == (uintptr_t)mapping)
			atomic_store(&mappings[i].size, 0);
	}
}

bool vu_guard_was_hit(void)
{
	/* Asked with every message: only a hit is worth a write. */
	return atomic_load_explicit(&hit, memory_order_relaxed) && atomic_exchange(&hit, false);
}
