// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-pixel: what colours a picture has, for scenarios that look at the simulated GPU's monitors.
 *
 * usage: png-pixel FILE X,Y...; prints one RRGGBB a line
 */
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void give_up(const char *what, const char *why)
{
	fprintf(stderr, "png-pixel: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static uint8_t *read_picture(const char *path, png_image *image)
{
	uint8_t *pixels;

	if (!png_image_begin_read_from_file(image, path))
		give_up(path, image->message);
	image->format = PNG_FORMAT_RGB;
	pixels = malloc(PNG_IMAGE_SIZE(*image));
	if (!pixels)
		give_up(path, "out of memory");
	if (!png_image_finish_read(image, NULL, pixels, 0, NULL))
		give_up(path, image->message);
	return pixels;
}

static void print_pixel(const png_image *image, const uint8_t *pixels, const char *where)
{
	const uint8_t *pixel;
	unsigned int x, y;

	if (sscanf(where, "%u,%u", &x, &y) != 2)
		give_up(where, "not X,Y");
	if (x >= image->width || y >= image->height)
		give_up(where, "outside the picture");
	pixel = pixels + ((size_t)y * image->width + x) * 3;
	printf("%02x%02x%02x\n", pixel[0], pixel[1], pixel[2]);
}

int main(int argc, char **argv)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	uint8_t *pixels;

	if (argc < 3) {
		fprintf(stderr, "usage: png-pixel FILE X,Y...\n");
		return 2;
	}
	pixels = read_picture(argv[1], &image);
	for (int i = 2; i < argc; i++)
		print_pixel(&image, pixels, argv[i]);
	free(pixels);
	return EXIT_SUCCESS;
}
