// SPDX-License-Identifier: GPL-2.0-or-later
/* MI commands that move data: immediates, registers, memory, atomics (PRM Vol. 2a "MI_*"). */
#include "commands.h"
#include "device.h"
#include "regs.h"

enum command_result mi_store_data_imm(const struct command *command)
{
	uint32_t header = command->dw[0];
	unsigned int bytes = 4 * (command->length - 3);

	if (header & (1u << 21) && bytes < 8)
		return command_error(command, "MI_STORE_DATA_IMM of a qword has one dword");
	return command_done_if(command_write(command, GLOBAL_GTT(header), DWORD_ADDRESS(command, 1),
					     &command->dw[3], bytes));
}

enum command_result mi_store_data_index(const struct command *command)
{
	struct engine *engine = command->engine;
	bool per_process = command->dw[0] & (1u << 21);
	uint64_t page = per_process ? CTX_LRCA(engine->loaded) :
				      engine_reg(engine, RING_HWS_PGA) & ~GPU_PAGE_MASK;
	unsigned int dwords = command->length > 3 ? 2 : 1;

	return command_done_if(command_write(command, true, page + (command->dw[1] & 0xffc),
					     &command->dw[2], 4 * dwords));
}

#define BYTE_WRITE_DISABLES(header) ((header) >> 8 & 15)

/* The bits of those bytes that a load of immediates leaves alone. */
static uint32_t kept_bits(uint32_t header)
{
	uint32_t kept = 0;

	for (unsigned int byte = 0; byte < 4; byte++)
		if (BYTE_WRITE_DISABLES(header) & 1u << byte)
			kept |= 0xffu << 8 * byte;
	return kept;
}

enum command_result mi_load_register_imm(const struct command *command)
{
	uint32_t kept = kept_bits(command->dw[0]);

	for (unsigned int i = 1; i + 1 < command->length; i += 2) {
		uint32_t offset = REGISTER(command->dw[i]), value = command->dw[i + 1];

		if (kept)
			value = (value & ~kept) | (command_read_reg(command, offset) & kept);
		command_write_reg(command, offset, value);
	}
	return CMD_DONE;
}

#define STORE_REGISTER_PREDICATED (1u << 21)

enum command_result mi_store_register_mem(const struct command *command)
{
	uint32_t value;

	if (command->dw[0] & STORE_REGISTER_PREDICATED && !predicate_holds(command))
		return CMD_DONE;
	value = command_read_reg(command, REGISTER(command->dw[1]));
	return command_done_if(command_write(command, GLOBAL_GTT(command->dw[0]),
					     DWORD_ADDRESS(command, 2), &value, sizeof(value)));
}

enum command_result mi_load_register_mem(const struct command *command)
{
	uint32_t value;

	if (!command_read(command, GLOBAL_GTT(command->dw[0]), DWORD_ADDRESS(command, 2), &value,
			  sizeof(value)))
		return CMD_ERROR;
	command_write_reg(command, REGISTER(command->dw[1]), value);
	return CMD_DONE;
}

enum command_result mi_load_register_reg(const struct command *command)
{
	command_write_reg(command, REGISTER(command->dw[2]),
			  command_read_reg(command, REGISTER(command->dw[1])));
	return CMD_DONE;
}

/* Source and destination each have their own GTT bit: 22 the source's, 21 the destination's. */
enum command_result mi_copy_mem_mem(const struct command *command)
{
	uint32_t header = command->dw[0], value;

	if (!command_read(command, header & (1u << 22), DWORD_ADDRESS(command, 3), &value,
			  sizeof(value)))
		return CMD_ERROR;
	return command_done_if(command_write(command, header & (1u << 21),
					     DWORD_ADDRESS(command, 1), &value, sizeof(value)));
}

/* Atomic operations, the same for 4 and 8 bytes (PRM Vol. 7 "Atomics"). */
enum atomic {
	ATOMIC_AND = 0x01,
	ATOMIC_OR = 0x02,
	ATOMIC_XOR = 0x03,
	ATOMIC_MOVE = 0x04,
	ATOMIC_INC = 0x05,
	ATOMIC_DEC = 0x06,
	ATOMIC_ADD = 0x07,
	ATOMIC_SUB = 0x08,
	ATOMIC_REVERSE_SUB = 0x09,
	ATOMIC_IMAX = 0x0a,
	ATOMIC_IMIN = 0x0b,
	ATOMIC_UMAX = 0x0c,
	ATOMIC_UMIN = 0x0d,
	ATOMIC_COMPARE_WRITE = 0x0e,
	ATOMIC_PREDEC = 0x0f,
};

#define ATOMIC_OCTWORD (1u << 20)
#define ATOMIC_QWORD   (1u << 19)
#define ATOMIC_INLINE  (1u << 18)
#define ATOMIC_RETURN  (1u << 16)
/* Bits 5 and 6 of the opcode repeat the size. */
#define ATOMIC_OPCODE(header) ((header) >> 8 & 0x1f)

struct atomic_operands {
	enum atomic operation;
	bool qword;
	uint64_t first, second;
};

static int64_t as_signed(uint64_t value, bool qword)
{
	return qword ? (int64_t)value : (int32_t)value;
}

static uint64_t atomic_result(const struct atomic_operands *operands, uint64_t old)
{
	uint64_t first = operands->first;
	int64_t signed_old = as_signed(old, operands->qword);
	int64_t signed_first = as_signed(first, operands->qword);

	switch (operands->operation) {
	case ATOMIC_AND:
		return old & first;
	case ATOMIC_OR:
		return old | first;
	case ATOMIC_XOR:
		return old ^ first;
	case ATOMIC_MOVE:
		return first;
	case ATOMIC_INC:
		return old + 1;
	case ATOMIC_DEC:
	case ATOMIC_PREDEC:
		return old - 1;
	case ATOMIC_ADD:
		return old + first;
	case ATOMIC_SUB:
		return old - first;
	case ATOMIC_REVERSE_SUB:
		return first - old;
	case ATOMIC_IMAX:
		return signed_old > signed_first ? old : first;
	case ATOMIC_IMIN:
		return signed_old < signed_first ? old : first;
	case ATOMIC_UMAX:
		return old > first ? old : first;
	case ATOMIC_UMIN:
		return old < first ? old : first;
	case ATOMIC_COMPARE_WRITE:
		return old == first ? operands->second : old;
	default:
		return old;
	}
}

static uint64_t update(void *opaque, uint64_t old)
{
	return atomic_result(opaque, old);
}

/* Operands are inline, dword by dword in turn, or the first general purpose registers. */
static void take_operands(const struct command *command, struct atomic_operands *operands)
{
	const uint32_t *dw = command->dw;

	if (dw[0] & ATOMIC_INLINE && command->length >= 7) {
		operands->first = (uint64_t)dw[5] << 32 | dw[3];
		operands->second = (uint64_t)dw[6] << 32 | dw[4];
	} else {
		operands->first = engine_reg64(command->engine, RING_GPR);
		operands->second = engine_reg64(command->engine, RING_GPR + 8);
	}
	if (!operands->qword) {
		operands->first = (uint32_t)operands->first;
		operands->second = (uint32_t)operands->second;
	}
}

/* All but one return what was there before. */
static uint64_t returned(const struct atomic_operands *operands, uint64_t old)
{
	return operands->operation == ATOMIC_PREDEC ? atomic_result(operands, old) : old;
}

enum command_result mi_atomic(const struct command *command)
{
	uint32_t header = command->dw[0];
	struct atomic_operands operands = {
		.operation = ATOMIC_OPCODE(header),
		.qword = header & ATOMIC_QWORD,
	};
	unsigned int length = operands.qword ? 8 : 4;
	uint64_t old;

	if (header & ATOMIC_OCTWORD)
		return command_error(command, "MI_ATOMIC of 16 bytes is not simulated");
	take_operands(command, &operands);
	if (!command_update(command, GLOBAL_GTT(header),
			    command_address(command, 1) & ~(uint64_t)(length - 1), length, update,
			    &operands, &old))
		return CMD_ERROR;
	if (header & ATOMIC_RETURN) {
		old = returned(&operands, old);
		engine_set_reg(command->engine, RING_GPR, old);
		engine_set_reg(command->engine, RING_GPR + 4, operands.qword ? old >> 32 : 0);
	}
	return CMD_DONE;
}
