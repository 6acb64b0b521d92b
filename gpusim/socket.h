/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * socket.h - a unix socket at a path: made, found stale and replaced, removed at the end
 *
 * For everything of gvt-gpusim that listens. Knows nothing of what is spoken there.
 */
#ifndef GPUSIM_SOCKET_H
#define GPUSIM_SOCKET_H

#include <sys/stat.h>
#include <sys/un.h>

struct listener {
	int fd; /* non-blocking; -1: closed */
	struct sockaddr_un address;
	struct stat made; /* what was made at the address */
};

/*
 * Make a stream socket at `path` with the permissions `mode` (the umask takes bits away) and
 * listen. A socket that nobody listens to any more is replaced.
 * Returns 0, -ENAMETOOLONG, -EADDRINUSE (someone listens there), -EEXIST (something else than a
 * socket is there), or another negative errno; nothing is left behind then.
 */
int listener_open(struct listener *listener, const char *path, mode_t mode, int backlog);

/* Close it, and remove the socket if what is at the path is still the one that was made. */
void listener_close(struct listener *listener);

/*
 * The next client's socket, blocking; -EAGAIN where there is none, or the one that was announced
 * has left again. Another negative errno: accepting does not work.
 */
int listener_accept(struct listener *listener);

/* Connect to the socket at `path`: a descriptor that blocks, or a negative errno. */
int socket_connect(const char *path);

#endif
