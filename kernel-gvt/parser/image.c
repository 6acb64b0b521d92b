// SPDX-License-Identifier: GPL-2.0-only
/*
 * Context images: what of a guest's may become part of the image that hardware loads.
 *
 * Hardware loads an image as commands: it writes registers, and sets state of its pipelines (Skylake
 * PRM, vol. 7, "Register State Context"). So the guest's image never becomes the hardware's: that one
 * has come from the host, and stays what it is. It says what is where; where the guest's says the same,
 * the values behind it are taken: of registers that commands may write, and of commands that can do no
 * harm. Whatever else the guest's image holds is not looked at.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "internal.h"

#define MI_LOAD_REGISTER_IMM 0x22u

static void take_registers(const struct gvt_parser *parser, u32 *image, const u32 *guest, u32 length)
{
	for (u32 i = 1; i + 1 < length; i += 2)
		if (guest[i] == image[i] && gvt_register_writable(parser, image[i], guest[i + 1]))
			image[i + 1] = guest[i + 1];
}

static void take_command(const struct gvt_parser *parser, const struct gvt_command_rule *rule, u32 *image,
			 const u32 *guest, u32 length)
{
	if (guest[0] != image[0])
		return;
	if (MI_OPCODE_OF(image[0]) == MI_LOAD_REGISTER_IMM)
		take_registers(parser, image, guest, length);
	/* The memory interface's commands touch more than state. */
	else if (image[0] >> 29 && !rule->check && !rule->never)
		memcpy(image + 1, guest + 1, (length - 1) * sizeof(*image));
}

void gvt_parse_image(struct gvt_parser *parser, u32 *image, const u32 *guest, u32 dwords)
{
	u32 length;

	for (u32 at = 0; at < dwords && MI_OPCODE_OF(image[at]) != MI_BATCH_BUFFER_END; at += length) {
		const struct gvt_command_rule *rule = gvt_command_find(parser, image[at]);

		length = gvt_command_length(parser, rule, image[at], true);
		if (!length || length > dwords - at)
			return;
		take_command(parser, rule, image + at, guest + at, length);
	}
}
