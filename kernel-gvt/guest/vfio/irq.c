// SPDX-License-Identifier: GPL-2.0-only
/* The one interrupt that a vGPU has: an MSI, as an eventfd. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

/* Only MSI has a vector; there is no INTx, and the others mean nothing to a vGPU. */
static unsigned int vectors(unsigned int index)
{
	return index == VFIO_PCI_MSI_IRQ_INDEX ? 1 : 0;
}

int gvt_vfio_irq_info(unsigned int index, struct vfio_irq_info *info)
{
	if (index != VFIO_PCI_INTX_IRQ_INDEX && index != VFIO_PCI_MSI_IRQ_INDEX &&
	    index != VFIO_PCI_MSIX_IRQ_INDEX)
		return -EINVAL;
	info->flags = vectors(index) ? VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE : 0;
	info->count = vectors(index);
	return 0;
}

/* May be called with interrupts off. */
void gvt_vfio_interrupt(void *guest)
{
	struct gvt_vfio *device = guest;
	unsigned long flags;

	spin_lock_irqsave(&device->trigger_lock, flags);
	if (device->trigger)
		eventfd_signal(device->trigger, 1);
	spin_unlock_irqrestore(&device->trigger_lock, flags);
}

static void set_trigger(struct gvt_vfio *device, struct eventfd_ctx *trigger)
{
	struct eventfd_ctx *old;
	unsigned long flags;

	spin_lock_irqsave(&device->trigger_lock, flags);
	old = device->trigger;
	device->trigger = trigger;
	spin_unlock_irqrestore(&device->trigger_lock, flags);
	if (old)
		eventfd_ctx_put(old);
}

void gvt_vfio_irq_release(struct gvt_vfio *device)
{
	set_trigger(device, NULL);
}

/* -1 takes the eventfd away. */
static int set_eventfd(struct gvt_vfio *device, int fd)
{
	struct eventfd_ctx *trigger = NULL;

	if (fd >= 0) {
		trigger = eventfd_ctx_fdget(fd);
		if (IS_ERR(trigger))
			return PTR_ERR(trigger);
	}
	set_trigger(device, trigger);
	return 0;
}

/* data: of as many bytes as `head` says, or NULL for none. */
static int set_msi(struct gvt_vfio *device, const struct vfio_irq_set *head, const void *data)
{
	if ((head->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -ENOTTY;
	switch (head->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		/* No vectors turn it off; one is a test of the eventfd. */
		if (!head->count)
			set_trigger(device, NULL);
		else
			gvt_vfio_interrupt(device);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (data && *(const u8 *)data)
			gvt_vfio_interrupt(device);
		return 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return data ? set_eventfd(device, *(const s32 *)data) : 0;
	default:
		return -EINVAL;
	}
}

long gvt_vfio_set_irqs(struct gvt_vfio *device, unsigned long arg)
{
	const unsigned long head_size = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set head;
	size_t size = 0;
	void *data = NULL;
	int err;

	if (copy_from_user(&head, (void __user *)arg, head_size))
		return -EFAULT;
	err = vfio_set_irqs_validate_and_prepare(&head, vectors(head.index), VFIO_PCI_NUM_IRQS, &size);
	if (err)
		return err;
	if (size) {
		data = memdup_user((void __user *)(arg + head_size), size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	err = set_msi(device, &head, data);
	kfree(data);
	return err;
}
