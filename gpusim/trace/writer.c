// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "format.h"
#include "gpusim/gpu/gpu.h"
#include "writer.h"

#define BUFFER_SIZE (256u << 10)
#define NS_PER_S    1000000000ull

struct trace {
	struct gpu_watcher watcher;
	const char *path;
	void (*log)(void *opaque, int level, const char *text);
	void *opaque;
	int fd;
	uint64_t start; /* ns of the monotonic clock */

	pthread_mutex_t lock;
	/* Below: lock. */
	bool ended; /* the file could not be written */
	off_t written; /* bytes of whole records */
	size_t used;
	uint8_t buffer[BUFFER_SIZE];
};

static const struct {
	const char *name;
	uint32_t wants;
} filters[] = {
	{ "submissions",
	  1u << GPU_EVENT_SUBMISSION | 1u << GPU_EVENT_STATUS | 1u << GPU_EVENT_CONTEXT },
	{ "commands", 1u << GPU_EVENT_COMMAND },
	{ "registers", 1u << GPU_EVENT_REGISTER },
	{ "interrupts", 1u << GPU_EVENT_INTERRUPT | 1u << GPU_EVENT_MESSAGE },
};

#define ALWAYS (1u << GPU_EVENT_RESET | 1u << GPU_EVENT_STOP)

uint32_t trace_parse_filter(const char *text)
{
	uint32_t wants = ALWAYS;
	bool more = true;

	while (more) {
		size_t length = strcspn(text, ","), i;

		for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
			if (strlen(filters[i].name) == length &&
			    !strncmp(filters[i].name, text, length))
				break;
		}
		if (i == sizeof(filters) / sizeof(filters[0]))
			return 0;
		wants |= filters[i].wants;
		more = text[length];
		text += length + 1;
	}
	return wants;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* What is there stays readable: the file ends behind its last whole record. */
static void give_up(struct trace *trace, int error)
{
	char line[512];

	trace->ended = true;
	__atomic_store_n(&trace->watcher.wants, 0, __ATOMIC_RELAXED);
	(void)!ftruncate(trace->fd, trace->written);
	snprintf(line, sizeof(line), "the trace ends here: %s can't be written: %s", trace->path,
		 strerror(error));
	trace->log(trace->opaque, GPU_LOG_ERROR, line);
}

static void flush(struct trace *trace)
{
	size_t done = 0;

	while (done < trace->used && !trace->ended) {
		ssize_t n = write(trace->fd, trace->buffer + done, trace->used - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			give_up(trace, errno);
	}
	trace->written += (off_t)done;
	trace->used = 0;
}

static void tell(struct gpu_watcher *watcher, const struct gpu_event *event)
{
	struct trace *trace = (struct trace *)watcher;

	pthread_mutex_lock(&trace->lock);
	if (!trace->ended) {
		/* The clock is read in here: records are in the order of their times. */
		trace->used += trace_event_put(event, clock_ns(CLOCK_MONOTONIC) - trace->start,
					       trace->buffer + trace->used);
		if (BUFFER_SIZE - trace->used < TRACE_RECORD_MAX)
			flush(trace);
	}
	pthread_mutex_unlock(&trace->lock);
}

static void put_header(struct trace *trace, const char *device)
{
	struct trace_header header = { .version = TRACE_VERSION,
				       .size = TRACE_HEADER_SIZE,
				       .start = clock_ns(CLOCK_REALTIME) };

	strncpy(header.device, device, sizeof(header.device) - 1);
	trace_header_put(&header, trace->buffer);
	trace->used = TRACE_HEADER_SIZE;
}

int trace_open(const struct trace_config *config, struct trace **out)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	trace->fd = open(config->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (trace->fd < 0) {
		int ret = -errno;

		free(trace);
		return ret;
	}
	pthread_mutex_init(&trace->lock, NULL);
	trace->watcher = (struct gpu_watcher){ .wants = config->wants, .tell = tell };
	trace->path = config->path;
	trace->log = config->log;
	trace->opaque = config->opaque;
	trace->start = clock_ns(CLOCK_MONOTONIC);
	put_header(trace, config->device);
	*out = trace;
	return 0;
}

struct gpu_watcher *trace_watcher(struct trace *trace)
{
	return trace ? &trace->watcher : NULL;
}

void trace_close(struct trace *trace)
{
	if (!trace)
		return;
	if (!trace->ended) {
		trace->used += trace_end_put(clock_ns(CLOCK_MONOTONIC) - trace->start,
					     trace->buffer + trace->used);
		flush(trace);
	}
	close(trace->fd);
	pthread_mutex_destroy(&trace->lock);
	free(trace);
}
