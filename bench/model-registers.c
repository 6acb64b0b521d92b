// SPDX-License-Identifier: GPL-2.0-or-later
/* What a trapped access to a register costs behind the trap, beside an access to memory under a lock. */
#include <pthread.h>

#include "bench.h"
#include "kernel-gvt/vgpu/vgpu.h"
#include "model.h"

static void read_register(void *opaque, uint64_t times)
{
	uint32_t value;

	while (times--)
		vgpu_bar0_read(model_vgpu, *(uint32_t *)opaque, &value, sizeof(value));
}

static void write_register(void *opaque, uint64_t times)
{
	const uint32_t value = 0;

	while (times--)
		vgpu_bar0_write(model_vgpu, *(uint32_t *)opaque, &value, sizeof(value));
}

static void read_memory(void *opaque, uint64_t times)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static volatile uint32_t memory[1024];

	while (times--) {
		pthread_mutex_lock(&lock);
		(void)memory[times % 1024];
		pthread_mutex_unlock(&lock);
	}
}

void bench_registers(void)
{
	static const struct {
		const char *name;
		void (*run)(void *opaque, uint64_t times);
		uint32_t offset;
	} cases[] = {
		{ "read of a register", read_register, 0x2080 },
		{ "read of a register with a function", read_register, 0x209c },
		{ "write of a register", write_register, 0x20b4 },
		{ "write of an interrupt's mask", write_register, 0x44304 },
	};
	struct bench_rate limit = { read_memory, NULL, 1 };

	model_begin();
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t offset = cases[i].offset;
		struct bench_rate rate = { cases[i].run, &offset, 1 };
		struct bench_result result = { "registers", cases[i].name, BENCH_STEPS, bench_measure(&rate),
					       bench_measure(&limit), "memory under a lock" };

		bench_report(&result);
	}
	model_end();
}
