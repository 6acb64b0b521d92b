// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "irq.h"
#include "region.h"

#define REGION_COUNT VFIO_PCI_NUM_REGIONS

static bool is_bar(uint32_t region)
{
	return region <= VFIO_PCI_BAR5_REGION_INDEX;
}

static uint64_t region_size(const struct gpu *gpu, uint32_t region)
{
	if (is_bar(region))
		return gpu_bar_size(gpu, region);
	return region == VFIO_PCI_CONFIG_REGION_INDEX ? GPU_CONFIG_SIZE : 0;
}

int vu_region_get_device_info(struct gpu *gpu, struct vu_request *request)
{
	struct vu_device_info *out = request->reply;

	*out = (struct vu_device_info){ .argsz = sizeof(*out),
					.flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
					.num_regions = REGION_COUNT,
					.num_irqs = VU_IRQ_COUNT };
	request->reply_length = sizeof(*out);
	return 0;
}

/* The part of BAR0 that is plain memory. */
static void offer_ggtt(struct gpu *gpu, struct vu_request *request, uint32_t argsz)
{
	struct {
		struct vu_region_info info;
		struct vu_region_sparse_mmap sparse;
	} *out = request->reply;

	out->info.argsz = sizeof(*out);
	/* A client that left no room asks again; until then it gets no descriptor. */
	if (argsz < sizeof(*out))
		return;
	out->info.flags |= VFIO_REGION_INFO_FLAG_MMAP | VFIO_REGION_INFO_FLAG_CAPS;
	out->info.cap_offset = sizeof(out->info);
	out->sparse = (struct vu_region_sparse_mmap){ .id = VFIO_REGION_INFO_CAP_SPARSE_MMAP,
						      .version = 1,
						      .nr_areas = 1,
						      .area_offset = GPU_GGTT_OFFSET,
						      .area_size = GPU_GGTT_SIZE };
	request->reply_length = sizeof(*out);
	request->reply_fd = gpu_ggtt_fd(gpu);
}

int vu_region_get_info(struct gpu *gpu, struct vu_request *request)
{
	const struct vu_region_info *in = request->message->payload;
	struct vu_region_info *out = request->reply;

	if (in->index >= REGION_COUNT)
		return vu_refuse(request, -EINVAL, "no such region");
	if (in->argsz < sizeof(*in))
		return vu_refuse(request, -EINVAL, "argsz");
	*out = (struct vu_region_info){ .argsz = sizeof(*out),
					.index = in->index,
					.size = region_size(gpu, in->index) };
	request->reply_length = sizeof(*out);
	if (out->size)
		out->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	if (in->index == GPU_BAR_GTTMMADR && request->client_takes_fd)
		offer_ggtt(gpu, request, in->argsz);
	return 0;
}

/* No region has a file descriptor to signal through: an empty list. */
int vu_region_get_io_fds(struct gpu *gpu, struct vu_request *request)
{
	const struct vu_region_io_fds *in = request->message->payload;
	struct vu_region_io_fds *out = request->reply;

	if (in->index >= REGION_COUNT)
		return vu_refuse(request, -EINVAL, "no such region");
	if (in->argsz < sizeof(*in) || in->flags || in->count)
		return vu_refuse(request, -EINVAL, "argsz, flags or count");
	*out = (struct vu_region_io_fds){ .argsz = sizeof(*out), .index = in->index };
	request->reply_length = sizeof(*out);
	return 0;
}

static int check_access(struct gpu *gpu, struct vu_request *request, uint32_t region,
			uint64_t offset, uint32_t count)
{
	uint64_t size, end;

	if (region >= REGION_COUNT)
		return vu_refuse(request, -EINVAL, "no such region");
	size = region_size(gpu, region);
	if (!count || __builtin_add_overflow(offset, count, &end) || end > size)
		return vu_refuse(request, -EINVAL, "outside of the region");
	return 0;
}

int vu_region_read(struct gpu *gpu, struct vu_request *request)
{
	const struct vu_region_access *in = request->message->payload;
	struct vu_region_access *out = request->reply;
	int ret;

	if (in->count > request->max_reply)
		return vu_refuse(request, -EINVAL, "more than max_data_xfer_size");
	ret = check_access(gpu, request, in->region, in->offset, in->count);
	if (ret)
		return ret;
	if (is_bar(in->region))
		ret = gpu_bar_read(gpu, in->region, in->offset, out + 1, in->count);
	else
		ret = gpu_config_read(gpu, (unsigned int)in->offset, out + 1, in->count);
	if (ret)
		return vu_refuse(request, ret, "the GPU does not take this access");
	*out = *in;
	request->reply_length = sizeof(*out) + in->count;
	return 0;
}

static int write_region(struct gpu *gpu, struct vu_request *request, uint32_t region,
			uint64_t offset, const void *data, uint32_t count)
{
	int ret = check_access(gpu, request, region, offset, count);

	if (ret)
		return ret;
	if (is_bar(region))
		ret = gpu_bar_write(gpu, region, offset, data, count);
	else
		ret = gpu_config_write(gpu, (unsigned int)offset, data, count);
	return ret ? vu_refuse(request, ret, "the GPU does not take this access") : 0;
}

int vu_region_write(struct gpu *gpu, struct vu_request *request)
{
	const struct vu_region_access *in = request->message->payload;
	struct vu_region_access *out = request->reply;
	int ret;

	if (in->count != request->message->length - sizeof(*in))
		return vu_refuse(request, -EINVAL, "count and the message's size differ");
	ret = write_region(gpu, request, in->region, in->offset, in + 1, in->count);
	if (ret)
		return ret;
	*out = *in;
	request->reply_length = sizeof(*out);
	return 0;
}

int vu_region_write_multi(struct gpu *gpu, struct vu_request *request)
{
	const struct vu_region_write_multi *in = request->message->payload;
	const struct vu_region_write_one *one = (const struct vu_region_write_one *)(in + 1);
	struct vu_region_write_multi *out = request->reply;

	if (in->wr_cnt > (request->message->length - sizeof(*in)) / sizeof(*one))
		return vu_refuse(request, -EINVAL, "more writes than the message holds");
	for (uint64_t i = 0; i < in->wr_cnt; i++, one++) {
		int ret;

		if (one->count > sizeof(one->data))
			return vu_refuse(request, -EINVAL, "a write of more than 8 bytes");
		ret = write_region(gpu, request, one->region, one->offset, one->data, one->count);
		if (ret)
			return ret;
	}
	*out = *in;
	request->reply_length = sizeof(*out);
	return 0;
}
