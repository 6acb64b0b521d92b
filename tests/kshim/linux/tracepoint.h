/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracepoint.h - tracepoints that nobody listens to */
#ifndef KSHIM_LINUX_TRACEPOINT_H
#define KSHIM_LINUX_TRACEPOINT_H

#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...)  __VA_ARGS__
#define TRACE_EVENT(name, prototype, ...)          \
	static inline void trace_##name(prototype) \
	{                                          \
	}

#endif
