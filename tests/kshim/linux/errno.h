/* SPDX-License-Identifier: GPL-2.0-or-later */
/* errno.h - the C library's includes this one, too */
#ifndef KSHIM_LINUX_ERRNO_H
#define KSHIM_LINUX_ERRNO_H

#include_next <linux/errno.h>

#endif
