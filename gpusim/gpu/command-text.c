// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "commands.h"
#include "names.h"

/*
 * What of a command is worth a look (PRM Vol. 2a). What has no fields here is shown as it is.
 */
enum field_kind {
	NO_FIELD,
	HEX,
	NUMBER,
	ADDRESS, /* 64 bits */
	REGISTER_OFFSET,
	REGISTER_VALUES, /* pairs, to the command's end */
	POINT, /* y in the upper half */
	/* Of the header, whatever the field's dword: */
	LOW_BITS, /* 5:0 */
	GLOBAL_BIT, /* 22 */
	CONDITION, /* 14:12 */
	OPERATION, /* 15:8 */
};

struct field {
	const char *label;
	enum field_kind kind;
	uint8_t dword;
};

#define MAX_FIELDS 6

struct command_fields {
	uint16_t opcode;
	struct field fields[MAX_FIELDS];
};

#define MI(opcode)  ((opcode) << 7)
#define BLT(opcode) (0x4000 | (opcode) << 6)

/* A rectangle's corners, and the destination before them. */
#define BLT_FIELDS                                                           \
	{ "mode", HEX, 1 }, { "surface", ADDRESS, 4 }, { "from", POINT, 2 }, \
	{                                                                    \
		"to", POINT, 3                                               \
	}

static const struct command_fields commands[] = {
	{ MI(0x01), { { "when", LOW_BITS, 0 } } }, /* MI_SET_PREDICATE */
	{ MI(0x06), { { "on", LOW_BITS, 0 } } }, /* MI_RS_CONTROL */
	{ MI(0x08), { { "on", LOW_BITS, 0 } } }, /* MI_ARB_ON_OFF */
	{ MI(0x0b), { { "on", LOW_BITS, 0 } } }, /* MI_SUSPEND_FLUSH */
	{ MI(0x0c), { { "operation", LOW_BITS, 0 } } }, /* MI_PREDICATE */
	{ MI(0x0f), { { "save", LOW_BITS, 0 } } }, /* MI_RS_CONTEXT */
	{ MI(0x12), { { "lines", POINT, 1 } } }, /* MI_LOAD_SCAN_LINES_INCL */
	{ MI(0x13), { { "lines", POINT, 1 } } }, /* MI_LOAD_SCAN_LINES_EXCL */
	{ MI(0x14), { { "stride", HEX, 1 }, { "surface", HEX, 2 } } }, /* MI_DISPLAY_FLIP */
	{ MI(0x18), { { "address", HEX, 1 } } }, /* MI_SET_CONTEXT */
	{ MI(0x1b), { { "context", HEX, 1 } } }, /* MI_SEMAPHORE_SIGNAL */
	{ MI(0x1c),
	  { { "space", GLOBAL_BIT, 0 },
	    { "until", ADDRESS, 2 },
	    { "is", CONDITION, 0 },
	    { "", HEX, 1 } } }, /* MI_SEMAPHORE_WAIT */
	{ MI(0x1d), { { "domains", HEX, 1 } } }, /* MI_FORCE_WAKEUP */
	{ MI(0x20),
	  { { "space", GLOBAL_BIT, 0 },
	    { "to", ADDRESS, 1 },
	    { "data", HEX, 3 },
	    { "", HEX, 4 } } }, /* MI_STORE_DATA_IMM */
	{ MI(0x21), { { "offset", HEX, 1 }, { "data", HEX, 2 } } }, /* MI_STORE_DATA_INDEX */
	{ MI(0x22), { { "", REGISTER_VALUES, 1 } } }, /* MI_LOAD_REGISTER_IMM */
	{ MI(0x23), { { "address", HEX, 1 }, { "entry", ADDRESS, 2 } } }, /* MI_UPDATE_GTT */
	{ MI(0x24),
	  { { "space", GLOBAL_BIT, 0 },
	    { "to", ADDRESS, 2 },
	    { "from", REGISTER_OFFSET, 1 } } }, /* MI_STORE_REGISTER_MEM */
	{ MI(0x26), { { "to", ADDRESS, 1 }, { "data", HEX, 3 } } }, /* MI_FLUSH_DW */
	{ MI(0x27), { { "at", ADDRESS, 1 } } }, /* MI_CLFLUSH */
	{ MI(0x28), { { "to", ADDRESS, 1 }, { "id", HEX, 3 } } }, /* MI_REPORT_PERF_COUNT */
	{ MI(0x29),
	  { { "space", GLOBAL_BIT, 0 },
	    { "from", ADDRESS, 2 },
	    { "to", REGISTER_OFFSET, 1 } } }, /* MI_LOAD_REGISTER_MEM */
	{ MI(0x2a),
	  { { "from", REGISTER_OFFSET, 1 },
	    { "to", REGISTER_OFFSET, 2 } } }, /* MI_LOAD_REGISTER_REG */
	{ MI(0x2b), { { "to", ADDRESS, 1 }, { "data", HEX, 3 } } }, /* MI_RS_STORE_DATA_IMM */
	{ MI(0x2e), { { "to", ADDRESS, 1 }, { "from", ADDRESS, 3 } } }, /* MI_COPY_MEM_MEM */
	{ MI(0x2f),
	  { { "space", GLOBAL_BIT, 0 },
	    { "at", ADDRESS, 1 },
	    { "operation", OPERATION, 0 } } }, /* MI_ATOMIC */
	{ MI(0x31), { { "at", ADDRESS, 1 } } }, /* MI_BATCH_BUFFER_START */
	{ MI(0x36),
	  { { "space", GLOBAL_BIT, 0 },
	    { "unless", ADDRESS, 2 },
	    { "above", HEX, 1 } } }, /* MI_CONDITIONAL_BATCH_BUFFER_END */
	{ BLT(0x01),
	  { { "clip", POINT, 2 },
	    { "to", POINT, 3 },
	    { "surface", ADDRESS, 4 } } }, /* XY_SETUP_BLT */
	{ BLT(0x03), { { "clip", POINT, 1 }, { "to", POINT, 2 } } }, /* XY_SETUP_CLIP_BLT */
	{ BLT(0x11),
	  { { "clip", POINT, 2 },
	    { "to", POINT, 3 },
	    { "surface", ADDRESS, 4 } } }, /* XY_SETUP_MONO_PATTERN_SL_BLT */
	{ BLT(0x24), { { "at", POINT, 1 } } }, /* XY_PIXEL_BLT */
	{ BLT(0x25), { { "from", POINT, 1 }, { "to", POINT, 2 } } }, /* XY_SCANLINES_BLT */
	{ BLT(0x26),
	  { { "from", POINT, 1 }, { "to", POINT, 2 }, { "text", ADDRESS, 3 } } }, /* XY_TEXT_BLT */
	{ BLT(0x31), { { "from", POINT, 1 }, { "to", POINT, 2 } } }, /* XY_TEXT_IMMEDIATE_BLT */
	{ BLT(0x42),
	  { BLT_FIELDS, { "source", ADDRESS, 8 }, { "at", POINT, 6 } } }, /* XY_FAST_COPY_BLT */
	{ BLT(0x50), { BLT_FIELDS, { "color", HEX, 6 } } }, /* XY_COLOR_BLT */
	{ BLT(0x51), { BLT_FIELDS, { "pattern", ADDRESS, 6 } } }, /* XY_PAT_BLT */
	{ BLT(0x52), { BLT_FIELDS } }, /* XY_MONO_PAT_BLT */
	{ BLT(0x53),
	  { BLT_FIELDS, { "source", ADDRESS, 8 }, { "at", POINT, 6 } } }, /* XY_SRC_COPY_BLT */
	{ BLT(0x54), { BLT_FIELDS, { "source", ADDRESS, 6 } } }, /* XY_MONO_SRC_COPY_BLT */
	{ BLT(0x55),
	  { BLT_FIELDS, { "source", ADDRESS, 8 }, { "at", POINT, 6 } } }, /* XY_FULL_BLT */
	{ BLT(0x56), { BLT_FIELDS } }, /* XY_FULL_MONO_SRC_BLT */
	{ BLT(0x57),
	  { BLT_FIELDS,
	    { "source", ADDRESS, 8 },
	    { "at", POINT, 6 } } }, /* XY_FULL_MONO_PATTERN_BLT */
	{ BLT(0x58), { BLT_FIELDS } }, /* XY_FULL_MONO_PATTERN_MONO_SRC_BLT */
	{ BLT(0x59), { BLT_FIELDS } }, /* XY_MONO_PAT_FIXED_BLT */
	{ BLT(0x71), { BLT_FIELDS } }, /* XY_MONO_SRC_COPY_IMMEDIATE_BLT */
	{ BLT(0x72), { BLT_FIELDS } }, /* XY_PAT_BLT_IMMEDIATE */
	{ BLT(0x73),
	  { BLT_FIELDS,
	    { "source", ADDRESS, 8 },
	    { "at", POINT, 6 } } }, /* XY_SRC_COPY_CHROMA_BLT */
	{ BLT(0x74),
	  { BLT_FIELDS,
	    { "source", ADDRESS, 8 },
	    { "at", POINT, 6 } } }, /* XY_FULL_IMMEDIATE_PATTERN_BLT */
	{ BLT(0x75), { BLT_FIELDS } }, /* XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT */
	{ BLT(0x76), { BLT_FIELDS } }, /* XY_PAT_CHROMA_BLT */
	{ BLT(0x77), { BLT_FIELDS } }, /* XY_PAT_CHROMA_BLT_IMMEDIATE */
	{ 0x6102, { { "at", ADDRESS, 1 } } }, /* STATE_SIP */
	{ 0x6904, { { "pipeline", LOW_BITS, 0 } } }, /* PIPELINE_SELECT */
	{ 0x7a00,
	  { { "flags", HEX, 1 }, { "to", ADDRESS, 2 }, { "data", HEX, 4 } } }, /* PIPE_CONTROL */
	{ 0x7b00,
	  { { "vertices", NUMBER, 2 },
	    { "first", NUMBER, 3 },
	    { "instances", NUMBER, 4 } } }, /* 3DPRIMITIVE */
};

/* A text that is written bit by bit; what does not fit is lost. */
struct text {
	char *at;
	size_t room;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->at, text->room, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length >= text->room)
		length = text->room ? (int)text->room - 1 : 0;
	text->at += length;
	text->room -= (size_t)length;
}

static void add_register(struct text *text, uint32_t dword)
{
	char name[48];

	gpu_register_text(REGISTER(dword), name, sizeof(name));
	add(text, " %s", name);
}

static void add_header_field(struct text *text, enum field_kind kind, uint32_t header)
{
	static const char *const conditions[8] = { ">", ">=", "<", "<=", "==", "!=", "?", "?" };

	switch (kind) {
	case LOW_BITS:
		add(text, " %" PRIu32, header & 0x3f);
		break;
	case GLOBAL_BIT:
		add(text, " %s", GLOBAL_GTT(header) ? "GGTT" : "PPGTT");
		break;
	case CONDITION:
		add(text, " %s", conditions[header >> 12 & 7]);
		break;
	default:
		add(text, " %02" PRIx32, header >> 8 & 0xff);
		break;
	}
}

static void add_dword_field(struct text *text, const struct field *field, const uint32_t *dw,
			    unsigned int count)
{
	uint32_t dword = dw[field->dword];

	switch (field->kind) {
	case HEX:
		add(text, " %" PRIx32, dword);
		break;
	case NUMBER:
		add(text, " %" PRIu32, dword);
		break;
	case REGISTER_OFFSET:
		add_register(text, dword);
		break;
	case REGISTER_VALUES:
		for (unsigned int i = field->dword; i + 1 < count; i += 2) {
			add_register(text, dw[i]);
			add(text, "=%" PRIx32, dw[i + 1]);
		}
		break;
	case POINT:
		add(text, " %d,%d", (int16_t)dword, (int16_t)(dword >> 16));
		break;
	default:
		add(text, " %" PRIx64, (uint64_t)dw[field->dword + 1] << 32 | dword);
		break;
	}
}

static void add_field(struct text *text, const struct field *field, const uint32_t *dw,
		      unsigned int count)
{
	unsigned int dwords = field->kind == ADDRESS ? 2 : 1;

	/* A short form of the command has no such field, or not all of it was told. */
	if (field->dword + dwords > count)
		return;
	if (field->label[0])
		add(text, " %s", field->label);
	if (field->kind >= LOW_BITS)
		add_header_field(text, field->kind, dw[0]);
	else
		add_dword_field(text, field, dw, count);
}

#define RAW_DWORDS 8

static void add_raw(struct text *text, const uint32_t *dw, unsigned int count)
{
	for (unsigned int i = 1; i < count && i < RAW_DWORDS; i++)
		add(text, " %08" PRIx32, dw[i]);
	if (count > RAW_DWORDS)
		add(text, " ...");
}

static const struct command_fields *find_fields(uint16_t opcode)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].opcode == opcode)
			return &commands[i];
	return NULL;
}

void gpu_command_text(unsigned int engine, const uint32_t *dw, unsigned int count, char *text,
		      size_t size)
{
	const char *name = engine < ENGINE_COUNT ? command_name(engine, dw[0]) : NULL;
	const struct command_fields *fields = name ? find_fields(command_opcode(dw[0])) : NULL;
	struct text out = { .at = text, .room = size };

	add(&out, "%s", name ? name : "UNKNOWN");
	if (!name)
		add(&out, " %08" PRIx32, dw[0]);
	if (!fields)
		add_raw(&out, dw, count);
	for (unsigned int i = 0; fields && i < MAX_FIELDS && fields->fields[i].kind; i++)
		add_field(&out, &fields->fields[i], dw, count);
}
