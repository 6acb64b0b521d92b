// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "raster.h"

/* Bit n of an operation is its result where pattern, source, destination are n's bits. */
bool rop_uses_pattern(uint8_t rop)
{
	return (rop >> 4) != (rop & 0x0f);
}

bool rop_uses_source(uint8_t rop)
{
	return (rop >> 2 & 0x33) != (rop & 0x33);
}

bool rop_uses_destination(uint8_t rop)
{
	return (rop >> 1 & 0x55) != (rop & 0x55);
}

/* Two words at once, in whatever registers the compiler has for it. */
typedef uint64_t vector __attribute__((vector_size(RASTER_VECTOR), may_alias));

#define VECTORS(words) (((words) + 1) / 2)

static inline vector choose(vector by, vector one, vector zero)
{
	return (by & one) | (~by & zero);
}

/* One half of the operation: what it does where the pattern is the same everywhere. */
static inline vector combine_two(const vector *bits, vector source, vector destination)
{
	return choose(source, choose(destination, bits[3], bits[2]),
		      choose(destination, bits[1], bits[0]));
}

void raster_combine(uint8_t rop, const uint64_t *pattern, uint64_t *source,
		    const uint64_t *destination, size_t words)
{
	const vector *p = (const vector *)pattern, *d = (const vector *)destination;
	vector *s = (vector *)source, bits[8];

	for (unsigned int n = 0; n < 8; n++)
		bits[n] = (vector){ 0 } - (rop >> n & 1);
	if (!rop_uses_pattern(rop)) {
		for (size_t i = 0; i < VECTORS(words); i++)
			s[i] = combine_two(bits, s[i], d[i]);
		return;
	}
	for (size_t i = 0; i < VECTORS(words); i++)
		s[i] = choose(p[i], combine_two(bits + 4, s[i], d[i]),
			      combine_two(bits, s[i], d[i]));
}

void raster_select(const uint64_t *mask, uint64_t *source, const uint64_t *destination,
		   size_t words)
{
	const vector *m = (const vector *)mask, *d = (const vector *)destination;
	vector *s = (vector *)source;

	for (size_t i = 0; i < VECTORS(words); i++)
		s[i] = choose(m[i], s[i], d[i]);
}

void raster_repeat(void *data, size_t period, size_t length)
{
	uint8_t *bytes = data;

	while (period < length) {
		size_t piece = period < length - period ? period : length - period;

		memcpy(bytes + period, bytes, piece);
		period += piece;
	}
}

static void put_pixel(void *pixels, size_t index, unsigned int pixel_bytes, uint32_t color)
{
	/* The low bytes of a colour are those of the pixel: both are little-endian. */
	memcpy((uint8_t *)pixels + index * pixel_bytes, &color, pixel_bytes);
}

void raster_expand(const uint8_t *bits, size_t first, size_t count, uint32_t foreground,
		   uint32_t background, unsigned int pixel_bytes, void *pixels)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = first + i;
		bool one = bits[at / 8] >> (7 - at % 8) & 1;

		put_pixel(pixels, i, pixel_bytes, one ? foreground : background);
	}
}

static bool key_covers(const struct raster_key *key, uint32_t pixel)
{
	for (unsigned int i = 0; i < 4 && key->components[i]; i++) {
		uint32_t component = pixel & key->components[i];

		if (component < (key->low & key->components[i]) ||
		    component > (key->high & key->components[i]))
			return false;
	}
	return true;
}

void raster_key_mask(const struct raster_key *key, bool in_range, const void *pixels, size_t count,
		     unsigned int pixel_bytes, void *mask)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t pixel = 0;

		memcpy(&pixel, (const uint8_t *)pixels + i * pixel_bytes, pixel_bytes);
		if (key_covers(key, pixel) == in_range)
			put_pixel(mask, i, pixel_bytes, 0);
	}
}
