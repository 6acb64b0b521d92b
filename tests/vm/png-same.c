// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-same FILE FILE: exit status 0 if both show the same picture; else it says where they differ first,
 * and in how many pixels.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "png-read.h"

static const uint8_t *pixel_at(const struct rgb_picture *picture, unsigned int x, unsigned int y)
{
	return picture->pixels + ((size_t)y * picture->width + x) * RGB_BYTES;
}

static void print(const char *file, const uint8_t *pixel)
{
	printf("  %s has %02x%02x%02x\n", file, pixel[0], pixel[1], pixel[2]);
}

int main(int argc, char **argv)
{
	struct rgb_picture one, other;
	unsigned long differing = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: png-same FILE FILE\n");
		return 2;
	}
	one = png_read(argv[1]);
	other = png_read(argv[2]);
	if (one.width != other.width || one.height != other.height) {
		printf("one is %ux%u, the other %ux%u\n", one.width, one.height, other.width, other.height);
		return EXIT_FAILURE;
	}
	for (unsigned int y = 0; y < one.height; y++) {
		for (unsigned int x = 0; x < one.width; x++) {
			if (!memcmp(pixel_at(&one, x, y), pixel_at(&other, x, y), RGB_BYTES))
				continue;
			if (!differing++) {
				printf("they differ first at %u,%u:\n", x, y);
				print(argv[1], pixel_at(&one, x, y));
				print(argv[2], pixel_at(&other, x, y));
			}
		}
	}
	if (differing)
		printf("%lu pixels differ\n", differing);
	free(one.pixels);
	free(other.pixels);
	return differing ? EXIT_FAILURE : EXIT_SUCCESS;
}
