// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>

#include "config.h"
#include "irq.h"
#include "mmio.h"
#include "trace.h"
#include "vgpu.h"

/* In a group. */
#define ISR 0x0u
#define IMR 0x4u
#define IIR 0x8u
#define IER 0xcu

#define MASTER_ENABLE BIT(31)

/* The bits of the master register, and which part of which group each stands for. */
static const struct {
	u32 group, bits;
	u32 master;
} sources[] = {
	{ IRQ_GT0, 0x0000ffff, BIT(0) },	{ IRQ_GT0, 0xffff0000, BIT(1) },
	{ IRQ_GT1, 0x0000ffff, BIT(2) },	{ IRQ_GT1, 0xffff0000, BIT(3) },
	{ IRQ_GT2, 0x0000ffff, BIT(4) },	{ IRQ_GT2, 0xffff0000, BIT(5) },
	{ IRQ_GT3, 0xffffffff, BIT(6) },	{ IRQ_PIPE(0), 0xffffffff, BIT(16) },
	{ IRQ_PIPE(1), 0xffffffff, BIT(17) }, { IRQ_PIPE(2), 0xffffffff, BIT(18) },
	{ IRQ_PORT, 0xffffffff, BIT(20) },	{ IRQ_MISC, 0xffffffff, BIT(22) },
	{ IRQ_PCH, 0xffffffff, BIT(23) },	{ IRQ_PCU, 0xffffffff, BIT(30) },
};

/* Made anew from the groups each time: a copy could tell of what is long cleared. */
static u32 pending(const struct vgpu *vgpu)
{
	u32 bits = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(sources); i++) {
		u32 group = sources[i].group;

		if (vgpu_reg(vgpu, group + IIR) & vgpu_reg(vgpu, group + IER) & sources[i].bits)
			bits |= sources[i].master;
	}
	return bits;
}

/* With irq_lock held; returns whether an MSI went out. */
static bool notify(struct vgpu *vgpu)
{
	if (!vgpu->open || !(vgpu_reg(vgpu, IRQ_MASTER) & MASTER_ENABLE) || !pending(vgpu) ||
	    !vgpu_config_msi_enabled(vgpu))
		return false;
	vgpu->stats.interrupts++;
	vgpu->guest_ops->interrupt(vgpu->guest);
	return true;
}

void vgpu_irq_raise(struct vgpu *vgpu, u32 group, u32 bits)
{
	unsigned long flags;
	bool raised = false;
	u32 old, fresh;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	old = vgpu_reg(vgpu, group + IIR);
	fresh = bits & ~vgpu_reg(vgpu, group + IMR) & ~old;
	vgpu_set_reg(vgpu, group + IIR, old | fresh);
	if (fresh & vgpu_reg(vgpu, group + IER))
		raised = notify(vgpu);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	trace_gvt_interrupt(vgpu->id, group + IIR, bits, raised);
}

void vgpu_irq_set_level(struct vgpu *vgpu, u32 group, u32 bits, bool on)
{
	unsigned long flags;
	u32 levels;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	levels = vgpu_reg(vgpu, group + ISR) & ~bits;
	vgpu_set_reg(vgpu, group + ISR, on ? levels | bits : levels);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
}

bool vgpu_irq_listens(const struct vgpu *vgpu, u32 group, u32 bits)
{
	return vgpu_reg(vgpu, group + IER) & ~vgpu_reg(vgpu, group + IMR) & bits;
}

static u32 read_master(struct vgpu *vgpu, u32 offset)
{
	unsigned long flags;
	u32 value;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	value = (vgpu_reg(vgpu, offset) & MASTER_ENABLE) | pending(vgpu);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	return value;
}

/* What became pending while it was off is told when it goes on. */
static void write_master(struct vgpu *vgpu, u32 offset, u32 value)
{
	unsigned long flags;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	vgpu_set_reg(vgpu, offset, value & MASTER_ENABLE);
	if (value & MASTER_ENABLE)
		notify(vgpu);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
}

static void write_iir(struct vgpu *vgpu, u32 offset, u32 value)
{
	unsigned long flags;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	vgpu_set_reg(vgpu, offset, vgpu_reg(vgpu, offset) & ~value);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
}

/* IMR or IER; an event that stands already may be wanted now. */
static void write_enable(struct vgpu *vgpu, u32 offset, u32 value)
{
	unsigned long flags;
	u32 before, old;

	spin_lock_irqsave(&vgpu->irq_lock, flags);
	before = pending(vgpu);
	old = vgpu_reg(vgpu, offset);
	vgpu_set_reg(vgpu, offset, value);
	if (old != value && pending(vgpu) & ~before)
		notify(vgpu);
	spin_unlock_irqrestore(&vgpu->irq_lock, flags);
	if (old != value && offset >= IRQ_PIPE(0) && offset < IRQ_PIPE(GVT_PIPES))
		vgpu_display_listen(vgpu);
}

static const u32 groups[] = { IRQ_GT0, IRQ_GT1, IRQ_GT2, IRQ_GT3, IRQ_PIPE(0), IRQ_PIPE(1), IRQ_PIPE(2),
			      IRQ_PORT, IRQ_MISC, IRQ_PCU, IRQ_PCH };

static const struct gvt_reg group_regs[] = {
	{ .offset = ISR, .kind = REG_READ_ONLY },
	{ .offset = IMR, .initial = 0xffffffff, .write = write_enable },
	{ .offset = IIR, .write = write_iir },
	{ .offset = IER, .write = write_enable },
};

const struct gvt_reg_table gvt_regs_irq_groups = {
	.regs = group_regs, .count = ARRAY_SIZE(group_regs), .bases = groups, .base_count = ARRAY_SIZE(groups)
};

static const struct gvt_reg master_regs[] = {
	{ .offset = IRQ_MASTER, .read = read_master, .write = write_master },
};

GVT_REG_TABLE(gvt_regs_irq, master_regs);
