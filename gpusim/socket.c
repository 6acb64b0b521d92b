// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket.h"

static int set_address(struct sockaddr_un *address, const char *path)
{
	size_t length = strlen(path);

	if (length >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path, length + 1);
	return 0;
}

static int connect_to(const struct sockaddr_un *address, int flags)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	int ret;

	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int socket_connect(const char *path)
{
	struct sockaddr_un address;
	int ret = set_address(&address, path);

	return ret ? ret : connect_to(&address, 0);
}

/* Does somebody listen there? Returns 0 where a socket file without a server was removed. */
static int remove_stale_socket(const struct sockaddr_un *address)
{
	struct stat st;
	int fd;

	if (lstat(address->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = connect_to(address, SOCK_NONBLOCK);
	if (fd >= 0)
		close(fd);
	/* EAGAIN: a full queue, so there is somebody who has a queue. */
	if (fd >= 0 || fd == -EAGAIN)
		return -EADDRINUSE;
	if (fd != -ECONNREFUSED)
		return fd;
	return unlink(address->sun_path) && errno != ENOENT ? -errno : 0;
}

static int bind_and_listen(struct listener *listener, int fd, int backlog)
{
	const struct sockaddr_un *address = &listener->address;
	int ret;

	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		return -errno;
	if (!lstat(address->sun_path, &listener->made) && !listen(fd, backlog))
		return 0;
	ret = -errno;
	unlink(address->sun_path);
	return ret;
}

int listener_open(struct listener *listener, const char *path, mode_t mode, int backlog)
{
	int fd, ret;

	listener->fd = -1;
	ret = set_address(&listener->address, path);
	if (!ret)
		ret = remove_stale_socket(&listener->address);
	if (ret)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Before bind(), which makes the file with the socket's own mode: never open for a moment.
	 */
	if (fchmod(fd, mode))
		ret = -errno;
	else
		ret = bind_and_listen(listener, fd, backlog);
	if (ret) {
		close(fd);
		return ret;
	}
	listener->fd = fd;
	return 0;
}

void listener_close(struct listener *listener)
{
	struct stat st;

	if (listener->fd < 0)
		return;
	if (!lstat(listener->address.sun_path, &st) && st.st_dev == listener->made.st_dev &&
	    st.st_ino == listener->made.st_ino)
		unlink(listener->address.sun_path);
	close(listener->fd);
	listener->fd = -1;
}

int listener_accept(struct listener *listener)
{
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		return fd;
	return errno == EWOULDBLOCK || errno == EINTR || errno == ECONNABORTED ? -EAGAIN : -errno;
}
