// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kms-show [--plane FORMAT:WxH+X+Y] [--cursor X,Y]: show what can be told from far away, on the first
 * monitor in its preferred mode: a blue ground, a plane above it with four quarters (red, green, blue,
 * white), a cursor of 64 by 64 that is white, and has nothing in its lower right quarter.
 *
 * Straight on the kernel's interface (drm_mode.h). Says "shown", and goes on until it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm.h>
#include <drm_fourcc.h>
#include <drm_mode.h>

#define GROUND 0x102080u
#define CURSOR 64u
#define HOT_X  5
#define HOT_Y  7
#define MANY   32u /* of modes, planes */

struct rectangle {
	uint32_t width, height;
	int x, y;
};

struct buffer {
	uint32_t handle, pitch, id;
	uint8_t *map;
};

static int card;

static void ask(unsigned long request, void *argument, const char *what)
{
	int ret;

	do {
		ret = ioctl(card, request, argument);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	if (ret < 0) {
		fprintf(stderr, "kms-show: %s: %s\n", what, strerror(errno));
		exit(EXIT_FAILURE);
	}
}

static struct buffer new_buffer(uint32_t width, uint32_t height, uint32_t bits)
{
	struct drm_mode_create_dumb create = { .width = width, .height = height, .bpp = bits };
	struct drm_mode_map_dumb map = { 0 };
	struct buffer buffer;

	ask(DRM_IOCTL_MODE_CREATE_DUMB, &create, "a buffer");
	map.handle = create.handle;
	ask(DRM_IOCTL_MODE_MAP_DUMB, &map, "its mapping");
	buffer = (struct buffer){ .handle = create.handle, .pitch = create.pitch };
	buffer.map = mmap(NULL, create.size, PROT_READ | PROT_WRITE, MAP_SHARED, card, (off_t)map.offset);
	if (buffer.map == MAP_FAILED) {
		perror("kms-show: mmap");
		exit(EXIT_FAILURE);
	}
	return buffer;
}

static void add_framebuffer(struct buffer *buffer, uint32_t format, uint32_t width, uint32_t height)
{
	struct drm_mode_fb_cmd2 fb = {
		.width = width,
		.height = height,
		.pixel_format = format,
		.handles = { buffer->handle },
		.pitches = { buffer->pitch },
	};

	ask(DRM_IOCTL_MODE_ADDFB2, &fb, "a framebuffer");
	buffer->id = fb.fb_id;
}

/* --- formats ----------------------------------------------------------------------------------- */

enum colour { RED, GREEN, BLUE, WHITE };

/* The four colours in each format; of YUYV as two pixels, by BT.709, as the driver's default is. */
static const struct {
	const char *name;
	uint32_t fourcc, bytes;
	uint32_t colours[4];
} formats[] = {
	{ "XR24", DRM_FORMAT_XRGB8888, 4, { 0xff0000, 0x00ff00, 0x0000ff, 0xffffff } },
	{ "XB24", DRM_FORMAT_XBGR8888, 4, { 0x0000ff, 0x00ff00, 0xff0000, 0xffffff } },
	{ "RG16", DRM_FORMAT_RGB565, 2, { 0xf800f800, 0x07e007e0, 0x001f001f, 0xffffffff } },
	{ "XR30", DRM_FORMAT_XRGB2101010, 4, { 0x3ff00000, 0x000ffc00, 0x000003ff, 0x3fffffff } },
	{ "YUYV", DRM_FORMAT_YUYV, 2, { 0xf03f663f, 0x1aad2aad, 0x7620f020, 0x80eb80eb } },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static void fill_quarters(struct buffer *buffer, unsigned int format, const struct rectangle *size)
{
	uint32_t step = 4 / formats[format].bytes;

	for (uint32_t y = 0; y < size->height; y++) {
		for (uint32_t x = 0; x < size->width; x += step) {
			enum colour colour = (y < size->height / 2 ? RED : BLUE) + (x < size->width / 2 ? 0 : 1);

			memcpy(buffer->map + (size_t)y * buffer->pitch + x * formats[format].bytes,
			       &formats[format].colours[colour], 4);
		}
	}
}

/* --- the display ------------------------------------------------------------------------------- */

struct display {
	uint32_t connector, crtc;
	struct drm_mode_modeinfo mode;
};

static struct display find_display(void)
{
	uint32_t connectors[MANY] = { 0 }, crtcs[MANY] = { 0 };
	struct drm_mode_card_res resources = { .connector_id_ptr = (uintptr_t)connectors,
					       .count_connectors = MANY,
					       .crtc_id_ptr = (uintptr_t)crtcs,
					       .count_crtcs = MANY };
	struct drm_mode_modeinfo modes[MANY];
	struct drm_mode_get_connector connector = { .count_modes = 0 };

	ask(DRM_IOCTL_MODE_GETRESOURCES, &resources, "resources");
	for (uint32_t i = 0; i < resources.count_connectors && !connector.count_modes; i++) {
		connector = (struct drm_mode_get_connector){ .connector_id = connectors[i] };
		ask(DRM_IOCTL_MODE_GETCONNECTOR, &connector, "connector");
	}
	if (!connector.count_modes || connector.count_modes > MANY) {
		fprintf(stderr, "kms-show: there is no monitor\n");
		exit(EXIT_FAILURE);
	}
	connector.modes_ptr = (uintptr_t)modes;
	connector.count_props = connector.count_encoders = 0;
	ask(DRM_IOCTL_MODE_GETCONNECTOR, &connector, "modes");
	return (struct display){ connector.connector_id, crtcs[0], modes[0] };
}

static void show_ground(struct display *display)
{
	uint32_t width = display->mode.hdisplay, height = display->mode.vdisplay;
	struct buffer buffer = new_buffer(width, height, 32);
	struct drm_mode_crtc crtc = { .crtc_id = display->crtc,
				      .set_connectors_ptr = (uintptr_t)&display->connector,
				      .count_connectors = 1,
				      .mode = display->mode,
				      .mode_valid = 1 };

	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			memcpy(buffer.map + (size_t)y * buffer.pitch + 4 * x, &(uint32_t){ GROUND }, 4);
	add_framebuffer(&buffer, DRM_FORMAT_XRGB8888, width, height);
	crtc.fb_id = buffer.id;
	ask(DRM_IOCTL_MODE_SETCRTC, &crtc, "the mode");
}

/* Without the client's claim to all planes, those are listed that are neither primary nor cursor. */
static uint32_t find_overlay(void)
{
	uint32_t planes[MANY] = { 0 };
	struct drm_mode_get_plane_res resources = { .plane_id_ptr = (uintptr_t)planes, .count_planes = MANY };

	ask(DRM_IOCTL_MODE_GETPLANERESOURCES, &resources, "planes");
	if (!resources.count_planes) {
		fprintf(stderr, "kms-show: there is no overlay\n");
		exit(EXIT_FAILURE);
	}
	return planes[0];
}

static void show_plane(const struct display *display, const char *text)
{
	struct rectangle where;
	char name[5];
	unsigned int format = 0;
	struct buffer buffer;
	struct drm_mode_set_plane plane = { .crtc_id = display->crtc };

	if (sscanf(text, "%4[^:]:%ux%u+%d+%d", name, &where.width, &where.height, &where.x, &where.y) != 5)
		exit(2);
	while (format < FORMATS && strcmp(formats[format].name, name))
		format++;
	if (format == FORMATS)
		exit(2);
	buffer = new_buffer(where.width, where.height, 8 * formats[format].bytes);
	fill_quarters(&buffer, format, &where);
	add_framebuffer(&buffer, formats[format].fourcc, where.width, where.height);
	plane.plane_id = find_overlay();
	plane.fb_id = buffer.id;
	plane.crtc_x = where.x;
	plane.crtc_y = where.y;
	plane.crtc_w = where.width;
	plane.crtc_h = where.height;
	plane.src_w = where.width << 16;
	plane.src_h = where.height << 16;
	ask(DRM_IOCTL_MODE_SETPLANE, &plane, "the plane");
}

static void show_cursor(const struct display *display, const char *text)
{
	struct buffer buffer = new_buffer(CURSOR, CURSOR, 32);
	struct drm_mode_cursor2 cursor = {
		.flags = DRM_MODE_CURSOR_BO | DRM_MODE_CURSOR_MOVE,
		.crtc_id = display->crtc,
		.width = CURSOR,
		.height = CURSOR,
		.handle = buffer.handle,
		.hot_x = HOT_X,
		.hot_y = HOT_Y,
	};

	if (sscanf(text, "%d,%d", &cursor.x, &cursor.y) != 2)
		exit(2);
	for (uint32_t y = 0; y < CURSOR; y++)
		for (uint32_t x = 0; x < CURSOR; x++)
			memcpy(buffer.map + y * buffer.pitch + 4 * x,
			       &(uint32_t){ x < CURSOR / 2 || y < CURSOR / 2 ? 0xffffffff : 0 }, 4);
	ask(DRM_IOCTL_MODE_CURSOR2, &cursor, "the cursor");
}

int main(int argc, char **argv)
{
	struct display display;

	card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	if (card < 0) {
		perror("kms-show: /dev/dri/card0");
		return EXIT_FAILURE;
	}
	display = find_display();
	show_ground(&display);
	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--plane"))
			show_plane(&display, argv[i + 1]);
		else if (!strcmp(argv[i], "--cursor"))
			show_cursor(&display, argv[i + 1]);
	}
	printf("shown %ux%u\n", display.mode.hdisplay, display.mode.vdisplay);
	fflush(stdout);
	pause();
	return EXIT_SUCCESS;
}
