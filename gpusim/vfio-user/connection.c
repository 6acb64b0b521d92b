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
	connection->ahead = malloc(VU_AHEAD_SIZE);
	if (connection->in && connection->out && connection->ahead)
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
	for (unsigned int i = 0; i < connection->ahead_fds.count; i++)
		close(connection->ahead_fds.fds[i]);
	close(connection->fd);
	free(connection->in);
	free(connection->out);
	free(connection->ahead);
	*connection = (struct vu_connection){ .fd = -1 };
}

static int broken(struct vu_connection *connection, const char *fault)
{
	connection->fault = fault;
	return -EPROTO;
}

static bool keep_fd(struct vu_fds *fds, int fd)
{
	if (fds->count == VU_MAX_FDS)
		return false;
	fds->fds[fds->count++] = fd;
	return true;
}

/* Every descriptor that came is either kept or closed here. */
static bool take_fds(struct vu_fds *fds, struct msghdr *msg)
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
			if (!keep_fd(fds, fd)) {
				close(fd);
				fits = false;
			}
		}
	}
	return fits;
}

/* The message at hand has the last byte that these came with. False: it has too many then. */
static bool give_fds(struct vu_connection *connection)
{
	struct vu_message *message = &connection->message;
	struct vu_fds *fds = &connection->ahead_fds;
	bool fits = true;

	for (unsigned int i = 0; i < fds->count; i++) {
		if (message->fd_count < VU_MAX_FDS) {
			message->fds[message->fd_count++] = fds->fds[i];
		} else {
			close(fds->fds[i]);
			fits = false;
		}
	}
	fds->count = 0;
	return fits;
}

/*
 * One receive of up to `length` bytes. Returns how many came, 0 when the socket is empty, or a
 * negative errno.
 */
static ssize_t receive(struct vu_connection *connection, void *bytes, size_t length)
{
	union {
		struct cmsghdr align;
		unsigned char bytes[CMSG_SPACE(VU_MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = bytes, .iov_len = length };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	do
		n = recvmsg(connection->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
	if (!take_fds(&connection->ahead_fds, &msg))
		return broken(connection, "a message with too many file descriptors");
	if (n == 0 && connection->received == 0)
		return -ENOTCONN;
	return n ? n : broken(connection, "the connection ended inside a message");
}

/*
 * Bring more for `in`, which lacks `missing` bytes: into it where they are many, else ahead of it,
 * with whatever else is there.
 */
static ssize_t receive_more(struct vu_connection *connection, size_t missing)
{
	ssize_t n;

	if (missing >= VU_AHEAD_SIZE) {
		n = receive(connection, connection->in + connection->received, missing);
		if (n > 0)
			connection->received += (size_t)n;
	} else {
		n = receive(connection, connection->ahead, VU_AHEAD_SIZE);
		connection->ahead_from = 0;
		connection->ahead_to = n > 0 ? (size_t)n : 0;
	}
	return n;
}

static void take_ahead(struct vu_connection *connection, size_t missing)
{
	size_t there = connection->ahead_to - connection->ahead_from;
	size_t length = missing < there ? missing : there;

	memcpy(connection->in + connection->received, connection->ahead + connection->ahead_from,
	       length);
	connection->received += length;
	connection->ahead_from += length;
}

/* Until `in` holds `wanted` bytes: 1 when it does, 0 when no more are to be had now. */
static int receive_up_to(struct vu_connection *connection, size_t wanted, bool from_socket)
{
	while (connection->received < wanted) {
		size_t missing = wanted - connection->received;

		if (connection->ahead_from < connection->ahead_to) {
			take_ahead(connection, missing);
		} else {
			ssize_t n = from_socket ? receive_more(connection, missing) : 0;

			if (n <= 0)
				return (int)n;
		}
		if (connection->ahead_from == connection->ahead_to && !give_fds(connection))
			return broken(connection, "a message with too many file descriptors");
	}
	return 1;
}

static int receive_message(struct vu_connection *connection, bool from_socket)
{
	struct vu_message *message = &connection->message;
	int ret;

	connection->fault = NULL;
	if (connection->received < sizeof(struct vu_header)) {
		ret = receive_up_to(connection, sizeof(struct vu_header), from_socket);
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
	return receive_up_to(connection, message->header.size, from_socket);
}

int vu_connection_receive(struct vu_connection *connection)
{
	return receive_message(connection, true);
}

int vu_connection_next(struct vu_connection *connection)
{
	return receive_message(connection, false);
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
