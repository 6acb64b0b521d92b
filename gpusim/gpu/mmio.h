/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mmio.h - the register file: rules by offset, storage for everything else
 *
 * A register with no rule is plain storage: drivers write hundreds of workaround and clock-gating
 * bits whose effect is not simulated, and read them back. Rules come from tables, one for each
 * subject (regs-*.c, engine.c, interrupt.c); gpu->lock is held in every handler.
 */
#ifndef GPUSIM_MMIO_H
#define GPUSIM_MMIO_H

#include <stdbool.h>
#include <stdint.h>

struct gpu;

enum reg_kind {
	REG_PLAIN,
	REG_READ_ONLY,
	REG_MASKED, /* the upper half of what is written selects the bits of the lower */
};

typedef uint32_t (*reg_read_fn)(struct gpu *gpu, uint32_t offset);
typedef void (*reg_write_fn)(struct gpu *gpu, uint32_t offset, uint32_t value);

/*
 * `count` dwords from `offset` on, `stride` bytes apart (0: 4). A read handler replaces the stored
 * value. A write handler replaces the store; it gets the merged value of a masked register.
 * On a generation outside `since` to `until` (0: no bound) the rule does not exist.
 */
struct reg_rule {
	uint32_t offset;
	uint16_t count;
	uint16_t stride;
	enum reg_kind kind;
	uint8_t since, until;
	uint32_t reset;
	reg_read_fn read;
	reg_write_fn write;
};

struct reg_table {
	const struct reg_rule *rules;
	unsigned int count;
	uint32_t base; /* added to every offset */
};

#define REG_TABLE(array)                                       \
	{                                                      \
		(array), sizeof(array) / sizeof((array)[0]), 0 \
	}

/* Build the register file from all tables of the device. 0 or -ENOMEM. */
int mmio_init(struct gpu *gpu);
void mmio_fini(struct gpu *gpu);

/* Every register to its power-on value. */
void mmio_reset(struct gpu *gpu);
/* The same with those of a block, with gpu->lock held; multiples of 4, inside MMIO_SIZE. */
void mmio_reset_block(struct gpu *gpu, uint32_t from, uint32_t length);

/* With gpu->lock held; offset below MMIO_SIZE, a multiple of 4. */
uint32_t mmio_read(struct gpu *gpu, uint32_t offset);
void mmio_write(struct gpu *gpu, uint32_t offset, uint32_t value);

/* How the register at this offset is written. */
enum reg_kind mmio_kind(const struct gpu *gpu, uint32_t offset);

/* Is it mere storage, with no rule? Then commands access it without the lock, as atomic dwords. */
bool mmio_is_storage(const struct gpu *gpu, uint32_t offset);

/* What the tables of the subjects are; each ends where its count says. */
extern const struct reg_table regs_chicken;
extern const struct reg_table regs_power;
extern const struct reg_table regs_frequency;
extern const struct reg_table regs_sideband;
extern const struct reg_table regs_display;
extern const struct reg_table regs_interrupt;
extern const struct reg_table regs_gt;
extern const struct reg_table regs_engine[4];
extern const struct reg_table regs_pipe;
extern const struct reg_table regs_crc;
extern const struct reg_table regs_port;
extern const struct reg_table regs_gmbus;
extern const struct reg_table regs_aux;

#endif
