/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irq.h - a vGPU's interrupt registers: groups of ISR, IMR, IIR, IER below one master register
 *
 * Works on the stored registers under vgpu->irq_lock, so that events may come at any time.
 */
#ifndef GVT_IRQ_H
#define GVT_IRQ_H

#include <linux/types.h>

struct vgpu;

/* The master register, and where each group begins. */
#define IRQ_MASTER   0x44200u
#define IRQ_GT0	     0x44300u /* render, copy */
#define IRQ_GT1	     0x44310u /* video */
#define IRQ_GT2	     0x44320u /* power management, GuC */
#define IRQ_GT3	     0x44330u /* video enhancement */
#define IRQ_PIPE(n)  (0x44400u + 0x10u * (n))
#define IRQ_PORT     0x44440u
#define IRQ_MISC     0x44460u
#define IRQ_PCU	     0x444e0u
#define IRQ_PCH	     0xc4000u

/* All of them are in [IRQ_FIRST, IRQ_END). */
#define IRQ_FIRST IRQ_MASTER
#define IRQ_END	  (IRQ_PCH + 0x10u)

/*
 * These events of that group happen now: those that IMR lets through stand in IIR until the guest
 * clears them, and an MSI comes if the guest wants one. May be called from any context.
 */
void vgpu_irq_raise(struct vgpu *vgpu, u32 group, u32 bits);

/* Events of a group that are levels: on or off. */
void vgpu_irq_set_level(struct vgpu *vgpu, u32 group, u32 bits, bool on);

/* With irq_lock held: does the guest want an interrupt for any of these? */
bool vgpu_irq_listens(const struct vgpu *vgpu, u32 group, u32 bits);

#endif
