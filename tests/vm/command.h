/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command that the agent runs for its client: start it with pipes or a pseudo-terminal, feed it, end it.
 *
 * Knows processes and descriptors, not who talks to the agent or how.
 */
#ifndef GVT_VM_COMMAND_H
#define GVT_VM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire.h"

struct command {
	pid_t pid;		/* 0: no command */
	int in;			/* the agent's ends, -1 when closed */
	int out;
	int err;
	bool pty;
	bool input_ended;
	size_t input_length;
	uint8_t input[WIRE_STDIN_WINDOW];
};

/**
 * Start what a WIRE_EXEC frame asks for.
 * Returns 0, or a negative errno (-EPROTO: the frame makes no sense), with nothing left behind.
 */
int command_start(struct command *c, const uint8_t *payload, size_t length);

/** Take input for the command. Returns false if the client has sent more than its window. */
bool command_add_input(struct command *c, const uint8_t *data, size_t length);

/** Pass input on, as far as the command takes it. Returns how many bytes of the window are free again. */
size_t command_feed(struct command *c);

/** Wake the command with a signal, and all that it has started. */
void command_signal(struct command *c, int signal);

void command_set_size(struct command *c, const struct wire_winsize *size);

/** Close the agent's ends and forget the command, whether it has ended or not. */
void command_forget(struct command *c);

#endif
