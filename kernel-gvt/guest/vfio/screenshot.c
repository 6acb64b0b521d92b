// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attribute `screen`: what the vGPU shows, as a bitmap that any viewer of pictures opens. Reading
 * its beginning looks at the screen; what follows is of that look, or of a later one that somebody else
 * has made meanwhile.
 */
#include <linux/sysfs.h>

#include "internal.h"

/* BITMAPFILEHEADER and BITMAPINFOHEADER: little-endian, like all of this. */
struct bitmap_head {
	u8 magic[2];
	u32 file_bytes;
	u32 reserved;
	u32 pixels_at;
	u32 info_bytes;
	s32 width, height; /* negative: rows from the top */
	u16 planes, bits;
	u32 compression, pixel_bytes;
	s32 x_per_metre, y_per_metre;
	u32 colours, important;
} __packed;

#define PIXELS_PER_METRE 3780 /* 96 in an inch */

static void fill_head(struct bitmap_head *head, u32 width, u32 height)
{
	*head = (struct bitmap_head){
		.magic = { 'B', 'M' },
		.file_bytes = sizeof(*head) + width * height * 4,
		.pixels_at = sizeof(*head),
		.info_bytes = sizeof(*head) - offsetof(struct bitmap_head, info_bytes),
		.width = width,
		.height = -(s32)height,
		.planes = 1,
		.bits = 32,
		.pixel_bytes = width * height * 4,
		.x_per_metre = PIXELS_PER_METRE,
		.y_per_metre = PIXELS_PER_METRE,
	};
}

static ssize_t screen_read(struct file *file, struct kobject *kobject, struct bin_attribute *attribute,
			   char *buffer, loff_t offset, size_t count)
{
	struct gvt_vfio *device = dev_get_drvdata(kobj_to_dev(kobject));
	struct vgpu *vgpu = device->vgpu;
	struct bitmap_head head;
	size_t done = 0;
	u32 width, height;
	int err;

	if (offset >= sizeof(head))
		return vgpu_screen_read(vgpu, offset - sizeof(head), buffer, count);
	if (offset == 0) {
		err = vgpu_screen_refresh(vgpu, &width, &height);
		if (err)
			return err;
	} else {
		vgpu_screen_size(vgpu, &width, &height);
	}
	fill_head(&head, width, height);
	done = min_t(size_t, count, sizeof(head) - offset);
	memcpy(buffer, (u8 *)&head + offset, done);
	return done + vgpu_screen_read(vgpu, 0, buffer + done, count - done);
}

struct bin_attribute gvt_screen_attribute = {
	.attr = { .name = "screen", .mode = 0400 },
	.read = screen_read,
};
