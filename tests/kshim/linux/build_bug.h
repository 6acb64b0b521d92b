/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build_bug.h - what must hold when it compiles */
#ifndef KSHIM_LINUX_BUILD_BUG_H
#define KSHIM_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)

#endif
