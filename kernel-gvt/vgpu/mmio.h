/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmio.h - the registers of a vGPU: tables that say what each one is, and one way through them
 *
 * Registers of one subject stand in one regs-*.c, with the rules that hold for each. What no table
 * names is a private copy that reaches nothing, and accesses to it are counted: a driver that
 * relies on such a register shows there.
 */
#ifndef GVT_MMIO_H
#define GVT_MMIO_H

#include <linux/bits.h>
#include <linux/types.h>

#define GVT_MMIO_SIZE 0x200000u

struct gvt_host;
struct vgpu;

enum gvt_reg_kind {
	REG_PLAIN, /* reads what was written */
	REG_MASKED, /* the upper half of what is written says which bits of the lower */
	REG_READ_ONLY,
	REG_CLEARED, /* by ones that are written */
};

/* Generations that have the register. */
#define GEN8   BIT(0)
#define GEN9   BIT(1)
#define GEN_ALL (GEN8 | GEN9)

struct gvt_reg {
	u32 offset;
	u32 count; /* dwords in a row that obey this rule; 0 means 1 */
	u8 generations; /* 0 means all */
	enum gvt_reg_kind kind;
	bool from_host; /* its power-on value is what the GPU's has; `initial` otherwise */
	bool fill; /* holds for those of its dwords that no other rule names */
	u32 initial;
	/* In the place of what the kind says; the vGPU's lock is held. */
	u32 (*read)(struct vgpu *vgpu, u32 offset);
	void (*write)(struct vgpu *vgpu, u32 offset, u32 value);
};

struct gvt_reg_table {
	const struct gvt_reg *regs;
	unsigned int count;
	/* The table holds for each of these, its offsets counted from there; no base: from 0. */
	const u32 *bases;
	unsigned int base_count;
};

#define GVT_REG_TABLE(name, regs_)           \
	const struct gvt_reg_table name = { \
		.regs = regs_, .count = ARRAY_SIZE(regs_) }

extern const struct gvt_reg_table gvt_regs_display, gvt_regs_engine, gvt_regs_fence, gvt_regs_gmbus,
	gvt_regs_gt, gvt_regs_irq, gvt_regs_irq_groups, gvt_regs_monitor, gvt_regs_pcode, gvt_regs_pipe,
	gvt_regs_power, gvt_regs_pvinfo;

/* What the registers of one GPU's vGPUs are. */
struct gvt_mmio {
	const struct gvt_reg **rules; /* by number, from 1 */
	u16 *rule_of; /* the number of each dword's; 0: none */
	u32 *initial; /* their power-on values: GVT_MMIO_SIZE bytes */
};

/*
 * Collect the tables for a generation, and what the host's registers read. Returns 0, -ENOMEM, or
 * -EINVAL when two rules claim the same register.
 */
int gvt_mmio_init(struct gvt_mmio *mmio, struct gvt_host *host, unsigned int generation);
void gvt_mmio_fini(struct gvt_mmio *mmio);

/* Power-on values; the vGPU's lock is held, as below. */
void vgpu_mmio_reset(struct vgpu *vgpu);
/* The same for [from, from + length) alone. */
void vgpu_mmio_reset_block(struct vgpu *vgpu, u32 from, u32 length);
/* Any length and place inside GVT_MMIO_SIZE; parts of a register read and write all of it. */
void vgpu_mmio_read(struct vgpu *vgpu, u32 offset, void *data, size_t length);
void vgpu_mmio_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length);

/* The hardware's fences have lost what the vGPU's were; its lock is held. */
void vgpu_fences_restore(struct vgpu *vgpu);

/* A register's stored value, with no rule applied. */
u32 vgpu_reg(const struct vgpu *vgpu, u32 offset);
void vgpu_set_reg(struct vgpu *vgpu, u32 offset, u32 value);

#endif
