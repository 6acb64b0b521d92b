// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: what the vfio-user server answers to a client that keeps to the protocol. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfio-user-fixture.h"

#define PAGE 4096u

static void reconnect(struct fixture *fixture, const char *json)
{
	fixture_disconnect(fixture);
	fixture_connect(fixture);
	fixture_agree(fixture, json);
}

static const char *agreed_json(const struct fixture *fixture)
{
	const char *json = (const char *)fixture->reply.payload + sizeof(struct vu_version);

	assert_int_equal(json[fixture->reply.length - sizeof(struct vu_version) - 1], '\0');
	return json;
}

static void test_version_names_what_client_named(void **state)
{
	struct fixture *fixture = *state;
	struct vu_version version;

	reconnect(fixture, QEMU_CAPABILITIES);
	memcpy(&version, fixture->reply.payload, sizeof(version));
	assert_int_equal(version.major, 0);
	assert_int_equal(version.minor, 0);
	assert_string_equal(agreed_json(fixture),
			    "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,"
			    "\"max_dma_maps\":512,\"pgsizes\":4096,\"write_multiple\":true}}");
	reconnect(fixture, "{\"capabilities\":{\"twin_socket\":{\"supported\":true},\"new\":1}}");
	assert_string_equal(agreed_json(fixture),
			    "{\"capabilities\":{\"twin_socket\":{\"supported\":false}}}");
	reconnect(fixture, NULL);
	assert_string_equal(agreed_json(fixture), "{\"capabilities\":{}}");
	assert_int_equal(fixture->reply.fd_count, 0);
}

static void test_version_minor_is_not_above_proposal(void **state)
{
	struct fixture *fixture = *state;
	struct vu_version version = { .major = 0, .minor = 7 };

	fixture_disconnect(fixture);
	fixture_connect(fixture);
	assert_int_equal(fixture_call(fixture, VU_VERSION, &version, sizeof(version), NULL, 0), 0);
	memcpy(&version, fixture->reply.payload, sizeof(version));
	assert_int_equal(version.minor, 0);
	/* Once is enough. */
	assert_int_equal(fixture_call(fixture, VU_VERSION, &version, sizeof(version), NULL, 0),
			 EINVAL);
}

static void test_device_info(void **state)
{
	struct fixture *fixture = *state;
	struct vu_device_info info = { .argsz = sizeof(info) };

	assert_int_equal(fixture_call(fixture, VU_DEVICE_GET_INFO, &info, sizeof(info), NULL, 0),
			 0);
	assert_int_equal(fixture->reply.length, sizeof(info));
	memcpy(&info, fixture->reply.payload, sizeof(info));
	assert_int_equal(info.argsz, sizeof(info));
	assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	assert_int_equal(info.num_regions, 9);
	assert_int_equal(info.num_irqs, 3);
}

static uint32_t ask_region(struct fixture *fixture, uint32_t index, uint32_t argsz,
			   struct vu_region_info *info)
{
	struct vu_region_info ask = { .argsz = argsz, .index = index };
	uint32_t error =
		fixture_call(fixture, VU_DEVICE_GET_REGION_INFO, &ask, sizeof(ask), NULL, 0);

	if (!error) {
		assert_true(fixture->reply.length >= sizeof(*info));
		memcpy(info, fixture->reply.payload, sizeof(*info));
	}
	return error;
}

static void test_region_sizes(void **state)
{
	static const uint64_t sizes[] = { 16ull << 20, 0, 256ull << 20, 0, 64, 0, 0, 256, 0 };
	struct fixture *fixture = *state;
	struct vu_region_info info;

	for (uint32_t i = 0; i < 9; i++) {
		assert_int_equal(ask_region(fixture, i, sizeof(info), &info), 0);
		assert_int_equal(info.index, i);
		assert_int_equal(info.size, sizes[i]);
		assert_int_equal(info.flags, sizes[i] ? VFIO_REGION_INFO_FLAG_READ |
								VFIO_REGION_INFO_FLAG_WRITE :
							0);
		assert_int_equal(fixture->reply.length, sizeof(info));
		assert_int_equal(fixture->reply.fd_count, 0);
	}
	assert_int_equal(ask_region(fixture, 9, sizeof(info), &info), EINVAL);
	assert_int_equal(ask_region(fixture, 0, sizeof(info) - 1, &info), EINVAL);
}

static void test_ggtt_can_be_mapped(void **state)
{
	struct fixture *fixture = *state;
	struct vu_region_sparse_mmap sparse;
	struct vu_region_info info;
	struct stat offered, original;

	/* The first question learns how long the answer is, the second gets it. */
	assert_int_equal(ask_region(fixture, 0, sizeof(info), &info), 0);
	assert_int_equal(info.argsz, sizeof(info) + sizeof(sparse));
	assert_int_equal(ask_region(fixture, 0, info.argsz, &info), 0);
	assert_int_equal(fixture->reply.length, info.argsz);
	assert_int_equal(info.flags, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
					     VFIO_REGION_INFO_FLAG_MMAP |
					     VFIO_REGION_INFO_FLAG_CAPS);
	assert_int_equal(info.cap_offset, sizeof(info));
	assert_int_equal(info.offset, 0);
	memcpy(&sparse, fixture->reply.payload + info.cap_offset, sizeof(sparse));
	assert_int_equal(sparse.id, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	assert_int_equal(sparse.version, 1);
	assert_int_equal(sparse.next, 0);
	assert_int_equal(sparse.nr_areas, 1);
	assert_int_equal(sparse.area_offset, 8u << 20);
	assert_int_equal(sparse.area_size, 8u << 20);
	assert_int_equal(fixture->reply.fd_count, 1);
	assert_int_equal(fstat(fixture->reply.fds[0], &offered), 0);
	assert_int_equal(fstat(gpu_ggtt_fd(fixture->gpu), &original), 0);
	assert_int_equal(offered.st_ino, original.st_ino);
}

static void test_client_without_descriptors_gets_none(void **state)
{
	struct fixture *fixture = *state;
	struct vu_region_info info;

	reconnect(fixture, "{\"capabilities\":{\"max_msg_fds\":0}}");
	assert_int_equal(ask_region(fixture, 0, 256, &info), 0);
	assert_int_equal(info.flags, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE);
	assert_int_equal(info.argsz, sizeof(info));
	assert_int_equal(fixture->reply.fd_count, 0);
}

static void test_no_io_descriptors(void **state)
{
	struct fixture *fixture = *state;
	struct vu_region_io_fds ask = { .argsz = 64, .index = 2 }, answer;

	assert_int_equal(
		fixture_call(fixture, VU_DEVICE_GET_REGION_IO_FDS, &ask, sizeof(ask), NULL, 0), 0);
	assert_int_equal(fixture->reply.length, sizeof(answer));
	memcpy(&answer, fixture->reply.payload, sizeof(answer));
	assert_int_equal(answer.index, 2);
	assert_int_equal(answer.count, 0);
}

static void test_irq_info(void **state)
{
	static const uint32_t counts[] = { 1, 1, 0 };
	struct fixture *fixture = *state;

	for (uint32_t i = 0; i < 3; i++) {
		struct vu_irq_info info = { .argsz = sizeof(info), .index = i };

		assert_int_equal(
			fixture_call(fixture, VU_DEVICE_GET_IRQ_INFO, &info, sizeof(info), NULL, 0),
			0);
		memcpy(&info, fixture->reply.payload, sizeof(info));
		assert_int_equal(info.index, i);
		assert_int_equal(info.count, counts[i]);
		assert_int_equal(!!(info.flags & VFIO_IRQ_INFO_EVENTFD), counts[i]);
	}
}

/* DEVICE_SET_IRQS with one boolean at hand. */
static uint32_t set_irq(struct fixture *fixture, uint32_t index, uint32_t flags, uint32_t count,
			bool boolean, int fd)
{
	struct {
		struct vu_irq_set set;
		uint8_t boolean;
	} message = { { sizeof(message), flags, index, 0, count }, boolean };

	return fixture_call(fixture, VU_DEVICE_SET_IRQS, &message, sizeof(message.set) + 1, &fd,
			    fd >= 0);
}

#define ENABLE	(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define DISABLE (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
#define TRIGGER DISABLE
#define MASK	(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK)
#define UNMASK	(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK)
#define IF_TRUE VFIO_IRQ_SET_DATA_BOOL
#define MSI	VFIO_PCI_MSI_IRQ_INDEX
#define INTX	VFIO_PCI_INTX_IRQ_INDEX

static uint64_t taken(int fd)
{
	uint64_t count = 0;

	if (read(fd, &count, sizeof(count)) < 0)
		assert_int_equal(errno, EAGAIN);
	return count;
}

static void test_msi(void **state)
{
	struct fixture *fixture = *state;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	unsigned int fds = count_open_fds();

	vu_irq_raise(&fixture->irq); /* to nobody */
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, fd), 0);
	assert_int_equal(count_open_fds(), fds + 1);
	assert_int_equal(fcntl(fixture->irq.lines[MSI].eventfd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(taken(fd), 0);
	vu_irq_raise(&fixture->irq);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(fd), 2);
	/* Another eventfd in its place: the first is given back. */
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, fd), 0);
	assert_int_equal(count_open_fds(), fds + 1);
	assert_int_equal(set_irq(fixture, MSI, DISABLE, 0, false, -1), 0);
	assert_int_equal(count_open_fds(), fds);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(fd), 0);
	/* The other way to say it: no eventfd. */
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, fd), 0);
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, -1), 0);
	assert_int_equal(count_open_fds(), fds);
	close(fd);
}

static void test_masked_msi_comes_later(void **state)
{
	struct fixture *fixture = *state;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, fd), 0);
	assert_int_equal(set_irq(fixture, MSI, MASK, 1, false, -1), 0);
	vu_irq_raise(&fixture->irq);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(fd), 0);
	assert_int_equal(set_irq(fixture, MSI, UNMASK, 1, false, -1), 0);
	assert_int_equal(taken(fd), 1);
	assert_int_equal(set_irq(fixture, MSI, UNMASK, 1, false, -1), 0);
	assert_int_equal(taken(fd), 0);
	close(fd);
}

static void test_client_triggers_msi(void **state)
{
	struct fixture *fixture = *state;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, fd), 0);
	assert_int_equal(set_irq(fixture, MSI, TRIGGER, 1, false, -1), 0);
	assert_int_equal(taken(fd), 1);
	assert_int_equal(set_irq(fixture, MSI, IF_TRUE | VFIO_IRQ_SET_ACTION_TRIGGER, 1, false, -1),
			 0);
	assert_int_equal(taken(fd), 0);
	assert_int_equal(set_irq(fixture, MSI, IF_TRUE | VFIO_IRQ_SET_ACTION_TRIGGER, 1, true, -1),
			 0);
	assert_int_equal(taken(fd), 1);
	close(fd);
}

static void test_intx_masks_itself_and_yields_to_msi(void **state)
{
	struct fixture *fixture = *state;
	int pin = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	int msi = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_int_equal(set_irq(fixture, INTX, ENABLE, 1, false, pin), 0);
	vu_irq_raise(&fixture->irq);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(pin), 1);
	assert_int_equal(set_irq(fixture, INTX, UNMASK, 1, false, -1), 0);
	assert_int_equal(taken(pin), 1);
	assert_int_equal(set_irq(fixture, INTX, UNMASK, 1, false, -1), 0);
	assert_int_equal(taken(pin), 0);
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, msi), 0);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(pin), 0);
	assert_int_equal(taken(msi), 1);
	close(pin);
	close(msi);
}

static void test_region_access(void **state)
{
	static unsigned char out[VU_MAX_DATA], in[VU_MAX_DATA];
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 7 + i / 256);
	for (uint32_t length = 1; length <= 8; length *= 2) {
		assert_int_equal(fixture_write(fixture, 0, 0x2030, out, length), 0);
		assert_int_equal(fixture->gpu->last_offset, 0x2030);
		assert_int_equal(fixture->gpu->last_length, length);
		assert_int_equal(fixture_read(fixture, 0, 0x2030, in, length), 0);
		assert_memory_equal(in, out, length);
	}
	assert_int_equal(fixture_write(fixture, 2, 0x1000, out, VU_MAX_DATA), 0);
	/* In pieces that the socket holds: here, nobody reads while the session writes. */
	for (uint32_t i = 0; i < VU_MAX_DATA; i += 65536)
		assert_int_equal(fixture_read(fixture, 2, 0x1000 + i, in + i, 65536), 0);
	assert_memory_equal(in, out, sizeof(out));
	assert_int_equal(fixture_write(fixture, 4, 60, out, 4), 0);
	assert_memory_equal(fixture->gpu->bars[4] + 60, out, 4);
	/* The last bytes of a region belong to it. */
	assert_int_equal(fixture_write(fixture, 2, (256ull << 20) - 8, out, 8), 0);
	assert_int_equal(fixture_read(fixture, 0, (16u << 20) - 4, in, 4), 0);
}

static void test_config_access(void **state)
{
	struct fixture *fixture = *state;
	unsigned char config[GPU_CONFIG_SIZE];

	for (unsigned int i = 0; i < sizeof(config); i++)
		fixture->gpu->config[i] = (unsigned char)i;
	assert_int_equal(fixture_read(fixture, VFIO_PCI_CONFIG_REGION_INDEX, 0, config, 256), 0);
	assert_memory_equal(config, fixture->gpu->config, 256);
	assert_int_equal(fixture_write(fixture, VFIO_PCI_CONFIG_REGION_INDEX, 0xfc, "abcd", 4), 0);
	assert_memory_equal(fixture->gpu->config + 0xfc, "abcd", 4);
}

static void test_gpu_refuses_access(void **state)
{
	struct fixture *fixture = *state;
	unsigned char data[4] = { 0 };

	assert_int_equal(fixture_read(fixture, 0, 1, data, 4), EINVAL);
	assert_int_equal(fixture_write(fixture, 0, 1, data, 4), EINVAL);
	assert_string_equal(fixture->last_log,
			    "REGION_WRITE of 4 bytes at 0x1 of region 0 refused: the GPU does not "
			    "take this access: Invalid argument");
	assert_int_equal(fixture->log_lines, 2);
}

static void test_posted_writes_in_order(void **state)
{
	struct fixture *fixture = *state;
	struct vu_region_access read = { .offset = 0x100, .region = 0, .count = 4 };
	struct {
		struct vu_region_access access;
		uint32_t value;
		uint32_t unused;
	} posted = { { .offset = 0x100, .region = 0, .count = 4 }, 0, 0 };
	const size_t length = sizeof(posted.access) + sizeof(posted.value);
	uint16_t id;
	uint32_t value;

	for (posted.value = 1; posted.value <= 100; posted.value++)
		fixture_send(fixture, VU_REGION_WRITE, VU_FLAG_NO_REPLY, &posted, length, NULL, 0);
	/* A refused one is not answered either. */
	posted.access.region = 9;
	fixture_send(fixture, VU_REGION_WRITE, VU_FLAG_NO_REPLY, &posted, length, NULL, 0);
	id = fixture_send(fixture, VU_REGION_READ, 0, &read, sizeof(read), NULL, 0);
	fixture_serve(fixture);
	assert_true(fixture_receive(fixture));
	assert_int_equal(fixture->reply.header.id, id);
	memcpy(&value, fixture->reply.payload + sizeof(read), sizeof(value));
	assert_int_equal(value, 100);
	assert_false(fixture_receive(fixture));
}

static void test_write_multi(void **state)
{
	struct fixture *fixture = *state;
	struct {
		struct vu_region_write_multi head;
		struct vu_region_write_one writes[3];
	} message = { { 2 },
		      { { .offset = 0x10, .region = 0, .count = 4, .data = "abcd" },
			{ .offset = 0x20, .region = 2, .count = 8, .data = "efghijk" },
			{ .offset = 0x30, .region = 0, .count = 4, .data = "xxxx" } } };

	/* QEMU sends the whole array and says how much of it counts. */
	assert_int_equal(
		fixture_call(fixture, VU_REGION_WRITE_MULTI, &message, sizeof(message), NULL, 0),
		0);
	assert_int_equal(fixture->reply.length, sizeof(message.head));
	assert_memory_equal(fixture->reply.payload, &message.head, sizeof(message.head));
	assert_memory_equal(fixture->gpu->bars[0] + 0x10, "abcd", 4);
	assert_memory_equal(fixture->gpu->bars[2] + 0x20, "efghijk", 8);
	assert_memory_equal(fixture->gpu->bars[0] + 0x30, "\0\0\0\0", 4);
}

static void test_reset(void **state)
{
	struct fixture *fixture = *state;
	unsigned int resets = fixture->gpu->resets;

	assert_int_equal(fixture_call(fixture, VU_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	assert_int_equal(fixture->reply.length, 0);
	assert_int_equal(fixture->gpu->resets, resets + 1);
}

static void test_migration_is_not_offered(void **state)
{
	struct fixture *fixture = *state;
	uint32_t feature[2] = { 8, 1u << 16 | 1 };

	assert_int_equal(
		fixture_call(fixture, VU_DEVICE_FEATURE, feature, sizeof(feature), NULL, 0),
		ENOTSUP);
	assert_int_equal(fixture_unmap(fixture, 0, PAGE, VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP),
			 ENOTSUP);
}

static void test_nothing_is_left_of_a_client(void **state)
{
	struct fixture *fixture = *state;
	unsigned int fds, resets;
	int memory = make_memory(PAGE), msi = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	uint8_t value;

	fixture_disconnect(fixture);
	fds = count_open_fds();
	resets = fixture->gpu->resets;
	fixture_connect(fixture);
	fixture_agree(fixture, QEMU_CAPABILITIES);
	assert_int_equal(fixture_map(fixture, 0x1000, PAGE, 0, READ_WRITE, memory), 0);
	assert_int_equal(fixture_map(fixture, 0x2000, PAGE, 0, READ_WRITE, -1), 0);
	assert_int_equal(set_irq(fixture, MSI, ENABLE, 1, false, msi), 0);
	/* It goes in the middle of a message. */
	fixture_send_raw(fixture, "half", 4, &memory, 1);
	fixture_serve(fixture);
	assert_int_equal(fixture->ended, 0);
	close(fixture->client);
	fixture->client = -1;
	fixture_serve(fixture);
	assert_int_not_equal(fixture->ended, 0);
	fixture_disconnect(fixture);
	assert_int_equal(fixture->gpu->memory_count, 0);
	assert_int_equal(fixture->gpu->resets, resets + 1);
	vu_irq_raise(&fixture->irq);
	assert_int_equal(taken(msi), 0);
	assert_int_equal(count_open_fds(), fds);
	/* And the next one finds a fresh session. */
	fixture_connect(fixture);
	fixture_agree(fixture, QEMU_CAPABILITIES);
	assert_int_equal(fixture_map(fixture, 0x1000, PAGE, 0, READ_WRITE, memory), 0);
	assert_int_equal(fixture_read(fixture, 0, 0, &value, 1), 0);
	close(memory);
	close(msi);
}

static void test_message_in_pieces(void **state)
{
	struct fixture *fixture = *state;
	struct {
		struct vu_header header;
		struct vu_dma_map map;
	} message = { { .id = 77, .command = VU_DMA_MAP, .size = sizeof(message) },
		      { .argsz = sizeof(message.map), .flags = READ_WRITE, .size = PAGE } };
	int fd = make_memory(PAGE);

	for (size_t i = 0; i < sizeof(message); i++) {
		fixture_send_raw(fixture, (char *)&message + i, 1, &fd, i == 0);
		fixture_serve(fixture);
		assert_int_equal(fixture->gpu->memory_count, i == sizeof(message) - 1);
	}
	assert_true(fixture_receive(fixture));
	assert_int_equal(fixture->reply.header.id, 77);
	assert_int_equal(fixture->reply.header.flags, VU_FLAG_TYPE_REPLY);
	close(fd);
}

static void test_descriptors_stay_with_their_messages(void **state)
{
	struct fixture *fixture = *state;
	struct vu_dma_map message = { .argsz = sizeof(message), .flags = READ_WRITE, .size = PAGE };
	int files[4];

	/* All are in the socket before the first is served; every other one has a file. */
	for (unsigned int i = 0; i < 8; i++) {
		message.address = i * PAGE;
		if (i % 2) {
			fixture_send(fixture, VU_DMA_MAP, 0, &message, sizeof(message), NULL, 0);
			continue;
		}
		files[i / 2] = make_memory(PAGE);
		assert_int_equal(pwrite(files[i / 2], &i, sizeof(i), 0), sizeof(i));
		fixture_send(fixture, VU_DMA_MAP, 0, &message, sizeof(message), &files[i / 2], 1);
		close(files[i / 2]);
	}
	fixture_serve(fixture);
	for (unsigned int i = 0; i < 8; i++) {
		assert_true(fixture_receive(fixture));
		assert_int_equal(fixture->reply.header.flags, VU_FLAG_TYPE_REPLY);
	}
	assert_int_equal(fixture->gpu->memory_count, 4);
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int written;

		memcpy(&written, fixture->gpu->memory[i].host, sizeof(written));
		assert_int_equal(written, 2 * i);
		assert_int_equal(fixture->gpu->memory[i].address, 2 * i * PAGE);
	}
}

static void test_stop_ends_a_wait_for_the_client(void **state)
{
	struct fixture *fixture = *state;
	struct vu_region_access read = { .region = 2, .count = VU_MAX_DATA };

	/* Nobody reads the replies, and they fill the socket. */
	assert_int_equal(write(fixture->stop[1], "", 1), 1);
	fixture_send(fixture, VU_REGION_READ, 0, &read, sizeof(read), NULL, 0);
	fixture_serve(fixture);
	assert_int_equal(fixture->ended, -ECANCELED);
}

static uint16_t send_write(struct fixture *fixture, uint32_t flags, uint64_t offset, uint32_t value)
{
	struct {
		struct vu_region_access access;
		uint32_t value;
	} payload = { { .offset = offset, .region = 2, .count = 4 }, value };

	return fixture_send(fixture, VU_REGION_WRITE, flags, &payload, sizeof(payload.access) + 4,
			    NULL, 0);
}

/* A guest that does not wait: its messages are taken together, and each gets what is its own. */
static void test_many_messages_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct vu_dma_map map = { .argsz = sizeof(map),
				  .flags = VU_DMA_MAP_READ | VU_DMA_MAP_WRITE,
				  .size = 4096 };
	int memory = make_memory(4096);
	uint16_t map_id, read_id;
	struct vu_region_access read = { .region = 2, .offset = 4 * 700, .count = 4 };
	uint32_t value;

	for (uint32_t i = 0; i < 500; i++)
		send_write(fixture, VU_FLAG_NO_REPLY, 4 * i, i + 1);
	map_id = fixture_send(fixture, VU_DMA_MAP, 0, &map, sizeof(map), &memory, 1);
	for (uint32_t i = 500; i < 1000; i++)
		send_write(fixture, VU_FLAG_NO_REPLY, 4 * i, i + 1);
	read_id = fixture_send(fixture, VU_REGION_READ, 0, &read, sizeof(read), NULL, 0);
	fixture_serve(fixture);
	assert_true(fixture_receive(fixture));
	assert_int_equal(fixture->reply.header.id, map_id);
	assert_int_equal(fixture->reply.header.error, 0);
	assert_true(fixture_receive(fixture));
	assert_int_equal(fixture->reply.header.id, read_id);
	memcpy(&value, fixture->reply.payload + sizeof(read), 4);
	assert_int_equal(value, 701);
	assert_false(fixture_receive(fixture));
	assert_int_equal(fixture->gpu->memory_count, 1);
	for (uint32_t i = 0; i < 1000; i++) {
		memcpy(&value, fixture->gpu->bars[2] + 4 * i, 4);
		assert_int_equal(value, i + 1);
	}
	close(memory);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_version_names_what_client_named),
		TEST(test_version_minor_is_not_above_proposal),
		TEST(test_device_info),
		TEST(test_region_sizes),
		TEST(test_ggtt_can_be_mapped),
		TEST(test_client_without_descriptors_gets_none),
		TEST(test_no_io_descriptors),
		TEST(test_irq_info),
		TEST(test_msi),
		TEST(test_masked_msi_comes_later),
		TEST(test_client_triggers_msi),
		TEST(test_intx_masks_itself_and_yields_to_msi),
		TEST(test_region_access),
		TEST(test_config_access),
		TEST(test_gpu_refuses_access),
		TEST(test_posted_writes_in_order),
		TEST(test_write_multi),
		TEST(test_reset),
		TEST(test_migration_is_not_offered),
		TEST(test_nothing_is_left_of_a_client),
		TEST(test_message_in_pieces),
		TEST(test_descriptors_stay_with_their_messages),
		TEST(test_stop_ends_a_wait_for_the_client),
		TEST(test_many_messages_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
