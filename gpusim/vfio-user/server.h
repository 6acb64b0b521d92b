/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - a simulated GPU on a vfio-user socket
 *
 * All that a program needs: make the server, make the GPU with vu_server_interrupt() as its
 * interrupt line, listen, run. One client at a time: another that connects meanwhile is let go at
 * once, and finds the GPU free, in its power-on state, as soon as the first has left.
 */
#ifndef GPUSIM_VFIO_USER_SERVER_H
#define GPUSIM_VFIO_USER_SERVER_H

#include <stdbool.h>

#include "gpusim/gpu/gpu.h"
#include "log.h"

struct vu_server;

/*
 * `log` stays the caller's, for as long as the server lives. Catches SIGBUS (guard.h). Returns 0 or
 * -ENOMEM.
 */
int vu_server_new(const struct vu_log *log, struct vu_server **out);

/* Remove the socket, if what is there is still this server's, and free all. NULL is fine. */
void vu_server_free(struct vu_server *server);

/* For struct gpu_host_ops.interrupt: deliver an MSI to the client. From any thread; never waits. */
void vu_server_interrupt(struct vu_server *server);

/* Is a client connected? From any thread. */
bool vu_server_has_client(const struct vu_server *server);

/*
 * Make the socket at `path`. A socket that nobody listens to any more is replaced.
 * Returns 0, -ENAMETOOLONG, -EADDRINUSE (someone listens there), -EEXIST (something else than a
 * socket is there), or another negative errno; nothing is left behind then.
 */
int vu_server_listen(struct vu_server *server, const char *path);

/*
 * Serve `gpu`, one client after another, until `stop_fd` is readable.
 * Returns 0 then, or a negative errno if the server itself can't go on.
 */
int vu_server_run(struct vu_server *server, struct gpu *gpu, int stop_fd);

#endif
