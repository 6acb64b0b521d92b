/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compiler_attributes.h - what the compiler is told */
#ifndef KSHIM_LINUX_COMPILER_ATTRIBUTES_H
#define KSHIM_LINUX_COMPILER_ATTRIBUTES_H

#define __printf(text, first) __attribute__((format(printf, text, first)))
#define fallthrough	      __attribute__((fallthrough))

#endif
