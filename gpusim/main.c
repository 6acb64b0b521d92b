// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gvt-gpusim - a simulated Intel GPU for virtual machines: options, log, start and end
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "gpusim/gpu/gpu.h"
#include "gpusim/vfio-user/server.h"

#define PROGRAM "gvt-gpusim"

enum {
	EXIT_MISUSE = 2
};

struct options {
	const char *socket;
	const char *device;
	const char *log;
	uint64_t aperture;
	bool verbose;
};

struct simulator {
	struct vu_log log;
	FILE *log_file;
	int log_level;
	struct timespec start;
	struct vu_server *server;
	struct gpu *gpu;
	int stop_fd;
};

static const struct {
	const char *name;
	uint64_t size;
} apertures[] = {
	{ "256M", 256ull << 20 },
	{ "512M", 512ull << 20 },
	{ "1G", 1024ull << 20 },
};

#define APERTURE_COUNT (sizeof(apertures) / sizeof(apertures[0]))

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
	va_list arguments;

	fputs(PROGRAM ": ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

static void print_help(void)
{
	puts("Usage: " PROGRAM " --socket PATH [OPTION]...\n"
	     "Simulate an Intel GPU as a vfio-user device. QEMU 10.1 and later attach it with\n"
	     "  -device '{\"driver\":\"vfio-user-pci\",\"addr\":\"02.0\",\n"
	     "            \"socket\":{\"type\":\"unix\",\"path\":\"PATH\"}}'\n"
	     "and memory that can be shared (memory-backend-memfd, share=on).\n"
	     "\n"
	     "  -s, --socket PATH     listen on this unix socket; it is made here and removed at the end\n"
	     "  -d, --device NAME     the GPU to simulate; \"help\" lists them\n"
	     "  -a, --aperture SIZE   256M (default), 512M or 1G\n"
	     "  -l, --log FILE        write the log to FILE, \"-\" for standard output;\n"
	     "                        default is standard error\n"
	     "  -v, --verbose         log more\n"
	     "  -h, --help            print this and exit\n"
	     "  -V, --version         print the version and exit\n"
	     "\n"
	     "When clients can connect, one line on standard output says so. SIGTERM and SIGINT end it.\n"
	     "Exit status: 0 ended by a signal, 1 failed, 2 wrong use.");
}

static void print_devices(FILE *file)
{
	for (unsigned int i = 0; gpu_device_name(i); i++)
		fprintf(file, "%-12s %s\n", gpu_device_name(i), gpu_device_description(i));
}

static bool device_is_known(const char *name)
{
	for (unsigned int i = 0; gpu_device_name(i); i++) {
		if (!strcmp(gpu_device_name(i), name))
			return true;
	}
	return false;
}

/* The options below return -1 to go on, else the exit status. */

static int set_device(struct options *options, const char *name)
{
	if (!strcmp(name, "help")) {
		print_devices(stdout);
		return EXIT_SUCCESS;
	}
	if (!device_is_known(name)) {
		complain("there is no device \"%s\"; the known ones are:", name);
		print_devices(stderr);
		return EXIT_MISUSE;
	}
	options->device = name;
	return -1;
}

static int set_aperture(struct options *options, const char *size)
{
	for (size_t i = 0; i < APERTURE_COUNT; i++) {
		if (!strcmp(apertures[i].name, size)) {
			options->aperture = apertures[i].size;
			return -1;
		}
	}
	complain("the aperture can't be \"%s\": it is 256M, 512M or 1G", size);
	return EXIT_MISUSE;
}

static int set_option(struct options *options, int option)
{
	switch (option) {
	case 's':
		options->socket = optarg;
		return -1;
	case 'd':
		return set_device(options, optarg);
	case 'a':
		return set_aperture(options, optarg);
	case 'l':
		options->log = optarg;
		return -1;
	case 'v':
		options->verbose = true;
		return -1;
	case 'h':
		print_help();
		return EXIT_SUCCESS;
	case 'V':
		puts(PROGRAM " " PACKAGE_VERSION);
		return EXIT_SUCCESS;
	default: /* getopt_long() has said what is wrong */
		return EXIT_MISUSE;
	}
}

static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "device", required_argument, NULL, 'd' },
		{ "aperture", required_argument, NULL, 'a' },
		{ "log", required_argument, NULL, 'l' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;
	int option, status;

	while ((option = getopt_long(argc, argv, "s:d:a:l:vhV", names, NULL)) != -1) {
		status = set_option(options, option);
		if (status >= 0)
			return status;
	}
	if (optind < argc) {
		complain("unexpected argument \"%s\"; see --help", argv[optind]);
		return EXIT_MISUSE;
	}
	if (!options->socket || !*options->socket) {
		complain("--socket PATH is missing; see --help");
		return EXIT_MISUSE;
	}
	if (strlen(options->socket) > limit) {
		complain(
			"the socket's path is %zu bytes long, and a socket's may be %zu: choose a shorter one",
			strlen(options->socket), limit);
		return EXIT_MISUSE;
	}
	return -1;
}

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

static int make_gpu(struct simulator *simulator, const struct options *options)
{
	struct gpu_config config = { .device = options->device,
				     .aperture_size = options->aperture,
				     .ops = &host_ops,
				     .opaque = simulator };
	int ret = vu_server_new(&simulator->log, &simulator->server);

	if (!ret)
		ret = gpu_new(&config, &simulator->gpu);
	if (!ret)
		return EXIT_SUCCESS;
	complain("can't make the GPU: %s", strerror(-ret));
	return EXIT_FAILURE;
}

static int listen_at(struct simulator *simulator, const char *path)
{
	int ret = vu_server_listen(simulator->server, path);

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

static int run(struct simulator *simulator, const struct options *options)
{
	int ret;

	if (make_gpu(simulator, options) || listen_at(simulator, options->socket))
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
	struct options options = { .device = gpu_device_name(0), .aperture = apertures[0].size };
	struct simulator simulator = { .stop_fd = -1 };
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	if (open_log(&simulator, &options) || catch_signals(&simulator))
		return EXIT_FAILURE;
	status = run(&simulator, &options);
	/* The GPU calls the server until its engines are stopped. */
	if (simulator.gpu)
		gpu_free(simulator.gpu);
	vu_server_free(simulator.server);
	close(simulator.stop_fd);
	return status;
}
