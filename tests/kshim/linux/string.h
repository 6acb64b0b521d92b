/* SPDX-License-Identifier: GPL-2.0-or-later */
/* string.h - the C library's, and the kernel's way to copy a string */
#ifndef KSHIM_LINUX_STRING_H
#define KSHIM_LINUX_STRING_H

#include <string.h>

#include <linux/types.h>

/* Copies what fits, and ends it. */
static inline void strscpy(char *to, const char *from, size_t size)
{
	if (!size)
		return;
	strncpy(to, from, size - 1);
	to[size - 1] = '\0';
}

#endif
