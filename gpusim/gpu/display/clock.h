/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - from a transcoder to the port it drives, to the PLL that clocks the port, to pixels
 *
 * clock-*.c know the PLLs of one generation, clock.c what the ports make of their symbols.
 */
#ifndef GPUSIM_DISPLAY_CLOCK_H
#define GPUSIM_DISPLAY_CLOCK_H

#include <stdint.h>

struct gpu;

/* Pixels per second; 0: the transcoder's port is not clocked. */
uint64_t clock_gen8(const struct gpu *gpu, unsigned int transcoder);
uint64_t clock_gen9(const struct gpu *gpu, unsigned int transcoder);

/* The same, of a port that is clocked with so many symbols per second. */
uint64_t clock_pixels(const struct gpu *gpu, unsigned int transcoder, uint64_t symbols);

#endif
