/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel.h - what everybody uses */
#ifndef KSHIM_LINUX_KERNEL_H
#define KSHIM_LINUX_KERNEL_H

#include <stdio.h>

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/compiler_attributes.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define round_up(n, to)	  (((n) + (to) - 1) & ~((__typeof__(n))(to) - 1))
#define round_down(n, to) ((n) & ~((__typeof__(n))(to) - 1))
#define IS_ALIGNED(n, to) (!((n) & ((__typeof__(n))(to) - 1)))

#define container_of(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))

#define scnprintf snprintf

#endif
