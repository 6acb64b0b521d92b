// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches of a context's own address space, looked at where they are.
 *
 * From where a batch starts its commands follow each other up to its end, or to a jump that is always
 * taken. Where else it may go on is put down as another start. A start that is known is looked at no
 * more, so that circles, in which a batch may wait for somebody, are no matter; that a batch is left
 * at all is the host's hang detection's.
 *
 * Drivers have batches that are called from several places jump back to where a store, which runs
 * before the call, says: such a store is another start.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "internal.h"

/* Of a start, which is a multiple of 4: it is of the second level. */
#define START_IS_SECOND BIT_ULL(0)

/* Where a scan is: in a page, so that not each dword has to be found. */
struct cursor {
	u64 start, address;
	const u32 *memory;
	u32 left; /* dwords to the end of the page */
};

static int add_start(struct gvt_parser *parser, u64 start)
{
	struct gvt_parser_notes *notes = parser->notes;

	for (u32 i = 0; i < notes->start_count; i++)
		if (notes->starts[i] == start)
			return 0;
	if (notes->start_count == GVT_PARSER_STARTS)
		return gvt_parser_refuse(parser, "its batches start too many others");
	notes->starts[notes->start_count++] = start;
	return 0;
}

/* A jump whose address, at `place`, stores set leads to what each says. Returns their number. */
static int add_stored_starts(struct gvt_parser *parser, u64 place, u64 second)
{
	struct gvt_parser_notes *notes = parser->notes;
	u32 known = min(notes->store_count, GVT_PARSER_STORES);
	int count = 0, err = 0;

	for (u32 i = 0; i < known && !err; i++) {
		if (notes->stores[i].place != place)
			continue;
		count++;
		err = add_start(parser, (notes->stores[i].value & START_ADDRESS) | second);
	}
	if (err || !count)
		return err;
	if (notes->jump_count == GVT_PARSER_JUMPS)
		return gvt_parser_refuse(parser, "its batches return to too many others");
	notes->jumps[notes->jump_count++] = place | second;
	return count;
}

/* A store, which may set where a jump leads that is known already, or comes yet. */
static int note_store(struct gvt_parser *parser, u64 place, u64 value)
{
	struct gvt_parser_notes *notes = parser->notes;
	u32 next = notes->store_count++ % GVT_PARSER_STORES;

	notes->stores[next].place = place;
	notes->stores[next].value = value;
	for (u32 i = 0; i < notes->jump_count; i++)
		if ((notes->jumps[i] & ~START_IS_SECOND) == place)
			return add_start(parser, (value & START_ADDRESS) | (notes->jumps[i] & START_IS_SECOND));
	return 0;
}

static int open_page(struct gvt_parser *parser, struct cursor *cursor)
{
	cursor->memory = parser->memory(parser->opaque, cursor->address);
	cursor->left = (4096 - cursor->address % 4096) / sizeof(u32);
	if (cursor->memory)
		return 0;
	parser->why = "its batch is not in memory";
	return -EFAULT;
}

/* Dwords go by; they need not be there as long as nobody looks at them. */
static void pass(struct cursor *cursor, u32 dwords)
{
	cursor->address += dwords * sizeof(u32);
	cursor->memory = dwords < cursor->left ? cursor->memory + dwords : NULL;
	cursor->left -= min(dwords, cursor->left);
}

static int copy(struct gvt_parser *parser, struct cursor cursor, u32 *to, u32 dwords)
{
	while (dwords) {
		u32 part;
		int err = cursor.memory ? 0 : open_page(parser, &cursor);

		if (err)
			return err;
		part = min(dwords, cursor.left);
		memcpy(to, cursor.memory, part * sizeof(u32));
		pass(&cursor, part);
		to += part;
		dwords -= part;
	}
	return 0;
}

/* The longest that a check looks at whole, MI_LOAD_REGISTER_IMM. */
#define LOOKED_AT 257u
/* MI_STORE_DATA_IMM of one qword. */
#define QWORD_STORE 5u

/* A command that has to be looked at: behind the copy, where nothing of it stays. */
static int check_command(struct gvt_parser *parser, const struct gvt_command_rule *rule,
			 const struct cursor *cursor, u32 length)
{
	struct gvt_command command = {
		.dwords = parser->out + parser->count,
		.length = length,
	};
	int err;

	if (parser->room - parser->count < LOOKED_AT)
		return -E2BIG;
	err = copy(parser, *cursor, command.dwords, min(length, LOOKED_AT));
	if (err)
		return err;
	command.dwords[0] = parser->command;
	if (MI_OPCODE_OF(parser->command) == MI_STORE_DATA_IMM && length == QWORD_STORE)
		err = note_store(parser, gvt_address_at(&command, 1), gvt_address_at(&command, 3));
	return err ?: rule->check(parser, &command);
}

/* Returns 1 when nothing behind it is reached from here. */
static int jump(struct gvt_parser *parser, const struct cursor *cursor)
{
	u64 second = parser->command & START_SECOND_LEVEL ? START_IS_SECOND : cursor->start & START_IS_SECOND;
	u32 dwords[3];
	int err = copy(parser, *cursor, dwords, ARRAY_SIZE(dwords));

	if (err)
		return err;
	if (!(parser->command & START_PPGTT))
		return gvt_parser_refuse(parser, "a batch without privileges starts one with privileges");
	if (parser->command & START_ADDS_OFFSET)
		return gvt_parser_refuse(parser, "where it jumps is known only when it runs");
	err = add_stored_starts(parser, cursor->address + sizeof(u32), second);
	if (!err)
		err = add_start(parser, gvt_start_address(dwords) | second);
	if (err < 0)
		return err;
	/* From the second level, a jump is a chain whatever it says; from the first, the second returns. */
	if (parser->command & START_PREDICATED)
		return 0;
	return cursor->start & START_IS_SECOND || !second;
}

/* One command, whose first dword is at the cursor. Returns 1 when it was the last. */
static int scan_command(struct gvt_parser *parser, struct cursor *cursor)
{
	u32 header = READ_ONCE(*cursor->memory), length;
	const struct gvt_command_rule *rule;
	int err = 0;

	parser->command = header;
	if (MI_OPCODE_OF(header) == MI_BATCH_BUFFER_END)
		return 1;
	rule = gvt_command_find(parser, header);
	length = gvt_command_length(parser, rule, header, false);
	if (!length)
		return -EPERM;
	if (MI_OPCODE_OF(header) == MI_BATCH_BUFFER_START)
		err = jump(parser, cursor);
	else if (rule->check)
		err = check_command(parser, rule, cursor, length);
	parser->scanned += length;
	pass(cursor, length);
	return err;
}

static int scan_from(struct gvt_parser *parser, u64 start)
{
	struct cursor cursor = { .start = start, .address = start & ~START_IS_SECOND };
	int done = 0;

	parser->batch = cursor.address;
	while (!done) {
		parser->place = (cursor.address - parser->batch) / sizeof(u32);
		if (parser->scanned > GVT_PARSER_BATCH_DWORDS)
			return gvt_parser_refuse(parser, "its batches do not end");
		done = cursor.memory ? 0 : open_page(parser, &cursor);
		if (!done)
			done = scan_command(parser, &cursor);
	}
	return min(done, 0);
}

int gvt_scan_batch(struct gvt_parser *parser, u64 address)
{
	u32 next = parser->notes->start_count;
	int err = add_start(parser, address);

	for (; !err && next < parser->notes->start_count; next++)
		err = scan_from(parser, parser->notes->starts[next]);
	return err;
}
