/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xarray.h - pointers by number, in a sorted array */
#ifndef KSHIM_LINUX_XARRAY_H
#define KSHIM_LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/types.h>

struct xa_entry;

struct xarray {
	struct xa_entry *entries;
	size_t count, room;
};

#define XA_PRESENT 0u

void xa_init(struct xarray *xa);
/* Frees what the kernel's never holds of an empty one. */
void xa_destroy(struct xarray *xa);
/* Returns what was there, or an error for xa_err(). */
void *xa_store(struct xarray *xa, unsigned long index, void *pointer, gfp_t flags);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_erase(struct xarray *xa, unsigned long index);
/* The first from *index on, up to `last`; *index is its number. */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long last, unsigned int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long last, unsigned int filter);

static inline bool xa_empty(const struct xarray *xa)
{
	return !xa->count;
}

static inline int xa_err(void *pointer)
{
	return IS_ERR(pointer) ? (int)PTR_ERR(pointer) : 0;
}

#define xa_for_each(xa, index, pointer)                                             \
	for ((index) = 0, (pointer) = xa_find(xa, &(index), ~0ul, XA_PRESENT); (pointer); \
	     (pointer) = xa_find_after(xa, &(index), ~0ul, XA_PRESENT))

#endif
