// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpusim: rectangles with their operands (XY_*_BLT): patterns, sources of colour and of one bit,
 * and colour keys, in all depths, with and without clipping, on linear and tiled surfaces.
 */
#include <string.h>

#include "blit-fixture.h"

#define LENGTH 0x40000u /* of the destination: 128 rows */
#define PITCH  2048

/* The commands, with their operands in the order of their dwords. */
static const struct blit_command {
	uint8_t opcode;
	const char *operands;
} commands[] = {
	{ 0x50, "c" }, /* XY_COLOR_BLT: a colour */
	{ 0x51, "p" }, /* XY_PAT_BLT: the address of a pattern */
	{ 0x52, "m" }, /* XY_MONO_PAT_BLT: two colours and 64 bits */
	{ 0x53, "s" }, /* XY_SRC_COPY_BLT: place, pitch and address of a source */
	{ 0x54, "b" }, /* XY_MONO_SRC_COPY_BLT: address and two colours of a source of bits */
	{ 0x55, "sp" }, /* XY_FULL_BLT */
	{ 0x56, "bp" }, /* XY_FULL_MONO_SRC_BLT */
	{ 0x57, "sm" }, /* XY_FULL_MONO_PATTERN_BLT */
	{ 0x58, "bm" }, /* XY_FULL_MONO_PATTERN_MONO_SRC_BLT */
	{ 0x71, "B" }, /* XY_MONO_SRC_COPY_IMMEDIATE_BLT: two colours and the bits */
	{ 0x72, "P" }, /* XY_PAT_BLT_IMMEDIATE: the pattern */
	{ 0x73, "sk" }, /* XY_SRC_COPY_CHROMA_BLT: ends of a range of colours */
	{ 0x74, "sP" }, /* XY_FULL_IMMEDIATE_PATTERN_BLT */
	{ 0x75, "bP" }, /* XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT */
	{ 0x76, "pk" }, /* XY_PAT_CHROMA_BLT */
	{ 0x77, "kP" }, /* XY_PAT_CHROMA_BLT_IMMEDIATE */
};

/* One blit: what its fields say. */
struct blit {
	const struct blit_command *command;
	struct area destination, source;
	unsigned int depth;
	uint32_t header, control;
	int x1, y1, x2, y2, clip[4];
	int source_x, source_y;
	uint32_t color, pattern_colors[2], source_colors[2]; /* background, foreground */
	uint8_t pattern[256];
	uint64_t pattern_bits;
	uint32_t bits_address;
	uint8_t bits[1024];
	uint32_t key[2];
};

static bool has(const struct blit *blit, char operand)
{
	return strchr(blit->command->operands, operand);
}

static const unsigned int depth_bytes[] = { 1, 2, 2, 4 };

static struct area random_area(uint32_t *seed, uint32_t address, unsigned int bytes)
{
	struct area area = {
		.address = address, .layout = noise(seed, 3), .pitch = PITCH, .bytes = bytes
	};

	if (area.layout == LINEAR && noise(seed, 2))
		area.pitch = 1600 + 4 * (int32_t)noise(seed, 100);
	return area;
}

static void random_rectangle(struct blit *blit, uint32_t *seed)
{
	/* Bits in the command itself are few. */
	int width = has(blit, 'B') ? 40 : 200, height = has(blit, 'B') ? 20 : 50;

	blit->x1 = noise(seed, 100);
	blit->y1 = noise(seed, 60);
	if (blit->control & CLIPPED) {
		blit->clip[0] = noise(seed, 120);
		blit->clip[1] = noise(seed, 60);
		blit->clip[2] = blit->clip[0] + (int)noise(seed, 100);
		blit->clip[3] = blit->clip[1] + (int)noise(seed, 40);
		blit->x1 -= 40;
		blit->y1 -= 20;
	}
	blit->x2 = blit->x1 + 1 + (int)noise(seed, width);
	blit->y2 = blit->y1 + 1 + (int)noise(seed, height);
}

static void random_bytes(uint8_t *bytes, size_t length, uint32_t *seed)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = noise(seed, 256);
}

/* Ranges that a good part of all colours is in. */
static void random_key(struct blit *blit, uint32_t *seed)
{
	blit->key[0] = noise(seed, 0) & noise(seed, 0) & noise(seed, 0);
	blit->key[1] = noise(seed, 0) | noise(seed, 0) | noise(seed, 0);
}

static struct blit random_blit(const struct blit_command *command, uint32_t *seed)
{
	struct blit blit = { .command = command, .depth = noise(seed, 4) };
	unsigned int bytes = depth_bytes[blit.depth];

	blit.destination = random_area(seed, DESTINATION, bytes);
	blit.source = random_area(seed, SOURCE, bytes);
	/* Channels, first bit or key, seeds. */
	blit.header = (noise(seed, 4) ? RGB | ALPHA : noise(seed, 4) << 20) | noise(seed, 8) << 12 |
		      noise(seed, 8) << 8;
	if (has(&blit, 'k') || has(&blit, 'b') || has(&blit, 'B'))
		blit.header |= noise(seed, 8) << 17;
	if (blit.destination.layout != LINEAR)
		blit.header |= DST_TILED;
	if (blit.source.layout != LINEAR && has(&blit, 's'))
		blit.header |= SRC_TILED;
	blit.control = blit.depth << 24 | ROP(noise(seed, 256)) | noise(seed, 2) << 30 |
		       pitch_field(&blit.destination);
	if (has(&blit, 'b') || has(&blit, 'B'))
		blit.control |= noise(seed, 2) << 29;
	if (has(&blit, 'm'))
		blit.control |= noise(seed, 2) << 28 | (uint32_t)!noise(seed, 4) << 31;
	random_rectangle(&blit, seed);
	blit.source_x = noise(seed, 60);
	blit.source_y = noise(seed, 40);
	blit.color = noise(seed, 0);
	for (unsigned int i = 0; i < 2; i++) {
		blit.pattern_colors[i] = noise(seed, 0);
		blit.source_colors[i] = noise(seed, 0);
	}
	random_bytes(blit.pattern, sizeof(blit.pattern), seed);
	blit.pattern_bits = (uint64_t)noise(seed, 0) << 32 | noise(seed, 0);
	blit.bits_address = SOURCE + noise(seed, 100);
	random_bytes(blit.bits, sizeof(blit.bits), seed);
	random_key(&blit, seed);
	return blit;
}

static size_t bits_stride(const struct blit *blit)
{
	return ((blit->header >> 17 & 7) + (unsigned int)(blit->x2 - blit->x1) + 15) / 16 * 2;
}

/* Append the operand's dwords; returns their end. */
static uint32_t *put_operand(const struct blit *blit, char operand, uint32_t *dw)
{
	size_t length;

	switch (operand) {
	case 'c':
		*dw++ = blit->color;
		break;
	case 'p':
		*dw++ = PATTERN;
		*dw++ = 0;
		break;
	case 'P':
		length = 64 * blit->destination.bytes;
		memcpy(dw, blit->pattern, length);
		dw += length / 4;
		break;
	case 'm':
		memcpy(dw, blit->pattern_colors, 8);
		memcpy(dw + 2, &blit->pattern_bits, 8);
		dw += 4;
		break;
	case 's':
		*dw++ = AT(blit->source_x, blit->source_y);
		*dw++ = pitch_field(&blit->source);
		*dw++ = SOURCE;
		*dw++ = 0;
		break;
	case 'b':
		*dw++ = blit->bits_address;
		*dw++ = 0;
		memcpy(dw, blit->source_colors, 8);
		dw += 2;
		break;
	case 'B':
		memcpy(dw, blit->source_colors, 8);
		length = (bits_stride(blit) * (size_t)(blit->y2 - blit->y1) + 7) / 8 * 8;
		memcpy(dw + 2, blit->bits, length);
		dw += 2 + length / 4;
		break;
	case 'k':
		memcpy(dw, blit->key, 8);
		dw += 2;
		break;
	}
	return dw;
}

static void run_blit(struct machine *machine, const struct blit *blit)
{
	uint32_t dwords[400] = {
		LRI,
		BCS_SWCTRL,
		3u << 16 | (blit->destination.layout == Y ? 2 : 0) |
			(blit->source.layout == Y ? 1 : 0),
		SETUP_CLIP,
		AT(blit->clip[0], blit->clip[1]),
		AT(blit->clip[2], blit->clip[3]),
	};
	uint32_t *first = dwords + 6, *end = first;

	end[1] = blit->control;
	end[2] = AT(blit->x1, blit->y1);
	end[3] = AT(blit->x2, blit->y2);
	end[4] = DESTINATION;
	end[5] = 0;
	end += 6;
	for (const char *operand = blit->command->operands; *operand; operand++)
		end = put_operand(blit, *operand, end);
	first[0] = BLT(blit->command->opcode) | blit->header | (uint32_t)(end - first - 2);
	run(machine, dwords, end - dwords);
}

static uint32_t pattern_pixel(const struct blit *blit, int x, int y, bool *written)
{
	unsigned int column = ((unsigned int)x + (blit->header >> 12 & 7)) % 8;
	unsigned int row = ((unsigned int)y + (blit->header >> 8 & 7)) % 8;
	struct area area = { .pitch = 8 * (int32_t)blit->destination.bytes,
			     .bytes = blit->destination.bytes };
	bool bit;

	if (has(blit, 'c'))
		return blit->color;
	if (has(blit, 'p') || has(blit, 'P'))
		return get_pixel(blit->pattern, &area, (int)column, (int)row);
	if (!has(blit, 'm'))
		return 0;
	/* The leftmost pixel is the uppermost bit; a solid pattern is all zeroes. */
	bit = blit->pattern_bits >> (8 * row + 7 - column) & 1 && !(blit->control >> 31);
	if (!bit && blit->control >> 28 & 1)
		*written = false;
	return blit->pattern_colors[bit];
}

static uint32_t source_pixel(const struct blit *blit, const uint8_t *memory, int x, int y,
			     bool *written)
{
	const uint8_t *bits = has(blit, 'b') ? memory + blit->bits_address - SOURCE : blit->bits;
	unsigned int at;
	bool bit;

	if (has(blit, 's'))
		return get_pixel(memory, &blit->source, blit->source_x + x - blit->x1,
				 blit->source_y + y - blit->y1);
	if (!has(blit, 'b') && !has(blit, 'B'))
		return 0;
	at = (blit->header >> 17 & 7) + (unsigned int)(x - blit->x1);
	bit = bits[bits_stride(blit) * (size_t)(y - blit->y1) + at / 8] >> (7 - at % 8) & 1;
	if (!bit && blit->control >> 29 & 1)
		*written = false;
	return blit->source_colors[bit];
}

static bool in_range(const struct blit *blit, uint32_t pixel, bool alpha)
{
	/* Widths of the components from the lowest bit on, alpha last. */
	static const uint8_t widths[4][4] = {
		{ 8, 0, 0, 0 }, { 5, 6, 5, 0 }, { 5, 5, 5, 1 }, { 8, 8, 8, 8 }
	};
	unsigned int shift = 0;

	for (unsigned int i = 0; i < (alpha ? 4 : 3); i++) {
		uint32_t mask = (1u << widths[blit->depth][i]) - 1;
		uint32_t value = pixel >> shift & mask;

		if (value < (blit->key[0] >> shift & mask) ||
		    value > (blit->key[1] >> shift & mask))
			return false;
		shift += widths[blit->depth][i] % 32;
	}
	return true;
}

static bool passes_key(const struct blit *blit, uint32_t pattern, uint32_t source,
		       uint32_t destination)
{
	uint32_t keyed = has(blit, 's') ? source : pattern;

	if (!has(blit, 'k'))
		return true;
	switch (blit->header >> 17 & 7) {
	case 1:
		return !in_range(blit, keyed, false);
	case 3:
		return !in_range(blit, keyed, true);
	case 5:
		return in_range(blit, destination, true);
	case 7:
		return in_range(blit, destination, false);
	default:
		return true;
	}
}

static void expect_blit(const struct blit *blit, uint8_t *expected, const uint8_t *source)
{
	const struct area *to = &blit->destination;

	for (int y = blit->y1; y < blit->y2; y++) {
		for (int x = blit->x1; x < blit->x2; x++) {
			uint32_t old, p, s, mask = writable(blit->header, to->bytes);
			bool written = true;

			if (blit->control & CLIPPED && (x < blit->clip[0] || y < blit->clip[1] ||
							x >= blit->clip[2] || y >= blit->clip[3]))
				continue;
			old = get_pixel(expected, to, x, y);
			p = pattern_pixel(blit, x, y, &written);
			s = source_pixel(blit, source, x, y, &written);
			if (written && passes_key(blit, p, s, old))
				put_pixel(expected, to, x, y,
					  (combine(blit->control >> 16, p, s, old) & mask) |
						  (old & ~mask));
		}
	}
}

static void check_blit(struct machine *machine, const struct blit *blit, uint32_t seed)
{
	uint8_t *expected;

	fill_with_noise(machine, DESTINATION, LENGTH, seed);
	memcpy(machine->ram + PATTERN, blit->pattern, sizeof(blit->pattern));
	expected = snapshot(machine, DESTINATION, LENGTH);
	expect_blit(blit, expected, machine->ram + SOURCE);
	run_blit(machine, blit);
	if (memcmp(machine->ram + DESTINATION, expected, LENGTH))
		fail_msg("opcode %02x, seed %u: header %08x, control %08x", blit->command->opcode,
			 seed, blit->header, blit->control);
	test_free(expected);
}

#define ROUNDS 60

static void test_random_blits(void **state)
{
	struct machine *machine = *state;

	fill_with_noise(machine, SOURCE, LENGTH, 1);
	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		for (uint32_t round = 0; round < ROUNDS; round++) {
			uint32_t seed = i * ROUNDS + round;
			struct blit blit = random_blit(&commands[i], &seed);

			check_blit(machine, &blit, i * ROUNDS + round);
		}
	}
}

/* All operations of three operands, on pixels that hold every combination of their bits. */
static void test_every_operation_of_a_full_blit(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < 64; i++)
		set_ram32(machine, PATTERN + 4 * i, 0xf0f0f0f0);
	set_ram32(machine, SOURCE, 0xcccccccc);
	for (uint32_t rop = 0; rop < 256; rop++) {
		set_ram32(machine, DESTINATION, 0xaaaaaaaa);
		RUN(machine, BLT(0x55) | RGB | ALPHA | 10, DEPTH_32 | ROP(rop) | 64, AT(0, 0),
		    AT(1, 1), DESTINATION, 0, AT(0, 0), 64, SOURCE, 0, PATTERN, 0);
		assert_int_equal(ram32(machine, DESTINATION), rop * 0x01010101);
	}
}

/* Each tile has its own part of a pattern. */
static void test_patterns_over_whole_tiles(void **state)
{
	for (enum layout layout = LINEAR; layout <= Y; layout++) {
		uint32_t seed = 7;
		struct blit blit = random_blit(&commands[1], &seed);

		blit.destination = (struct area){ DESTINATION, layout, PITCH, 4 };
		blit.depth = 3;
		blit.header = RGB | ALPHA | 3u << 12 | 2u << 8 | (layout == LINEAR ? 0 : DST_TILED);
		blit.control = DEPTH_32 | ROP(0xf0) | pitch_field(&blit.destination);
		blit.x1 = blit.y1 = 0;
		blit.x2 = 512;
		blit.y2 = 100;
		check_blit(*state, &blit, layout);
	}
}

/* The hatches as they look, and the others by their names. */
static const struct {
	unsigned int number;
	const char *rows[8];
} hatches[] = {
	{ 0,
	  { "........", "........", "........", "########", "........", "........", "........",
	    "........" } },
	{ 1,
	  { "....#...", "....#...", "....#...", "....#...", "....#...", "....#...", "....#...",
	    "....#..." } },
	{ 2,
	  { "#.......", ".#......", "..#.....", "...#....", "....#...", ".....#..", "......#.",
	    ".......#" } },
	{ 3,
	  { ".......#", "......#.", ".....#..", "....#...", "...#....", "..#.....", ".#......",
	    "#......." } },
	{ 4,
	  { "....#...", "....#...", "....#...", "########", "....#...", "....#...", "....#...",
	    "....#..." } },
	{ 5,
	  { "#......#", ".#....#.", "..#..#..", "...##...", "...##...", "..#..#..", ".#....#.",
	    "#......#" } },
	{ 8,
	  { ".#.#.#.#", "#.#.#.#.", ".#.#.#.#", "#.#.#.#.", ".#.#.#.#", "#.#.#.#.", ".#.#.#.#",
	    "#.#.#.#." } },
	{ 9,
	  { "..##..##", "..##..##", "##..##..", "##..##..", "..##..##", "..##..##", "##..##..",
	    "##..##.." } },
	{ 10,
	  { "#.......", ".#......", "..#.....", "...#....", "....#...", ".....#..", "......#.",
	    ".......#" } },
	{ 11,
	  { ".#######", "#.######", "##.#####", "###.####", "####.###", "#####.##", "######.#",
	    "#######." } },
};

static void test_fixed_patterns(void **state)
{
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(hatches) / sizeof(hatches[0]); i++) {
		memset(machine->ram + DESTINATION, 0, 1024);
		RUN(machine, BLT(0x59) | hatches[i].number << 15 | 6, DEPTH_8 | ROP(0xf0) | 32,
		    AT(0, 0), AT(19, 17), DESTINATION, 0, '.', '#');
		for (unsigned int y = 0; y < 17; y++)
			for (unsigned int x = 0; x < 19; x++)
				assert_int_equal(machine->ram[DESTINATION + 32 * y + x],
						 hatches[i].rows[y % 8][x % 8]);
	}
}

/* By hand, for what the random blits take for granted. */
static void test_bits_begin_at_the_uppermost(void **state)
{
	struct machine *machine = *state;

	/* Rows of a word each, from the third bit on; the rest of the word is not looked at. */
	machine->ram[SOURCE] = 0x20;
	machine->ram[SOURCE + 1] = 0xff;
	machine->ram[SOURCE + 2] = 0x10;
	machine->ram[SOURCE + 3] = 0xff;
	memset(machine->ram + DESTINATION, 0, 64);
	RUN(machine, BLT(0x54) | 2u << 17 | 8, DEPTH_8 | ROP(0xcc) | 32, AT(5, 0), AT(8, 2),
	    DESTINATION, 0, SOURCE, 0, '0', '1');
	assert_memory_equal(machine->ram + DESTINATION,
			    "\0\0\0\0\0"
			    "100\0",
			    9);
	assert_memory_equal(machine->ram + DESTINATION + 32,
			    "\0\0\0\0\0"
			    "010\0",
			    9);
}

static void test_keys_include_their_ends(void **state)
{
	static const uint8_t pixels[] = { 9, 10, 15, 20, 21, 0 };
	struct machine *machine = *state;

	memcpy(machine->ram + SOURCE, pixels, sizeof(pixels));
	memset(machine->ram + DESTINATION, 'd', 8);
	RUN(machine, BLT(0x73) | 1u << 17 | 10, DEPTH_8 | ROP(0xcc) | 64, AT(0, 0), AT(6, 1),
	    DESTINATION, 0, AT(0, 0), 64, SOURCE, 0, 10, 20);
	assert_memory_equal(machine->ram + DESTINATION,
			    "\x09"
			    "ddd"
			    "\x15"
			    "\0dd",
			    8);
	memcpy(machine->ram + DESTINATION, pixels, sizeof(pixels));
	memset(machine->ram + SOURCE, 's', 8);
	RUN(machine, BLT(0x73) | 7u << 17 | 10, DEPTH_8 | ROP(0xcc) | 64, AT(0, 0), AT(6, 1),
	    DESTINATION, 0, AT(0, 0), 64, SOURCE, 0, 10, 20);
	assert_memory_equal(machine->ram + DESTINATION,
			    "\x09"
			    "sss"
			    "\x15"
			    "\0",
			    6);
}

/* Components are compared one by one, and alpha only where the mode says so. */
static void test_keys_compare_components(void **state)
{
	static const struct {
		uint32_t mode, pixel;
		bool written;
	} cases[] = {
		{ 1, 0x99405060, false }, { 1, 0x99405070, true },  { 1, 0x99304060, true },
		{ 3, 0x99405060, true },  { 3, 0x11405060, false },
	};
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_ram32(machine, SOURCE, cases[i].pixel);
		set_ram32(machine, DESTINATION, 0xdddddddd);
		RUN(machine, BLT(0x73) | RGB | ALPHA | cases[i].mode << 17 | 10,
		    DEPTH_32 | ROP(0xcc) | 64, AT(0, 0), AT(1, 1), DESTINATION, 0, AT(0, 0), 64,
		    SOURCE, 0, 0x10404050, 0x12506060);
		assert_int_equal(ram32(machine, DESTINATION),
				 cases[i].written ? cases[i].pixel : 0xdddddddd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_blits, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_every_operation_of_a_full_blit, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_patterns_over_whole_tiles, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_fixed_patterns, blit_setup, blit_teardown),
		cmocka_unit_test_setup_teardown(test_bits_begin_at_the_uppermost, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_keys_include_their_ends, blit_setup,
						blit_teardown),
		cmocka_unit_test_setup_teardown(test_keys_compare_components, blit_setup,
						blit_teardown),
	};

	return cmocka_run_group_tests_name("gpusim: operands of blits", tests, NULL, NULL);
}
