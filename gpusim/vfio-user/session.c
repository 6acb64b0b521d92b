// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "region.h"
#include "session.h"

/* A client can make a line with every message: what a person needs is in the first ones. */
#define MAX_COMPLAINTS 20

int vu_session_open(struct vu_session *session, int fd, int stop_fd)
{
	session->negotiated = false;
	session->complaints = 0;
	session->dma.gpu = session->gpu;
	session->dma.count = 0;
	return vu_connection_open(&session->connection, fd, stop_fd);
}

void vu_session_close(struct vu_session *session)
{
	vu_irq_disable_all(session->irq);
	/* Engines first: what they run may be spread over all of the memory. */
	gpu_reset(session->gpu);
	vu_dma_unmap_all(&session->dma);
	/* Nothing is mapped any more: a hit that came late is not the next client's. */
	vu_guard_was_hit();
	vu_connection_close(&session->connection);
}

static int do_dma_map(struct vu_session *session, struct vu_request *request)
{
	return vu_dma_map(&session->dma, request);
}

static int do_dma_unmap(struct vu_session *session, struct vu_request *request)
{
	return vu_dma_unmap(&session->dma, request);
}

static int do_get_device_info(struct vu_session *session, struct vu_request *request)
{
	return vu_region_get_device_info(session->gpu, request);
}

static int do_get_region_info(struct vu_session *session, struct vu_request *request)
{
	return vu_region_get_info(session->gpu, request);
}

static int do_get_region_io_fds(struct vu_session *session, struct vu_request *request)
{
	return vu_region_get_io_fds(session->gpu, request);
}

static int do_get_irq_info(struct vu_session *session, struct vu_request *request)
{
	return vu_irq_get_info(session->irq, request);
}

static int do_set_irqs(struct vu_session *session, struct vu_request *request)
{
	return vu_irq_set(session->irq, request);
}

static int do_region_read(struct vu_session *session, struct vu_request *request)
{
	return vu_region_read(session->gpu, request);
}

static int do_region_write(struct vu_session *session, struct vu_request *request)
{
	return vu_region_write(session->gpu, request);
}

static int do_region_write_multi(struct vu_session *session, struct vu_request *request)
{
	return vu_region_write_multi(session->gpu, request);
}

static int do_device_reset(struct vu_session *session, struct vu_request *request)
{
	gpu_reset(session->gpu);
	return 0;
}

static int do_version_again(struct vu_session *session, struct vu_request *request)
{
	return vu_refuse(request, -EINVAL, "the version was agreed before");
}

static int do_not_offered(struct vu_session *session, struct vu_request *request)
{
	return vu_refuse(request, -ENOTSUP, "migration and dirty pages are not offered");
}

struct command {
	const char *name;
	int (*handle)(struct vu_session *session, struct vu_request *request);
	size_t min_length; /* of the payload */
	unsigned int max_fds;
};

/* DMA_READ and DMA_WRITE are the server's to send, and this one does not. */
static const struct command commands[VU_COMMAND_COUNT] = {
	[VU_VERSION] = { "VERSION", do_version_again, sizeof(struct vu_version), 0 },
	[VU_DMA_MAP] = { "DMA_MAP", do_dma_map, sizeof(struct vu_dma_map), 1 },
	[VU_DMA_UNMAP] = { "DMA_UNMAP", do_dma_unmap, sizeof(struct vu_dma_unmap), 0 },
	[VU_DEVICE_GET_INFO] = { "DEVICE_GET_INFO", do_get_device_info,
				 sizeof(struct vu_device_info), 0 },
	[VU_DEVICE_GET_REGION_INFO] = { "DEVICE_GET_REGION_INFO", do_get_region_info,
					sizeof(struct vu_region_info), 0 },
	[VU_DEVICE_GET_REGION_IO_FDS] = { "DEVICE_GET_REGION_IO_FDS", do_get_region_io_fds,
					  sizeof(struct vu_region_io_fds), 0 },
	[VU_DEVICE_GET_IRQ_INFO] = { "DEVICE_GET_IRQ_INFO", do_get_irq_info,
				     sizeof(struct vu_irq_info), 0 },
	[VU_DEVICE_SET_IRQS] = { "DEVICE_SET_IRQS", do_set_irqs, sizeof(struct vu_irq_set),
				 VU_MAX_FDS },
	[VU_REGION_READ] = { "REGION_READ", do_region_read, sizeof(struct vu_region_access), 0 },
	[VU_REGION_WRITE] = { "REGION_WRITE", do_region_write, sizeof(struct vu_region_access), 0 },
	[VU_DEVICE_RESET] = { "DEVICE_RESET", do_device_reset, 0, 0 },
	[VU_REGION_WRITE_MULTI] = { "REGION_WRITE_MULTI", do_region_write_multi,
				    sizeof(struct vu_region_write_multi), 0 },
	[VU_DEVICE_FEATURE] = { "DEVICE_FEATURE", do_not_offered, 0, 0 },
	[VU_MIG_DATA_READ] = { "MIG_DATA_READ", do_not_offered, 0, 0 },
	[VU_MIG_DATA_WRITE] = { "MIG_DATA_WRITE", do_not_offered, 0, 0 },
};

static const struct command *find_command(uint16_t number)
{
	if (number >= VU_COMMAND_COUNT || !commands[number].handle)
		return NULL;
	return &commands[number];
}

static void complain(struct vu_session *session, const struct command *command,
		     const struct vu_request *request, int error)
{
	const struct vu_message *message = request->message;
	char where[64] = "";

	if (!request->why || session->complaints > MAX_COMPLAINTS)
		return;
	if (session->complaints++ == MAX_COMPLAINTS) {
		vu_logf(session->log, GPU_LOG_WARNING,
			"more of this client's requests are refused: no longer logged");
		return;
	}
	if (message->header.command == VU_REGION_READ ||
	    message->header.command == VU_REGION_WRITE) {
		const struct vu_region_access *access = message->payload;

		if (message->length >= sizeof(*access))
			snprintf(where, sizeof(where), " of %u bytes at %#llx of region %u",
				 access->count, (unsigned long long)access->offset, access->region);
	}
	vu_logf(session->log, GPU_LOG_WARNING, "%s%s refused: %s: %s",
		command ? command->name : "a request", where, request->why, strerror(-error));
}

static int dispatch(struct vu_session *session, struct vu_request *request)
{
	const struct command *command = find_command(request->message->header.command);
	int ret;

	if (!command)
		ret = vu_refuse(request, -ENOTSUP, "unknown command");
	else if (request->message->length < command->min_length)
		ret = vu_refuse(request, -EINVAL, "the message is too short");
	else if (request->message->fd_count > command->max_fds)
		ret = vu_refuse(request, -EINVAL, "unexpected file descriptors");
	else
		ret = command->handle(session, request);
	if (ret)
		complain(session, command, request, ret);
	return ret;
}

/* The session ends over what the client did, and the log says why. */
static int give_up(struct vu_session *session, const char *why)
{
	vu_logf(session->log, GPU_LOG_ERROR, "client dropped: %s", why);
	return -EPROTO;
}

/* The connection ended with `error`. That a client goes, even inside a request, is none. */
static int connection_ended(struct vu_session *session, int error)
{
	const char *fault = session->connection.fault;

	if (error == -ECANCELED)
		return error;
	if (error != -ENOTCONN && error != -ECONNRESET && error != -EPIPE)
		return give_up(session, fault ? fault : strerror(-error));
	vu_logf(session->log, session->negotiated ? GPU_LOG_INFO : GPU_LOG_DEBUG,
		"client disconnected");
	return error;
}

/* The first message. Nothing else is answered before, and without agreement nothing after. */
static int negotiate(struct vu_session *session, struct vu_request *request)
{
	const struct vu_message *message = request->message;
	int ret;

	if (message->header.command != VU_VERSION)
		return give_up(session, "its first message is not VERSION");
	if (message->length < sizeof(struct vu_version) || message->fd_count)
		return give_up(session, "malformed VERSION");
	ret = vu_version_negotiate(request, &session->peer);
	if (ret)
		return give_up(session, request->why ? request->why : strerror(-ret));
	session->negotiated = true;
	vu_logf(session->log, GPU_LOG_INFO, "client connected");
	return 0;
}

static int reply(struct vu_session *session, const struct vu_request *request, int error)
{
	struct vu_header header = { .id = request->message->header.id,
				    .command = request->message->header.command,
				    .flags = VU_FLAG_TYPE_REPLY };
	int ret;

	if (request->message->header.flags & VU_FLAG_NO_REPLY)
		return 0;
	if (error) {
		header.flags |= VU_FLAG_ERROR;
		header.error = (uint32_t)-error;
		ret = vu_connection_send(&session->connection, &header, 0, -1);
	} else {
		ret = vu_connection_send(&session->connection, &header, request->reply_length,
					 request->reply_fd);
	}
	return ret ? connection_ended(session, ret) : 0;
}

static int answer(struct vu_session *session)
{
	struct vu_message *message = &session->connection.message;
	struct vu_request request = { .message = message,
				      .reply = vu_connection_payload(&session->connection),
				      .reply_fd = -1,
				      .max_reply = session->peer.max_data,
				      .client_takes_fd = session->peer.max_fds > 0 };
	int error = 0;

	if ((message->header.flags & VU_FLAG_TYPE_MASK) != VU_FLAG_TYPE_COMMAND)
		return give_up(session, "it sent a reply to no command");
	if (session->negotiated) {
		error = dispatch(session, &request);
	} else {
		int ret = negotiate(session, &request);

		if (ret)
			return ret;
	}
	return reply(session, &request, error);
}

int vu_session_serve(struct vu_session *session)
{
	struct vu_connection *connection = &session->connection;
	int ret = vu_connection_receive(connection);

	while (ret > 0) {
		if (vu_guard_was_hit())
			return give_up(session,
				       "it took away memory that it had mapped for the GPU");
		ret = answer(session);
		vu_connection_release(connection);
		if (ret)
			return ret;
		/* What came with it is served, too; a client that sends on and on has to wait. */
		ret = vu_connection_next(connection);
	}
	return ret < 0 ? connection_ended(session, ret) : 0;
}
