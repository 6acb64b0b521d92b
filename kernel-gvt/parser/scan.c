// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "internal.h"

#define MI_OPCODE_OF(header) ((header) >> 23)
#define MI_BATCH_BUFFER_END   0x0au
#define MI_BATCH_BUFFER_START 0x31u

#define BATCH_PPGTT	   BIT(8) /* in the context's own address space, without privileges */
#define BATCH_SECOND_LEVEL BIT(22)
#define BATCH_ADDRESS	   0x0000fffffffffffcull

int gvt_parser_refuse(struct gvt_parser *parser, const char *why)
{
	parser->why = why;
	return -EPERM;
}

/* Put the command that is `length` dwords long at the end of the copy. */
static int copy(struct gvt_parser *parser, const u32 *from, u32 length)
{
	if (length > parser->room - parser->count)
		return -E2BIG;
	memcpy(parser->out + parser->count, from, length * sizeof(*from));
	return 0;
}

static int check(struct gvt_parser *parser, u32 length)
{
	struct gvt_command command = {
		.dwords = parser->out + parser->count,
		.length = length,
	};
	int err = gvt_command_check(parser, &command);

	if (!err)
		parser->count += length;
	return err;
}

/* Read dwords of a batch to where the copy goes on, `behind` further. */
static int fetch(struct gvt_parser *parser, u64 address, u32 behind, u32 dwords)
{
	if (behind + dwords > parser->room - parser->count)
		return -E2BIG;
	return parser->read(parser->opaque, address, parser->out + parser->count + behind, dwords * sizeof(u32));
}

/* The first dword stands in the copy already: it says how many more there are. Returns their number, all in all. */
static int inline_command(struct gvt_parser *parser, u64 address)
{
	u32 length = gvt_command_length(parser, parser->command);
	int err;

	if (!length)
		return gvt_parser_refuse(parser, "there is no such command");
	if (MI_OPCODE_OF(parser->command) == MI_BATCH_BUFFER_START)
		return gvt_parser_refuse(parser, "a privileged batch jumps");
	err = fetch(parser, address + sizeof(u32), 1, length - 1);
	if (!err)
		err = check(parser, length);
	return err ?: (int)length;
}

/* Each dword is read once. The copy's room is the bound: a batch that does not end does not fit. */
static int inline_batch(struct gvt_parser *parser, u64 address)
{
	for (parser->place = 0;;) {
		int length = fetch(parser, address, 0, 1);

		if (length)
			return length;
		parser->command = parser->out[parser->count];
		if (MI_OPCODE_OF(parser->command) == MI_BATCH_BUFFER_END)
			return 0;
		length = inline_command(parser, address);
		if (length < 0)
			return length;
		address += length * sizeof(u32);
		parser->place += length;
	}
}

static int start_batch(struct gvt_parser *parser, const u32 *command, u32 length)
{
	u64 address;
	int err;

	if (length != 3)
		return gvt_parser_refuse(parser, "it has another length than 3");
	if (command[0] & BATCH_SECOND_LEVEL)
		return gvt_parser_refuse(parser, "a ring starts a batch of the second level");
	address = ((u64)command[2] << 32 | command[1]) & BATCH_ADDRESS;
	if (!(command[0] & BATCH_PPGTT))
		return inline_batch(parser, address);
	err = copy(parser, command, length);
	if (!err)
		parser->count += length;
	return err;
}

static int ring_command(struct gvt_parser *parser, const u32 *command, u32 length)
{
	int err;

	switch (MI_OPCODE_OF(command[0])) {
	case MI_BATCH_BUFFER_START:
		return start_batch(parser, command, length);
	case MI_BATCH_BUFFER_END:
		return gvt_parser_refuse(parser, "a ring is no batch, and has no end");
	default:
		err = copy(parser, command, length);
		return err ?: check(parser, length);
	}
}

int gvt_parse_ring(struct gvt_parser *parser, const u32 *commands, u32 dwords)
{
	parser->count = 0;
	parser->interrupt = false;
	parser->why = NULL;
	for (u32 at = 0; at < dwords;) {
		u32 length = gvt_command_length(parser, commands[at]);
		int err;

		parser->command = commands[at];
		parser->place = at;
		if (!length)
			return gvt_parser_refuse(parser, "there is no such command");
		if (length > dwords - at)
			return gvt_parser_refuse(parser, "it does not end before the ring's tail");
		err = ring_command(parser, commands + at, length);
		if (err)
			return err;
		at += length;
	}
	return 0;
}
