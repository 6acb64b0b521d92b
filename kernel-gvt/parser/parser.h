/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parser.h - what a guest may have its engines do
 *
 * A ring's commands run with all privileges, so what is handed to the hardware is a copy made here,
 * command by command. Batches that run with privileges, from graphics memory that all share, become
 * part of that copy.
 *
 * Batches in a context's own address space have none. Hardware itself refuses there what is
 * privileged, whatever a guest writes into its batch while that runs; so they stay where they are,
 * and are looked at before they run: what has no place in one is not handed over at all, and its
 * reason is known. Gen9's blitter is the exception: it lets such batches write registers that it
 * should not, so that its batches become part of the copy, too, and are checked as they run.
 *
 * Knows nothing of vGPUs, hosts and guests: functions say what addresses are the guest's, and reach
 * its memory.
 */
#ifndef GVT_PARSER_H
#define GVT_PARSER_H

#include <linux/types.h>

#include "../host/host.h"

/*
 * Of batches in a context's own address space, for one call: dwords; places where one begins; stores
 * that may set where one jumps, the latest; jumps that are set so.
 */
#define GVT_PARSER_BATCH_DWORDS (4u << 20)
#define GVT_PARSER_STARTS	1024u
#define GVT_PARSER_STORES	256u
#define GVT_PARSER_JUMPS	256u

/* What the parser keeps while it works; more than a stack has room for. */
struct gvt_parser_notes {
	u32 start_count, store_count, jump_count;
	u64 starts[GVT_PARSER_STARTS];
	struct {
		u64 place, value;
	} stores[GVT_PARSER_STORES];
	u64 jumps[GVT_PARSER_JUMPS];
};

struct gvt_parser {
	/* The caller's. */
	unsigned int generation; /* 8 or 9 */
	enum gvt_engine engine;
	u64 status_page; /* the context's own, as graphics memory: what commands write by an index */
	u32 *out; /* the copy: room for this many dwords */
	u32 room;
	struct gvt_parser_notes *notes; /* nothing need be in them */
	/* Are these bytes of graphics memory the guest's? */
	bool (*owns)(void *opaque, u64 address, u64 bytes);
	/* Copy bytes of graphics memory, none of which is read twice. Returns 0 or -EFAULT. */
	int (*read)(void *opaque, u64 address, void *to, u32 bytes);
	/*
	 * Memory of the context's own address space from there to the end of its page, which the guest
	 * may be writing; NULL where there is none.
	 */
	const u32 *(*memory)(void *opaque, u64 address);
	void *opaque;

	/* Results. */
	u32 used; /* dwords of the ring's that were looked at */
	u32 count; /* dwords of the copy */
	u64 scanned; /* dwords that were looked at, all in all */
	bool interrupt; /* the guest asks for its user interrupt */
	const char *why; /* what was refused; then: */
	u32 command; /* its first dword */
	u64 batch; /* where its batch begins; 0: it is the ring's own */
	u32 place; /* where it is, in dwords from the beginning of the ring's part or of its batch */
};

/* Do that engine's batches become part of the copy, even those without privileges? */
bool gvt_parser_copies_batches(enum gvt_engine engine, unsigned int generation);

/*
 * Copy and check what a ring holds, and look at the batches that it starts: up to where the guest asks
 * for its interrupt, or to the end. Where it is refused, the copy has what comes before. Returns 0; -EPERM
 * (refused; `why` says what), -EFAULT (a batch is not in the guest's memory; `why` says which) or
 * -E2BIG (no room).
 */
int gvt_parse_ring(struct gvt_parser *parser, const u32 *commands, u32 dwords);

/*
 * Put into the image of a context, which hardware will load, what the guest's of the same context may
 * set there. Both begin with the registers' page. Of the parser's, generation and engine are needed.
 */
void gvt_parse_image(struct gvt_parser *parser, u32 *image, const u32 *guest, u32 dwords);

#endif
