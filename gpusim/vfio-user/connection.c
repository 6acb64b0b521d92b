// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "connection.h"

#define BUFFER_SIZE (sizeof(struct vu_header) + VU_MAX_PAYLOAD)

int vu_connection_open(struct vu_connection *connection, int fd, int stop_fd)
{
	*connection = (struct vu_connection){ .fd = fd, .stop_fd = stop_fd };
	connection->in = malloc(BUFFER_SIZE);
	connection->out = malloc(BUFFER_SIZE);
	if (connection->in && connection->out)
		return 0;
	vu_connection_close(connection);
	return -ENOMEM;
}

void vu_connection_release(struct vu_connection *connection)
{
	struct vu_message *message = &connection->message;

	for (unsigned int i = 0; i < message->fd_count; i++) {
		if (message->fds[i] >= 0)
			close(message->fds[i]);
	}
	message->fd_count = 0;
	connection->received = 0;
}

void vu_connection_close(struct vu_connection *connection)
{
	vu_connection_release(connection);
	close(connection->fd);
	connection->fd = -1;
	free(connection->in);
	free(connection->out);
	connection->in = NULL;
	connection->out = NULL;
}

static int broken(struct vu_connection *connection, const char *fault)
{
	connection->fault = fault;
	return -EPROTO;
}

static bool keep_fd(struct vu_message *message, int fd)
{
	if (message->fd_count == VU_MAX_FDS)
		return false;
	message->fds[message->fd_count++] = fd;
	return true;
}

/* Every descriptor that came is either kept in the message or closed here. */
static bool take_fds(struct vu_message *message, struct msghdr *msg)
{
	/* The kernel itself closed what did not fit the buffer. */
	bool fits = !(msg->msg_flags & MSG_CTRUNC);
	struct cmsghdr *control;

	for (control = CMSG_FIRSTHDR(msg); control; control = CMSG_NXTHDR(msg, control)) {
		size_t count;

		if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
			continue;
		count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(control) + i * sizeof(int), sizeof(fd));
			if (!keep_fd(message, fd)) {
				close(fd);
				fits = false;
			}
		}
	}
	return fits;
}

/* Receive until `in` holds `wanted` bytes: 1 when it does, 0 when the socket is empty before. */
static int receive_up_to(struct vu_connection *connection, size_t wanted)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(VU_MAX_FDS * sizeof(int))];
	} control;

	while (connection->received < wanted) {
		struct iovec iov = { .iov_base = connection->in + connection->received,
				     .iov_len = wanted - connection->received };
		struct msghdr msg = { .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = control.bytes,
				      .msg_controllen = sizeof(control.bytes) };
		ssize_t n = recvmsg(connection->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
		if (!take_fds(&connection->message, &msg))
			return broken(connection, "a message with too many file descriptors");
		if (n == 0 && connection->received == 0)
			return -ENOTCONN;
		if (n == 0)
			return broken(connection, "the connection ended inside a message");
		connection->received += (size_t)n;
	}
	return 1;
}

int vu_connection_receive(struct vu_connection *connection)
{
	struct vu_message *message = &connection->message;
	int ret;

	connection->fault = NULL;
	if (connection->received < sizeof(struct vu_header)) {
		ret = receive_up_to(connection, sizeof(struct vu_header));
		if (ret <= 0)
			return ret;
		memcpy(&message->header, connection->in, sizeof(message->header));
		if (message->header.size < sizeof(struct vu_header))
			return broken(connection, "a message shorter than its header");
		if (message->header.size > BUFFER_SIZE)
			return broken(connection, "a message longer than the agreed limit");
		message->payload = connection->in + sizeof(struct vu_header);
		message->length = message->header.size - sizeof(struct vu_header);
	}
	return receive_up_to(connection, message->header.size);
}

/* Wait until the socket takes more. */
static int wait_writable(struct vu_connection *connection)
{
	struct pollfd fds[2] = { { .fd = connection->fd, .events = POLLOUT },
				 { .fd = connection->stop_fd, .events = POLLIN } };
	int ret = poll(fds, 2, VU_SEND_TIMEOUT_MS);

	if (ret < 0)
		return errno == EINTR ? 0 : -errno;
	if (ret == 0) {
		connection->fault = "the client does not read its replies";
		return -ETIMEDOUT;
	}
	return fds[1].revents ? -ECANCELED : 0;
}

/* One sendmsg(), with the descriptor. Returns the bytes sent. */
static ssize_t send_with_fd(struct vu_connection *connection, size_t size, int fd)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { .iov_base = connection->out, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(connection->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int vu_connection_send(struct vu_connection *connection, const struct vu_header *header,
		       size_t length, int fd)
{
	struct vu_header complete = *header;
	size_t size = sizeof(complete) + length, sent = 0;

	connection->fault = NULL;
	complete.size = (uint32_t)size;
	memcpy(connection->out, &complete, sizeof(complete));
	while (sent < size) {
		ssize_t n;

		/* The descriptor goes with the first byte, where the client looks for it. */
		if (fd >= 0 && sent == 0)
			n = send_with_fd(connection, size, fd);
		else
			n = send(connection->fd, connection->out + sent, size - sent,
				 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n >= 0) {
			sent += (size_t)n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			int ret = wait_writable(connection);

			if (ret)
				return ret;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}
