// SPDX-License-Identifier: GPL-2.0-or-later
/* MI_REPORT_PERF_COUNT and MI_REPORT_HEAD: the engine tells about itself (PRM Vol. 2a). */
#include "commands.h"
#include "device.h"
#include "regs.h"

#define REPORT_GLOBAL	       1u /* in the second dword */
#define REPORT_ADDRESS	       (~63ull)
#define OACONTROL	       0x2b00
#define REPORT_FORMAT(control) ((control) >> 2 & 7)

/* Bytes of a report by format (i915: i915_perf.c, oa_formats): A12, A12_B8_C8, A32u40…, C4_B8. */
static const uint16_t report_bytes[8] = { 64, 64, 128, 64, 64, 256, 64, 64 };

/* The counters of pixels and threads stay at zero. */
enum command_result mi_report_perf_count(const struct command *command)
{
	struct engine *engine = command->engine;
	unsigned int format = REPORT_FORMAT(command_read_reg(command, OACONTROL));
	uint64_t now = engine_timestamp(engine);
	uint32_t report[64] = {
		command->dw[3], /* the id that the command gives it */
		(uint32_t)now, CTX_ID(engine->loaded), (uint32_t)now, /* GPU clocks */
	};
	bool global = command->dw[1] & REPORT_GLOBAL;

	if (global && !command_is_privileged(command))
		return CMD_DONE;
	return command_done_if(command_write(command, global,
					     command_address(command, 1) & REPORT_ADDRESS, report,
					     report_bytes[format]));
}

#define HEAD_STORAGE 0x10 /* in the context's status page */

enum command_result mi_report_head(const struct command *command)
{
	struct engine *engine = command->engine;
	uint32_t head = engine_reg(engine, RING_HEAD);

	return command_done_if(command_write(command, true, CTX_LRCA(engine->loaded) + HEAD_STORAGE,
					     &head, sizeof(head)));
}
