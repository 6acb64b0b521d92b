// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "guard.h"
#include "server.h"
#include "session.h"

/* For a client to say its version: one that never does must not keep the others out. */
#define VERSION_TIMEOUT_MS 10000
#define BACKLOG		   4

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
	bool busy; /* session is a client's */
	int64_t due; /* ms: when a client that has not said its version is dropped */
	int listen_fd;
	struct sockaddr_un address;
	struct stat socket; /* what was made at the address */
};

int vu_server_new(const struct vu_log *log, struct vu_server **out)
{
	struct vu_server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	server->log = log;
	server->listen_fd = -1;
	vu_irq_init(&server->irq);
	vu_guard_install();
	*out = server;
	return 0;
}

static void remove_socket(struct vu_server *server)
{
	struct stat st;

	if (!lstat(server->address.sun_path, &st) && st.st_dev == server->socket.st_dev &&
	    st.st_ino == server->socket.st_ino)
		unlink(server->address.sun_path);
}

void vu_server_free(struct vu_server *server)
{
	if (!server)
		return;
	if (server->listen_fd >= 0) {
		remove_socket(server);
		close(server->listen_fd);
	}
	vu_irq_destroy(&server->irq);
	free(server);
}

void vu_server_interrupt(struct vu_server *server)
{
	vu_irq_raise(&server->irq);
}

/* Does somebody listen there? Returns 0 where a socket file without a server was removed. */
static int remove_stale_socket(const struct sockaddr_un *address)
{
	struct stat st;
	int fd, ret;

	if (lstat(address->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ret = connect(fd, (const struct sockaddr *)address, sizeof(*address)) ? -errno : 0;
	close(fd);
	/* EAGAIN: a full queue, so there is somebody who has a queue. */
	if (ret == 0 || ret == -EAGAIN)
		return -EADDRINUSE;
	if (ret != -ECONNREFUSED)
		return ret;
	return unlink(address->sun_path) && errno != ENOENT ? -errno : 0;
}

static int bind_and_listen(struct vu_server *server, int fd)
{
	const struct sockaddr_un *address = &server->address;
	int ret;

	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		return -errno;
	if (!lstat(address->sun_path, &server->socket) && !listen(fd, BACKLOG))
		return 0;
	ret = -errno;
	unlink(address->sun_path);
	return ret;
}

int vu_server_listen(struct vu_server *server, const char *path)
{
	size_t length = strlen(path);
	int fd, ret;

	if (length >= sizeof(server->address.sun_path))
		return -ENAMETOOLONG;
	server->address.sun_family = AF_UNIX;
	memcpy(server->address.sun_path, path, length + 1);
	ret = remove_stale_socket(&server->address);
	if (ret)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ret = bind_and_listen(server, fd);
	if (ret) {
		close(fd);
		return ret;
	}
	server->listen_fd = fd;
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void end_session(struct vu_server *server)
{
	vu_session_close(&server->session);
	server->busy = false;
}

/* Returns 0 unless accepting can't work any more. */
static int accept_client(struct vu_server *server, int stop_fd)
{
	int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	int ret;

	if (fd < 0) {
		/* The client that was announced may have left again. */
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ||
		    errno == ECONNABORTED)
			return 0;
		return -errno;
	}
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
	server->busy = true;
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
	fds[POLL_LISTEN].fd = server->listen_fd;
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
