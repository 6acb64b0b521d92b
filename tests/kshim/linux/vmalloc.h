/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmalloc.h - larger allocations: the same here */
#ifndef KSHIM_LINUX_VMALLOC_H
#define KSHIM_LINUX_VMALLOC_H

#include <linux/slab.h>

#define vmalloc(size)	   kshim_alloc(size, false)
#define vzalloc(size)	   kshim_alloc(size, true)
#define vmalloc_user(size) kshim_alloc(size, true)
#define vfree(pointer)	   kshim_free(pointer)

#endif
