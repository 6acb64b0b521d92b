/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raster.h - what the blitter computes: runs of pixels in plain memory
 *
 * Knows raster operations, colour expansion and colour keys (PRM "Blitter": BR00, BR01, BR13), no
 * surfaces. Buffers of words are aligned to, and as long as, whole vectors; `words` counts what is
 * of interest in them.
 */
#ifndef GPUSIM_RASTER_H
#define GPUSIM_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RASTER_VECTOR 16 /* bytes */

/* Raster operations by their bits: what they look at. */
bool rop_uses_pattern(uint8_t rop);
bool rop_uses_source(uint8_t rop);
bool rop_uses_destination(uint8_t rop);

/* Operands in the manual's order, P, S and D: F0h, CCh and AAh. The result goes to `source`. */
void raster_combine(uint8_t rop, const uint64_t *pattern, uint64_t *source,
		    const uint64_t *destination, size_t words);

/* Where a bit of the mask is 0, that of the destination stays: result to `source`. */
void raster_select(const uint64_t *mask, uint64_t *source, const uint64_t *destination,
		   size_t words);

/* `length` bytes that repeat the first `period` of them. */
void raster_repeat(void *data, size_t period, size_t length);

/* `count` pixels of 1, 2 or 4 bytes: foreground for each 1 from bit `first` on, else background.
 * Bit 0 is the uppermost of the first byte. */
void raster_expand(const uint8_t *bits, size_t first, size_t count, uint32_t foreground,
		   uint32_t background, unsigned int pixel_bytes, void *pixels);

/* A range of colours: each component of both ends is included. */
struct raster_key {
	uint32_t low, high;
	uint32_t components[4]; /* their bits; 0 ends */
};

/* Take pixels out of the mask (all its bits 0) whose key is (or is not) in the range. */
void raster_key_mask(const struct raster_key *key, bool in_range, const void *pixels, size_t count,
		     unsigned int pixel_bytes, void *mask);

#endif
