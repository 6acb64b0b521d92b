/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.h - the Gen8 interrupt tree: groups of ISR/IMR/IIR/IER below one master
 *
 * (PRM "Display Engine: Interrupts"; i915: i915_reg.h GEN8_MASTER_IRQ and following.)
 * An event that its IMR lets through is latched in IIR; IIR and IER make the group's bit in the
 * master; the MSI is sent whenever the master becomes pending with its enable bit set.
 */
#ifndef GPUSIM_INTERRUPT_H
#define GPUSIM_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

struct gpu;

enum irq_group {
	IRQ_GT0, /* RCS low half, BCS high half */
	IRQ_GT1, /* VCS0 low half */
	IRQ_GT2, /* power management */
	IRQ_GT3, /* VECS low half */
	IRQ_PIPE_A,
	IRQ_PIPE_B,
	IRQ_PIPE_C,
	IRQ_PORT,
	IRQ_MISC,
	IRQ_PCU,
	IRQ_SDE, /* south display engine */
	IRQ_GROUPS,
};

/* Bits of one engine's half word. */
#define GT_USER_INTERRUPT	    (1u << 0)
#define GT_CS_ERROR_INTERRUPT	    (1u << 3)
#define GT_CONTEXT_SWITCH_INTERRUPT (1u << 8)
#define GT_WAIT_SEMAPHORE_INTERRUPT (1u << 11)

/* With gpu->lock held: the events `bits` of `group` happened. */
void irq_raise(struct gpu *gpu, enum irq_group group, uint32_t bits);

/* With gpu->lock held: the levels that ISR shows, where `mask` has ones. */
void irq_set_level(struct gpu *gpu, enum irq_group group, uint32_t mask, uint32_t levels);

/* With gpu->lock held: would one of `bits` lead to an interrupt, as far as the group decides? */
bool irq_listens(const struct gpu *gpu, enum irq_group group, uint32_t bits);

#endif
