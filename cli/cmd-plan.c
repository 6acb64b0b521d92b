// SPDX-License-Identifier: GPL-2.0-or-later
/* plan: what would fit, where, in which order, and what instead. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MIB(bytes)  ((unsigned long long)((bytes) >> 20))
#define TITLE_WIDTH 22
#define BAR_DEFAULT 64
#define BAR_MAX	    160

/* --- wishes ----------------------------------------------------------------------------------- */

/* "3xV5_8" is three of V5_8. Leaves the type in *type. */
static unsigned int take_count(const char **type)
{
	char *end;
	unsigned long count;

	if (!*type || (*type)[0] < '1' || (*type)[0] > '9')
		return 1;
	count = strtoul(*type, &end, 10);
	if (*end != 'x')
		return 1;
	*type = end + 1;
	return count > WISHES_MAX ? WISHES_MAX + 1 : (unsigned int)count;
}

static int add_wish(struct gvt_plan *plan, const struct wish *wish)
{
	struct gvt_value values[GVT_SETTING_COUNT];
	const char *type = wish->type;
	unsigned int copies = take_count(&type);
	size_t count = 0;
	int err = 0;

	for (int i = 0; i < GVT_SETTING_COUNT; i++)
		if (wish->settings[i])
			values[count++] = (struct gvt_value){ i, wish->settings[i] };
	while (!err && copies--)
		err = gvt_plan_add(plan, type, values, count);
	return err;
}

/* --- the map ---------------------------------------------------------------------------------- */

/* Active ones are 1 to 9 and then a to z, wishes A to Z; more than that share a sign. */
static char sign_of(const struct gvt_plan_piece *piece)
{
	static const char active[] = "123456789abcdefghijklmnopqrstuvwxyz";

	switch (piece->use) {
	case GVT_PLAN_HOST:
		return '#';
	case GVT_PLAN_FREE:
		return '.';
	case GVT_PLAN_ACTIVE:
		return active[piece->index < sizeof(active) - 1 ? piece->index : sizeof(active) - 2];
	default:
		return (char)('A' + (piece->index < 26 ? piece->index : 25));
	}
}

static unsigned int bar_width(void)
{
	const char *columns = getenv("COLUMNS");
	unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;

	if (width <= TITLE_WIDTH + 8)
		return BAR_DEFAULT;
	width -= TITLE_WIDTH + 4;
	return width > BAR_MAX ? BAR_MAX : (unsigned int)width;
}

/* Whatever is there has a sign: what is narrower than a character is seen, too. */
static void draw_bar(struct gvt_plan *plan, enum gvt_plan_view view,
		     enum gvt_plan_resource resource, const char *name, const char *unit)
{
	unsigned int width = bar_width();
	struct gvt_plan_piece piece;
	uint64_t first = 0, end = 0, shown;
	char bar[BAR_MAX + 1];

	for (unsigned int i = 0; !gvt_plan_get_piece(plan, view, resource, i, &piece); i++) {
		first = i ? first : piece.start;
		end = piece.start + piece.size;
	}
	if (end <= first)
		return;
	memset(bar, '.', width);
	bar[width] = '\0';
	for (unsigned int i = 0; !gvt_plan_get_piece(plan, view, resource, i, &piece); i++) {
		uint64_t from = (piece.start - first) * width / (end - first);
		uint64_t to = (piece.start + piece.size - first) * width / (end - first);

		to = to > from ? to : from + 1;
		memset(bar + from, sign_of(&piece), (to < width ? to : width) - from);
	}
	shown = resource == GVT_PLAN_FENCES ? end : MIB(end - first);
	printf("%-9s %5llu %-3s  |%s|\n", name, (unsigned long long)shown, unit, bar);
}

static void print_legend(struct gvt_plan *plan, enum gvt_plan_view view)
{
	struct gvt_plan_piece low, high;

	puts("  #  the host     .  free");
	for (unsigned int i = 0; !gvt_plan_get_piece(plan, view, GVT_PLAN_APERTURE, i, &low); i++) {
		if (low.use != GVT_PLAN_ACTIVE && low.use != GVT_PLAN_WISH)
			continue;
		memset(&high, 0, sizeof(high));
		for (unsigned int j = 0;
		     !gvt_plan_get_piece(plan, view, GVT_PLAN_HIDDEN, j, &high); j++)
			if (high.use == low.use && high.index == low.index)
				break;
		printf("  %c  %-*s aperture %llu MiB at %llu, hidden %llu MiB at %llu\n",
		       sign_of(&low), TITLE_WIDTH, low.title[0] ? low.title : "-", MIB(low.size),
		       MIB(low.start), MIB(high.size), MIB(high.start));
	}
}

static void draw_map(struct gvt_plan *plan, enum gvt_plan_view view)
{
	draw_bar(plan, view, GVT_PLAN_APERTURE, "Aperture", "MiB");
	draw_bar(plan, view, GVT_PLAN_HIDDEN, "Hidden", "MiB");
	draw_bar(plan, view, GVT_PLAN_FENCES, "Fences", "");
	print_legend(plan, view);
}

/* --- words ------------------------------------------------------------------------------------ */

static void print_answer(struct gvt_plan *plan, enum gvt_plan_view view, const char *where)
{
	unsigned int placed = gvt_plan_get_placed(plan, view);
	char wish[128];

	switch (gvt_plan_get_answer(plan, view)) {
	case GVT_PLAN_FITS:
		printf("%s: fits\n", where);
		break;
	case GVT_PLAN_UNCERTAIN:
		printf("%s: there is enough, but kvmgt does not say whether it is in one piece\n",
		       where);
		break;
	default:
		printf("%s: does not fit: %s (the %u. vGPU): %s\n", where,
		       gvt_plan_get_wish(plan, placed, wish, sizeof(wish)), placed + 1,
		       gvt_plan_get_reason(plan, view));
	}
}

/* A row of vGPUs, equal neighbours as one: "V5_4, 3xV5_8". */
struct row {
	char last[128];
	unsigned int run, shown;
};

static void row_flush(struct row *row)
{
	if (!row->run)
		return;
	fputs(row->shown++ ? "; " : "", stdout);
	if (row->run > 1)
		printf("%ux", row->run);
	fputs(row->last, stdout);
	row->run = 0;
}

static void row_add(struct row *row, const char *what)
{
	if (row->run && strcmp(row->last, what))
		row_flush(row);
	snprintf(row->last, sizeof(row->last), "%s", what);
	row->run++;
}

/* Said only where it makes a difference that is known. */
static void print_order(struct gvt_plan *plan)
{
	bool helps = gvt_plan_order_helps(plan), same = true;
	unsigned int count = gvt_plan_get_count(plan);
	struct row row = { .run = 0 };
	char wish[128];

	for (unsigned int i = 0; i < count; i++)
		same &= gvt_plan_get_order(plan, i) == i;
	if (same || (!helps && gvt_plan_get_answer(plan, GVT_PLAN_NOW) == GVT_PLAN_DOES_NOT_FIT))
		return;
	fputs(helps ? "They fit in this order: " : "The GPU stays whole in this order: ", stdout);
	for (unsigned int i = 0; i < count; i++)
		row_add(&row, gvt_plan_get_wish(plan, gvt_plan_get_order(plan, i), wish,
						sizeof(wish)));
	row_flush(&row);
	putchar('\n');
}

static void print_nearest(struct gvt_plan *plan)
{
	unsigned int count = gvt_plan_get_count(plan), kept = 0;
	struct row row = { .run = 0 };

	fputs("Nearest that fits now: ", stdout);
	for (unsigned int i = 0; i < count; i++) {
		bool own_sizes;
		unsigned int index = gvt_plan_get_order(plan, i);
		struct gvt_type *type = gvt_plan_get_nearest(plan, index, &own_sizes);
		char wish[128];

		if (!type)
			continue;
		kept++;
		row_add(&row, own_sizes ? gvt_plan_get_wish(plan, index, wish, sizeof(wish)) :
					  gvt_type_get_short_name(type));
	}
	row_flush(&row);
	if (!kept)
		fputs("none; destroy a vGPU that is not needed ('gvt list')", stdout);
	else if (kept < count)
		printf(" (%u of %u)", kept, count);
	putchar('\n');
}

static void print_plan(const struct cli *cli, struct gvt_plan *plan, struct gvt_gpu *gpu)
{
	bool fits = gvt_plan_get_answer(plan, GVT_PLAN_NOW) != GVT_PLAN_DOES_NOT_FIT;
	bool fits_empty = gvt_plan_get_answer(plan, GVT_PLAN_EMPTY) != GVT_PLAN_DOES_NOT_FIT;
	const char *platform = gvt_gpu_get_platform(gpu);

	printf("GPU %s%s%s%s\n", gvt_gpu_get_name(gpu), platform ? " (" : "",
	       platform ? platform : "", platform ? ")" : "");
	draw_map(plan, GVT_PLAN_NOW);
	if (!gvt_plan_get_count(plan))
		return;
	print_answer(plan, GVT_PLAN_NOW, "Now");
	print_answer(plan, GVT_PLAN_EMPTY, "On the empty GPU");
	print_order(plan);
	if (!fits && !gvt_plan_order_helps(plan))
		print_nearest(plan);
	if (!fits && fits_empty && !is_given(cli, OPT_QUIET)) {
		puts("On the empty GPU it would look so:");
		draw_map(plan, GVT_PLAN_EMPTY);
	}
}

/* --- the verb --------------------------------------------------------------------------------- */

static enum status write_svg(const struct cli *cli, struct gvt_plan *plan)
{
	bool to_stdout = !strcmp(cli->svg, "-");
	FILE *file;
	char *svg;
	int err;

	if (gvt_plan_to_svg(plan, GVT_PLAN_NOW, &svg))
		return report(cli);
	file = to_stdout ? stdout : fopen(cli->svg, "we");
	err = file && fputs(svg, file) >= 0 ? 0 : errno;
	free(svg);
	if (file && !to_stdout && fclose(file) && !err)
		err = errno;
	if (!err)
		return STATUS_DONE;
	fprintf(stderr, "gvt: cannot write %s: %s\n", cli->svg, strerror(err));
	return err == EACCES || err == EPERM ? STATUS_NOT_PERMITTED : STATUS_FAILED;
}

static enum status show(struct cli *cli, struct gvt_plan *plan, struct gvt_gpu *gpu)
{
	enum status status = cli->svg ? write_svg(cli, plan) : STATUS_DONE;
	bool fits = gvt_plan_get_answer(plan, GVT_PLAN_NOW) != GVT_PLAN_DOES_NOT_FIT;

	if (status)
		return status;
	if (is_given(cli, OPT_JSON))
		status = print_json_member(cli, "plan", gvt_plan_to_json(plan));
	else if (!cli->svg || strcmp(cli->svg, "-"))
		print_plan(cli, plan, gpu);
	return status ? status : fits ? STATUS_DONE : STATUS_NO_CAPACITY;
}

enum status cmd_plan(struct cli *cli, char **arguments)
{
	struct gvt_plan *plan;
	struct gvt_gpu *gpu;
	enum status status = choose_gpu(cli, &gpu);

	if (status)
		return status;
	if (is_given(cli, OPT_JSON) && cli->svg && !strcmp(cli->svg, "-"))
		return misuse(cli, "prints a drawing or JSON, but not both");
	if (gvt_plan_new(gpu, &plan))
		return report(cli);
	for (unsigned int i = 0; !status && i < cli->wish_count; i++)
		if (add_wish(plan, &cli->wishes[i]))
			status = report(cli);
	if (!status)
		status = show(cli, plan, gpu);
	gvt_plan_unref(plan);
	return status;
}
