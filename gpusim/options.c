// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "gpusim/complain.h"
#include "gpusim/fault-spec.h"
#include "gpusim/gpu/gpu.h"
#include "gpusim/monitor.h"
#include "gpusim/options.h"
#include "gpusim/trace/writer.h"

/* Options without a letter. */
enum {
	OPTION_CONTROL = 256,
	OPTION_ASK,
	OPTION_FAULT,
	OPTION_SEED,
	OPTION_TRACE,
	OPTION_TRACE_FILTER,
	OPTION_DECODE,
	OPTION_SCREENSHOTS,
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

static void print_help(void)
{
	puts("Usage: " PROGRAM " --socket PATH [OPTION]...\n"
	     "       " PROGRAM " --ask PATH COMMAND...\n"
	     "       " PROGRAM " --decode FILE\n"
	     "Simulate an Intel GPU as a vfio-user device. QEMU 10.1 and later attach it with\n"
	     "  -device '{\"driver\":\"vfio-user-pci\",\"addr\":\"02.0\",\n"
	     "            \"socket\":{\"type\":\"unix\",\"path\":\"PATH\"}}'\n"
	     "and memory that can be shared (memory-backend-memfd, share=on).\n"
	     "\n"
	     "  -s, --socket PATH     listen on this unix socket; it is made here and removed at the end\n"
	     "  -d, --device NAME     the GPU to simulate; \"help\" lists them\n"
	     "  -a, --aperture SIZE   256M (default), 512M or 1G\n"
	     "  -m, --monitor CONNECTOR=WxH[@HZ]|FILE\n"
	     "                        plug in a monitor with that mode, or with the EDID in FILE;\n"
	     "                        may be given several times; CONNECTOR \"help\" lists them\n"
	     "      --screenshot-dir DIR  where SIGUSR1 writes what the monitors show, as PNG;\n"
	     "                        default is the current folder\n"
	     "      --control PATH    take commands on this unix socket\n"
	     "      --fault SPEC      plan a fault, any number of times; \"help\" explains them\n"
	     "      --seed N          of the random numbers of faults; default is 0\n"
	     "      --trace FILE      write down what the GPU does, for --decode\n"
	     "      --trace-filter LIST  only these of submissions,commands,registers,interrupts\n"
	     "  -l, --log FILE        write the log to FILE, \"-\" for standard output;\n"
	     "                        default is standard error\n"
	     "  -v, --verbose         log more\n"
	     "  -h, --help            print this and exit\n"
	     "  -V, --version         print the version and exit\n"
	     "\n"
	     "      --ask PATH COMMAND...  send a command to the control socket of a running\n"
	     "                        " PROGRAM " and print the answer; \"help\" lists commands\n"
	     "      --decode FILE     print a trace; \"-\" is standard input\n"
	     "\n"
	     "When clients can connect, one line on standard output says so. SIGTERM and SIGINT end it.\n"
	     "Exit status: 0 ended by a signal, or the command succeeded; 1 failed; 2 wrong use.");
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

static int add_fault(struct options *options, const char *spec)
{
	char why[256];

	if (!strcmp(spec, "help")) {
		for (unsigned int i = 0; fault_spec_usage(i); i++)
			printf("%-28s %s\n", fault_spec_usage(i), fault_spec_help(i));
		return EXIT_SUCCESS;
	}
	if (options->fault_count == GPU_MAX_FAULTS) {
		complain("more than %u faults can't be planned at a time", GPU_MAX_FAULTS);
		return EXIT_MISUSE;
	}
	if (!fault_spec_parse(spec, &options->faults[options->fault_count], why, sizeof(why))) {
		options->fault_count++;
		return -1;
	}
	complain("%s; --fault help explains them", why);
	return EXIT_MISUSE;
}

static int set_seed(struct options *options, const char *text)
{
	char *end;

	errno = 0;
	options->seed = strtoull(text, &end, 0);
	if (isdigit((unsigned char)*text) && !*end && !errno)
		return -1;
	complain("the seed can't be \"%s\": it is a number of at most 64 bits", text);
	return EXIT_MISUSE;
}

static int set_trace_filter(struct options *options, const char *list)
{
	options->trace_wants = trace_parse_filter(list);
	if (options->trace_wants)
		return -1;
	complain(
		"a trace can't be filtered by \"%s\": it is a list, with commas, of " TRACE_FILTERS,
		list);
	return EXIT_MISUSE;
}

static void print_connectors(FILE *file)
{
	for (unsigned int i = 0; gpu_connector_name(i); i++)
		fprintf(file, "%s\n", gpu_connector_name(i));
}

static int set_monitor(struct options *options, const char *text)
{
	struct monitor_option *monitor = &options->monitors[options->monitor_count];
	size_t length = strcspn(text, "=");

	if (!strcmp(text, "help")) {
		print_connectors(stdout);
		return EXIT_SUCCESS;
	}
	if (options->monitor_count == OPTIONS_MAX_MONITORS) {
		complain("more than %u monitors: the GPU has no ports for them",
			 OPTIONS_MAX_MONITORS);
		return EXIT_MISUSE;
	}
	if (!text[length] || !text[length + 1]) {
		complain("--monitor takes CONNECTOR=MODE or CONNECTOR=FILE, as HDMI-B=1920x1080");
		return EXIT_MISUSE;
	}
	monitor->connector = monitor_connector(text, length);
	monitor->what = text + length + 1;
	if (!monitor->connector) {
		complain("there is no connector \"%.*s\"; these are there:", (int)length, text);
		print_connectors(stderr);
		return EXIT_MISUSE;
	}
	options->monitor_count++;
	return -1;
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
	case 'm':
		return set_monitor(options, optarg);
	case OPTION_SCREENSHOTS:
		options->screenshots = optarg;
		return -1;
	case OPTION_CONTROL:
		options->control = optarg;
		return -1;
	case OPTION_ASK:
		options->ask = optarg;
		return -1;
	case OPTION_TRACE:
		options->trace = optarg;
		return -1;
	case OPTION_TRACE_FILTER:
		return set_trace_filter(options, optarg);
	case OPTION_DECODE:
		options->decode = optarg;
		return -1;
	case OPTION_FAULT:
		return add_fault(options, optarg);
	case OPTION_SEED:
		return set_seed(options, optarg);
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

static int check_socket(const char *path)
{
	size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	if (strlen(path) <= limit)
		return -1;
	complain(
		"the socket's path is %zu bytes long, and a socket's may be %zu: choose a shorter one",
		strlen(path), limit);
	return EXIT_MISUSE;
}

static int check_ask(const struct options *options)
{
	if (options->socket || options->control) {
		complain("--ask speaks to a " PROGRAM " that runs, so it goes alone; see --help");
		return EXIT_MISUSE;
	}
	if (!*options->command) {
		complain("--ask PATH needs a command; \"help\" lists them");
		return EXIT_MISUSE;
	}
	return check_socket(options->ask);
}

static int check_serve(const struct options *options)
{
	int status;

	if (!options->socket || !*options->socket) {
		complain("--socket PATH is missing; see --help");
		return EXIT_MISUSE;
	}
	status = check_socket(options->socket);
	if (status < 0 && options->control)
		status = check_socket(options->control);
	return status;
}

int options_parse(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "device", required_argument, NULL, 'd' },
		{ "aperture", required_argument, NULL, 'a' },
		{ "monitor", required_argument, NULL, 'm' },
		{ "screenshot-dir", required_argument, NULL, OPTION_SCREENSHOTS },
		{ "control", required_argument, NULL, OPTION_CONTROL },
		{ "ask", required_argument, NULL, OPTION_ASK },
		{ "fault", required_argument, NULL, OPTION_FAULT },
		{ "trace", required_argument, NULL, OPTION_TRACE },
		{ "trace-filter", required_argument, NULL, OPTION_TRACE_FILTER },
		{ "decode", required_argument, NULL, OPTION_DECODE },
		{ "seed", required_argument, NULL, OPTION_SEED },
		{ "log", required_argument, NULL, 'l' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status;

	*options = (struct options){ .device = gpu_device_name(0),
				     .aperture = apertures[0].size,
				     .screenshots = ".",
				     .trace_wants = TRACE_ALL };
	/* "+": what follows the first word that is no option is the command's. */
	while ((option = getopt_long(argc, argv, "+s:d:a:m:l:vhV", names, NULL)) != -1) {
		status = set_option(options, option);
		if (status >= 0)
			return status;
	}
	options->command = argv + optind;
	if (options->ask)
		return check_ask(options);
	if (*options->command) {
		complain("unexpected argument \"%s\"; see --help", *options->command);
		return EXIT_MISUSE;
	}
	return options->decode ? -1 : check_serve(options);
}
