/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gpu.h - a simulated Intel GPU, as the machine it is plugged into sees it
 *
 * This is all that anything outside gpu/ may use: PCI configuration space, the BARs, the machine's
 * memory that the GPU reads and writes, and one interrupt line. gpu/ knows no transport: the
 * vfio-user server (gpusim/vfio-user), unit tests and, later, the device model's userspace build
 * all sit on this header.
 *
 * Threads: every function may be called from any thread. Register accesses are serialised inside.
 * Engines and the display run in threads of the GPU's own; they call gpu_host_ops.interrupt.
 */
#ifndef GPUSIM_GPU_H
#define GPUSIM_GPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GPU_CONFIG_SIZE 256

enum gpu_bar {
	GPU_BAR_GTTMMADR = 0, /* 16 MiB: registers in the low half, GGTT entries in the upper */
	GPU_BAR_APERTURE = 2, /* the window through the GGTT */
	GPU_BAR_IO = 4, /* 64 bytes of I/O ports: MMIO index and data */
	GPU_BAR_COUNT = 6,
};

#define GPU_GTTMMADR_SIZE (16u << 20)
#define GPU_GGTT_OFFSET	  (8u << 20) /* of the GGTT entries in BAR0 */
#define GPU_GGTT_SIZE	  (8u << 20) /* bytes of GGTT entries: 4 GiB of graphics addresses */

/* What the GPU asks of whoever plugged it in, from any thread. */
struct gpu_host_ops {
	/* Deliver one MSI. Called with no GPU lock held. */
	void (*interrupt)(void *opaque);
	/* One line for a person, without newline; level as in enum gpu_log_level. Must not call
	 * back. */
	void (*log)(void *opaque, int level, const char *text);
};

enum gpu_log_level {
	GPU_LOG_ERROR,
	GPU_LOG_WARNING,
	GPU_LOG_INFO,
	GPU_LOG_DEBUG
};

struct gpu_watcher;

struct gpu_config {
	const char *device; /* a name from gpu_device_name(); NULL: the first */
	uint64_t aperture_size; /* bytes: 256 MiB, 512 MiB or 1 GiB; 0: 256 MiB */
	uint64_t seed; /* of the random numbers of gpu_fault_inject() */
	const struct gpu_host_ops *ops;
	void *opaque;
	struct gpu_watcher *watcher; /* event.h; NULL: none */
};

struct gpu;

/* The known devices: index 0, 1, … until NULL. */
const char *gpu_device_name(unsigned int index);
const char *gpu_device_description(unsigned int index);

/*
 * Make a GPU in its power-on state and start its engines.
 * Returns 0, -EINVAL (unknown device or aperture size), -ENOMEM or the error of a thread's start.
 */
int gpu_new(const struct gpu_config *config, struct gpu **out);

/* Stop the engines, free everything. The memory added with gpu_memory_add() stays the caller's. */
void gpu_free(struct gpu *gpu);

/* Power-on state, as after PCI reset. Engines are stopped first; memory stays attached. */
void gpu_reset(struct gpu *gpu);

/* Bytes of a BAR; 0 where there is none. */
uint64_t gpu_bar_size(const struct gpu *gpu, unsigned int bar);

/*
 * Configuration space; any offset and length within GPU_CONFIG_SIZE, else -EINVAL. BARs size
 * themselves. MSI message registers are stored only: the transport owns delivery.
 */
int gpu_config_read(struct gpu *gpu, unsigned int offset, void *data, size_t length);
int gpu_config_write(struct gpu *gpu, unsigned int offset, const void *data, size_t length);

/*
 * A BAR. Registers take aligned accesses of 1, 2, 4 and 8 bytes, the GGTT half and the aperture any
 * length. Returns 0 or -EINVAL (outside the BAR, or misaligned for a register).
 */
int gpu_bar_read(struct gpu *gpu, unsigned int bar, uint64_t offset, void *data, size_t length);
int gpu_bar_write(struct gpu *gpu, unsigned int bar, uint64_t offset, const void *data,
		  size_t length);

/*
 * The GGTT entries as a file descriptor (stays the GPU's), to be mapped by the machine at
 * GPU_GGTT_OFFSET of BAR0. The file is laid out as BAR0 is: a memfd of GPU_GTTMMADR_SIZE bytes with
 * the entries at GPU_GGTT_OFFSET, for offsets into a BAR and into its file are the same to VFIO.
 */
int gpu_ggtt_fd(const struct gpu *gpu);

/* What the GPU does, for people; counters run since gpu_new(), resets included. */
struct gpu_status {
	const char *device;
	uint64_t aperture_size; /* bytes */
	uint64_t interrupts; /* MSIs sent */
	bool gone; /* GPU_FAULT_GONE */
};

enum gpu_engine_state {
	GPU_ENGINE_IDLE,
	GPU_ENGINE_RUNNING, /* has work; it may wait in it */
	GPU_ENGINE_HUNG, /* stopped by an error until it is reset */
};

struct gpu_engine_status {
	const char *name;
	enum gpu_engine_state state;
	uint32_t head, tail; /* offsets into the ring */
	uint64_t acthd; /* graphics address of the command that runs, or ran last */
	uint64_t submissions; /* to the execlist port */
	uint64_t interrupts; /* events for the interrupt controller, masked ones included */
};

void gpu_status(struct gpu *gpu, struct gpu_status *status);
/* Engine 0, 1, … False behind the last. */
bool gpu_engine_status(struct gpu *gpu, unsigned int index, struct gpu_engine_status *status);
/* The name of engine 0, 1, … until NULL. */
const char *gpu_engine_name(unsigned int index);

/*
 * Faults on demand. A fault strikes when its event happens for the nth time after it was planned,
 * once; or, where nth is 0, each time with a chance of one in one_in. The same seed and the same
 * events bring the same faults.
 */
enum gpu_fault_kind {
	/* At a submission to `engine`: it takes the context, and runs nothing until it is reset. */
	GPU_FAULT_HANG,
	GPU_FAULT_DROP_INTERRUPT, /* an MSI is lost */
	GPU_FAULT_DELAY_INTERRUPT, /* an MSI comes `ms` late */
	GPU_FAULT_CORRUPT_CSB, /* a context status entry of `engine` has random bits */
	/*
	 * At a submission to any engine, or at once where nth and one_in are 0: the device is off
	 * the bus for `ms`, or until gpu_fault_end_gone() where that is 0: reads return ones,
	 * writes are lost, no interrupt comes. Then it is back, in its power-on state.
	 */
	GPU_FAULT_GONE,
};

struct gpu_fault {
	enum gpu_fault_kind kind;
	unsigned int engine; /* as in gpu_engine_name() */
	uint64_t nth;
	uint64_t one_in;
	uint32_t ms;
};

struct gpu_fault_state {
	struct gpu_fault fault;
	uint64_t seen; /* events since it was planned */
	uint64_t struck;
};

#define GPU_MAX_FAULTS 32

/*
 * Plan a fault. Returns 0, -EINVAL (no such engine, or both or neither of nth and one_in),
 * -ENOSPC (GPU_MAX_FAULTS are planned and not over) or the error of a thread's start.
 */
int gpu_fault_inject(struct gpu *gpu, const struct gpu_fault *fault);
/* Fault 0, 1, … as planned. False behind the last. */
bool gpu_fault_get(struct gpu *gpu, unsigned int index, struct gpu_fault_state *state);
/* Nothing is planned any more; what has struck stays as it is. */
void gpu_fault_forget(struct gpu *gpu);
/* A device that is gone comes back now; it is there on return. */
void gpu_fault_end_gone(struct gpu *gpu);

/*
 * Monitors. A connector is one of a port's two: "HDMI-B", "DP-B", "HDMI-C", …; a port takes one
 * monitor at a time. Index 0, 1, … until NULL.
 * plug: a monitor with this EDID (copied; 1 to 256 blocks of 128 bytes) in the place of what was
 * plugged in there; the driver is told. Returns 0, -EINVAL (no such connector, size), -EBUSY (the
 * port's other connector is in use) or -ENOMEM.
 * unplug: 0, -EINVAL or -ENODEV (nothing there).
 * edid: copies up to `size` bytes; returns how many there are, 0 without a monitor.
 * Monitors stay where they are when the GPU is reset.
 */
const char *gpu_connector_name(unsigned int index);
int gpu_monitor_plug(struct gpu *gpu, const char *connector, const void *edid, size_t size);
int gpu_monitor_unplug(struct gpu *gpu, const char *connector);
size_t gpu_monitor_edid(struct gpu *gpu, const char *connector, void *edid, size_t size);

#define GPU_PIPES 3 /* A, B, C */

struct gpu_image {
	uint32_t width, height;
	uint32_t *pixels; /* rows from the top, 0x00RRGGBB each */
};

/*
 * What pipe 0 to 2 shows at this moment, at most 8192 by 8192 pixels. Returns 0 (the caller
 * releases the image), -EINVAL (no such pipe), -ENODATA (the pipe is off) or -ENOMEM.
 */
int gpu_display_capture(struct gpu *gpu, unsigned int pipe, struct gpu_image *image);
void gpu_image_release(struct gpu_image *image);

/*
 * Machine memory. add: `length` bytes at bus address `address` are at `host`; writable if `write`.
 * Returns 0, -EEXIST (overlaps another), -EINVAL (not multiples of 4096, wraps), -ENOMEM or
 * -ENOSPC (too many ranges).
 * remove: an exact range added before, else -ENOENT. When it returns, no engine touches the range
 * any more and the caller may unmap it.
 * remove_all: calls `release` (may be NULL) for each after it is out of use.
 */
int gpu_memory_add(struct gpu *gpu, uint64_t address, uint64_t length, void *host, bool write);
int gpu_memory_remove(struct gpu *gpu, uint64_t address, uint64_t length);
void gpu_memory_remove_all(struct gpu *gpu,
			   void (*release)(void *opaque, void *host, uint64_t length),
			   void *opaque);

#endif
