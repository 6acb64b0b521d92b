// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gpusim/socket.h"
#include "guard.h"
#include "server.h"
#include "session.h"

/* For a client to say its version: one that never does must not keep the others out. */
#define VERSION_TIMEOUT_MS 10000
#define BACKLOG		   4
/* Whom the directory and the umask let in. */
#define SOCKET_MODE 0777

enum {
	POLL_STOP,
	POLL_LISTEN,
	POLL_CLIENT,
	POLL_COUNT
};

struct vu_server {
	const struct vu_log *log;
	struct vu_irq irq;
	struct vu_session session;
	bool busy; /* session is a client's; other threads may look */
	int64_t due; /* ms: when a client that has not said its version is dropped */
	struct listener listener;
};

int vu_server_new(const struct vu_log *log, struct vu_server **out)
{
	struct vu_server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	server->log = log;
	server->listener.fd = -1;
	vu_irq_init(&server->irq);
	vu_guard_install();
	*out = server;
	return 0;
}

void vu_server_free(struct vu_server *server)
{
	if (!server)
		return;
	listener_close(&server->listener);
	vu_irq_destroy(&server->irq);
	free(server);
}

void vu_server_interrupt(struct vu_server *server)
{
	vu_irq_raise(&server->irq);
}

int vu_server_listen(struct vu_server *server, const char *path)
{
	return listener_open(&server->listener, path, SOCKET_MODE, BACKLOG);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set_busy(struct vu_server *server, bool busy)
{
	__atomic_store_n(&server->busy, busy, __ATOMIC_RELAXED);
}

bool vu_server_has_client(const struct vu_server *server)
{
	return __atomic_load_n(&server->busy, __ATOMIC_RELAXED);
}

static void end_session(struct vu_server *server)
{
	vu_session_close(&server->session);
	set_busy(server, false);
}

/* Returns 0 unless accepting can't work any more. */
static int accept_client(struct vu_server *server, int stop_fd)
{
	int fd = listener_accept(&server->listener);
	int ret;

	if (fd < 0)
		return fd == -EAGAIN ? 0 : fd;
	if (server->busy) {
		vu_logf(server->log, GPU_LOG_WARNING,
			"a second client was turned away: the GPU is in use");
		close(fd);
		return 0;
	}
	ret = vu_session_open(&server->session, fd, stop_fd);
	if (ret) {
		vu_logf(server->log, GPU_LOG_ERROR, "can't serve a client: %s", strerror(-ret));
		return 0;
	}
	set_busy(server, true);
	server->due = now_ms() + VERSION_TIMEOUT_MS;
	return 0;
}

/* Milliseconds to poll: without end, but for a client that owes its version. */
static int poll_timeout(struct vu_server *server)
{
	int64_t left;

	if (!server->busy || server->session.negotiated)
		return -1;
	left = server->due - now_ms();
	if (left > 0)
		return (int)left;
	vu_logf(server->log, GPU_LOG_ERROR, "client dropped: it does not say its version");
	end_session(server);
	return -1;
}

int vu_server_run(struct vu_server *server, struct gpu *gpu, int stop_fd)
{
	/* The client stands behind the listening socket, which poll() asks first: a newcomer who
	 * saw the last client leave finds that seen here as well. */
	struct pollfd fds[POLL_COUNT] = { [POLL_STOP] = { .fd = stop_fd, .events = POLLIN },
					  [POLL_LISTEN] = { .events = POLLIN },
					  [POLL_CLIENT] = { .events = POLLIN } };
	int ret = 0;

	server->session.gpu = gpu;
	server->session.log = server->log;
	server->session.irq = &server->irq;
	fds[POLL_LISTEN].fd = server->listener.fd;
	while (!ret) {
		int timeout = poll_timeout(server);

		fds[POLL_CLIENT].fd = server->busy ? server->session.connection.fd : -1;
		if (poll(fds, POLL_COUNT, timeout) < 0) {
			if (errno != EINTR)
				ret = -errno;
			continue;
		}
		if (fds[POLL_STOP].revents)
			break;
		if (fds[POLL_CLIENT].revents && vu_session_serve(&server->session))
			end_session(server);
		else if (fds[POLL_LISTEN].revents && !(fds[POLL_CLIENT].revents & POLLHUP))
			ret = accept_client(server, stop_fd);
	}
	if (server->busy)
		end_session(server);
	return ret;
}
