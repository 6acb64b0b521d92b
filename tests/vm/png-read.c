// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>

#include "png-read.h"

void give_up(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
	exit(EXIT_FAILURE);
}

struct rgb_picture png_read(const char *file)
{
	png_image png = { .version = PNG_IMAGE_VERSION };
	struct rgb_picture picture;

	if (!png_image_begin_read_from_file(&png, file))
		give_up(file, png.message);
	png.format = PNG_FORMAT_RGB;
	picture.width = png.width;
	picture.height = png.height;
	picture.pixels = malloc(PNG_IMAGE_SIZE(png));
	if (!picture.pixels)
		give_up(file, "out of memory");
	if (!png_image_finish_read(&png, NULL, picture.pixels, 0, NULL))
		give_up(file, png.message);
	return picture;
}
