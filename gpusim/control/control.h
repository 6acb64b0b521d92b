/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - commands for a GPU that runs, on a unix socket of their own
 *
 * A client sends a line, a verb and its arguments; the answer is any number of lines and then one
 * that is "ok", or "error: " with what is wrong and what to do. Words are separated by blanks; in
 * double quotes a blank belongs to the word, and a backslash takes the character behind it as it
 * is. The verbs are in verbs.c.
 *
 * Commands run in one thread, one at a time: whatever a client does, the GPU and its other server
 * go on. Knows gpu.h alone.
 */
#ifndef GPUSIM_CONTROL_H
#define GPUSIM_CONTROL_H

#include <stdbool.h>

#include "gpusim/gpu/gpu.h"

#define CONTROL_MAX_CLIENTS 8
#define CONTROL_MAX_LINE    4096 /* bytes, with the newline */
/* A client that does not read its answer for so long is let go. */
#define CONTROL_SEND_TIMEOUT_MS 10000

struct control_config {
	const char *path; /* of the socket */
	struct gpu *gpu;
	/* Is a machine connected to the GPU? From the control thread. */
	bool (*connected)(void *opaque);
	void *opaque;
};

struct control;

/*
 * Make the socket, for the user of this program alone, and answer there in a thread of its own. All
 * of *config must live until control_stop(). Returns 0, the errors of listener_open() (socket.h) or
 * another negative errno.
 */
int control_start(const struct control_config *config, struct control **out);

/* The command that runs is finished, clients are let go, the socket is removed. NULL is fine. */
void control_stop(struct control *control);

/*
 * The client's side: send the words up to NULL as one command to the socket at `path`, and print
 * the answer. What is wrong is said on standard error. Returns the exit status: 0, or 1 where the
 * command failed or nobody answers, or 2 for a command that can't be sent.
 */
int control_ask(const char *path, char **words);

#endif
