// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/xarray.h>

#include "kshim.h"

struct xa_entry {
	unsigned long index;
	void *pointer;
};

void xa_init(struct xarray *xa)
{
	memset(xa, 0, sizeof(*xa));
}

void xa_destroy(struct xarray *xa)
{
	free(xa->entries);
	xa_init(xa);
}

/* Of the first entry whose number is not below `index`. */
static size_t place_of(const struct xarray *xa, unsigned long index)
{
	size_t low = 0, high = xa->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (xa->entries[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct xarray *xa, size_t place, unsigned long index)
{
	return place < xa->count && xa->entries[place].index == index;
}

static void make_room(struct xarray *xa, size_t place)
{
	if (xa->count == xa->room) {
		xa->room = xa->room ? 2 * xa->room : 64;
		xa->entries = realloc(xa->entries, xa->room * sizeof(*xa->entries));
		if (!xa->entries)
			abort();
	}
	memmove(&xa->entries[place + 1], &xa->entries[place], (xa->count - place) * sizeof(*xa->entries));
	xa->count++;
}

void *xa_store(struct xarray *xa, unsigned long index, void *pointer, gfp_t flags)
{
	size_t place = place_of(xa, index);
	void *old = NULL, *probe;

	/* The kernel's may need memory here, so that this must be able to fail as well. */
	probe = kshim_alloc(1, false);
	if (!probe)
		return ERR_PTR(-ENOMEM);
	kshim_free(probe);
	if (is_at(xa, place, index))
		old = xa->entries[place].pointer;
	else
		make_room(xa, place);
	xa->entries[place] = (struct xa_entry){ index, pointer };
	return old;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	size_t place = place_of(xa, index);

	return is_at(xa, place, index) ? xa->entries[place].pointer : NULL;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	size_t place = place_of(xa, index);
	void *old;

	if (!is_at(xa, place, index))
		return NULL;
	old = xa->entries[place].pointer;
	xa->count--;
	memmove(&xa->entries[place], &xa->entries[place + 1], (xa->count - place) * sizeof(*xa->entries));
	/* An empty one holds no memory: the model frees none with it. */
	if (!xa->count)
		xa_destroy(xa);
	return old;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long last, unsigned int filter)
{
	size_t place = place_of(xa, *index);

	if (place == xa->count || xa->entries[place].index > last)
		return NULL;
	*index = xa->entries[place].index;
	return xa->entries[place].pointer;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long last, unsigned int filter)
{
	if (*index == ~0ul)
		return NULL;
	++*index;
	return xa_find(xa, index, last, filter);
}
