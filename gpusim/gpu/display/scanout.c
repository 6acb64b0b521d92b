// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "fetch.h"
#include "gpusim/gpu/device.h"
#include "scanout.h"

#define PS_WIN_POS 0x10
#define PS_WIN_SZ  0x14
#define PS_CTRL	   0x20

#define PS_ENABLE	(1u << 31)
#define PS_PLANE(value) ((value) >> 25 & 7) /* 0: the pipe; else the plane, from 1 */

struct window {
	uint32_t left, top, width, height;
};

/* The window of the scaler that is bound to `what`, as PS_PLANE() numbers it. */
static bool find_scaler(const struct pipe_view *view, unsigned int what, struct window *window)
{
	for (unsigned int i = BLOCK_SCALER; i < PIPE_BLOCKS; i++) {
		const uint32_t *regs = view->blocks[i];

		if (!(regs[PS_CTRL / 4] & PS_ENABLE) || PS_PLANE(regs[PS_CTRL / 4]) != what)
			continue;
		window->left = regs[PS_WIN_POS / 4] >> 16 & 0x1fff;
		window->top = regs[PS_WIN_POS / 4] & 0x1fff;
		window->width = regs[PS_WIN_SZ / 4] >> 16 & 0x1fff;
		window->height = regs[PS_WIN_SZ / 4] & 0x1fff;
		return true;
	}
	return false;
}

static uint32_t scale_channels(uint32_t color, uint32_t by)
{
	uint32_t result = 0;

	for (unsigned int shift = 0; shift < 32; shift += 8)
		result |= ((color >> shift & 0xff) * by + 127) / 255 << shift;
	return result;
}

static uint32_t add_channels(uint32_t a, uint32_t b)
{
	uint32_t result = 0;

	for (unsigned int shift = 0; shift < 24; shift += 8) {
		uint32_t sum = (a >> shift & 0xff) + (b >> shift & 0xff);

		result |= (sum > 255 ? 255 : sum) << shift;
	}
	return result;
}

static bool in_range(uint32_t color, uint32_t low, uint32_t high, uint32_t mask)
{
	for (unsigned int shift = 0; shift < 24; shift += 8) {
		uint32_t channel = color >> shift & 0xff;

		if (mask >> shift & 0xff &&
		    (channel < (low >> shift & 0xff) || channel > (high >> shift & 0xff)))
			return false;
	}
	return true;
}

static bool keyed_out(const struct plane *plane, uint32_t color, uint32_t below)
{
	switch (plane->key) {
	case KEY_SOURCE:
		return in_range(color, plane->key_low, plane->key_high, plane->key_mask);
	case KEY_DESTINATION:
		return (below ^ plane->key_low) & plane->key_mask;
	default:
		return false;
	}
}

static uint32_t blend(const struct plane *plane, uint32_t color, uint32_t below)
{
	uint32_t alpha = color >> 24;

	if (keyed_out(plane, color, below))
		return below;
	if (plane->alpha == ALPHA_NONE)
		alpha = 255;
	else if (plane->alpha == ALPHA_COVERAGE)
		color = scale_channels(color, alpha);
	if (plane->opacity != 255) {
		color = scale_channels(color, plane->opacity);
		alpha = (alpha * plane->opacity + 127) / 255;
	}
	if (alpha == 255)
		return color & 0xffffff;
	return add_channels(color, scale_channels(below, 255 - alpha));
}

static void draw_row(const struct plane *plane, const uint32_t *row, uint32_t *to, uint32_t width)
{
	int64_t first = plane->left < 0 ? 0 : plane->left;
	int64_t end = (int64_t)plane->left + plane->shown_width;

	if (end > width)
		end = width;
	for (int64_t x = first; x < end; x++) {
		uint64_t at = (uint64_t)(x - plane->left) * plane->width / plane->shown_width;

		if (plane->reversed)
			at = plane->width - 1 - at;
		to[x] = blend(plane, row[at], to[x]);
	}
}

static int draw_plane(struct gpu *gpu, const struct plane *plane, struct gpu_image *canvas)
{
	const struct address_space space = gpu_global_space(gpu);
	int64_t first = plane->top < 0 ? 0 : plane->top;
	int64_t end = (int64_t)plane->top + plane->shown_height;
	struct fetch fetch;

	if (fetch_open(&fetch, plane, &space))
		return -ENOMEM;
	if (end > canvas->height)
		end = canvas->height;
	for (int64_t y = first; y < end; y++) {
		uint64_t at = (uint64_t)(y - plane->top) * plane->height / plane->shown_height;

		if (plane->reversed)
			at = plane->height - 1 - at;
		draw_row(plane, fetch_row(&fetch, (uint32_t)at),
			 canvas->pixels + (size_t)y * canvas->width, canvas->width);
	}
	fetch_close(&fetch);
	return 0;
}

static bool decode_plane(const struct gpu *gpu, const struct pipe_view *view, unsigned int n,
			 struct plane *plane)
{
	struct window window;

	if (!gpu->display.model->plane(view, n, plane))
		return false;
	if (find_scaler(view, n + 1, &window)) {
		plane->left = (int32_t)window.left;
		plane->top = (int32_t)window.top;
		plane->shown_width = window.width;
		plane->shown_height = window.height;
	}
	return true;
}

/* More than the display can fetch shows nothing. */
static bool fits(const struct plane *plane)
{
	return plane->width <= PLANE_MAX && plane->height <= PLANE_MAX;
}

static int draw_planes(struct gpu *gpu, const struct pipe_view *view, struct gpu_image *canvas,
		       bool *gamma)
{
	struct plane plane;
	int ret = 0;

	*gamma = false;
	for (unsigned int n = 0; n <= PIPE_PLANES && !ret; n++) {
		bool shown = n < PIPE_PLANES ? decode_plane(gpu, view, n, &plane) :
					       cursor_decode(view->blocks[BLOCK_CURSOR], &plane);

		if (!shown || !fits(&plane))
			continue;
		plane.pixel.palette = view->palette;
		*gamma |= plane.gamma && plane.pixel.format != PIXEL_INDEXED;
		ret = draw_plane(gpu, &plane, canvas);
	}
	return ret;
}

static void apply_gamma(const struct pipe_view *view, struct gpu_image *image)
{
	size_t count = (size_t)image->width * image->height;

	for (size_t i = 0; i < count; i++) {
		uint32_t color = image->pixels[i];

		image->pixels[i] = (view->palette[color >> 16 & 0xff] & 0xff0000) |
				   (view->palette[color >> 8 & 0xff] & 0xff00) |
				   (view->palette[color & 0xff] & 0xff);
	}
}

static int make_image(uint32_t width, uint32_t height, struct gpu_image *image)
{
	image->width = width;
	image->height = height;
	image->pixels = calloc((size_t)width * height, sizeof(*image->pixels));
	return image->pixels ? 0 : -ENOMEM;
}

/* Put the canvas into its window of the picture; around it, all is black. */
static void place(const struct gpu_image *canvas, const struct window *window,
		  struct gpu_image *image)
{
	for (uint32_t y = 0; y < window->height && window->top + y < image->height; y++) {
		size_t row =
			(size_t)((uint64_t)y * canvas->height / window->height) * canvas->width;
		uint32_t *to = image->pixels + (size_t)(window->top + y) * image->width;

		for (uint32_t x = 0; x < window->width && window->left + x < image->width; x++)
			to[window->left + x] =
				canvas->pixels[row + (uint64_t)x * canvas->width / window->width];
	}
}

int scanout_compose(struct gpu *gpu, const struct pipe_view *view, struct gpu_image *image)
{
	struct window window = { 0, 0, view->source_width, view->source_height };
	struct gpu_image canvas, whole;
	bool gamma;
	int ret;

	if (make_image(view->source_width, view->source_height, &canvas))
		return -ENOMEM;
	ret = draw_planes(gpu, view, &canvas, &gamma);
	if (!ret && gamma && view->gamma)
		apply_gamma(view, &canvas);
	find_scaler(view, 0, &window);
	if (!ret)
		ret = make_image(view->width, view->height, &whole);
	if (!ret) {
		place(&canvas, &window, &whole);
		*image = whole;
	}
	gpu_image_release(&canvas);
	return ret;
}

void gpu_image_release(struct gpu_image *image)
{
	free(image->pixels);
	image->pixels = NULL;
}

int gpu_display_capture(struct gpu *gpu, unsigned int pipe, struct gpu_image *image)
{
	struct pipe_view *view;
	bool on;
	int ret;

	if (pipe >= PIPES)
		return -EINVAL;
	view = malloc(sizeof(*view));
	if (!view)
		return -ENOMEM;
	gpu_lock(gpu);
	on = pipe_look(gpu, pipe, view);
	gpu_unlock(gpu);
	ret = on ? scanout_compose(gpu, view, image) : -ENODATA;
	free(view);
	return ret;
}
