// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define ENOUGH_SECONDS 0.02

static struct {
	FILE *out;
	int json;
	int count;
} report;

void bench_die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(const struct bench_rate *rate, uint64_t times)
{
	double start = now();

	rate->run(rate->opaque, times);
	return now() - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_measure(const struct bench_rate *rate)
{
	double rates[BENCH_RUNS];
	uint64_t times = 1;

	/* This warms up, too. */
	while (seconds(rate, times) < ENOUGH_SECONDS)
		times *= 2;
	for (unsigned int i = 0; i < BENCH_RUNS; i++)
		rates[i] = rate->units * (double)times / seconds(rate, times);
	qsort(rates, BENCH_RUNS, sizeof(rates[0]), compare);
	return rates[BENCH_RUNS / 2];
}

void bench_begin(FILE *out, int json)
{
	report.out = out;
	report.json = json;
	report.count = 0;
	if (json)
		fputs("[", out);
	else
		fprintf(out, "%-12s %-34s %16s %16s  %6s\n", "", "", "measured", "limit", "ratio");
}

static void format_value(char *text, size_t size, enum bench_unit unit, double value)
{
	switch (unit) {
	case BENCH_BYTES:
		snprintf(text, size, "%.1f MB/s", value / 1e6);
		break;
	case BENCH_EVENTS:
		snprintf(text, size, "%.0f /s", value);
		break;
	case BENCH_TRIPS:
		snprintf(text, size, "%.2f us", 1e6 / value);
		break;
	case BENCH_STEPS:
		snprintf(text, size, "%.1f ns", 1e9 / value);
		break;
	}
}

static void report_json(const struct bench_result *result)
{
	static const char *const units[] = {
		[BENCH_BYTES] = "bytes/s", [BENCH_EVENTS] = "1/s", [BENCH_TRIPS] = "1/s",
		[BENCH_STEPS] = "1/s"
	};

	/* Names are literals of this program: nothing in them needs escaping. */
	fprintf(report.out,
		"%s\n  {\"group\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"value\": %.6g, "
		"\"limit\": %.6g, \"limit_name\": \"%s\", \"ratio\": %.4f}",
		report.count ? "," : "", result->group, result->name, units[result->unit],
		result->value, result->limit, result->limit_name, result->value / result->limit);
}

void bench_report(const struct bench_result *result)
{
	char value[32], limit[32];

	if (report.json) {
		report_json(result);
	} else {
		format_value(value, sizeof(value), result->unit, result->value);
		format_value(limit, sizeof(limit), result->unit, result->limit);
		fprintf(report.out, "%-12s %-34s %16s %16s  %6.3f  of %s\n", result->group,
			result->name, value, limit, result->value / result->limit,
			result->limit_name);
	}
	fflush(report.out);
	report.count++;
}

void bench_end(void)
{
	if (report.json)
		fputs("\n]\n", report.out);
}
