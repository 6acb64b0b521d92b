/* SPDX-License-Identifier: GPL-2.0-or-later */
/* define_trace.h - nothing has to be defined for them */
#ifndef KSHIM_TRACE_DEFINE_TRACE_H
#define KSHIM_TRACE_DEFINE_TRACE_H


#endif
