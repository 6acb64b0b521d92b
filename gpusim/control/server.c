// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "gpusim/socket.h"

#define BACKLOG 16
/* A command can write files as this program's user does: it is that user's alone. */
#define SOCKET_MODE 0600

enum {
	POLL_STOP,
	POLL_LISTEN,
	POLL_CLIENTS,
	POLL_COUNT = POLL_CLIENTS + CONTROL_MAX_CLIENTS
};

struct control {
	const struct control_config *config;
	struct listener listener;
	int stop_fd;
	pthread_t thread;
	struct client clients[CONTROL_MAX_CLIENTS];
};

static struct client *free_client(struct control *control)
{
	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		if (control->clients[i].fd < 0)
			return &control->clients[i];
	}
	return NULL;
}

static void turn_away(int fd)
{
	static const char why[] =
		"error: too many clients are connected: try again when one of them has left\n";

	/* Whoever does not read it learns the same from the end of the connection. */
	(void)!send(fd, why, strlen(why), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

/* False: accepting does not work any more. */
static bool accept_client(struct control *control)
{
	struct client *client = free_client(control);
	int fd = listener_accept(&control->listener);

	if (fd < 0)
		return fd == -EAGAIN;
	if (client)
		client_open(client, fd);
	else
		turn_away(fd);
	return true;
}

/* Milliseconds until the first client is late with reading; -1 where none owes that. */
static int poll_timeout(const struct control *control)
{
	int64_t first = INT64_MAX, now = client_now();

	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		const struct client *client = &control->clients[i];

		if (client->fd >= 0 && client_is_owed(client) && client->due < first)
			first = client->due;
	}
	if (first == INT64_MAX)
		return -1;
	return first > now ? (int)(first - now) : 0;
}

static void serve_clients(struct control *control, const struct pollfd *fds)
{
	int64_t now = client_now();

	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		struct client *client = &control->clients[i];

		if (client->fd < 0)
			continue;
		if (fds[i].revents ? !client_serve(client, control->config) :
				     client_is_owed(client) && client->due <= now)
			client_close(client);
	}
}

static void *serve(void *opaque)
{
	struct control *control = opaque;
	struct pollfd fds[POLL_COUNT] = {
		[POLL_STOP] = { .fd = control->stop_fd, .events = POLLIN },
		[POLL_LISTEN] = { .fd = control->listener.fd, .events = POLLIN },
	};

	for (;;) {
		for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
			struct client *client = &control->clients[i];

			fds[POLL_CLIENTS + i] = (struct pollfd){ .fd = client->fd };
			if (client->fd >= 0)
				fds[POLL_CLIENTS + i].events = client_events(client);
		}
		if (poll(fds, POLL_COUNT, poll_timeout(control)) < 0 && errno != EINTR)
			return NULL;
		if (fds[POLL_STOP].revents)
			return NULL;
		serve_clients(control, fds + POLL_CLIENTS);
		if (fds[POLL_LISTEN].revents && !accept_client(control))
			fds[POLL_LISTEN].fd = -1;
	}
}

static int start(struct control *control)
{
	int ret;

	control->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (control->stop_fd < 0)
		return -errno;
	ret = listener_open(&control->listener, control->config->path, SOCKET_MODE, BACKLOG);
	if (!ret) {
		ret = -pthread_create(&control->thread, NULL, serve, control);
		if (!ret)
			return 0;
		listener_close(&control->listener);
	}
	close(control->stop_fd);
	return ret;
}

int control_start(const struct control_config *config, struct control **out)
{
	struct control *control = calloc(1, sizeof(*control));
	int ret;

	if (!control)
		return -ENOMEM;
	control->config = config;
	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++)
		control->clients[i].fd = -1;
	ret = start(control);
	if (ret) {
		free(control);
		return ret;
	}
	*out = control;
	return 0;
}

void control_stop(struct control *control)
{
	static const uint64_t one = 1;

	if (!control)
		return;
	while (write(control->stop_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(control->thread, NULL);
	for (unsigned int i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		if (control->clients[i].fd >= 0)
			client_close(&control->clients[i]);
	}
	listener_close(&control->listener);
	close(control->stop_fd);
	free(control);
}
