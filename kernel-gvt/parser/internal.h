/* SPDX-License-Identifier: GPL-2.0-only */
/* internal.h - what the files of the parser share */
#ifndef GVT_PARSER_INTERNAL_H
#define GVT_PARSER_INTERNAL_H

#include <linux/bits.h>

#include "parser.h"

/* Of a batch's start and end, which are the scans' own. */
#define MI_OPCODE_OF(header)  ((header) >> 23)
#define MI_NOOP				0x00u
#define MI_ARB_CHECK			0x05u
#define MI_ARB_ON_OFF			0x08u
#define MI_BATCH_BUFFER_END		0x0au
#define MI_STORE_DATA_IMM		0x20u
#define MI_BATCH_BUFFER_START		0x31u
#define MI_CONDITIONAL_BATCH_BUFFER_END	0x36u

#define START_PPGTT	   BIT(8) /* in the context's own address space, without privileges */
#define START_PREDICATED   BIT(15)
#define START_ADDS_OFFSET  BIT(16)
#define START_SECOND_LEVEL BIT(22)
#define START_ADDRESS	   0x0000fffffffffffcull

static inline u64 gvt_start_address(const u32 *start)
{
	return ((u64)start[2] << 32 | start[1]) & START_ADDRESS;
}

/* One command, whole, in the copy, where a check may change it, and have it a dword longer. */
struct gvt_command {
	u32 *dwords;
	u32 length;
	bool privileged; /* a ring's, or that of a batch with privileges */
	bool copied; /* it runs with privileges, as part of the copy, even if it came without */
};

typedef int (*gvt_command_check)(struct gvt_parser *parser, struct gvt_command *command);

/* What the manual says of a command, and what has to look at it. */
struct gvt_command_rule {
	u8 bits; /* of its length less `bias`, from bit 0 of its first dword; 0: it is one dword */
	u8 bias;
	u16 longest[2]; /* dwords, on Gen8 and Gen9; 0: there is no such command */
	u8 least; /* dwords that the check needs */
	u8 engines; /* bits by enum gvt_engine; 0: all */
	const char *never; /* why it is refused wherever it stands */
	const char *not_in_batches; /* why it is refused without privileges */
	gvt_command_check check; /* NULL: nothing of it can do harm */
};

/* Refuse it: returns -EPERM. */
int gvt_parser_refuse(struct gvt_parser *parser, const char *why);

/* The rule of a command by its first dword; NULL: there is no such command on that engine. */
const struct gvt_command_rule *gvt_command_find(const struct gvt_parser *parser, u32 header);
/* The same of those of the memory interface, and of the others. */
const struct gvt_command_rule *gvt_mi_find(u32 header);
const struct gvt_command_rule *gvt_pipeline_find(enum gvt_engine engine, u32 header);

/* How long it is; 0: refused, for it can't be so long, or may not be there. */
u32 gvt_command_length(struct gvt_parser *parser, const struct gvt_command_rule *rule, u32 header,
		       bool privileged);

/* The address in two dwords, and a check that graphics memory that is written or read is the guest's. */
u64 gvt_address_at(const struct gvt_command *command, u32 dword);
int gvt_check_owned(struct gvt_parser *parser, u64 address, u64 bytes);
int gvt_check_address(struct gvt_parser *parser, const struct gvt_command *command, u64 address, u64 bytes);
/* An index means the shadow's page for the hardware, and the guest's for the guest. */
void gvt_set_status_address(const struct gvt_parser *parser, u32 *address);

/* May commands of that engine write, or read, the register? A write's value is looked at as well. */
bool gvt_register_writable(const struct gvt_parser *parser, u32 offset, u32 value);
bool gvt_register_readable(const struct gvt_parser *parser, u32 offset);

/* Look at a batch of the context's own address space, and at all that it leads to. */
int gvt_scan_batch(struct gvt_parser *parser, u64 address);

#endif
