// SPDX-License-Identifier: LGPL-2.1-or-later
/* A GPU cut into vGPUs, as the kernel would do it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "partition.h"
#include "snapshot.h"

#define HOST_APERTURE 128u
#define HOST_HIDDEN   384u
#define HOST_FENCES   4u
#define FENCES	      32u
#define GGTT_DEFAULT  4096u /* MiB: what firmware sets up on nearly all of these GPUs */

/*
 * GGC, in the GPU's PCI configuration at 0x50: bits 7:6 are the size of the table of GGTT entries, 2
 * to the power of that in MiB; 8 bytes map 4 KiB (Skylake PRM, vol. 12). Only root reads so far.
 */
#define GGC_OFFSET     0x50
#define GGC_GGMS_SHIFT 6

/* --- what sysfs says -------------------------------------------------------------------------- */

static uint32_t read_ggtt_size(struct gvt_ctx *ctx, const char *gpu)
{
	char *path = gvt_path(ctx, "/sys/bus/pci/devices/%s/config", gpu);
	FILE *file = path ? fopen(path, "re") : NULL;
	unsigned int table = 0;
	unsigned char ggc;

	if (file && !fseek(file, GGC_OFFSET, SEEK_SET) && fread(&ggc, 1, 1, file) == 1)
		table = ggc >> GGC_GGMS_SHIFT;
	if (file)
		fclose(file);
	free(path);
	return table ? (1u << table) * 512 : GGTT_DEFAULT;
}

static bool read_mib(struct gvt_gpu *gpu, const char *name, uint32_t *value)
{
	uint64_t number;

	if (gvt_read_number(gpu->snapshot->ctx, &number, "/sys/bus/pci/devices/%s/gvt/%s",
			    gpu->name, name) ||
	    number > UINT32_MAX / 2)
		return false;
	*value = (uint32_t)number;
	return true;
}

static void set_space(struct gvt_space *space, uint32_t start, uint32_t end)
{
	space->start = start;
	space->end = end > start ? end : start;
	space->count = 0;
}

int gvt_partition_read(struct gvt_gpu *gpu, struct gvt_partition *partition)
{
	uint32_t aperture = (uint32_t)(gpu->aperture >> 20), end, hidden, total, fences;

	memset(partition, 0, sizeof(*partition));
	if (!aperture || aperture > UINT32_MAX / 4)
		return -ENODATA;
	partition->aperture_size = aperture;
	partition->ggtt_size = read_ggtt_size(gpu->snapshot->ctx, gpu->name);
	if (read_mib(gpu, "total_aperture_mb", &total) &&
	    read_mib(gpu, "total_hidden_mb", &hidden) && read_mib(gpu, "total_fences", &fences)) {
		partition->exact = true;
		set_space(&partition->aperture, aperture - (total < aperture ? total : aperture),
			  aperture);
		set_space(&partition->hidden, aperture, aperture + hidden);
		partition->ggtt_size = partition->hidden.end + HOST_HIDDEN;
		partition->fences = fences;
	} else {
		end = partition->ggtt_size > HOST_HIDDEN ? partition->ggtt_size - HOST_HIDDEN : 0;
		set_space(&partition->aperture, HOST_APERTURE, aperture);
		set_space(&partition->hidden, aperture, end);
		partition->fences = FENCES - HOST_FENCES;
	}
	partition->fences_free = partition->fences;
	return 0;
}

/* --- spaces ----------------------------------------------------------------------------------- */

static uint32_t gap_start(const struct gvt_space *space, unsigned int index)
{
	const struct gvt_range *before = &space->ranges[index ? index - 1 : 0];

	return index ? before->start + before->size : space->start;
}

static uint32_t gap_size(const struct gvt_space *space, unsigned int index)
{
	uint32_t start = gap_start(space, index);
	uint32_t end = index < space->count ? space->ranges[index].start : space->end;

	return end > start ? end - start : 0;
}

static uint32_t space_free(const struct gvt_space *space)
{
	uint32_t free = 0;

	for (unsigned int i = 0; i <= space->count; i++)
		free += gap_size(space, i);
	return free;
}

static uint32_t space_largest(const struct gvt_space *space)
{
	uint32_t largest = 0;

	for (unsigned int i = 0; i <= space->count; i++)
		if (gap_size(space, i) > largest)
			largest = gap_size(space, i);
	return largest;
}

static void put(struct gvt_space *space, unsigned int index, uint32_t start, uint32_t size, int holder)
{
	memmove(&space->ranges[index + 1], &space->ranges[index],
		(space->count - index) * sizeof(space->ranges[0]));
	space->ranges[index] = (struct gvt_range){ start, size, holder };
	space->count++;
}

/* The smallest gap that has room, the first of equals. */
static bool space_take(struct gvt_space *space, uint32_t size, int holder)
{
	unsigned int best = 0;
	bool found = false;

	for (unsigned int i = 0; i <= space->count; i++) {
		if (gap_size(space, i) < size)
			continue;
		if (!found || gap_size(space, i) < gap_size(space, best))
			best = i;
		found = true;
	}
	if (!found || space->count == GVT_RANGES_MAX)
		return false;
	put(space, best, gap_start(space, best), size, holder);
	return true;
}

static void space_give(struct gvt_space *space, int holder)
{
	for (unsigned int i = 0; i < space->count; i++) {
		if (space->ranges[i].holder != holder)
			continue;
		space->count--;
		memmove(&space->ranges[i], &space->ranges[i + 1],
			(space->count - i) * sizeof(space->ranges[0]));
		return;
	}
}

/* A range that sysfs tells of. False when it can't be: outside, or over another one. */
static bool space_add(struct gvt_space *space, uint32_t start, uint32_t size, int holder)
{
	for (unsigned int i = 0; i <= space->count && space->count < GVT_RANGES_MAX; i++) {
		uint32_t from = gap_start(space, i);

		if (start < from || start - from > gap_size(space, i) ||
		    size > gap_size(space, i) - (start - from))
			continue;
		put(space, i, start, size, holder);
		return true;
	}
	return false;
}

/* --- what is active --------------------------------------------------------------------------- */

/* "NAME aperture START+SIZE hidden START+SIZE fences COUNT", one line for each vGPU. */
static int read_holder(struct gvt_gpu *gpu, const char *line, struct gvt_partition *partition,
		       const char *uuids[GVT_RANGES_MAX])
{
	uint32_t aperture_start, aperture, hidden_start, hidden, fences;
	int holder = (int)partition->holders;
	struct gvt_vgpu *vgpu;
	char name[40];

	if (sscanf(line, "%39s aperture %9" SCNu32 "+%9" SCNu32 " hidden %9" SCNu32 "+%9" SCNu32
			 " fences %9" SCNu32,
		   name, &aperture_start, &aperture, &hidden_start, &hidden, &fences) != 6)
		return -ENODATA;
	if (partition->holders == GVT_RANGES_MAX)
		return -E2BIG;
	if (!space_add(&partition->aperture, aperture_start, aperture, holder) ||
	    !space_add(&partition->hidden, hidden_start, hidden, holder) ||
	    fences > partition->fences_free)
		return -ENODATA;
	partition->fences_free -= fences;
	/* Of the same look as the GPU, which keeps it. */
	for (vgpu = gpu->snapshot->vgpus; vgpu && strcmp(vgpu->uuid, name); vgpu = vgpu->next)
		;
	uuids[partition->holders++] = vgpu ? vgpu->uuid : NULL;
	return 0;
}

static int read_holders(struct gvt_gpu *gpu, struct gvt_partition *partition,
			const char *uuids[GVT_RANGES_MAX])
{
	char text[GVT_ATTR_MAX], *save, *line;
	int err = gvt_read_attr(gpu->snapshot->ctx, text, sizeof(text),
				"/sys/bus/pci/devices/%s/gvt/holders", gpu->name);

	for (line = strtok_r(err ? NULL : text, "\n", &save); line && !err;
	     line = strtok_r(NULL, "\n", &save))
		err = read_holder(gpu, line, partition, uuids);
	return err == -ENOENT ? -ENODATA : err;
}

struct gvt_part gvt_part_of_type(struct gvt_type *type)
{
	return (struct gvt_part){ (uint32_t)(gvt_type_get_aperture(type) >> 20),
				  (uint32_t)(gvt_type_get_hidden(type) >> 20),
				  gvt_type_get_fences(type) };
}

/* kvmgt does not say where they are: they are put side by side, of which the sums are true. */
static int assume_places(struct gvt_gpu *gpu, struct gvt_partition *partition,
			 const char *uuids[GVT_RANGES_MAX])
{
	for (struct gvt_vgpu *vgpu = gpu->snapshot->vgpus; vgpu; vgpu = vgpu->next) {
		struct gvt_type *type;
		struct gvt_part part;

		if (!vgpu->active || strcmp(vgpu->gpu_name, gpu->name))
			continue;
		type = gvt_type_find(gpu, vgpu->type_name);
		if (!type || partition->holders == GVT_RANGES_MAX)
			return type ? -E2BIG : -ENODATA;
		part = gvt_part_of_type(type);
		if (gvt_partition_take(partition, &part, &part, (int)partition->holders, NULL, 0) ==
		    GVT_FIT_NO)
			return -ENODATA;
		uuids[partition->holders++] = vgpu->uuid;
	}
	partition->assumed = partition->holders;
	return 0;
}

int gvt_partition_read_active(struct gvt_gpu *gpu, struct gvt_partition *partition,
			      const char *uuids[GVT_RANGES_MAX])
{
	return partition->exact ? read_holders(gpu, partition, uuids) :
				  assume_places(gpu, partition, uuids);
}

/* --- what would be ---------------------------------------------------------------------------- */

static void say_short(char *why, size_t size, const char *what, uint32_t wanted,
		      const struct gvt_space *space)
{
	uint32_t free = space_free(space), largest = space_largest(space);

	if (free == largest)
		snprintf(why, size, "%u MiB of %s wanted, %u MiB free", wanted, what, free);
	else
		snprintf(why, size,
			 "%u MiB of %s wanted, %u MiB free, the largest piece has %u MiB", wanted,
			 what, free, largest);
}

static bool allot(struct gvt_partition *partition, const struct gvt_part *part, int holder, char *why,
		  size_t size)
{
	if (!space_take(&partition->aperture, part->aperture, holder)) {
		say_short(why, size, "aperture", part->aperture, &partition->aperture);
		return false;
	}
	if (!space_take(&partition->hidden, part->hidden, holder)) {
		say_short(why, size, "hidden memory", part->hidden, &partition->hidden);
		return false;
	}
	if (part->fences > partition->fences_free) {
		snprintf(why, size, "%u fences wanted, %u free", part->fences,
			 partition->fences_free);
		return false;
	}
	partition->fences_free -= part->fences;
	return true;
}

static void take_back(struct gvt_partition *partition, const struct gvt_part *part, int holder)
{
	space_give(&partition->aperture, holder);
	space_give(&partition->hidden, holder);
	partition->fences_free += part->fences;
}

/* One attribute after the other, each of which moves the whole part: so libgvtmgr sets them. */
static bool resize(struct gvt_partition *partition, struct gvt_part part,
		   const struct gvt_part *wanted, int holder, char *why, size_t size)
{
	const struct gvt_part stages[] = {
		{ wanted->aperture, part.hidden, part.fences },
		{ wanted->aperture, wanted->hidden, part.fences },
		{ wanted->aperture, wanted->hidden, wanted->fences },
	};

	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		if (!memcmp(&part, &stages[i], sizeof(part)))
			continue;
		take_back(partition, &part, holder);
		if (!allot(partition, &stages[i], holder, why, size))
			return false;
		part = stages[i];
	}
	return true;
}

/*
 * Whether a piece of that size is sure to be among what is free, wherever the others lie: the
 * largest of N pieces is no smaller than an Nth. The host's own things cut once more.
 */
static bool is_sure(const struct gvt_space *space, uint32_t size)
{
	return space_free(space) / (space->count + 2) >= size;
}

enum gvt_fit gvt_partition_take(struct gvt_partition *partition, const struct gvt_part *type,
				const struct gvt_part *wanted, int holder, char *why, size_t size)
{
	struct gvt_partition before = *partition;
	bool sure = !partition->assumed || (is_sure(&partition->aperture, type->aperture) &&
					    is_sure(&partition->hidden, type->hidden));

	if (allot(partition, type, holder, why, size) &&
	    resize(partition, *type, wanted, holder, why, size))
		return sure ? GVT_FIT_YES : GVT_FIT_UNKNOWN;
	*partition = before;
	return GVT_FIT_NO;
}
