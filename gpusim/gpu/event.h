/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - what a GPU tells about its work to somebody who watches
 *
 * Beside gpu.h the only header of gpu/ that others may use. The watcher decides what is worth
 * telling; with no watcher an event costs a comparison.
 */
#ifndef GPUSIM_EVENT_H
#define GPUSIM_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers are those of trace files (gvt-gpusim-trace(5)): none changes its meaning. */
enum gpu_event_kind {
	GPU_EVENT_SUBMISSION = 1, /* two descriptors came through the execlist port */
	GPU_EVENT_STATUS = 2, /* a context status entry is written */
	GPU_EVENT_CONTEXT = 3, /* a context image is read or written */
	GPU_EVENT_COMMAND = 4, /* a command is about to be executed */
	GPU_EVENT_REGISTER = 5, /* a register was read, or is about to be written */
	GPU_EVENT_INTERRUPT = 6, /* bits come to an interrupt group, masked or not */
	GPU_EVENT_MESSAGE = 7, /* an MSI */
	GPU_EVENT_RESET = 8,
	GPU_EVENT_STOP = 9, /* an engine is stopped by an error */
	GPU_EVENT_KINDS
};

/* Where an event comes from: an engine as in gpu_engine_name(), or one of these. */
#define GPU_EVENT_FROM_CPU    0xfe /* who plugged the GPU in */
#define GPU_EVENT_FROM_DEVICE 0xff

enum gpu_event_level {
	GPU_EVENT_RING,
	GPU_EVENT_BATCH,
	GPU_EVENT_SECOND_BATCH,
};

enum gpu_event_stop {
	GPU_EVENT_BAD_COMMAND,
	GPU_EVENT_READ_FAULT,
	GPU_EVENT_WRITE_FAULT,
};

struct gpu_event {
	enum gpu_event_kind kind;
	uint8_t from;
	union {
		struct {
			uint64_t element[2];
		} submission;
		struct {
			uint64_t entry;
			uint32_t index;
		} status;
		struct {
			uint64_t descriptor;
			uint32_t head, tail; /* of the ring */
			bool save;
		} context;
		struct {
			uint64_t address;
			enum gpu_event_level level;
			bool global; /* fetched through the GGTT */
			uint32_t length; /* of the whole command, in dwords */
			uint32_t count; /* how many of them are told */
			const uint32_t *dwords; /* valid during the call */
		} command;
		struct {
			uint32_t offset, value;
			bool write;
		} reg;
		struct {
			uint32_t group; /* offset of its ISR */
			uint32_t bits;
		} interrupt;
		struct {
			bool held_back; /* by a fault on demand: lost or late */
		} message;
		struct {
			enum gpu_event_stop why;
			uint32_t header; /* of the command, where it is the reason */
			uint64_t address; /* of the access, where that is */
		} stop;
	};
};

/* Dwords of a command that are told at most. */
#define GPU_EVENT_MAX_DWORDS 64

struct gpu_watcher {
	uint32_t wants; /* bit 1 << kind; may be changed at any time, with an atomic store */
	/* From any thread, with locks of the GPU held: must not call back. */
	void (*tell)(struct gpu_watcher *watcher, const struct gpu_event *event);
};

#endif
