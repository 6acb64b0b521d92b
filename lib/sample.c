// SPDX-License-Identifier: LGPL-2.1-or-later
/* Samples: what gvt.ko has counted of each active vGPU, and what happens between two of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "files.h"
#include "snapshot.h"

#define COUNTERS_MAX 64
#define NAME_SIZE    32

struct counter {
	char name[NAME_SIZE];
	uint64_t value;
};

struct vgpu_sample {
	char uuid[37];
	unsigned int count;
	struct counter counters[COUNTERS_MAX];
};

struct gvt_sample {
	int64_t time_ns;
	unsigned int count;
	struct vgpu_sample *vgpus;
};

static void parse(char *text, struct vgpu_sample *vgpu)
{
	char *save, *line;

	for (line = strtok_r(text, "\n", &save); line && vgpu->count < COUNTERS_MAX;
	     line = strtok_r(NULL, "\n", &save)) {
		struct counter *counter = &vgpu->counters[vgpu->count];
		unsigned long long value;

		if (sscanf(line, "%31s %llu", counter->name, &value) != 2)
			continue;
		counter->value = value;
		vgpu->count++;
	}
}

static int read_vgpu(struct gvt_vgpu *vgpu, struct vgpu_sample *sample)
{
	char text[GVT_ATTR_MAX];
	int err = gvt_read_attr(vgpu->snapshot->ctx, text, sizeof(text),
				"/sys/bus/mdev/devices/%s/gvt/statistics", vgpu->uuid);

	memset(sample, 0, sizeof(*sample));
	memcpy(sample->uuid, vgpu->uuid, sizeof(sample->uuid));
	if (!err)
		parse(text, sample);
	return err;
}

int gvt_vgpu_statistics(struct gvt_vgpu *vgpu, gvt_statistic_fn fn, void *data)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	struct vgpu_sample sample;
	int err;

	gvt_clear_error(ctx);
	if (!vgpu->active) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENODATA, "vGPU %s is off", gvt_vgpu_title(vgpu));
		gvt_hint(ctx, "start it: gvt start %s", vgpu->uuid);
		return -ENODATA;
	}
	err = read_vgpu(vgpu, &sample);
	if (err && err != -ENOENT)
		return gvt_error(ctx, gvt_kind_of_errno(err), err, "cannot read what is counted of vGPU %s: %s",
				 gvt_vgpu_title(vgpu), strerror(-err));
	if (err) {
		gvt_error(ctx, GVT_ERROR_UNSUPPORTED, err, "nothing is counted of vGPU %s: its driver is kvmgt",
			  gvt_vgpu_title(vgpu));
		gvt_hint(ctx, "load gvt.ko in its place, see gvt-module(5)");
		return err;
	}
	for (unsigned int i = 0; i < sample.count; i++)
		fn(data, sample.counters[i].name, sample.counters[i].value);
	return 0;
}

/* --- samples ---------------------------------------------------------------------------------- */

int gvt_sample_take(struct gvt_ctx *ctx, struct gvt_sample **out)
{
	struct gvt_sample *sample = calloc(1, sizeof(*sample));
	struct gvt_vgpu *vgpu;
	struct timespec now;
	size_t room = 0;

	*out = NULL;
	if (!sample || gvt_scan(ctx)) {
		free(sample);
		return gvt_no_memory(ctx);
	}
	gvt_vgpu_foreach(ctx, vgpu)
		room += vgpu->active;
	sample->vgpus = calloc(room ? room : 1, sizeof(*sample->vgpus));
	if (!sample->vgpus) {
		free(sample);
		return gvt_no_memory(ctx);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	sample->time_ns = now.tv_sec * (int64_t)1000000000 + now.tv_nsec;
	gvt_vgpu_foreach(ctx, vgpu)
		if (vgpu->active)
			read_vgpu(vgpu, &sample->vgpus[sample->count++]);
	*out = sample;
	return 0;
}

void gvt_sample_free(struct gvt_sample *sample)
{
	if (!sample)
		return;
	free(sample->vgpus);
	free(sample);
}

static const struct counter *find(const struct gvt_sample *sample, const char *uuid, const char *name)
{
	for (unsigned int i = 0; i < sample->count; i++) {
		const struct vgpu_sample *vgpu = &sample->vgpus[i];

		if (strcmp(vgpu->uuid, uuid))
			continue;
		for (unsigned int j = 0; j < vgpu->count; j++)
			if (!strcmp(vgpu->counters[j].name, name))
				return &vgpu->counters[j];
	}
	return NULL;
}

int gvt_sample_get(const struct gvt_sample *sample, const char *uuid, const char *name, uint64_t *value)
{
	const struct counter *counter = find(sample, uuid, name);

	*value = counter ? counter->value : 0;
	return counter ? 0 : -ENODATA;
}

double gvt_sample_rate(const struct gvt_sample *before, const struct gvt_sample *after, const char *uuid,
		       const char *name)
{
	const struct counter *first = find(before, uuid, name), *last = find(after, uuid, name);
	int64_t ns = after->time_ns - before->time_ns;

	/* One that was made anew under the same UUID counts from 0 again. */
	if (!first || !last || ns <= 0 || last->value < first->value)
		return 0;
	return (double)(last->value - first->value) * 1e9 / (double)ns;
}
