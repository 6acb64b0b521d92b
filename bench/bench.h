/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.h - measurements that print a value beside its limit
 *
 * A limit is what the same machine does in the same run with nothing but what can't be left out:
 * memcpy() for a copy, a bare exchange of messages for a round trip. The ratio says how much is
 * left to win, and means the same on a slow and on a fast machine.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BENCH_RUNS 7 /* of which the median counts */

struct bench_rate {
	/* Do something `times` times. */
	void (*run)(void *opaque, uint64_t times);
	void *opaque;
	double units; /* that one time is worth: bytes, or 1 */
};

/* Units per second: the median of BENCH_RUNS, each of which takes long enough to be measured. */
double bench_measure(const struct bench_rate *rate);

enum bench_unit {
	BENCH_BYTES, /* per second */
	BENCH_EVENTS, /* per second */
	BENCH_TRIPS, /* per second; shown as the time of one */
	BENCH_STEPS, /* the same, in ns */
};

struct bench_result {
	const char *group;
	const char *name;
	enum bench_unit unit;
	double value, limit;
	const char *limit_name;
};

/* Where results go, in the order of their coming: a table, or JSON. */
void bench_begin(FILE *out, int json);
void bench_report(const struct bench_result *result);
void bench_end(void);

/* What a program can be asked for by name; the last has none. */
struct bench_group {
	const char *name;
	void (*run)(void);
};

/* Run the groups that the arguments name, or all. Returns an exit status. */
int bench_main(char **argv, const char *usage, const struct bench_group *groups);

/* The groups; each makes what it needs, measures and reports. Of the simulated GPU: */
void bench_blitter(void);
void bench_commands(void);
void bench_memory(void);
void bench_server(void);
void bench_submission(void);
/* Of gvt.ko's device model: */
void bench_parser(void);
void bench_tables(void);
void bench_registers(void);
void bench_screen(void);

/* End the program: `what` could not be done, errno says why. */
_Noreturn void bench_die(const char *what);

#endif
