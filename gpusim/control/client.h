/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - one client of the control socket: lines in, answers out, never waiting
 *
 * While an answer is not read, no further command is taken: a client's buffers are all that it can
 * make grow.
 */
#ifndef GPUSIM_CONTROL_CLIENT_H
#define GPUSIM_CONTROL_CLIENT_H

#include <stdint.h>

#include "answer.h"
#include "control.h"

struct client {
	int fd; /* non-blocking; -1: none */
	bool last; /* nothing comes any more, or nothing is to be taken */
	size_t received;
	char in[CONTROL_MAX_LINE];
	size_t sent; /* of answer.text */
	int64_t due; /* ms of the monotonic clock: when the answer must be gone */
	struct answer answer;
};

/* Take over the connected socket `fd`. */
void client_open(struct client *client, int fd);
void client_close(struct client *client);

/* What poll() is to wait for. */
short client_events(const struct client *client);

/* Is there an answer that is not sent? */
bool client_is_owed(const struct client *client);

/* What was waited for is there: go on. False: the client is to be closed. */
bool client_serve(struct client *client, const struct control_config *config);

/* Milliseconds of the monotonic clock. */
int64_t client_now(void);

#endif
