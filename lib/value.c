// SPDX-License-Identifier: LGPL-2.1-or-later
/* The forms of the values that a definition holds. */
#include <ctype.h>
#include <libxml/xmlstring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

#include "value.h"

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define HEX_DIGITS	   "0123456789abcdefABCDEF"
#define NAME_MAX_LEN	   64
#define DOMAIN_MAX_LEN	   255
#define FILE_MAX_LEN	   1024

bool gvt_valid_uuid(const char *text)
{
	uuid_t binary;

	return strlen(text) == GVT_UUID_SIZE - 1 && uuid_parse(text, binary) == 0;
}

static bool made_of(const char *text, const char *allowed)
{
	size_t len = strlen(text);

	return len && len <= NAME_MAX_LEN && strspn(text, allowed) == len &&
	       strchr(LETTERS_AND_DIGITS, text[0]);
}

bool gvt_valid_name(const char *text)
{
	return made_of(text, LETTERS_AND_DIGITS "._+-") && !gvt_valid_uuid(text);
}

bool gvt_valid_type(const char *text)
{
	return made_of(text, LETTERS_AND_DIGITS "._-");
}

/* [domain:]bus:device.function, hexadecimal; a domain has 4 to 8 digits. */
bool gvt_valid_address(const char *text)
{
	size_t digits = strspn(text, HEX_DIGITS);

	if (digits >= 4 && digits <= 8 && text[digits] == ':') {
		text += digits + 1;
		digits = strspn(text, HEX_DIGITS);
	}
	if (digits != 2 || text[2] != ':')
		return false;
	text += 3;
	return strspn(text, HEX_DIGITS) == 2 && text[2] == '.' && text[3] >= '0' &&
	       text[3] <= '7' && !text[4];
}

bool gvt_valid_domain(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > DOMAIN_MAX_LEN || strchr(text, '/') || !xmlCheckUTF8(BAD_CAST text))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return text[0] != ' ' && text[len - 1] != ' ';
}

/* A decimal number of up to 4 digits; its end, or NULL. */
static const char *read_short_number(const char *text, unsigned int *value)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 4 || text[0] == '0')
		return NULL;
	*value = (unsigned int)strtoul(text, NULL, 10);
	return text + digits;
}

bool gvt_valid_resolution(const char *text)
{
	unsigned int width, height, rate = 60;
	const char *end = read_short_number(text, &width);

	if (!end || *end != 'x')
		return false;
	end = read_short_number(end + 1, &height);
	if (end && *end == '@')
		end = read_short_number(end + 1, &rate);
	return end && !*end && width >= 640 && width <= 4096 && height >= 480 && height <= 2304 && rate >= 24 &&
	       rate <= 120;
}

bool gvt_valid_file(const char *text)
{
	size_t len = strlen(text);

	return len > 1 && len <= FILE_MAX_LEN && text[0] == '/' && text[len - 1] != '/' &&
	       strspn(text, LETTERS_AND_DIGITS "/._+-@ ") == len;
}

bool gvt_valid_yes_no(const char *text)
{
	return !strcmp(text, "yes") || !strcmp(text, "no");
}

void gvt_whole_address(const char *address, char whole[GVT_ADDRESS_SIZE])
{
	bool has_domain = strchr(address, ':') != strrchr(address, ':');

	snprintf(whole, GVT_ADDRESS_SIZE, "%s%s", has_domain ? "" : "0000:", address);
	gvt_lower_case(whole);
}

void gvt_lower_case(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}
