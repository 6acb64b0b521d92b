// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-text FILE: read the text of a Linux console off its picture.
 *
 * The picture must begin with the 95 characters from blank to tilde, from which the font is
 * learned; whatever it is, its cells are 8 by 16 pixels. Prints the picture's size, and all rows of
 * text after those characters; what is none of them is printed as "?".
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "png-read.h"

#define CELL_WIDTH  8
#define CELL_HEIGHT 16
#define FIRST	    ' '
#define CHARACTERS  95

struct picture {
	struct rgb_picture rgb;
	unsigned int columns, rows; /* of text */
};

static struct picture read_picture(const char *file)
{
	struct picture picture = { .rgb = png_read(file) };

	picture.columns = picture.rgb.width / CELL_WIDTH;
	picture.rows = picture.rgb.height / CELL_HEIGHT;
	return picture;
}

static const uint8_t *cell_line(const struct picture *picture, unsigned int cell, unsigned int y)
{
	unsigned int row = cell / picture->columns, column = cell % picture->columns;
	size_t line = (size_t)row * CELL_HEIGHT + y;

	return picture->rgb.pixels + (line * picture->rgb.width + (size_t)column * CELL_WIDTH) * RGB_BYTES;
}

static bool same(const struct picture *picture, unsigned int a, unsigned int b)
{
	for (unsigned int y = 0; y < CELL_HEIGHT; y++)
		if (memcmp(cell_line(picture, a, y), cell_line(picture, b, y), CELL_WIDTH * RGB_BYTES))
			return false;
	return true;
}

/* No two characters of a font look the same. */
static void check_font(const char *file, const struct picture *picture)
{
	if (picture->columns * picture->rows < CHARACTERS)
		give_up(file, "too small for a console");
	for (unsigned int a = 0; a < CHARACTERS; a++)
		for (unsigned int b = 0; b < a; b++)
			if (same(picture, a, b))
				give_up(file, "it does not begin with the characters of a font");
}

static char read_cell(const struct picture *picture, unsigned int cell)
{
	for (unsigned int i = 0; i < CHARACTERS; i++)
		if (same(picture, cell, i))
			return (char)(FIRST + i);
	return '?';
}

static void print_row(const struct picture *picture, unsigned int row)
{
	unsigned int length = 0;
	char *text = malloc(picture->columns);

	if (!text)
		exit(EXIT_FAILURE);
	for (unsigned int column = 0; column < picture->columns; column++) {
		text[column] = read_cell(picture, row * picture->columns + column);
		if (text[column] != ' ')
			length = column + 1;
	}
	printf("%.*s\n", (int)length, text);
	free(text);
}

int main(int argc, char **argv)
{
	struct picture picture;

	if (argc != 2) {
		fprintf(stderr, "usage: png-text FILE\n");
		return 2;
	}
	picture = read_picture(argv[1]);
	printf("%ux%u\n", picture.rgb.width, picture.rgb.height);
	check_font(argv[1], &picture);
	for (unsigned int row = (CHARACTERS - 1) / picture.columns + 1; row < picture.rows; row++)
		print_row(&picture, row);
	free(picture.rgb.pixels);
	return EXIT_SUCCESS;
}
