// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: traces, from a GPU's events to a file and back to text. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gpu-fixture.h"

#include "gpusim/gpu/names.h"
#include "gpusim/trace/decode.h"
#include "gpusim/trace/reader.h"
#include "gpusim/trace/writer.h"

#define STORE_DWORD	 (0x20u << 23 | 1u << 22 | 2)
#define LRI(n)		 (0x22u << 23 | (2 * (n)-1))
#define WAIT_UNTIL_EQUAL (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define BB_START	 (0x31u << 23 | 1)
#define BATCH_END	 (0x0au << 23)

struct traced {
	char path[64];
	struct trace *trace;
	char log[256];
};

static void on_log(void *opaque, int level, const char *text)
{
	struct traced *traced = opaque;

	snprintf(traced->log, sizeof(traced->log), "%s", text);
}

static int setup(void **state)
{
	struct traced *traced = calloc(1, sizeof(*traced));
	int fd;

	assert_non_null(traced);
	strcpy(traced->path, "/tmp/gpusim-trace-XXXXXX");
	fd = mkstemp(traced->path);
	assert_true(fd >= 0);
	close(fd);
	*state = traced;
	return 0;
}

static int teardown(void **state)
{
	struct traced *traced = *state;

	trace_close(traced->trace);
	unlink(traced->path);
	free(traced);
	return 0;
}

static void start(struct traced *traced, uint32_t wants)
{
	const struct trace_config config = { .path = traced->path,
					     .device = "skl-gt2",
					     .wants = wants,
					     .log = on_log,
					     .opaque = traced };

	assert_int_equal(trace_open(&config, &traced->trace), 0);
}

static void finish(struct traced *traced)
{
	trace_close(traced->trace);
	traced->trace = NULL;
}

static struct machine *make_machine(struct traced *traced)
{
	const struct gpu_config config = { .watcher = trace_watcher(traced->trace) };

	return machine_make(&config);
}

/* What --decode prints; the status is `expected`. */
static char *decoded(const struct traced *traced, int expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(trace_decode(traced->path, out), expected);
	fclose(out);
	return text;
}

/* The text has these lines, times aside, in this order; others may be between them. */
static void assert_lines(const char *text, const char *const *lines)
{
	const char *from = text;

	for (unsigned int i = 0; lines[i]; i++) {
		char line[256];
		const char *found;

		snprintf(line, sizeof(line), " %s\n", lines[i]);
		found = strstr(from, line);
		if (!found)
			fail_msg("no \"%s\" in its place; before it: %.600s", lines[i], from);
		from = found + strlen(line) - 1;
	}
}

/* Every kind of event there and back. */
static void test_round_trip(void **state)
{
	static const uint32_t dwords[] = { STORE_DWORD, 0x20000, 0, 7 };
	static const struct gpu_event events[] = {
		{ .kind = GPU_EVENT_SUBMISSION,
		  .from = 1,
		  .submission.element = { 0x123400005001, 0xfedcba9876543210 } },
		{ .kind = GPU_EVENT_STATUS, .from = 2, .status = { 0x700000018, 5 } },
		{ .kind = GPU_EVENT_CONTEXT, .from = 0, .context = { 0x100005001, 8, 16, false } },
		{ .kind = GPU_EVENT_CONTEXT, .from = 0, .context = { 0x100005001, 16, 16, true } },
		{ .kind = GPU_EVENT_COMMAND,
		  .from = 3,
		  .command = { 0x123456789abc, GPU_EVENT_SECOND_BATCH, true, 4, 4, dwords } },
		{ .kind = GPU_EVENT_COMMAND,
		  .from = 3,
		  .command = { 0x1000, GPU_EVENT_RING, false, 1000, 3, dwords } },
		{ .kind = GPU_EVENT_REGISTER,
		  .from = GPU_EVENT_FROM_CPU,
		  .reg = { 0x2230, 0xdeadbeef, true } },
		{ .kind = GPU_EVENT_REGISTER, .from = 1, .reg = { 0x44200, 1, false } },
		{ .kind = GPU_EVENT_INTERRUPT,
		  .from = GPU_EVENT_FROM_DEVICE,
		  .interrupt = { 0x44300, 0x100 } },
		{ .kind = GPU_EVENT_MESSAGE, .from = GPU_EVENT_FROM_DEVICE, .message = { true } },
		{ .kind = GPU_EVENT_MESSAGE, .from = GPU_EVENT_FROM_DEVICE, .message = { false } },
		{ .kind = GPU_EVENT_RESET, .from = 2 },
		{ .kind = GPU_EVENT_STOP,
		  .from = 0,
		  .stop = { GPU_EVENT_BAD_COMMAND, 0x0c800000, 0 } },
		{ .kind = GPU_EVENT_STOP,
		  .from = 0,
		  .stop = { GPU_EVENT_WRITE_FAULT, 0, 0xffff12345678 } },
	};
	uint8_t bytes[TRACE_RECORD_MAX], again[TRACE_RECORD_MAX];
	uint32_t read_dwords[GPU_EVENT_MAX_DWORDS];
	struct trace_record record;
	struct gpu_event event;

	for (unsigned int i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		char text[256], text_again[256];
		size_t length = trace_event_put(&events[i], 1000 + i, bytes);

		trace_record_get(bytes, &record);
		assert_int_equal(record.type, events[i].kind);
		assert_int_equal(record.length, length);
		assert_int_equal(record.length % 4, 0);
		assert_int_equal(record.from, events[i].from);
		assert_int_equal(record.time, 1000 + i);
		assert_null(trace_event_get(&record, bytes, &event, read_dwords));
		trace_event_text(&events[i], text, sizeof(text));
		trace_event_text(&event, text_again, sizeof(text_again));
		assert_string_equal(text, text_again);
		assert_int_equal(trace_event_put(&event, 1000 + i, again), length);
		assert_memory_equal(bytes, again, length);
	}
}

/* The bytes themselves, as gvt-gpusim-trace(5) has them. */
static void test_layout(void **state)
{
	static const uint8_t expected[] = { 5, 0, 24, 0, 0xfe, 1,    0, 0, 0x15, 0xcd, 0x5b, 7,
					    0, 0, 0,  0, 0x30, 0x22, 0, 0, 0xef, 0xbe, 0xad, 0xde };
	static const struct gpu_event event = { .kind = GPU_EVENT_REGISTER,
						.from = GPU_EVENT_FROM_CPU,
						.reg = { 0x2230, 0xdeadbeef, true } };
	struct traced *traced = *state;
	uint8_t bytes[TRACE_RECORD_MAX], file[96];
	FILE *in;

	assert_int_equal(trace_event_put(&event, 123456789, bytes), sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
	start(traced, TRACE_ALL);
	finish(traced);
	in = fopen(traced->path, "re");
	assert_non_null(in);
	assert_int_equal(fread(file, 1, sizeof(file), in), 64 + 16);
	fclose(in);
	assert_memory_equal(file, "GVTTRACE\1\0\x40\0\0\0\0\0", 16);
	assert_string_equal((char *)file + 24, "skl-gt2");
	assert_memory_equal(file + 64, "\xff\xff\x10\0\xff\0\0\0", 8);
}

static void test_a_gpu_at_work(void **state)
{
	static const char *const lines[] = {
		"CPU  write RCS.HWS_PGA (002080) 00010000",
		"CPU  write MASTER_IRQ (044200) 80000000",
		"CPU  write RCS.ELSP (002230) 00000000",
		"RCS  submit context 1 at 00100000 (flags 019), then none",
		"RCS  status[0] context 1 00000001 IDLE_ACTIVE",
		"-    interrupt GT_ISR[0] 00000100",
		"RCS  load context 1 at 00100000 (flags 019), head 0, tail 30",
		"-    message",
		"RCS  ring ggtt 000000080000  MI_LOAD_REGISTER_IMM RCS.GPR[0]=aaaa",
		"RCS  write RCS.GPR[0] (002600) 0000aaaa",
		"RCS  ring ggtt 00000008000c  MI_BATCH_BUFFER_START at 30000",
		"RCS  batch ggtt 000000030000  MI_STORE_DATA_IMM space GGTT to 20000 data 1",
		"RCS  batch ggtt 000000030010  MI_BATCH_BUFFER_END",
		"RCS  ring ggtt 000000080018  MI_SEMAPHORE_WAIT space GGTT until 20008 is == 7",
		"RCS  stopped by command 0a800000",
		"CPU  write GDRST (00941c) 00000002",
		"RCS  reset",
		NULL
	};
	struct traced *traced = *state;
	struct machine *machine;
	uint64_t context;
	char *text, *wait;

	start(traced, TRACE_ALL);
	machine = make_machine(traced);
	context = context_make(machine, 0);
	PUT(machine, BATCH, STORE_DWORD, SCRATCH, 0, 1, BATCH_END);
	RING_FILL(machine, 0, LRI(1), RCS + 0x600, 0xaaaa, BB_START, BATCH, 0, WAIT_UNTIL_EQUAL, 7,
		  SCRATCH + 8, 0, 0x15u << 23, 0);
	elsp(machine, RCS, context, 0);
	wait_ram32(machine, SCRATCH, 1);
	set_ram32(machine, SCRATCH + 8, 7);
	while (!(mmio_read32(machine, RCS + 0xb0) & 1))
		;
	mmio_write32(machine, 0x941c, 2);
	machine_free(machine);
	finish(traced);
	text = decoded(traced, 0);
	assert_int_equal(strncmp(text, "# gvt-gpusim trace, version 1, of skl-gt2, begun 20", 50),
			 0);
	assert_lines(text, lines);
	/* However often it looked. */
	wait = strstr(text, "MI_SEMAPHORE_WAIT");
	assert_null(strstr(wait + 1, "MI_SEMAPHORE_WAIT"));
	free(text);
}

static void test_filter(void **state)
{
	struct traced *traced = *state;
	struct machine *machine;
	uint64_t context;
	char *text;

	start(traced, trace_parse_filter("commands"));
	machine = make_machine(traced);
	context = context_make(machine, 0);
	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1);
	elsp(machine, BCS, context, 0);
	wait_reports(machine, BCS, 2);
	gpu_reset(machine->gpu);
	machine_free(machine);
	finish(traced);
	text = decoded(traced, 0);
	assert_non_null(strstr(text, " BCS  ring ggtt 000000080000  MI_STORE_DATA_IMM"));
	assert_null(strstr(text, "submit"));
	assert_null(strstr(text, "ELSP"));
	assert_null(strstr(text, "interrupt"));
	assert_non_null(strstr(text, " -    reset\n"));
	free(text);
	assert_int_equal(trace_parse_filter(""), 0);
	assert_int_equal(trace_parse_filter("commands,"), 0);
	assert_int_equal(trace_parse_filter("command"), 0);
	assert_int_equal(trace_parse_filter("commands,registers") & 1u << GPU_EVENT_REGISTER,
			 1u << GPU_EVENT_REGISTER);
}

/* More than the buffer holds, from several threads; the file is whole and in the order of time. */
static void test_much(void **state)
{
	struct traced *traced = *state;
	struct machine *machine;
	struct trace_reader *reader = malloc(sizeof(*reader));
	struct gpu_event event;
	uint64_t context, before = 0, reads = 0, events = 0;
	FILE *file;

	assert_non_null(reader);
	start(traced, TRACE_ALL);
	machine = make_machine(traced);
	PUT(machine, BATCH, STORE_DWORD, SCRATCH, 0, 1, BB_START, BATCH, 0);
	context = context_make(machine, 0);
	RING_FILL(machine, 0, BB_START, BATCH, 0);
	elsp(machine, BCS, context, 0);
	for (unsigned int i = 0; i < 20000; i++)
		mmio_read32(machine, 0x9120);
	machine_free(machine);
	finish(traced);
	file = fopen(traced->path, "re");
	assert_non_null(file);
	assert_int_equal(trace_reader_open(reader, file), 0);
	while (trace_reader_next(reader, &event) > 0) {
		assert_true(reader->time >= before);
		before = reader->time;
		events++;
		reads += event.kind == GPU_EVENT_REGISTER && event.reg.offset == 0x9120;
	}
	assert_null(reader->fault);
	assert_int_equal(reads, 20000);
	assert_true(events > reads);
	fclose(file);
	free(reader);
}

/* No more than this fits; the GPU goes on, what is there is readable, and the log says it once. */
static void test_full_disk(void **state)
{
	const struct rlimit small = { .rlim_cur = 400000, .rlim_max = RLIM_INFINITY };
	struct traced *traced = *state;
	struct rlimit before;
	struct machine *machine;
	struct stat st;
	char *text;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	start(traced, TRACE_ALL);
	machine = make_machine(traced);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (unsigned int i = 0; i < 40000; i++)
		mmio_read32(machine, 0x9120);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(traced->log, "the trace ends here"));
	assert_non_null(strstr(traced->log, "File too large"));
	traced->log[0] = '\0';
	assert_int_equal(mmio_read32(machine, 0x44200), 1u << 31);
	machine_free(machine);
	finish(traced);
	assert_string_equal(traced->log, "");
	assert_int_equal(stat(traced->path, &st), 0);
	assert_in_range(st.st_size, 200000, 400000);
	text = decoded(traced, 1);
	assert_non_null(strstr(text, "read FUSE2"));
	assert_int_equal(text[strlen(text) - 1], '\n');
	free(text);
}

static void test_file_that_cannot_be_made(void **state)
{
	const struct trace_config config = { .path = "/nowhere/trace", .device = "skl-gt2" };
	struct trace *trace;

	assert_int_equal(trace_open(&config, &trace), -ENOENT);
	assert_int_equal(trace_decode("/nowhere/trace", stdout), 1);
}

/* Any piece of a good file, and any file with a byte changed, is read to an end. */
static void test_damaged_files(void **state)
{
	struct traced *traced = *state;
	struct trace_reader *reader = malloc(sizeof(*reader));
	struct gpu_event event;
	struct machine *machine;
	static uint8_t bytes[8192];
	uint64_t context;
	char text[512];
	size_t length;
	FILE *file;

	assert_non_null(reader);
	start(traced, TRACE_ALL & ~(1u << GPU_EVENT_REGISTER));
	machine = make_machine(traced);
	context = context_make(machine, 0);
	RING_FILL(machine, 0, STORE_DWORD, SCRATCH, 0, 1);
	elsp(machine, BCS, context, 0);
	wait_reports(machine, BCS, 2);
	gpu_reset(machine->gpu);
	machine_free(machine);
	finish(traced);
	file = fopen(traced->path, "re");
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_in_range(length, 200, sizeof(bytes) - 1);
	for (size_t cut = 0; cut < length; cut++) {
		int ret;

		file = fmemopen(bytes, cut ? cut : 1, "r");
		ret = trace_reader_open(reader, file);
		while (!ret && (ret = trace_reader_next(reader, &event)) > 0)
			ret = 0;
		assert_int_equal(ret, -EPROTO);
		assert_non_null(reader->fault);
		fclose(file);
	}
	for (size_t at = 0; at < length; at++) {
		for (unsigned int value = 0; value < 256; value += 51) {
			uint8_t good = bytes[at];
			int ret;

			bytes[at] = value;
			file = fmemopen(bytes, length, "r");
			ret = trace_reader_open(reader, file);
			while (!ret && (ret = trace_reader_next(reader, &event)) > 0) {
				trace_event_text(&event, text, sizeof(text));
				ret = 0;
			}
			fclose(file);
			bytes[at] = good;
		}
	}
	free(reader);
}

static void read_one(const struct gpu_event *event, size_t size, unsigned int at, uint32_t value,
		     const char *fault)
{
	uint8_t bytes[TRACE_RECORD_MAX];
	uint32_t dwords[GPU_EVENT_MAX_DWORDS];
	struct trace_record record;
	struct gpu_event again;
	const char *why;

	trace_event_put(event, 0, bytes);
	memcpy(bytes + at, &value, size);
	trace_record_get(bytes, &record);
	why = trace_event_get(&record, bytes, &again, dwords);
	if (fault && (!why || !strstr(why, fault)))
		fail_msg("\"%s\" is not \"%s\"", why ? why : "nothing", fault);
	if (!fault)
		assert_null(why);
}

static void test_wrong_records(void **state)
{
	static const uint32_t dwords[] = { STORE_DWORD, 0x20000, 0, 7 };
	static const struct gpu_event command = { .kind = GPU_EVENT_COMMAND,
						  .command = { 0x1000, GPU_EVENT_RING, false, 4, 4,
							       dwords } };
	static const struct gpu_event stop = { .kind = GPU_EVENT_STOP };

	read_one(&command, 4, 24, 4, NULL);
	read_one(&command, 4, 28, 0, "number of dwords");
	read_one(&command, 4, 28, 5, "number of dwords");
	read_one(&command, 4, 24, 3, "number of dwords");
	read_one(&command, 2, 2, 44, "longer than its record");
	read_one(&command, 2, 2, 16, "too short");
	read_one(&command, 1, 5, 3, "level");
	read_one(&stop, 1, 5, 3, "no known reason");
	read_one(&stop, 2, 2, 24, "too short");
}

/* What a later version has written: a longer header, longer records, records of other kinds. */
static void test_a_later_writer(void **state)
{
	uint8_t bytes[512];
	static const struct gpu_event event = { .kind = GPU_EVENT_REGISTER,
						.reg = { 0x2230, 1, true } };
	struct trace_header header = { .version = 1, .size = 80, .device = "skl\n\xff" };
	struct trace_reader *reader = malloc(sizeof(*reader));
	struct gpu_event read;
	FILE *file;

	assert_non_null(reader);
	memset(bytes, 0xaa, sizeof(bytes));
	trace_header_put(&header, bytes);
	trace_event_put(&event, 1, bytes + 80);
	bytes[80] = 200;
	trace_event_put(&event, 2, bytes + 104);
	bytes[106] = 40;
	trace_end_put(3, bytes + 144);
	file = fmemopen(bytes, 160, "r");
	assert_int_equal(trace_reader_open(reader, file), 0);
	assert_string_equal(reader->header.device, "skl??");
	assert_int_equal(trace_reader_next(reader, &read), 1);
	assert_int_equal(reader->time, 2);
	assert_int_equal(read.reg.offset, 0x2230);
	assert_int_equal(reader->unknown, 1);
	assert_int_equal(trace_reader_next(reader, &read), 0);
	fclose(file);
	bytes[8] = 2;
	file = fmemopen(bytes, 160, "r");
	assert_int_equal(trace_reader_open(reader, file), -EPROTO);
	assert_non_null(strstr(reader->fault, "another version"));
	fclose(file);
	free(reader);
}

static void assert_command(unsigned int engine, const char *expected, const uint32_t *dw,
			   unsigned int count)
{
	char text[256];

	gpu_command_text(engine, dw, count, text, sizeof(text));
	assert_string_equal(text, expected);
	/* However little room there is, it ends in a NUL. */
	for (size_t size = 1; size < sizeof(text); size++) {
		memset(text, 'x', sizeof(text));
		gpu_command_text(engine, dw, count, text, size);
		assert_true(strlen(text) < size);
		assert_int_equal(text[size], 'x');
		if (size + 1 == sizeof(text))
			break;
	}
}

#define COMMAND(engine, expected, ...)                                      \
	assert_command(engine, expected, (const uint32_t[]){ __VA_ARGS__ }, \
		       sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void test_names(void **state)
{
	char text[64];

	COMMAND(0, "MI_NOOP", 0);
	COMMAND(3, "MI_ARB_ON_OFF on 1", 0x08u << 23 | 1);
	COMMAND(0, "MI_LOAD_REGISTER_IMM RCS.TAIL=10 MASTER_IRQ=80000000", LRI(2), 0x2030, 0x10,
		0x44200, 0x80000000);
	COMMAND(0, "MI_STORE_REGISTER_MEM space PPGTT to 123400002000 from BCS.TIMESTAMP",
		0x24u << 23 | 2, 0x22358, 0x2000, 0x1234);
	COMMAND(1,
		"XY_SRC_COPY_BLT mode 3cc0100 surface 100000 from 1,2 to 30,40 source 200000 at -1,-2",
		2u << 29 | 0x53u << 22 | 8, 0x03cc0100, 2u << 16 | 1, 40u << 16 | 30, 0x100000, 0,
		0xfffeffff, 0x100, 0x200000, 0);
	COMMAND(0, "PIPE_CONTROL flags 1004000 to 20000 data 33", 0x7a000004, 1u << 24 | 1u << 14,
		0x20000, 0, 0x33, 0);
	COMMAND(0, "3DSTATE_VS 00000001 00000002", 0x78100001, 1, 2);
	/* The same bits mean another command to another engine. */
	COMMAND(0, "MEDIA_VFE_STATE 00000007", 0x70000000, 7);
	COMMAND(2, "MFX_PIPE_MODE_SELECT 00000007", 0x70000000, 7);
	COMMAND(3, "UNKNOWN 70000000 00000007", 0x70000000, 7);
	COMMAND(0, "UNKNOWN 20000000", 0x20000000);
	COMMAND(9, "UNKNOWN 00000000", 0);
	/* Told in part. */
	COMMAND(1, "XY_COLOR_BLT mode 3cc0100 from 1,2", 2u << 29 | 0x50u << 22 | 5, 0x03cc0100,
		2u << 16 | 1);

	gpu_register_text(0x1a600 + 8 * 15 + 4, text, sizeof(text));
	assert_string_equal(text, "VECS.GPR_UDW[15]");
	gpu_register_text(0x100000 + 8 * 31, text, sizeof(text));
	assert_string_equal(text, "FENCE_LO[31]");
	gpu_register_text(0x100100, text, sizeof(text));
	assert_string_equal(text, "100100");
	gpu_register_text(0xffffffff, text, sizeof(text));
	assert_string_equal(text, "ffffffff");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		TEST(test_layout),
		TEST(test_a_gpu_at_work),
		TEST(test_filter),
		TEST(test_much),
		TEST(test_full_disk),
		cmocka_unit_test(test_file_that_cannot_be_made),
		TEST(test_damaged_files),
		cmocka_unit_test(test_wrong_records),
		cmocka_unit_test(test_a_later_writer),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("gpusim: traces", tests, NULL, NULL);
}
