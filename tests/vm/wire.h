/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The framed protocol between vmsh (outside of a VM) and vm-agent (inside of it).
 *
 * It runs over a byte stream that outlives both ends: a virtio-serial port stays open while clients come, go and die
 * in the middle of a frame, and while the VM reboots. Therefore frames are delimited the way SLIP does it, so that
 * either end finds the next frame whatever stands before it, and each frame names the session it belongs to.
 *
 * This part knows framing and buffering only: nothing of commands, terminals or VMs.
 */
#ifndef GVT_VM_WIRE_H
#define GVT_VM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest payload of one frame; bounds a command line as well. */
#define WIRE_PAYLOAD_MAX 65536

/* What the client may have sent of standard input before the agent has asked for more. */
#define WIRE_STDIN_WINDOW 65536

/* The session of what an agent says of its own accord. */
#define WIRE_SESSION_NONE 0

enum wire_type {
	WIRE_HELLO = 'H',	/* client: a session begins; agent: it is up, payload: boot id */
	WIRE_EXEC = 'X',	/* client: struct wire_exec, then strings */
	WIRE_STDIN = 'I',	/* client: data, none at the end of input */
	WIRE_STDIN_ROOM = 'R',	/* agent: u32, so many bytes more may be sent */
	WIRE_WINSIZE = 'W',	/* client: struct wire_winsize */
	WIRE_SIGNAL = 'K',	/* client: u32, for the command's process group */
	WIRE_STDOUT = 'O',	/* agent: data */
	WIRE_STDERR = 'E',	/* agent: data */
	WIRE_EXIT = 'Q',	/* agent: struct wire_exit, the last frame of a command */
};

struct wire_winsize {
	uint16_t rows;
	uint16_t columns;
} __attribute__((packed));

/* Followed by strings, each with its NUL: directory ("" for the agent's own), argc arguments, NAME=VALUE... */
struct wire_exec {
	uint8_t pty;
	struct wire_winsize size;
	uint16_t argc;
} __attribute__((packed));

enum wire_end {
	WIRE_END_EXITED,	/* value: exit status */
	WIRE_END_KILLED,	/* value: signal */
	WIRE_END_NOT_STARTED,	/* value: errno */
};

struct wire_exit {
	uint8_t end;
	uint32_t value;
} __attribute__((packed));

struct wire_frame {
	enum wire_type type;
	uint32_t session;
	const uint8_t *payload;
	size_t length;
};

struct wire;
typedef void (*wire_handler)(const struct wire_frame *frame, void *data);

/**
 * Frame what goes through a descriptor.
 * @fd: non-blocking, stays the caller's
 * Returns NULL if memory is short.
 */
struct wire *wire_new(int fd);
void wire_free(struct wire *w);

/**
 * Read until nothing is left for now and hand every whole frame to @handler. Damaged frames are dropped.
 * Returns 1 while the stream may go on, 0 at its end, or a negative errno.
 */
int wire_read(struct wire *w, wire_handler handler, void *data);

/**
 * Queue a frame and write what can be written.
 * @length: at most WIRE_PAYLOAD_MAX
 * Returns 0, or a negative errno when the stream is broken or memory is short.
 */
int wire_send(struct wire *w, enum wire_type type, uint32_t session, const void *payload,
	      size_t length);

/** Write what is queued, as far as it goes. Returns 0 or a negative errno. */
int wire_flush(struct wire *w);

/** Forget what is queued: nobody is there to read it. */
void wire_drop_queue(struct wire *w);

bool wire_has_queue(const struct wire *w);

/** Whether so much is queued that no more should be produced for now. */
bool wire_is_congested(const struct wire *w);

#endif
