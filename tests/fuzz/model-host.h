/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model-host.h - a host and a guest's memory for gvt.ko's device model, of which nothing but
 * bookkeeping is there: for fuzzing, and for measuring what the model itself costs
 *
 * It aborts when the model touches what is not the vGPU's, leaves a page pinned, or loses memory.
 */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel-gvt/guest/guest.h"
#include "kernel-gvt/host/host.h"

#define MB	    (1ull << 20)
#define PAGE	    4096u
#define ENTRIES	    (1u << 20)
#ifndef GUEST_PAGES
#define GUEST_PAGES 64u
#endif
#define RANGES_MAX  8u
#define FENCES	    32u
#define SCRATCH	    0x1001ull

#define MODEL_IMAGE_PAGES 3u
/* Bus addresses of the guest's pages: behind as many others. */
#define GUEST_BUS(gfn) ((GUEST_PAGES + (gfn)) * (uint64_t)PAGE)

struct gvt_host_range {
	uint64_t start, size;
	bool used;
};

struct gvt_host {
	struct gvt_host_info info;
	struct gvt_host_range ranges[RANGES_MAX];
	bool fences[FENCES];
	unsigned int awake, pins[GUEST_PAGES], pinned, fail_pin;
	bool protects[2048], watched[GUEST_PAGES];
	uint8_t memory[GUEST_PAGES][PAGE] __attribute__((aligned(PAGE)));
	uint32_t image[MODEL_IMAGE_PAGES * PAGE / 4]; /* of new contexts */
};

struct gvt_gpu;
struct vgpu;

/* The host; and the vGPU that has the guest. */
extern struct gvt_host model_host;
extern struct vgpu *model_vgpu;
extern const struct gvt_guest_ops model_guest_ops;

/* Abort, and say what is wrong. */
void must(bool condition, const char *what);

/* As if nothing had been done with it yet; the GPU of that kind (generation, trapped entries), made at the first call. */
struct gvt_gpu *model_host_reset(uint8_t kind);

/* The image of that context; NULL: there is none. */
const uint32_t *model_host_image(unsigned int n);
/* The page of entries that hardware finds at a bus address. */
const uint64_t *model_host_table(uint64_t address);
/* All of the guest's memory has entries, from the beginning of its aperture on; to be flushed yet. */
void model_host_map_guest(void);
/*
 * A vGPU of that kind with a guest, made at the first call and kept, for it takes longer to make than
 * an input to run; its guest's memory is zeros, and has entries. All calls of a process are of one kind.
 */
void model_host_keep(uint8_t kind);

/* A context's oldest submission ends, if it has one; n: in the order of their making. */
void model_host_end(unsigned int n, int error);

/* What is left of a fuzzer's input. */
struct input {
	const uint8_t *data;
	size_t left;
};

/* The next bytes, up to 8; zeros behind the end. */
uint64_t take(struct input *input, size_t bytes);

#endif
