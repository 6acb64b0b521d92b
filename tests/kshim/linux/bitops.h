/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bitops.h - bits of arrays of longs, each set and cleared at once */
#ifndef KSHIM_LINUX_BITOPS_H
#define KSHIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)

static inline void set_bit(unsigned long n, unsigned long *bits)
{
	__atomic_fetch_or(&bits[n / BITS_PER_LONG], BIT(n % BITS_PER_LONG), __ATOMIC_SEQ_CST);
}

static inline void clear_bit(unsigned long n, unsigned long *bits)
{
	__atomic_fetch_and(&bits[n / BITS_PER_LONG], ~BIT(n % BITS_PER_LONG), __ATOMIC_SEQ_CST);
}

static inline bool test_bit(unsigned long n, const unsigned long *bits)
{
	return __atomic_load_n(&bits[n / BITS_PER_LONG], __ATOMIC_SEQ_CST) >> n % BITS_PER_LONG & 1;
}

static inline unsigned long find_next_bit(const unsigned long *bits, unsigned long size, unsigned long n)
{
	while (n < size) {
		unsigned long rest = bits[n / BITS_PER_LONG] >> n % BITS_PER_LONG;

		if (rest) {
			n += __builtin_ctzl(rest);
			return n < size ? n : size;
		}
		n += BITS_PER_LONG - n % BITS_PER_LONG;
	}
	return size;
}

#define find_first_bit(bits, size) find_next_bit(bits, size, 0)
#define for_each_set_bit(n, bits, size) \
	for ((n) = find_first_bit(bits, size); (n) < (size); (n) = find_next_bit(bits, size, (n) + 1))

#define hweight32(n) ((unsigned int)__builtin_popcount(n))
#define __ffs(n)     ((unsigned long)__builtin_ctzl(n))

#endif
