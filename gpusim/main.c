// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gvt-gpusim - a simulated Intel GPU for virtual machines: log, start and end
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "gpusim/complain.h"
#include "gpusim/control/control.h"
#include "gpusim/gpu/gpu.h"
#include "gpusim/monitor.h"
#include "gpusim/options.h"
#include "gpusim/screenshot.h"
#include "gpusim/trace/decode.h"
#include "gpusim/trace/writer.h"
#include "gpusim/vfio-user/server.h"

struct simulator {
	struct vu_log log;
	FILE *log_file;
	int log_level;
	struct timespec start;
	struct vu_server *server;
	struct gpu *gpu;
	struct trace *trace;
	struct control_config control_config;
	struct control *control;
	struct screenshot_config screenshot_config;
	struct screenshot_service *screenshots;
	int stop_fd;
};

static void write_log(void *opaque, int level, const char *text)
{
	static const char *const names[] = {
		[GPU_LOG_ERROR] = "error: ",
		[GPU_LOG_WARNING] = "warning: ",
		[GPU_LOG_INFO] = "",
		[GPU_LOG_DEBUG] = "debug: ",
	};
	struct simulator *simulator = opaque;
	struct timespec now;
	double seconds;

	if (level < GPU_LOG_ERROR || level > simulator->log_level)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (double)(now.tv_sec - simulator->start.tv_sec) +
		  (double)(now.tv_nsec - simulator->start.tv_nsec) / 1e9;
	fprintf(simulator->log_file, "[%12.6f] %s%s\n", seconds, names[level], text);
}

static void interrupt(void *opaque)
{
	struct simulator *simulator = opaque;

	vu_server_interrupt(simulator->server);
}

static const struct gpu_host_ops host_ops = { .interrupt = interrupt, .log = write_log };

static int open_log(struct simulator *simulator, const struct options *options)
{
	clock_gettime(CLOCK_MONOTONIC, &simulator->start);
	simulator->log = (struct vu_log){ .write = write_log, .opaque = simulator };
	simulator->log_level = options->verbose ? GPU_LOG_DEBUG : GPU_LOG_INFO;
	simulator->log_file = stderr;
	if (options->log && !strcmp(options->log, "-"))
		simulator->log_file = stdout;
	else if (options->log)
		simulator->log_file = fopen(options->log, "ae");
	if (!simulator->log_file) {
		complain("can't write the log %s: %s", options->log, strerror(errno));
		return EXIT_FAILURE;
	}
	setvbuf(simulator->log_file, NULL, _IOLBF, 0);
	return EXIT_SUCCESS;
}

/* The signals that end the program become readable bytes, in every thread that comes after this. */
static int catch_signals(struct simulator *simulator)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1); /* is taken by screenshot.c */
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	simulator->stop_fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (simulator->stop_fd >= 0)
		return EXIT_SUCCESS;
	complain("can't wait for signals: %s", strerror(errno));
	return EXIT_FAILURE;
}

static int start_trace(struct simulator *simulator, const struct options *options)
{
	const struct trace_config config = { .path = options->trace,
					     .device = options->device,
					     .wants = options->trace_wants,
					     .log = write_log,
					     .opaque = simulator };
	int ret = options->trace ? trace_open(&config, &simulator->trace) : 0;

	if (!ret)
		return EXIT_SUCCESS;
	complain("can't write the trace %s: %s", options->trace, strerror(-ret));
	return EXIT_FAILURE;
}

static int make_gpu(struct simulator *simulator, const struct options *options)
{
	struct gpu_config config = { .device = options->device,
				     .aperture_size = options->aperture,
				     .seed = options->seed,
				     .watcher = trace_watcher(simulator->trace),
				     .ops = &host_ops,
				     .opaque = simulator };
	int ret = vu_server_new(&simulator->log, &simulator->server);

	if (!ret)
		ret = gpu_new(&config, &simulator->gpu);
	for (unsigned int i = 0; i < options->fault_count && !ret; i++)
		ret = gpu_fault_inject(simulator->gpu, &options->faults[i]);
	if (!ret)
		return EXIT_SUCCESS;
	complain("can't make the GPU: %s", strerror(-ret));
	return EXIT_FAILURE;
}

static int plug_monitors(struct simulator *simulator, const struct options *options)
{
	char fault[MONITOR_FAULT_SIZE];

	for (unsigned int i = 0; i < options->monitor_count; i++) {
		const struct monitor_option *monitor = &options->monitors[i];

		if (monitor_plug(simulator->gpu, monitor->connector, monitor->what, fault)) {
			complain("%s", fault);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}

static int start_screenshots(struct simulator *simulator, const struct options *options)
{
	int ret;

	simulator->screenshot_config =
		(struct screenshot_config){ .gpu = simulator->gpu,
					    .directory = options->screenshots,
					    .log = write_log,
					    .opaque = simulator };
	ret = screenshot_start(&simulator->screenshot_config, &simulator->screenshots);
	if (!ret)
		return EXIT_SUCCESS;
	complain("can't wait for SIGUSR1: %s", strerror(-ret));
	return EXIT_FAILURE;
}

/* The exit status for what making a socket returned. */
static int check_listening(const char *path, int ret)
{
	switch (ret) {
	case 0:
		return EXIT_SUCCESS;
	case -EADDRINUSE:
		complain("%s is in use by another program: end that one, or choose another path",
			 path);
		break;
	case -EEXIST:
		complain("%s exists and is no socket: remove it, or choose another path", path);
		break;
	default:
		complain("can't make the socket %s: %s", path, strerror(-ret));
	}
	return EXIT_FAILURE;
}

static bool is_connected(void *opaque)
{
	const struct simulator *simulator = opaque;

	return vu_server_has_client(simulator->server);
}

static int start_control(struct simulator *simulator, const char *path)
{
	if (!path)
		return EXIT_SUCCESS;
	simulator->control_config = (struct control_config){
		.path = path, .gpu = simulator->gpu, .connected = is_connected, .opaque = simulator
	};
	return check_listening(path,
			       control_start(&simulator->control_config, &simulator->control));
}

static int run(struct simulator *simulator, const struct options *options)
{
	int ret;

	if (start_trace(simulator, options) || make_gpu(simulator, options) ||
	    plug_monitors(simulator, options) || start_screenshots(simulator, options) ||
	    check_listening(options->socket,
			    vu_server_listen(simulator->server, options->socket)) ||
	    start_control(simulator, options->control))
		return EXIT_FAILURE;
	printf(PROGRAM ": %s, aperture %u MiB, listening on %s\n", options->device,
	       (unsigned int)(options->aperture >> 20), options->socket);
	fflush(stdout);
	ret = vu_server_run(simulator->server, simulator->gpu, simulator->stop_fd);
	if (!ret)
		return EXIT_SUCCESS;
	complain("can't go on: %s", strerror(-ret));
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct simulator simulator = { .stop_fd = -1 };
	struct options options;
	int status = options_parse(argc, argv, &options);

	if (status >= 0)
		return status;
	if (options.decode)
		return trace_decode(options.decode, stdout);
	if (options.ask)
		return control_ask(options.ask, options.command);
	if (open_log(&simulator, &options) || catch_signals(&simulator))
		return EXIT_FAILURE;
	status = run(&simulator, &options);
	control_stop(simulator.control);
	screenshot_stop(simulator.screenshots);
	/* The GPU calls the server until its engines are stopped. */
	if (simulator.gpu)
		gpu_free(simulator.gpu);
	trace_close(simulator.trace);
	vu_server_free(simulator.server);
	close(simulator.stop_fd);
	return status;
}
