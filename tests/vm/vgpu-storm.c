// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vgpu-storm - do anything at all to a vGPU through VFIO, as a hostile VMM would
 *
 * Runs in a host VM. Each round opens the vGPU, gives it some memory, and writes and reads whatever
 * comes: configuration space, registers, entries of the GGTT by trap and by mapping, the aperture,
 * interrupts, resets, memory that goes away; while another thread touches the same mappings. Then
 * it closes everything. A seed makes the same storm again, but for the threads' timing.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfio.h"

#define REGISTERS_SIZE 0x200000u
#define GGTT_OFFSET    0x800000u
#define GGTT_SIZE      0x800000u
#define GGTT_FLUSH     0x101008u
#define APERTURE_BASE  0x78040u /* PVINFO: where the vGPU's part begins, and its size */
#define APERTURE_SIZE  0x78044u
#define HIDDEN_BASE    0x78048u
#define CONFIG_SIZE    256u
#define MSI_CONTROL    0xaeu
/* The OpRegion, the picture and the EDID come behind those of PCI. */
#define REGIONS	       (VFIO_PCI_NUM_REGIONS + 3)
#define REGION_EDID    (VFIO_PCI_NUM_REGIONS + 2)
#define MEMORY_SIZE    (16u << 20)
#define MEMORY_PIECES  16u /* that come and go */
#define PIECE_SIZE     (MEMORY_SIZE / MEMORY_PIECES)

struct storm {
	uint64_t random;
	struct vfio vfio;
	int event;
	uint64_t offsets[REGIONS];
	uint64_t sizes[REGIONS];
	uint64_t aperture_start, aperture_size;
	uint64_t *table; /* the GGTT half of BAR0 */
	uint8_t *aperture; /* the vGPU's own part */
	uint8_t *memory;
	bool present[MEMORY_PIECES];
	atomic_bool over; /* for the other thread */
	atomic_uint sink;
};

/* xorshift64*: good enough for storms, and the same everywhere. */
static uint64_t random_of(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static uint64_t draw(struct storm *storm)
{
	return random_of(&storm->random);
}

static uint32_t below(struct storm *storm, uint32_t limit)
{
	return (uint32_t)(draw(storm) >> 32) % limit;
}

/* Mostly bits that mean something: single ones, few, all, none. */
static uint64_t draw_value(struct storm *storm)
{
	switch (below(storm, 5)) {
	case 0:
		return 0;
	case 1:
		return ~0ull;
	case 2:
		return 1ull << below(storm, 64);
	case 3:
		return draw(storm) & draw(storm) & draw(storm);
	default:
		return draw(storm);
	}
}

static void map_piece(struct storm *storm, unsigned int piece)
{
	uint64_t at = (uint64_t)piece * PIECE_SIZE;

	vfio_map(&storm->vfio, storm->memory + at, at, PIECE_SIZE);
	storm->present[piece] = true;
}

static void unmap_piece(struct storm *storm, unsigned int piece)
{
	vfio_unmap(&storm->vfio, (uint64_t)piece * PIECE_SIZE, PIECE_SIZE);
	storm->present[piece] = false;
}

static void find_regions(struct storm *storm)
{
	for (unsigned int i = 0; i < REGIONS; i++) {
		struct vfio_region region = vfio_region(&storm->vfio, i);

		storm->offsets[i] = region.offset;
		storm->sizes[i] = region.size;
	}
}

static uint32_t read_register(const struct storm *storm, uint32_t offset)
{
	uint32_t value;

	if (pread(storm->vfio.device, &value, 4, (off_t)(storm->offsets[0] + offset)) != 4)
		err(1, "register %x", offset);
	return value;
}

static void map_regions(struct storm *storm)
{
	const int both = PROT_READ | PROT_WRITE;

	storm->aperture_start = read_register(storm, APERTURE_BASE);
	storm->aperture_size = read_register(storm, APERTURE_SIZE);
	storm->table = mmap(NULL, GGTT_SIZE, both, MAP_SHARED, storm->vfio.device,
			    (off_t)(storm->offsets[0] + GGTT_OFFSET));
	if (storm->table == MAP_FAILED && errno != EINVAL) /* trap_ggtt=1 */
		err(1, "mmap of the GGTT");
	storm->aperture = mmap(NULL, storm->aperture_size, both, MAP_SHARED, storm->vfio.device,
			       (off_t)(storm->offsets[2] + storm->aperture_start));
	if (storm->aperture == MAP_FAILED)
		err(1, "mmap of the aperture");
}

/* Any size, place and value; only what is wrong with the region's bounds may fail. */
static void touch_region(struct storm *storm, unsigned int region, uint64_t offset)
{
	uint64_t values[8];
	size_t length = below(storm, 8) ? 1u << below(storm, 4) : below(storm, sizeof(values));
	off_t at = (off_t)(storm->offsets[region] + offset);
	ssize_t done;

	for (unsigned int i = 0; i < 8; i++)
		values[i] = draw_value(storm);
	done = below(storm, 4) ? pwrite(storm->vfio.device, values, length, at) :
				 pread(storm->vfio.device, values, length, at);
	if (done < 0 && offset + length <= storm->sizes[region] &&
	    region < VFIO_PCI_NUM_REGIONS)
		err(1, "region %u, offset %llx, %zu bytes", region, (unsigned long long)offset,
		    length);
}

static void touch_config(struct storm *storm)
{
	touch_region(storm, VFIO_PCI_CONFIG_REGION_INDEX, below(storm, CONFIG_SIZE + 8));
}

/* Fields and bytes of the wished monitor; an EDID begins as one at times. */
static void touch_edid(struct storm *storm)
{
	static const uint8_t head[] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	const uint32_t field = below(storm, 4) ? 1 + below(storm, 2) : (uint32_t)draw_value(storm);
	uint64_t at = storm->offsets[REGION_EDID];

	if (below(storm, 2))
		(void)!pwrite(storm->vfio.device, &field, 4, (off_t)(at + 4 * below(storm, 8)));
	else if (below(storm, 4))
		touch_region(storm, REGION_EDID, below(storm, 1024));
	else
		(void)!pwrite(storm->vfio.device, head, sizeof(head), (off_t)(at + 256));
}

static void touch_register(struct storm *storm)
{
	/* Where registers are that do something, by sizes of their blocks; anywhere at times. */
	static const struct {
		uint32_t first, size;
	} blocks[] = {
		{ 0x2000, 0x800 },     { 0x12000, 0x800 }, { 0x1a000, 0x800 },	{ 0x22000, 0x800 },
		{ 0x44200, 0x300 },    { 0x64000, 0x500 }, { 0x70000, 0x3000 }, { 0x78000, 0x1000 },
		{ 0x100000, 0x110 },   { 0xa000, 0x300 },  { 0xc4000, 0x2000 }, { 0x138120, 0x10 },
		{ 0x45400, 0x20 },     { 0x46000, 0x100 }, { 0x9400, 0x100 },	{ 0x4000, 0x300 },
		{ 0, REGISTERS_SIZE }, { 0, 0x1000000 },
	};
	unsigned int n = below(storm, sizeof(blocks) / sizeof(blocks[0]));
	uint32_t offset = blocks[n].first + below(storm, blocks[n].size);

	touch_region(storm, VFIO_PCI_BAR0_REGION_INDEX, below(storm, 8) ? offset & ~3u : offset);
}

static void flush_entries(struct storm *storm)
{
	const uint32_t one = 1;

	if (pwrite(storm->vfio.device, &one, 4, (off_t)(storm->offsets[0] + GGTT_FLUSH)) != 4)
		err(1, "register %x", GGTT_FLUSH);
}

/* Entries that lead into the vGPU's memory, beside it, and nowhere. */
static uint64_t draw_entry(struct storm *storm)
{
	switch (below(storm, 4)) {
	case 0:
		return draw_value(storm);
	case 1:
		return (uint64_t)below(storm, 2 * MEMORY_SIZE) | 1;
	default:
		return (uint64_t)(below(storm, MEMORY_SIZE) & ~0xfffu) | 1;
	}
}

/* The index of an entry: of the vGPU's parts most times. */
static uint32_t draw_index(struct storm *storm)
{
	switch (below(storm, 4)) {
	case 0:
		return below(storm, GGTT_SIZE / 8);
	case 1:
		return (read_register(storm, HIDDEN_BASE) >> 12) + below(storm, 0x4000);
	default:
		return (uint32_t)(storm->aperture_start >> 12) +
		       below(storm, (uint32_t)(storm->aperture_size >> 12));
	}
}

static void write_entries(struct storm *storm)
{
	uint32_t index = draw_index(storm), count = below(storm, 700);
	bool trap = storm->table == MAP_FAILED || !below(storm, 4);

	for (uint32_t i = index; i < index + count && i < GGTT_SIZE / 8; i++) {
		uint64_t entry = draw_entry(storm);

		if (trap)
			(void)!pwrite(storm->vfio.device, &entry, below(storm, 4) ? 8 : 4,
				      (off_t)(storm->offsets[0] + GGTT_OFFSET + 8ull * i));
		else
			((volatile uint64_t *)storm->table)[i] = entry;
	}
	if (below(storm, 3))
		flush_entries(storm);
}

static void touch_aperture(struct storm *storm)
{
	uint64_t offset = below(storm, (uint32_t)storm->aperture_size) & ~7ull;

	if (below(storm, 2))
		*(volatile uint64_t *)(storm->aperture + offset) = draw(storm);
	else
		touch_region(storm, VFIO_PCI_BAR2_REGION_INDEX,
			     below(storm, 4) ? storm->aperture_start + offset :
					       draw(storm) % (storm->sizes[2] + 64));
}

/* Any request for interrupts; a good one with an eventfd at times. */
static void set_interrupts(struct storm *storm)
{
	union {
		struct vfio_irq_set set;
		uint8_t bytes[sizeof(struct vfio_irq_set) + 64];
	} request;

	for (size_t i = 0; i < sizeof(request.bytes); i++)
		request.bytes[i] = (uint8_t)draw(storm);
	request.set.argsz = below(storm, 4) ? sizeof(request.bytes) : below(storm, 200);
	request.set.flags = below(storm, 64);
	request.set.index = below(storm, VFIO_PCI_NUM_IRQS + 1);
	request.set.start = below(storm, 3) ? 0 : below(storm, 4);
	request.set.count = below(storm, 3);
	if (below(storm, 2)) {
		request.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
		request.set.index = VFIO_PCI_MSI_IRQ_INDEX;
		memcpy(request.set.data, &storm->event, sizeof(int));
	}
	(void)!ioctl(storm->vfio.device, VFIO_DEVICE_SET_IRQS, &request);
}

static void ask_anything(struct storm *storm)
{
	uint32_t words[64];

	for (unsigned int i = 0; i < 64; i++)
		words[i] = (uint32_t)draw_value(storm);
	words[0] = below(storm, sizeof(words));
	words[2] = below(storm, 16);
	/* VFIO_DEVICE_GET_INFO to VFIO_DEVICE_FEATURE, but for what has its own turn. */
	unsigned long command = _IO(VFIO_TYPE, VFIO_BASE + 7 + below(storm, 12));

	if (command != VFIO_DEVICE_RESET && command != VFIO_DEVICE_GET_GFX_DMABUF)
		(void)!ioctl(storm->vfio.device, command, words);
}

/* What is shown, in either kind; dma-bufs of it are not kept. */
static void look(struct storm *storm)
{
	struct vfio_device_gfx_plane_info plane = {
		.argsz = sizeof(plane),
		.flags = below(storm, 2) ? VFIO_GFX_PLANE_TYPE_REGION : VFIO_GFX_PLANE_TYPE_DMABUF,
		.drm_plane_type = below(storm, 3),
	};
	int fd;

	if (ioctl(storm->vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane) || !plane.drm_format ||
	    plane.flags != VFIO_GFX_PLANE_TYPE_DMABUF)
		return;
	fd = ioctl(storm->vfio.device, VFIO_DEVICE_GET_GFX_DMABUF, &plane.dmabuf_id);
	if (fd >= 0)
		close(fd);
}

static void change_memory(struct storm *storm)
{
	unsigned int piece = below(storm, MEMORY_PIECES);

	if (storm->present[piece])
		unmap_piece(storm, piece);
	else
		map_piece(storm, piece);
}

static void reset_device(struct storm *storm)
{
	if (ioctl(storm->vfio.device, VFIO_DEVICE_RESET))
		err(1, "VFIO_DEVICE_RESET");
}

static const struct {
	void (*act)(struct storm *storm);
	unsigned int weight;
} acts[] = {
	{ touch_config, 10 },	{ touch_register, 60 }, { write_entries, 12 },
	{ touch_aperture, 10 }, { set_interrupts, 4 },	{ ask_anything, 2 },
	{ change_memory, 2 },	{ reset_device, 1 },	{ touch_edid, 2 },
	{ look, 1 },
};

static void act_once(struct storm *storm)
{
	unsigned int total = 0, chosen, n = 0;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		total += acts[i].weight;
	for (chosen = below(storm, total); chosen >= acts[n].weight; n++)
		chosen -= acts[n].weight;
	acts[n].act(storm);
}

/* The other thread: pages of the table become warm, and are taken away, under its hands. */
static void *meddle(void *opaque)
{
	struct storm *storm = opaque;
	uint64_t random = 0x9e3779b97f4a7c15ull;

	while (!atomic_load(&storm->over)) {
		uint32_t index = (uint32_t)(random_of(&random) >> 32) % (GGTT_SIZE / 8);

		if (storm->table != MAP_FAILED)
			((volatile uint64_t *)storm->table)[index] = random & (MEMORY_SIZE - 1);
		atomic_fetch_add(&storm->sink,
				 read_register(storm, (uint32_t)(random % REGISTERS_SIZE) & ~3u));
	}
	return NULL;
}

static void open_vgpu(struct storm *storm, const char *uuid)
{
	storm->vfio = vfio_open(uuid);
	find_regions(storm);
	map_regions(storm);
	storm->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	storm->memory =
		mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (storm->event < 0 || storm->memory == MAP_FAILED)
		err(1, "no memory");
	for (unsigned int i = 0; i < MEMORY_PIECES; i++)
		map_piece(storm, i);
}

/* Half of the time the mappings outlive the descriptors, as in a process that dies. */
static void close_vgpu(struct storm *storm)
{
	bool descriptors_first = below(storm, 2);

	if (descriptors_first)
		vfio_close(&storm->vfio);
	munmap(storm->aperture, storm->aperture_size);
	if (storm->table != MAP_FAILED)
		munmap(storm->table, GGTT_SIZE);
	if (!descriptors_first)
		vfio_close(&storm->vfio);
	close(storm->event);
	munmap(storm->memory, MEMORY_SIZE);
}

static void run_round(const char *uuid, uint64_t seed, unsigned int actions)
{
	struct storm storm = { .random = seed * 0x9e3779b97f4a7c15ull | 1 };
	pthread_t meddler;

	open_vgpu(&storm, uuid);
	if (pthread_create(&meddler, NULL, meddle, &storm))
		errx(1, "no thread");
	for (unsigned int i = 0; i < actions; i++)
		act_once(&storm);
	atomic_store(&storm.over, true);
	pthread_join(meddler, NULL);
	close_vgpu(&storm);
}

static uint64_t number(const char *text, const char *name)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		errx(2, "%s is no %s", text, name);
	return value;
}

int main(int argc, char **argv)
{
	uint64_t seed, rounds, actions;

	if (argc != 5) {
		fprintf(stderr, "usage: vgpu-storm UUID SEED ROUNDS ACTIONS\n");
		return 2;
	}
	seed = number(argv[2], "seed");
	rounds = number(argv[3], "number of rounds");
	actions = number(argv[4], "number of actions");
	printf("seed %llu, %llu rounds of %llu actions\n", (unsigned long long)seed,
	       (unsigned long long)rounds, (unsigned long long)actions);
	for (uint64_t i = 0; i < rounds; i++)
		run_round(argv[1], seed + i, (unsigned int)actions);
	return 0;
}
