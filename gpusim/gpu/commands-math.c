// SPDX-License-Identifier: GPL-2.0-or-later
/* MI_MATH and MI_PREDICATE: the command streamer's arithmetic (PRM Vol. 2a). */
#include "commands.h"
#include "device.h"
#include "regs.h"

/* ALU instruction: opcode 31:20, operands 19:10 and 9:0. */
#define ALU_OPCODE(dword) ((dword) >> 20)
#define ALU_FIRST(dword)  ((dword) >> 10 & 0x3ff)
#define ALU_SECOND(dword) ((dword)&0x3ff)

enum alu_opcode {
	ALU_NOOP = 0x000,
	ALU_LOAD = 0x080,
	ALU_LOAD0 = 0x081,
	ALU_ADD = 0x100,
	ALU_SUB = 0x101,
	ALU_AND = 0x102,
	ALU_OR = 0x103,
	ALU_XOR = 0x104,
	ALU_STORE = 0x180,
	ALU_LOADINV = 0x480,
	ALU_LOAD1 = 0x481,
	ALU_STOREINV = 0x580,
};

enum alu_operand {
	ALU_GPR_LAST = 0x0f,
	ALU_SRCA = 0x20,
	ALU_SRCB = 0x21,
	ALU_ACCU = 0x31,
	ALU_ZF = 0x32,
	ALU_CF = 0x33,
};

struct alu {
	struct engine *engine;
	uint64_t a, b, accumulator;
	bool zero, carry;
};

static uint64_t alu_read(const struct alu *alu, unsigned int operand)
{
	if (operand <= ALU_GPR_LAST)
		return engine_reg64(alu->engine, RING_GPR + 8 * operand);
	switch (operand) {
	case ALU_ACCU:
		return alu->accumulator;
	/* A flag that is set reads as all ones. */
	case ALU_ZF:
		return alu->zero ? ~0ull : 0;
	case ALU_CF:
		return alu->carry ? ~0ull : 0;
	default:
		return 0;
	}
}

static void alu_load(struct alu *alu, unsigned int operand, uint64_t value)
{
	if (operand == ALU_SRCA)
		alu->a = value;
	else if (operand == ALU_SRCB)
		alu->b = value;
}

static void alu_store(struct alu *alu, unsigned int operand, uint64_t value)
{
	if (operand > ALU_GPR_LAST)
		return;
	engine_set_reg(alu->engine, RING_GPR + 8 * operand, value);
	engine_set_reg(alu->engine, RING_GPR + 8 * operand + 4, value >> 32);
}

static void alu_result(struct alu *alu, uint64_t value, bool carry)
{
	alu->accumulator = value;
	alu->zero = !value;
	alu->carry = carry;
}

static void alu_execute(struct alu *alu, uint32_t instruction)
{
	unsigned int first = ALU_FIRST(instruction), second = ALU_SECOND(instruction);

	switch (ALU_OPCODE(instruction)) {
	case ALU_LOAD:
		alu_load(alu, first, alu_read(alu, second));
		break;
	case ALU_LOADINV:
		alu_load(alu, first, ~alu_read(alu, second));
		break;
	case ALU_LOAD0:
		alu_load(alu, first, 0);
		break;
	case ALU_LOAD1:
		alu_load(alu, first, ~0ull);
		break;
	case ALU_ADD:
		alu_result(alu, alu->a + alu->b, alu->a + alu->b < alu->a);
		break;
	case ALU_SUB:
		alu_result(alu, alu->a - alu->b, alu->a < alu->b);
		break;
	case ALU_AND:
		alu_result(alu, alu->a & alu->b, false);
		break;
	case ALU_OR:
		alu_result(alu, alu->a | alu->b, false);
		break;
	case ALU_XOR:
		alu_result(alu, alu->a ^ alu->b, false);
		break;
	case ALU_STORE:
		alu_store(alu, first, alu_read(alu, second));
		break;
	case ALU_STOREINV:
		alu_store(alu, first, ~alu_read(alu, second));
		break;
	}
}

enum command_result mi_math(const struct command *command)
{
	struct alu alu = { .engine = command->engine };

	for (unsigned int i = 1; i < command->length; i++)
		alu_execute(&alu, command->dw[i]);
	return CMD_DONE;
}

bool predicate_holds(const struct command *command)
{
	return engine_reg(command->engine, RING_PREDICATE_RESULT) & 1;
}

enum {
	LOAD_KEEP,
	LOAD_RESERVED,
	LOAD_LOAD,
	LOAD_LOADINV
};
enum {
	COMBINE_SET,
	COMBINE_AND,
	COMBINE_OR,
	COMBINE_XOR
};
enum {
	COMPARE_TRUE,
	COMPARE_FALSE,
	COMPARE_SRCS_EQUAL,
	COMPARE_DELTAS_EQUAL
};

static bool compare(const struct command *command, unsigned int operation, uint64_t delta)
{
	switch (operation) {
	case COMPARE_TRUE:
		return true;
	case COMPARE_SRCS_EQUAL:
		return !delta;
	case COMPARE_DELTAS_EQUAL:
		return delta == engine_reg64(command->engine, RING_PREDICATE_DATA);
	default:
		return false;
	}
}

static bool combine(unsigned int operation, bool old, bool fresh)
{
	switch (operation) {
	case COMBINE_AND:
		return old && fresh;
	case COMBINE_OR:
		return old || fresh;
	case COMBINE_XOR:
		return old != fresh;
	default:
		return fresh;
	}
}

enum command_result mi_predicate(const struct command *command)
{
	struct engine *engine = command->engine;
	uint32_t header = command->dw[0];
	uint64_t delta = engine_reg64(engine, RING_PREDICATE_SRC0) -
			 engine_reg64(engine, RING_PREDICATE_SRC1);
	bool fresh = compare(command, header & 3, delta);
	unsigned int load = header >> 6 & 3;

	/* The difference is kept for a later comparison of deltas. */
	if ((header & 3) == COMPARE_SRCS_EQUAL) {
		engine_set_reg(engine, RING_PREDICATE_DATA, delta);
		engine_set_reg(engine, RING_PREDICATE_DATA + 4, delta >> 32);
	}
	if (load == LOAD_KEEP || load == LOAD_RESERVED)
		return CMD_DONE;
	fresh = combine(header >> 3 & 3, predicate_holds(command), fresh);
	engine_set_reg(engine, RING_PREDICATE_RESULT, load == LOAD_LOADINV ? !fresh : fresh);
	return CMD_DONE;
}
