/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - a command streamer: execlist port, context status buffer and the thread that runs it
 *
 * Layers: engine.c (registers, thread, reset) > execlist.c (what is submitted, what is reported) >
 * context.c (register state to and from the context image) > streamer.c (ring and batches) >
 * commands-*.c (what a command does). Only engine.c and execlist.c take gpu->lock for longer than
 * one register; commands run without it.
 */
#ifndef GPUSIM_ENGINE_H
#define GPUSIM_ENGINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "gtt.h"
#include "interrupt.h"

enum engine_id {
	ENGINE_RCS,
	ENGINE_BCS,
	ENGINE_VCS0,
	ENGINE_VECS,
	ENGINE_COUNT
};

struct engine_info {
	const char *name;
	uint32_t base; /* of its registers */
	enum irq_group irq; /* group of its interrupts, */
	unsigned int shift; /* and place of its half word there */
	uint32_t reset_bit; /* in GDRST */
	uint8_t fault_id; /* in the fault register */
	uint32_t streamer_done; /* in INSTDONE: the command streamer has nothing to do */
};

extern const struct engine_info engine_info[ENGINE_COUNT];

/* Context descriptor (PRM "Context Descriptor Format"; i915: gt/intel_lrc.h). */
#define CTX_VALID		   (1ull << 0)
#define CTX_FORCE_RESTORE	   (1ull << 2)
#define CTX_ADDRESSING(descriptor) ((descriptor) >> 3 & 3)
#define CTX_ADDRESSING_PPGTT64	   3
#define CTX_LRCA(descriptor)	   ((uint32_t)(descriptor)&0xfffff000u)
#define CTX_ID(descriptor)	   ((uint32_t)((descriptor) >> 32))

#define EXECLIST_ELEMENTS 2

struct execlist {
	uint64_t element[EXECLIST_ELEMENTS];
	unsigned int count;
};

enum stream_level {
	LEVEL_RING,
	LEVEL_BATCH,
	LEVEL_SECOND,
	STREAM_LEVELS
};

/* Where commands are fetched from; the thread's own while the engine is busy. */
struct stream {
	enum stream_level level;
	uint64_t address[STREAM_LEVELS]; /* of the next command; [LEVEL_RING] is an offset: HEAD */
	bool global[STREAM_LEVELS]; /* fetched through the GGTT, not the PPGTT */
	struct address_space ppgtt;
	bool arbitration; /* MI_ARB_ON_OFF */
	uint8_t predicate; /* MI_SET_PREDICATE */
	bool waiting; /* at an MI_SEMAPHORE_WAIT that did not pass */
	uint32_t signals_seen; /* engine->signals when it was last looked at */
	bool prologue; /* the context was just restored: its workaround batches come first */
};

/*
 * What the blitter's setup commands leave to later ones, as it was in the command: BR01, BR05 to
 * BR07 or BR20 and BR21, BR09, BR24 and BR25.
 */
struct blitter_setup {
	uint32_t control;
	unsigned int channels;
	uint32_t clip_top_left, clip_bottom_right;
	uint64_t destination;
	uint32_t background, foreground;
	uint64_t pattern; /* the bits themselves if monochrome, else the address */
	bool mono_pattern;
};

/* What one thread tells another: hold, attention, preempt. */
static inline bool flag_is_up(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static inline void flag_set(bool *flag, bool up)
{
	__atomic_store_n(flag, up, __ATOMIC_RELEASE);
}

struct gpu;

struct engine {
	struct gpu *gpu;
	const struct engine_info *info;
	pthread_t thread;
	pthread_cond_t work; /* for the thread: something changed */
	pthread_cond_t quiet; /* for others: the thread is not running commands */

	/* Below: gpu->lock. */
	bool exit;
	unsigned int resets; /* under way: each waits for the thread to hold still */
	bool hold; /* for a reset: do not run; atomic, the thread peeks */
	bool running; /* commands are being executed outside the lock */
	bool hung; /* stopped by an error until reset */
	bool hang_due; /* to be hung by the next list it accepts: injection.h */
	bool attention; /* leave the command loop at the next boundary: atomic, */
	bool preempt; /* leave it at the next arbitration point: atomic, too */
	bool at_arbitration; /* the running context stands where it may be switched out */

	uint32_t port[4]; /* ELSP writes so far */
	unsigned int port_count;
	struct execlist current;
	unsigned int current_index; /* of the element that runs */
	struct execlist next;
	unsigned int csb_write;
	uint64_t submissions, interrupts; /* counted for gpu_engine_status() */

	uint64_t loaded; /* descriptor whose state is in the registers; 0: none */
	uint64_t loaded_at;
	struct stream stream;
	uint32_t signals; /* MI_SEMAPHORE_SIGNALs for the running context: atomics */
	struct blitter_setup blitter;
	struct tlb tlb; /* of what its commands access, and of the commands */
};

int engine_start(struct gpu *gpu, enum engine_id id);
void engine_stop(struct engine *engine);

/* With gpu->lock held; waits (releasing it) until the thread holds still: not from that thread. */
void engine_reset(struct engine *engine);

/* With gpu->lock held: something that the thread decides by has changed. */
void engine_wake(struct engine *engine);
/* The same: it runs commands, or would if it did not hang. */
bool engine_is_busy(const struct engine *engine);

/* The engine's own register; the lock is not needed for these plain accesses. */
uint32_t engine_reg(const struct engine *engine, uint32_t offset);
void engine_set_reg(struct engine *engine, uint32_t offset, uint32_t value);
/* Two of them, the lower half first. */
uint64_t engine_reg64(const struct engine *engine, uint32_t offset);
/* What the engine's timestamp registers show: 36 bits. */
uint64_t engine_timestamp(const struct engine *engine);

/* With gpu->lock held: raise bits of the engine's half word, through its own IMR. */
void engine_interrupt(struct engine *engine, uint32_t bits);

/* With gpu->lock held: the engine met an access that finds no page, or a command that is none. */
void engine_fault(struct engine *engine, const struct gtt_fault *fault);
void engine_error(struct engine *engine, const char *what, uint32_t command);

#endif
