/* SPDX-License-Identifier: GPL-2.0-only */
/* internal.h - what the files of the parser share */
#ifndef GVT_PARSER_INTERNAL_H
#define GVT_PARSER_INTERNAL_H

#include "parser.h"

/* One command, whole, in the copy: a check may change it there. */
struct gvt_command {
	u32 *dwords;
	u32 length;
};

/* Refuse it: returns -EPERM. */
int gvt_parser_refuse(struct gvt_parser *parser, const char *why);

/* Dwords of a command by its first; 0: there is no such command on that engine. */
u32 gvt_command_length(const struct gvt_parser *parser, u32 header);
/* Returns 0 or gvt_parser_refuse(). MI_BATCH_BUFFER_START and _END are the scan's own. */
int gvt_command_check(struct gvt_parser *parser, const struct gvt_command *command);

/* May commands of that engine write, or read, the register? A write's value is looked at as well. */
bool gvt_register_writable(const struct gvt_parser *parser, u32 offset, u32 value);
bool gvt_register_readable(const struct gvt_parser *parser, u32 offset);

#endif
