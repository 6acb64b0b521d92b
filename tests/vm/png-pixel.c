// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-pixel: what colours a picture has, for scenarios that look at monitors.
 *
 * usage: png-pixel FILE [X,Y...]; prints one RRGGBB a line; without places, the picture's size
 */
#include <stdio.h>
#include <stdlib.h>

#include "png-read.h"

static void print_pixel(const struct rgb_picture *picture, const char *where)
{
	const uint8_t *pixel;
	unsigned int x, y;

	if (sscanf(where, "%u,%u", &x, &y) != 2)
		give_up(where, "not X,Y");
	if (x >= picture->width || y >= picture->height)
		give_up(where, "outside the picture");
	pixel = picture->pixels + ((size_t)y * picture->width + x) * RGB_BYTES;
	printf("%02x%02x%02x\n", pixel[0], pixel[1], pixel[2]);
}

int main(int argc, char **argv)
{
	struct rgb_picture picture;

	if (argc < 2) {
		fprintf(stderr, "usage: png-pixel FILE [X,Y...]\n");
		return 2;
	}
	picture = png_read(argv[1]);
	if (argc == 2)
		printf("%ux%u\n", picture.width, picture.height);
	for (int i = 2; i < argc; i++)
		print_pixel(&picture, argv[i]);
	free(picture.pixels);
	return EXIT_SUCCESS;
}
