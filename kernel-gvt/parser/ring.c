// SPDX-License-Identifier: GPL-2.0-only
/* What becomes part of the copy: a ring's commands, and those of some batches (parser.h). */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

int gvt_parser_refuse(struct gvt_parser *parser, const char *why)
{
	parser->why = why;
	return -EPERM;
}

const struct gvt_command_rule *gvt_command_find(const struct gvt_parser *parser, u32 header)
{
	const struct gvt_command_rule *rule;

	if (header >> 29 == 0)
		rule = gvt_mi_find(header);
	else
		rule = gvt_pipeline_find(parser->engine, header);
	if (!rule || !rule->longest[parser->generation >= 9])
		return NULL;
	return !rule->engines || rule->engines & BIT(parser->engine) ? rule : NULL;
}

u32 gvt_command_length(struct gvt_parser *parser, const struct gvt_command_rule *rule, u32 header,
		       bool privileged)
{
	const char *why = NULL;
	u32 length = 1;

	if (rule && rule->bits)
		length = (header & ((1u << rule->bits) - 1)) + rule->bias;
	if (!rule)
		why = "there is no such command";
	else if (rule->never)
		why = rule->never;
	else if (rule->not_in_batches && !privileged)
		why = rule->not_in_batches;
	else if (length > rule->longest[parser->generation >= 9])
		why = "it is longer than it can be";
	else if (length < rule->least)
		why = "it is too short";
	if (!why)
		return length;
	gvt_parser_refuse(parser, why);
	return 0;
}

/* A batch that becomes part of the copy, and what it returns to. */
struct inlined {
	u64 address[2], start[2];
	unsigned int level;
	bool privileged;
};

static int read_dwords(struct gvt_parser *parser, const struct inlined *batch, u64 address, u32 *to,
		       u32 dwords)
{
	if (batch->privileged)
		return parser->read(parser->opaque, address, to, dwords * sizeof(u32));
	while (dwords--) {
		const u32 *from = parser->memory(parser->opaque, address);

		if (!from)
			return -EFAULT;
		*to++ = READ_ONCE(*from);
		address += sizeof(u32);
	}
	return 0;
}

/* Dwords of a batch to where the copy goes on, `behind` further. Each is read once. */
static int fetch(struct gvt_parser *parser, const struct inlined *batch, u32 behind, u32 dwords)
{
	u64 address = batch->address[batch->level] + behind * sizeof(u32);
	int err;

	if (behind + dwords > parser->room - parser->count)
		return -E2BIG;
	err = read_dwords(parser, batch, address, parser->out + parser->count + behind, dwords);
	if (err == -EFAULT)
		parser->why = "its batch is not in memory";
	return err;
}

/* The command that stands whole at the end of the copy becomes part of it. */
static int take(struct gvt_parser *parser, const struct gvt_command_rule *rule, u32 length, bool privileged)
{
	struct gvt_command command = {
		.dwords = parser->out + parser->count,
		.length = length,
		.privileged = privileged,
		.copied = true,
	};
	int err = rule->check ? rule->check(parser, &command) : 0;

	if (!err)
		parser->count += command.length;
	return err;
}

/* Where a batch without privileges goes on elsewhere. With some, nobody has ever jumped. */
static int inline_jump(struct gvt_parser *parser, struct inlined *batch)
{
	const u32 *command = parser->out + parser->count;
	u64 target = gvt_start_address(command);

	if (batch->privileged)
		return gvt_parser_refuse(parser, "a privileged batch jumps");
	if (!(command[0] & START_PPGTT))
		return gvt_parser_refuse(parser, "a batch without privileges starts one with privileges");
	if (command[0] & (START_PREDICATED | START_ADDS_OFFSET))
		return gvt_parser_refuse(parser, "where it jumps is known only when it runs");
	/* It returns behind the command; a chain of the second level returns where the second level began. */
	batch->address[batch->level] += 3 * sizeof(u32);
	if (command[0] & START_SECOND_LEVEL)
		batch->level = 1;
	batch->address[batch->level] = target;
	batch->start[batch->level] = target;
	return 0;
}

static int inline_command(struct gvt_parser *parser, struct inlined *batch)
{
	const struct gvt_command_rule *rule = gvt_command_find(parser, parser->command);
	u32 length = gvt_command_length(parser, rule, parser->command, batch->privileged);
	int err;

	if (!length)
		return -EPERM;
	err = fetch(parser, batch, 1, length - 1);
	if (err)
		return err;
	parser->scanned += length;
	if (MI_OPCODE_OF(parser->command) == MI_BATCH_BUFFER_START)
		return inline_jump(parser, batch);
	if (MI_OPCODE_OF(parser->command) == MI_CONDITIONAL_BATCH_BUFFER_END)
		return gvt_parser_refuse(parser, "where it ends is known only when it runs");
	err = take(parser, rule, length, batch->privileged);
	batch->address[batch->level] += length * sizeof(u32);
	return err;
}

/* The budget is the bound: a batch that does not end has more than that. */
static int inline_batch(struct gvt_parser *parser, u64 address, bool privileged)
{
	struct inlined batch = { .address = { address }, .start = { address }, .privileged = privileged };

	for (;;) {
		int err = fetch(parser, &batch, 0, 1);

		parser->batch = batch.start[batch.level];
		parser->place = (batch.address[batch.level] - parser->batch) / sizeof(u32);
		if (err)
			return err;
		parser->command = parser->out[parser->count];
		if (parser->scanned > GVT_PARSER_BATCH_DWORDS)
			return gvt_parser_refuse(parser, "its batches do not end");
		if (MI_OPCODE_OF(parser->command) != MI_BATCH_BUFFER_END)
			err = inline_command(parser, &batch);
		else if (!batch.level--)
			return 0;
		if (err)
			return err;
	}
}

/* Gen9's blitter lets batches write registers of all. */
bool gvt_parser_copies_batches(enum gvt_engine engine, unsigned int generation)
{
	return engine == GVT_BCS && generation >= 9;
}

static int start_batch(struct gvt_parser *parser, const u32 *command)
{
	u64 address = gvt_start_address(command);
	bool privileged = !(command[0] & START_PPGTT);
	int err;

	if (command[0] & START_SECOND_LEVEL)
		return gvt_parser_refuse(parser, "a ring starts a batch of the second level");
	if (command[0] & (START_PREDICATED | START_ADDS_OFFSET))
		return gvt_parser_refuse(parser, "where it jumps is known only when it runs");
	if (privileged || gvt_parser_copies_batches(parser->engine, parser->generation))
		return inline_batch(parser, address, privileged);
	err = gvt_scan_batch(parser, address);
	if (err)
		return err;
	/* The scan has had other commands in this place. */
	memcpy(parser->out + parser->count, command, 3 * sizeof(u32));
	parser->count += 3;
	return 0;
}

static int ring_command(struct gvt_parser *parser, const u32 *from, u32 dwords)
{
	const struct gvt_command_rule *rule = gvt_command_find(parser, *from);
	u32 length = gvt_command_length(parser, rule, *from, true);
	int err;

	if (!length)
		return -EPERM;
	if (length > dwords)
		return gvt_parser_refuse(parser, "it does not end before the ring's tail");
	if (length > parser->room - parser->count)
		return -E2BIG;
	memcpy(parser->out + parser->count, from, length * sizeof(u32));
	parser->scanned += length;
	switch (MI_OPCODE_OF(*from)) {
	case MI_BATCH_BUFFER_START:
		err = start_batch(parser, from);
		break;
	case MI_BATCH_BUFFER_END:
	case MI_CONDITIONAL_BATCH_BUFFER_END:
		err = gvt_parser_refuse(parser, "a ring is no batch, and has no end");
		break;
	default:
		err = take(parser, rule, length, true);
	}
	return err ?: (int)length;
}

/* What drivers put behind their interrupt: nothing that needs a part of its own. */
static bool is_trailer(u32 command)
{
	switch (MI_OPCODE_OF(command)) {
	case MI_NOOP:
	case MI_ARB_CHECK:
	case MI_ARB_ON_OFF:
		return true;
	default:
		return false;
	}
}

int gvt_parse_ring(struct gvt_parser *parser, const u32 *commands, u32 dwords)
{
	parser->used = 0;
	parser->count = 0;
	parser->scanned = 0;
	parser->notes->start_count = parser->notes->store_count = parser->notes->jump_count = 0;
	parser->interrupt = false;
	parser->why = NULL;
	while (parser->used < dwords && !(parser->interrupt && !is_trailer(commands[parser->used]))) {
		int length;

		parser->command = commands[parser->used];
		parser->batch = 0;
		parser->place = parser->used;
		length = ring_command(parser, commands + parser->used, dwords - parser->used);
		if (length < 0)
			return length;
		parser->used += length;
	}
	return 0;
}
