/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bitmap.h - arrays of bits that are allocated */
#ifndef KSHIM_LINUX_BITMAP_H
#define KSHIM_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/slab.h>

#define bitmap_zalloc(bits, flags) \
	((unsigned long *)kcalloc(BITS_TO_LONGS(bits), sizeof(unsigned long), flags))
#define bitmap_free(bitmap) kfree(bitmap)

#endif
