// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "irq.h"

/* What the client is told of each index. */
static const struct {
	uint32_t count;
	uint32_t flags;
} irq_types[VU_IRQ_COUNT] = {
	[VFIO_PCI_INTX_IRQ_INDEX] = { 1, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE |
						 VFIO_IRQ_INFO_AUTOMASKED },
	[VFIO_PCI_MSI_IRQ_INDEX] = { 1, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE },
};

void vu_irq_init(struct vu_irq *irq)
{
	pthread_mutex_init(&irq->lock, NULL);
	for (unsigned int i = 0; i < VU_IRQ_COUNT; i++)
		irq->lines[i] = (struct vu_irq_line){ .eventfd = -1 };
}

void vu_irq_destroy(struct vu_irq *irq)
{
	vu_irq_disable_all(irq);
	pthread_mutex_destroy(&irq->lock);
}

static void raise_line(struct vu_irq *irq, unsigned int index)
{
	static const uint64_t one = 1;
	struct vu_irq_line *line = &irq->lines[index];

	if (line->eventfd < 0)
		return;
	if (line->masked) {
		line->pending = true;
		return;
	}
	line->masked = irq_types[index].flags & VFIO_IRQ_INFO_AUTOMASKED;
	/* A full counter (EAGAIN) already says what another write would. */
	while (write(line->eventfd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void vu_irq_raise(struct vu_irq *irq)
{
	pthread_mutex_lock(&irq->lock);
	raise_line(irq, irq->lines[VFIO_PCI_MSI_IRQ_INDEX].eventfd >= 0 ? VFIO_PCI_MSI_IRQ_INDEX :
									  VFIO_PCI_INTX_IRQ_INDEX);
	pthread_mutex_unlock(&irq->lock);
}

/* Takes over `fd`; -1 disables. A line that is enabled anew starts unmasked. */
static void replace_eventfd(struct vu_irq *irq, unsigned int index, int fd)
{
	struct vu_irq_line *line = &irq->lines[index];
	int old;

	pthread_mutex_lock(&irq->lock);
	old = line->eventfd;
	line->eventfd = fd;
	if (old < 0 || fd < 0) {
		line->masked = false;
		line->pending = false;
	}
	pthread_mutex_unlock(&irq->lock);
	if (old >= 0)
		close(old);
}

void vu_irq_disable_all(struct vu_irq *irq)
{
	for (unsigned int i = 0; i < VU_IRQ_COUNT; i++)
		replace_eventfd(irq, i, -1);
}

static void set_masked(struct vu_irq *irq, unsigned int index, bool masked)
{
	struct vu_irq_line *line = &irq->lines[index];

	pthread_mutex_lock(&irq->lock);
	line->masked = masked;
	if (!masked && line->pending) {
		line->pending = false;
		raise_line(irq, index);
	}
	pthread_mutex_unlock(&irq->lock);
}

int vu_irq_get_info(struct vu_irq *irq, struct vu_request *request)
{
	const struct vu_irq_info *in = request->message->payload;
	struct vu_irq_info *out = request->reply;

	/* Asking is how a client finds out which there are: nothing to complain of. */
	if (in->index >= VU_IRQ_COUNT)
		return -EINVAL;
	*out = (struct vu_irq_info){ .argsz = sizeof(*out),
				     .flags = irq_types[in->index].flags,
				     .index = in->index,
				     .count = irq_types[in->index].count };
	request->reply_length = sizeof(*out);
	return 0;
}

/* Enable with the eventfd that came, disable without. */
static int set_eventfd(struct vu_irq *irq, struct vu_request *request, unsigned int index)
{
	struct vu_message *message = request->message;
	int fd, flags;

	if (message->fd_count == 0) {
		replace_eventfd(irq, index, -1);
		return 0;
	}
	if (message->fd_count != 1)
		return vu_refuse(request, -EINVAL, "more eventfds than interrupts");
	fd = message->fds[0];
	/* Engines write to it: whatever the client sent must not make them wait. */
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || (!(flags & O_NONBLOCK) && fcntl(fd, F_SETFL, flags | O_NONBLOCK)))
		return vu_refuse(request, -errno, "the file descriptor is no eventfd");
	message->fds[0] = -1;
	replace_eventfd(irq, index, fd);
	return 0;
}

static void apply_action(struct vu_irq *irq, unsigned int index, uint32_t action)
{
	if (action != VFIO_IRQ_SET_ACTION_TRIGGER) {
		set_masked(irq, index, action == VFIO_IRQ_SET_ACTION_MASK);
		return;
	}
	pthread_mutex_lock(&irq->lock);
	raise_line(irq, index);
	pthread_mutex_unlock(&irq->lock);
}

static bool is_one_bit(uint32_t value)
{
	return value && !(value & (value - 1));
}

/* Everything about the request that does not depend on its action. */
static int check_set(struct vu_request *request, const struct vu_irq_set *set)
{
	const uint32_t known = VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK;
	uint32_t end;

	if (set->flags & ~known || !is_one_bit(set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) ||
	    !is_one_bit(set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return vu_refuse(request, -EINVAL, "not one kind of data and one action");
	if (set->index >= VU_IRQ_COUNT)
		return vu_refuse(request, -EINVAL, "no such interrupt index");
	if (__builtin_add_overflow(set->start, set->count, &end) ||
	    end > irq_types[set->index].count)
		return vu_refuse(request, -EINVAL, "more interrupts than the index has");
	if (set->flags & VFIO_IRQ_SET_DATA_BOOL &&
	    request->message->length - sizeof(*set) < set->count)
		return vu_refuse(request, -EINVAL, "fewer booleans than interrupts");
	if (request->message->fd_count && !(set->flags & VFIO_IRQ_SET_DATA_EVENTFD))
		return vu_refuse(request, -EINVAL,
				 "file descriptors that the flags do not speak of");
	return 0;
}

int vu_irq_set(struct vu_irq *irq, struct vu_request *request)
{
	const struct vu_irq_set *set = request->message->payload;
	const unsigned char *booleans = (const unsigned char *)(set + 1);
	uint32_t action = set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	int ret = check_set(request, set);

	if (ret)
		return ret;
	if (set->count == 0) {
		if (!(set->flags & VFIO_IRQ_SET_DATA_NONE) ||
		    action != VFIO_IRQ_SET_ACTION_TRIGGER || set->start)
			return vu_refuse(request, -EINVAL, "no interrupts");
		replace_eventfd(irq, set->index, -1);
		return 0;
	}
	/* From here on it is one interrupt: no index has more. */
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD) {
		if (action != VFIO_IRQ_SET_ACTION_TRIGGER)
			return vu_refuse(request, -ENOTSUP, "eventfds for masking are not offered");
		return set_eventfd(irq, request, set->index);
	}
	if (set->flags & VFIO_IRQ_SET_DATA_NONE || booleans[0])
		apply_action(irq, set->index, action);
	return 0;
}
