// SPDX-License-Identifier: GPL-2.0-only
/* The mailbox of the power controller: it is the host's, and answers a guest with words that change nothing. */
#include <linux/kernel.h>

#include "mmio.h"
#include "vgpu.h"

#define MAILBOX	     0x138124u
#define MAILBOX_DATA 0x138128u

#define MAILBOX_BUSY   BIT(31)
#define MAILBOX_STATUS 0xffu
#define STATUS_GOOD    0u
#define STATUS_ILLEGAL 1u

/* Commands that the guest's driver knows (i915_reg.h, "GEN6_PCODE"), and what it wants to read. */
static const struct {
	u8 command;
	u32 data; /* the answer; KEEP: what it has written */
} commands[] = {
#define KEEP 0xffffffffu
	{ 0x06, 0 }, /* latencies of memory: none */
	{ 0x07, 1 }, /* the display's clock may change: it can, at once */
	{ 0x08, KEEP }, /* frequencies of the ring */
	{ 0x09, KEEP },
	{ 0x17, KEEP }, /* Broadwell's clock of the display */
	{ 0x18, KEEP },
	{ 0x1a, KEEP }, /* duty cycle */
	{ 0x21, 1 }, /* dynamic memory frequencies (SAGV): off */
};

static void write_mailbox(struct vgpu *vgpu, u32 offset, u32 value)
{
	u32 status = STATUS_ILLEGAL;

	if (!(value & MAILBOX_BUSY)) {
		vgpu_set_reg(vgpu, offset, value);
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].command != (value & 0xff))
			continue;
		status = STATUS_GOOD;
		if (commands[i].data != KEEP)
			vgpu_set_reg(vgpu, MAILBOX_DATA, commands[i].data);
	}
	vgpu_set_reg(vgpu, offset, (value & ~(MAILBOX_BUSY | MAILBOX_STATUS)) | status);
}

static const struct gvt_reg regs[] = {
	{ .offset = MAILBOX, .write = write_mailbox },
	{ .offset = MAILBOX_DATA, .count = 2 },
};

GVT_REG_TABLE(gvt_regs_pcode, regs);
