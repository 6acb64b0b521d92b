// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The four bytes of SLIP (RFC 1055). */
#define SLIP_END 0xc0
#define SLIP_ESC 0xdb
#define SLIP_ESC_END 0xdc
#define SLIP_ESC_ESC 0xdd

#define CONGESTED_AT (2 * WIRE_PAYLOAD_MAX)

/* A frame's length tells one that was cut off by a client's death from a whole one. */
struct header {
	uint8_t type;
	uint32_t session;
	uint32_t length;
} __attribute__((packed));

struct wire {
	int fd;

	uint8_t in[sizeof(struct header) + WIRE_PAYLOAD_MAX];
	size_t in_length;
	bool in_escape;
	bool in_damaged;

	uint8_t *out;
	size_t out_start;
	size_t out_end;
	size_t out_size;
};

struct wire *wire_new(int fd)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (w)
		w->fd = fd;
	return w;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	free(w->out);
	free(w);
}

static void finish_frame(struct wire *w, wire_handler handler, void *data)
{
	struct header header;
	struct wire_frame frame;
	bool whole = !w->in_damaged && !w->in_escape && w->in_length >= sizeof(header);

	if (whole) {
		memcpy(&header, w->in, sizeof(header));
		whole = header.length == w->in_length - sizeof(header);
	}
	w->in_length = 0;
	w->in_escape = false;
	w->in_damaged = false;
	if (!whole)
		return;
	frame.type = header.type;
	frame.session = header.session;
	frame.payload = w->in + sizeof(header);
	frame.length = header.length;
	handler(&frame, data);
}

static void take_byte(struct wire *w, uint8_t byte)
{
	if (w->in_escape) {
		w->in_escape = false;
		if (byte == SLIP_ESC_END)
			byte = SLIP_END;
		else if (byte == SLIP_ESC_ESC)
			byte = SLIP_ESC;
		else
			w->in_damaged = true;
	} else if (byte == SLIP_ESC) {
		w->in_escape = true;
		return;
	}
	if (w->in_length == sizeof(w->in))
		w->in_damaged = true;
	else
		w->in[w->in_length++] = byte;
}

int wire_read(struct wire *w, wire_handler handler, void *data)
{
	uint8_t chunk[16384];
	ssize_t got;

	for (;;) {
		got = read(w->fd, chunk, sizeof(chunk));
		if (got == 0)
			return 0;
		if (got < 0) {
			if (errno == EINTR)
				continue;
			if (errno == EAGAIN)
				return 1;
			return -errno;
		}
		for (ssize_t i = 0; i < got; i++) {
			if (chunk[i] == SLIP_END)
				finish_frame(w, handler, data);
			else
				take_byte(w, chunk[i]);
		}
	}
}

static int make_room(struct wire *w, size_t more)
{
	size_t queued = w->out_end - w->out_start;
	size_t size = w->out_size;
	uint8_t *grown;

	if (w->out_start) {
		memmove(w->out, w->out + w->out_start, queued);
		w->out_start = 0;
		w->out_end = queued;
	}
	if (more <= size - queued)
		return 0;
	while (size - queued < more)
		size = size ? size * 2 : 65536;
	grown = realloc(w->out, size);
	if (!grown)
		return -ENOMEM;
	w->out = grown;
	w->out_size = size;
	return 0;
}

static void put_escaped(struct wire *w, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	for (size_t i = 0; i < length; i++) {
		if (from[i] != SLIP_END && from[i] != SLIP_ESC) {
			w->out[w->out_end++] = from[i];
			continue;
		}
		w->out[w->out_end++] = SLIP_ESC;
		w->out[w->out_end++] = from[i] == SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
	}
}

int wire_send(struct wire *w, enum wire_type type, uint32_t session, const void *payload,
	      size_t length)
{
	struct header header = { .type = type, .session = session, .length = length };
	int err;

	if (length > WIRE_PAYLOAD_MAX)
		return -EMSGSIZE;
	err = make_room(w, 2 + 2 * (sizeof(header) + length));
	if (err)
		return err;
	/* The first END makes the other side drop what a dead predecessor has begun. */
	w->out[w->out_end++] = SLIP_END;
	put_escaped(w, &header, sizeof(header));
	put_escaped(w, payload, length);
	w->out[w->out_end++] = SLIP_END;
	return wire_flush(w);
}

int wire_flush(struct wire *w)
{
	ssize_t done;

	while (w->out_start < w->out_end) {
		done = write(w->fd, w->out + w->out_start, w->out_end - w->out_start);
		if (done < 0) {
			if (errno == EINTR)
				continue;
			return errno == EAGAIN ? 0 : -errno;
		}
		w->out_start += done;
	}
	w->out_start = 0;
	w->out_end = 0;
	return 0;
}

void wire_drop_queue(struct wire *w)
{
	w->out_start = 0;
	w->out_end = 0;
}

bool wire_has_queue(const struct wire *w)
{
	return w->out_start < w->out_end;
}

bool wire_is_congested(const struct wire *w)
{
	return w->out_end - w->out_start > CONGESTED_AT;
}
