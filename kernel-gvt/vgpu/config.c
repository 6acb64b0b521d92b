// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "config.h"
#include "gpu.h"
#include "vgpu.h"

/* PCI Local Bus Specification 3.0, 6.1, and Intel's registers behind it (Skylake PRM, vol. 2c, "GFX PCI"). */
#define VENDOR_ID	0x00u
#define COMMAND		0x04u
#define STATUS		0x06u
#define REVISION	0x08u
#define BAR0		0x10u
#define BAR2		0x18u
#define SUBSYSTEM	0x2cu
#define CAPABILITIES	0x34u
#define INTERRUPT_LINE	0x3cu
#define GMCH_CONTROL	0x50u
#define MSI		0xacu
#define MSI_CONTROL	0xaeu
#define POWER		0xd0u
#define POWER_CONTROL	0xd4u
#define OPREGION	0xfcu

#define STATUS_CAPABILITIES BIT(4)
#define CAPABILITY_MSI	    0x05u
#define CAPABILITY_POWER    0x01u
#define BAR_64		    0x4u
#define BAR_PREFETCHABLE    0x8u
/* GGTT entries take 8 MiB, and nothing is stolen from memory. */
#define GMCH_GGTT_8M	    0x00c0u

#define BAR0_SIZE (16u << 20)

/* The bits that a guest may change, by dword; all else stays what it is. BARs size themselves. */
static const struct {
	u8 offset;
	u32 writable;
} writable_bits[] = {
	{ COMMAND, 0x00000407 }, /* I/O, memory, bus master, INTx off; status is read-only */
	{ BAR0, 0xffffffff & ~(BAR0_SIZE - 1) }, { BAR0 + 4, 0xffffffff },
	{ BAR2, 0 /* by the aperture's size */ }, { BAR2 + 4, 0xffffffff },
	{ INTERRUPT_LINE, 0x000000ff },
	{ MSI, 0x00010000 }, /* enable; one message, 32 bits */
	{ MSI + 4, 0xfffffffc }, { MSI + 8, 0x0000ffff },
	{ POWER_CONTROL, 0x00000003 },
	{ OPREGION, 0xffffffff },
};

static void put16(struct vgpu *vgpu, u32 offset, u16 value)
{
	memcpy(vgpu->config + offset, &value, sizeof(value));
}

static void put32(struct vgpu *vgpu, u32 offset, u32 value)
{
	memcpy(vgpu->config + offset, &value, sizeof(value));
}

static u32 get32(const struct vgpu *vgpu, u32 offset)
{
	u32 value;

	memcpy(&value, vgpu->config + offset, sizeof(value));
	return value;
}

u64 vgpu_bar_size(const struct vgpu *vgpu, unsigned int bar)
{
	switch (bar) {
	case 0:
		return BAR0_SIZE;
	case 2:
		return vgpu->gpu->info->aperture_size;
	default:
		return 0;
	}
}

void vgpu_config_reset(struct vgpu *vgpu)
{
	const u8 *host = vgpu->gpu->info->config;

	memset(vgpu->config, 0, sizeof(vgpu->config));
	/* Vendor and device; revision and class; subsystem: drivers choose workarounds by them. */
	memcpy(vgpu->config + VENDOR_ID, host + VENDOR_ID, 4);
	memcpy(vgpu->config + REVISION, host + REVISION, 4);
	memcpy(vgpu->config + SUBSYSTEM, host + SUBSYSTEM, 4);
	put16(vgpu, STATUS, STATUS_CAPABILITIES);
	put32(vgpu, BAR0, BAR_64);
	put32(vgpu, BAR2, BAR_64 | BAR_PREFETCHABLE);
	put16(vgpu, GMCH_CONTROL, GMCH_GGTT_8M);
	vgpu->config[CAPABILITIES] = MSI;
	put16(vgpu, MSI, POWER << 8 | CAPABILITY_MSI);
	put32(vgpu, POWER, 2u << 16 | CAPABILITY_POWER);
	/* No soft reset: a way through D3 keeps the state. */
	put32(vgpu, POWER_CONTROL, BIT(3));
}

static u32 writable(const struct vgpu *vgpu, u32 offset)
{
	if (offset == BAR2)
		return ~(u32)(vgpu_bar_size(vgpu, 2) - 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(writable_bits); i++)
		if (writable_bits[i].offset == offset)
			return writable_bits[i].writable;
	return 0;
}

void vgpu_config_read(struct vgpu *vgpu, u32 offset, void *data, size_t length)
{
	size_t inside = offset < GVT_CONFIG_SIZE ? min_t(size_t, length, GVT_CONFIG_SIZE - offset) : 0;

	memset(data, 0xff, length);
	if (inside)
		memcpy(data, vgpu->config + offset, inside);
}

static void write_byte(struct vgpu *vgpu, u32 offset, u8 value)
{
	u32 shift = 8 * (offset % 4), dword = offset - offset % 4;
	u32 mask = writable(vgpu, dword) & 0xffu << shift;

	put32(vgpu, dword, (get32(vgpu, dword) & ~mask) | ((u32)value << shift & mask));
}

void vgpu_config_write(struct vgpu *vgpu, u32 offset, const void *data, size_t length)
{
	const u8 *from = data;

	for (size_t i = 0; i < length && offset + i < GVT_CONFIG_SIZE; i++)
		write_byte(vgpu, offset + i, from[i]);
}

bool vgpu_config_msi_enabled(const struct vgpu *vgpu)
{
	return vgpu->config[MSI_CONTROL] & 1;
}
