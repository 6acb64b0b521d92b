/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - tracepoints: what a vGPU's guest did, for perf and trace-cmd
 *
 * In /sys/kernel/tracing/events/gvt/. The vGPU's number is that of its gvt/id attribute.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM gvt

#if !defined(GVT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define GVT_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>

TRACE_EVENT(gvt_register,
	TP_PROTO(unsigned int vgpu, u32 offset, u32 value, bool write),
	TP_ARGS(vgpu, offset, value, write),
	TP_STRUCT__entry(
		__field(unsigned int, vgpu)
		__field(u32, offset)
		__field(u32, value)
		__field(bool, write)
	),
	TP_fast_assign(
		__entry->vgpu = vgpu;
		__entry->offset = offset;
		__entry->value = value;
		__entry->write = write;
	),
	TP_printk("vgpu=%u %s offset=%05x value=%08x", __entry->vgpu,
		  __entry->write ? "write" : "read", __entry->offset, __entry->value)
);

TRACE_EVENT(gvt_ggtt_shadow,
	TP_PROTO(unsigned int vgpu, u32 first, u32 count),
	TP_ARGS(vgpu, first, count),
	TP_STRUCT__entry(
		__field(unsigned int, vgpu)
		__field(u32, first)
		__field(u32, count)
	),
	TP_fast_assign(
		__entry->vgpu = vgpu;
		__entry->first = first;
		__entry->count = count;
	),
	TP_printk("vgpu=%u first=%05x count=%u", __entry->vgpu, __entry->first, __entry->count)
);

TRACE_EVENT(gvt_ggtt_drop,
	TP_PROTO(unsigned int vgpu, u32 index, u64 value),
	TP_ARGS(vgpu, index, value),
	TP_STRUCT__entry(
		__field(unsigned int, vgpu)
		__field(u32, index)
		__field(u64, value)
	),
	TP_fast_assign(
		__entry->vgpu = vgpu;
		__entry->index = index;
		__entry->value = value;
	),
	TP_printk("vgpu=%u index=%05x value=%016llx", __entry->vgpu, __entry->index, __entry->value)
);

TRACE_EVENT(gvt_context_status,
	TP_PROTO(unsigned int vgpu, unsigned int engine, u32 status, u32 id),
	TP_ARGS(vgpu, engine, status, id),
	TP_STRUCT__entry(
		__field(unsigned int, vgpu)
		__field(unsigned int, engine)
		__field(u32, status)
		__field(u32, id)
	),
	TP_fast_assign(
		__entry->vgpu = vgpu;
		__entry->engine = engine;
		__entry->status = status;
		__entry->id = id;
	),
	TP_printk("vgpu=%u engine=%u status=%08x id=%08x", __entry->vgpu, __entry->engine,
		  __entry->status, __entry->id)
);

TRACE_EVENT(gvt_interrupt,
	TP_PROTO(unsigned int vgpu, u32 register_, u32 bits, bool raised),
	TP_ARGS(vgpu, register_, bits, raised),
	TP_STRUCT__entry(
		__field(unsigned int, vgpu)
		__field(u32, iir)
		__field(u32, bits)
		__field(bool, raised)
	),
	TP_fast_assign(
		__entry->vgpu = vgpu;
		__entry->iir = register_;
		__entry->bits = bits;
		__entry->raised = raised;
	),
	TP_printk("vgpu=%u iir=%05x bits=%08x%s", __entry->vgpu, __entry->iir, __entry->bits,
		  __entry->raised ? " msi" : "")
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
