/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - what the parts of gpu/ share: the GPU itself and its register lock
 *
 * gpu_lock() guards registers, interrupts and the engines' execlists; command execution runs
 * outside it. An interrupt raised under the lock is delivered by gpu_unlock(), after release, so
 * that the transport may call back in. No memory.h lock may be held when gpu_lock() is called.
 */
#ifndef GPUSIM_DEVICE_H
#define GPUSIM_DEVICE_H

#include <pthread.h>

#include "display/display.h"
#include "engine.h"
#include "gpu.h"
#include "gtt.h"
#include "injection.h"
#include "memory.h"

#define MMIO_SIZE (2u << 20)

/* Registers of the PCH behind its sideband: clocks, and the physical layer of its ports. */
#define SIDEBANDS     2
#define SIDEBAND_SIZE 0x10000

struct device_info {
	const char *name;
	const char *description;
	uint16_t pci_id;
	uint8_t revision;
	unsigned int generation; /* 8 or 9 */
	uint32_t slice_fuse; /* FUSE2 9120 */
	uint32_t timestamp_hz;
	/* Render clock in units of 50 MHz: highest, guaranteed, lowest (RP_STATE_CAP). */
	uint8_t rp0, rp1, rpn;
};

struct reg_rule;

struct gpu {
	const struct device_info *info;
	const struct gpu_host_ops *ops;
	void *opaque;
	struct gpu_watcher *watcher;

	pthread_mutex_t lock;
	bool interrupt_due;
	uint64_t interrupts; /* MSIs sent */

	uint8_t config[GPU_CONFIG_SIZE];
	uint64_t aperture_size;

	uint32_t *regs; /* MMIO_SIZE bytes */
	uint16_t *rule_of; /* per dword: index + 1 into rules, 0: none */
	const struct reg_rule **rules;
	unsigned int rule_count;
	uint32_t io_index;
	uint32_t sideband[SIDEBANDS][SIDEBAND_SIZE / 4];

	struct gpu_memory memory;
	int ggtt_fd;
	uint64_t *ggtt;

	struct engine engines[ENGINE_COUNT];
	struct injection injection;
	struct display display;
};

/* Off the bus, by a fault on demand. From any thread. */
static inline bool gpu_is_gone(const struct gpu *gpu)
{
	return __atomic_load_n(&gpu->injection.gone, __ATOMIC_RELAXED);
}

void gpu_lock(struct gpu *gpu);
void gpu_unlock(struct gpu *gpu);

/* printf to the host's log. */
__attribute__((format(printf, 3, 4))) void gpu_log(struct gpu *gpu, int level, const char *format,
						   ...);

/* The 4 GiB that the GGTT maps, as an address space. */
struct address_space gpu_global_space(struct gpu *gpu);

/* The engines forget what they know of the GGTT, the PPGTTs and the machine's memory. */
void gpu_invalidate_tlbs(struct gpu *gpu);

/* Ticks of the device's timestamp clock since power-on of the simulator. */
uint64_t gpu_timestamp(const struct gpu *gpu);

/* pci.c */
void pci_reset(struct gpu *gpu);

/* regs-sideband.c */
void sideband_reset(struct gpu *gpu);

#endif
