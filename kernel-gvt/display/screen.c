// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <drm/drm_fourcc.h>

#include "../vgpu/gpu.h"
#include "../vgpu/mmio.h"
#include "../vgpu/vgpu.h"
#include "display.h"
#include "screen.h"
#include "surface.h"

#define PAGE_BYTES 4096u
#define ROWS_PER_LOCK 32u /* a row of tiles, as long as no guest notices */
#define WIDTH_MOST  GVT_PLANE_MOST

struct screen_layer {
	bool shown;
	struct gvt_plane plane;
	struct gvt_surface surface;
};

struct screen_scratch {
	struct gvt_view view;
	struct screen_layer layers[GVT_PLANES + 1]; /* from below: planes, cursor */
	struct gvt_plane window; /* of the pipe in the picture */
	bool gamma; /* the palette applies to what is put together */
	u32 palette[PALETTE_COLOURS];
	/* Rows: of what the planes are placed on, of a plane, of the picture. */
	u32 canvas[WIDTH_MOST + 2], layer[WIDTH_MOST + 2], row[WIDTH_MOST];
};

int vgpu_screen_init(struct vgpu *vgpu)
{
	struct vgpu_screen *screen = &vgpu->screen;

	mutex_init(&screen->lock);
	screen->pages = vzalloc(GVT_SCREEN_PAGES * sizeof(*screen->pages));
	return screen->pages ? 0 : -ENOMEM;
}

void vgpu_screen_fini(struct vgpu *vgpu)
{
	if (vgpu->screen.pages)
		vgpu_screen_clear(vgpu);
	vfree(vgpu->screen.pages);
	mutex_destroy(&vgpu->screen.lock);
}

void vgpu_screen_clear(struct vgpu *vgpu)
{
	struct vgpu_screen *screen = &vgpu->screen;

	mutex_lock(&screen->lock);
	for (unsigned int n = 0; n < GVT_SCREEN_PAGES; n++) {
		if (screen->pages[n])
			free_page((unsigned long)screen->pages[n]);
		screen->pages[n] = NULL;
	}
	vfree(screen->scratch);
	screen->scratch = NULL;
	screen->width = screen->height = 0;
	mutex_unlock(&screen->lock);
}

void *vgpu_screen_page(struct vgpu *vgpu, unsigned int n)
{
	void *page = READ_ONCE(vgpu->screen.pages[n]), *other;

	if (page)
		return page;
	page = (void *)get_zeroed_page(GFP_KERNEL);
	other = page ? cmpxchg(&vgpu->screen.pages[n], NULL, page) : NULL;
	if (!other)
		return page;
	free_page((unsigned long)page);
	return other;
}

static bool is_between(u32 colour, u32 low, u32 high, u32 mask)
{
	for (u32 channel = 0xff; channel < BIT(24); channel <<= 8) {
		if (!(mask & channel))
			continue;
		if ((colour & channel) < (low & channel) || (colour & channel) > (high & channel))
			return false;
	}
	return true;
}

static bool is_keyed_out(const struct gvt_plane *plane, u32 colour, u32 below)
{
	switch (plane->key) {
	case GVT_KEY_SOURCE:
		return is_between(colour, plane->key_low, plane->key_high, plane->key_mask);
	case GVT_KEY_DESTINATION:
		return (below ^ plane->key_low) & plane->key_mask;
	default:
		return false;
	}
}

/* a * weight / 255, rounded, for both numbers of 8 bits in 0x00ff00ff. */
static u32 weigh_pair(u32 pair, u32 weight)
{
	u32 product = (pair & 0x00ff00ff) * weight + 0x00800080;

	return (product + (product >> 8 & 0x00ff00ff)) >> 8 & 0x00ff00ff;
}

static u32 weigh(u32 colour, u32 weight)
{
	return weigh_pair(colour, weight) | weigh_pair(colour >> 8, weight) << 8;
}

/* Premultiplied colours may be brighter than their alpha says. */
static u32 add(u32 a, u32 b)
{
	u32 sum = 0;

	for (u32 shift = 0; shift < 24; shift += 8)
		sum |= min((a >> shift & 0xff) + (b >> shift & 0xff), 255u) << shift;
	return sum;
}

static u32 blend(const struct gvt_plane *plane, u32 colour, u32 below)
{
	u32 alpha = plane->alpha == GVT_ALPHA_NONE ? 255 : colour >> 24;

	if (is_keyed_out(plane, colour, below))
		return below;
	if (plane->alpha == GVT_ALPHA_COVERAGE)
		colour = weigh(colour, alpha);
	colour = weigh(colour, plane->opacity);
	alpha = weigh_pair(alpha, plane->opacity);
	return alpha == 255 ? colour & 0xffffff : add(colour, weigh(below, 255 - alpha));
}

/* Its pixels go where they are shown, as they are. */
static bool is_plain(const struct gvt_plane *plane)
{
	return plane->alpha == GVT_ALPHA_NONE && plane->opacity == 255 && plane->key == GVT_KEY_NONE &&
	       !plane->reversed && plane->shown_width == plane->width && plane->width % plane->format->group == 0 &&
	       plane->left >= 0 && plane->left + plane->width <= WIDTH_MOST;
}

static void blend_row(const struct gvt_plane *plane, const u32 *from, u32 *to, u32 width)
{
	s64 first = max(plane->left, 0), end = min_t(s64, (s64)plane->left + plane->shown_width, width);

	for (s64 x = first; x < end; x++) {
		u32 at = x - plane->left;

		if (plane->shown_width != plane->width)
			at = (u64)at * plane->width / plane->shown_width;
		to[x] = blend(plane, from[plane->reversed ? plane->width - 1 - at : at], to[x]);
	}
}

static void draw_layer(struct vgpu *vgpu, struct screen_scratch *scratch, struct screen_layer *layer, u32 y)
{
	const struct gvt_plane *plane = &layer->plane;
	s64 down = (s64)y - plane->top;
	u32 at;

	if (!layer->shown || down < 0 || down >= plane->shown_height)
		return;
	at = (u64)down * plane->height / plane->shown_height;
	if (plane->reversed)
		at = plane->height - 1 - at;
	if (is_plain(plane)) {
		gvt_surface_row(vgpu, &layer->surface, at, scratch->canvas + plane->left);
		return;
	}
	gvt_surface_row(vgpu, &layer->surface, at, scratch->layer);
	blend_row(plane, scratch->layer, scratch->canvas, min(scratch->view.source_width, WIDTH_MOST));
}

static void apply_gamma(const u32 *palette, u32 *row, u32 width)
{
	for (; width--; row++)
		*row = (palette[*row >> 16 & 0xff] & 0xff0000) | (palette[*row >> 8 & 0xff] & 0xff00) |
		       (palette[*row & 0xff] & 0xff);
}

static void draw_canvas(struct vgpu *vgpu, struct screen_scratch *scratch, u32 y)
{
	u32 width = min(scratch->view.source_width, WIDTH_MOST);

	memset(scratch->canvas, 0, width * sizeof(*scratch->canvas));
	for (unsigned int n = 0; n <= GVT_PLANES; n++)
		draw_layer(vgpu, scratch, &scratch->layers[n], y);
	if (scratch->gamma)
		apply_gamma(scratch->palette, scratch->canvas, width);
}

/* Nothing is left of alpha. */
static void take_row(const u32 *from, u32 *to, u32 width)
{
	for (u32 x = 0; x < width; x++)
		to[x] = from[x] & 0xffffff;
}

static void scale_row(struct screen_scratch *scratch)
{
	const struct gvt_plane *window = &scratch->window;
	const struct gvt_view *view = &scratch->view;
	u32 end = min_t(u32, window->left + window->shown_width, view->width);

	for (u32 x = window->left; x < end; x++) {
		u32 at = (u64)(x - window->left) * view->source_width / window->shown_width;

		scratch->row[x] = scratch->canvas[min(at, WIDTH_MOST - 1)] & 0xffffff;
	}
}

/* The picture's row, with the canvas in its window. */
static void draw_row(struct vgpu *vgpu, struct screen_scratch *scratch, u32 y)
{
	const struct gvt_plane *window = &scratch->window;
	const struct gvt_view *view = &scratch->view;
	bool whole = !window->left && window->shown_width == view->width && view->source_width == view->width;
	s64 down = (s64)y - window->top;

	if (!whole || down < 0 || down >= window->shown_height)
		memset(scratch->row, 0, view->width * sizeof(*scratch->row));
	if (down < 0 || down >= window->shown_height)
		return;
	draw_canvas(vgpu, scratch, (u64)down * view->source_height / window->shown_height);
	if (whole)
		take_row(scratch->canvas, scratch->row, view->width);
	else
		scale_row(scratch);
}

/* Copy what differs. Returns 0 or -ENOMEM. */
static int put(struct vgpu *vgpu, u64 offset, const void *from, u32 bytes)
{
	while (bytes) {
		u32 at = offset % PAGE_BYTES, part = min(bytes, PAGE_BYTES - at);
		void *page = vgpu_screen_page(vgpu, offset / PAGE_BYTES);

		if (!page)
			return -ENOMEM;
		if (memcmp(page + at, from, part)) {
			memcpy(page + at, from, part);
			vgpu->screen.copied += part;
		}
		from += part;
		offset += part;
		bytes -= part;
	}
	return 0;
}

static void look_at_layers(struct vgpu *vgpu, struct screen_scratch *scratch)
{
	const struct gvt_view *view = &scratch->view;
	bool direct = false;

	for (unsigned int n = 0; n <= GVT_PLANES; n++) {
		struct screen_layer *layer = &scratch->layers[n];

		layer->shown = gvt_plane_decode(view, vgpu->gpu->info->generation, n, &layer->plane);
		if (!layer->shown)
			continue;
		layer->plane.colours.palette = scratch->palette;
		gvt_surface_init(&layer->surface, &layer->plane);
		direct |= layer->plane.gamma && layer->plane.format->fourcc != DRM_FORMAT_C8;
	}
	memcpy(scratch->palette, &vgpu->regs[PIPE_PALETTE(view->pipe) / 4], sizeof(scratch->palette));
	scratch->gamma = direct && !(vgpu_reg(vgpu, PIPE_GAMMA_MODE(view->pipe)) & 3);
}

/* With both locks held: what is to be drawn. False: nothing is shown. */
static bool look(struct vgpu *vgpu, struct screen_scratch *scratch)
{
	struct gvt_view *view = &scratch->view;

	if (!vgpu->open || !vgpu_display_view(vgpu, view) || view->width > WIDTH_MOST)
		return false;
	view->height = min(view->height, GVT_SCREEN_BYTES / 4 / view->width);
	look_at_layers(vgpu, scratch);
	if (!gvt_plane_pipe_window(view, &scratch->window) || !scratch->window.shown_width ||
	    !scratch->window.shown_height)
		scratch->window = (struct gvt_plane){
			.shown_width = view->source_width,
			.shown_height = view->source_height,
		};
	return true;
}

/* With both locks held; up to the row before `end`. */
static int draw_rows(struct vgpu *vgpu, struct screen_scratch *scratch, u32 y, u32 end)
{
	u32 bytes = scratch->view.width * 4;
	int err = 0;

	for (unsigned int n = 0; n <= GVT_PLANES; n++)
		gvt_surface_forget(&scratch->layers[n].surface);
	for (; y < end && !err; y++) {
		draw_row(vgpu, scratch, y);
		err = put(vgpu, (u64)y * bytes, scratch->row, bytes);
	}
	return err;
}

/* With the screen's lock held. */
static int refresh(struct vgpu *vgpu)
{
	struct vgpu_screen *screen = &vgpu->screen;
	struct screen_scratch *scratch;
	int err;

	if (!screen->scratch)
		screen->scratch = vzalloc(sizeof(*screen->scratch));
	scratch = screen->scratch;
	if (!scratch)
		return -ENOMEM;
	mutex_lock(&vgpu->lock);
	err = look(vgpu, scratch) ? 0 : -ENODATA;
	for (u32 y = 0; !err && y < scratch->view.height; y += ROWS_PER_LOCK) {
		err = draw_rows(vgpu, scratch, y, min(y + ROWS_PER_LOCK, scratch->view.height));
		mutex_unlock(&vgpu->lock);
		cond_resched();
		mutex_lock(&vgpu->lock);
	}
	mutex_unlock(&vgpu->lock);
	screen->width = err ? 0 : scratch->view.width;
	screen->height = err ? 0 : scratch->view.height;
	return err;
}

int vgpu_screen_refresh(struct vgpu *vgpu, u32 *width, u32 *height)
{
	int err;

	mutex_lock(&vgpu->screen.lock);
	err = refresh(vgpu);
	*width = vgpu->screen.width;
	*height = vgpu->screen.height;
	mutex_unlock(&vgpu->screen.lock);
	return err;
}

void vgpu_screen_size(struct vgpu *vgpu, u32 *width, u32 *height)
{
	mutex_lock(&vgpu->screen.lock);
	*width = vgpu->screen.width;
	*height = vgpu->screen.height;
	mutex_unlock(&vgpu->screen.lock);
}

size_t vgpu_screen_read(struct vgpu *vgpu, u64 offset, void *to, size_t bytes)
{
	struct vgpu_screen *screen = &vgpu->screen;
	size_t done = 0;
	u64 size;

	mutex_lock(&screen->lock);
	size = (u64)screen->width * screen->height * 4;
	while (done < bytes && offset + done < size) {
		u32 at = (offset + done) % PAGE_BYTES;
		u32 part = min3((u64)bytes - done, size - offset - done, (u64)(PAGE_BYTES - at));
		const void *page = screen->pages[(offset + done) / PAGE_BYTES];

		memcpy(to + done, page + at, part);
		done += part;
	}
	mutex_unlock(&screen->lock);
	return done;
}
