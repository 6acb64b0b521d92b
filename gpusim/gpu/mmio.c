// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "mmio.h"

static const struct reg_table *const tables[] = {
	&regs_chicken,	 &regs_power,	  &regs_frequency, &regs_sideband,
	&regs_gt,	 &regs_display,	  &regs_interrupt, &regs_engine[0],
	&regs_engine[1], &regs_engine[2], &regs_engine[3], &regs_pipe,
	&regs_crc,	 &regs_port,	  &regs_gmbus,	   &regs_aux,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static uint32_t rule_stride(const struct reg_rule *rule)
{
	return rule->stride ? rule->stride : 4;
}

static bool exists(const struct gpu *gpu, const struct reg_rule *rule)
{
	unsigned int generation = gpu->info->generation;

	return generation >= rule->since && (!rule->until || generation <= rule->until);
}

static void index_table(struct gpu *gpu, const struct reg_table *table)
{
	for (unsigned int i = 0; i < table->count; i++) {
		const struct reg_rule *rule = &table->rules[i];

		if (!exists(gpu, rule))
			continue;
		gpu->rules[gpu->rule_count++] = rule;
		for (unsigned int n = 0; n < rule->count; n++)
			gpu->rule_of[(table->base + rule->offset + n * rule_stride(rule)) / 4] =
				gpu->rule_count;
	}
}

int mmio_init(struct gpu *gpu)
{
	unsigned int total = 0;

	for (unsigned int i = 0; i < TABLES; i++)
		total += tables[i]->count;
	gpu->regs = calloc(MMIO_SIZE / 4, sizeof(*gpu->regs));
	gpu->rule_of = calloc(MMIO_SIZE / 4, sizeof(*gpu->rule_of));
	gpu->rules = calloc(total, sizeof(*gpu->rules));
	if (!gpu->regs || !gpu->rule_of || !gpu->rules) {
		mmio_fini(gpu);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < TABLES; i++)
		index_table(gpu, tables[i]);
	mmio_reset(gpu);
	return 0;
}

void mmio_fini(struct gpu *gpu)
{
	free(gpu->regs);
	free(gpu->rule_of);
	free(gpu->rules);
	gpu->regs = NULL;
	gpu->rule_of = NULL;
	gpu->rules = NULL;
}

static const struct reg_rule *find_rule(const struct gpu *gpu, uint32_t offset)
{
	unsigned int index = gpu->rule_of[offset / 4];

	return index ? gpu->rules[index - 1] : NULL;
}

void mmio_reset_block(struct gpu *gpu, uint32_t from, uint32_t length)
{
	for (uint32_t offset = from; offset < from + length; offset += 4) {
		const struct reg_rule *rule = find_rule(gpu, offset);

		/* The engines may be writing to storage. */
		__atomic_store_n(&gpu->regs[offset / 4], rule ? rule->reset : 0, __ATOMIC_RELAXED);
	}
}

void mmio_reset(struct gpu *gpu)
{
	mmio_reset_block(gpu, 0, MMIO_SIZE);
}

enum reg_kind mmio_kind(const struct gpu *gpu, uint32_t offset)
{
	const struct reg_rule *rule = find_rule(gpu, offset);

	return rule ? rule->kind : REG_PLAIN;
}

bool mmio_is_storage(const struct gpu *gpu, uint32_t offset)
{
	return !gpu->rule_of[offset / 4];
}

uint32_t mmio_read(struct gpu *gpu, uint32_t offset)
{
	const struct reg_rule *rule = find_rule(gpu, offset);

	if (rule && rule->read)
		return rule->read(gpu, offset);
	return gpu->regs[offset / 4];
}

void mmio_write(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	const struct reg_rule *rule = find_rule(gpu, offset);

	if (rule && rule->kind == REG_READ_ONLY)
		return;
	if (rule && rule->kind == REG_MASKED) {
		uint32_t mask = value >> 16;

		value = (gpu->regs[offset / 4] & 0xffff & ~mask) | (value & mask);
	}
	if (rule && rule->write)
		rule->write(gpu, offset, value);
	else
		gpu->regs[offset / 4] = value;
}
