// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-text FILE: read the text of a Linux console off its picture.
 *
 * The picture must begin with the 95 characters from blank to tilde, from which the font is
 * learned; whatever it is, its cells are 8 by 16 pixels. Prints the picture's size, and all rows of
 * text after those characters; what is none of them is printed as "?".
 */
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_WIDTH  8
#define CELL_HEIGHT 16
#define PIXEL	    3 /* bytes */
#define FIRST	    ' '
#define CHARACTERS  95

struct picture {
	png_image png;
	uint8_t *pixels;
	unsigned int columns, rows; /* of text */
};

static void die(const char *file, const char *what)
{
	fprintf(stderr, "png-text: %s: %s\n", file, what);
	exit(EXIT_FAILURE);
}

static void read_picture(const char *file, struct picture *picture)
{
	png_image *png = &picture->png;

	*png = (png_image){ .version = PNG_IMAGE_VERSION };
	if (!png_image_begin_read_from_file(png, file))
		die(file, png->message);
	png->format = PNG_FORMAT_RGB;
	picture->pixels = malloc(PNG_IMAGE_SIZE(*png));
	if (!picture->pixels || !png_image_finish_read(png, NULL, picture->pixels, 0, NULL))
		die(file, png->message);
	picture->columns = png->width / CELL_WIDTH;
	picture->rows = png->height / CELL_HEIGHT;
}

static const uint8_t *cell_line(const struct picture *picture, unsigned int cell, unsigned int y)
{
	unsigned int row = cell / picture->columns, column = cell % picture->columns;
	size_t line = (size_t)row * CELL_HEIGHT + y;

	return picture->pixels + (line * picture->png.width + (size_t)column * CELL_WIDTH) * PIXEL;
}

static bool same(const struct picture *picture, unsigned int a, unsigned int b)
{
	for (unsigned int y = 0; y < CELL_HEIGHT; y++)
		if (memcmp(cell_line(picture, a, y), cell_line(picture, b, y), CELL_WIDTH * PIXEL))
			return false;
	return true;
}

/* No two characters of a font look the same. */
static void check_font(const char *file, const struct picture *picture)
{
	if (picture->columns * picture->rows < CHARACTERS)
		die(file, "too small for a console");
	for (unsigned int a = 0; a < CHARACTERS; a++)
		for (unsigned int b = 0; b < a; b++)
			if (same(picture, a, b))
				die(file, "it does not begin with the characters of a font");
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
	read_picture(argv[1], &picture);
	printf("%ux%u\n", picture.png.width, picture.png.height);
	check_font(argv[1], &picture);
	for (unsigned int row = (CHARACTERS - 1) / picture.columns + 1; row < picture.rows; row++)
		print_row(&picture, row);
	free(picture.pixels);
	return EXIT_SUCCESS;
}
