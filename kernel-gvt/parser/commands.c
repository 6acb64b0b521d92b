// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands: how long each is, and what it touches beside its own context (Skylake PRM, vol. 2a).
 *
 * The memory interface's are a table, and what is not in it is refused. Commands of the blitter and of
 * the pipelines reach memory through the context's own address space alone; PIPE_CONTROL is the
 * exception.
 */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "internal.h"

#define TYPE(header) ((header) >> 29)
#define TYPE_MI	     0u
#define TYPE_BLT     2u
#define TYPE_RENDER  3u

#define MI_OPCODE(header) ((header) >> 23 & 0x3f)
#define MI_NOOP		  0u

/* In the first dword: the address is one of graphics memory that all share. */
#define USE_GGTT BIT(22)
/* Of MI_COPY_MEM_MEM: the source's, the destination's. */
#define COPY_FROM_GGTT BIT(22)
#define COPY_TO_GGTT   BIT(21)

static u64 address_at(const struct gvt_command *command, u32 dword)
{
	return (u64)command->dwords[dword + 1] << 32 | (command->dwords[dword] & ~3u);
}

static int check_address(struct gvt_parser *parser, u64 address, u64 bytes)
{
	if (parser->owns(parser->opaque, address, bytes))
		return 0;
	return gvt_parser_refuse(parser, "its address is not the guest's");
}

static int check_ggtt(struct gvt_parser *parser, const struct gvt_command *command, u32 bit, u32 dword, u64 bytes)
{
	return command->dwords[0] & bit ? check_address(parser, address_at(command, dword), bytes) : 0;
}

static int check_interrupt(struct gvt_parser *parser, const struct gvt_command *command)
{
	parser->interrupt = true;
	command->dwords[0] = MI_NOOP;
	return 0;
}

/*
 * Guests say that they are not to be interrupted in their batches, for they know of nobody who could
 * have a reason. The host does. Gen8 can't interrupt anyway.
 */
static int check_arbitration(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (parser->generation >= 9)
		command->dwords[0] |= BIT(0);
	return 0;
}

static int check_store(struct gvt_parser *parser, const struct gvt_command *command)
{
	return check_ggtt(parser, command, USE_GGTT, 1, 4ull * (command->length - 3));
}

static int check_load_immediate(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (command->length % 2 == 0)
		return gvt_parser_refuse(parser, "a register has no value");
	for (u32 i = 1; i < command->length; i += 2)
		if (!gvt_register_writable(parser, command->dwords[i], command->dwords[i + 1]))
			return gvt_parser_refuse(parser, "it writes a register that is not the context's");
	return 0;
}

static int check_store_register(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (!gvt_register_readable(parser, command->dwords[1]))
		return gvt_parser_refuse(parser, "it reads a register that is not the context's");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

/* What is loaded is not known: so only where any value will do. */
static int check_load_register(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (!gvt_register_writable(parser, command->dwords[1], 0xffffffff))
		return gvt_parser_refuse(parser, "it writes a register that is not the context's");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

static int check_move_register(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (!gvt_register_readable(parser, command->dwords[1]) ||
	    !gvt_register_writable(parser, command->dwords[2], 0xffffffff))
		return gvt_parser_refuse(parser, "it moves a register that is not the context's");
	return 0;
}

/* An index means the shadow's page for the hardware, and the guest's for the guest. */
static void set_status_address(const struct gvt_parser *parser, u32 *address)
{
	u64 place = parser->status_page + (address[0] & 0xff8);

	address[0] = lower_32_bits(place);
	address[1] = upper_32_bits(place);
}

#define FLUSH_NOTIFY	  BIT(8)
#define FLUSH_STORE_INDEX BIT(21)
#define FLUSH_POST_SYNC	  (3u << 14)
/* Of the address's dword. */
#define FLUSH_USE_GGTT BIT(2)

static int check_flush(struct gvt_parser *parser, const struct gvt_command *command)
{
	u32 *header = command->dwords;
	u64 address;

	parser->interrupt |= !!(*header & FLUSH_NOTIFY);
	*header &= ~FLUSH_NOTIFY;
	if (!(*header & FLUSH_POST_SYNC))
		return 0;
	if (*header & FLUSH_STORE_INDEX) {
		*header &= ~FLUSH_STORE_INDEX;
		set_status_address(parser, &command->dwords[1]);
		command->dwords[1] |= FLUSH_USE_GGTT;
	}
	address = (u64)command->dwords[2] << 32 | (command->dwords[1] & ~7u);
	return command->dwords[1] & FLUSH_USE_GGTT ? check_address(parser, address, 8) : 0;
}

static int check_copy(struct gvt_parser *parser, const struct gvt_command *command)
{
	int err = check_ggtt(parser, command, COPY_TO_GGTT, 1, 4);

	return err ?: check_ggtt(parser, command, COPY_FROM_GGTT, 3, 4);
}

static int check_atomic(struct gvt_parser *parser, const struct gvt_command *command)
{
	return check_ggtt(parser, command, USE_GGTT, 1, 16);
}

#define SEMAPHORE_POLL BIT(15)

static int check_semaphore(struct gvt_parser *parser, const struct gvt_command *command)
{
	if (!(command->dwords[0] & SEMAPHORE_POLL))
		return gvt_parser_refuse(parser, "it waits for a signal that nobody gives");
	return check_ggtt(parser, command, USE_GGTT, 2, 4);
}

/* The length of one that has several: its low bits and 2. */
static const struct mi_command {
	u8 length; /* 0: by the bits of length_mask */
	u32 length_mask;
	u8 least; /* dwords */
	int (*check)(struct gvt_parser *parser, const struct gvt_command *command);
} mi_commands[64] = {
	[0x00] = { .length = 1 }, /* MI_NOOP */
	[0x02] = { .length = 1, .check = check_interrupt }, /* MI_USER_INTERRUPT */
	[0x05] = { .length = 1 }, /* MI_ARB_CHECK */
	[0x08] = { .length = 1, .check = check_arbitration }, /* MI_ARB_ON_OFF */
	[0x0a] = { .length = 1 }, /* MI_BATCH_BUFFER_END */
	[0x0c] = { .length = 1 }, /* MI_PREDICATE */
	[0x1a] = { .length_mask = 0xff, .least = 2 }, /* MI_MATH */
	[0x1c] = { .length_mask = 0xff, .least = 4, .check = check_semaphore }, /* MI_SEMAPHORE_WAIT */
	[0x20] = { .length_mask = 0x3ff, .least = 4, .check = check_store }, /* MI_STORE_DATA_IMM */
	[0x22] = { .length_mask = 0xff, .least = 3, .check = check_load_immediate }, /* MI_LOAD_REGISTER_IMM */
	[0x24] = { .length_mask = 0xff, .least = 4, .check = check_store_register }, /* MI_STORE_REGISTER_MEM */
	[0x26] = { .length_mask = 0x3f, .least = 4, .check = check_flush }, /* MI_FLUSH_DW */
	[0x29] = { .length_mask = 0xff, .least = 4, .check = check_load_register }, /* MI_LOAD_REGISTER_MEM */
	[0x2a] = { .length_mask = 0xff, .least = 3, .check = check_move_register }, /* MI_LOAD_REGISTER_REG */
	[0x2e] = { .length_mask = 0xff, .least = 5, .check = check_copy }, /* MI_COPY_MEM_MEM */
	[0x2f] = { .length_mask = 0xff, .least = 3, .check = check_atomic }, /* MI_ATOMIC */
	[0x31] = { .length_mask = 0xff, .least = 3 }, /* MI_BATCH_BUFFER_START */
};

/* Of the pipelines: by bits 31:16, those that do not have their length in bits 7:0. */
static const struct {
	u16 first, last;
	u32 length_mask; /* 0: one dword */
} render_lengths[] = {
	{ 0x680b, 0x680b, 0 }, /* 3DSTATE_VF_STATISTICS */
	{ 0x6904, 0x6904, 0 }, /* PIPELINE_SELECT */
	/* Flags stand above their length; of the others it is all of the lower half. */
	{ 0x7104, 0x7105, 0xff }, /* GPGPU_OBJECT, GPGPU_WALKER */
	{ 0x7000, 0x77ff, 0xffff }, /* MEDIA_* */
	{ 0x7843, 0x7847, 0x1ff }, /* 3DSTATE_BINDING_TABLE_EDIT_* */
	{ 0x7917, 0x7917, 0x1ff }, /* 3DSTATE_SO_DECL_LIST */
};

#define PIPE_CONTROL		0x7a00u
#define PIPE_CONTROL_NOTIFY	BIT(8)
#define PIPE_CONTROL_POST_SYNC	(3u << 14)
#define PIPE_CONTROL_INDEX	BIT(21)
#define PIPE_CONTROL_GGTT	BIT(24)

static int check_pipe_control(struct gvt_parser *parser, const struct gvt_command *command)
{
	u32 *flags = &command->dwords[1];

	if (command->length < 6)
		return gvt_parser_refuse(parser, "it is too short");
	parser->interrupt |= !!(*flags & PIPE_CONTROL_NOTIFY);
	*flags &= ~PIPE_CONTROL_NOTIFY;
	if (!(*flags & PIPE_CONTROL_POST_SYNC))
		return 0;
	if (*flags & PIPE_CONTROL_INDEX) {
		*flags = (*flags & ~PIPE_CONTROL_INDEX) | PIPE_CONTROL_GGTT;
		set_status_address(parser, &command->dwords[2]);
	}
	return *flags & PIPE_CONTROL_GGTT ? check_address(parser, address_at(command, 2), 8) : 0;
}

static u32 mi_length(u32 header)
{
	const struct mi_command *command = &mi_commands[MI_OPCODE(header)];

	if (command->length)
		return command->length;
	return command->length_mask ? (header & command->length_mask) + 2 : 0;
}

static u32 render_length(u32 header)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(render_lengths); i++) {
		if (header >> 16 < render_lengths[i].first || header >> 16 > render_lengths[i].last)
			continue;
		return render_lengths[i].length_mask ? (header & render_lengths[i].length_mask) + 2 : 1;
	}
	return (header & 0xff) + 2;
}

u32 gvt_command_length(const struct gvt_parser *parser, u32 header)
{
	switch (TYPE(header)) {
	case TYPE_MI:
		return mi_length(header);
	case TYPE_BLT:
		return parser->engine == GVT_BCS ? (header & 0xff) + 2 : 0;
	case TYPE_RENDER:
		if (parser->engine == GVT_RCS)
			return render_length(header);
		return parser->engine == GVT_BCS ? 0 : (header & 0xfff) + 2;
	default:
		return 0;
	}
}

int gvt_command_check(struct gvt_parser *parser, const struct gvt_command *command)
{
	u32 header = command->dwords[0];

	if (TYPE(header) == TYPE_MI) {
		const struct mi_command *mi = &mi_commands[MI_OPCODE(header)];

		if (command->length < mi->least)
			return gvt_parser_refuse(parser, "it is too short");
		return mi->check ? mi->check(parser, command) : 0;
	}
	if (parser->engine == GVT_RCS && header >> 16 == PIPE_CONTROL)
		return check_pipe_control(parser, command);
	return 0;
}
