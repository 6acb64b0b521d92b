// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "gpu.h"
#include "irq.h"
#include "mmio.h"
#include "trace.h"
#include "vgpu.h"

static const struct gvt_reg_table *const tables[] = {
	&gvt_regs_display, &gvt_regs_engine,	 &gvt_regs_fence,   &gvt_regs_gmbus,
	&gvt_regs_gt,	   &gvt_regs_irq,	 &gvt_regs_irq_groups, &gvt_regs_monitor,
	&gvt_regs_pcode,   &gvt_regs_pipe,	 &gvt_regs_power,   &gvt_regs_pvinfo,
};

static bool has_generation(const struct gvt_reg *reg, unsigned int generation)
{
	u8 generations = reg->generations ?: GEN_ALL;

	return generations & (generation == 8 ? GEN8 : GEN9);
}

static unsigned int count_rules(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(tables); i++)
		count += tables[i]->count;
	return count;
}

static int add_rule(struct gvt_mmio *mmio, struct gvt_host *host, u32 base, u16 number)
{
	const struct gvt_reg *reg = mmio->rules[number];

	for (u32 n = 0; n < (reg->count ?: 1); n++) {
		u32 offset = base + reg->offset + 4 * n;

		if (offset >= GVT_MMIO_SIZE || (mmio->rule_of[offset / 4] && !reg->fill))
			return -EINVAL;
		if (mmio->rule_of[offset / 4])
			continue;
		mmio->rule_of[offset / 4] = number;
		mmio->initial[offset / 4] = reg->from_host ? gvt_host_read(host, offset) : reg->initial;
	}
	return 0;
}

struct collection {
	struct gvt_mmio *mmio;
	struct gvt_host *host;
	unsigned int generation;
	u16 number; /* of the rule added last */
};

/* Those that fill what is left come behind all others. */
static int add_table(struct collection *to, const struct gvt_reg_table *table, bool fill)
{
	struct gvt_mmio *mmio = to->mmio;
	struct gvt_host *host = to->host;
	u16 *number = &to->number;

	for (unsigned int i = 0; i < table->count; i++) {
		int err = 0;

		if (!has_generation(&table->regs[i], to->generation) || table->regs[i].fill != fill)
			continue;
		mmio->rules[++*number] = &table->regs[i];
		if (!table->base_count)
			err = add_rule(mmio, host, 0, *number);
		for (unsigned int b = 0; b < table->base_count && !err; b++)
			err = add_rule(mmio, host, table->bases[b], *number);
		if (err)
			return err;
	}
	return 0;
}

int gvt_mmio_init(struct gvt_mmio *mmio, struct gvt_host *host, unsigned int generation)
{
	struct collection to = { mmio, host, generation, 0 };
	int err = -ENOMEM;

	mmio->rules = vzalloc((count_rules() + 1) * sizeof(*mmio->rules));
	mmio->rule_of = vzalloc(GVT_MMIO_SIZE / 4 * sizeof(*mmio->rule_of));
	mmio->initial = vzalloc(GVT_MMIO_SIZE);
	if (!mmio->rules || !mmio->rule_of || !mmio->initial)
		goto free;
	gvt_host_awake(host);
	err = 0;
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(tables) && !err; i++)
		err = add_table(&to, tables[i % ARRAY_SIZE(tables)], i >= ARRAY_SIZE(tables));
	gvt_host_rest(host);
	if (!err)
		return 0;
free:
	gvt_mmio_fini(mmio);
	return err;
}

void gvt_mmio_fini(struct gvt_mmio *mmio)
{
	vfree(mmio->rules);
	vfree(mmio->rule_of);
	vfree(mmio->initial);
	memset(mmio, 0, sizeof(*mmio));
}

void vgpu_mmio_reset_block(struct vgpu *vgpu, u32 from, u32 length)
{
	memcpy(vgpu->regs + from / 4, vgpu->gpu->mmio.initial + from / 4, length);
}

/* Events may come meanwhile: they find interrupt registers as before or as after, never in between. */
void vgpu_mmio_reset(struct vgpu *vgpu)
{
	unsigned long flags;

	vgpu_mmio_reset_block(vgpu, 0, IRQ_FIRST);
	spin_lock_irqsave(&vgpu->irq_lock, flags);
	vgpu_mmio_reset_block(vgpu, IRQ_FIRST, IRQ_END - IRQ_FIRST);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	vgpu_mmio_reset_block(vgpu, IRQ_END, GVT_MMIO_SIZE - IRQ_END);
}

u32 vgpu_reg(const struct vgpu *vgpu, u32 offset)
{
	return vgpu->regs[offset / 4];
}

void vgpu_set_reg(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu->regs[offset / 4] = value;
}

static const struct gvt_reg *rule_of(const struct vgpu *vgpu, u32 offset)
{
	u16 number = vgpu->gpu->mmio.rule_of[offset / 4];

	return number ? vgpu->gpu->mmio.rules[number] : NULL;
}

static u32 read_dword(struct vgpu *vgpu, u32 offset)
{
	const struct gvt_reg *reg = rule_of(vgpu, offset);

	vgpu->stats.unknown_reads += !reg;
	if (reg && reg->read)
		return reg->read(vgpu, offset);
	return vgpu_reg(vgpu, offset);
}

static u32 masked(u32 old, u32 value)
{
	u32 mask = value >> 16;

	return (old & ~mask) | (value & mask);
}

static void write_dword(struct vgpu *vgpu, u32 offset, u32 value)
{
	const struct gvt_reg *reg = rule_of(vgpu, offset);
	enum gvt_reg_kind kind = reg ? reg->kind : REG_PLAIN;
	u32 old = vgpu_reg(vgpu, offset);

	vgpu->stats.unknown_writes += !reg;
	if (kind == REG_MASKED)
		value = masked(old, value);
	if (reg && reg->write)
		reg->write(vgpu, offset, value);
	else if (kind == REG_CLEARED)
		vgpu_set_reg(vgpu, offset, old & ~value);
	else if (kind != REG_READ_ONLY)
		vgpu_set_reg(vgpu, offset, value);
}

void vgpu_mmio_read(struct vgpu *vgpu, u32 offset, void *data, size_t length)
{
	u8 *to = data;

	while (length) {
		u32 inside = offset % 4, part = min_t(size_t, length, 4 - inside);
		u32 value = read_dword(vgpu, offset - inside);

		trace_gvt_register(vgpu->id, offset - inside, value, false);
		memcpy(to, (u8 *)&value + inside, part);
		vgpu->stats.register_reads++;
		to += part;
		offset += part;
		length -= part;
	}
}

/*
 * A part of a register is written into what is there. Not where ones that are written do something:
 * there the rest is 0.
 */
static u32 whole_value(struct vgpu *vgpu, u32 offset)
{
	const struct gvt_reg *reg = rule_of(vgpu, offset);

	if (reg && (reg->kind == REG_CLEARED || reg->kind == REG_MASKED))
		return 0;
	return vgpu_reg(vgpu, offset);
}

void vgpu_mmio_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length)
{
	const u8 *from = data;

	while (length) {
		u32 inside = offset % 4, part = min_t(size_t, length, 4 - inside);
		u32 value = part == 4 ? 0 : whole_value(vgpu, offset - inside);

		memcpy((u8 *)&value + inside, from, part);
		trace_gvt_register(vgpu->id, offset - inside, value, true);
		write_dword(vgpu, offset - inside, value);
		vgpu->stats.register_writes++;
		from += part;
		offset += part;
		length -= part;
	}
}
