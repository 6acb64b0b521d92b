// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * gvt_metrics: the host's GPUs and vGPUs as OpenMetrics text. A family's samples stand together, so
 * each is one walk over all vGPUs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

#define NS_PER_SECOND 1e9
#define PAGE_BYTES    4096

/* A counter of gvt.ko as a sample: its name there, the family's label that it has, how it is scaled. */
static const struct family {
	const char *name, *type, *help;
	struct {
		const char *counter, *label;
	} counters[5];
	double scale;
} families[] = {
	{ "gvt_vgpu_engine_seconds", "counter", "Time that an engine was the vGPU's.",
	  { { "gpu_ns_render", "engine=\"render\"" },
	    { "gpu_ns_copy", "engine=\"copy\"" },
	    { "gpu_ns_video", "engine=\"video\"" },
	    { "gpu_ns_enhance", "engine=\"enhance\"" } },
	  1 / NS_PER_SECOND },
	{ "gvt_vgpu_register_accesses", "counter", "Accesses to registers that were trapped.",
	  { { "register_reads", "direction=\"read\"" }, { "register_writes", "direction=\"write\"" } },
	  1 },
	{ "gvt_vgpu_workloads", "counter", "Requests by what became of them.",
	  { { "workloads", "outcome=\"run\"" },
	    { "rejected", "outcome=\"rejected\"" },
	    { "hangs", "outcome=\"hung\"" } },
	  1 },
	{ "gvt_vgpu_scanned_bytes", "counter", "Commands that were checked.",
	  { { "scanned_bytes", "" } }, 1 },
	{ "gvt_vgpu_interrupts", "counter", "Interrupts that were raised.", { { "interrupts", "" } }, 1 },
	{ "gvt_vgpu_engine_resets", "counter", "Resets of an engine by the guest.", { { "resets", "" } }, 1 },
	{ "gvt_vgpu_pinned_bytes", "gauge", "Memory of the guest that the GPU may reach.",
	  { { "pages_pinned", "" } }, PAGE_BYTES },
};

/* A label's value: backslashes, quotes and newlines are escaped. */
static void write_label(FILE *out, const char *name, const char *value, const char *before)
{
	fprintf(out, "%s%s=\"", before, name);
	for (const char *c = value ? value : ""; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		if (*c == '\n')
			fputs("\\n", out);
		else
			fputc(*c, out);
	}
	fputc('"', out);
}

static void begin(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

/* --- GPUs ------------------------------------------------------------------------------------- */

static void write_gpus(FILE *out, struct gvt_ctx *ctx)
{
	struct gvt_type *type;
	struct gvt_gpu *gpu;

	begin(out, "gvt_gpu_ready", "gauge", "Whether the GPU offers vGPUs.");
	gvt_gpu_foreach(ctx, gpu) {
		fputs("gvt_gpu_ready", out);
		write_label(out, "gpu", gpu->name, "{");
		write_label(out, "platform", gvt_gpu_get_platform(gpu), ",");
		write_label(out, "state", gvt_gpu_get_state_name(gpu), ",");
		fprintf(out, "} %d\n", gpu->state == GVT_GPU_READY);
	}
	begin(out, "gvt_gpu_vgpus", "gauge", "vGPUs that are active on the GPU.");
	gvt_gpu_foreach(ctx, gpu)
		fprintf(out, "gvt_gpu_vgpus{gpu=\"%s\"} %u\n", gpu->name, gpu->active);
	begin(out, "gvt_type_available", "gauge", "How many more vGPUs of the type fit.");
	gvt_gpu_foreach(ctx, gpu)
		gvt_type_foreach(gpu, type) {
			fprintf(out, "gvt_type_available{gpu=\"%s\"", gpu->name);
			write_label(out, "type", gvt_type_get_short_name(type), ",");
			fprintf(out, "} %u\n", type->available);
		}
}

/* --- vGPUs ------------------------------------------------------------------------------------ */

static void write_vgpus(FILE *out, struct gvt_ctx *ctx)
{
	struct gvt_vgpu *vgpu;

	begin(out, "gvt_vgpu_active", "gauge", "Whether the vGPU exists in the kernel.");
	gvt_vgpu_foreach(ctx, vgpu) {
		fprintf(out, "gvt_vgpu_active{uuid=\"%s\"", vgpu->uuid);
		write_label(out, "name", gvt_vgpu_get_name(vgpu), ",");
		write_label(out, "vm", gvt_vgpu_get_domain(vgpu), ",");
		write_label(out, "type", gvt_vgpu_get_short_type_name(vgpu), ",");
		write_label(out, "gpu", gvt_vgpu_get_gpu_name(vgpu), ",");
		fprintf(out, "} %d\n", vgpu->active);
	}
}

static void write_family(FILE *out, const struct family *family, struct gvt_ctx *ctx,
			 const struct gvt_sample *sample)
{
	const char *suffix = strcmp(family->type, "counter") ? "" : "_total";
	struct gvt_vgpu *vgpu;

	begin(out, family->name, family->type, family->help);
	gvt_vgpu_foreach(ctx, vgpu)
		for (size_t i = 0; i < 5 && family->counters[i].counter; i++) {
			const char *label = family->counters[i].label;
			uint64_t value;

			if (gvt_sample_get(sample, vgpu->uuid, family->counters[i].counter, &value))
				continue;
			fprintf(out, "%s%s{uuid=\"%s\"%s%s} %.15g\n", family->name, suffix, vgpu->uuid,
				label[0] ? "," : "", label, (double)value * family->scale);
		}
}

int gvt_metrics(struct gvt_ctx *ctx, char **text)
{
	struct gvt_sample *sample;
	size_t size;
	FILE *out;
	int err = gvt_sample_take(ctx, &sample);

	*text = NULL;
	if (err)
		return err;
	out = open_memstream(text, &size);
	if (out) {
		write_gpus(out, ctx);
		write_vgpus(out, ctx);
		for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
			write_family(out, &families[i], ctx, sample);
		fputs("# EOF\n", out);
	}
	gvt_sample_free(sample);
	if (out && !fclose(out))
		return 0;
	free(*text);
	*text = NULL;
	return gvt_no_memory(ctx);
}
