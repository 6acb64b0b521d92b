// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: faults on demand, as they are written and as a driver meets them. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "gpu-fixture.h"

#include "gpusim/fault-spec.h"

#define STORE_DWORD    (0x20u << 23 | 1u << 22 | 2)
#define USER_INTERRUPT (0x02u << 23)

#define ACCEPTED      1u
#define COMPLETE_IDLE 0x18u

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

static void inject(struct machine *machine, const char *spec)
{
	struct gpu_fault fault;
	char why[256];

	if (fault_spec_parse(spec, &fault, why, sizeof(why)))
		fail_msg("%s", why);
	assert_int_equal(gpu_fault_inject(machine->gpu, &fault), 0);
}

/* Submit a context that stores `value` at SCRATCH. */
static void submit(struct machine *machine, uint32_t engine, uint32_t value)
{
	uint64_t context = context_make(machine, 0);

	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, value);
	elsp(machine, engine, context, 0);
}

static bool is_idle(struct machine *machine, uint32_t engine)
{
	return mmio_read32(machine, engine + 0x9c) & 1u << 9;
}

static void test_hang_at_the_second_submission(void **state)
{
	struct machine *machine = *state;

	inject(machine, "hang:bcs@2");
	submit(machine, BCS, 1);
	wait_reports(machine, BCS, 2);
	assert_int_equal(ram32(machine, SCRATCH), 1);
	/* It takes the list and says so, but never gets to its first command. */
	submit(machine, BCS, 2);
	wait_reports(machine, BCS, 3);
	assert_int_equal(csb_status(machine, 2), ACCEPTED);
	assert_int_equal(ram32(machine, SCRATCH), 1);
	assert_false(is_idle(machine, BCS));
	assert_int_equal(mmio_read32(machine, BCS + 0x34), 0);
	assert_int_equal(mmio_read32(machine, BCS + 0x30), 16);
	/* Another engine has not noticed; nor does a further submission help. */
	submit(machine, RCS, 3);
	wait_reports(machine, RCS, 2);
	assert_int_equal(ram32(machine, SCRATCH), 3);
	submit(machine, BCS, 4);
	mmio_write32(machine, 0x941c, 1u << 3);
	assert_true(is_idle(machine, BCS));
	assert_int_equal(ram32(machine, SCRATCH), 3);
	submit(machine, BCS, 5);
	wait_ram32(machine, SCRATCH, 5);
}

/* Interrupts come when the master is enabled with something pending: here at the test's will. */
static unsigned int interrupts_after(struct machine *machine, unsigned int times)
{
	mmio_write32(machine, RCS + 0x30, 0);
	for (unsigned int i = 0; i < times; i++) {
		mmio_write32(machine, 0x44200, 0);
		mmio_write32(machine, 0x44200, 1u << 31);
	}
	return machine->interrupts;
}

/* A completed context leaves its interrupt pending, for nobody acknowledges it. */
static void make_pending(struct machine *machine)
{
	submit(machine, RCS, 1);
	wait_reports(machine, RCS, 2);
	mmio_write32(machine, 0x44200, 0);
	machine->interrupts = 0;
}

static void test_drop_an_interrupt(void **state)
{
	struct machine *machine = *state;
	struct gpu_fault_state fault;

	make_pending(machine);
	inject(machine, "drop-interrupt@2");
	assert_int_equal(interrupts_after(machine, 1), 1);
	assert_int_equal(interrupts_after(machine, 1), 1);
	assert_int_equal(interrupts_after(machine, 3), 4);
	assert_true(gpu_fault_get(machine->gpu, 0, &fault));
	assert_int_equal(fault.seen, 2);
	assert_int_equal(fault.struck, 1);
	assert_false(gpu_fault_get(machine->gpu, 1, &fault));
	/* Counted from when it is planned. */
	inject(machine, "drop-interrupt");
	assert_int_equal(interrupts_after(machine, 1), 4);
	assert_int_equal(interrupts_after(machine, 1), 5);
}

/* Which of 64 interrupts arrive, as bits. */
static uint64_t pattern(uint64_t seed, const char *spec)
{
	const struct gpu_config config = { .seed = seed };
	struct machine *machine = machine_make(&config);
	unsigned int before = 0;
	uint64_t bits = 0;

	make_pending(machine);
	inject(machine, spec);
	for (unsigned int i = 0; i < 64; i++) {
		unsigned int now = interrupts_after(machine, 1);

		bits = bits << 1 | (now - before);
		before = now;
	}
	machine_free(machine);
	return bits;
}

static void test_chance_is_reproducible(void **state)
{
	uint64_t first = pattern(7, "drop-interrupt/4");
	int arrived = __builtin_popcountll(first);

	assert_true(pattern(7, "drop-interrupt/4") == first);
	assert_true(pattern(8, "drop-interrupt/4") != first);
	/* 48 on average, with a deviation of 3.5. */
	assert_in_range(arrived, 31, 63);
	assert_true(pattern(7, "drop-interrupt/1") == 0);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_delay_an_interrupt(void **state)
{
	struct machine *machine = *state;
	uint64_t start;

	make_pending(machine);
	inject(machine, "delay-interrupt:30");
	start = now_ms();
	assert_int_equal(interrupts_after(machine, 1), 0);
	pthread_mutex_lock(&machine->lock);
	while (!machine->interrupts)
		pthread_cond_wait(&machine->changed, &machine->lock);
	pthread_mutex_unlock(&machine->lock);
	assert_true(now_ms() - start >= 29);
	assert_int_equal(interrupts_after(machine, 1), 2);
}

/* A reset forgets what is on its way, and the end of the GPU does not wait for it. */
static void test_delayed_interrupt_and_reset(void **state)
{
	struct machine *machine = *state;

	make_pending(machine);
	inject(machine, "delay-interrupt:1@1");
	inject(machine, "delay-interrupt:3600000/1");
	assert_int_equal(interrupts_after(machine, 70), 6);
	gpu_reset(machine->gpu);
	/* Even an engine that reaches no memory any more tells that it has accepted. */
	mmio_write32(machine, 0x44304, 0);
	mmio_write32(machine, 0x4430c, 0xffffffff);
	mmio_write32(machine, RCS + 0xa8, 0);
	elsp(machine, RCS, context_make(machine, 0), 0);
	while ((mmio_read32(machine, RCS + 0x3a0) & 7) == 5)
		;
	assert_int_equal(interrupts_after(machine, 64), 6);
	assert_int_equal(interrupts_after(machine, 1), 7);
}

static void test_corrupt_status_entry(void **state)
{
	struct machine *machine = *state;

	inject(machine, "corrupt-csb:RCS@2");
	submit(machine, RCS, 1);
	wait_reports(machine, RCS, 2);
	assert_int_equal(csb_status(machine, 0), ACCEPTED);
	assert_int_equal(csb_context(machine, 0), 1);
	assert_false(csb_status(machine, 1) == COMPLETE_IDLE && csb_context(machine, 1) == 1);
	/* The registers say the same as the status page. */
	assert_int_equal(mmio_read32(machine, RCS + 0x378), csb_status(machine, 1));
	assert_int_equal(mmio_read32(machine, RCS + 0x37c), csb_context(machine, 1));
	submit(machine, RCS, 2);
	wait_reports(machine, RCS, 4);
	assert_int_equal(csb_status(machine, 2), ACCEPTED);
	assert_int_equal(csb_status(machine, 3), COMPLETE_IDLE);
}

static void assert_gone(struct machine *machine)
{
	static const uint8_t ones[64] = { [0 ... 63] = 0xff };
	uint8_t bytes[64] = { 0 };

	assert_int_equal(mmio_read32(machine, 0x44200), 0xffffffff);
	mmio_write32(machine, RCS + 0x80, 0x12345000);
	assert_int_equal(gpu_config_read(machine->gpu, 0, bytes, 64), 0);
	assert_memory_equal(bytes, ones, 64);
	assert_int_equal(gpu_config_write(machine->gpu, 4, "\7", 1), 0);
	memset(bytes, 0, 64);
	assert_int_equal(gpu_bar_read(machine->gpu, GPU_BAR_APERTURE, SCRATCH, bytes, 64), 0);
	assert_memory_equal(bytes, ones, 64);
	assert_int_equal(gpu_bar_write(machine->gpu, GPU_BAR_APERTURE, SCRATCH, ones, 64), 0);
	assert_int_equal(ram32(machine, SCRATCH), 1);
}

static void assert_power_on(struct machine *machine)
{
	uint16_t ids[2], command;

	assert_int_equal(gpu_config_read(machine->gpu, 0, ids, 4), 0);
	assert_int_equal(ids[0], 0x8086);
	assert_int_equal(gpu_config_read(machine->gpu, 4, &command, 2), 0);
	assert_int_equal(command, 0);
	assert_int_equal(mmio_read32(machine, RCS + 0x80), 0);
	assert_int_equal(mmio_read32(machine, 0x44200), 0);
	assert_int_equal(mmio_read32(machine, RCS + 0x3a0) & 7, 5);
}

static void test_gone_until_told(void **state)
{
	struct machine *machine = *state;
	struct gpu_status status;

	gpu_fault_end_gone(machine->gpu); /* which it is not */
	submit(machine, RCS, 1);
	wait_ram32(machine, SCRATCH, 1);
	inject(machine, "gone");
	assert_gone(machine);
	gpu_status(machine->gpu, &status);
	assert_true(status.gone);
	gpu_reset(machine->gpu);
	assert_gone(machine);
	gpu_fault_end_gone(machine->gpu);
	gpu_status(machine->gpu, &status);
	assert_false(status.gone);
	assert_power_on(machine);
}

static void test_gone_at_a_submission_for_a_time(void **state)
{
	struct machine *machine = *state;
	uint64_t start;

	submit(machine, RCS, 1);
	wait_reports(machine, RCS, 2);
	inject(machine, "gone:40@2");
	submit(machine, VECS, 1);
	wait_reports(machine, VECS, 2);
	start = now_ms();
	submit(machine, BCS, 1);
	assert_gone(machine);
	while (mmio_read32(machine, 0x44200) == 0xffffffff)
		;
	assert_true(now_ms() - start >= 39);
	assert_power_on(machine);
}

static void test_forget(void **state)
{
	struct machine *machine = *state;
	struct gpu_fault_state fault;

	inject(machine, "hang:RCS");
	gpu_fault_forget(machine->gpu);
	assert_false(gpu_fault_get(machine->gpu, 0, &fault));
	submit(machine, RCS, 1);
	wait_reports(machine, RCS, 2);
}

static void test_too_many(void **state)
{
	static const struct gpu_fault bad[] = {
		{ .kind = GPU_FAULT_HANG, .engine = 4, .nth = 1 },
		{ .kind = GPU_FAULT_HANG, .engine = 0 },
		{ .kind = GPU_FAULT_DROP_INTERRUPT, .nth = 1, .one_in = 1 },
	};
	static const struct gpu_fault fault = { .kind = GPU_FAULT_HANG, .nth = 1000 };
	struct machine *machine = *state;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(gpu_fault_inject(machine->gpu, &bad[i]), -EINVAL);
	inject(machine, "corrupt-csb:RCS@1");
	for (unsigned int i = 1; i < GPU_MAX_FAULTS; i++)
		assert_int_equal(gpu_fault_inject(machine->gpu, &fault), 0);
	assert_int_equal(gpu_fault_inject(machine->gpu, &fault), -ENOSPC);
	/* One that is over makes room. */
	submit(machine, RCS, 1);
	wait_reports(machine, RCS, 2);
	assert_int_equal(gpu_fault_inject(machine->gpu, &fault), 0);
	assert_int_equal(gpu_fault_inject(machine->gpu, &fault), -ENOSPC);
}

static void test_specs(void **state)
{
	static const struct {
		const char *text;
		struct gpu_fault fault;
		const char *same; /* as it is written back, where that differs */
	} good[] = {
		{ "hang:RCS", { GPU_FAULT_HANG, 0, 1, 0, 0 }, "hang:RCS@1" },
		{ "hang:bcs@3", { GPU_FAULT_HANG, 1, 3, 0, 0 }, "hang:BCS@3" },
		{ "hang:VECS/100", { GPU_FAULT_HANG, 3, 0, 100, 0 }, NULL },
		{ "drop-interrupt@7", { GPU_FAULT_DROP_INTERRUPT, 0, 7, 0, 0 }, NULL },
		{ "delay-interrupt:20/3", { GPU_FAULT_DELAY_INTERRUPT, 0, 0, 3, 20 }, NULL },
		{ "corrupt-csb:VCS0@1000000000",
		  { GPU_FAULT_CORRUPT_CSB, 2, 1000000000, 0, 0 },
		  NULL },
		{ "gone", { GPU_FAULT_GONE, 0, 0, 0, 0 }, NULL },
		{ "gone:500", { GPU_FAULT_GONE, 0, 0, 0, 500 }, NULL },
		{ "gone@2", { GPU_FAULT_GONE, 0, 2, 0, 0 }, NULL },
	};
	char why[256], text[64];

	for (unsigned int i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct gpu_fault fault;

		assert_int_equal(fault_spec_parse(good[i].text, &fault, why, sizeof(why)), 0);
		assert_int_equal(fault.kind, good[i].fault.kind);
		assert_int_equal(fault.engine, good[i].fault.engine);
		assert_int_equal(fault.nth, good[i].fault.nth);
		assert_int_equal(fault.one_in, good[i].fault.one_in);
		assert_int_equal(fault.ms, good[i].fault.ms);
		fault_spec_format(&fault, text, sizeof(text));
		assert_string_equal(text, good[i].same ? good[i].same : good[i].text);
	}
}

static void test_wrong_specs(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} wrong[] = {
		{ "", "the kinds of faults are hang, drop-interrupt," },
		{ "explode:RCS", "the kinds of faults are hang, drop-interrupt," },
		{ "hang", "written hang:ENGINE[@N|/K]" },
		{ "hang@2", "written hang:ENGINE[@N|/K]" },
		{ "hang:XCS", "the engines are RCS, BCS, VCS0, VECS" },
		{ "hang:RCS@0", "N is a number from 1 to 1000000000" },
		{ "hang:RCS@-1", "N is a number" },
		{ "hang:RCS@1000000001", "N is a number" },
		{ "hang:RCS@99999999999999999999999999", "N is a number" },
		{ "hang:RCS/0", "K is a number" },
		{ "hang:RCS@1/2", "\"/2\" is too much" },
		{ "hang:RCS@1 ", "is too much" },
		{ "drop-interrupt:5", "written drop-interrupt[@N|/K]" },
		{ "delay-interrupt@5", "written delay-interrupt:MS[@N|/K]" },
		{ "delay-interrupt:@5", "MS, the milliseconds, is a number from 1 to 3600000" },
		{ "gone:0", "MS, the milliseconds" },
	};
	struct gpu_fault fault;
	char why[256];

	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(fault_spec_parse(wrong[i].text, &fault, why, sizeof(why)),
				 -EINVAL);
		if (!strstr(why, wrong[i].why))
			fail_msg("\"%s\": %s", wrong[i].text, why);
	}
	/* However little room there is. */
	for (size_t size = 1; size < sizeof(why); size++) {
		assert_int_equal(fault_spec_parse("explode", &fault, why, size), -EINVAL);
		assert_true(strlen(why) < size);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_hang_at_the_second_submission),
		TEST(test_drop_an_interrupt),
		cmocka_unit_test(test_chance_is_reproducible),
		TEST(test_delay_an_interrupt),
		TEST(test_delayed_interrupt_and_reset),
		TEST(test_corrupt_status_entry),
		TEST(test_gone_until_told),
		TEST(test_gone_at_a_submission_for_a_time),
		TEST(test_forget),
		TEST(test_too_many),
		cmocka_unit_test(test_specs),
		cmocka_unit_test(test_wrong_specs),
	};

	return cmocka_run_group_tests_name("gpusim: faults on demand", tests, NULL, NULL);
}
