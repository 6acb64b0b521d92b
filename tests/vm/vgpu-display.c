// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vgpu-display UUID: what a viewer sees of a vGPU through VFIO, both as a region and as dma-bufs, while
 * this program plays the guest as well: the picture, its changes, the cursor, the wished monitor; and
 * that a dma-buf stays what it is when memory, guest and vGPU are gone.
 *
 * Runs in a host VM, with no VMM. Prints what it has seen; what is wrong ends it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <i915_drm.h>

#include "kernel-gvt/display/edid.h"
#include "vfio.h"

#define PAGE	      4096u
#define MEMORY_SIZE   (8u << 20)
#define WIDTH	      640u
#define HEIGHT	      480u
#define PICTURE	      (WIDTH * HEIGHT * 4)
#define CURSOR_AT     (4u << 20) /* in the guest's memory, as in its part of the aperture */
#define SECOND_AT     (2u << 20) /* a second picture, to flip to */
#define GGTT_OFFSET   0x800000u
#define GGTT_FLUSH    0x101008u
#define APERTURE_BASE 0x78040u
#define ENABLE	      0x80000000u

#define REGION_SCREEN (VFIO_PCI_NUM_REGIONS + 1)
#define REGION_EDID   (VFIO_PCI_NUM_REGIONS + 2)
#define EDID_FIELD(name) offsetof(struct vfio_region_gfx_edid, name)

enum plane { PRIMARY = 1, CURSOR }; /* DRM_PLANE_TYPE_* */

static struct vfio vfio;
static struct vfio_region bar, screen, edid;
static uint32_t aperture;
static uint32_t *memory;

#define EXPECT(what)                                               \
	do {                                                       \
		if (!(what))                                       \
			errx(1, "line %d: not so: %s", __LINE__, #what); \
	} while (0)

/* --- the guest --------------------------------------------------------------------------------- */

static void write32(uint64_t offset, uint32_t value)
{
	if (pwrite(vfio.device, &value, 4, (off_t)offset) != 4)
		err(1, "write at %llx", (unsigned long long)offset);
}

static uint32_t read32(uint64_t offset)
{
	uint32_t value;

	if (pread(vfio.device, &value, 4, (off_t)offset) != 4)
		err(1, "read at %llx", (unsigned long long)offset);
	return value;
}

static void reg(uint32_t offset, uint32_t value)
{
	write32(bar.offset + offset, value);
}

/* All of its memory, page by page, from the beginning of its part of the aperture on. */
static void map_graphics(void)
{
	for (uint32_t i = 0; i < MEMORY_SIZE / PAGE; i++) {
		uint64_t entry = (uint64_t)i * PAGE | 1;

		if (pwrite(vfio.device, &entry, 8, (off_t)(bar.offset + GGTT_OFFSET + 8ull * (aperture / PAGE + i))) != 8)
			err(1, "entry %u", i);
	}
	reg(GGTT_FLUSH, 1);
}

static void show(uint32_t place)
{
	reg(0x70180, ENABLE | 4u << 24);
	reg(0x70188, WIDTH * 4 / 64);
	reg(0x70190, (HEIGHT - 1) << 16 | (WIDTH - 1));
	reg(0x7019c, aperture + place);
}

static void turn_on(void)
{
	map_graphics();
	reg(0x60000, 799u << 16 | (WIDTH - 1));
	reg(0x6000c, 524u << 16 | (HEIGHT - 1));
	reg(0x60010, 524u << 16 | (HEIGHT - 1));
	reg(0x6001c, (WIDTH - 1) << 16 | (HEIGHT - 1));
	reg(0x60400, ENABLE | 1u << 28);
	reg(0x70008, ENABLE);
	show(0);
}

static void fill(void)
{
	for (uint32_t i = 0; i < MEMORY_SIZE / 4; i++)
		memory[i] = i * 2654435761u & 0xffffff;
}

/* --- the viewer -------------------------------------------------------------------------------- */

static struct vfio_device_gfx_plane_info query(uint32_t kind, enum plane plane)
{
	struct vfio_device_gfx_plane_info info = { .argsz = sizeof(info), .flags = kind, .drm_plane_type = plane };

	if (ioctl(vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &info))
		err(1, "VFIO_DEVICE_QUERY_GFX_PLANE %u, plane %u", kind, plane);
	return info;
}

static int probe(uint32_t kind)
{
	struct vfio_device_gfx_plane_info info = { .argsz = sizeof(info), .flags = kind | VFIO_GFX_PLANE_TYPE_PROBE };

	return ioctl(vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &info) ? -errno : 0;
}

static void check_region(void)
{
	struct vfio_device_gfx_plane_info info = query(VFIO_GFX_PLANE_TYPE_REGION, PRIMARY);
	uint32_t *picture;

	EXPECT(info.drm_format == DRM_FORMAT_XRGB8888 && info.drm_format_mod == DRM_FORMAT_MOD_LINEAR);
	EXPECT(info.width == WIDTH && info.height == HEIGHT && info.stride == WIDTH * 4);
	EXPECT(info.size == PICTURE && info.region_index == REGION_SCREEN);
	picture = mmap(NULL, screen.size, PROT_READ, MAP_SHARED, vfio.device, (off_t)screen.offset);
	EXPECT(picture != MAP_FAILED);
	EXPECT(!memcmp(picture, memory, PICTURE));
	memory[WIDTH * 100 + 5] ^= 0xffffff;
	EXPECT(picture[WIDTH * 100 + 5] != memory[WIDTH * 100 + 5]);
	query(VFIO_GFX_PLANE_TYPE_REGION, 0);
	EXPECT(!memcmp(picture, memory, PICTURE));
	EXPECT(picture[screen.size / 4 - 1] == 0);
	munmap(picture, screen.size);
	EXPECT(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, vfio.device, (off_t)screen.offset) == MAP_FAILED);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, vfio.device, (off_t)(screen.offset + screen.size)) == MAP_FAILED);
	puts("a region has the picture, and what changes in it");
}

static int get_dmabuf(uint32_t id)
{
	return ioctl(vfio.device, VFIO_DEVICE_GET_GFX_DMABUF, &id);
}

static uint32_t *map_dmabuf(int fd, size_t size)
{
	uint32_t *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		err(1, "mmap of a dma-buf");
	return map;
}

static void set_kind(const char *uuid, const char *kind)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/gvt/display", uuid);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, kind, strlen(kind)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* The host's i915 takes it as a buffer of its own, and reads it. */
static void check_import(int fd)
{
	struct drm_prime_handle prime = { .fd = fd };
	uint32_t words[PAGE / 4];
	struct drm_i915_gem_pread pread_request = { .size = sizeof(words), .data_ptr = (uintptr_t)words };
	struct drm_gem_close gone = { 0 };
	int card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);

	if (card < 0 || ioctl(card, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime))
		err(1, "import into i915");
	pread_request.handle = prime.handle;
	if (ioctl(card, DRM_IOCTL_I915_GEM_PREAD, &pread_request))
		err(1, "reading what was imported");
	EXPECT(!memcmp(words, memory, sizeof(words)));
	gone.handle = prime.handle;
	ioctl(card, DRM_IOCTL_GEM_CLOSE, &gone);
	close(card);
}

/* Returns one that is kept. */
static int check_dmabuf(const char *uuid)
{
	struct vfio_device_gfx_plane_info first, second;
	uint32_t *map;
	int fd;

	EXPECT(probe(VFIO_GFX_PLANE_TYPE_REGION) == 0);
	EXPECT(probe(VFIO_GFX_PLANE_TYPE_DMABUF) == -EINVAL);
	set_kind(uuid, "dmabuf");
	EXPECT(probe(VFIO_GFX_PLANE_TYPE_DMABUF) == 0);
	first = query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY);
	EXPECT(first.drm_format == DRM_FORMAT_XRGB8888 && first.width == WIDTH && first.size == PICTURE);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY).dmabuf_id == first.dmabuf_id);
	fd = get_dmabuf(first.dmabuf_id);
	EXPECT(fd >= 0);
	map = map_dmabuf(fd, PICTURE);
	EXPECT(!memcmp(map, memory, PICTURE));
	/* It is the guest's memory, not a copy. */
	memory[77] ^= 0xffffff;
	EXPECT(map[77] == memory[77]);
	check_import(fd);
	show(SECOND_AT);
	second = query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY);
	EXPECT(second.dmabuf_id != first.dmabuf_id);
	show(0);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY).dmabuf_id == first.dmabuf_id);
	EXPECT(get_dmabuf(0x12345678) < 0 && errno == EINVAL);
	munmap(map, PICTURE);
	puts("dma-bufs are the guest's memory, one for each picture that it flips between");
	return fd;
}

static void check_cursor(void)
{
	struct vfio_device_gfx_plane_info info = query(VFIO_GFX_PLANE_TYPE_DMABUF, CURSOR);
	uint32_t *map;
	int fd;

	EXPECT(info.drm_format == 0);
	reg(0x78830, 3);
	reg(0x78834, 4);
	reg(0x70080, 0x27);
	reg(0x70088, 20u << 16 | (0x8000 | 10));
	reg(0x70084, aperture + CURSOR_AT);
	info = query(VFIO_GFX_PLANE_TYPE_DMABUF, CURSOR);
	EXPECT(info.drm_format == DRM_FORMAT_ARGB8888 && info.width == 64 && info.height == 64);
	EXPECT((int32_t)info.x_pos == -10 && info.y_pos == 20 && info.x_hot == 3 && info.y_hot == 4);
	fd = get_dmabuf(info.dmabuf_id);
	map = map_dmabuf(fd, info.size);
	EXPECT(!memcmp(map, (uint8_t *)memory + CURSOR_AT, info.size));
	munmap(map, info.size);
	close(fd);
	puts("the cursor has a dma-buf of its own, with place and hot spot");
}

/* With a second plane there is no memory that has it all. */
static void check_composed(void)
{
	struct vfio_device_gfx_plane_info info;
	uint32_t *map;
	int fd;

	reg(0x70280, ENABLE | 4u << 24);
	reg(0x70288, WIDTH * 4 / 64);
	reg(0x7028c, 300u << 16 | 200);
	reg(0x70290, 9u << 16 | 9);
	reg(0x7029c, aperture + SECOND_AT);
	info = query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY);
	EXPECT(info.width == WIDTH && info.drm_format == DRM_FORMAT_XRGB8888);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_DMABUF, CURSOR).drm_format == 0);
	fd = get_dmabuf(info.dmabuf_id);
	map = map_dmabuf(fd, PICTURE);
	EXPECT(map[300 * WIDTH + 200] == memory[SECOND_AT / 4]);
	EXPECT(map[300 * WIDTH + 199] == memory[300 * WIDTH + 199]);
	munmap(map, PICTURE);
	close(fd);
	reg(0x70280, 0);
	reg(0x7029c, 0);
	reg(0x70080, 0);
	reg(0x70084, 0);
	puts("planes above each other have one together");
}

/* --- the monitor ------------------------------------------------------------------------------- */

/* The guest's look at it: the low byte of the width that it prefers, over GMBUS. */
static uint8_t preferred_width(void)
{
	reg(0xc5104, ENABLE);
	reg(0xc5104, 0);
	reg(0xc5100, 5);
	reg(0xc5104, 0x4e000000 | 4u << 16 | 56u << 8 | 0x50 << 1 | 1);
	return (uint8_t)read32(bar.offset + 0xc510c);
}

static void plug(uint32_t state)
{
	write32(edid.offset + EDID_FIELD(link_state), state);
}

static void wish(unsigned int width, unsigned int height)
{
	uint32_t offset = read32(edid.offset + EDID_FIELD(edid_offset));
	uint8_t bytes[EDID_MAX_MADE];
	int size = edid_make(&(struct edid_mode){ width, height, 60 }, EDID_DISPLAYPORT, "viewer", bytes);

	EXPECT(size > 0);
	plug(VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	write32(edid.offset + EDID_FIELD(edid_size), (uint32_t)size);
	EXPECT(pwrite(vfio.device, bytes, (size_t)size, (off_t)(edid.offset + offset)) == size);
	plug(VFIO_DEVICE_GFX_LINK_STATE_UP);
}

static void check_edid(void)
{
	uint8_t own = preferred_width();

	EXPECT(read32(edid.offset + EDID_FIELD(link_state)) == VFIO_DEVICE_GFX_LINK_STATE_UP);
	EXPECT(read32(edid.offset + EDID_FIELD(max_xres)) == 1920);
	EXPECT(read32(edid.offset + EDID_FIELD(max_yres)) == 1200);
	EXPECT(read32(edid.offset + EDID_FIELD(edid_max_size)) >= 256);
	EXPECT(own == (1920 & 0xff));
	reg(0xc4030, 0x10);
	reg(0xc4008, ~0u);
	reg(0xc4004, ~(1u << 21));
	wish(1600, 900);
	EXPECT(preferred_width() == (1600 & 0xff));
	EXPECT(read32(bar.offset + 0xc4008) & 1u << 21);
	wish(1280, 800);
	EXPECT(preferred_width() == own);
	wish(2560, 1440);
	EXPECT(preferred_width() == own);
	plug(VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	EXPECT(!(read32(bar.offset + 0xc4000) & 1u << 21));
	plug(VFIO_DEVICE_GFX_LINK_STATE_UP);
	EXPECT(read32(bar.offset + 0xc4000) & 1u << 21);
	puts("the EDID region's wish becomes the guest's monitor, up to its own size");
}

/* --- what is held ------------------------------------------------------------------------------ */

static void remove_vgpu(const char *uuid)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove", uuid);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "1\n", 2) < 0)
		err(1, "%s", path);
	close(fd);
}

static void check_held(const char *uuid, int fd)
{
	uint32_t *map = map_dmabuf(fd, PICTURE), *before = malloc(PICTURE);

	EXPECT(before);
	memcpy(before, memory, PICTURE);
	vfio_unmap(&vfio, 0, MEMORY_SIZE);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_REGION, PRIMARY).width == WIDTH);
	EXPECT(!memcmp(map, before, PICTURE));
	vfio_map(&vfio, memory, 0, MEMORY_SIZE);
	if (ioctl(vfio.device, VFIO_DEVICE_RESET))
		err(1, "VFIO_DEVICE_RESET");
	EXPECT(query(VFIO_GFX_PLANE_TYPE_REGION, PRIMARY).drm_format == 0);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_DMABUF, PRIMARY).drm_format == 0);
	vfio_close(&vfio);
	munmap(memory, MEMORY_SIZE);
	EXPECT(!memcmp(map, before, PICTURE));
	remove_vgpu(uuid);
	EXPECT(!memcmp(map, before, PICTURE));
	munmap(map, PICTURE);
	map = map_dmabuf(fd, PICTURE);
	EXPECT(!memcmp(map, before, PICTURE));
	munmap(map, PICTURE);
	close(fd);
	free(before);
	puts("a dma-buf outlives memory, guest and vGPU");
}

int main(int argc, char **argv)
{
	int held;

	if (argc != 2) {
		fprintf(stderr, "usage: vgpu-display UUID\n");
		return 2;
	}
	vfio = vfio_open(argv[1]);
	bar = vfio_region(&vfio, VFIO_PCI_BAR0_REGION_INDEX);
	screen = vfio_region(&vfio, REGION_SCREEN);
	edid = vfio_region(&vfio, REGION_EDID);
	memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(memory != MAP_FAILED);
	fill();
	vfio_map(&vfio, memory, 0, MEMORY_SIZE);
	aperture = read32(bar.offset + APERTURE_BASE);
	EXPECT(query(VFIO_GFX_PLANE_TYPE_REGION, PRIMARY).drm_format == 0);
	turn_on();
	check_region();
	held = check_dmabuf(argv[1]);
	check_cursor();
	check_composed();
	check_edid();
	check_held(argv[1], held);
	return 0;
}
