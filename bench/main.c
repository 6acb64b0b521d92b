// SPDX-License-Identifier: GPL-2.0-or-later
/* What the simulated GPU is worth on this machine, beside what the machine itself is worth. */
#include "bench.h"

static const struct bench_group groups[] = {
	{ "blitter", bench_blitter },	    { "commands", bench_commands }, { "memory", bench_memory },
	{ "server", bench_server },	    { "submission", bench_submission },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return bench_main(argv, "Usage: gpusim-bench [--json] [GROUP...]\nMeasure the simulated GPU; groups:", groups);
}
