// SPDX-License-Identifier: GPL-2.0-or-later
#include "device.h"
#include "interrupt.h"
#include "mmio.h"
#include "regs.h"
#include "watch.h"

#define ISR	      0x0
#define IMR	      0x4
#define IIR	      0x8
#define IER	      0xc
#define MASTER_ENABLE (1u << 31)

static const struct {
	uint32_t base; /* of ISR, IMR, IIR, IER */
	uint32_t master; /* bits of GEN8_MASTER_IRQ, per half word where engines share the group */
	uint32_t master_high;
} groups[IRQ_GROUPS] = {
	[IRQ_GT0] = { 0x44300, 1u << 0, 1u << 1 },
	[IRQ_GT1] = { 0x44310, 1u << 2, 1u << 3 },
	[IRQ_GT2] = { 0x44320, 1u << 4, 1u << 5 },
	[IRQ_GT3] = { 0x44330, 1u << 6, 1u << 6 },
	[IRQ_PIPE_A] = { 0x44400, 1u << 16, 1u << 16 },
	[IRQ_PIPE_B] = { 0x44410, 1u << 17, 1u << 17 },
	[IRQ_PIPE_C] = { 0x44420, 1u << 18, 1u << 18 },
	[IRQ_PORT] = { 0x44440, 1u << 20, 1u << 20 },
	[IRQ_MISC] = { 0x44460, 1u << 22, 1u << 22 },
	[IRQ_PCU] = { 0x444e0, 1u << 30, 1u << 30 },
	[IRQ_SDE] = { 0xc4000, 1u << 23, 1u << 23 },
};

/* Panel self refresh latches its causes before the misc group. */
#define PSR_IMR 0x64834
#define PSR_IIR 0x64838

static uint32_t *reg(struct gpu *gpu, uint32_t offset)
{
	return &gpu->regs[offset / 4];
}

static uint32_t pending(struct gpu *gpu)
{
	uint32_t master = 0;

	for (unsigned int i = 0; i < IRQ_GROUPS; i++) {
		uint32_t bits = *reg(gpu, groups[i].base + IIR) & *reg(gpu, groups[i].base + IER);

		if (bits & 0xffff)
			master |= groups[i].master;
		if (bits >> 16)
			master |= groups[i].master_high;
	}
	return master;
}

static void update(struct gpu *gpu, uint32_t before)
{
	if (!before && pending(gpu) && *reg(gpu, GEN8_MASTER_IRQ) & MASTER_ENABLE)
		gpu->interrupt_due = true;
}

void irq_raise(struct gpu *gpu, enum irq_group group, uint32_t bits)
{
	uint32_t before = pending(gpu);
	uint32_t base = groups[group].base;

	watch_interrupt(gpu, base, bits);
	*reg(gpu, base + IIR) |= bits & ~*reg(gpu, base + IMR);
	update(gpu, before);
}

void irq_set_level(struct gpu *gpu, enum irq_group group, uint32_t mask, uint32_t levels)
{
	uint32_t *isr = reg(gpu, groups[group].base + ISR);

	*isr = (*isr & ~mask) | (levels & mask);
}

bool irq_listens(const struct gpu *gpu, enum irq_group group, uint32_t bits)
{
	const uint32_t *base = &gpu->regs[groups[group].base / 4];

	return bits & ~base[IMR / 4] & base[IER / 4];
}

static uint32_t read_master(struct gpu *gpu, uint32_t offset)
{
	return (*reg(gpu, offset) & MASTER_ENABLE) | pending(gpu);
}

static void write_master(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	bool was_enabled = *reg(gpu, offset) & MASTER_ENABLE;

	*reg(gpu, offset) = value & MASTER_ENABLE;
	if (!was_enabled)
		update(gpu, 0);
}

static void write_iir(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	*reg(gpu, offset) &= ~value;
}

static void write_ier(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	uint32_t before = pending(gpu);

	*reg(gpu, offset) = value;
	update(gpu, before);
	display_wake(gpu);
}

/* The display's thread sleeps while nobody lets its events through. */
static void write_imr(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	*reg(gpu, offset) = value;
	display_wake(gpu);
}

#define GROUP(base)                                                                              \
	{ .offset = (base) + ISR, .count = 1, .kind = REG_READ_ONLY },                           \
		{ .offset = (base) + IMR, .count = 1, .reset = 0xffffffff, .write = write_imr }, \
		{ .offset = (base) + IIR, .count = 1, .write = write_iir },                      \
	{                                                                                        \
		.offset = (base) + IER, .count = 1, .write = write_ier                           \
	}

static const struct reg_rule rules[] = {
	{ .offset = GEN8_MASTER_IRQ, .count = 1, .read = read_master, .write = write_master },
	GROUP(0x44300),
	GROUP(0x44310),
	GROUP(0x44320),
	GROUP(0x44330),
	GROUP(0x44400),
	GROUP(0x44410),
	GROUP(0x44420),
	GROUP(0x44440),
	GROUP(0x44460),
	GROUP(0x444e0),
	GROUP(0xc4000),
	{ .offset = PSR_IMR, .count = 1, .reset = 0xffffffff },
	{ .offset = PSR_IIR, .count = 1, .write = write_iir },
};

const struct reg_table regs_interrupt = REG_TABLE(rules);
