/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blit-fixture.h - the blitter in a machine, and what it should do, pixel by pixel
 *
 * Where a byte has to be is computed from the address bits of the manual's tiling pictures, and
 * what a pixel has to become from the truth table of its raster operation, bit by bit.
 */
#ifndef TEST_BLIT_FIXTURE_H
#define TEST_BLIT_FIXTURE_H

#include "gpu-fixture.h"

/* Where surfaces are, as graphics and bus addresses at once. */
#define SOURCE	    0x400000u
#define DESTINATION 0x600000u
#define PATTERN	    0x800000u
#define AREA	    0x100000u /* bytes of a surface that are looked at */

/* Headers, without their length. */
#define BLT(opcode) (2u << 29 | (uint32_t)(opcode) << 22)
#define ALPHA	    (1u << 21)
#define RGB	    (1u << 20)
#define SRC_TILED   (1u << 15)
#define DST_TILED   (1u << 11)

/* Second dwords. */
#define CLIPPED	   (1u << 30)
#define DEPTH_8	   (0u << 24)
#define DEPTH_565  (1u << 24)
#define DEPTH_1555 (2u << 24)
#define DEPTH_32   (3u << 24)
#define ROP(value) ((uint32_t)(value) << 16)

#define COLOR(flags)   (BLT(0x50) | (flags) | 5)
#define COPY(flags)    (BLT(0x53) | (flags) | 8)
#define FAST(from, to) (BLT(0x42) | (uint32_t)(from) << 20 | (uint32_t)(to) << 13 | 8)
#define SETUP_CLIP     (BLT(0x03) | 1)
#define AT(x, y)       ((uint32_t)(y) << 16 | (uint16_t)(x))

#define LRI	   (0x22u << 23 | 1)
#define BATCH_END  (0x0au << 23)
#define BCS_SWCTRL 0x22200u
#define BCS_EIR	   (BCS + 0xb0)

enum layout {
	LINEAR,
	X,
	Y,
	YF,
	YS
};

struct area {
	uint32_t address;
	enum layout layout;
	int32_t pitch; /* bytes */
	unsigned int bytes; /* of a pixel */
};

/* cmocka's setup and teardown: a machine. */
int blit_setup(void **state);
int blit_teardown(void **state);

/* Run a batch of the PPGTT, which shows the memory one to one, to its end. */
void run(struct machine *machine, const uint32_t *dwords, size_t count);
#define RUN(machine, ...)                               \
	run(machine, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* The same, but do not wait. */
void start(struct machine *machine, const uint32_t *dwords, size_t count);

/* Run a batch that the engine refuses, and reset it. Its last words hold `words`. */
void refuse(struct machine *machine, const char *words, const uint32_t *dwords, size_t count);
#define REFUSE(machine, words, ...)                               \
	refuse(machine, words, (const uint32_t[]){ __VA_ARGS__ }, \
	       sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* A number that looks random; *seed moves on. Below `below`, if that is not 0. */
uint32_t noise(uint32_t *seed, uint32_t below);

void fill_with_noise(struct machine *machine, uint32_t address, size_t length, uint32_t seed);
/* test_free() it. */
uint8_t *snapshot(struct machine *machine, uint32_t address, size_t length);

/* What a pitch field holds. */
uint32_t pitch_field(const struct area *area);

/* Byte offset of byte x of row y from the area's beginning. */
int64_t place(const struct area *area, int32_t x, int32_t y);

/* A pixel of up to 4 bytes in the memory that begins where the area does. */
uint32_t get_pixel(const uint8_t *memory, const struct area *area, int32_t x, int32_t y);
void put_pixel(uint8_t *memory, const struct area *area, int32_t x, int32_t y, uint32_t pixel);

/* By the truth table: bit 4p + 2s + d of the operation is the result of these bits. */
uint32_t combine(uint8_t rop, uint32_t pattern, uint32_t source, uint32_t destination);

/* Bits of a 32-bit pixel that the header lets be written; all of a smaller one. */
uint32_t writable(uint32_t header, unsigned int bytes);

/* The destination's first `length` bytes are as expected. Frees them. */
void assert_destination(struct machine *machine, uint8_t *expected, size_t length);

#endif
