/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq.h - interrupts: from the GPU's one interrupt to the client's eventfd
 *
 * The commands DEVICE_GET_IRQ_INFO and DEVICE_SET_IRQS. The GPU has one MSI vector, and the INTx
 * pin that stands in until a driver enables MSI: an interrupt goes to MSI where the client has
 * enabled it, else to INTx, which masks itself until the client unmasks it. Knows no GPU.
 *
 * Threads: vu_irq_raise() from any, the rest from the server's.
 */
#ifndef GPUSIM_VFIO_USER_IRQ_H
#define GPUSIM_VFIO_USER_IRQ_H

#include <pthread.h>
#include <stdbool.h>

#include "request.h"

#define VU_IRQ_COUNT (VFIO_PCI_MSIX_IRQ_INDEX + 1)

struct vu_irq_line {
	int eventfd; /* -1: not enabled */
	bool masked;
	bool pending; /* raised while masked */
};

struct vu_irq {
	pthread_mutex_t lock;
	struct vu_irq_line lines[VU_IRQ_COUNT]; /* by VFIO_PCI_*_IRQ_INDEX */
};

void vu_irq_init(struct vu_irq *irq);
void vu_irq_destroy(struct vu_irq *irq);

/* Deliver one interrupt; nothing happens where none is enabled, as on hardware. Never waits. */
void vu_irq_raise(struct vu_irq *irq);

/* All interrupts off, unmasked, not pending; the client's eventfds are closed. */
void vu_irq_disable_all(struct vu_irq *irq);

int vu_irq_get_info(struct vu_irq *irq, struct vu_request *request);
int vu_irq_set(struct vu_irq *irq, struct vu_request *request);

#endif
