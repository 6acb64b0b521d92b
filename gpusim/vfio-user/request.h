/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.h - what a handler of one command gets and gives
 *
 * A handler reads request->message, writes its reply's payload into request->reply and returns 0,
 * or a negative errno that becomes the error reply. It may take descriptors out of the message by
 * putting -1 in their place; all others are closed after it. Payloads are at least as long as the
 * session's table of commands says. `why` goes to the log; an error without it does not.
 */
#ifndef GPUSIM_VFIO_USER_REQUEST_H
#define GPUSIM_VFIO_USER_REQUEST_H

#include "connection.h"

struct vu_request {
	struct vu_message *message;
	void *reply; /* room for VU_MAX_PAYLOAD bytes */
	size_t reply_length; /* 0 before the handler */
	int reply_fd; /* -1 before the handler; not closed after it */
	uint32_t max_reply; /* bytes of data that the client takes in one message */
	bool client_takes_fd; /* the client accepts a descriptor with a reply */
	const char *why;
};

/* Refuse with a reason for the log. */
static inline int vu_refuse(struct vu_request *request, int error, const char *why)
{
	request->why = why;
	return error;
}

#endif
