// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record: a library that is loaded before a program, and writes what the program's driver submits
 *
 * It stands between the driver and the i915 that Mesa's shim plays (README.md). What of a submission is
 * commands, the parser of gvt.ko says: pages that it has looked at are written to the file that
 * GVT_STREAM names.
 */
#include <dlfcn.h>
#include <i915_drm.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kernel-gvt/parser/parser.h"
#include "stream.h"

#define OBJECTS_MAX 65536u
#define PAGES_MAX   4096u

/* Sizes of the program's buffers, by handle; and where they are now. */
static struct object {
	uint64_t size, address;
	const uint8_t *memory;
} objects[OBJECTS_MAX];

/* Pages of one submission. */
static uint64_t pages[PAGES_MAX];
static unsigned int page_count;

static const uint8_t *find(uint64_t address)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++)
		if (objects[i].memory && address - objects[i].address < objects[i].size)
			return objects[i].memory + (address - objects[i].address);
	return NULL;
}

static void note_page(uint64_t page)
{
	for (unsigned int i = 0; i < page_count; i++)
		if (pages[i] == page)
			return;
	if (page_count == PAGES_MAX)
		abort();
	pages[page_count++] = page;
}

static const u32 *memory_of(void *opaque, u64 address)
{
	const uint8_t *memory = find(address);

	if (memory)
		note_page(address & ~0xfffull);
	return (const u32 *)memory;
}

static bool owns_nothing(void *opaque, u64 address, u64 bytes)
{
	return false;
}

static int reads_nothing(void *opaque, u64 address, void *to, u32 bytes)
{
	return -EFAULT;
}

static int parse(uint64_t start, enum gvt_engine engine)
{
	static u32 out[4096];
	static struct gvt_parser_notes notes;
	const u32 ring[] = { 0x18800101, (u32)start, (u32)(start >> 32) };
	struct gvt_parser parser = {
		.generation = 9,
		.engine = engine,
		.out = out,
		.room = 4096,
		.notes = &notes,
		.owns = owns_nothing,
		.read = reads_nothing,
		.memory = memory_of,
	};
	int err = gvt_parse_ring(&parser, ring, 3);

	if (err)
		fprintf(stderr, "record: command %08x at dword %u of %llx: %s (%d)\n", parser.command, parser.place,
			(unsigned long long)parser.batch, parser.why ? parser.why : "", err);
	return err;
}

static void write_page(FILE *file, uint64_t address)
{
	const uint32_t *from = (const uint32_t *)find(address);
	struct stream_page page = { .address = address, .bytes = 4096 };

	while (page.bytes && !from[page.bytes / 4 - 1])
		page.bytes -= 4;
	fwrite(&page, sizeof(page), 1, file);
	fwrite(from, page.bytes, 1, file);
}

static void write_submission(uint64_t start, enum gvt_engine engine)
{
	struct stream_batch batch = { STREAM_MAGIC, 9, (uint8_t)engine, 0, start };
	const char *name = getenv("GVT_STREAM");
	FILE *file = name ? fopen(name, "ab") : NULL;

	if (!file)
		return;
	page_count = 0;
	parse(start, engine);
	batch.pages = (uint16_t)page_count;
	fwrite(&batch, sizeof(batch), 1, file);
	for (unsigned int i = 0; i < page_count; i++)
		write_page(file, pages[i]);
	fclose(file);
}

static int (*next_ioctl(void))(int fd, unsigned long request, ...)
{
	static int (*next)(int fd, unsigned long request, ...);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "ioctl");
	return next;
}

static void map_object(int fd, const struct drm_i915_gem_exec_object2 *from)
{
	struct drm_i915_gem_mmap_offset map = { .handle = from->handle, .flags = I915_MMAP_OFFSET_WB };
	struct object *object = &objects[from->handle % OBJECTS_MAX];
	void *memory;

	object->address = from->offset & 0xffffffffffffull;
	if (object->memory || next_ioctl()(fd, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &map))
		return;
	memory = mmap(NULL, object->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.offset);
	object->memory = memory == MAP_FAILED ? NULL : memory;
}

static void record(int fd, const struct drm_i915_gem_execbuffer2 *submission)
{
	const struct drm_i915_gem_exec_object2 *list = (const void *)(uintptr_t)submission->buffers_ptr;
	unsigned int last = submission->flags & I915_EXEC_BATCH_FIRST ? 0 : submission->buffer_count - 1;

	for (unsigned int i = 0; i < submission->buffer_count; i++)
		map_object(fd, &list[i]);
	write_submission((list[last].offset + submission->batch_start_offset) & 0xffffffffffffull,
			 (submission->flags & I915_EXEC_RING_MASK) == I915_EXEC_BLT ? GVT_BCS : GVT_RCS);
}

static void forget(unsigned int handle)
{
	struct object *object = &objects[handle % OBJECTS_MAX];

	if (object->memory)
		munmap((void *)object->memory, object->size);
	memset(object, 0, sizeof(*object));
}

int ioctl(int fd, unsigned long request, ...)
{
	struct drm_i915_gem_create *create;
	va_list args;
	void *data;
	int err;

	va_start(args, request);
	data = va_arg(args, void *);
	va_end(args);
	create = data;
	if (request == DRM_IOCTL_I915_GEM_EXECBUFFER2 || request == DRM_IOCTL_I915_GEM_EXECBUFFER2_WR)
		record(fd, data);
	if (request == DRM_IOCTL_GEM_CLOSE)
		forget(((const struct drm_gem_close *)data)->handle);
	err = next_ioctl()(fd, request, data);
	/* GEM_CREATE_EXT begins as GEM_CREATE does. */
	if (!err && (request == DRM_IOCTL_I915_GEM_CREATE || request == DRM_IOCTL_I915_GEM_CREATE_EXT))
		objects[create->handle % OBJECTS_MAX].size = create->size;
	return err;
}
