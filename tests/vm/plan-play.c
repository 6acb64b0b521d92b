// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan-play - random plans, played against the kernel
 *
 * Runs in a host VM with a GPU that nobody else uses. Each round asks libgvtmgr whether some vGPUs
 * fit, then makes them through sysfs, one after the other: those that it says fit must be made, the
 * one that it says does not must be refused, and with gvt.ko each must lie where the map has it. When
 * they do not fit, the order or the nearest plan that it proposes is made instead, and must fit whole.
 * A seed plays the same rounds again.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "lib/gvtmgr.h"

#define SLOTS	  32u
#define WISHES	  4u
#define DEVICES	  "/sys/bus/mdev/devices"
#define ATTRIBUTES 3u

/* A vGPU to be made: a type, and sizes of its own or NULL. */
struct wish {
	char type[64];
	char text[ATTRIBUTES][8]; /* aperture, hidden, fences; "": the type's */
};

static const enum gvt_setting settings[ATTRIBUTES] = { GVT_SETTING_APERTURE, GVT_SETTING_HIDDEN,
						       GVT_SETTING_FENCES };
static const char *const attributes[ATTRIBUTES] = { "aperture_mb", "hidden_mb", "fences" };

static char slots[SLOTS][37]; /* "": free */
static struct gvt_ctx *ctx;
static bool own_sizes; /* the driver is gvt.ko */
static struct counts {
	unsigned int rounds, fit, short_of, uncertain, orders, nearest;
} counts;

/* Returns 0 or the errno. */
static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		result = errno;
	close(fd);
	return result;
}

static int unmake(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), DEVICES "/%.36s/remove", uuid);
	return write_text(path, "1");
}

/* As libgvtmgr does it. Returns 0 or the errno; then nothing is left. */
static int make(const struct gvt_gpu *gpu, const struct wish *wish, char uuid[37])
{
	char path[256];
	uuid_t binary;
	int result;

	uuid_generate_random(binary);
	uuid_unparse_lower(binary, uuid);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/mdev_supported_types/%s/create",
		 gvt_gpu_get_name((struct gvt_gpu *)gpu), wish->type);
	result = write_text(path, uuid);
	for (unsigned int i = 0; !result && i < ATTRIBUTES; i++) {
		if (!wish->text[i][0])
			continue;
		snprintf(path, sizeof(path), DEVICES "/%s/gvt/%s", uuid, attributes[i]);
		result = write_text(path, wish->text[i]);
		if (result && unmake(uuid))
			errx(1, "%s can't be removed", uuid);
	}
	return result;
}

static struct gvt_gpu *look(void)
{
	if (gvt_scan(ctx))
		errx(1, "%s", gvt_get_error(ctx));
	return gvt_gpu_get_first(ctx);
}

static char *free_slot(void)
{
	for (unsigned int i = 0; i < SLOTS; i++)
		if (!slots[i][0])
			return slots[i];
	errx(1, "too many vGPUs");
}

static void random_wish(struct gvt_gpu *gpu, struct wish *wish)
{
	struct gvt_type *type;
	unsigned int count = 0, which;

	memset(wish, 0, sizeof(*wish));
	gvt_type_foreach(gpu, type)
		count++;
	which = (unsigned int)random() % count;
	gvt_type_foreach(gpu, type)
		if (!which--)
			snprintf(wish->type, sizeof(wish->type), "%s", gvt_type_get_name(type));
	if (!own_sizes || random() % 3 == 0)
		return;
	if (random() % 2)
		snprintf(wish->text[0], 8, "%ld", 16 + 2 * (random() % 90));
	if (random() % 2)
		snprintf(wish->text[1], 8, "%ld", 32 + 2 * (random() % 700));
	if (random() % 2)
		snprintf(wish->text[2], 8, "%ld", 1 + random() % 9);
}

static struct gvt_plan *new_plan(struct gvt_gpu *gpu, const struct wish *wishes, unsigned int count)
{
	struct gvt_plan *plan;

	if (gvt_plan_new(gpu, &plan))
		errx(1, "%s", gvt_get_error(ctx));
	for (unsigned int i = 0; i < count; i++) {
		struct gvt_value values[ATTRIBUTES];
		size_t own = 0;

		for (unsigned int j = 0; j < ATTRIBUTES; j++)
			if (wishes[i].text[j][0])
				values[own++] = (struct gvt_value){ settings[j], wishes[i].text[j] };
		if (gvt_plan_add(plan, wishes[i].type, values, own))
			errx(1, "%s", gvt_get_error(ctx));
	}
	return plan;
}

/* The map says where each of the plan's vGPUs lies; the kernel says it in "holders". */
static void check_place(struct gvt_gpu *gpu, struct gvt_plan *plan, unsigned int wish,
			const char *uuid)
{
	static const enum gvt_plan_resource parts[] = { GVT_PLAN_APERTURE, GVT_PLAN_HIDDEN };
	char path[128], line[256], expected[128] = "";
	struct gvt_plan_piece piece;
	FILE *file;

	for (unsigned int i = 0; i < 2; i++) {
		size_t len = strlen(expected);

		for (unsigned int j = 0; !gvt_plan_get_piece(plan, GVT_PLAN_NOW, parts[i], j, &piece);
		     j++)
			if (piece.use == GVT_PLAN_WISH && piece.index == wish)
				snprintf(expected + len, sizeof(expected) - len, " %s %u+%u",
					 i ? "hidden" : "aperture", (unsigned int)(piece.start >> 20),
					 (unsigned int)(piece.size >> 20));
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/gvt/holders", gvt_gpu_get_name(gpu));
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, uuid, 36))
			continue;
		if (strncmp(line + 36, expected, strlen(expected)))
			errx(1, "the map has%s, but the kernel %s", expected, line);
		fclose(file);
		return;
	}
	errx(1, "%s does not have %s", path, uuid);
}

static void describe(struct gvt_plan *plan)
{
	struct gvt_plan_piece piece;
	char text[128];

	for (int part = GVT_PLAN_APERTURE; part <= GVT_PLAN_HIDDEN; part++)
		for (unsigned int i = 0; !gvt_plan_get_piece(plan, GVT_PLAN_NOW, part, i, &piece); i++)
			fprintf(stderr, "  %s at %u, size %u: use %d, index %u\n",
				part == GVT_PLAN_APERTURE ? "aperture" : "hidden",
				(unsigned int)(piece.start >> 20), (unsigned int)(piece.size >> 20),
				piece.use, piece.index);

	for (unsigned int i = 0; i < gvt_plan_get_count(plan); i++)
		fprintf(stderr, "  wish %u: %s\n", i, gvt_plan_get_wish(plan, i, text, sizeof(text)));
}

/* Makes the wishes in the given order as far as the plan says that they fit, and tries one more. */
static void play(struct gvt_gpu *gpu, struct gvt_plan *plan, const struct wish *wishes,
		 unsigned int count)
{
	unsigned int placed = gvt_plan_get_placed(plan, GVT_PLAN_NOW);
	unsigned int sure = gvt_plan_get_sure(plan, GVT_PLAN_NOW);

	for (unsigned int i = 0; i < count && i <= placed; i++) {
		char *slot = free_slot(), uuid[37];
		int result = make(gpu, &wishes[i], uuid);

		if (!result)
			memcpy(slot, uuid, sizeof(uuid));
		if (i >= sure && result)
			return;
		if (i < placed && result) {
			describe(plan);
			errx(1, "wish %u should fit, but: %s", i, strerror(result));
		}
		if (i == placed && !result) {
			describe(plan);
			errx(1, "wish %u was made, but should not fit: %s", i,
			     gvt_plan_get_reason(plan, GVT_PLAN_NOW));
		}
		if (!result && own_sizes)
			check_place(gpu, plan, i, uuid);
	}
}

/* What is proposed in the place of what does not fit, must fit as a whole. */
static void play_proposal(struct gvt_gpu *gpu, struct gvt_plan *plan, const struct wish *wishes,
			  unsigned int count)
{
	bool helps = gvt_plan_order_helps(plan);

	counts.orders += helps;
	counts.nearest += !helps;
	for (unsigned int i = 0; i < count; i++) {
		unsigned int index = gvt_plan_get_order(plan, i);
		struct wish wish = wishes[index];
		char *slot = free_slot(), uuid[37];
		struct gvt_type *type;
		bool own;

		type = gvt_plan_get_nearest(plan, index, &own);
		if (!helps && !type)
			continue;
		if (!helps && !own) {
			memset(&wish, 0, sizeof(wish));
			snprintf(wish.type, sizeof(wish.type), "%s", gvt_type_get_name(type));
		}
		if (make(gpu, &wish, uuid)) {
			describe(plan);
			errx(1, "the proposed %s does not fit at wish %u",
			     helps ? "order" : "nearest plan", index);
		}
		memcpy(slot, uuid, sizeof(uuid));
	}
}

static void forget_some(unsigned int percent)
{
	for (unsigned int i = 0; i < SLOTS; i++) {
		if (!slots[i][0] || (unsigned int)random() % 100 >= percent)
			continue;
		if (unmake(slots[i]))
			errx(1, "%s can't be removed", slots[i]);
		slots[i][0] = '\0';
	}
}

static void play_round(void)
{
	struct gvt_gpu *gpu = look();
	unsigned int count = 1 + (unsigned int)random() % WISHES;
	enum gvt_plan_answer answer;
	struct wish wishes[WISHES];
	struct gvt_plan *plan;

	for (unsigned int i = 0; i < count; i++)
		random_wish(gpu, &wishes[i]);
	plan = new_plan(gpu, wishes, count);
	answer = gvt_plan_get_answer(plan, GVT_PLAN_NOW);
	counts.rounds++;
	counts.fit += answer == GVT_PLAN_FITS;
	counts.short_of += answer == GVT_PLAN_DOES_NOT_FIT;
	counts.uncertain += answer == GVT_PLAN_UNCERTAIN;
	/* kvmgt's fragments are not seen, so that a proposal there is one by sums. */
	if (answer == GVT_PLAN_DOES_NOT_FIT && own_sizes && random() % 2)
		play_proposal(gpu, plan, wishes, count);
	else
		play(gpu, plan, wishes, count);
	gvt_plan_unref(plan);
	forget_some((unsigned int)random() % 4 ? 50 : 100);
}

int main(int argc, char **argv)
{
	struct gvt_gpu *gpu;
	char path[128];

	if (argc != 3)
		errx(2, "usage: plan-play SEED ROUNDS");
	srandom((unsigned int)strtoul(argv[1], NULL, 10));
	if (gvt_new(&ctx))
		errx(1, "no memory");
	gpu = look();
	if (!gpu || gvt_gpu_get_state(gpu) != GVT_GPU_READY)
		errx(1, "no GPU that offers vGPUs");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/gvt/holders", gvt_gpu_get_name(gpu));
	own_sizes = !access(path, F_OK);
	for (unsigned long rounds = strtoul(argv[2], NULL, 10); rounds; rounds--)
		play_round();
	forget_some(100);
	gvt_unref(ctx);
	printf("rounds %u fit %u short %u uncertain %u orders %u nearest %u\n", counts.rounds,
	       counts.fit, counts.short_of, counts.uncertain, counts.orders, counts.nearest);
	return 0;
}
