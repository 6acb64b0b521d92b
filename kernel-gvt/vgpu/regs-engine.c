// SPDX-License-Identifier: GPL-2.0-only
/* The registers that each command streamer has, from its base on (Skylake PRM, vol. 2c). */
#include <linux/kernel.h>

#include "engine.h"
#include "irq.h"
#include "gpu.h"
#include "mmio.h"
#include "vgpu.h"

#define RING_TAIL	   0x030u
#define RING_IPEHR	   0x068u
#define RING_ACTHD	   0x074u
#define RING_HWS_PGA	   0x080u
#define RING_HWSTAM	   0x098u
#define RING_MI_MODE	   0x09cu
#define RING_IMR	   0x0a8u
#define RING_EIR	   0x0b0u
#define RING_EMR	   0x0b4u
#define RING_ESR	   0x0b8u
#define RING_INSTPM	   0x0c0u
#define RING_RESET_CTL	   0x0d0u
#define RING_ELSP	   0x230u
#define RING_EXECLIST_STATUS 0x234u
#define RING_CONTEXT_CONTROL 0x244u
#define RING_MODE	   0x29cu
#define RING_TIMESTAMP	   0x358u
#define RING_CSB	   0x370u
#define RING_CSB_POINTER   0x3a0u
#define RING_NONPRIV	   0x4d0u
#define RING_GPR	   0x600u

#define CSB_ENTRIES 6u
/* As after a reset: the next entry is entry 0. */
#define CSB_POINTER_RESET 5u

#define MODE_STOP BIT(8)
#define MODE_IDLE BIT(9)

/* Of EIR, EMR and ESR. */
#define ERROR_INSTRUCTION BIT(0)

#define RESET_REQUEST BIT(0)
#define RESET_READY   BIT(1)

static const u32 bases[GVT_ENGINES] = {
	[GVT_RCS] = 0x2000,
	[GVT_BCS] = 0x22000,
	[GVT_VCS0] = 0x12000,
	[GVT_VECS] = 0x1a000,
};

/* Where an engine's interrupts are. */
static const struct {
	u32 group, shift;
} interrupts[GVT_ENGINES] = {
	[GVT_RCS] = { IRQ_GT0, 0 },
	[GVT_BCS] = { IRQ_GT0, 16 },
	[GVT_VCS0] = { IRQ_GT1, 0 },
	[GVT_VECS] = { IRQ_GT3, 0 },
};

u32 vgpu_engine_base(enum gvt_engine engine)
{
	return bases[engine];
}

void vgpu_engine_interrupt(struct vgpu *vgpu, enum gvt_engine engine, unsigned int bit)
{
	vgpu_irq_raise(vgpu, interrupts[engine].group, BIT(interrupts[engine].shift + bit));
}

void vgpu_engine_show_command(struct vgpu *vgpu, enum gvt_engine engine, u32 command)
{
	vgpu_set_reg(vgpu, bases[engine] + RING_IPEHR, command);
}

void vgpu_engine_error(struct vgpu *vgpu, enum gvt_engine engine)
{
	u32 base = bases[engine];

	vgpu_set_reg(vgpu, base + RING_ESR, vgpu_reg(vgpu, base + RING_ESR) | ERROR_INSTRUCTION);
	if (vgpu_reg(vgpu, base + RING_EMR) & ERROR_INSTRUCTION)
		return;
	vgpu_set_reg(vgpu, base + RING_EIR, vgpu_reg(vgpu, base + RING_EIR) | ERROR_INSTRUCTION);
	vgpu_engine_interrupt(vgpu, engine, ENGINE_IRQ_ERROR);
}

void vgpu_engine_reset(struct vgpu *vgpu, enum gvt_engine engine)
{
	vgpu_execlist_reset(vgpu, engine);
	vgpu_mmio_reset_block(vgpu, bases[engine], 0x800);
}

static enum gvt_engine engine_at(u32 offset)
{
	enum gvt_engine engine = 0;

	while (engine < GVT_ENGINES - 1 && offset - bases[engine] >= 0x800)
		engine++;
	return engine;
}

static void write_elsp(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_execlist_write(vgpu, engine_at(offset), value);
}

static void write_csb_pointer(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value);
	vgpu_execlist_set_pointer(vgpu, engine_at(offset), value);
}

static u32 read_mode(struct vgpu *vgpu, u32 offset)
{
	return vgpu_reg(vgpu, offset) | MODE_IDLE;
}

static void write_mode(struct vgpu *vgpu, u32 offset, u32 value)
{
	vgpu_set_reg(vgpu, offset, value & ~MODE_IDLE);
}

/* What commands store of it is the hardware's, too. */
static u32 read_timestamp(struct vgpu *vgpu, u32 offset)
{
	return gvt_host_read(vgpu->gpu->host, offset);
}

/* An engine that runs nothing is ready for its reset as soon as it is asked; one that has failed never is. */
static void write_reset_ctl(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 ready = vgpu->failed ? 0 : RESET_READY;

	vgpu_set_reg(vgpu, offset, value & RESET_REQUEST ? RESET_REQUEST | ready : 0);
}

static const struct gvt_reg regs[] = {
	{ .offset = 0x020, .count = (RING_HWSTAM - 0x020) / 4 }, /* PGTBL_ER, IPEIR, ring, ACTHD … */
	{ .offset = RING_HWSTAM, .initial = 0xffffffff },
	{ .offset = RING_MI_MODE, .kind = REG_MASKED, .read = read_mode, .write = write_mode },
	{ .offset = 0x0a0, .count = 2 }, /* masks of waits on Gen8; WaDisable… bits of 20a0 */
	{ .offset = RING_IMR, .initial = 0xffffffff },
	{ .offset = 0x0ac },
	{ .offset = RING_EIR, .kind = REG_CLEARED },
	{ .offset = RING_EMR, .initial = 0xffffffff },
	{ .offset = RING_ESR, .kind = REG_READ_ONLY },
	{ .offset = 0x0bc },
	{ .offset = RING_INSTPM, .kind = REG_MASKED },
	{ .offset = 0x0c4, .count = 3 }, /* with the power clock state */
	{ .offset = RING_RESET_CTL, .kind = REG_MASKED, .write = write_reset_ctl },
	{ .offset = 0x0d4 }, /* chicken bits, as the next */
	{ .offset = 0x0d8, .count = 8 },
	{ .offset = 0x110, .count = (RING_ELSP - 0x110) / 4 }, /* batch addresses, pointers to workarounds */
	{ .offset = RING_ELSP, .write = write_elsp },
	{ .offset = RING_EXECLIST_STATUS, .count = 2, .kind = REG_READ_ONLY },
	{ .offset = RING_CONTEXT_CONTROL, .kind = REG_MASKED },
	{ .offset = 0x248, .count = (RING_MODE - 0x248) / 4 }, /* page directories */
	{ .offset = RING_MODE, .kind = REG_MASKED },
	{ .offset = RING_TIMESTAMP, .count = 2, .kind = REG_READ_ONLY, .read = read_timestamp },
	{ .offset = RING_CSB, .count = 2 * CSB_ENTRIES },
	{ .offset = RING_CSB_POINTER, .kind = REG_MASKED, .initial = CSB_POINTER_RESET,
	  .write = write_csb_pointer },
	{ .offset = 0x3a8 }, /* the context's time */
	{ .offset = RING_NONPRIV, .count = 12 },
	{ .offset = 0x500, .count = 2 }, /* predicates … */
	{ .offset = 0x580, .count = 4 }, /* preemption (CS_CHICKEN1) */
	{ .offset = RING_GPR, .count = 32 },
};

const struct gvt_reg_table gvt_regs_engine = {
	.regs = regs, .count = ARRAY_SIZE(regs), .bases = bases, .base_count = ARRAY_SIZE(bases)
};
