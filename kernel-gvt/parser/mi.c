// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of the memory interface, which all engines have (Skylake PRM, vol. 2a): what each touches
 * beside its own context, and who may use it.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "internal.h"

#define RENDER BIT(GVT_RCS)

/* In the first dword: the address is one of graphics memory that all share. */
#define USE_GGTT BIT(22)
/* Of MI_COPY_MEM_MEM: the source's, the destination's. */
#define COPY_FROM_GGTT BIT(22)
#define COPY_TO_GGTT   BIT(21)

u64 gvt_address_at(const struct gvt_command *command, u32 dword)
{
	return (u64)command->dwords[dword + 1] << 32 | (command->dwords[dword] & ~3u);
}

int gvt_check_owned(struct gvt_parser *parser, u64 address, u64 bytes)
{
	if (parser->owns(parser->opaque, address, bytes))
		return 0;
	return gvt_parser_refuse(parser, "its address is not the guest's");
}

int gvt_check_address(struct gvt_parser *parser, const struct gvt_command *command, u64 address, u64 bytes)
{
	if (!command->privileged)
		return gvt_parser_refuse(parser, "a batch without privileges uses memory that all share");
	return gvt_check_owned(parser, address, bytes);
}

static int check_ggtt(struct gvt_parser *parser, const struct gvt_command *command, u32 bit, u32 dword,
		      u64 bytes)
{
	if (!(command->dwords[0] & bit))
		return 0;
	return gvt_check_address(parser, command, gvt_address_at(command, dword), bytes);
}

static int check_interrupt(struct gvt_parser *parser, struct gvt_command *command)
{
	parser->interrupt = true;
	command->dwords[0] = MI_NOOP;
	return 0;
}

/*
 * Guests say that they are not to be interrupted in their batches, for they know of nobody who could
 * have a reason. The host does. Gen8 can't interrupt anyway.
 */
static int check_arbitration(struct gvt_parser *parser, struct gvt_command *command)
{
	if (parser->generation >= 9)
		command->dwords[0] |= BIT(0);
	return 0;
}

#define STORE_IMMEDIATE (0x20u << 23)
#define STORE_QWORD	BIT(21)

/* One that has qwords stores them whole, even if the command ends in the midst of one. */
static int check_store(struct gvt_parser *parser, struct gvt_command *command)
{
	u64 bytes = 4ull * (command->length - 3);

	if (command->dwords[0] & STORE_QWORD)
		bytes = round_up(bytes, 8);
	return check_ggtt(parser, command, USE_GGTT, 1, bytes);
}

#define INDEX_OWN_PAGE BIT(21)

/* The same by an address, which takes a dword more: an index would be to the shadow's page. */
static int store_by_address(struct gvt_parser *parser, struct gvt_command *command)
{
	u32 *dwords = command->dwords;

	if (command->length == parser->room - parser->count)
		return -E2BIG;
	dwords[4] = dwords[3];
	dwords[3] = dwords[2];
	dwords[1] &= 0xffc;
	dwords[0] = STORE_IMMEDIATE | USE_GGTT | (command->length - 1);
	if (command->length == 4)
		dwords[0] |= STORE_QWORD;
	gvt_set_status_address(parser, &dwords[1]);
	command->length++;
	return gvt_check_owned(parser, gvt_address_at(command, 1), 4ull * (command->length - 3));
}

/* In a batch that runs where it is, it is the shadow's page that is written, and nobody reads that. */
static int check_store_index(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!(command->dwords[0] & INDEX_OWN_PAGE))
		return gvt_parser_refuse(parser, "it writes the engine's status page, which is the host's");
	return command->copied ? store_by_address(parser, command) : 0;
}

static int check_load_immediate(struct gvt_parser *parser, struct gvt_command *command)
{
	if (command->length % 2 == 0)
		return gvt_parser_refuse(parser, "a register has no value");
	for (u32 i = 1; i < command->length; i += 2)
		if (!gvt_register_writable(parser, command->dwords[i], command->dwords[i + 1]))
			return gvt_parser_refuse(parser, "it writes a register that is not the context's");
	return 0;
}

static int check_store_register(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!gvt_register_readable(parser, command->dwords[1]))
		return gvt_parser_refuse(parser, "it reads a register that is not the context's");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

/* What is loaded is not known: so only where any value will do. */
static int check_load_register(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!gvt_register_writable(parser, command->dwords[1], 0xffffffff))
		return gvt_parser_refuse(parser, "it loads a register that is not the context's");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

static int check_move_register(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!gvt_register_readable(parser, command->dwords[1]) ||
	    !gvt_register_writable(parser, command->dwords[2], 0xffffffff))
		return gvt_parser_refuse(parser, "it moves a register that is not the context's");
	return 0;
}

void gvt_set_status_address(const struct gvt_parser *parser, u32 *address)
{
	u64 place = parser->status_page + (address[0] & 0xffc);

	address[0] = lower_32_bits(place);
	address[1] = upper_32_bits(place);
}

#define FLUSH_NOTIFY	  BIT(8)
#define FLUSH_STORE_INDEX BIT(21)
#define FLUSH_POST_SYNC	  (3u << 14)
/* Of the address's dword. */
#define FLUSH_USE_GGTT BIT(2)

static int check_flush(struct gvt_parser *parser, struct gvt_command *command)
{
	u32 *header = command->dwords;
	u64 address;

	parser->interrupt |= !!(*header & FLUSH_NOTIFY);
	*header &= ~FLUSH_NOTIFY;
	if (!(*header & FLUSH_POST_SYNC))
		return 0;
	if (*header & FLUSH_STORE_INDEX && command->copied) {
		*header &= ~FLUSH_STORE_INDEX;
		gvt_set_status_address(parser, &command->dwords[1]);
		command->dwords[1] |= FLUSH_USE_GGTT;
		return gvt_check_owned(parser, gvt_address_at(command, 1) & ~7ull, 8);
	}
	address = (u64)command->dwords[2] << 32 | (command->dwords[1] & ~7u);
	return command->dwords[1] & FLUSH_USE_GGTT ? gvt_check_address(parser, command, address, 8) : 0;
}

/* Cache lines of a page, which the address's lower bits do not say. */
static int check_line_flush(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!(command->dwords[0] & USE_GGTT))
		return 0;
	return gvt_check_address(parser, command, gvt_address_at(command, 1) & ~0xfffull, 4096);
}

#define REPORT_USE_GGTT BIT(0)
#define REPORT_BYTES	256u

static int check_report(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!(command->dwords[1] & REPORT_USE_GGTT))
		return 0;
	return gvt_check_address(parser, command, gvt_address_at(command, 1) & ~0x3full, REPORT_BYTES);
}

static int check_copy(struct gvt_parser *parser, struct gvt_command *command)
{
	int err = check_ggtt(parser, command, COPY_TO_GGTT, 1, 4);

	return err ?: check_ggtt(parser, command, COPY_FROM_GGTT, 3, 4);
}

static int check_atomic(struct gvt_parser *parser, struct gvt_command *command)
{
	return check_ggtt(parser, command, USE_GGTT, 1, 16);
}

#define SEMAPHORE_POLL BIT(15)

static int check_semaphore(struct gvt_parser *parser, struct gvt_command *command)
{
	if (!(command->dwords[0] & SEMAPHORE_POLL))
		return gvt_parser_refuse(parser, "it waits for a signal that nobody gives");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

/* Its address has 32 bits on Gen8. */
static int check_conditional_end(struct gvt_parser *parser, struct gvt_command *command)
{
	u64 address = command->length > 3 ? gvt_address_at(command, 2) : command->dwords[2] & ~3u;

	return command->dwords[0] & USE_GGTT ? gvt_check_address(parser, command, address, 8) : 0;
}

#define ONE_DWORD .longest = { 1, 1 }
#define LENGTH(bits_, longest_) .bits = (bits_), .bias = 2, .longest = { (longest_), (longest_) }

static const struct gvt_command_rule mi_rules[64] = {
	[0x00] = { ONE_DWORD }, /* MI_NOOP */
	[0x01] = { ONE_DWORD, .engines = RENDER }, /* MI_SET_PREDICATE */
	[0x02] = { ONE_DWORD, .least = 1, .check = check_interrupt }, /* MI_USER_INTERRUPT */
	[0x03] = { ONE_DWORD, .never = "MI_WAIT_FOR_EVENT waits for the host's display" },
	[0x05] = { ONE_DWORD }, /* MI_ARB_CHECK */
	[0x06] = { ONE_DWORD, .engines = RENDER }, /* MI_RS_CONTROL */
	[0x07] = { ONE_DWORD, .never = "MI_REPORT_HEAD writes the host's status page" },
	[0x08] = { ONE_DWORD, .least = 1, .check = check_arbitration,
		   .not_in_batches = "MI_ARB_ON_OFF keeps others off the engine" },
	[0x09] = { ONE_DWORD, .engines = RENDER }, /* MI_URB_ATOMIC_ALLOC */
	[0x0a] = { ONE_DWORD }, /* MI_BATCH_BUFFER_END */
	[0x0b] = { ONE_DWORD, .never = "MI_SUSPEND_FLUSH keeps what all share from being written back" },
	[0x0c] = { ONE_DWORD, .engines = RENDER }, /* MI_PREDICATE */
	[0x0d] = { ONE_DWORD, .engines = RENDER }, /* MI_TOPOLOGY_FILTER */
	[0x0e] = { ONE_DWORD, .never = "MI_SET_APPID names a protected session, which is the host's" },
	[0x0f] = { ONE_DWORD, .engines = RENDER }, /* MI_RS_CONTEXT */
	[0x12] = { LENGTH(6, 2), .never = "MI_LOAD_SCAN_LINES_INCL waits for the host's display" },
	[0x13] = { LENGTH(6, 2), .never = "MI_LOAD_SCAN_LINES_EXCL waits for the host's display" },
	[0x14] = { LENGTH(8, 3), .never = "MI_DISPLAY_FLIP flips a plane of the host's display" },
	[0x18] = { LENGTH(8, 2), .never = "MI_SET_CONTEXT loads an image that nobody has checked" },
	[0x19] = { .bits = 8, .bias = 2, .longest = { 2, 0 }, .engines = RENDER }, /* MI_URB_CLEAR */
	[0x1a] = { .bits = 8, .bias = 2, .longest = { 65, 257 } }, /* MI_MATH */
	[0x1b] = { LENGTH(8, 2), .never = "MI_SEMAPHORE_SIGNAL signals a context by the host's number" },
	[0x1c] = { LENGTH(8, 4), .least = 4, .check = check_semaphore }, /* MI_SEMAPHORE_WAIT */
	[0x1d] = { .bits = 8, .bias = 2, .longest = { 0, 2 },
		   .never = "MI_FORCE_WAKEUP keeps the GPU awake" },
	[0x20] = { LENGTH(10, 1025), .least = 4, .check = check_store }, /* MI_STORE_DATA_IMM */
	[0x21] = { LENGTH(8, 4), .least = 3, .check = check_store_index }, /* MI_STORE_DATA_INDEX */
	[0x22] = { LENGTH(8, 257), .least = 3, .check = check_load_immediate }, /* MI_LOAD_REGISTER_IMM */
	[0x23] = { LENGTH(10, 1025), .never = "MI_UPDATE_GTT writes the table that all share" },
	[0x24] = { LENGTH(8, 4), .least = 4, .check = check_store_register }, /* MI_STORE_REGISTER_MEM */
	[0x26] = { LENGTH(6, 5), .least = 4, .check = check_flush }, /* MI_FLUSH_DW */
	/* MI_CLFLUSH, MI_REPORT_PERF_COUNT */
	[0x27] = { LENGTH(10, 1025), .least = 3, .engines = RENDER, .check = check_line_flush },
	[0x28] = { LENGTH(6, 4), .least = 4, .engines = RENDER, .check = check_report },
	[0x29] = { LENGTH(8, 4), .least = 4, .check = check_load_register }, /* MI_LOAD_REGISTER_MEM */
	[0x2a] = { LENGTH(8, 3), .least = 3, .check = check_move_register }, /* MI_LOAD_REGISTER_REG */
	[0x2b] = { LENGTH(8, 4), .engines = RENDER }, /* MI_RS_STORE_DATA_IMM */
	[0x2c] = { LENGTH(8, 4), .engines = RENDER }, /* MI_LOAD_URB_MEM */
	[0x2d] = { LENGTH(8, 4), .engines = RENDER }, /* MI_STORE_URB_MEM */
	[0x2e] = { LENGTH(8, 5), .least = 5, .check = check_copy }, /* MI_COPY_MEM_MEM */
	[0x2f] = { LENGTH(8, 11), .least = 3, .check = check_atomic }, /* MI_ATOMIC */
	[0x31] = { LENGTH(8, 3), .least = 3 }, /* MI_BATCH_BUFFER_START */
	/* MI_CONDITIONAL_BATCH_BUFFER_END */
	[0x36] = { LENGTH(8, 4), .least = 3, .check = check_conditional_end },
};

const struct gvt_command_rule *gvt_mi_find(u32 header)
{
	return &mi_rules[header >> 23 & 0x3f];
}
