// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "context.h"
#include "engine.h"
#include "execlist.h"
#include "gpu.h"
#include "mmio.h"
#include "trace.h"
#include "vgpu.h"
#include "workload.h"

#define EXECLIST_STATUS 0x234u
#define STATUS_BUFFER	0x370u
#define STATUS_POINTER	0x3a0u
#define HWS_PGA		0x080u

/* Where the hardware status page has the same. */
#define HWSP_STATUS_BUFFER  0x40u
#define HWSP_STATUS_POINTER 0x7cu

#define STATUS_SLOTS	   6u
#define STATUS_SLOT_RESET  5u

/* A context status. */
#define STATUS_IDLE_TO_ACTIVE BIT(0)
#define STATUS_PREEMPTED      BIT(1)
#define STATUS_ELEMENT_SWITCH BIT(2)
#define STATUS_ACTIVE_TO_IDLE BIT(3)
#define STATUS_COMPLETE	      BIT(4)
#define STATUS_LITE_RESTORE   BIT(15)

static void write_hwsp(struct vgpu *vgpu, enum gvt_engine engine, u32 offset, u32 value)
{
	u32 *to = vgpu_ggtt_memory(vgpu, vgpu_reg(vgpu, vgpu_engine_base(engine) + HWS_PGA) + offset);

	if (to)
		WRITE_ONCE(*to, value);
}

/* The entry stands before the pointer says so: guests read them from memory with no lock. */
static void report(struct vgpu *vgpu, enum gvt_engine engine, u32 status, u32 id)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	u32 base = vgpu_engine_base(engine), slot = (execlist->status_slot + 1) % STATUS_SLOTS;

	execlist->status_slot = slot;
	vgpu_set_reg(vgpu, base + STATUS_BUFFER + 8 * slot, status);
	vgpu_set_reg(vgpu, base + STATUS_BUFFER + 8 * slot + 4, id);
	write_hwsp(vgpu, engine, HWSP_STATUS_BUFFER + 8 * slot + 4, id);
	write_hwsp(vgpu, engine, HWSP_STATUS_BUFFER + 8 * slot, status);
	/* Pairs with the order in which guests read: the pointer, then the entries. */
	smp_wmb();
	vgpu_set_reg(vgpu, base + STATUS_POINTER,
		     (vgpu_reg(vgpu, base + STATUS_POINTER) & ~7u) | slot);
	write_hwsp(vgpu, engine, HWSP_STATUS_POINTER, slot);
	trace_gvt_context_status(vgpu->id, engine, status, id);
	vgpu_engine_interrupt(vgpu, engine, ENGINE_IRQ_SWITCH);
}

static void show_running(struct vgpu *vgpu, enum gvt_engine engine)
{
	const struct vgpu_element *running = vgpu->execlists[engine].running;
	u32 base = vgpu_engine_base(engine);

	vgpu_set_reg(vgpu, base + EXECLIST_STATUS, running[0].context ? BIT(1) | BIT(14) : 0);
	vgpu_set_reg(vgpu, base + EXECLIST_STATUS + 4, running[0].id);
}

/* So many in so much time are no accident. */
#define OFFENCES_MAX	   16u
#define OFFENCES_PERIOD_NS (300 * 1000 * 1000 * 1000ull)

static void count_offence(struct vgpu *vgpu)
{
	u64 now = ktime_get_ns();

	if (now - vgpu->offences_since > OFFENCES_PERIOD_NS) {
		vgpu->offences_since = now;
		vgpu->offences = 0;
	}
	if (++vgpu->offences < OFFENCES_MAX || vgpu->failed)
		return;
	vgpu->failed = true;
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		vgpu->execlists[engine].broken = true;
	gvt_host_log(vgpu->gpu->host,
		     "vGPU %s has failed: %u times in five minutes its work was refused or hung; it works again when it has been destroyed and created anew",
		     vgpu->name, OFFENCES_MAX);
}

static void stop_engine(struct vgpu *vgpu, enum gvt_engine engine, const char *why, int err)
{
	vgpu->execlists[engine].broken = true;
	gvt_host_log(vgpu->gpu->host, "vGPU %s: engine %u stops: %s (%d)", vgpu->name, engine, why, err);
	vgpu_engine_error(vgpu, engine);
	count_offence(vgpu);
}

void vgpu_execlist_break(struct vgpu *vgpu, enum gvt_engine engine, const char *why, int err)
{
	vgpu->stats.rejected++;
	stop_engine(vgpu, engine, why, err);
}

/*
 * An element begins, or has more to do: what its context's ring holds up to the tail. The second
 * begins with the first, so that the engine need not wait for us between them; nobody can tell.
 */
static void begin(struct vgpu *vgpu, enum gvt_engine engine, struct vgpu_element *element)
{
	struct vgpu_context *context = element->context;
	u32 tail;
	int err = vgpu_context_read_tail(vgpu, context, &tail);

	if (!err && tail != context->tail)
		err = vgpu_workload_queue(vgpu, context, tail);
	element->until = context->wanted;
	if (err)
		vgpu_execlist_break(vgpu, engine, "a context's ring is not what a ring can be", err);
}

static void take_list(struct vgpu *vgpu, enum gvt_engine engine, const struct vgpu_element *list, u32 status)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	memcpy(execlist->running, list, sizeof(execlist->running));
	report(vgpu, engine, status, list[0].id);
	vgpu_workload_release(vgpu, engine);
	begin(vgpu, engine, &execlist->running[0]);
	if (execlist->running[1].context && !execlist->broken)
		begin(vgpu, engine, &execlist->running[1]);
}

static bool has_ended(const struct vgpu_element *element)
{
	return element->context->done >= element->until && element->context->saved;
}

/* The first element has ended: the second's turn, or nobody's. */
static void switch_element(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	struct vgpu_element ended = execlist->running[0];
	bool more = execlist->running[1].context && !execlist->waiting[0].context;

	vgpu_context_write_back(vgpu, ended.context);
	execlist->running[0] = execlist->running[1];
	memset(&execlist->running[1], 0, sizeof(execlist->running[1]));
	if (more) {
		report(vgpu, engine, STATUS_COMPLETE | STATUS_ELEMENT_SWITCH, ended.id);
		vgpu_workload_release(vgpu, engine);
		begin(vgpu, engine, &execlist->running[0]);
		return;
	}
	/* A list that waits takes the place of the second element, too. */
	memset(&execlist->running[0], 0, sizeof(execlist->running[0]));
	report(vgpu, engine, STATUS_COMPLETE | STATUS_ACTIVE_TO_IDLE, ended.id);
}

/* The list that waits is taken if it can be. */
static void take_waiting(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	struct vgpu_element list[EXECLIST_ELEMENTS];
	const struct vgpu_context *running = execlist->running[0].context;

	if (!execlist->waiting[0].context || (running && running != execlist->waiting[0].context))
		return;
	memcpy(list, execlist->waiting, sizeof(list));
	memset(execlist->waiting, 0, sizeof(execlist->waiting));
	take_list(vgpu, engine, list,
		  running ? STATUS_LITE_RESTORE | STATUS_PREEMPTED : STATUS_IDLE_TO_ACTIVE);
}

/* Everything that can happen now happens. */
static void advance(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	do {
		take_waiting(vgpu, engine);
		if (execlist->broken || !execlist->running[0].context || !has_ended(&execlist->running[0]))
			break;
		switch_element(vgpu, engine);
	} while (true);
	show_running(vgpu, engine);
}

static int read_element(struct vgpu *vgpu, enum gvt_engine engine, u64 descriptor, struct vgpu_element *element)
{
	struct vgpu_context *context = vgpu_context_get(vgpu, engine, descriptor);

	if (IS_ERR(context))
		return PTR_ERR(context);
	element->context = context;
	element->id = descriptor >> 32;
	return 0;
}

static bool is_same_context(u64 a, u64 b)
{
	return !((a ^ b) & 0xfffff000);
}

/* The second element came first, the upper halves before the lower. */
static void submit(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	const u32 *written = execlist->written;
	u64 first = (u64)written[2] << 32 | written[3], second = (u64)written[0] << 32 | written[1];
	struct vgpu_element list[EXECLIST_ELEMENTS] = {};
	int err;

	vgpu_ggtt_flush(vgpu);
	/* One list may wait, and no context can be twice in one. */
	err = execlist->waiting[0].context || (second & 1 && is_same_context(first, second)) ? -EBUSY : 0;
	if (!err)
		err = read_element(vgpu, engine, first, &list[0]);
	if (!err && second & 1)
		err = read_element(vgpu, engine, second, &list[1]);
	if (err) {
		vgpu_execlist_break(vgpu, engine, "no such list can be submitted", err);
		return;
	}
	memcpy(execlist->waiting, list, sizeof(list));
	advance(vgpu, engine);
}

void vgpu_execlist_write(struct vgpu *vgpu, enum gvt_engine engine, u32 value)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];

	if (vgpu->stopping || !vgpu->gpu->options.run_work)
		return;
	execlist->written[execlist->written_count++] = value;
	if (execlist->written_count < ARRAY_SIZE(execlist->written))
		return;
	execlist->written_count = 0;
	if (!execlist->broken)
		submit(vgpu, engine);
	else if (vgpu->failed)
		vgpu_engine_error(vgpu, engine);
}

static struct vgpu_context *find(struct list_head *contexts, const struct gvt_host_context *host)
{
	struct vgpu_context *context;

	list_for_each_entry(context, contexts, node)
		if (context->host == host)
			return context;
	return NULL;
}

static void count_hang(struct vgpu *vgpu, enum gvt_engine engine, int err)
{
	vgpu->stats.hangs++;
	stop_engine(vgpu, engine, "its work has hung", err);
}

static void context_changed(struct vgpu *vgpu, struct vgpu_context *context, const struct gvt_host_event *event)
{
	vgpu_workloads_ended(vgpu, context, event->ended);
	if (event->ran_ns > context->ran_ns) {
		gvt_scheduler_ran(vgpu, context->engine, event->ran_ns - context->ran_ns);
		context->ran_ns = event->ran_ns;
	}
	/* More may have been handed over since the event was made. */
	context->saved = event->saved && event->ended == context->submitted;
	if (context->stopped && context->saved)
		vgpu_context_free(vgpu, context);
	else if (event->error && !context->stopped && !vgpu->execlists[context->engine].broken)
		count_hang(vgpu, context->engine, event->error);
}

void vgpu_execlist_event(void *owner, struct gvt_host_context *host, const struct gvt_host_event *event)
{
	struct vgpu *vgpu = owner;

	mutex_lock(&vgpu->lock);
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++) {
		struct vgpu_execlist *execlist = &vgpu->execlists[engine];
		struct vgpu_context *context = find(&execlist->contexts, host) ?: find(&execlist->ending, host);

		if (!context)
			continue;
		context_changed(vgpu, context, event);
		advance(vgpu, engine);
		break;
	}
	mutex_unlock(&vgpu->lock);
	wake_up_all(&vgpu->contexts_gone);
}

void vgpu_execlists_init(struct vgpu *vgpu)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++) {
		struct vgpu_execlist *execlist = &vgpu->execlists[engine];

		INIT_LIST_HEAD(&execlist->contexts);
		INIT_LIST_HEAD(&execlist->ending);
		INIT_LIST_HEAD(&execlist->workloads);
		execlist->status_slot = STATUS_SLOT_RESET;
	}
}

void vgpu_execlist_reset(struct vgpu *vgpu, enum gvt_engine engine)
{
	struct vgpu_execlist *execlist = &vgpu->execlists[engine];
	struct vgpu_context *context, *next;

	vgpu_workloads_drop(vgpu, engine);
	list_for_each_entry_safe(context, next, &execlist->contexts, node)
		if (vgpu_execlist_has(execlist, context) || !context->saved)
			vgpu_context_stop(vgpu, context);
	memset(execlist->running, 0, sizeof(execlist->running));
	memset(execlist->waiting, 0, sizeof(execlist->waiting));
	execlist->written_count = 0;
	execlist->status_slot = STATUS_SLOT_RESET;
	execlist->broken = vgpu->failed;
}

void vgpu_execlist_set_pointer(struct vgpu *vgpu, enum gvt_engine engine, u32 value)
{
	vgpu->execlists[engine].status_slot = min(value & 7, STATUS_SLOT_RESET);
}

void vgpu_execlists_stop(struct vgpu *vgpu)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++) {
		struct vgpu_context *context, *next;

		vgpu_execlist_reset(vgpu, engine);
		list_for_each_entry_safe(context, next, &vgpu->execlists[engine].contexts, node)
			vgpu_context_stop(vgpu, context);
	}
}

bool vgpu_execlist_has(const struct vgpu_execlist *execlist, const struct vgpu_context *context)
{
	for (unsigned int i = 0; i < EXECLIST_ELEMENTS; i++)
		if (execlist->running[i].context == context || execlist->waiting[i].context == context)
			return true;
	return false;
}

bool vgpu_execlists_empty(const struct vgpu *vgpu)
{
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		if (!list_empty(&vgpu->execlists[engine].contexts) ||
		    !list_empty(&vgpu->execlists[engine].ending))
			return false;
	return true;
}
