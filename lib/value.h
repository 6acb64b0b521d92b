/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The forms of the values that a definition holds. Several of them become parts of paths in /sys
 * and /etc: what passes here can't climb out of its folder.
 */
#ifndef GVT_VALUE_H
#define GVT_VALUE_H

#include <stdbool.h>

#define GVT_UUID_SIZE	 37 /* with the 0 at its end */
#define GVT_ADDRESS_SIZE 17 /* 8 digits of domain at most */

bool gvt_valid_uuid(const char *text);
bool gvt_valid_name(const char *text);
bool gvt_valid_type(const char *text);
/* With or without the PCI domain. */
bool gvt_valid_address(const char *text);
bool gvt_valid_domain(const char *text);
/* WIDTHxHEIGHT or WIDTHxHEIGHT@RATE, in the ranges that gvt.ko has. */
bool gvt_valid_resolution(const char *text);
/* The whole path of a file, without anything that a shell or XML would mind. */
bool gvt_valid_file(const char *text);
bool gvt_valid_yes_no(const char *text);

/* A valid address with its PCI domain, in lower case. */
void gvt_whole_address(const char *address, char whole[GVT_ADDRESS_SIZE]);
void gvt_lower_case(char *text);

#endif
