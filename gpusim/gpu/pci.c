// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI configuration space (PRM Vol. "Configurations"; PCI Local Bus 3.0, MSI). */
#include <errno.h>
#include <string.h>

#include "device.h"

#define PCI_COMMAND		0x04
#define PCI_STATUS_CAPABILITIES 0x10
#define PCI_BAR0		0x10
#define PCI_CAPABILITIES	0x34
#define PCI_INTERRUPT_LINE	0x3c
#define PCI_INTERRUPT_PIN	0x3d
#define GMCH_CONTROL		0x50
#define BDSM			0x5c /* base of stolen memory: none */
#define MSI_CAPABILITY		0xac
#define POWER_CAPABILITY	0xd0
#define ASLS			0xfc

#define BAR_IO	     1u
#define BAR_64BIT    4u
#define BAR_PREFETCH 8u

/* GGTT size 8 MiB (GGMS 3), no stolen memory. */
#define GMCH_GGTT_8M 0x00c0

struct writable {
	uint8_t offset;
	uint8_t length;
	uint8_t mask[8];
};

/* Bits that software can change; all other bytes are read-only. */
static const struct writable writable[] = {
	{ PCI_COMMAND, 2, { 0x07, 0x04 } }, /* I/O, memory, master; INTx disable */
	{ PCI_INTERRUPT_LINE, 1, { 0xff } },
	{ MSI_CAPABILITY + 2, 1, { 0x01 } }, /* enable; one message */
	{ MSI_CAPABILITY + 4, 6, { 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff } }, /* address, data */
	{ POWER_CAPABILITY + 4, 1, { 0x03 } }, /* power state */
	{ ASLS, 4, { 0xff, 0xff, 0xff, 0xff } },
};

static void put16(uint8_t *config, unsigned int offset, uint16_t value)
{
	config[offset] = value;
	config[offset + 1] = value >> 8;
}

static void put_bar(uint8_t *config, unsigned int bar, uint8_t flags)
{
	config[PCI_BAR0 + 4 * bar] = flags;
}

void pci_reset(struct gpu *gpu)
{
	uint8_t *config = gpu->config;

	memset(config, 0, GPU_CONFIG_SIZE);
	put16(config, 0x00, 0x8086);
	put16(config, 0x02, gpu->info->pci_id);
	put16(config, 0x06, PCI_STATUS_CAPABILITIES);
	config[0x08] = gpu->info->revision;
	config[0x0b] = 0x03; /* display controller, VGA compatible */
	put_bar(config, GPU_BAR_GTTMMADR, BAR_64BIT);
	put_bar(config, GPU_BAR_APERTURE, BAR_64BIT | BAR_PREFETCH);
	put_bar(config, GPU_BAR_IO, BAR_IO);
	put16(config, 0x2c, 0x8086);
	put16(config, 0x2e, gpu->info->pci_id);
	config[PCI_CAPABILITIES] = MSI_CAPABILITY;
	config[PCI_INTERRUPT_PIN] = 1;
	put16(config, GMCH_CONTROL, GMCH_GGTT_8M);
	/* One message, 32-bit, no masks: the only form that these GPUs have and GVT-g's emulation
	 * knows. */
	config[MSI_CAPABILITY] = 0x05;
	config[MSI_CAPABILITY + 1] = POWER_CAPABILITY;
	config[POWER_CAPABILITY] = 0x01;
	put16(config, POWER_CAPABILITY + 2, 0x0002); /* version 1.1, D0 and D3hot only */
}

uint64_t gpu_bar_size(const struct gpu *gpu, unsigned int bar)
{
	switch (bar) {
	case GPU_BAR_GTTMMADR:
		return GPU_GTTMMADR_SIZE;
	case GPU_BAR_APERTURE:
		return gpu->aperture_size;
	case GPU_BAR_IO:
		return 64;
	default:
		return 0;
	}
}

/* Writable bits of a byte of the BARs: address bits above the size. */
static uint8_t bar_mask(const struct gpu *gpu, unsigned int offset)
{
	unsigned int bar = (offset - PCI_BAR0) / 4, byte = (offset - PCI_BAR0) & 3;
	uint64_t mask = ~(gpu_bar_size(gpu, bar) - 1);

	if (!gpu_bar_size(gpu, bar)) {
		/* The upper half of a 64-bit BAR, or no BAR. */
		if (!bar || !gpu_bar_size(gpu, bar - 1) || bar - 1 == GPU_BAR_IO)
			return 0;
		mask = ~(gpu_bar_size(gpu, bar - 1) - 1) >> 32;
	} else if (bar == GPU_BAR_IO) {
		mask &= 0xffff;
	}
	return mask >> (8 * byte);
}

static uint8_t write_mask(const struct gpu *gpu, unsigned int offset)
{
	if (offset >= PCI_BAR0 && offset < PCI_BAR0 + 4 * GPU_BAR_COUNT)
		return bar_mask(gpu, offset);
	for (unsigned int i = 0; i < sizeof(writable) / sizeof(writable[0]); i++)
		if (offset - writable[i].offset < writable[i].length)
			return writable[i].mask[offset - writable[i].offset];
	return 0;
}

static bool in_config(unsigned int offset, size_t length)
{
	return offset <= GPU_CONFIG_SIZE && length <= GPU_CONFIG_SIZE - offset;
}

int gpu_config_read(struct gpu *gpu, unsigned int offset, void *data, size_t length)
{
	if (!in_config(offset, length))
		return -EINVAL;
	if (gpu_is_gone(gpu)) {
		memset(data, 0xff, length);
		return 0;
	}
	gpu_lock(gpu);
	memcpy(data, gpu->config + offset, length);
	gpu_unlock(gpu);
	return 0;
}

int gpu_config_write(struct gpu *gpu, unsigned int offset, const void *data, size_t length)
{
	const uint8_t *bytes = data;

	if (!in_config(offset, length))
		return -EINVAL;
	if (gpu_is_gone(gpu))
		return 0;
	gpu_lock(gpu);
	for (size_t i = 0; i < length; i++) {
		uint8_t mask = write_mask(gpu, offset + i);

		gpu->config[offset + i] = (gpu->config[offset + i] & ~mask) | (bytes[i] & mask);
	}
	gpu_unlock(gpu);
	return 0;
}
