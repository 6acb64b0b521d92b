/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - one client, from its first message to its end
 *
 * Holds the table of commands and what a client sets up: negotiated limits, memory, interrupt. At
 * the end of a session the GPU is as after power-on and nothing of the client's is left. One
 * session at a time uses a GPU; the server sees to that.
 */
#ifndef GPUSIM_VFIO_USER_SESSION_H
#define GPUSIM_VFIO_USER_SESSION_H

#include "dma.h"
#include "irq.h"
#include "log.h"
#include "version.h"

struct vu_session {
	struct gpu *gpu;
	const struct vu_log *log;
	struct vu_irq *irq;
	struct vu_connection connection;
	struct vu_dma dma;
	struct vu_peer peer;
	bool negotiated;
	unsigned int complaints; /* refused requests logged */
};

/* Take over the connected socket `fd`. Returns 0, or a negative errno with `fd` closed. */
int vu_session_open(struct vu_session *session, int fd, int stop_fd);

/*
 * The socket is readable: receive, and answer the messages that are whole.
 * Returns 0, or a negative value when the session is over; the log says why.
 */
int vu_session_serve(struct vu_session *session);

/* Engines stopped, memory unmapped, interrupt dropped, socket closed. */
void vu_session_close(struct vu_session *session);

#endif
