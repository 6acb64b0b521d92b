// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "table.h"

struct table {
	const char *const *headings;
	unsigned int columns; /* of a row as it is added */
	unsigned int shown[TABLE_COLUMNS];
	unsigned int shown_count;
	bool no_memory;
	char **cells;
	size_t count, room;
};

static int find_heading(const struct table *table, const char *name, size_t length)
{
	for (unsigned int i = 0; i < table->columns; i++)
		if (strlen(table->headings[i]) == length &&
		    !strncasecmp(table->headings[i], name, length))
			return i;
	return -1;
}

static enum status unknown_column(const struct cli *cli, const struct table *table,
				  const char *name, size_t length)
{
	char known[256] = "";

	for (unsigned int i = 0; i < table->columns; i++) {
		size_t used = strlen(known);

		snprintf(known + used, sizeof(known) - used, "%s%s", i ? "," : "",
			 table->headings[i]);
	}
	return misuse(cli, "there is no column '%.*s'; choose from %s", (int)length, name, known);
}

static enum status choose_columns(const struct cli *cli, struct table *table)
{
	const char *name = cli->columns;

	if (!name) {
		for (unsigned int i = 0; i < table->columns; i++)
			table->shown[table->shown_count++] = i;
		return STATUS_DONE;
	}
	for (;;) {
		size_t length = strcspn(name, ",");
		int column = find_heading(table, name, length);

		if (column < 0)
			return unknown_column(cli, table, name, length);
		if (table->shown_count == TABLE_COLUMNS)
			return misuse(cli, "at most %d columns", TABLE_COLUMNS);
		table->shown[table->shown_count++] = column;
		if (!name[length])
			return STATUS_DONE;
		name += length + 1;
	}
}

enum status table_new(const struct cli *cli, const char *const *headings, struct table **out)
{
	struct table *table = calloc(1, sizeof(*table));
	enum status status;

	*out = NULL;
	if (!table) {
		fputs("gvt: out of memory\n", stderr);
		return STATUS_FAILED;
	}
	table->headings = headings;
	while (headings[table->columns])
		table->columns++;
	status = choose_columns(cli, table);
	if (status)
		free(table);
	else
		*out = table;
	return status;
}

void table_add(struct table *table, const char *text)
{
	if (table->count == table->room) {
		size_t room = table->room ? 2 * table->room : 64;
		char **cells = reallocarray(table->cells, room, sizeof(*cells));

		if (!cells) {
			table->no_memory = true;
			return;
		}
		table->cells = cells;
		table->room = room;
	}
	table->cells[table->count] = strdup(text && text[0] ? text : "-");
	if (table->cells[table->count])
		table->count++;
	else
		table->no_memory = true;
}

void table_addf(struct table *table, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	table_add(table, text);
}

static size_t column_width(const struct table *table, unsigned int column, bool headings)
{
	size_t width = headings ? strlen(table->headings[column]) : 0;

	for (size_t cell = column; cell < table->count; cell += table->columns)
		if (strlen(table->cells[cell]) > width)
			width = strlen(table->cells[cell]);
	return width;
}

static void print_row(const struct table *table, const char *const *cells, const size_t *widths)
{
	for (unsigned int i = 0; i < table->shown_count; i++) {
		bool last = i + 1 == table->shown_count;

		printf("%-*s%s", last ? 0 : (int)widths[i], cells[table->shown[i]],
		       last ? "\n" : "  ");
	}
}

static void table_free(struct table *table)
{
	while (table->count)
		free(table->cells[--table->count]);
	free(table->cells);
	free(table);
}

enum status table_print(const struct cli *cli, struct table *table)
{
	bool headings = !is_given(cli, OPT_NO_HEADINGS), complete = !table->no_memory;
	size_t widths[TABLE_COLUMNS];

	if (complete) {
		for (unsigned int i = 0; i < table->shown_count; i++)
			widths[i] = column_width(table, table->shown[i], headings);
		if (headings)
			print_row(table, table->headings, widths);
		for (size_t cell = 0; cell < table->count; cell += table->columns)
			print_row(table, (const char *const *)table->cells + cell, widths);
	} else {
		fputs("gvt: out of memory\n", stderr);
	}
	table_free(table);
	return complete ? STATUS_DONE : STATUS_FAILED;
}
