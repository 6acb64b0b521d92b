/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * regs.h - offsets of registers that the code names (PRM Vol. 2c; i915: i915_reg.h,
 * gt/intel_gt_regs.h, gt/intel_engine_regs.h). Registers that only a table mentions are named
 * there.
 */
#ifndef GPUSIM_REGS_H
#define GPUSIM_REGS_H

#define GEN8_MASTER_IRQ 0x44200
#define GDRST		0x941c
#define GUC_STATUS	0xc000
#define FAULT_TLB_DATA0 0x4b10
#define FAULT_TLB_DATA1 0x4b14
#define RING_FAULT	0x4094
#define BCS_SWCTRL	0x22200

/* The engines' bases. */
#define BASE_RCS  0x2000
#define BASE_VCS0 0x12000
#define BASE_VECS 0x1a000
#define BASE_BCS  0x22000
#define BASE_SIZE 0x1000

/* From an engine's base. */
#define RING_EXCC		 0x28
#define RING_TAIL		 0x30
#define RING_HEAD		 0x34
#define RING_START		 0x38
#define RING_CTL		 0x3c
#define RING_ACTHD_UDW		 0x5c
#define RING_IPEHR		 0x68
#define RING_INSTDONE		 0x6c
#define RING_ACTHD		 0x74
#define RING_HWS_PGA		 0x80
#define RING_NOPID		 0x94
#define RING_MI_MODE		 0x9c
#define RING_IMR		 0xa8
#define RING_EIR		 0xb0
#define RING_EMR		 0xb4
#define RING_INSTPM		 0xc0
#define RING_R_PWR_CLK_STATE	 0xc8
#define RING_RESET_CTL		 0xd0
#define RING_BBSTATE		 0x110
#define RING_SBBADDR		 0x114
#define RING_SBBSTATE		 0x118
#define RING_SBBADDR_UDW	 0x11c
#define RING_BBADDR		 0x140
#define RING_BB_OFFSET		 0x158
#define RING_BBADDR_UDW		 0x168
#define RING_BB_PER_CTX_PTR	 0x1c0
#define RING_INDIRECT_CTX	 0x1c4
#define RING_INDIRECT_CTX_OFFSET 0x1c8
#define RING_ELSP		 0x230
#define RING_EXECLIST_STATUS_LO	 0x234
#define RING_EXECLIST_STATUS_HI	 0x238
#define RING_CONTEXT_CONTROL	 0x244
#define RING_PDP0_LDW		 0x270
#define RING_MODE		 0x29c
#define RING_PS_DEPTH_COUNT	 0x350 /* the render engine's alone */
#define RING_TIMESTAMP		 0x358
#define RING_TIMESTAMP_UDW	 0x35c
#define RING_CSB		 0x370
#define RING_CONTEXT_STATUS_PTR	 0x3a0
#define RING_CTX_TIMESTAMP	 0x3a8
#define RING_PREDICATE_RESULT_2	 0x3bc
#define RING_PREDICATE_SRC0	 0x400
#define RING_PREDICATE_SRC1	 0x408
#define RING_PREDICATE_DATA	 0x410
#define RING_PREDICATE_RESULT	 0x418
#define RING_PREDICATE_RESULT_1	 0x41c
#define RING_FORCE_TO_NONPRIV	 0x4d0
#define RING_GPR		 0x600

#define RING_HEAD_ADDRESS  0x001ffffcu
#define RING_HEAD_WRAP	   0xffe00000u
#define RING_HEAD_WRAP_ONE 0x00200000u
#define RING_TAIL_ADDRESS  0x001ffff8u
#define RING_CTL_LENGTH	   0x001ff000u
#define RING_CTL_VALID	   1u
#define MODE_STOP_RING	   (1u << 8)
#define MODE_IDLE	   (1u << 9)
#define BB_VALID	   1u
#define BBSTATE_PPGTT	   (1u << 5)

#endif
