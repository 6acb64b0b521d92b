/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list.h - lists that run through their elements */
#ifndef KSHIM_LINUX_LIST_H
#define KSHIM_LINUX_LIST_H

#include <linux/kernel.h>

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name)	     struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list->prev = list;
}

static inline void list_add_tail(struct list_head *element, struct list_head *list)
{
	element->prev = list->prev;
	element->next = list;
	list->prev->next = element;
	list->prev = element;
}

static inline void list_add(struct list_head *element, struct list_head *list)
{
	list_add_tail(element, list->next);
}

/* What is taken off points at nothing: to use it again crashes. */
static inline void list_del(struct list_head *element)
{
	element->prev->next = element->next;
	element->next->prev = element->prev;
	element->next = element->prev = NULL;
}

static inline void list_del_init(struct list_head *element)
{
	list_del(element);
	INIT_LIST_HEAD(element);
}

static inline void list_move(struct list_head *element, struct list_head *list)
{
	list_del(element);
	list_add(element, list);
}

static inline void list_move_tail(struct list_head *element, struct list_head *list)
{
	list_del(element);
	list_add_tail(element, list);
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_splice_init(struct list_head *from, struct list_head *to)
{
	while (!list_empty(from))
		list_move_tail(from->next, to);
}

#define list_entry(pointer, type, member)	 container_of(pointer, type, member)
#define list_first_entry(list, type, member)	 list_entry((list)->next, type, member)
#define list_last_entry(list, type, member)	 list_entry((list)->prev, type, member)
#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : list_first_entry(list, type, member))

#define list_for_each_entry(at, list, member)                                      \
	for ((at) = list_entry((list)->next, __typeof__(*(at)), member); &(at)->member != (list); \
	     (at) = list_entry((at)->member.next, __typeof__(*(at)), member))
#define list_for_each_entry_safe(at, after, list, member)                       \
	for ((at) = list_entry((list)->next, __typeof__(*(at)), member),        \
	    (after) = list_entry((at)->member.next, __typeof__(*(at)), member); \
	     &(at)->member != (list);                                           \
	     (at) = (after), (after) = list_entry((at)->member.next, __typeof__(*(at)), member))

#endif
