// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: the memory that a vfio-user client maps for the GPU. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vfio-user-fixture.h"

#define PAGE 4096u

static void test_dma_reaches_the_file(void **state)
{
	struct fixture *fixture = *state;
	struct gpu *gpu = fixture->gpu;
	unsigned int fds = count_open_fds();
	int fd = make_memory(8 * PAGE);
	char text[5];

	assert_int_equal(pwrite(fd, "here", 5, 3 * PAGE), 5);
	assert_int_equal(fixture_map(fixture, 0x100000, 2 * PAGE, 3 * PAGE, READ_WRITE, fd), 0);
	assert_int_equal(gpu->memory_count, 1);
	assert_int_equal(gpu->memory[0].address, 0x100000);
	assert_int_equal(gpu->memory[0].length, 2 * PAGE);
	assert_true(gpu->memory[0].write);
	assert_string_equal((char *)gpu->memory[0].host, "here");
	memcpy(gpu->memory[0].host + PAGE, "back", 5);
	assert_int_equal(pread(fd, text, 5, 4 * PAGE), 5);
	assert_string_equal(text, "back");
	assert_int_equal(fixture_unmap(fixture, 0x100000, 2 * PAGE, 0), 0);
	assert_int_equal(gpu->memory_count, 0);
	close(fd);
	assert_int_equal(count_open_fds(), fds);
}

static void test_dma_read_only(void **state)
{
	struct fixture *fixture = *state;
	int fd = make_memory(PAGE);
	char path[64];
	int read_only;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_only = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(read_only >= 0);
	assert_int_equal(fixture_map(fixture, 0, PAGE, 0, READ_WRITE, read_only), EACCES);
	assert_int_equal(fixture_map(fixture, 0, PAGE, 0, VU_DMA_MAP_READ, read_only), 0);
	assert_false(fixture->gpu->memory[0].write);
	close(read_only);
	close(fd);
}

static void test_dma_without_descriptor(void **state)
{
	struct fixture *fixture = *state;
	int fd = make_memory(PAGE);

	assert_int_equal(fixture_map(fixture, 0xfd800000, 8u << 20, 0, READ_WRITE, -1), 0);
	assert_int_equal(fixture->gpu->memory_count, 0);
	assert_int_equal(fixture_map(fixture, 0xfd900000, PAGE, 0, READ_WRITE, fd), EEXIST);
	assert_int_equal(fixture_unmap(fixture, 0xfd800000, 8u << 20, 0), 0);
	assert_int_equal(fixture_map(fixture, 0xfd900000, PAGE, 0, READ_WRITE, fd), 0);
	close(fd);
}

static void test_dma_overlap(void **state)
{
	struct fixture *fixture = *state;
	int fd = make_memory(16 * PAGE);

	assert_int_equal(fixture_map(fixture, 0x10000, 4 * PAGE, 0, READ_WRITE, fd), 0);
	assert_int_equal(fixture_map(fixture, 0x13000, PAGE, 0, READ_WRITE, fd), EEXIST);
	assert_int_equal(fixture_map(fixture, 0xf000, 2 * PAGE, 0, READ_WRITE, fd), EEXIST);
	assert_int_equal(fixture_map(fixture, 0xf000, 16 * PAGE, 0, READ_WRITE, fd), EEXIST);
	assert_int_equal(fixture_map(fixture, 0xf000, PAGE, 0, READ_WRITE, fd), 0);
	assert_int_equal(fixture_map(fixture, 0x14000, PAGE, 0, READ_WRITE, fd), 0);
	/* The last page there is. */
	assert_int_equal(fixture_map(fixture, 0xfffffffffffff000, PAGE, 0, READ_WRITE, fd), 0);
	assert_int_equal(fixture_map(fixture, 0xfffffffffffff000, PAGE, 0, READ_WRITE, fd), EEXIST);
	assert_int_equal(fixture->gpu->memory_count, 4);
	assert_int_equal(fixture_unmap(fixture, 0x10000, PAGE, 0), ENOENT);
	assert_int_equal(fixture_unmap(fixture, 0x11000, 3 * PAGE, 0), ENOENT);
	assert_int_equal(fixture_unmap(fixture, 0x10000, 4 * PAGE, 0), 0);
	assert_int_equal(fixture_unmap(fixture, 0xfffffffffffff000, PAGE, 0), 0);
	assert_int_equal(fixture->gpu->memory_count, 2);
	assert_int_equal(fixture_unmap(fixture, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL), 0);
	assert_int_equal(fixture->gpu->memory_count, 0);
	close(fd);
}

static void test_dma_gpu_refuses(void **state)
{
	struct fixture *fixture = *state;
	int fd = make_memory(PAGE);

	for (unsigned int i = 0; i < FAKE_MAX_MEMORY; i++)
		assert_int_equal(fixture_map(fixture, i * PAGE, PAGE, 0, READ_WRITE, fd), 0);
	assert_int_equal(fixture_map(fixture, 0x1000000, PAGE, 0, READ_WRITE, fd), ENOSPC);
	/* It is not remembered either. */
	assert_int_equal(fixture_unmap(fixture, 0x1000000, PAGE, 0), ENOENT);
	close(fd);
}

static void test_dma_limit(void **state)
{
	struct fixture *fixture = *state;

	for (uint64_t i = 0; i < VU_DMA_MAX_RANGES; i++)
		assert_int_equal(fixture_map(fixture, i * PAGE, PAGE, 0, READ_WRITE, -1), 0);
	assert_int_equal(fixture_map(fixture, 0x10000000, PAGE, 0, READ_WRITE, -1), ENOSPC);
	assert_int_equal(fixture_unmap(fixture, 5 * PAGE, PAGE, 0), 0);
	assert_int_equal(fixture_map(fixture, 0x10000000, PAGE, 0, READ_WRITE, -1), 0);
}

static void test_dma_again_and_again(void **state)
{
	struct fixture *fixture = *state;
	int fd = make_memory(PAGE);

	for (unsigned int i = 0; i < 2 * VU_DMA_MAX_RANGES; i++) {
		assert_int_equal(fixture_map(fixture, 0, PAGE, 0, READ_WRITE, fd), 0);
		assert_int_equal(fixture_unmap(fixture, 0, PAGE, 0), 0);
	}
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_dma_reaches_the_file),   TEST(test_dma_read_only),
		TEST(test_dma_without_descriptor), TEST(test_dma_overlap),
		TEST(test_dma_gpu_refuses),	   TEST(test_dma_limit),
		TEST(test_dma_again_and_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
