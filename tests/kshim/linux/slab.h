/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slab.h - allocations, each of which can be made to fail (kshim.h) */
#ifndef KSHIM_LINUX_SLAB_H
#define KSHIM_LINUX_SLAB_H

#include <linux/types.h>

#include "../kshim.h"

#define GFP_KERNEL 0u
#define GFP_ATOMIC 1u

#define kmalloc(size, flags)	     ((void)(flags), kshim_alloc(size, false))
#define kzalloc(size, flags)	     ((void)(flags), kshim_alloc(size, true))
#define kcalloc(count, size, flags)  ((void)(flags), kshim_alloc_array(count, size, true))
#define kmalloc_array(count, size, flags) ((void)(flags), kshim_alloc_array(count, size, false))
#define kvmalloc(size, flags)	     kmalloc(size, flags)
#define kvzalloc(size, flags)	     kzalloc(size, flags)
#define kvmalloc_array(count, size, flags) kmalloc_array(count, size, flags)
#define kvcalloc(count, size, flags) kcalloc(count, size, flags)
#define get_zeroed_page(flags)	     ((unsigned long)kzalloc(4096, flags))
#define free_page(address)	     kshim_free((const void *)(address))
#define kfree(pointer)		     kshim_free(pointer)
#define kvfree(pointer)		     kshim_free(pointer)

#endif
