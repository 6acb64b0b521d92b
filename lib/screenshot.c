// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a vGPU shows, as a PNG file: gvt.ko's attribute `screen`, see gvt-module(5). */
#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "snapshot.h"

#define HEAD_BYTES  54u /* of a bitmap: its own head, and the picture's */
#define WIDTH_AT    18u
#define HEIGHT_AT   22u /* negative: from the top */
#define SIDE_MOST   16384u
#define TRIES	    5 /* for a screen whose size changes while it is read */

struct picture {
	uint32_t width, height;
	uint8_t *pixels; /* blue, green, red, nothing */
};

static int refuse(struct gvt_vgpu *vgpu, int err)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	const char *title = gvt_vgpu_title(vgpu);

	switch (err) {
	case -ENODATA:
		gvt_error(ctx, GVT_ERROR_FAILED, err, "vGPU %s shows nothing: its display is off", title);
		gvt_hint(ctx, "its VM must run, and the driver in it must have started");
		return err;
	case -ENOENT:
		gvt_error(ctx, GVT_ERROR_UNSUPPORTED, err, "vGPU %s is one of kvmgt, which tells nobody what it shows",
			  title);
		gvt_hint(ctx, "load gvt.ko in its place, see gvt-module(5)");
		return err;
	case -EACCES:
	case -EPERM:
		gvt_error(ctx, GVT_ERROR_NOT_PERMITTED, err, "only root may see what vGPU %s shows", title);
		gvt_hint(ctx, "run the command as root (sudo)");
		return err;
	case -ENOMEM:
		return gvt_no_memory(ctx);
	default:
		return gvt_error(ctx, gvt_kind_of_errno(err), err, "can't read what vGPU %s shows: %s", title,
				 strerror(-err));
	}
}

static int read_at(int fd, void *buffer, size_t size, off_t offset)
{
	uint8_t *to = buffer;

	while (size) {
		ssize_t count = pread(fd, to, size, offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (!count)
			return -EAGAIN;
		to += count;
		offset += count;
		size -= (size_t)count;
	}
	return 0;
}

static uint32_t number_at(const uint8_t *head, unsigned int offset)
{
	return head[offset] | (uint32_t)head[offset + 1] << 8 | (uint32_t)head[offset + 2] << 16 |
	       (uint32_t)head[offset + 3] << 24;
}

static int take_head(const uint8_t *head, struct picture *picture)
{
	picture->width = number_at(head, WIDTH_AT);
	picture->height = 0u - number_at(head, HEIGHT_AT);
	if (memcmp(head, "BM", 2) || !picture->width || picture->width > SIDE_MOST || !picture->height ||
	    picture->height > SIDE_MOST)
		return -EBADMSG;
	return 0;
}

/*
 * Reading the beginning looks at the screen; others who look may change its size meanwhile, which
 * the head then says. -EAGAIN: so it was.
 */
static int read_once(int fd, struct picture *picture)
{
	uint8_t head[HEAD_BYTES], again[HEAD_BYTES];
	size_t bytes;
	int err;

	err = read_at(fd, head, sizeof(head), 0);
	if (!err)
		err = take_head(head, picture);
	if (err)
		return err;
	bytes = (size_t)picture->width * picture->height * 4;
	picture->pixels = malloc(bytes);
	if (!picture->pixels)
		return -ENOMEM;
	err = read_at(fd, picture->pixels, bytes, HEAD_BYTES);
	if (!err)
		err = read_at(fd, again + 1, sizeof(again) - 1, 1);
	if (!err && memcmp(head + 1, again + 1, sizeof(head) - 1))
		err = -EAGAIN;
	if (err) {
		free(picture->pixels);
		picture->pixels = NULL;
	}
	return err;
}

static int read_picture(struct gvt_vgpu *vgpu, struct picture *picture)
{
	char *path = gvt_path(vgpu->snapshot->ctx, "/sys/bus/mdev/devices/%s/gvt/screen", vgpu->uuid);
	int fd, err = -EAGAIN;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	free(path);
	if (fd < 0)
		return -errno;
	for (int i = 0; i < TRIES && err == -EAGAIN; i++)
		err = read_once(fd, picture);
	close(fd);
	return err;
}

/* Three bytes a pixel are left of four, in place. */
static void pack(struct picture *picture)
{
	size_t count = (size_t)picture->width * picture->height;

	for (size_t i = 0; i < count; i++)
		memmove(picture->pixels + 3 * i, picture->pixels + 4 * i, 3);
}

static int write_png(struct gvt_ctx *ctx, struct picture *picture, const char *file, FILE *stream)
{
	png_image png = { .version = PNG_IMAGE_VERSION,
			  .width = picture->width,
			  .height = picture->height,
			  .format = PNG_FORMAT_BGR };
	int err = 0;

	errno = 0;
	if (!png_image_write_to_stdio(&png, stream, 0, picture->pixels, 0, NULL) || fflush(stream) ||
	    fsync(fileno(stream))) {
		err = errno ? -errno : -EIO;
		gvt_error(ctx, gvt_kind_of_errno(err), err, "can't write %s: %s", file, strerror(-err));
	}
	png_image_free(&png);
	return err;
}

/* All of it under a name of its own first: nobody finds half a picture, and it is its owner's alone. */
static int write_file(struct gvt_ctx *ctx, struct picture *picture, const char *file)
{
	char *temporary;
	FILE *stream;
	int err, fd;

	if (asprintf(&temporary, "%s.XXXXXX", file) < 0)
		return gvt_no_memory(ctx);
	fd = mkostemp(temporary, O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopen(fd, "w");
	if (!stream) {
		err = -errno;
		if (fd >= 0) {
			close(fd);
			unlink(temporary);
		}
		gvt_error(ctx, gvt_kind_of_errno(err), err, "can't write %s: %s", temporary, strerror(-err));
		free(temporary);
		return err;
	}
	err = write_png(ctx, picture, file, stream);
	fclose(stream);
	if (!err && rename(temporary, file)) {
		err = -errno;
		gvt_error(ctx, gvt_kind_of_errno(err), err, "can't write %s: %s", file, strerror(-err));
	}
	if (err)
		unlink(temporary);
	free(temporary);
	return err;
}

int gvt_vgpu_screenshot(struct gvt_vgpu *vgpu, const char *file, unsigned int *width, unsigned int *height)
{
	struct gvt_ctx *ctx = vgpu->snapshot->ctx;
	struct picture picture = { .pixels = NULL };
	int err;

	gvt_clear_error(ctx);
	if (!vgpu->active) {
		gvt_error(ctx, GVT_ERROR_FAILED, -ENODATA, "vGPU %s is not on", gvt_vgpu_title(vgpu));
		gvt_hint(ctx, "start it with: gvt start %s", vgpu->uuid);
		return -ENODATA;
	}
	err = read_picture(vgpu, &picture);
	if (err)
		return refuse(vgpu, err);
	pack(&picture);
	err = write_file(ctx, &picture, file);
	free(picture.pixels);
	if (!err && width)
		*width = picture.width;
	if (!err && height)
		*height = picture.height;
	return err;
}
