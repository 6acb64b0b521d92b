// SPDX-License-Identifier: GPL-2.0-only
#include <linux/build_bug.h>
#include <linux/compiler_attributes.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "opregion.h"

/* The header's fields, and where the tables are. */
#define SIGNATURE	0x00u
#define SIZE_KIB	0x10u
#define VERSION		0x14u
#define MAILBOXES	0x58u
#define LID		0x1acu
#define TABLES		0x400u

#define VERSION_2_0	0x02000000u
#define MAILBOX_TABLES	BIT(3)
#define LID_OPEN	3u

/* Of what is written down per port; the size belongs to the version of the tables. */
#define TABLES_VERSION	186u
#define BLOCK_FEATURES	1u
#define BLOCK_PORTS	2u

struct table_header {
	char signature[20];
	u16 version, header_size, size;
	u8 checksum, reserved;
	u32 blocks;
	u32 others[4];
} __packed;

struct block_header {
	char signature[16];
	u16 version, header_size, size;
} __packed;

struct features_block {
	u8 id;
	u16 size;
	u8 bytes[5];
} __packed;

struct port {
	u16 handle;
	u16 device_type;
	u8 other[12];
	u8 port;
	u8 i2c_pin, slave_address, ddc_pin;
	u16 edid;
	u8 config, flags, support, aux_channel, dongle, more[6];
} __packed;

struct ports_block {
	u8 id;
	u16 size;
	u8 crt_ddc_pin, power_management, boot_display[2], port_size;
	struct port ports[1];
} __packed;

struct tables {
	struct table_header header;
	struct block_header blocks;
	struct features_block features;
	struct ports_block ports;
} __packed;

#define HANDLE_FIRST_PANEL 4u
#define TYPE_HDMI	   0x60d2u
#define PORT_HDMI_B	   1u
#define SUPPORTS_HDMI	   (BIT(0) | BIT(2)) /* and TMDS */

static u8 checksum(const void *data, size_t size)
{
	const u8 *bytes = data;
	u8 sum = 0;

	while (size--)
		sum += *bytes++;
	return -sum;
}

static void fill_tables(struct tables *tables)
{
	BUILD_BUG_ON(sizeof(struct table_header) != 48);
	BUILD_BUG_ON(sizeof(struct block_header) != 22);
	BUILD_BUG_ON(sizeof(struct port) != 33);
	BUILD_BUG_ON(sizeof(struct tables) > GVT_OPREGION_SIZE - TABLES);

	memcpy(tables->header.signature, "$VBT GVT            ", sizeof(tables->header.signature));
	tables->header.version = 100;
	tables->header.header_size = sizeof(tables->header);
	tables->header.size = sizeof(*tables);
	tables->header.blocks = sizeof(tables->header);

	memcpy(tables->blocks.signature, "BIOS_DATA_BLOCK ", sizeof(tables->blocks.signature));
	tables->blocks.version = TABLES_VERSION;
	tables->blocks.header_size = sizeof(tables->blocks);
	tables->blocks.size = sizeof(*tables) - sizeof(tables->header);

	tables->features.id = BLOCK_FEATURES;
	tables->features.size = sizeof(tables->features.bytes);

	tables->ports.id = BLOCK_PORTS;
	tables->ports.size = sizeof(tables->ports) - offsetof(struct ports_block, crt_ddc_pin);
	tables->ports.port_size = sizeof(struct port);
	tables->ports.ports[0] = (struct port){
		.handle = HANDLE_FIRST_PANEL,
		.device_type = TYPE_HDMI,
		.port = PORT_HDMI_B,
		.support = SUPPORTS_HDMI,
	};
	tables->header.checksum = checksum(tables, sizeof(*tables));
}

static void put32(u8 *opregion, u32 offset, u32 value)
{
	memcpy(opregion + offset, &value, sizeof(value));
}

void gvt_opregion_fill(u8 *opregion)
{
	memset(opregion, 0, GVT_OPREGION_SIZE);
	memcpy(opregion + SIGNATURE, "IntelGraphicsMem", 16);
	put32(opregion, SIZE_KIB, GVT_OPREGION_SIZE / 1024);
	put32(opregion, VERSION, VERSION_2_0);
	/* No mailbox but the tables: there is no firmware that would answer in the others. */
	put32(opregion, MAILBOXES, MAILBOX_TABLES);
	put32(opregion, LID, LID_OPEN);
	fill_tables((struct tables *)(opregion + TABLES));
}
