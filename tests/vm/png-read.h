/* SPDX-License-Identifier: GPL-2.0-or-later */
/* png-read.h - a picture from a PNG file, for the programs that look at one */
#ifndef TESTS_VM_PNG_READ_H
#define TESTS_VM_PNG_READ_H

#include <stdint.h>

#define RGB_BYTES 3

struct rgb_picture {
	unsigned int width, height;
	uint8_t *pixels; /* red, green, blue; rows without gaps */
};

/* What can't be read ends the program with a line that says why. The pixels are the caller's to free. */
struct rgb_picture png_read(const char *file);

/* End the program: its name, what, why. */
_Noreturn void give_up(const char *what, const char *why);

#endif
