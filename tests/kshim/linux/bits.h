/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bits.h - masks */
#ifndef KSHIM_LINUX_BITS_H
#define KSHIM_LINUX_BITS_H

#define BIT(n)	   (1ul << (n))
#define BIT_ULL(n) (1ull << (n))

#define BITS_PER_LONG 64u
#define GENMASK(high, low)     ((~0ul << (low)) & (~0ul >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~0ull << (low)) & (~0ull >> (63 - (high))))

#endif
