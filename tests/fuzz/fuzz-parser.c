// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz-parser - whatever a guest may write as commands, against gvt.ko's parser
 *
 * The bytes are a ring, a batch of the context's own, and a batch in graphics memory. What passes is
 * looked at by someone else: by the lengths that the simulated GPU knows of commands, and by a list
 * of where commands keep addresses of memory that all share.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "gpusim/gpu/commands.h"
#include "kernel-gvt/parser/parser.h"

#define OURS_START 0x8000000u
#define OURS_SIZE  0x4000u
#define OWN_START  0x100000u
#define RING_MAX   64u
#define ROOM	   4096u

static uint32_t ours[OURS_SIZE / 4], own[4][1024], ring[RING_MAX], out[ROOM], again[ROOM];
static struct gvt_parser_notes notes;

static void must(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "fuzz-parser: %s\n", what);
	abort();
}

static bool owns(void *opaque, u64 address, u64 bytes)
{
	return address >= OURS_START && bytes <= OURS_SIZE && address - OURS_START <= OURS_SIZE - bytes;
}

static int read_ours(void *opaque, u64 address, void *to, u32 bytes)
{
	if (!owns(NULL, address, bytes))
		return -EFAULT;
	memcpy(to, (const uint8_t *)ours + (address - OURS_START), bytes);
	return 0;
}

static const u32 *own_memory(void *opaque, u64 address)
{
	return address - OWN_START < sizeof(own) ? &own[0][0] + (address - OWN_START) / 4 : NULL;
}

static int parse(struct gvt_parser *parser, uint8_t kind, uint32_t *to, const uint32_t *commands, uint32_t dwords)
{
	*parser = (struct gvt_parser){ .generation = kind & 4 ? 8 : 9,
				       .engine = kind % GVT_ENGINES,
				       .status_page = OURS_START + 0x1000,
				       .out = to,
				       .room = ROOM,
				       .notes = &notes,
				       .owns = owns,
				       .read = read_ours,
				       .memory = own_memory };
	return gvt_parse_ring(parser, commands, dwords);
}

/* Commands whose first dword's bit says that dwords `at` and the next are an address of memory that all share. */
static const struct {
	uint8_t opcode, bit, at;
} shared[] = {
	{ 0x20, 22, 1 }, { 0x24, 22, 2 }, { 0x27, 22, 1 }, { 0x29, 22, 2 },
	{ 0x2e, 21, 1 }, { 0x2e, 22, 3 }, { 0x2f, 22, 1 }, { 0x1c, 22, 2 },
};

static void look_at(const uint32_t *command, uint32_t length)
{
	if (command[0] >> 29)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++) {
		uint64_t address;

		if (command[0] >> 23 != shared[i].opcode || !(command[0] >> shared[i].bit & 1))
			continue;
		must(length > (uint32_t)shared[i].at + 1, "a command without its address passes");
		address = (uint64_t)command[shared[i].at + 1] << 32 | (command[shared[i].at] & ~3u);
		must(owns(NULL, address, command[0] >> 21 == 0x83 ? 8 : 4), "a command reaches what is not the guest's");
	}
	must(command[0] >> 23 != 0x23 && command[0] >> 23 != 0x18 && command[0] >> 23 != 0x0e,
	     "a command passes that no guest may use");
}

static void look_at_all(const struct gvt_parser *parser)
{
	static const enum engine_id engines[GVT_ENGINES] = { [GVT_RCS] = ENGINE_RCS, [GVT_BCS] = ENGINE_BCS,
							     [GVT_VCS0] = ENGINE_VCS0, [GVT_VECS] = ENGINE_VECS };

	for (uint32_t at = 0; at < parser->count;) {
		uint32_t length = command_length(parser->generation, engines[parser->engine], parser->out[at]);

		must(length && length <= parser->count - at, "hardware finds other commands than the parser did");
		look_at(parser->out + at, length);
		at += length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gvt_parser parser, second;
	uint32_t dwords;
	uint8_t kind;

	if (size < 8)
		return 0;
	kind = data[0];
	dwords = data[1] % (RING_MAX + 1);
	memset(own, 0, sizeof(own));
	memset(ours, 0, sizeof(ours));
	memset(ring, 0, sizeof(ring));
	data += 4;
	size -= 4;
	memcpy(ring, data, size < sizeof(ring) ? size : sizeof(ring));
	memcpy(own, data + size / 2, size - size / 2);
	memcpy(&own[1][1000], data, size < 96 ? size : 96);
	memcpy(ours, data + size / 3, size - size / 3);
	if (parse(&parser, kind, out, ring, dwords))
		return 0;
	must(parser.used <= dwords && parser.count <= ROOM, "more than there is");
	look_at_all(&parser);
	/* What passes, passes, and is what it was. */
	must(!parse(&second, kind, again, out, parser.count), "what has passed is refused");
	must(second.count == parser.count && !memcmp(out, again, parser.count * 4), "what has passed is changed");
	return 0;
}
