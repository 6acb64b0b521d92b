// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "context.h"
#include "device.h"
#include "execlist.h"
#include "regs.h"
#include "watch.h"

/* Context status (low dword of an entry; the high one is the context's id). */
#define CSB_IDLE_ACTIVE	   (1u << 0)
#define CSB_PREEMPTED	   (1u << 1)
#define CSB_ELEMENT_SWITCH (1u << 2)
#define CSB_ACTIVE_IDLE	   (1u << 3)
#define CSB_COMPLETE	   (1u << 4)
#define CSB_LITE_RESTORE   (1u << 15)

#define STATUS_QUEUE_FULL     (1u << 2)
#define STATUS_LIST0_VALID    (1u << 4)
#define STATUS_ELEMENT(index) (((index) + 1u) << 14)
#define STATUS_ARBITRATION    (1u << 16)
#define STATUS_LIST0_ACTIVE   (1u << 18)

/* In the global hardware status page. */
#define HWSP_CSB       0x40
#define HWSP_CSB_WRITE 0x7c

static void report(struct engine *engine, uint32_t status, uint64_t descriptor)
{
	struct address_space space = gpu_global_space(engine->gpu);
	uint64_t hwsp = engine_reg(engine, RING_HWS_PGA) & ~GPU_PAGE_MASK;
	uint64_t entry = injection_report(engine, (uint64_t)CTX_ID(descriptor) << 32 | status);
	uint32_t at = (engine->csb_write + 1) % CSB_ENTRIES;

	engine->csb_write = at;
	watch_status(engine, at, entry);
	engine_set_reg(engine, RING_CSB + 8 * at, entry);
	engine_set_reg(engine, RING_CSB + 8 * at + 4, entry >> 32);
	/* Entry, then pointer, then interrupt: a driver reads them the other way round. */
	gtt_write(&space, hwsp + HWSP_CSB + 8 * at, &entry, sizeof(entry), NULL);
	gtt_write(&space, hwsp + HWSP_CSB_WRITE, &at, sizeof(at), NULL);
	engine_interrupt(engine, GT_CONTEXT_SWITCH_INTERRUPT);
}

static bool is_active(const struct engine *engine)
{
	return engine->current.count;
}

static uint64_t running(const struct engine *engine)
{
	return engine->current.element[engine->current_index];
}

bool execlist_has_work(const struct engine *engine)
{
	return engine->next.count || is_active(engine);
}

void execlist_port_write(struct engine *engine, uint32_t value)
{
	const uint32_t *port = engine->port;
	uint64_t element[EXECLIST_ELEMENTS];

	engine->port[engine->port_count++] = value;
	if (engine->port_count < 4)
		return;
	engine->port_count = 0;
	engine->submissions++;
	engine->hang_due |= injection_hangs(engine);
	/* Element 1 comes first, each with its upper dword first. */
	element[1] = (uint64_t)port[0] << 32 | port[1];
	element[0] = (uint64_t)port[2] << 32 | port[3];
	watch_submission(engine, element);
	engine->next = (struct execlist){ .count = 0 };
	for (unsigned int i = 0; i < EXECLIST_ELEMENTS && element[i] & CTX_VALID; i++)
		engine->next.element[engine->next.count++] = element[i];
	flag_set(&engine->preempt, engine->next.count > 0);
}

uint64_t execlist_status(const struct engine *engine)
{
	uint64_t status = engine->stream.arbitration ? STATUS_ARBITRATION : 0;

	if (engine->next.count)
		status |= STATUS_QUEUE_FULL;
	if (!is_active(engine))
		return status;
	status |= STATUS_LIST0_VALID | STATUS_LIST0_ACTIVE | STATUS_ELEMENT(engine->current_index);
	return status | (uint64_t)CTX_ID(running(engine)) << 32;
}

/* The same context again needs no switch, just the ring's new tail. */
static bool is_lite_restore(const struct engine *engine)
{
	uint64_t to = engine->next.element[0];

	return is_active(engine) && engine->loaded == running(engine) &&
	       CTX_ID(running(engine)) == CTX_ID(to) && CTX_LRCA(running(engine)) == CTX_LRCA(to) &&
	       !(to & CTX_FORCE_RESTORE);
}

/* The submitted list takes the running one's place. */
static bool accept(struct engine *engine)
{
	uint64_t from = is_active(engine) ? running(engine) : 0;
	uint64_t to = engine->next.element[0];
	bool lite = is_lite_restore(engine);

	if (from && !lite && !context_save(engine))
		return false;
	engine->current = engine->next;
	engine->current_index = 0;
	engine->next.count = 0;
	flag_set(&engine->preempt, false);
	if (lite && !context_reload_tail(engine, to))
		return false;
	if (!from)
		report(engine, CSB_IDLE_ACTIVE, to);
	else
		report(engine, CSB_PREEMPTED | (lite ? CSB_LITE_RESTORE : 0), from);
	engine->hung = engine->hang_due;
	return true;
}

bool execlist_prepare(struct engine *engine)
{
	if (engine->next.count &&
	    (!is_active(engine) || engine->at_arbitration || is_lite_restore(engine)) &&
	    !accept(engine))
		return false;
	if (engine->loaded == running(engine))
		return true;
	return context_load(engine, running(engine));
}

void execlist_complete(struct engine *engine)
{
	uint64_t done = running(engine);

	if (!context_save(engine))
		return;
	if (engine->current_index + 1 < engine->current.count) {
		engine->current_index++;
		report(engine, CSB_COMPLETE | CSB_ELEMENT_SWITCH, done);
	} else {
		engine->current.count = 0;
		report(engine, CSB_COMPLETE | CSB_ACTIVE_IDLE, done);
	}
}

void execlist_reset(struct engine *engine)
{
	engine->port_count = 0;
	engine->current = (struct execlist){ .count = 0 };
	engine->next = (struct execlist){ .count = 0 };
	engine->current_index = 0;
	engine->loaded = 0;
	flag_set(&engine->preempt, false);
	engine->hang_due = false;
	engine->at_arbitration = true;
	/* The last entry, so that the first report lands in entry 0. */
	engine->csb_write = CSB_ENTRIES - 1;
}
