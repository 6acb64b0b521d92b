/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complain.h - what gvt-gpusim tells the person who started it, on standard error
 *
 * For the program alone: gpu/ and the servers report by error codes and the log.
 */
#ifndef GPUSIM_COMPLAIN_H
#define GPUSIM_COMPLAIN_H

#define PROGRAM "gvt-gpusim"

/* Beside stdlib.h's EXIT_SUCCESS and EXIT_FAILURE. */
enum {
	EXIT_MISUSE = 2
};

/* One line, with the program's name before and a newline behind it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
