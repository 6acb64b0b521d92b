// SPDX-License-Identifier: GPL-2.0-or-later
/* What an entry of a guest's page tables costs: one that has changed, and one that has not. */
#include <string.h>

#include "bench.h"
#include "kernel-gvt/vgpu/ppgtt.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "model.h"

enum { PML4 = 1, PDP, PD, PT, DATA, OTHER };

#define ENTRIES_OF_TABLE 512u

static struct vgpu_ppgtt *ppgtt;

static uint64_t *table(unsigned int gfn)
{
	return (uint64_t *)model_host.memory[gfn];
}

/* All entries of one table to another page, again and again. */
static void change(void *opaque, uint64_t times)
{
	static unsigned int round;

	while (times--) {
		uint64_t entry = (uint64_t)(++round & 1 ? DATA : OTHER) * PAGE | 3;

		for (unsigned int i = 0; i < ENTRIES_OF_TABLE; i++)
			table(PT)[i] = entry;
		must(!vgpu_ppgtt_update(model_vgpu, ppgtt), "an update fails");
	}
}

static void keep(void *opaque, uint64_t times)
{
	while (times--)
		must(!vgpu_ppgtt_update(model_vgpu, ppgtt), "an update fails");
}

static void copy(void *opaque, uint64_t times)
{
	static uint64_t to[4 * ENTRIES_OF_TABLE];

	while (times--) {
		memcpy(to, table(PML4), *(size_t *)opaque);
		__asm__ volatile("" ::: "memory");
	}
}

static void report(const char *name, void (*run)(void *opaque, uint64_t times), unsigned int tables)
{
	size_t bytes = tables * PAGE;
	struct bench_rate rate = { run, NULL, tables * ENTRIES_OF_TABLE };
	struct bench_rate limit = { copy, &bytes, tables * ENTRIES_OF_TABLE };
	struct bench_result result = { "tables", name, BENCH_STEPS, bench_measure(&rate), bench_measure(&limit), "memcpy" };

	bench_report(&result);
}

void bench_tables(void)
{
	const u64 roots[4] = { PML4 * PAGE };

	model_begin();
	for (unsigned int gfn = PML4; gfn < PT; gfn++)
		table(gfn)[0] = (uint64_t)(gfn + 1) * PAGE | 3;
	must(!vgpu_ppgtt_get(model_vgpu, 4, roots, &ppgtt), "no shadow");
	report("entry that has changed", change, 1);
	report("entry that has not", keep, 4);
	vgpu_ppgtt_put(model_vgpu, ppgtt);
	model_end();
}
