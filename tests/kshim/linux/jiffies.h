/* SPDX-License-Identifier: GPL-2.0-or-later */
/* jiffies.h - a jiffy is a millisecond */
#ifndef KSHIM_LINUX_JIFFIES_H
#define KSHIM_LINUX_JIFFIES_H

#define msecs_to_jiffies(ms) (ms)

#endif
