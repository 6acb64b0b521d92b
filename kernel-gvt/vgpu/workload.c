// SPDX-License-Identifier: GPL-2.0-only
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../parser/parser.h"
#include "context.h"
#include "engine.h"
#include "execlist.h"
#include "gpu.h"
#include "ppgtt.h"
#include "scheduler.h"
#include "vgpu.h"
#include "workload.h"

struct workload {
	struct list_head node; /* of its engine's */
	struct vgpu_context *context;
	u32 from, to; /* in the guest's ring: what has not been handed over */
	int refused; /* what it goes on with: so it does not */
};

/* What the host gets of a workload in one piece. */
struct part {
	struct list_head node; /* of its context's */
	bool interrupt; /* the guest wants one when it has ended */
	bool last;
};

/* One that has not been handed over to its end grows: a guest can't make many by saying the same again and again. */
int vgpu_workload_queue(struct vgpu *vgpu, struct vgpu_context *context, u32 tail)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[context->engine];
	struct workload *workload;

	list_for_each_entry(workload, &execlist->workloads, node) {
		if (workload->context == context) {
			workload->to = tail;
			context->tail = tail;
			return 0;
		}
	}
	workload = kzalloc(sizeof(*workload), GFP_KERNEL);
	if (!workload)
		return -ENOMEM;
	workload->context = context;
	workload->from = context->tail;
	workload->to = tail;
	context->tail = tail;
	context->wanted++;
	list_add_tail(&workload->node, &execlist->workloads);
	gvt_scheduler_wake(vgpu, context->engine);
	return 0;
}

/* The guest's ring from one place to another, whose end joins its beginning. Returns dwords, or -EFAULT. */
static int copy_ring(struct vgpu *vgpu, const struct workload *workload, u32 *commands)
{
	const struct vgpu_context *context = workload->context;
	u32 at = workload->from, left = (workload->to - workload->from) & (context->ring_size - 1), done = 0;

	while (done < left) {
		u32 part = min(left - done, 4096 - at % 4096);
		const void *from = vgpu_ggtt_memory(vgpu, (u64)context->ring_start + at);

		if (!from)
			return -EFAULT;
		memcpy((u8 *)commands + done, from, part);
		done += part;
		at = (at + part) & (context->ring_size - 1);
	}
	return left / 4;
}

/* The parser's view of a context: what it is handed back. */
struct view {
	struct vgpu *vgpu;
	const struct vgpu_context *context;
};

static bool owns(void *opaque, u64 address, u64 bytes)
{
	const struct view *view = opaque;

	return vgpu_owns(view->vgpu, address) && vgpu_owns(view->vgpu, address + bytes - 1);
}

static int read_memory(void *opaque, u64 address, void *to, u32 bytes)
{
	const struct view *view = opaque;

	return vgpu_ggtt_copy(view->vgpu, address, to, bytes);
}

static const u32 *own_memory(void *opaque, u64 address)
{
	const struct view *view = opaque;

	return vgpu_ppgtt_memory(view->vgpu, view->context->ppgtt, address);
}

/* Copies of the guest's commands, as they are and as they run, and what the parser needs. */
struct copies {
	u32 *ring, *checked;
	u32 room; /* dwords */
	struct gvt_parser_notes *notes;
};

static void log_refusal(struct vgpu *vgpu, const struct gvt_parser *parser)
{
	const char *why = parser->why ?: "with its batches it is more than the host's ring takes";
	char place[40] = "a ring";

	vgpu_engine_show_command(vgpu, parser->engine, parser->command);
	if (parser->batch)
		snprintf(place, sizeof(place), "the batch at %llx", parser->batch);
	gvt_host_log(vgpu->gpu->host, "vGPU %s: command %08x at dword %u of %s is refused: %s", vgpu->name,
		     parser->command, parser->place, place, why);
}

/* A part of the workload, up to where the guest wants an interrupt. The copy has `*count` dwords. */
static int parse(struct vgpu *vgpu, struct workload *workload, struct part *part, struct copies *copies,
		 u32 *count)
{
	const struct vgpu_context *context = workload->context;
	struct view view = { vgpu, context };
	struct gvt_parser parser = {
		.generation = vgpu->gpu->info->generation,
		.engine = context->engine,
		.status_page = context->lrca,
		.out = copies->checked,
		.room = copies->room,
		.notes = copies->notes,
		.owns = owns,
		.read = read_memory,
		.memory = own_memory,
		.opaque = &view,
	};
	int dwords = copy_ring(vgpu, workload, copies->ring);
	int err = dwords < 0 ? dwords : gvt_parse_ring(&parser, copies->ring, dwords);

	part->interrupt = parser.interrupt;
	part->last = !err && parser.used == dwords;
	workload->from = (workload->from + parser.used * sizeof(u32)) & (context->ring_size - 1);
	workload->refused = err;
	*count = parser.count;
	vgpu->stats.scanned_bytes += parser.scanned * sizeof(u32);
	if (err && dwords >= 0)
		log_refusal(vgpu, &parser);
	return err;
}

static int check_and_submit(struct vgpu *vgpu, struct workload *workload, struct part *part,
			    struct copies *copies)
{
	struct vgpu_context *context = workload->context;
	u32 count = 0;
	/* Batches are looked at where hardware will find them. */
	int err = vgpu_ppgtt_update(vgpu, context->ppgtt);

	if (!err)
		err = parse(vgpu, workload, part, copies, &count);
	/* As hardware does, what comes before is run: guests find there whose work it was. */
	if (!err || ((err == -EPERM || err == -EFAULT) && count))
		err = gvt_host_context_submit(context->host, copies->checked, count);
	return err;
}

static int hand_over(struct vgpu *vgpu, struct workload *workload, struct part *part)
{
	/* A command that is looked at has its place behind the copy. */
	u32 size = vgpu_context_copy_size(vgpu, workload->context) + SZ_4K;
	struct copies copies = {
		.ring = kvmalloc(workload->context->ring_size, GFP_KERNEL),
		.checked = kvmalloc(size, GFP_KERNEL),
		.room = size / sizeof(u32),
		.notes = kvmalloc(sizeof(*copies.notes), GFP_KERNEL),
	};
	int err = -ENOMEM;

	if (copies.ring && copies.checked && copies.notes)
		err = check_and_submit(vgpu, workload, part, &copies);
	kvfree(copies.notes);
	kvfree(copies.ring);
	kvfree(copies.checked);
	return err;
}

static void count_part(struct vgpu *vgpu, struct workload *workload, struct part *part)
{
	struct vgpu_context *context = workload->context;

	list_add_tail(&part->node, &context->running);
	context->submitted++;
	context->saved = false;
	vgpu->stats.workloads++;
	if (!part->last)
		return;
	list_del(&workload->node);
	kfree(workload);
}

/*
 * The engine stops where it is refused: when all before has ended. The first element is not to blame
 * for what the second holds: that has its turn first.
 */
static void refuse(struct vgpu *vgpu, struct workload *workload, int err)
{
	enum gvt_engine engine = workload->context->engine;
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	execlist->held = execlist->running[0].context != workload->context ||
			 !list_empty(&workload->context->running);
	if (!execlist->held)
		vgpu_execlist_break(vgpu, engine, "its work can't be run", err);
}

bool vgpu_workload_run(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct workload *workload =
		list_first_entry_or_null(&vgpu->execlists[engine].workloads, struct workload, node);
	struct part *part;
	int err;

	if (!vgpu_workload_waits(vgpu, engine))
		return false;
	if (workload->refused) {
		refuse(vgpu, workload, workload->refused);
		return false;
	}
	part = kzalloc(sizeof(*part), GFP_KERNEL);
	err = part ? hand_over(vgpu, workload, part) : -ENOMEM;
	if (!err) {
		count_part(vgpu, workload, part);
		return true;
	}
	kfree(part);
	refuse(vgpu, workload, err);
	return false;
}

bool vgpu_workload_waits(const struct vgpu *vgpu, enum gvt_engine engine)
{
	const struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	return !list_empty(&execlist->workloads) && !execlist->broken && !execlist->held;
}

void vgpu_workload_release(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	if (!execlist->held)
		return;
	execlist->held = false;
	gvt_scheduler_wake(vgpu, engine);
}

void vgpu_workloads_ended(struct vgpu *vgpu, struct vgpu_context *context, u64 ended)
{
	struct part *part, *next;
	bool interrupt = false;

	list_for_each_entry_safe(part, next, &context->running, node) {
		if (context->ended >= ended)
			break;
		context->ended++;
		context->done += part->last;
		interrupt |= part->interrupt;
		list_del(&part->node);
		kfree(part);
		gvt_scheduler_ended(vgpu, context->engine);
	}
	if (list_empty(&context->running))
		vgpu_workload_release(vgpu, context->engine);
	if (interrupt && !context->stopped)
		vgpu_engine_interrupt(vgpu, context->engine, ENGINE_IRQ_USER);
}

void vgpu_workloads_drop(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct workload *workload, *next;

	list_for_each_entry_safe(workload, next, &vgpu->execlists[engine].workloads, node) {
		list_del(&workload->node);
		kfree(workload);
	}
	vgpu->execlists[engine].held = false;
	gvt_scheduler_sleep(vgpu, engine);
}

void vgpu_workloads_free(struct vgpu_context *context)
{
	struct part *part, *next;

	list_for_each_entry_safe(part, next, &context->running, node) {
		list_del(&part->node);
		kfree(part);
	}
}
