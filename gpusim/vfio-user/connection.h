/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.h - one client's socket: whole messages in, whole messages out, and their descriptors
 *
 * Knows the header and nothing of what follows it. One receive brings what the socket has, many
 * small messages where a guest writes faster than it is served. The kernel ties descriptors to
 * bytes: a receive ends behind the first piece that has some, so they belong to the last message
 * that the receive brought anything of. All buffers are made once, at open; their size bounds every
 * message.
 */
#ifndef GPUSIM_VFIO_USER_CONNECTION_H
#define GPUSIM_VFIO_USER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol.h"

/* What this server tells its clients to keep to. */
#define VU_MAX_FDS	   8u
#define VU_MAX_DATA	   (1u << 20)
#define VU_MAX_PAYLOAD	   (sizeof(struct vu_region_access) + VU_MAX_DATA)
#define VU_SEND_TIMEOUT_MS 10000

struct vu_message {
	struct vu_header header;
	const void *payload; /* aligned for every structure of protocol.h */
	size_t length; /* of the payload, at most VU_MAX_PAYLOAD */
	int fds[VU_MAX_FDS]; /* whoever keeps one puts -1 in its place */
	unsigned int fd_count;
};

/* Descriptors on their way from the socket to their message. */
struct vu_fds {
	int fds[VU_MAX_FDS];
	unsigned int count;
};

#define VU_AHEAD_SIZE 16384u

struct vu_connection {
	int fd;
	int stop_fd; /* readable: give up waiting */
	struct vu_message message;
	unsigned char *in; /* header and payload */
	unsigned char *out; /* header and payload */
	size_t received; /* bytes in `in` */
	unsigned char *ahead; /* received, and not yet in `in`: [ahead_from, ahead_to) */
	size_t ahead_from, ahead_to;
	struct vu_fds ahead_fds;
	/* Why the last call failed, for a person; NULL: the error code says it. */
	const char *fault;
};

/*
 * Take over `fd`, a connected stream socket. `stop_fd` stays the caller's.
 * Returns 0, or a negative errno with `fd` closed.
 */
int vu_connection_open(struct vu_connection *connection, int fd, int stop_fd);

/* Close the socket and every descriptor not yet taken out of a message. */
void vu_connection_close(struct vu_connection *connection);

/*
 * Receive without waiting. Returns 1: connection->message is whole (valid until
 * vu_connection_release()); 0: more must come; -ENOTCONN: the client has left between messages;
 * -EPROTO: what came is no vfio-user message; another negative errno from the socket. After a
 * negative result only vu_connection_close() may follow.
 */
int vu_connection_receive(struct vu_connection *connection);

/*
 * The same from what has been received already: the socket is not asked, and 0 means that the rest
 * must come from there.
 */
int vu_connection_next(struct vu_connection *connection);

/* Done with connection->message: close the descriptors still in it. */
void vu_connection_release(struct vu_connection *connection);

/* Where a reply's payload of up to VU_MAX_PAYLOAD bytes is to be put. */
static inline void *vu_connection_payload(struct vu_connection *connection)
{
	return connection->out + sizeof(struct vu_header);
}

/*
 * Send a message: the header with its size filled in, then `length` bytes of the payload, and `fd`
 * unless negative. Waits VU_SEND_TIMEOUT_MS at most for a client that does not read.
 * Returns 0, -ETIMEDOUT, -ECANCELED (stop_fd became readable) or the socket's negative errno.
 */
int vu_connection_send(struct vu_connection *connection, const struct vu_header *header,
		       size_t length, int fd);

#endif
