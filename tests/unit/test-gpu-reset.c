// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: what a driver sees of an engine that hangs, and resets that leave the others alone. */
#include <time.h>

#include "gpu-fixture.h"

#define NOOP		 0u
#define BATCH_END	 (0x0au << 23)
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define STORE_PPGTT	 (0x20u << 23 | 2)
#define LRI(n)		 (0x22u << 23 | (2 * (n)-1))
#define ATOMIC_INC	 (0x2fu << 23 | 1u << 22 | 5u << 8 | 1)
#define BB_START	 (0x31u << 23 | 1)
#define BB_START_PPGTT	 (BB_START | 1u << 8)
#define SECOND_LEVEL	 (1u << 22)
#define NO_COMMAND	 (0x19u << 23)

#define TAIL		0x30u
#define HEAD		0x34u
#define ACTHD_UDW	0x5cu
#define IPEHR		0x68u
#define INSTDONE	0x6cu
#define ACTHD		0x74u
#define HWS_PGA		0x80u
#define MI_MODE		0x9cu
#define STOP_RING	(1u << 8)
#define MODE_IDLE	(1u << 9)
#define IMR		0xa8u
#define EIR		0xb0u
#define RESET_CTL	0xd0u
#define BBSTATE		0x110u
#define SBBADDR		0x114u
#define BBADDR		0x140u
#define EXECLIST_STATUS 0x234u
#define MODE		0x29cu
#define STATUS_PTR	0x3a0u
#define GPR		0x600u
#define RING_FAULT	0x4094u
#define GDRST		0x941cu

#define IMAGE(n, dword) (CONTEXT(n) + PAGE + 4 * (dword))

#define COUNT(n)     (SCRATCH + 16 * (n))
#define BEGUN	     (SCRATCH + 0x100)
#define NEVER	     (SCRATCH + 0x104) /* stays 0 */
#define ENGINES	     4u
#define BUSY_CONTEXT 4u /* and the next ones: of engines that work */

/* In GDRST and in the fault register; what INSTDONE loses while the command streamer works. */
static const struct {
	uint32_t base, reset, fault_id, streamer;
} engines[ENGINES] = {
	{ RCS, 1u << 1, 0, 1u << 21 },
	{ BCS, 1u << 3, 2, 1u << 0 },
	{ VCS0, 1u << 2, 1, 1u << 0 },
	{ VECS, 1u << 4, 3, 1u << 0 },
};

static int setup(void **state)
{
	*state = machine_new();
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

/* As drivers do it: the engine is asked whether it is ready, and reset. */
static void reset_engine(struct machine *machine, unsigned int e)
{
	uint32_t control = engines[e].base + RESET_CTL;

	mmio_write32(machine, control, 1u << 16 | 1);
	wait_mmio32(machine, control, 2, 2);
	mmio_write32(machine, GDRST, engines[e].reset);
	wait_mmio32(machine, GDRST, engines[e].reset, 0);
	mmio_write32(machine, control, 1u << 16);
	assert_int_equal(mmio_read32(machine, control) & 3, 0);
}

/* Ways to hang. Each has stored 1 at BEGUN before. */
enum hang {
	HANG_LOOP, /* a batch that jumps to itself */
	HANG_WAIT, /* a semaphore that never comes */
	HANG_COMMAND, /* what is no command */
	HANG_FAULT, /* a page that is not there */
	HANG_INDIRECT, /* a workaround batch that jumps to itself, */
	HANG_PER_CONTEXT, /* and one that waits */
	HANGS
};

/* Commands that come after the store at BEGUN. */
static const uint32_t hang_commands[HANGS][4] = {
	[HANG_LOOP] = { BB_START, BATCH + 16 },
	[HANG_WAIT] = { WAIT_UNTIL_EQUAL, 7, NEVER },
	[HANG_COMMAND] = { NO_COMMAND },
	[HANG_FAULT] = { STORE_DWORD, RAM_SIZE },
	[HANG_INDIRECT] = { BB_START, BATCH + 16 },
	[HANG_PER_CONTEXT] = { WAIT_UNTIL_EQUAL, 7, NEVER },
};

static void start_hang(struct machine *machine, unsigned int e, enum hang hang)
{
	uint64_t context = context_make(machine, e), end;

	set_ram32(machine, BEGUN, 0);
	end = PUT(machine, BATCH, STORE_DWORD, BEGUN, 0, 1);
	put(machine, end, hang_commands[hang], 4);
	if (hang == HANG_INDIRECT)
		set_ram32(machine, IMAGE(e, 0x1b), BATCH | 1);
	else if (hang == HANG_PER_CONTEXT)
		set_ram32(machine, IMAGE(e, 0x19), BATCH | 1);
	RING_FILL(machine, e, BB_START, BATCH, 0, NOOP, STORE_DWORD, NEVER, 0, 1);
	elsp(machine, engines[e].base, context, 0);
	wait_ram32(machine, BEGUN, 1);
}

/* An engine counts until it is told to stop. */
static void start_work(struct machine *machine, unsigned int e)
{
	uint32_t place = BATCH2 + 0x40 * e;
	uint64_t context = context_make(machine, BUSY_CONTEXT + e);

	PUT(machine, place, ATOMIC_INC, COUNT(e), 0, BB_START, place, 0);
	RING_FILL(machine, BUSY_CONTEXT + e, BB_START, place, 0);
	elsp(machine, engines[e].base, context, 0);
	wait_ram32_change(machine, COUNT(e), 0);
}

/* It is as the first time: nothing is left of what hung. */
static void assert_ready(struct machine *machine, unsigned int e)
{
	uint32_t base = engines[e].base;
	uint64_t context = context_make(machine, e);

	assert_int_equal(mmio_read32(machine, base + MI_MODE), MODE_IDLE);
	assert_int_equal(mmio_read32(machine, base + INSTDONE), ~0u);
	assert_int_equal(mmio_read32(machine, base + EXECLIST_STATUS), 0);
	assert_int_equal(mmio_read32(machine, base + STATUS_PTR) & 7, 5);
	assert_int_equal(mmio_read32(machine, base + BBADDR), 0);
	assert_int_equal(mmio_read32(machine, base + EIR), 0);
	engine_enable(machine, base);
	RING_FILL(machine, e, STORE_DWORD, BEGUN, 0, 2);
	elsp(machine, base, context, 0);
	wait_reports(machine, base, 2);
	assert_int_equal(csb_status(machine, 0), 1);
	assert_int_equal(csb_status(machine, 1), 0x18);
	assert_int_equal(ram32(machine, BEGUN), 2);
	assert_int_equal(ram32(machine, NEVER), 0);
}

/* Each engine hangs in each way and is reset alone, while the others count. */
static void test_one_engine(void **state)
{
	struct machine *machine = *state;

	for (unsigned int hung = 0; hung < ENGINES; hung++) {
		for (unsigned int e = 0; e < ENGINES; e++)
			if (e != hung)
				start_work(machine, e);
		for (enum hang hang = 0; hang < HANGS; hang++) {
			start_hang(machine, hung, hang);
			assert_int_equal(
				mmio_read32(machine, engines[hung].base + MI_MODE) & MODE_IDLE, 0);
			reset_engine(machine, hung);
			assert_ready(machine, hung);
			for (unsigned int e = 0; e < ENGINES; e++) {
				if (e == hung)
					continue;
				wait_ram32_change(machine, COUNT(e), ram32(machine, COUNT(e)));
				assert_int_equal(
					mmio_read32(machine, engines[e].base + STATUS_PTR) & 7, 0);
			}
		}
		for (unsigned int e = 0; e < ENGINES; e++) {
			mmio_write32(machine, GDRST, engines[e].reset);
			engine_enable(machine, engines[e].base);
			set_ram32(machine, COUNT(e), 0);
		}
	}
}

/* Drivers set these up again, for they are gone; those of the other engines are not. */
static void test_registers_of_one_engine(void **state)
{
	struct machine *machine = *state;

	for (unsigned int e = 0; e < ENGINES; e++) {
		uint32_t base = engines[e].base, other = engines[(e + 1) % ENGINES].base;

		mmio_write32(machine, base + MODE, 0x80008000);
		mmio_write32(machine, other + MODE, 0x80008000);
		mmio_write32(machine, base + GPR, 1);
		mmio_write32(machine, other + GPR, 1);
		engine_enable(machine, other);
		reset_engine(machine, e);
		assert_int_equal(mmio_read32(machine, base + MODE), 0);
		assert_int_equal(mmio_read32(machine, base + GPR), 0);
		assert_int_equal(mmio_read32(machine, base + HWS_PGA), 0);
		assert_int_equal(mmio_read32(machine, base + IMR), ~0u);
		assert_int_equal(mmio_read32(machine, other + MODE), 0x8000);
		assert_int_equal(mmio_read32(machine, other + GPR), 1);
		assert_int_equal(mmio_read32(machine, other + HWS_PGA), HWSP);
		assert_int_equal(mmio_read32(machine, other + IMR), 0);
	}
}

/* A stopped ring says that it is idle, runs on when it may, and a reset takes the stop away. */
static void test_stop_ring(void **state)
{
	struct machine *machine = *state;
	uint32_t count;

	start_work(machine, 0);
	mmio_write32(machine, RCS + MI_MODE, STOP_RING << 16 | STOP_RING);
	wait_mmio32(machine, RCS + MI_MODE, MODE_IDLE, MODE_IDLE);
	count = ram32(machine, COUNT(0));
	mmio_read32(machine, RCS + MI_MODE);
	assert_int_equal(ram32(machine, COUNT(0)), count);
	mmio_write32(machine, RCS + MI_MODE, STOP_RING << 16);
	wait_ram32_change(machine, COUNT(0), count);
	mmio_write32(machine, RCS + MI_MODE, STOP_RING << 16 | STOP_RING);
	reset_engine(machine, 0);
	assert_ready(machine, 0);
}

/* Where an engine is: it moves while it works, and stands where it hangs. */
static void test_place(void **state)
{
	struct machine *machine = *state;

	for (unsigned int e = 0; e < ENGINES; e++) {
		uint32_t base = engines[e].base;
		uint64_t context = context_make(machine, e);

		context_map(machine, e);
		PUT(machine, BATCH, NOOP, BB_START_PPGTT | SECOND_LEVEL, BATCH2, 0, BATCH_END);
		PUT(machine, BATCH2, STORE_PPGTT, BEGUN, 0, e + 1,
		    0x1cu << 23 | 1u << 15 | 4u << 12 | 2, 7, SCRATCH + 0x200 + 4 * e, 0,
		    BATCH_END);
		RING_FILL(machine, e, NOOP, BB_START_PPGTT, BATCH, 0, WAIT_UNTIL_EQUAL, 7, NEVER,
			  0);
		elsp(machine, base, context, 0);
		wait_ram32(machine, BEGUN, e + 1);
		wait_mmio32(machine, base + ACTHD, ~0u, BATCH2 + 16);
		assert_int_equal(mmio_read32(machine, base + ACTHD_UDW), 0);
		assert_int_equal(mmio_read32(machine, base + IPEHR),
				 0x1cu << 23 | 1u << 15 | 4u << 12 | 2);
		assert_int_equal(mmio_read32(machine, base + HEAD), 16);
		assert_int_equal(mmio_read32(machine, base + BBADDR), (BATCH + 16) | 1);
		assert_int_equal(mmio_read32(machine, base + BBSTATE), 1u << 5);
		assert_int_equal(mmio_read32(machine, base + SBBADDR), (BATCH2 + 16) | 1);
		assert_int_equal(mmio_read32(machine, base + INSTDONE), ~engines[e].streamer);
		/* Back in the ring. */
		set_ram32(machine, SCRATCH + 0x200 + 4 * e, 7);
		wait_mmio32(machine, base + ACTHD, ~0u, RING(e) + 16);
		assert_int_equal(mmio_read32(machine, base + BBADDR), 0);
		assert_int_equal(mmio_read32(machine, base + SBBADDR), 0);
		reset_engine(machine, e);
	}
	/* No engine has shaders: nothing of theirs is ever at work. */
	assert_int_equal(mmio_read32(machine, 0x7100), ~0u);
	assert_int_equal(mmio_read32(machine, 0xe160), ~0u);
	assert_int_equal(mmio_read32(machine, 0xe164), ~0u);
}

/* Bit 0 valid, 2:1 type, 10:3 source, 11 GGTT, 14:12 engine; the first fault stays. */
static void test_fault_register(void **state)
{
	struct machine *machine = *state;

	for (unsigned int e = 0; e < ENGINES; e++) {
		uint64_t context = context_make(machine, e);

		/* No table of the highest level; then no page of the GGTT. */
		RING_FILL(machine, e, STORE_PPGTT, SCRATCH, 0, 1);
		elsp(machine, engines[e].base, context, 0);
		wait_mmio32(machine, RING_FAULT, 1, 1);
		assert_int_equal(mmio_read32(machine, RING_FAULT),
				 engines[e].fault_id << 12 | 3u << 1 | 1);
		assert_int_equal(mmio_read32(machine, 0x4b10), SCRATCH >> 12);
		assert_int_equal(mmio_read32(machine, 0x4b14), 0);
		reset_engine(machine, e);
		assert_int_equal(mmio_read32(machine, RING_FAULT) & 1, 1);
		mmio_write32(machine, RING_FAULT, 0);
		RING_FILL(machine, e, STORE_DWORD, RAM_SIZE + PAGE, 0, 1);
		elsp(machine, engines[e].base, context, 0);
		wait_mmio32(machine, RING_FAULT, 1, 1);
		assert_int_equal(mmio_read32(machine, RING_FAULT),
				 engines[e].fault_id << 12 | 1u << 11 | 1);
		assert_int_equal(mmio_read32(machine, 0x4b10), (RAM_SIZE + PAGE) >> 12);
		assert_int_equal(mmio_read32(machine, 0x4b14), 1u << 4);
		reset_engine(machine, e);
		mmio_write32(machine, RING_FAULT, 0);
	}
}

/* A command can't reset the engine that runs it, nor one that could reset it in turn. */
static void test_commands_do_not_reset(void **state)
{
	struct machine *machine = *state;

	for (unsigned int e = 0; e < ENGINES; e++) {
		uint64_t context = context_make(machine, e);

		RING_FILL(machine, e, LRI(1), GDRST, 0x1f, STORE_DWORD, BEGUN, 0, e + 1, NOOP);
		elsp(machine, engines[e].base, context, 0);
		wait_reports(machine, engines[e].base, 2);
		assert_int_equal(ram32(machine, BEGUN), e + 1);
	}
}

struct hammer {
	struct machine *machine;
	unsigned int count;
};

static void *hammer(void *opaque)
{
	struct hammer *self = opaque;

	for (unsigned int i = 0; i < self->count; i++)
		mmio_write32(self->machine, GDRST, 1);
	return NULL;
}

/* Resets from several sides at once all come to their end, whatever is submitted in between. */
static void test_resets_at_once(void **state)
{
	struct machine *machine = *state;
	struct hammer hammers[3] = { { machine, 500 }, { machine, 500 }, { machine, 500 } };
	uint64_t context = context_make(machine, 0);
	struct timespec end;
	pthread_t threads[3];

	PUT(machine, BATCH, BB_START, BATCH, 0);
	RING_FILL(machine, 0, BB_START, BATCH, 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, &hammers[i]), 0);
	for (unsigned int i = 0; i < 3000; i++)
		elsp(machine, RCS, context, 0);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 60;
	for (unsigned int i = 0; i < 3; i++)
		if (pthread_timedjoin_np(threads[i], NULL, &end))
			fail_msg("a reset does not come to its end");
	mmio_write32(machine, GDRST, 1);
	assert_ready(machine, 0);
}

/* A batch may be the ring's last command: behind it is the ring's beginning. */
static void test_batch_at_the_end_of_the_ring(void **state)
{
	struct machine *machine = *state;
	uint64_t context = context_make(machine, 0);

	PUT(machine, BATCH, STORE_DWORD, BEGUN, 0, 1, BATCH_END);
	PUT(machine, RING(0), STORE_DWORD, BEGUN + 8, 0, 1);
	PUT(machine, RING(0) + RING_SIZE - 12, BB_START, BATCH, 0);
	set_ram32(machine, IMAGE(0, 5), RING_SIZE - 12);
	set_ram32(machine, IMAGE(0, 7), 16);
	elsp(machine, RCS, context, 0);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, BEGUN), 1);
	assert_int_equal(ram32(machine, BEGUN + 8), 1);
	/* The wrap count is in HEAD's upper bits. */
	assert_int_equal(ram32(machine, IMAGE(0, 5)), 1u << 21 | 16);
}

#define RESET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RESET_TEST(test_one_engine),	 RESET_TEST(test_registers_of_one_engine),
		RESET_TEST(test_stop_ring),	 RESET_TEST(test_place),
		RESET_TEST(test_fault_register), RESET_TEST(test_commands_do_not_reset),
		RESET_TEST(test_resets_at_once), RESET_TEST(test_batch_at_the_end_of_the_ring),
	};

	return cmocka_run_group_tests_name("gpusim: resets", tests, NULL, NULL);
}
