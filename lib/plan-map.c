// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where a plan's vGPUs lie, piece by piece, and as a drawing. */
#include <errno.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "snapshot.h"

#define MIB_SHIFT 20

/* --- pieces ----------------------------------------------------------------------------------- */

const char *gvt_plan_title(struct gvt_plan *plan, enum gvt_plan_view view, int holder, char *text,
			   size_t size)
{
	const struct gvt_plan_side *side = &plan->side[view == GVT_PLAN_EMPTY];
	struct gvt_vgpu *vgpu;

	text[0] = '\0';
	if (holder < 0)
		return text;
	if ((unsigned int)holder >= side->partition.holders) {
		gvt_plan_get_wish(plan, (unsigned int)holder - side->partition.holders, text, size);
		return text;
	}
	if (!side->uuids[holder])
		return text;
	vgpu = gvt_vgpu_by_uuid(plan->gpu->snapshot->ctx, side->uuids[holder]);
	if (vgpu)
		snprintf(text, size, "%s (%s)", gvt_vgpu_title(vgpu),
			 gvt_short_type_name(gvt_vgpu_get_type_name(vgpu)));
	return text;
}

struct walk {
	struct gvt_plan *plan;
	enum gvt_plan_view view;
	unsigned int left; /* pieces before the one that is wanted */
	struct gvt_plan_piece *piece;
	bool found;
};

static void visit(struct walk *walk, uint64_t start, uint64_t end, enum gvt_plan_use use, int holder)
{
	const struct gvt_plan_side *side = &walk->plan->side[walk->view == GVT_PLAN_EMPTY];
	struct gvt_plan_piece *piece = walk->piece;

	if (walk->found || end <= start)
		return;
	if (walk->left) {
		walk->left--;
		return;
	}
	walk->found = true;
	memset(piece, 0, sizeof(*piece));
	piece->start = start;
	piece->size = end - start;
	piece->use = use;
	if (holder < 0)
		return;
	piece->use = GVT_PLAN_ACTIVE;
	piece->index = (unsigned int)holder;
	if (piece->index >= side->partition.holders) {
		piece->use = GVT_PLAN_WISH;
		piece->index -= side->partition.holders;
	}
	gvt_plan_title(walk->plan, walk->view, holder, piece->title, sizeof(piece->title));
}

/* [from, to) is the whole resource in MiB; outside of the space it is the host's. */
static void walk_space(struct walk *walk, const struct gvt_space *space, uint32_t from, uint32_t to)
{
	uint64_t at = space->start;

	visit(walk, (uint64_t)from << MIB_SHIFT, at << MIB_SHIFT, GVT_PLAN_HOST, GVT_NOBODY);
	for (unsigned int i = 0; i < space->count; i++) {
		const struct gvt_range *range = &space->ranges[i];
		uint64_t start = range->start, end = start + range->size;

		visit(walk, at << MIB_SHIFT, start << MIB_SHIFT, GVT_PLAN_FREE, GVT_NOBODY);
		visit(walk, start << MIB_SHIFT, end << MIB_SHIFT, GVT_PLAN_ACTIVE, range->holder);
		at = end;
	}
	visit(walk, at << MIB_SHIFT, (uint64_t)space->end << MIB_SHIFT, GVT_PLAN_FREE, GVT_NOBODY);
	visit(walk, (uint64_t)space->end << MIB_SHIFT, (uint64_t)to << MIB_SHIFT, GVT_PLAN_HOST,
	      GVT_NOBODY);
}

/* Fences have no places: the host's first, then what is taken, the wishes last, then what is free. */
static void walk_fences(struct walk *walk, const struct gvt_partition *partition)
{
	uint32_t wished = 0, at = 4, taken, total = partition->fences + at;
	unsigned int placed = walk->plan->side[walk->view == GVT_PLAN_EMPTY].placed;

	for (unsigned int i = 0; i < placed; i++)
		wished += walk->plan->wishes[i].wanted.fences;
	taken = partition->fences - partition->fences_free - wished;
	visit(walk, 0, at, GVT_PLAN_HOST, GVT_NOBODY);
	visit(walk, at, at + taken, GVT_PLAN_ACTIVE, GVT_NOBODY);
	at += taken;
	for (unsigned int i = 0; i < placed; i++) {
		uint32_t end = at + walk->plan->wishes[i].wanted.fences;

		visit(walk, at, end, GVT_PLAN_WISH, (int)(partition->holders + i));
		at = end;
	}
	visit(walk, at, total, GVT_PLAN_FREE, GVT_NOBODY);
}

int gvt_plan_get_piece(struct gvt_plan *plan, enum gvt_plan_view view,
		       enum gvt_plan_resource resource, unsigned int index,
		       struct gvt_plan_piece *piece)
{
	const struct gvt_partition *partition = &plan->side[view == GVT_PLAN_EMPTY].partition;
	struct walk walk = { .plan = plan, .view = view, .left = index, .piece = piece };

	gvt_plan_solve(plan);
	if (resource == GVT_PLAN_APERTURE)
		walk_space(&walk, &partition->aperture, 0, partition->aperture_size);
	else if (resource == GVT_PLAN_HIDDEN)
		walk_space(&walk, &partition->hidden, partition->aperture_size,
			   partition->ggtt_size);
	else
		walk_fences(&walk, partition);
	return walk.found ? 0 : -ENOENT;
}

/* --- the drawing ------------------------------------------------------------------------------ */

#define WIDTH	   960
#define LEFT	   120
#define BAR_WIDTH  (WIDTH - LEFT - 20)
#define BAR_HEIGHT 44
#define ROW_HEIGHT 84

static const char *const colours[] = { "#4878a8", "#c08040", "#58986c", "#a05878",
				       "#8878b8", "#98904c", "#4c9ca0", "#b06050" };

struct drawing {
	struct gvt_plan *plan;
	enum gvt_plan_view view;
	xmlTextWriterPtr out;
};

static void attribute(xmlTextWriterPtr out, const char *name, double value)
{
	xmlTextWriterWriteFormatAttribute(out, BAD_CAST name, "%.1f", value);
}

static void text(xmlTextWriterPtr out, double x, double y, const char *class, const char *words)
{
	xmlTextWriterStartElement(out, BAD_CAST "text");
	attribute(out, "x", x);
	attribute(out, "y", y);
	xmlTextWriterWriteAttribute(out, BAD_CAST "class", BAD_CAST class);
	xmlTextWriterWriteString(out, BAD_CAST words);
	xmlTextWriterEndElement(out);
}

static const char *fill_of(const struct gvt_plan_piece *piece)
{
	static const size_t count = sizeof(colours) / sizeof(colours[0]);

	switch (piece->use) {
	case GVT_PLAN_HOST:
		return "#888888";
	case GVT_PLAN_FREE:
		return "#f4f4f4";
	case GVT_PLAN_ACTIVE:
		return "#c8c8c8";
	default:
		return colours[piece->index % count];
	}
}

static void say_piece(const struct gvt_plan_piece *piece, bool bytes, char *words, size_t size)
{
	static const char *const uses[] = { "host", "free", "vGPUs", "wish" };
	const char *title = piece->title[0] ? piece->title : uses[piece->use];

	if (bytes)
		snprintf(words, size, "%s: %llu MiB at %llu MiB", title,
			 (unsigned long long)piece->size >> MIB_SHIFT,
			 (unsigned long long)piece->start >> MIB_SHIFT);
	else
		snprintf(words, size, "%s: %llu", title, (unsigned long long)piece->size);
}

static void draw_piece(struct drawing *drawing, const struct gvt_plan_piece *piece, bool bytes,
		       double x, double width, double y)
{
	xmlTextWriterPtr out = drawing->out;
	char words[192];

	say_piece(piece, bytes, words, sizeof(words));
	xmlTextWriterStartElement(out, BAD_CAST "rect");
	attribute(out, "x", x);
	attribute(out, "y", y);
	attribute(out, "width", width);
	attribute(out, "height", BAR_HEIGHT);
	xmlTextWriterWriteAttribute(out, BAD_CAST "fill", BAD_CAST fill_of(piece));
	xmlTextWriterWriteAttribute(out, BAD_CAST "stroke", BAD_CAST "#303030");
	xmlTextWriterWriteElement(out, BAD_CAST "title", BAD_CAST words);
	xmlTextWriterEndElement(out);
	/* About seven units a character; a longer one would run over its neighbour. */
	if (piece->title[0] && width > 7.0 * (double)strlen(piece->title))
		text(out, x + 4, y + 27, "in", piece->title);
}

static void draw_resource(struct drawing *drawing, enum gvt_plan_resource resource, double y)
{
	static const char *const names[] = { "Aperture", "Hidden", "Fences" };
	bool bytes = resource != GVT_PLAN_FENCES;
	struct gvt_plan_piece piece;
	uint64_t first = 0, end = 0;
	char words[64];

	for (unsigned int i = 0;
	     !gvt_plan_get_piece(drawing->plan, drawing->view, resource, i, &piece); i++) {
		first = i ? first : piece.start;
		end = piece.start + piece.size;
	}
	text(drawing->out, 12, y + 20, "name", names[resource]);
	if (bytes)
		snprintf(words, sizeof(words), "%llu MiB",
			 (unsigned long long)(end - first) >> MIB_SHIFT);
	else
		snprintf(words, sizeof(words), "%llu", (unsigned long long)end);
	text(drawing->out, 12, y + 38, "size", words);
	for (unsigned int i = 0;
	     !gvt_plan_get_piece(drawing->plan, drawing->view, resource, i, &piece); i++) {
		double scale = BAR_WIDTH / (double)(end - first);

		draw_piece(drawing, &piece, bytes, LEFT + (double)(piece.start - first) * scale,
			   (double)piece.size * scale, y);
	}
}

static void draw(struct drawing *drawing)
{
	static const char style[] = "text{font:12px sans-serif}.head{font-size:16px}"
				    ".name{font-weight:bold}.in{fill:#ffffff}";
	xmlTextWriterPtr out = drawing->out;
	char words[160];

	xmlTextWriterStartDocument(out, NULL, "UTF-8", NULL);
	xmlTextWriterStartElementNS(out, NULL, BAD_CAST "svg",
				    BAD_CAST "http://www.w3.org/2000/svg");
	xmlTextWriterWriteFormatAttribute(out, BAD_CAST "viewBox", "0 0 %d %d", WIDTH,
					  50 + 3 * ROW_HEIGHT);
	xmlTextWriterWriteElement(out, BAD_CAST "style", BAD_CAST style);
	snprintf(words, sizeof(words), "GPU %s%s%s: %s", drawing->plan->gpu->name,
		 gvt_gpu_get_platform(drawing->plan->gpu) ? ", " : "",
		 gvt_gpu_get_platform(drawing->plan->gpu) ?
			 gvt_gpu_get_platform(drawing->plan->gpu) :
			 "",
		 drawing->view == GVT_PLAN_EMPTY ? "without other vGPUs" : "now");
	text(out, 12, 28, "head", words);
	for (int i = GVT_PLAN_APERTURE; i <= GVT_PLAN_FENCES; i++)
		draw_resource(drawing, i, 50 + i * ROW_HEIGHT);
	xmlTextWriterEndDocument(out);
}

int gvt_plan_to_svg(struct gvt_plan *plan, enum gvt_plan_view view, char **svg)
{
	struct drawing drawing = { .plan = plan, .view = view };
	xmlBufferPtr buffer = xmlBufferCreate();

	*svg = NULL;
	gvt_plan_solve(plan);
	if (buffer)
		drawing.out = xmlNewTextWriterMemory(buffer, 0);
	if (drawing.out) {
		xmlTextWriterSetIndent(drawing.out, 1);
		draw(&drawing);
		xmlFreeTextWriter(drawing.out);
		*svg = strdup((const char *)xmlBufferContent(buffer));
	}
	xmlBufferFree(buffer);
	return *svg ? 0 : gvt_no_memory(plan->gpu->snapshot->ctx);
}
