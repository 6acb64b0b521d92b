// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "verbs.h"

int64_t client_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void client_open(struct client *client, int fd)
{
	client->fd = fd;
	client->last = false;
	client->received = 0;
	client->sent = 0;
	client->answer.length = 0;
}

void client_close(struct client *client)
{
	close(client->fd);
	client->fd = -1;
}

bool client_is_owed(const struct client *client)
{
	return client->sent < client->answer.length;
}

short client_events(const struct client *client)
{
	return client_is_owed(client) ? POLLOUT : POLLIN;
}

/* Send what the socket takes. False: the client is gone. */
static bool flush(struct client *client)
{
	const struct answer *answer = &client->answer;

	while (client_is_owed(client)) {
		ssize_t n = send(client->fd, answer->text + client->sent,
				 answer->length - client->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n >= 0)
			client->sent += (size_t)n;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
		else if (errno != EINTR)
			return false;
	}
	return true;
}

static void answer(struct client *client, const struct control_config *config, char *line,
		   size_t length)
{
	if (length && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	if (strlen(line) == length) {
		control_execute(config, line, &client->answer);
	} else {
		answer_begin(&client->answer);
		answer_error(&client->answer, "a NUL byte in a command: send text");
		answer_end(&client->answer);
	}
	client->sent = 0;
	client->due = client_now() + CONTROL_SEND_TIMEOUT_MS;
}

static void refuse_long_line(struct client *client)
{
	answer_begin(&client->answer);
	answer_error(&client->answer, "a command of more than %u bytes: shorten it",
		     CONTROL_MAX_LINE - 1);
	answer_end(&client->answer);
	client->sent = 0;
	client->due = client_now() + CONTROL_SEND_TIMEOUT_MS;
	/* Where the next command begins can't be told. */
	client->received = 0;
	client->last = true;
}

/* Run the commands that are there, as long as their answers go out. False: the client is gone. */
static bool run_lines(struct client *client, const struct control_config *config)
{
	char *end;

	while (!client_is_owed(client) && (end = memchr(client->in, '\n', client->received))) {
		size_t length = (size_t)(end - client->in);

		answer(client, config, client->in, length);
		client->received -= length + 1;
		memmove(client->in, end + 1, client->received);
		if (!flush(client))
			return false;
	}
	return true;
}

/* Receive what fits. False: the connection broke. */
static bool receive(struct client *client)
{
	/* One byte is kept for the newline that a last line may lack. */
	ssize_t n = recv(client->fd, client->in + client->received,
			 sizeof(client->in) - 1 - client->received, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	client->received += (size_t)n;
	if (n == 0) {
		client->last = true;
		if (client->received)
			client->in[client->received++] = '\n';
	}
	return true;
}

bool client_serve(struct client *client, const struct control_config *config)
{
	bool owed = client_is_owed(client);

	if (owed ? !flush(client) : !client->last && !receive(client))
		return false;
	if (!run_lines(client, config))
		return false;
	if (!client_is_owed(client) && !client->last &&
	    client->received == sizeof(client->in) - 1) {
		refuse_long_line(client);
		if (!flush(client))
			return false;
	}
	/* Lines that were received before the end are still answered, one answer at a time. */
	return client_is_owed(client) || !client->last;
}
