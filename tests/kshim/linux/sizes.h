/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sizes.h - bytes */
#ifndef KSHIM_LINUX_SIZES_H
#define KSHIM_LINUX_SIZES_H

#define SZ_4K	0x1000
#define SZ_16K	0x4000
#define SZ_64K	0x10000
#define SZ_256K 0x40000u
#define SZ_512K 0x80000
#define SZ_1M	0x100000
#define SZ_2M	0x200000

#endif
