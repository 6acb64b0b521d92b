// SPDX-License-Identifier: GPL-2.0-only
/* Contexts of guests as contexts of i915: its requests, its scheduling, its hang detection. */
#include <linux/workqueue.h>

#include "internal.h"
#include "gt/intel_context.h"
#include "gt/intel_engine_regs.h"
#include "gt/intel_execlists_submission.h"
#include "gt/intel_gpu_commands.h"
#include "gt/intel_lrc.h"
#include "gt/intel_lrc_reg.h"
#include "gt/intel_ring.h"
#include "i915_request.h"

/* One request; freed when its end has been told of. */
struct submission {
	struct list_head node; /* of context->submissions, oldest first; or of those that ended */
	struct dma_fence_cb ended;
	struct gvt_host_context *context;
	struct i915_request *request;
};

struct gvt_host_context {
	struct kref kref; /* of the owner, and of the work while it is queued */
	struct gvt_host *host;
	struct gvt_host_engine *engine;
	struct intel_context *ce;
	gvt_host_event_fn event;
	void *owner;
	struct work_struct tell;

	spinlock_t lock; /* all below; taken with interrupts off */
	struct list_head submissions, finished;
	u64 submitted, ended;
	int error;
	bool on_engine; /* its image is the engine's now */
	bool destroyed;
};

static const enum intel_engine_id engine_ids[GVT_ENGINES] = {
	[GVT_RCS] = RCS0,
	[GVT_BCS] = BCS0,
	[GVT_VCS0] = VCS0,
	[GVT_VECS] = VECS0,
};

static void free_context(struct kref *kref)
{
	struct gvt_host_context *context = container_of(kref, struct gvt_host_context, kref);

	intel_context_unpin(context->ce);
	intel_context_put(context->ce);
	kfree(context);
}

static void queue_event(struct gvt_host_context *context)
{
	kref_get(&context->kref);
	if (!queue_work(context->host->events, &context->tell))
		kref_put(&context->kref, free_context);
}

/* The fence's lock is held, interrupts are off. */
static void request_ended(struct dma_fence *fence, struct dma_fence_cb *ended)
{
	struct submission *submission = container_of(ended, struct submission, ended);
	struct gvt_host_context *context = submission->context;
	unsigned long flags;

	spin_lock_irqsave(&context->lock, flags);
	context->ended++;
	/* One that was only near a hang runs again, to its end. */
	if (fence->error && fence->error != -EAGAIN)
		context->error = -EIO;
	list_move_tail(&submission->node, &context->finished);
	spin_unlock_irqrestore(&context->lock, flags);
	queue_event(context);
}

static void free_finished(struct list_head *finished)
{
	struct submission *submission, *next;

	list_for_each_entry_safe(submission, next, finished, node) {
		i915_request_put(submission->request);
		kfree(submission);
	}
}

/* i915 counts it when the context leaves the engine, in ticks of the timestamp. */
static u64 ran_ns(const struct gvt_host_context *context)
{
	return READ_ONCE(context->ce->stats.runtime.total) * context->ce->engine->gt->clock_period_ns;
}

static void tell(struct work_struct *work)
{
	struct gvt_host_context *context = container_of(work, struct gvt_host_context, tell);
	struct gvt_host_event event;
	LIST_HEAD(finished);
	bool destroyed;

	spin_lock_irq(&context->lock);
	list_splice_init(&context->finished, &finished);
	event.ended = context->ended;
	event.error = context->error;
	event.saved = !context->on_engine && context->ended == context->submitted;
	event.ran_ns = ran_ns(context);
	destroyed = context->destroyed;
	spin_unlock_irq(&context->lock);

	free_finished(&finished);
	if (!destroyed)
		context->event(context->owner, context, &event);
	kref_put(&context->kref, free_context);
}

/* i915 tells of every context that goes on an engine or leaves it; in atomic context. */
static int context_switched(struct notifier_block *block, unsigned long action, void *data)
{
	struct gvt_host_engine *engine = container_of(block, struct gvt_host_engine, switched);
	struct i915_request *request = data;
	struct gvt_host_context *context;
	unsigned long flags;

	xa_lock_irqsave(&engine->contexts, flags);
	context = xa_load(&engine->contexts, (unsigned long)request->context);
	if (context) {
		spin_lock(&context->lock);
		context->on_engine = action == INTEL_CONTEXT_SCHEDULE_IN;
		spin_unlock(&context->lock);
		if (action == INTEL_CONTEXT_SCHEDULE_OUT)
			queue_event(context);
	}
	xa_unlock_irqrestore(&engine->contexts, flags);
	return NOTIFY_OK;
}

/* Engines may come after this module did: a GPU that is bound anew has none when it is found. */
static struct gvt_host_engine *watch_engine(struct gvt_host *host, enum gvt_engine which)
{
	struct gvt_host_engine *engine = &host->engines[which];

	mutex_lock(&host->engines_lock);
	if (!engine->streamer && to_gt(host->i915)->engine[engine_ids[which]]) {
		engine->streamer = to_gt(host->i915)->engine[engine_ids[which]];
		engine->switched.notifier_call = context_switched;
		atomic_notifier_chain_register(&engine->streamer->context_status_notifier, &engine->switched);
	}
	mutex_unlock(&host->engines_lock);
	return engine->streamer ? engine : NULL;
}

int gvt_i915_contexts_init(struct gvt_host *host)
{
	mutex_init(&host->engines_lock);
	for (enum gvt_engine engine = 0; engine < GVT_ENGINES; engine++)
		xa_init_flags(&host->engines[engine].contexts, XA_FLAGS_LOCK_IRQ);
	/* A guest waits for each event. */
	host->events = alloc_workqueue("gvt", WQ_HIGHPRI, 0);
	return host->events ? 0 : -ENOMEM;
}

void gvt_i915_contexts_fini(struct gvt_host *host)
{
	for (unsigned int i = 0; i < GVT_ENGINES; i++) {
		struct gvt_host_engine *engine = &host->engines[i];

		if (engine->streamer)
			atomic_notifier_chain_unregister(&engine->streamer->context_status_notifier,
							 &engine->switched);
	}
	destroy_workqueue(host->events);
	mutex_destroy(&host->engines_lock);
}

/* A context of i915 that is ours alone; its page tables' root is never i915's own. */
static struct intel_context *create_ce(struct gvt_host *host, struct intel_engine_cs *engine, u32 ring_size)
{
	struct i915_ppgtt *ppgtt = i915_ppgtt_create(to_gt(host->i915), I915_BO_ALLOC_PM_EARLY);
	struct intel_context *ce;
	int err;

	if (IS_ERR(ppgtt))
		return ERR_CAST(ppgtt);
	ce = intel_context_create(engine);
	if (IS_ERR(ce)) {
		i915_vm_put(&ppgtt->vm);
		return ce;
	}
	i915_vm_put(ce->vm);
	ce->vm = &ppgtt->vm;
	ce->ring_size = ring_size;
	err = intel_context_pin(ce);
	if (!err)
		return ce;
	intel_context_put(ce);
	return ERR_PTR(err);
}

static void set_levels(struct intel_context *ce, unsigned int levels)
{
	const u64 mode = levels == 4 ? INTEL_LEGACY_64B_CONTEXT : INTEL_LEGACY_32B_CONTEXT;

	ce->lrc.desc &= ~(3ull << GEN8_CTX_ADDRESSING_MODE_SHIFT);
	ce->lrc.desc |= mode << GEN8_CTX_ADDRESSING_MODE_SHIFT;
}

struct gvt_host_context *gvt_host_context_create(struct gvt_host *host, enum gvt_engine engine,
						 u32 ring_size, unsigned int levels,
						 gvt_host_event_fn event, void *owner)
{
	struct gvt_host_engine *watched = watch_engine(host, engine);
	struct gvt_host_context *context;
	int err;

	if (!watched)
		return ERR_PTR(-ENODEV);
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context)
		return ERR_PTR(-ENOMEM);
	kref_init(&context->kref);
	spin_lock_init(&context->lock);
	INIT_LIST_HEAD(&context->submissions);
	INIT_LIST_HEAD(&context->finished);
	INIT_WORK(&context->tell, tell);
	context->host = host;
	context->event = event;
	context->owner = owner;
	context->ce = create_ce(host, watched->streamer, ring_size);
	if (IS_ERR(context->ce)) {
		err = PTR_ERR(context->ce);
		kfree(context);
		return ERR_PTR(err);
	}
	set_levels(context->ce, levels);
	context->engine = watched;
	err = xa_err(xa_store_irq(&watched->contexts, (unsigned long)context->ce, context, GFP_KERNEL));
	if (!err)
		return context;
	kref_put(&context->kref, free_context);
	return ERR_PTR(err);
}

void gvt_host_context_destroy(struct gvt_host_context *context)
{
	xa_erase_irq(&context->engine->contexts, (unsigned long)context->ce);
	spin_lock_irq(&context->lock);
	context->destroyed = true;
	spin_unlock_irq(&context->lock);
	kref_put(&context->kref, free_context);
}

void gvt_host_contexts_settle(struct gvt_host *host)
{
	flush_workqueue(host->events);
}

void *gvt_host_context_image(struct gvt_host_context *context, unsigned int *pages)
{
	*pages = DIV_ROUND_UP(context->ce->engine->context_size, PAGE_SIZE);
	return (void *)context->ce->lrc_reg_state - LRC_STATE_OFFSET;
}

void gvt_host_context_set_roots(struct gvt_host_context *context, const u64 *roots)
{
	static const u8 places[] = { CTX_PDP0_UDW, CTX_PDP1_UDW, CTX_PDP2_UDW, CTX_PDP3_UDW };
	u32 *registers = context->ce->lrc_reg_state;
	bool four_levels = context->ce->lrc.desc >> GEN8_CTX_ADDRESSING_MODE_SHIFT & 2;

	for (unsigned int i = 0; i < (four_levels ? 1 : ARRAY_SIZE(places)); i++) {
		registers[places[i]] = upper_32_bits(roots[i]);
		registers[places[i] + 2] = lower_32_bits(roots[i]);
	}
}

static int emit(struct i915_request *request, const u32 *commands, u32 dwords)
{
	u32 *to;
	int err;

	if (request->engine->emit_init_breadcrumb) {
		err = request->engine->emit_init_breadcrumb(request);
		if (err)
			return err;
	}
	to = intel_ring_begin(request, round_up(dwords, 2));
	if (IS_ERR(to))
		return PTR_ERR(to);
	memcpy(to, commands, dwords * sizeof(*commands));
	if (dwords % 2)
		to[dwords] = MI_NOOP;
	intel_ring_advance(request, to + round_up(dwords, 2));
	return 0;
}

static void enlist(struct gvt_host_context *context, struct submission *submission)
{
	spin_lock_irq(&context->lock);
	context->submitted++;
	list_add_tail(&submission->node, &context->submissions);
	spin_unlock_irq(&context->lock);
	if (dma_fence_add_callback(&submission->request->fence, &submission->ended, request_ended)) {
		/* It has ended already; the callback was not taken. */
		unsigned long flags;

		spin_lock_irqsave(submission->request->fence.lock, flags);
		request_ended(&submission->request->fence, &submission->ended);
		spin_unlock_irqrestore(submission->request->fence.lock, flags);
	}
}

int gvt_host_context_submit(struct gvt_host_context *context, const u32 *commands, u32 dwords)
{
	struct submission *submission = kzalloc(sizeof(*submission), GFP_KERNEL);
	struct i915_request *request;
	int err;

	if (!submission)
		return -ENOMEM;
	request = i915_request_create(context->ce);
	if (IS_ERR(request)) {
		kfree(submission);
		return PTR_ERR(request);
	}
	submission->context = context;
	submission->request = i915_request_get(request);
	err = emit(request, commands, dwords);
	/* Also one with an error must be added, and runs what it has. */
	i915_request_add(request);
	if (err) {
		i915_request_put(request);
		kfree(submission);
		return err;
	}
	enlist(context, submission);
	return 0;
}

/* The oldest request that has not ended, held; NULL when there is none. */
static struct i915_request *oldest(struct gvt_host_context *context)
{
	struct i915_request *request = NULL;

	spin_lock_irq(&context->lock);
	if (!list_empty(&context->submissions))
		request = i915_request_get(
			list_first_entry(&context->submissions, struct submission, node)->request);
	spin_unlock_irq(&context->lock);
	return request;
}

/* Requests of a banned context end when i915 comes to them; the one that runs is taken off the engine. */
void gvt_host_context_stop(struct gvt_host_context *context)
{
	struct i915_request *request;

	intel_context_set_banned(context->ce);
	request = oldest(context);
	if (!request)
		return;
	cmpxchg(&request->fence.error, 0, -EIO);
	set_bit(I915_FENCE_FLAG_SENTINEL, &request->fence.flags);
	intel_context_cancel_request(context->ce, request);
	i915_request_put(request);
}
