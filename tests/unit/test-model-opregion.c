// SPDX-License-Identifier: GPL-2.0-or-later
/* The OpRegion and its video BIOS tables, read as a driver reads them: one HDMI connector on port B. */
#include "model-fixture.h"

#include <string.h>

#include "kernel-gvt/vgpu/opregion.h"

static uint8_t opregion[GVT_OPREGION_SIZE];

static uint32_t le(const uint8_t *bytes, unsigned int length)
{
	uint32_t value = 0;

	memcpy(&value, bytes, length);
	return value;
}

static int setup(void **state)
{
	memset(opregion, 0xa5, sizeof(opregion));
	gvt_opregion_fill(opregion);
	return 0;
}

static void test_header(void **state)
{
	assert_memory_equal(opregion, "IntelGraphicsMem", 16);
	assert_int_equal(le(opregion + 0x10, 4), 8); /* KiB */
	assert_int_equal(le(opregion + 0x58, 4), 8); /* mailbox 4 alone */
}

static const uint8_t *tables(void)
{
	return opregion + 0x400;
}

static void test_tables_are_whole(void **state)
{
	const uint8_t *vbt = tables();
	uint32_t size = le(vbt + 24, 2), bdb = le(vbt + 28, 4);
	uint8_t sum = 0;

	assert_memory_equal(vbt, "$VBT", 4);
	assert_true(size <= GVT_OPREGION_SIZE - 0x400);
	for (uint32_t i = 0; i < size; i++)
		sum += vbt[i];
	assert_int_equal(sum, 0);
	assert_memory_equal(vbt + bdb, "BIOS_DATA_BLOCK ", 16);
	assert_int_equal(bdb + le(vbt + bdb + 20, 2), size);
}

/* Finds a block of the BIOS data: three bytes of id and size, then its contents. */
static const uint8_t *block(unsigned int id, uint32_t *size)
{
	const uint8_t *bdb = tables() + le(tables() + 28, 4);
	uint32_t at = le(bdb + 18, 2), end = le(bdb + 20, 2);

	while (at + 3 <= end) {
		*size = le(bdb + at + 1, 2);
		assert_true(at + 3 + *size <= end);
		if (bdb[at] == id)
			return bdb + at + 3;
		at += 3 + *size;
	}
	return NULL;
}

static void test_one_hdmi_port(void **state)
{
	uint32_t size;
	const uint8_t *ports = block(2, &size);

	assert_non_null(ports);
	assert_int_equal(ports[4], 33); /* bytes of a port */
	assert_int_equal((size - 5) / 33, 1);
	assert_int_equal((size - 5) % 33, 0);
	assert_int_equal(le(ports + 5 + 2, 2), 0x60d2); /* HDMI, hot-plug, DDC, digital */
	assert_int_equal(ports[5 + 16], 1); /* port B */
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_header),
		TEST(test_tables_are_whole),
		TEST(test_one_hdmi_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
