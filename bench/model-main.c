// SPDX-License-Identifier: GPL-2.0-or-later
/* What gvt.ko's device model costs, beside what can't be left out. */
#include "bench.h"

static const struct bench_group groups[] = {
	{ "parser", bench_parser },
	{ "registers", bench_registers },
	{ "screen", bench_screen },
	{ "tables", bench_tables },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return bench_main(argv, "Usage: model-bench [--json] [GROUP...]\nMeasure gvt.ko's device model; groups:", groups);
}
