// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vgpu-partition - make and remove vGPUs in random order, and keep the books beside the kernel's
 *
 * Runs in a host VM with an empty GPU. What is free must always be what there is less what the
 * vGPUs have; a vGPU can be made exactly when the kernel says that one of its type is available; a
 * size is changed whole or not at all. A seed makes the same order again.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARENT "/sys/bus/pci/devices/0000:00:02.0"
#define TYPES  PARENT "/mdev_supported_types"
#define MDEVS  "/sys/bus/mdev/devices"
#define SLOTS  8u

struct part {
	unsigned int aperture_mb, hidden_mb, fences;
};

struct slot {
	char uuid[37];
	bool used;
	struct part part;
};

static struct slot slots[SLOTS];
static struct part total;
static char types[8][64];
static unsigned int type_count;

static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

	if (length < 0)
		err(1, "%s", path);
	text[length] = '\0';
	close(fd);
}

static unsigned int read_number(const char *folder, const char *name)
{
	char path[256], text[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	read_text(path, text, sizeof(text));
	return (unsigned int)strtoul(text, NULL, 10);
}

/* Returns 0 or the errno. */
static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0)
		err(1, "%s", path);
	if (write(fd, text, strlen(text)) < 0)
		result = errno;
	close(fd);
	return result;
}

static struct part part_of(const struct slot *slot)
{
	char folder[128];

	snprintf(folder, sizeof(folder), MDEVS "/%s/gvt", slot->uuid);
	return (struct part){ read_number(folder, "aperture_mb"), read_number(folder, "hidden_mb"),
			      read_number(folder, "fences") };
}

static void expect(const char *what, unsigned int expected, unsigned int found)
{
	if (expected != found)
		errx(1, "%s: expected %u, found %u", what, expected, found);
}

static bool same(const struct part *a, const struct part *b)
{
	return a->aperture_mb == b->aperture_mb && a->hidden_mb == b->hidden_mb &&
	       a->fences == b->fences;
}

static void check_books(void)
{
	struct part left = total;

	for (unsigned int i = 0; i < SLOTS; i++) {
		struct part now;

		if (!slots[i].used)
			continue;
		now = part_of(&slots[i]);
		if (!same(&now, &slots[i].part))
			errx(1, "%s has other sizes than it was given", slots[i].uuid);
		left.aperture_mb -= now.aperture_mb;
		left.hidden_mb -= now.hidden_mb;
		left.fences -= now.fences;
	}
	expect("free_aperture_mb", left.aperture_mb,
	       read_number(PARENT "/gvt", "free_aperture_mb"));
	expect("free_hidden_mb", left.hidden_mb, read_number(PARENT "/gvt", "free_hidden_mb"));
	expect("free_fences", left.fences, read_number(PARENT "/gvt", "free_fences"));
	if (read_number(PARENT "/gvt", "largest_aperture_mb") > left.aperture_mb ||
	    read_number(PARENT "/gvt", "largest_hidden_mb") > left.hidden_mb)
		errx(1, "the largest piece is larger than what is free");
}

static void find_types(void)
{
	DIR *folder = opendir(TYPES);
	struct dirent *entry;

	if (!folder)
		err(1, TYPES);
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.' && type_count < 8)
			snprintf(types[type_count++], sizeof(types[0]), "%.63s", entry->d_name);
	closedir(folder);
	if (!type_count)
		errx(1, "there are no types");
}

static void make(struct slot *slot)
{
	char folder[192], path[256];
	unsigned int available;
	int error;

	snprintf(folder, sizeof(folder), TYPES "/%s", types[(unsigned int)rand() % type_count]);
	available = read_number(folder, "available_instances");
	snprintf(path, sizeof(path), "%s/create", folder);
	error = write_text(path, slot->uuid);
	if (error && error != ENOSPC)
		errx(1, "%s: %s", path, strerror(error));
	expect("a vGPU that is available can be made", available > 0, error == 0);
	if (error)
		return;
	slot->used = true;
	slot->part = part_of(slot);
}

static void change(struct slot *slot)
{
	static const char *const names[] = { "aperture_mb", "hidden_mb", "fences" };
	unsigned int which = (unsigned int)rand() % 3, value;
	struct part wanted = slot->part, now;
	char path[128], text[16];
	int error;

	value = which == 2 ? 1 + (unsigned int)rand() % 8 : 16 * (2 + (unsigned int)rand() % 30);
	*(which == 0 ? &wanted.aperture_mb :
	  which == 1 ? &wanted.hidden_mb :
		       &wanted.fences) = value;
	snprintf(path, sizeof(path), MDEVS "/%s/gvt/%s", slot->uuid, names[which]);
	snprintf(text, sizeof(text), "%u", value);
	error = write_text(path, text);
	if (error && error != ENOSPC)
		errx(1, "%s = %s: %s", path, text, strerror(error));
	now = part_of(slot);
	if (!same(&now, error ? &slot->part : &wanted))
		errx(1, "%s = %s: changed in part", path, text);
	slot->part = now;
}

static void take_away(struct slot *slot)
{
	char path[128];
	int error;

	snprintf(path, sizeof(path), MDEVS "/%s/remove", slot->uuid);
	error = write_text(path, "1");
	if (error)
		errx(1, "%s: %s", path, strerror(error));
	slot->used = false;
}

static void act(void)
{
	struct slot *slot = &slots[(unsigned int)rand() % SLOTS];

	if (!slot->used)
		make(slot);
	else if (rand() % 3)
		change(slot);
	else
		take_away(slot);
	check_books();
}

int main(int argc, char **argv)
{
	unsigned int seed, count;

	if (argc != 3)
		errx(2, "usage: vgpu-partition SEED COUNT");
	seed = (unsigned int)strtoul(argv[1], NULL, 10);
	count = (unsigned int)strtoul(argv[2], NULL, 10);
	printf("seed %u, %u steps\n", seed, count);
	srand(seed);
	find_types();
	total = (struct part){ read_number(PARENT "/gvt", "total_aperture_mb"),
			       read_number(PARENT "/gvt", "total_hidden_mb"),
			       read_number(PARENT "/gvt", "total_fences") };
	for (unsigned int i = 0; i < SLOTS; i++)
		snprintf(slots[i].uuid, sizeof(slots[i].uuid), "c0ffee00-0000-4000-8000-%012u", i);
	check_books();
	for (unsigned int i = 0; i < count; i++)
		act();
	for (unsigned int i = 0; i < SLOTS; i++)
		if (slots[i].used)
			take_away(&slots[i]);
	check_books();
	return 0;
}
