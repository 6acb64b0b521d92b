/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - rows of text under headings, as wide as their content, columns chosen by the user
 */
#ifndef GVT_TABLE_H
#define GVT_TABLE_H

#include "cli.h"

#define TABLE_COLUMNS 16

struct table;

/*
 * headings: NULL-terminated, TABLE_COLUMNS at most. Which columns are shown, and whether there are
 * headings, is taken from the options. A column that is none is reported, and *table stays NULL.
 */
enum status table_new(const struct cli *cli, const char *const *headings, struct table **table);

/* One cell after the other, row by row; NULL or "" is shown as "-". */
void table_add(struct table *table, const char *text);
__attribute__((format(printf, 2, 3))) void table_addf(struct table *table, const char *format, ...);

/* Print and free. */
enum status table_print(const struct cli *cli, struct table *table);

#endif
