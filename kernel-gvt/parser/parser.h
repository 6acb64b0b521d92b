/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parser.h - what a guest may have its engines do: commands are checked as they are copied
 *
 * A ring's commands run with all privileges, so what is handed to the hardware is a copy made here,
 * command by command. Batches that run with privileges, from graphics memory that all share, become
 * part of that copy. Batches in a process's own address space stay where they are: hardware itself
 * refuses there what is not allowed.
 *
 * Knows nothing of vGPUs, hosts and guests: two functions say what addresses are the guest's, and
 * read its memory.
 */
#ifndef GVT_PARSER_H
#define GVT_PARSER_H

#include <linux/types.h>

#include "../host/host.h"

struct gvt_parser {
	/* The caller's. */
	unsigned int generation; /* 8 or 9 */
	enum gvt_engine engine;
	u64 status_page; /* the context's own, as graphics memory: what commands write by an index */
	u32 *out; /* the copy: room for this many dwords */
	u32 room;
	/* Are these bytes of graphics memory the guest's? */
	bool (*owns)(void *opaque, u64 address, u64 bytes);
	/* Copy bytes of graphics memory, none of which is read twice. Returns 0 or -EFAULT. */
	int (*read)(void *opaque, u64 address, void *to, u32 bytes);
	void *opaque;

	/* Results. */
	u32 count; /* dwords of the copy */
	bool interrupt; /* the guest asks for its user interrupt */
	const char *why; /* what was refused; then: */
	u32 command; /* its first dword */
	u32 place; /* where it is, in dwords from the beginning of the ring's part or of its batch */
};

/*
 * Copy and check what a ring holds. Returns 0; -EPERM (refused; `why` says what), -EFAULT (a batch is
 * not in the guest's memory) or -E2BIG (no room).
 */
int gvt_parse_ring(struct gvt_parser *parser, const u32 *commands, u32 dwords);

#endif
